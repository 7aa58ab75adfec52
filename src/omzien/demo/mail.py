"""A local catcher of mail: the demonstration sends real SMTP that never leaves the machine."""

import asyncio
import json
import logging
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from omzien.messages.direct import MARK

log = logging.getLogger(__name__)
MOST_KEPT = 100


class Catcher:
    """Accepts every mail. The page of sent mail shows the outbox, and what went past it.

    A code to sign in never lies in the outbox: here it is kept in a file, so that a visitor of
    the demonstration can sign in.
    """

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Accept one mail."""
        keep(envelope.content or b"")
        return "250 OK"


def keep(content: bytes | str) -> None:
    """Keep a mail that went past the outbox; others are kept there already."""
    raw = content.encode() if isinstance(content, str) else content
    mail = message_from_bytes(raw, policy=default)
    if not mail[MARK]:
        return
    folder: Path = settings.CAUGHT_MAIL
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    body = mail.get_body(("plain",))
    kept = {
        "host": mail[MARK],
        "recipient": mail["To"],
        "subject": mail["Subject"],
        "body": body.get_content() if body else "",
        "created_at": now.isoformat(),
    }
    (folder / f"{now:%Y%m%d%H%M%S%f}.json").write_text(json.dumps(kept), encoding="utf-8")
    for old in sorted(folder.glob("*.json"))[:-MOST_KEPT]:
        old.unlink(missing_ok=True)


def catch_mail() -> None:
    """Listen for SMTP on the demonstration's mail port until the process ends."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    controller = UnthreadedController(
        Catcher(), hostname="127.0.0.1", port=settings.EMAIL_PORT, loop=loop
    )
    try:
        controller.begin()  # type: ignore[no-untyped-call]
    except OSError:
        log.warning("Poort %s is bezet: een andere postvanger draait al.", settings.EMAIL_PORT)
        return
    loop.run_forever()
