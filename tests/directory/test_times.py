"""Times as people type them: what may be typed, and how it comes back."""

from datetime import date, datetime, time

import pytest
from django.test import Client

from omzien.directory.importing.hsds_json import _slot as hsds_slot
from omzien.directory.importing.rows import Slot, Wrong
from omzien.directory.importing.times import read_times, write_times
from omzien.directory.models import Schedule, Service
from omzien.directory.queries.calendars import agenda, calendar_of
from omzien.journal.isolation import working_for
from omzien.kernel.recurrence import ZONE, Recurrence
from omzien.people.rules.roles import PUBLIC

ROUND = "dag en nacht"


@pytest.mark.parametrize(
    "typed",
    ["dag en nacht", "Dag en nacht open", "24 uur per dag", "24/7", "altijd open",
     "dagelijks 24 uur", "elke dag 00:00-24:00", "24 uur per dag, 7 dagen per week",
     "Dag & nacht", "altijd bereikbaar", "dag en nacht bereikbaar", "dagelijks 0-24 uur"],
)  # fmt: skip
def test_round_the_clock_is_read_and_comes_back_in_words(typed):
    (slot,) = read_times(typed)
    assert slot.recurrence.is_day_and_night and slot.recurrence.rule == "FREQ=DAILY"
    assert write_times([slot]) == ROUND


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ma-zo 9.00-17.00", "ma-zo 09:00-17:00"),
        ("dagelijks 9.00-17.00", "dagelijks 09:00-17:00"),
        ("ma, di, wo en vr 9:00-10:00", "ma-wo, vr 09:00-10:00"),
        ("za en zo dag en nacht", "za, zo dag en nacht"),
        ("maandag tot en met vrijdag, 9.00 tot 17.00 uur", "ma-vr 09:00-17:00"),
        ("za en zo: dag en nacht", "za, zo dag en nacht"),
        ("ma-vr 0-24 uur", "ma-vr dag en nacht"),
        ("ma-vr 9 tot 17 uur", "ma-vr 09:00-17:00"),
        ("op 2026-12-05 24 uur", "op 2026-12-05 dag en nacht"),
        ("vanaf 2026-12-05 dag en nacht", "dagelijks vanaf 2026-12-05 dag en nacht"),
        ("agenda dag en nacht (bel aan)", "agenda dag en nacht (bel aan)"),
        ("dag en nacht t/m 31-12-2026", "dag en nacht t/m 2026-12-31"),
        ("ma 10:00-12:00 t/m 2026-12-31", "ma 10:00-12:00 t/m 2026-12-31"),
        ("elke maand de 1e zo 10:00-12:00", "elke maand de 1e zo 10:00-12:00"),
        ("vr-ma 20:00-24:00", "ma, vr-zo 20:00-00:00"),
        ("dagelijks 0:00-23:59", "dagelijks 00:00-23:59"),
        ("vanaf 2026-01-01 regel FREQ=YEARLY;UNTIL=20300101 10:00-11:00",
         "vanaf 2026-01-01 regel FREQ=YEARLY;UNTIL=20300101 10:00-11:00"),
    ],
)  # fmt: skip
def test_a_time_comes_back_as_short_as_it_was_typed_and_means_the_same(typed, written):
    slots = read_times(typed)
    assert write_times(slots) == written
    assert read_times(written) == slots


@pytest.mark.parametrize("typed", ["ook 's nachts", "24 uur bereikbaar op afspraak", "altijd!"])
def test_what_is_open_round_the_clock_gets_an_example_of_that(typed):
    with pytest.raises(Wrong, match="dag en nacht"):
        read_times(typed)


def test_hours_without_minutes_may_be_a_day_and_are_asked_again():
    with pytest.raises(Wrong, match="10:00-12:00"):
        read_times("wo 10-12")


def test_a_rule_of_another_source_keeps_its_first_day():
    strange = Recurrence(date(2026, 3, 4), time(9), time(10), "FREQ=WEEKLY;BYDAY=MO,WE")
    written = write_times([Slot(strange)])
    assert written == "vanaf 2026-03-04 ma, wo 09:00-10:00"
    assert read_times(written) == (Slot(strange),)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("vanaf 2026-01-01 regel FREQ=DAILY;INTERVAL=0 10:00-11:00", "kan ik niet lezen"),
        ("vanaf 2026-01-01 regel FREQ=WEEKLY;INTERVAL=-1 10:00-11:00", "kan ik niet lezen"),
        ("vanaf 2026-01-01 regel FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31 10:00-11:00",
         "valt op geen enkele dag"),
        ("elke 0 weken vanaf 2026-01-05 ma 10:00-11:00", '"Elke 0 weken" kan niet'),
        ("elke 99999999999 weken vanaf 2026-01-05 ma 10:00-11:00", "van 1 tot en met 104"),
        ("vanaf 0001-01-01 dagelijks 10:00-11:00", "kan ik niet lezen"),
        ("dagelijks vanaf 0001-01-01 10:00-11:00", "De dag 0001-01-01 ligt te ver weg."),
        ("op 9999-12-31 20:00-02:00", "De dag 9999-12-31 ligt te ver weg."),
        ("ma 10:00-11:00 niet op 9999-12-31", "ligt te ver weg"),
    ],
)  # fmt: skip
def test_a_rule_that_never_moves_on_or_a_day_of_another_age_is_told(typed, said):
    with pytest.raises(Wrong, match=said):
        read_times(typed)


@pytest.mark.parametrize("interval", ["-1", "00", "0.5", "99999"])
def test_another_directory_cannot_bring_a_rule_that_never_moves_on(interval):
    given = {"dtstart": "2026-01-05", "freq": "WEEKLY", "interval": interval, "byday": "MO",
             "opens_at": "10:00", "closes_at": "11:00"}  # fmt: skip
    with pytest.raises(Wrong, match="kan ik niet lezen"):
        hsds_slot(given)
    (slot,) = read_times(
        "vanaf 2026-01-05 regel RRULE:FREQ=DAILY;UNTIL=20261130T090000Z 10:00-11:00"
    )
    assert slot.recurrence.rule == "FREQ=DAILY;UNTIL=20261130T090000Z"


@pytest.mark.django_db
def test_a_calendar_says_until_when_as_its_times_are_and_begins_where_the_rule_does(world):
    with working_for("GM1948"):
        world.huiskamer.schedules.all().delete()
        Schedule.objects.create(
            municipality_id="GM1948", service=world.huiskamer, first_on=date(2026, 11, 1),
            starts=time(10), ends=time(12), rule="FREQ=WEEKLY;BYDAY=WE;UNTIL=20261216",
            except_on=[date(2026, 11, 4)], also_on=[date(2026, 11, 3)],
        )  # fmt: skip
        service = Service.objects.with_details().get(pk=world.huiskamer.pk)
        events = [(service, one) for one in service.schedules.all()]
        said = calendar_of(events, name="x", origin="https://x.example").split("\r\n")
    assert "RRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20261216T090000Z" in said
    assert "DTSTART;TZID=Europe/Amsterdam:20261104T100000" in said
    assert "EXDATE;TZID=Europe/Amsterdam:20261104T100000" in said
    assert "RDATE;TZID=Europe/Amsterdam:20261103T100000" in said


@pytest.mark.django_db
def test_what_lasts_a_day_and_a_night_stands_below_the_other_activities(world):
    today = date(2026, 11, 25)
    with working_for("GM1948"):
        Schedule.objects.all().delete()
        for service, starts, ends in (
            (world.huiskamer, time(0), time(0)),
            (world.geldzaken, time(20), time(22)),
        ):
            Schedule.objects.create(
                municipality_id="GM1948", service=service, first_on=date(2024, 1, 1),
                starts=starts, ends=ends, rule="FREQ=DAILY", is_activity=True,
            )  # fmt: skip
        found = agenda(actor=PUBLIC, now=datetime.combine(today, time(9), ZONE), days=1)
    assert [h.title for h in found] == [world.geldzaken.title, world.huiskamer.title] * 2
    page = Client(HTTP_HOST="meierijstad.localhost").get("/agenda").content.decode()
    assert "dag en nacht" in page and "00.00 uur" not in page
