"""Whether a waiting mail may still go: asked when it is sent, not when it was written.

A mail waits while the server is away, and who it is for may have lost the right to what it is
about in the meantime. The apps that send mail know; this app may not look up, so `web/apps.py`
hands their functions in, by the first word of the key of a mail. A key that nobody answers for
goes to nobody.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from omzien.messages.always import ALWAYS
from omzien.messages.models import Message
from omzien.people.queries.mailboxes import is_quiet

log = logging.getLogger(__name__)

Check = Callable[[Message], bool]
_known: dict[str, Check] = {}

# What goes to the address that it was written for, whatever happened since, and why.
AS_WRITTEN: Mapping[str, str] = {
    "account": "Tells the address an account had that the account changed: that one must hear it.",
    "second-step": "Tells the owner of an account what was done to it, as above.",
}


def use(checks: Mapping[str, Check]) -> None:
    """Set the functions; a process does so once when it starts."""
    _known.clear()
    _known.update(checks)


def known() -> frozenset[str]:
    """Return the first words of the keys that somebody answers for."""
    return frozenset(_known) | frozenset(AS_WRITTEN)


def may_still_go(message: Message) -> bool:
    """Tell whether the recipient may still get this mail, in the municipality at hand, and
    wants it where it need not go.
    """
    town = message.municipality_id
    if (
        message.code
        and message.code not in ALWAYS
        and is_quiet(message.recipient, municipality=town)
    ):
        return False
    kind = message.key.partition(":")[0]
    if kind in AS_WRITTEN:
        return True
    if kind not in _known:
        log.error("Mail %s gaat niet weg: niemand kijkt na voor wie die nog is.", message.pk)
        return False
    return _known[kind](message)


def among(model: type[Model], receivers: Callable[[Any], Iterable[str]], *related: str) -> Check:
    """Return a check by the row that the key of a mail names: the recipient is one of the
    addresses that `receivers` returns for it now. Without the row there is nobody.
    """

    def check(message: Message) -> bool:
        row = named(model, message, *related)
        return row is not None and is_one_of(message, receivers(row))

    return check


def named(model: type[Model], message: Message, *related: str, place: int = 1) -> Any:
    """Return the row that a word of a key names, or None."""
    rows = model._default_manager.select_related(*related)
    try:
        return rows.filter(pk=part(message, place)).first()
    except (ValueError, ValidationError):
        return None


def part(message: Message, place: int) -> str:
    """Return a word of the key of a mail; "" where it has none there."""
    return dict(enumerate(message.key.split(":"))).get(place, "")


def is_one_of(message: Message, addresses: Iterable[str]) -> bool:
    """Tell whether a mail is for one of these addresses."""
    return message.recipient in {one.casefold() for one in addresses}
