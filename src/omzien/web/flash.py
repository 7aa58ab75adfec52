"""The short messages after a form ("Dank je wel"): in a signed cookie, never in the database."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import CookieStorage
from django.core import signing


class Flash(CookieStorage):
    """Django's own storage, under a name that a browser guards.

    Nearly no page has a message: who signs is only made for one that has.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        """Do what every storage does; Django's makes a signer at each request."""
        BaseStorage.__init__(self, *args, **named)

    @cached_property
    def signer(self) -> signing.TimestampSigner:
        """Return who signs the messages."""
        return signing.get_cookie_signer(salt=self.key_salt)

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        """Return the name of the cookie, with the prefix that fits HTTPS."""
        return str(settings.MESSAGES_COOKIE_NAME)
