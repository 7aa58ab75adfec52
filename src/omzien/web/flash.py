"""The short messages after a form ("Dank je wel"): in a signed cookie, never in the database."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class Flash(CookieStorage):
    """Django's own storage, under a name that a browser guards."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        """Return the name of the cookie, with the prefix that fits HTTPS."""
        return str(settings.MESSAGES_COOKIE_NAME)
