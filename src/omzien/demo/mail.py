"""A local catcher of mail: the demonstration sends real SMTP that never leaves the machine."""

import asyncio
import logging

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

log = logging.getLogger(__name__)


class Catcher:
    """Accepts every mail; the page of sent mail shows what we sent from our own outbox."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Accept one mail."""
        return "250 OK"


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
