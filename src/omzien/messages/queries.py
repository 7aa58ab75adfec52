"""Reads of the outbox."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from omzien.messages.models import Message


@dataclass(frozen=True)
class Caught:
    """A mail that went past the outbox, as the demonstration's catcher kept it."""

    recipient: str
    subject: str
    body: str
    created_at: datetime | None
    state: str = Message.State.SENT


def latest_mail(most: int = 200) -> QuerySet[Message]:
    """Return the newest mails of the municipality that the transaction works for."""
    return Message.objects.order_by("-created_at", "key")[:most]


def failed_mail(most: int = 50) -> QuerySet[Message]:
    """Return the mails that did not arrive, for the editors."""
    return Message.objects.filter(state=Message.State.FAILED).order_by("-created_at", "pk")[:most]


def caught_mail(host: str, most: int = 20) -> list[Caught]:
    """Return the newest mails with a code or a link; only the demonstration catches them."""
    if not settings.DEMO:
        return []
    found = []
    for path in sorted(settings.CAUGHT_MAIL.glob("*.json"), reverse=True)[:200]:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept.pop("host") == host:
            found.append(Caught(**kept | {"created_at": parse_datetime(kept["created_at"])}))
    return found[:most]
