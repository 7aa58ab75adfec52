"""Mail that must not lie in a table: a code or a link with which anybody could sign in.

It goes straight to the mail server and is neither kept nor logged. Where no server answers,
the page says so; nothing is tried again later.
"""

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import BadHeaderError

from omzien.areas.models import Municipality
from omzien.kernel.text import one_line
from omzien.messages.mails import Letter

log = logging.getLogger(__name__)

SECONDS = 6  # a visitor waits for it
MARK = "X-Omzien-Direct"  # the demonstration's catcher shows these


class MailAway(Exception):
    """No mail can be sent now."""


def send_now(*, municipality: Municipality, recipient: str, letter: Letter) -> None:
    """Send one mail. Raises MailAway."""
    host = municipality.host or "localhost"
    mail = EmailMessage(
        subject=one_line(letter.subject, 200),
        body=letter.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[recipient],
        headers={"Auto-Submitted": "auto-generated", MARK: host},
    )
    try:
        get_connection(timeout=SECONDS).send_messages([mail])
    except (OSError, smtplib.SMTPException, BadHeaderError, ValueError) as error:
        # The error itself may hold the address.
        log.warning("Een mail met een code of link is niet verstuurd: %s.", type(error).__name__)
        raise MailAway from None
