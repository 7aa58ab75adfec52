"""Reads of the outbox."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils.dateparse import parse_datetime

from omzien.messages.models import Message

MOST, MOST_CAUGHT = 200, 20


@dataclass(frozen=True)
class Caught:
    """A mail that went past the outbox, as the demonstration's catcher kept it."""

    recipient: str
    subject: str
    body: str
    created_at: datetime | None
    state: str = Message.State.SENT


def latest_mail() -> QuerySet[Message]:
    """Return the newest mails of the municipality that the transaction works for."""
    return Message.objects.order_by("-created_at", "key")[:MOST]


def failed_mail(kinds: Iterable[str]) -> QuerySet[Message]:
    """Return the mails of these kinds that did not arrive, newest first: who may see that a mail
    about one thing did not come must not learn of any other who is written to, and about what.
    """
    wanted = Q(pk=None)
    for kind in kinds:
        wanted |= Q(key__startswith=f"{kind}:")
    failed = Message.objects.filter(wanted, state=Message.State.FAILED)
    return failed.order_by("-created_at", "pk")


def not_arriving(*, since: datetime) -> dict[str, datetime]:
    """Return to which addresses a mail failed, with when the last of these was written."""
    failed = Message.objects.filter(state=Message.State.FAILED, created_at__gte=since)
    rows = failed.order_by().values("recipient").annotate(last=Max("created_at"))
    return dict(rows.values_list("recipient", "last"))


def caught_mail(host: str) -> list[Caught]:
    """Return the newest mails with a code or a link; only the demonstration catches them."""
    if not settings.DEMO:
        return []
    found = []
    for path in sorted(settings.CAUGHT_MAIL.glob("*.json"), reverse=True)[:MOST]:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept.pop("host") == host:
            found.append(Caught(**kept | {"created_at": parse_datetime(kept["created_at"])}))
    return found[:MOST_CAUGHT]
