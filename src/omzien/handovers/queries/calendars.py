"""The talk of three in a calendar: when and where, and not a word more (RFC 5545)."""

from datetime import UTC, timedelta

from omzien.directory.queries.calendars import escaped, folded
from omzien.handovers.models import Meeting

LASTS = timedelta(hours=1)


def calendar_of(meeting: Meeting, *, title: str) -> str:
    """Return a talk as an iCalendar text; the same for resident, sender and receiver."""
    starts = meeting.starts_at.astimezone(UTC)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Omzien//Kennismaking//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{meeting.pk}@omzien",
        f"DTSTAMP:{meeting.planned_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{starts:%Y%m%dT%H%M%SZ}",
        f"DTEND:{starts + LASTS:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{escaped(title)}",
        f"LOCATION:{escaped(meeting.place)}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line))
