"""A talk in a calendar: when and where, and not a word more (RFC 5545)."""

from datetime import timedelta

from omzien.directory.queries.calendars import appointment_of
from omzien.mediation.models import Talk

LASTS = timedelta(hours=1, minutes=30)


def calendar_of(talk: Talk, *, title: str) -> str:
    """Return a talk as an iCalendar text; the same for who is there, and without a name."""
    return appointment_of(talk, title=title, lasts=LASTS, product="Gesprek")
