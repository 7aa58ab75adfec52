"""Agendas: what is on in an area, and calendars after RFC 5545."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from omzien.directory.models import Schedule, Service
from omzien.kernel.recurrence import Occurrence, in_calendar, occurrences
from omzien.people.rules.roles import Actor

ZONE_BLOCK = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Amsterdam",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True)
class Happening:
    """One time that an activity takes place. `id` is of the entry."""

    id: str
    title: str
    slug: str
    provider: str
    village: str
    cost: str
    note: str
    when: Occurrence


def agenda(
    *, actor: Actor, now: datetime, days: int = 14, village_id: int | None = None
) -> list[Happening]:
    """Return the activities of the coming days in order of time, and what is on still (1 query).

    What is closed for a time has none. What lasts a whole day begins at no hour, and stands
    below the other activities of that day.
    """
    services = Service.objects.visible_to(actor).exclude(status=Service.Status.PAUSED).order_by()
    if village_id is not None:
        services = services.in_village(village_id)
    found = Schedule.objects.filter(is_activity=True, service__in=services)
    found = found.select_related("service__provider", "service__village")
    since, until = now.date() - timedelta(days=1), now.date() + timedelta(days=days)
    happenings = [
        Happening(
            id=str(schedule.service_id),
            title=schedule.service.title,
            slug=schedule.service.slug,
            provider=schedule.service.provider.name,
            village=schedule.service.village.name if schedule.service.village else "",
            cost=schedule.service.cost,
            note=schedule.note,
            when=occurrence,
        )
        for schedule in found
        for occurrence in occurrences(schedule.recurrence, since=since, until=until)
        if occurrence.ends_at > now
    ]
    return sorted(happenings, key=_in_order)


def _in_order(one: Happening) -> tuple[date, bool, datetime, str]:
    begins = one.when.starts_at
    return begins.date(), one.when.is_day_and_night, begins, one.title


def calendar_of(events: Iterable[tuple[Service, Schedule]], *, name: str, origin: str) -> str:
    """Return times of services as an iCalendar text with CRLF line ends.

    What is closed for a time is not in it.
    """
    shown = [(one, when) for one, when in events if one.status != Service.Status.PAUSED]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Omzien//Sociale kaart//NL",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(named(name, (service for service, _when in shown)))}",
        *ZONE_BLOCK,
    ]
    for service, schedule in shown:
        lines += _event(service, schedule, origin)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line))


def named(name: str, services: Iterable[Service]) -> str:
    """Return the name of a calendar or feed, that says so where it holds invented entries."""
    return f"{name} (demonstratie)" if any(one.is_demo for one in services) else name


def _event(service: Service, schedule: Schedule, origin: str) -> list[str]:
    # Where the rule begins; what is left out or added stands in EXDATE and RDATE.
    first = replace(schedule.recurrence, except_on=(), also_on=())
    day = next(
        (
            o.starts_at.date()
            for o in occurrences(first, since=first.first_on, until=first.first_on + timedelta(366))
        ),
        first.first_on,
    )
    last = day if schedule.ends > schedule.starts else day + timedelta(days=1)
    place = next((p for p in service.places.all() if not p.is_hidden), None)
    where = ", ".join(x for x in (place.street, place.town) if x) if place else ""
    if not service.places.all() and service.village:  # a hidden address tells no village
        where = str(service.village)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{schedule.pk}-{service.pk}@omzien",
        f"DTSTAMP:{service.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID=Europe/Amsterdam:{day:%Y%m%d}T{schedule.starts:%H%M%S}",
        f"DTEND;TZID=Europe/Amsterdam:{last:%Y%m%d}T{schedule.ends:%H%M%S}",
        f"SUMMARY:{escaped(service.title)}",
        f"DESCRIPTION:{escaped(schedule.note or service.provider.name)}",
        f"URL:{origin}/aanbod/{service.slug}",
    ]
    if where:
        lines.append(f"LOCATION:{escaped(where)}")
    if rule := in_calendar(schedule.recurrence):
        lines.append(f"RRULE:{rule}")
    lines += _days("EXDATE", schedule.except_on, schedule)
    lines += _days("RDATE", schedule.also_on, schedule)
    return [*lines, "END:VEVENT"]


def _days(name: str, days: Iterable[date], schedule: Schedule) -> list[str]:
    listed = ",".join(f"{day:%Y%m%d}T{schedule.starts:%H%M%S}" for day in days)
    return [f"{name};TZID=Europe/Amsterdam:{listed}"] if listed else []


def appointment_of(appointment: Any, *, title: str, lasts: timedelta, product: str) -> str:
    """Return an appointment as an iCalendar text, the same for everybody who is there: when and
    where, and not a word more. It has `starts_at`, `planned_at` and `place`.
    """
    starts = appointment.starts_at.astimezone(UTC)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Omzien//{product}//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{appointment.pk}@omzien",
        f"DTSTAMP:{appointment.planned_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{starts:%Y%m%dT%H%M%SZ}",
        f"DTEND:{starts + lasts:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{escaped(title)}",
        f"LOCATION:{escaped(appointment.place)}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line))


def escaped(text: str) -> str:
    """Return a text as iCalendar writes it (RFC 5545 3.3.11)."""
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(mark, written)
    return text.replace("\r", "")


def folded(line: str) -> list[str]:
    """Return a content line in pieces of at most 75 octets, as RFC 5545 3.1 asks."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > (75 if not pieces else 74):
            pieces.append(piece)
            piece = ""
        piece += letter
    pieces.append(piece)
    return [pieces[0], *(f" {p}" for p in pieces[1:])]
