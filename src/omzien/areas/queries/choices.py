"""What a municipality chose. Kept in memory; a change in another process is noticed in seconds.

Whoever needs a choice asks for it by its code and says what holds when nothing was chosen. All
codes stand in one table, `choices/table.py`, which takes those same defaults from here below.
"""

import time
from collections.abc import Mapping
from typing import Any, TypeVar

from omzien.areas.models import Municipality
from omzien.areas.queries.memory import forget, forget_with, remembered

T = TypeVar("T")
CHECK_EVERY = 2.0  # seconds between two looks at the version counters
FORMAL = "nl-formal"  # the interface in Dutch that says "u"; its catalogue is nl_Formal
PLAIN = "nl"
_seen: dict[str, int] = {}
_looked_at = float("-inf")


def chosen(municipality: str | None, code: str, default: T) -> T:
    """Return what the municipality with a CBS code chose for `code`, or `default`."""
    values = _chosen(municipality) if municipality else {}
    found: T = values.get(code, default)
    return found


@remembered(512)
def _chosen(municipality: str) -> Mapping[str, Any]:
    rows = Municipality.objects.filter(code=municipality).values_list("settings", flat=True)
    return rows.first() or {}


def is_on(municipality: Municipality | None, feature: str) -> bool:
    """Tell whether a municipality uses a part of the site; all parts are on by themselves."""
    return municipality is None or bool(municipality.settings.get(f"use_{feature}", True))


def language_of(municipality: Municipality | None) -> str:
    """Return in which Dutch a municipality speaks to people: with "je", or with "u"."""
    says_u = municipality is not None and municipality.settings.get("address_form") == "u"
    return FORMAL if says_u else PLAIN


def notice_changes() -> None:
    """Forget what this process knows of areas when another process changed a choice or a village.

    One query, at most once in two seconds. Call it where a request or a round of work begins.
    """
    global _seen, _looked_at
    now = time.monotonic()
    if now - _looked_at < CHECK_EVERY:
        return
    served = Municipality.objects.exclude(host=None)
    versions = dict(served.values_list("code", "settings_version"))
    if _seen and versions != _seen:
        forget()
    _seen, _looked_at = versions, now


def _look_again() -> None:
    global _seen, _looked_at
    _seen, _looked_at = {}, float("-inf")


forget_with(_look_again)
