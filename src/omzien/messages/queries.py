"""Reads of the outbox."""

from django.db.models import QuerySet

from omzien.messages.models import Message


def latest_mail(most: int = 50) -> QuerySet[Message]:
    """Return the newest mails of the municipality that the transaction works for."""
    return Message.objects.order_by("-created_at", "key")[:most]


def failed_mail(most: int = 50) -> QuerySet[Message]:
    """Return the mails that did not arrive, for the editors."""
    return Message.objects.filter(state=Message.State.FAILED).order_by("-created_at")[:most]
