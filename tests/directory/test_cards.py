"""Cards: kept by the process, and yet true at once, behind the gate and the wall."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from omzien.directory.actions import change, reindex, withdraw
from omzien.directory.models import Phone, Schedule
from omzien.directory.queries.cards import cards
from omzien.directory.queries.sayings import slot_text
from omzien.journal.isolation import working_for
from omzien.kernel.recurrence import ZONE, Recurrence, occurrences
from omzien.people.rules.roles import PUBLIC
from omzien.web.templatetags.omzien import occurrence_text

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=ZONE)


def seen(service, now=WEDNESDAY, municipality="GM1948"):
    with working_for(municipality):
        return cards([str(service.pk)], actor=PUBLIC, now=now)


def at(hour, minute=0, day=25):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_a_second_look_takes_one_query(world, django_assert_num_queries):
    with working_for("GM1948"):
        reindex([world.huiskamer])
        first = cards([str(world.huiskamer.pk)], actor=PUBLIC, now=WEDNESDAY)
        with django_assert_num_queries(1):
            assert cards([str(world.huiskamer.pk)], actor=PUBLIC, now=WEDNESDAY) == first


def test_a_changed_entry_is_shown_at_once(world):
    seen(world.huiskamer)
    with working_for("GM1948"):
        change(service=world.huiskamer, changes={"title": "Huiskamer"}, by="test")
    assert seen(world.huiskamer)[0].title == "Huiskamer"


def test_a_new_phone_number_is_shown_at_once(world):
    with working_for("GM1948"):
        reindex([world.geldzaken])
    assert seen(world.geldzaken)[0].phone == "0413-555 101"
    with working_for("GM1948"):
        Phone.objects.filter(service=world.geldzaken).update(number="0413-555 999")
        reindex([world.geldzaken])
    assert seen(world.geldzaken)[0].phone == "0413-555 999"


def test_a_renamed_provider_is_shown_at_once(world):
    seen(world.huiskamer)
    with working_for("GM1948"):
        world.huiskamer.provider.name = "Buurtvereniging"
        world.huiskamer.provider.save()
    assert seen(world.huiskamer)[0].provider == "Buurtvereniging"


def test_a_withdrawn_entry_is_gone_at_once(world):
    assert seen(world.huiskamer)
    with working_for("GM1948"):
        withdraw(service=world.huiskamer, on=WEDNESDAY.date(), by="test")
    assert seen(world.huiskamer) == []


def test_a_kept_card_does_not_pass_the_wall(world):
    assert seen(world.udense_koffie, municipality="GM1991")
    assert seen(world.udense_koffie, municipality="GM1948") == []


@pytest.mark.parametrize("moments", [(9, 10, 12), (12, 10, 9), (10, 9, 10)])
def test_open_now_follows_the_clock(world, moments):
    is_open = {9: False, 10: True, 12: False}  # on Wednesday from ten to twelve
    for hour in moments:
        assert seen(world.huiskamer, at(hour))[0].is_open_now is is_open[hour], hour
    assert seen(world.huiskamer, at(11, 59))[0].is_open_now is True


def test_tomorrow_becomes_today_at_midnight(world):
    tuesday = seen(world.huiskamer, at(23, 59, day=24))[0]
    wednesday = seen(world.huiskamer, at(0, 1))[0]
    assert tuesday.next_time == wednesday.next_time
    assert tuesday.checked_on == wednesday.checked_on
    assert seen(world.huiskamer, at(13))[0].next_time.starts_at.day == 2


@pytest.mark.parametrize("ends", [time(0), time(23, 59)])
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_what_is_there_day_and_night_is_open_and_says_so(world, ends, hour):
    with working_for("GM1948"):
        Schedule.objects.filter(service=world.huiskamer).delete()
        Schedule.objects.create(
            municipality_id="GM1948", service=world.huiskamer, first_on=date(2024, 1, 1),
            starts=time(0), ends=ends, rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        )  # fmt: skip
        reindex([world.huiskamer])
    shown = seen(world.huiskamer, at(hour, 59) + timedelta(seconds=30))[0]
    assert shown.is_open_now
    assert slot_text(shown.slots[0]) == "dag en nacht"


@pytest.mark.parametrize("ends", [time(0), time(23, 59)])
def test_a_whole_day_to_come_has_no_midnight(ends):
    day = Recurrence(first_on=timezone.localdate() + timedelta(days=1), starts=time(0), ends=ends)
    (coming,) = occurrences(day, since=day.first_on, until=day.first_on)
    assert occurrence_text(coming) == "morgen, dag en nacht"
