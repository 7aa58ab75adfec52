"""Cards: kept by the process, and yet true at once, behind the gate and the wall."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from omzien.areas.models import Village
from omzien.directory.actions import change, reindex, withdraw
from omzien.directory.models import Phone, Place, Schedule, Service, ServicePlace
from omzien.directory.queries.cards import cards, nearest
from omzien.directory.queries.sayings import slot_text
from omzien.directory.search.answer import Where
from omzien.journal.isolation import working_for
from omzien.kernel.geo import LatLon
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


def test_of_several_places_the_nearest_one_is_shown(world):
    """The reference: an answer groups by service and shows the nearest place."""
    service = world.huiskamer
    with working_for("GM1948"):
        common = {"municipality": world.meierijstad}
        veghel = Village.objects.get(municipality=world.meierijstad, slug="veghel")
        for street, village, lat, hidden in (
            ("Kerkstraat 1", world.schijndel, 51.62, False),
            ("Molenstraat 2", veghel, 51.61, False),
            ("Geheimlaan 3", veghel, 51.61, True),
        ):
            place = Place.objects.create(
                street=street, village=village, lat=lat, lon=5.4, is_hidden=hidden, **common
            )
            ServicePlace.objects.create(service=service, place=place, **common)
        change(service=service, changes={"title": "Op twee plekken"}, by="test")
    (card,) = seen(service)
    assert (card.village, card.street) == ("Schijndel", "Kerkstraat 1")
    there = nearest(card, Where("veghel"))
    assert (there.village, there.street) == ("Veghel", "Molenstraat 2")
    close = nearest(card, Where("erp", LatLon(51.6, 5.4)))
    assert close.village == "Veghel"
    assert nearest(card, Where()).village == "Schijndel"
    assert "Geheimlaan" not in repr(card)


def test_a_village_has_what_has_a_place_there(world):
    service = world.huiskamer
    with working_for("GM1948"):
        common = {"municipality": world.meierijstad}
        veghel = Village.objects.get(municipality=world.meierijstad, slug="veghel")
        assert service not in Service.objects.in_village(veghel.pk)
        place = Place.objects.create(street="Molenstraat 2", village=veghel, **common)
        ServicePlace.objects.create(service=service, place=place, **common)
        assert service in Service.objects.in_village(veghel.pk)
        assert service in Service.objects.in_village(world.schijndel.pk)
        Place.objects.filter(pk=place.pk).update(is_hidden=True)
        assert service not in Service.objects.in_village(veghel.pk)


def test_a_card_says_who_keeps_it(world):
    with working_for("GM1948"):
        Service.objects.filter(pk=world.huiskamer.pk).update(owner_email="")
        reindex([world.huiskamer])
    assert seen(world.huiskamer)[0].kept_by == "editors"
    assert seen(world.geldzaken)[0].kept_by == "provider"
