"""A talk in a calendar: when and where, and not a word more (RFC 5545)."""

from datetime import UTC, timedelta

from omzien.directory.queries.calendars import escaped, folded
from omzien.mediation.models import Talk

LASTS = timedelta(hours=1, minutes=30)


def calendar_of(talk: Talk, *, title: str) -> str:
    """Return a talk as an iCalendar text; the same for who is there, and without a name."""
    starts = talk.starts_at.astimezone(UTC)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Omzien//Gesprek//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{talk.pk}@omzien",
        f"DTSTAMP:{talk.planned_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{starts:%Y%m%dT%H%M%SZ}",
        f"DTEND:{starts + LASTS:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{escaped(title)}",
        f"LOCATION:{escaped(talk.place)}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line))
