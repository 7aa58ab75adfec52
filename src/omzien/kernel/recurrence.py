"""Recurring times after RFC 5545: a rule, exceptions and extra days, in local Dutch time.

Days and clock times are stored, never instants: an activity at 10:00 stays at 10:00
when summer time begins. A time whose end is not after its start runs past midnight.
From midnight to midnight, or to 23:59 as other directories write it, is day and night.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
MOST = 1000
YEARS_AHEAD = 40  # a rule that falls on no day in so many years never does
LAST_YEAR = 9990
MIDNIGHT, LAST_MINUTE = time(0), time(23, 59)
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
_DAY = re.compile(rf"([-+]?\d{{1,2}})?({'|'.join(WEEK)})", re.ASCII)
_NUMBER = re.compile(r"[-+]?\d{1,4}", re.ASCII)
# The highest number that each part may have, and of which less than nothing counts from the end.
_HIGHEST = {"INTERVAL": MOST, "COUNT": MOST, "BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366,
            "BYWEEKNO": 53, "BYSETPOS": 366}  # fmt: skip
_FROM_END = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})


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


class Freq(StrEnum):
    """How often a rule repeats; what repeats oftener is no activity."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class _Rule:
    """An RRULE as numbers. A day of `days` is of the week, with which one of the month or year
    it is, or 0 for each.
    """

    freq: Freq
    numbers: Mapping[str, frozenset[int]] = field(default_factory=dict)
    days: frozenset[tuple[int, int]] = frozenset()
    week_starts: int = 0
    until: str = ""

    def one(self, name: str, usual: int) -> int:
        """Return the number of a part that has one."""
        return next(iter(self.numbers.get(name, ())), usual)


def check_rule(rule: str) -> None:
    """Raise BadRule unless `rule` is an RRULE of daily or slower frequency; "" is none."""
    if rule:
        _last_day(_rule(rule), LAST_MINUTE)


@lru_cache(maxsize=10_000)
def never_falls(recurrence: Recurrence) -> bool:
    """Tell whether a rule cannot be read, or falls on no day at all: one that ended did once."""
    if not recurrence.rule:
        return False
    first = recurrence.first_on
    last = date(min(first.year + YEARS_AHEAD, LAST_YEAR), 12, 31)
    try:
        check_rule(recurrence.rule)
        days = _by_rule(replace(_rule(recurrence.rule), until=""), recurrence, first, last)
        return first <= last and next(days, None) is None
    except BadRule:
        return True


def last_day(recurrence: Recurrence) -> date | None:
    """Return the day of UNTIL, the last that it may begin on; None where the rule has none."""
    with suppress(BadRule):
        return _last_day(_rule(recurrence.rule), recurrence.starts)
    return None


def in_calendar(recurrence: Recurrence) -> str:
    """Return the rule as a calendar wants it beside local times: UNTIL as an instant in UTC."""
    try:
        rule = _rule(recurrence.rule)
        last = _last_day(rule, recurrence.starts)
    except BadRule:
        return ""
    text = recurrence.rule.upper().removeprefix("RRULE:")
    if last is None:
        return text
    at = datetime.combine(last, recurrence.starts, ZONE).astimezone(UTC)
    return text.replace(f"UNTIL={rule.until}", f"UNTIL={at:%Y%m%dT%H%M%SZ}")


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
        with suppress(BadRule):  # one of before such rules were refused: never, rather than a fault
            rule = _rule(recurrence.rule)
            days |= set(islice(_by_rule(rule, recurrence, since, until), MOST))
    return tuple(sorted(days - set(recurrence.except_on)))


def _by_rule(rule: _Rule, recurrence: Recurrence, since: date, until: date) -> Iterator[date]:
    """Yield the days of the rule. Only days from `since` to `until` are looked at, and with a
    COUNT those from the first: what never falls due takes no longer.
    """
    first = recurrence.first_on
    last = min(until, _last_day(rule, recurrence.starts) or until)
    count = rule.one("COUNT", 0)
    start = first if count else max(first, since)
    days = (
        day
        for begins, ends in _periods(rule, first, start, last)
        for day in _in_period(rule, first, begins, ends, start, last)
        if start <= day <= last
    )
    return (day for day in islice(days, count or None) if day >= since)


def _periods(rule: _Rule, first: date, start: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of the days, weeks, months or years that the rule looks at."""
    every = rule.one("INTERVAL", 1)
    if rule.freq in (Freq.DAILY, Freq.WEEKLY):
        length = 1 if rule.freq == Freq.DAILY else 7
        back = 0 if length == 1 else (first.weekday() - rule.week_starts) % 7
        number, step = first.toordinal() - back, every * length
        number += max(0, (start.toordinal() - number) // step) * step
        while number <= last.toordinal():
            yield date.fromordinal(number), date.fromordinal(number + length - 1)
            number += step
        return
    length = 1 if rule.freq == Freq.MONTHLY else 12
    number, step = _month(first) // length * length, every * length
    number += max(0, (_month(start) - number) // step) * step
    while number <= _month(last):
        ends = number + length - 1
        yield (
            date(number // 12, number % 12 + 1, 1),
            date(ends // 12, ends % 12 + 1, monthrange(ends // 12, ends % 12 + 1)[1]),
        )
        number += step


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _in_period(
    rule: _Rule, first: date, begins: date, ends: date, start: date, last: date
) -> Iterable[date]:
    positions = rule.numbers.get("BYSETPOS")
    if not positions:
        begins, ends = max(begins, start), min(ends, last)
    numbers = range(begins.toordinal(), ends.toordinal() + 1)
    found = [day for day in map(date.fromordinal, numbers) if _falls_on(rule, first, day)]
    if not positions:
        return found
    count = len(found)
    picked = {n - 1 if n > 0 else count + n for n in positions}
    return [found[n] for n in sorted(picked) if 0 <= n < count]


def _falls_on(rule: _Rule, first: date, day: date) -> bool:
    """Tell whether a day is one of its period: as each part says, and else like the first day."""
    parts = rule.numbers
    if "BYMONTH" in parts and day.month not in parts["BYMONTH"]:
        return False
    if not rule.days and parts.keys().isdisjoint(("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")):
        if rule.freq == Freq.WEEKLY:
            return day.weekday() == first.weekday()
        if rule.freq == Freq.YEARLY and "BYMONTH" not in parts and day.month != first.month:
            return False
        return rule.freq == Freq.DAILY or day.day == first.day
    return (
        ("BYMONTHDAY" not in parts or _counted(day.day, _length(day), parts["BYMONTHDAY"]))
        and ("BYYEARDAY" not in parts or _counted(*_of_year(day), parts["BYYEARDAY"]))
        and ("BYWEEKNO" not in parts or _counted(*_week(day, rule), parts["BYWEEKNO"]))
        and (not rule.days or _is_weekday(rule, day))
    )


def _counted(number: int, of: int, wanted: frozenset[int]) -> bool:
    """Tell whether the so-manieth of so many is wanted, counted from the start or from the end."""
    return number in wanted or number - of - 1 in wanted


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _of_year(day: date) -> tuple[int, int]:
    return day.timetuple().tm_yday, 365 + isleap(day.year)


def _week(day: date, rule: _Rule) -> tuple[int, int]:
    """Return the number of the week and how many its year has: a week is where its middle is."""
    middle = day + timedelta(days=3 - (day.weekday() - rule.week_starts) % 7)
    number = (_of_year(middle)[0] - 1) // 7
    left = (_of_year(middle)[1] - _of_year(middle)[0]) // 7
    return number + 1, number + left + 1


def _is_weekday(rule: _Rule, day: date) -> bool:
    which = {nth for nth, weekday in rule.days if weekday == day.weekday()}
    if 0 in which or (which and rule.freq in (Freq.DAILY, Freq.WEEKLY)):
        return True
    in_month = rule.freq == Freq.MONTHLY or "BYMONTH" in rule.numbers
    number, of = (day.day, _length(day)) if in_month else _of_year(day)
    return (number - 1) // 7 + 1 in which or -((of - number) // 7 + 1) in which


@lru_cache(maxsize=10_000)
def _rule(text: str) -> _Rule:
    """Return a rule as it is written; raise BadRule for what is none, or never moves on."""
    pairs = [part.partition("=") for part in text.upper().removeprefix("RRULE:").split(";")]
    parts = {name: value for name, _is, value in pairs}
    try:
        if len(parts) < len(pairs):
            raise BadRule(text)
        freq, until = Freq(parts.pop("FREQ", "")), parts.pop("UNTIL", "")
        week_starts = WEEK.index(parts.pop("WKST", "MO"))
        days = frozenset(map(_weekday, filter(None, parts.pop("BYDAY", "").split(","))))
        numbers = {name: _numbers(name, value) for name, value in parts.items()}
    except (ValueError, KeyError) as error:
        raise BadRule(text) from error
    return _Rule(freq, numbers, days, week_starts, until)


def _weekday(text: str) -> tuple[int, int]:
    found = _DAY.fullmatch(text)
    if not found or (found[1] and not int(found[1])):
        raise BadRule(text)
    return int(found[1] or 0), WEEK.index(found[2])


def _numbers(name: str, text: str) -> frozenset[int]:
    texts = text.split(",")
    found = frozenset(int(one) for one in texts if _NUMBER.fullmatch(one))
    lowest = -_HIGHEST[name] if name in _FROM_END else 1
    is_one = name in ("INTERVAL", "COUNT")
    if (
        len(found) < len(set(texts))
        or not all(one and lowest <= one <= _HIGHEST[name] for one in found)
        or (is_one and len(found) > 1)
    ):
        raise BadRule(text)
    return found


def _last_day(rule: _Rule, starts: time) -> date | None:
    if not rule.until:
        return None
    found = _UNTIL.fullmatch(rule.until)
    try:
        if not found:
            raise BadRule(rule.until)
        at = datetime.strptime(found[1] + (found[2] or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007 # made local
        if found[3]:
            at = at.replace(tzinfo=UTC).astimezone(ZONE).replace(tzinfo=None)
        return at.date() if at.time() >= starts else at.date() - timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise BadRule(rule.until) from error
