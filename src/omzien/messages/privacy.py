"""What the outbox holds of a person, and how long."""

from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from omzien.messages.models import Message
from omzien.people.privacy.own import by_start
from omzien.people.privacy.registry import Rows, Source, Subject


def _mails(subject: Subject) -> Rows:
    return Message.objects.filter(recipient__in=subject.inboxes).order_by("created_at", "pk")


def _erase(subject: Subject) -> int:
    """Remove mail to the person, also what still waits; mail that names them loses the name."""
    return int(Message.objects.filter(recipient__in=subject.addresses).delete()[0])


SOURCES = (Source("message", _("Mail aan jou"), _mails, _erase, ("omzien_messages.Message",)),)
TERMS = (
    by_start(
        "message",
        lambda: Message.objects.exclude(state=Message.State.WAITING).annotate(
            over_at=Coalesce("sent_at", "next_try_at")
        ),
        "over_at",
    ),
)
