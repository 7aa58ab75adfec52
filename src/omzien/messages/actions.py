"""Telling people something: a row in the change's own transaction, mailed a moment later."""

import logging
import smtplib
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.each import place_of
from omzien.journal.isolation import working_for
from omzien.journal.rows import insert
from omzien.kernel.text import one_line
from omzien.messages.mails import Letter
from omzien.messages.models import Message
from omzien.messages.rights import may_still_go

log = logging.getLogger(__name__)

# Pauses after the first, second ... refusal of one mail; after the last one it has failed.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
MOST_TRIES = len(PAUSES) + 1
SERVER_PAUSE = timedelta(seconds=50)
BATCH = 200

# What says that the server is away, not that this mail is wrong. smtplib's errors are OSErrors,
# so these are looked for first.
SERVER_AWAY = (
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPNotSupportedError,
)


def tell(
    *,
    municipality: Municipality | None,
    key: str,
    recipients: Iterable[str],
    letter: Letter,
    code: str = "",
) -> None:
    """Put a mail for each recipient in the outbox, in the caller's transaction.

    No change, no mail. The same `key` is told to the same recipient once, however often this is
    called. Nobody to tell, or nothing that owns the mail, means no row. `code` says which notice
    of the registry it is: who turned notices off gets none but what always goes.
    """
    if municipality is None:
        return
    subject = one_line(letter.subject, 200)
    common = {"municipality": municipality, "key": key[:120], "subject": subject, "code": code}
    reached = sorted({one.strip().casefold() for one in recipients if one})
    insert([Message(recipient=one, body=letter.body, **common) for one in reached], once=True)


def deliver_waiting() -> int:
    """Send what waits in every municipality by SMTP; return how many mails were sent.

    Each mail has its own transaction and its row stays locked while it is sent, so that two
    workers never send the same one. A server that cannot be reached costs no try: the mail
    waits. A mail that the server refuses is tried again with rising pauses, five times in all.
    A mail whose recipient lost the right to it meanwhile is dropped.
    """
    sent = 0
    connection: BaseEmailBackend = get_connection()
    try:
        for code in Municipality.objects.exclude(host=None).values_list("code", flat=True):
            for _ in range(BATCH):
                outcome = _deliver_next(code, connection)
                if outcome is None:
                    break
                sent += outcome
    except ConnectionError:
        log.warning("De mailserver is niet te bereiken; de mail blijft wachten.")
    finally:
        connection.close()
    return sent


def drop_waiting() -> int:
    """Let no mail go that waits, after a restore: it may have gone already. Returns how many."""
    count = 0
    for code in Municipality.objects.exclude(host=None).values_list("code", flat=True):
        with working_for(code):
            waits = Message.objects.filter(municipality=code, state=Message.State.WAITING)
            count += waits.update(state=Message.State.DROPPED, body="")
    return count


@transaction.atomic
def try_again(*, message: Message) -> None:
    """Put a mail that failed back in the outbox."""
    Message.objects.filter(pk=message.pk, state=Message.State.FAILED).update(
        state=Message.State.WAITING, tries=0, next_try_at=timezone.now()
    )


def _deliver_next(code: str, connection: BaseEmailBackend) -> bool | None:
    """Send the mail that waits longest; None when none is left, ConnectionError without server."""
    with working_for(code):
        message = (
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("municipality")
            .filter(municipality=code, state=Message.State.WAITING, next_try_at__lte=timezone.now())
            .order_by("next_try_at")
            .first()
        )
        if message is None:
            return None
        is_away = False
        try:
            with transaction.atomic():
                may_go = may_still_go(message)
            if may_go:
                is_away = not _send(message, connection)
            else:
                message.state, message.body = Message.State.DROPPED, _after_sending(message)
        except Exception as error:
            # A fault of ours, in this mail: it waits like one that is refused, and others go on.
            log.error("Een mail kon niet weg: %s (%s)", message.pk, place_of(error))
            _refused(message)
        if is_away:
            # The next round starts with another mail, in case this one makes the server hang up.
            message.next_try_at = timezone.now() + SERVER_PAUSE
        message.save(update_fields=["state", "body", "tries", "next_try_at", "sent_at"])
    if is_away:
        raise ConnectionError
    return message.state == Message.State.SENT


def _send(message: Message, connection: BaseEmailBackend) -> bool:
    """Try to send a mail, and let its row say so; return False when the server is away."""
    is_away = False
    try:
        # A server that is away is noticed before the mail is touched.
        connection.open()
        connection.send_messages([_mail(message)])
    except SERVER_AWAY:
        is_away = True
    except (smtplib.SMTPException, ValueError):
        _refused(message)
    except OSError:
        is_away = True
    else:
        message.state, message.sent_at = Message.State.SENT, timezone.now()
        message.body = _after_sending(message)
    if message.state != Message.State.SENT:
        connection.close()
    return not is_away


def _after_sending(message: Message) -> str:
    """Return what is kept of a mail's words: nothing, for they may hold a link that lets somebody
    in, and the mailbox has them now. The demonstration has no mailbox but its own page.
    """
    return message.body if settings.DEMO else ""


def _refused(message: Message) -> None:
    message.tries += 1
    if message.tries >= MOST_TRIES:
        message.state = Message.State.FAILED
        log.warning("Een mail kwam na %s keer niet aan (%s).", message.tries, message.pk)
    else:
        message.next_try_at = timezone.now() + PAUSES[message.tries - 1]


def _mail(message: Message) -> EmailMessage:
    """Return the mail. Its Message-ID never changes, so that a mailbox can drop a double.

    Between the server's "250" and our commit a crash may happen: then the mail goes once more.
    """
    host = message.municipality.host or "localhost"
    editors = message.municipality.editors_email
    return EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        reply_to=[editors] if editors else None,
        headers={
            "Message-ID": f"<{message.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
