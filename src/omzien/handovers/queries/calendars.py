"""The talk of three in a calendar: when and where, and not a word more (RFC 5545)."""

from datetime import timedelta

from omzien.directory.queries.calendars import appointment_of
from omzien.handovers.models import Meeting

LASTS = timedelta(hours=1)


def calendar_of(meeting: Meeting, *, title: str) -> str:
    """Return a talk as an iCalendar text; the same for resident, sender and receiver."""
    return appointment_of(meeting, title=title, lasts=LASTS, product="Kennismaking")
