"""Recurring times after RFC 5545: a rule, exceptions and extra days, in local Dutch time.

Days and clock times are stored, never instants: an activity at 10:00 stays at 10:00
when summer time begins. A time whose end is not after its start runs past midnight.
From midnight to midnight, or to 23:59 as other directories write it, is day and night.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

ZONE = ZoneInfo("Europe/Amsterdam")
MOST = 1000
MIDNIGHT, LAST_MINUTE = time(0), time(23, 59)


class BadRule(ValueError):
    """A recurrence rule cannot be read or repeats too often."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When something happens: `first_on`, clock times, RRULE text, EXDATE and RDATE days."""

    first_on: date
    starts: time
    ends: time
    rule: str = ""
    except_on: tuple[date, ...] = ()
    also_on: tuple[date, ...] = ()

    @property
    def is_day_and_night(self) -> bool:
        """Tell whether it lasts the whole day."""
        return self.starts == self.ends or (self.starts == MIDNIGHT and self.ends >= LAST_MINUTE)


@dataclass(frozen=True)
class Occurrence:
    """One time that something happens, with zone-aware instants."""

    starts_at: datetime
    ends_at: datetime

    @property
    def is_day_and_night(self) -> bool:
        """Tell whether it lasts a whole day, from midnight to midnight."""
        starts, ends = self.starts_at.astimezone(ZONE), self.ends_at.astimezone(ZONE)
        is_midnight = starts.time() == ends.time() == MIDNIGHT
        return is_midnight and ends.date() - starts.date() == timedelta(days=1)


def check_rule(rule: str) -> None:
    """Raise BadRule unless `rule` is an RRULE of daily or slower frequency."""
    if not rule:
        return
    if "\n" in rule or "DTSTART" in rule.upper():
        raise BadRule(rule)
    if any(
        word in rule.upper()
        for word in ("SECONDLY", "MINUTELY", "HOURLY", "BYHOUR", "BYMINUTE", "BYSECOND")
    ):
        raise BadRule(rule)
    try:
        rrulestr(rule, dtstart=datetime(2026, 1, 1))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRule(rule) from error


def occurrences(recurrence: Recurrence, *, since: date, until: date) -> Iterator[Occurrence]:
    """Yield the occurrences that start on `since` up to and including `until`, in order."""
    ends = recurrence.starts if recurrence.is_day_and_night else recurrence.ends
    for day in _days(recurrence, since, until):
        starts_at = datetime.combine(day, recurrence.starts, ZONE)
        last_day = day if ends > recurrence.starts else day + timedelta(days=1)
        yield Occurrence(starts_at, datetime.combine(last_day, ends, ZONE))


def is_on(recurrence: Recurrence, at: datetime) -> bool:
    """Tell whether `at` (zone-aware) lies inside an occurrence, also one from last evening."""
    today = at.astimezone(ZONE).date()
    near = occurrences(recurrence, since=today - timedelta(days=1), until=today)
    return any(o.starts_at <= at < o.ends_at for o in near)


@lru_cache(maxsize=100_000)
def _days(recurrence: Recurrence, since: date, until: date) -> tuple[date, ...]:
    days = {day for day in recurrence.also_on if since <= day <= until}
    if not recurrence.rule:
        days |= {recurrence.first_on} if since <= recurrence.first_on <= until else set()
    else:
        start = datetime.combine(recurrence.first_on, time())
        # UNTIL may carry a zone ("…Z") while our days are plain: compare as plain days.
        rule = rrulestr(recurrence.rule.replace("Z;", ";").removesuffix("Z"), dtstart=start)
        found = rule.between(
            datetime.combine(since, time()), datetime.combine(until, time()), inc=True
        )
        days |= {moment.date() for moment in found[:MOST]}
    return tuple(sorted(days - set(recurrence.except_on)))
