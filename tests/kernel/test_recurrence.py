"""Rules of RFC 5545: which are read, on which days they fall, and that no rule takes for ever."""

import time as clock
from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as some

from omzien.kernel.recurrence import (
    BadRule,
    Recurrence,
    check_rule,
    in_calendar,
    is_on,
    never_falls,
    occurrences,
)

TODAY = date(2026, 11, 27)
NEVER_MOVES = ["FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;INTERVAL=-1",
               "FREQ=MONTHLY;INTERVAL=00", "FREQ=DAILY;INTERVAL=99999", "FREQ=DAILY;COUNT=0",
               "FREQ=DAILY;COUNT=-2", "FREQ=DAILY;COUNT=100000"]  # fmt: skip
NO_RULE = ["RDATE:20260101", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1,2", "FREQ=DAILY;", "INTERVAL=2",
           "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;DTSTART=20260101", "FREQ=DAILY\nDTSTART:20260101",
           "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;BYSETPOS=0", "FREQ=DAILY;BYMONTH=A", "soms",
           "FREQ=DAILY;UNTIL=20261301", "FREQ=DAILY;UNTIL=00010101T000000", "FREQ=DAILY;UNTIL=x",
           "FREQ=DAILY;INTERVAL=²", "FREQ=MONTHLY;BYDAY=0MO", "FREQ=YEARLY;BYMONTH=-1",
           "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=DAILY;INTERVAL=1,2",
           "FREQ=DAILY;BYEASTER=1"]  # fmt: skip


def days(rule, first=date(2024, 1, 1), since=TODAY, until=TODAY + timedelta(14), starts=10):
    slot = Recurrence(first, time(starts), time(starts + 1), rule)
    return [o.starts_at.date() for o in occurrences(slot, since=since, until=until)]


@pytest.mark.parametrize("rule", [*NEVER_MOVES, *NO_RULE])
def test_what_is_no_rule_or_never_moves_on_is_refused_and_falls_on_no_day(rule):
    with pytest.raises(BadRule):
        check_rule(rule)
    began = clock.perf_counter()
    days(rule)  # it may stand in the database from before
    assert clock.perf_counter() - began < 1


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
     "FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31;COUNT=5", "FREQ=WEEKLY;BYMONTH=4;BYMONTHDAY=31"],
)  # fmt: skip
def test_a_rule_that_never_falls_due_costs_nothing(rule):
    check_rule(rule)
    began = clock.perf_counter()
    assert days(rule, first=date(1970, 1, 1)) == []
    assert clock.perf_counter() - began < 0.5


def test_what_never_falls_is_known_at_once_and_what_ended_did_fall():
    never = [*NEVER_MOVES, *NO_RULE, "FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31",
             "FREQ=WEEKLY;BYMONTH=4;BYMONTHDAY=31;COUNT=2", "FREQ=DAILY;BYWEEKNO=53;BYMONTH=6",
             "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"]  # fmt: skip
    falls = ["", "FREQ=DAILY;UNTIL=20200101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
             "FREQ=WEEKLY;INTERVAL=1000;BYDAY=MO", "FREQ=YEARLY;INTERVAL=9;BYMONTHDAY=29;BYMONTH=2",
             "FREQ=MONTHLY;BYDAY=5FR", "FREQ=YEARLY;BYWEEKNO=53"]  # fmt: skip
    began = clock.perf_counter()
    for first in (date(2024, 1, 3), date(1, 1, 1), date(9999, 12, 31)):
        slots = [Recurrence(first, time(10), time(11), rule) for rule in never]
        assert first.year == 9999 or all(map(never_falls, slots))
    assert not any(
        never_falls(Recurrence(date(2024, 1, 3), time(10), time(11), rule)) for rule in falls
    )
    assert clock.perf_counter() - began < 4


@pytest.mark.parametrize("prefix", ["", "RRULE:", "rrule:"])
def test_the_prefix_of_a_calendar_is_read(prefix):
    assert days(prefix + "freq=weekly;byday=fr") == [TODAY, date(2026, 12, 4), date(2026, 12, 11)]


@pytest.mark.parametrize(
    ("until", "last"),
    [("20261130", 30), ("20261130T100000", 30), ("20261130T095959", 29),
     ("20261130T090000Z", 30),  # ten o'clock here
     ("20261130T085959Z", 29), ("20261129T230000Z", 29), ("99991231", 41)],
)  # fmt: skip
def test_until_is_a_day_or_a_moment_here_or_in_utc(until, last):
    rule = f"FREQ=DAILY;UNTIL={until}"
    check_rule(rule)
    assert days(rule)[-1] == date(2026, 11, 1) + timedelta(last - 1)


def test_a_calendar_hears_until_when_in_utc_and_nothing_of_what_is_no_rule():
    def told(rule, starts=time(10)):
        return in_calendar(Recurrence(date(2026, 1, 5), starts, time(12), rule))

    assert told("FREQ=DAILY;UNTIL=20261130") == "FREQ=DAILY;UNTIL=20261130T090000Z"
    assert told("FREQ=DAILY;UNTIL=20260701") == "FREQ=DAILY;UNTIL=20260701T080000Z"
    assert told("FREQ=DAILY;UNTIL=20261130", time(0)) == "FREQ=DAILY;UNTIL=20261129T230000Z"
    assert told("FREQ=WEEKLY;BYDAY=MO") == "FREQ=WEEKLY;BYDAY=MO"
    assert told("") == told("FREQ=DAILY;INTERVAL=0") == ""


RULES = some.sampled_from(
    ["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;BYDAY=MO,FR", "FREQ=WEEKLY",
     "FREQ=WEEKLY;BYDAY=MO,WE,SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU",
     "FREQ=WEEKLY;INTERVAL=3;WKST=SU;BYDAY=SA,SU,MO", "FREQ=MONTHLY;BYDAY=1SU",
     "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13,27",
     "FREQ=YEARLY;BYWEEKNO=48,-1;BYDAY=MO", "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31",
     "FREQ=YEARLY;BYYEARDAY=1,-1,333,340", "FREQ=YEARLY",
     "FREQ=YEARLY;BYMONTH=12", "FREQ=YEARLY;BYDAY=48FR,-4MO", "FREQ=MONTHLY",
     "FREQ=MONTHLY;BYMONTHDAY=-1",
     "FREQ=YEARLY;BYMONTH=11,12;BYDAY=-1FR,2SA", "FREQ=DAILY;BYMONTH=12;BYMONTHDAY=5,-1",
     "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=MO;BYSETPOS=1,-1", "FREQ=WEEKLY;BYMONTH=12;BYDAY=1TU"]
)  # fmt: skip
ENDS = some.one_of(
    some.just(""),
    some.dates(date(2020, 1, 1), date(2027, 1, 1)).map(lambda on: f";UNTIL={on:%Y%m%d}"),
    some.integers(1, 1000).map(lambda count: f";COUNT={count}"),
)


@settings(max_examples=300, deadline=None)
@given(RULES, ENDS, some.dates(date(2019, 1, 1), date(2027, 1, 1)))
def test_the_days_are_those_that_the_rule_itself_gives(rule, ends, first):
    since, until = TODAY, TODAY + timedelta(60)
    begin = datetime.combine(first, time())
    peer = rrulestr(rule + ends, dtstart=begin).between(
        datetime.combine(since, time()), datetime.combine(until, time()), inc=True
    )
    assert days(rule + ends, first, since, until) == [moment.date() for moment in peer]


@given(some.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_the_weeks_of_a_year_are_those_of_the_calendar(day):
    year, week, _weekday = day.isocalendar()
    last = date(year, 12, 28).isocalendar().week
    for number in (week, week - last - 1):
        assert days(f"FREQ=YEARLY;BYWEEKNO={number}", date(1980, 1, 1), day, day) == [day]
    others = ",".join(str(number) for number in range(1, 54) if number != week)
    assert days(f"FREQ=YEARLY;BYWEEKNO={others}", date(1980, 1, 1), day, day) == []


def test_a_week_may_begin_on_sunday_and_the_set_of_it_is_of_the_whole_week():
    assert days("FREQ=YEARLY;BYWEEKNO=1;WKST=SU", until=date(2027, 1, 9))[0] == date(2027, 1, 3)
    rule = "FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1"
    first = date(2026, 11, 24)  # a Tuesday: the first of that week was before it
    assert days(rule, first, first)[0] == date(2026, 11, 30)
    assert days("FREQ=MONTHLY;BYDAY=MO,1TU", until=date(2026, 12, 2))[:2] == [
        date(2026, 11, 30), date(2026, 12, 1),
    ]  # fmt: skip


def instants(first, starts, ends, rule="FREQ=DAILY"):
    slot = Recurrence(first, starts, ends, rule)
    found = occurrences(slot, since=first, until=first + timedelta(1))
    return slot, [(o.starts_at.astimezone(UTC), o.ends_at.astimezone(UTC)) for o in found]


def test_ten_o_clock_stays_ten_o_clock_when_summer_time_begins_and_ends():
    for first, hours in ((date(2026, 3, 28), (9, 8)), (date(2026, 10, 24), (8, 9))):
        _slot, found = instants(first, time(10), time(12))
        assert [starts.hour for starts, _ends in found] == list(hours)
        assert all(ends - starts == timedelta(hours=2) for starts, ends in found)


def test_a_night_is_an_hour_shorter_or_longer_when_the_clock_moves_and_open_all_through():
    for first, hours in ((date(2026, 3, 28), 5), (date(2026, 10, 24), 7)):
        slot, found = instants(first, time(22), time(4))
        starts, ends = found[0]
        assert ends - starts == timedelta(hours=hours)
        minutes = [starts + timedelta(minutes=n) for n in range(0, hours * 60, 15)]
        assert all(is_on(slot, at) for at in minutes)
        assert not is_on(slot, ends) and not is_on(slot, starts - timedelta(minutes=1))


def test_an_hour_that_does_not_exist_breaks_nothing():
    slot, found = instants(date(2026, 3, 29), time(2, 15), time(2, 45), "")
    assert len(found) == 1 and found[0][0].hour == 1
    assert is_on(slot, datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
