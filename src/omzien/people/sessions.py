"""Django's database sessions with an owner, so that one's sessions can be listed and ended."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as Store

from omzien.people.models.sessions import Session, columns_of


class SessionStore(Store):
    """Keeps a session in `people.Session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:  # type: ignore[override]
        """Return the model."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:  # type: ignore[override]
        """Return the row of this session, with whose it is."""
        row = super().create_model_instance(data)
        for name, value in columns_of(data).items():
            setattr(row, name, value)
        return row  # type: ignore[return-value]
