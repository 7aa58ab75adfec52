"""Sessions: where somebody is signed in, so that they can see it and end it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Store
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from omzien.people.models.accounts import Account

# The text of a session that is not over; the key and the moment are parameters.
TEXT_OF_SESSION = (
    "SELECT session_data FROM people_session WHERE session_key = %s AND expire_date > %s"
)
# What a session remembers beside what Django itself keeps.
STARTED, SEEN, BROWSER = "started", "seen", "browser"


class Session(AbstractBaseSession):
    """One browser that is signed in, or a visitor's. The browser's own words are not kept."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    browser = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.browser

    @classmethod
    def get_session_store_class(cls) -> type[Store]:
        """Return the store that keeps its sessions here."""
        return SessionStore


class SessionStore(Store):
    """Django's own store in the database; each row also says whose it is."""

    beforehand: str | None = None  # what this request read already, together with its municipality

    def _get_session_from_db(self) -> Session | None:
        text, self.beforehand = self.beforehand, None
        if text is None:
            return super()._get_session_from_db()  # type: ignore[no-any-return,misc]
        return Session(session_key=self.session_key or "", session_data=text)

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row of this session."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        for name, value in columns_of(data).items():
            setattr(row, name, value)
        return row


def columns_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return what a session's own columns say, from what it remembers."""
    return {
        "account_id": data.get("_auth_user_id"),
        "browser": str(data.get(BROWSER, ""))[:60],
        "started_at": _moment(data.get(STARTED)),
        "seen_at": _moment(data.get(SEEN)),
    }


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
