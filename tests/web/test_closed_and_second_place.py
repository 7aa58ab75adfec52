"""What is closed for a time says so, and is open nowhere; a second village finds it too."""

from datetime import date, datetime, time, timedelta

import pytest
from defusedxml import ElementTree

from omzien.directory.actions import reindex
from omzien.directory.actions.entries import change
from omzien.directory.models import Place, Schedule, Service, ServicePlace
from omzien.directory.queries import indexes
from omzien.directory.queries.calendars import agenda
from omzien.journal.isolation import working_for
from omzien.kernel.recurrence import ZONE
from omzien.kernel.text import clean
from omzien.people.rules.roles import PUBLIC
from tests.web.test_pages import ask

pytestmark = pytest.mark.django_db
NAME = "Open huiskamer De Kersentuin"
PAGE = "/aanbod/open-huiskamer-de-kersentuin"
OF_VILLAGE = ["/gebied/{}", "/gebied/{}/agenda.ics", "/gebied/{}/nieuw.atom", "/agenda?gebied={}"]


def main(answer):
    return answer.content.decode().replace("\r\n ", "").split("<footer")[0]


@pytest.fixture
def always(world, resident):
    """The living room is on day and night, every day."""
    with working_for("GM1948"):
        Schedule.objects.filter(service=world.huiskamer).update(
            rule="FREQ=DAILY", starts=time(0), ends=time(0)
        )
        reindex([world.huiskamer])
    indexes.forget()
    return world.huiskamer


def pause(service):
    with working_for("GM1948"):
        Service.objects.filter(pk=service.pk).update(status=Service.Status.PAUSED)
        reindex([Service.objects.get(pk=service.pk)])
    indexes.forget()


def test_what_is_closed_for_a_time_is_open_nowhere_and_says_so_everywhere(always, resident):
    addresses = ["/gebied/schijndel/agenda.ics", "/onderwerp/loneliness/agenda.ics", "/agenda"]
    assert "Nu open" in main(resident.get(PAGE)) and "Nu open" in main(ask(resident, "alleen"))
    assert NAME in main(ask(resident, "alleen", when="now"))
    assert all(NAME in main(resident.get(address)) for address in addresses)
    assert "BEGIN:VEVENT" in main(resident.get(f"{PAGE}/agenda.ics"))
    pause(always)
    page, answer = main(resident.get(PAGE)), main(ask(resident, "alleen"))
    assert "Tijdelijk gesloten" in page and "Zet in mijn agenda" not in page
    assert NAME in answer and "Tijdelijk gesloten" in answer
    assert "Nu open" not in page and "<strong>Nu open</strong>" not in answer
    assert NAME not in main(ask(resident, "alleen", when="now"))
    assert not any(NAME in main(resident.get(address)) for address in addresses)
    assert "BEGIN:VEVENT" not in main(resident.get(f"{PAGE}/agenda.ics"))
    village = main(resident.get("/gebied/schijndel"))
    assert "Tijdelijk gesloten" in village and "Nu open" not in village


def a_place(service, village, *, is_hidden=False):
    with working_for("GM1948"):
        owner = {"municipality_id": "GM1948"}
        street = f"Markt {village.name}"
        place = Place.objects.create(street=street, village=village, is_hidden=is_hidden, **owner)
        ServicePlace.objects.create(service=service, place=place, **owner)
        reindex([service])
    indexes.forget()


@pytest.mark.parametrize("address", OF_VILLAGE)
def test_what_has_an_address_in_a_second_village_is_found_there_too(
    always, resident, world, address
):
    there = address.format("veghel")
    assert NAME not in main(resident.get(there))
    a_place(always, world.veghel, is_hidden=True)
    assert NAME not in main(resident.get(there))  # a hidden address tells no village
    a_place(always, world.veghel)
    assert NAME in main(resident.get(there))
    assert NAME in main(resident.get(address.format("schijndel")))


def test_of_several_addresses_the_nearest_is_shown(always, resident, world):
    def asked_in(place):
        page = main(ask(resident, "alleen", place=place))
        given = resident.post(
            "/api/v1/answer", {"text": "alleen", "place": place}, content_type="application/json"
        ).json()
        (one,) = [hit for hit in given["entries"] if hit["title"] == NAME]
        return f"De Kersentuin · {place}" in page, one["village"], one["street"], one["distanceKm"]

    a_place(always, world.schijndel)
    a_place(always, world.veghel)
    for place in ("Veghel", "Schijndel", "Veghel"):  # also when its card was kept
        shown, village, street, km = asked_in(place)
        assert (shown, village, street) == (True, place, f"Markt {place}")
        assert km < 1


def test_a_calendar_holds_activities_and_not_when_a_place_is_open(always, resident, world):
    with working_for("GM1948"):
        Schedule.objects.create(
            municipality_id="GM1948", service=always, is_activity=False, note="open",
            first_on=date(2026, 1, 5), starts=time(9), ends=time(17), rule="FREQ=DAILY",
        )  # fmt: skip
    for address in ("/gebied/schijndel/agenda.ics", "/onderwerp/loneliness/agenda.ics"):
        assert main(resident.get(address)).count("BEGIN:VEVENT") == 1
    assert main(resident.get(f"{PAGE}/agenda.ics")).count("BEGIN:VEVENT") == 2
    assert resident.get("/onderwerp/bestaat-niet/agenda.ics").status_code == 404
    assert "/onderwerp/loneliness/agenda.ics" in main(resident.get("/open-data"))


def test_who_looks_at_a_topic_can_follow_it_and_in_danger_that_is_left_out(world, resident):
    link = 'href="/onderwerp/loneliness/agenda.ics"'
    assert link in main(resident.get("/antwoord?topic=loneliness"))
    assert link in main(ask(resident, "ik ben zo alleen"))
    assert link not in main(resident.get("/antwoord?topic=debt"))
    danger = main(ask(resident, "ik ben zo alleen, ik wil niet meer leven"))
    assert "113" in danger and "agenda.ics" not in danger


def test_what_began_last_evening_is_on_the_agenda_until_it_ends(world):
    with working_for("GM1948"):
        Schedule.objects.filter(service=world.huiskamer).update(
            rule="", first_on=date(2026, 11, 27), starts=time(22), ends=time(2)
        )
        midnight = datetime(2026, 11, 28, 0, 0, tzinfo=ZONE)

        def on(minutes):
            now = midnight + timedelta(minutes=minutes)
            return [one.title for one in agenda(actor=PUBLIC, now=now, days=1)]

        assert on(-60) == on(30) == [NAME]
        assert on(121) == []


def test_signs_that_no_feed_can_hold_stay_out_of_it(world, resident):
    with working_for("GM1948"):
        change(service=world.huiskamer, changes={"title": clean("Huis\ufffekamer\x85")}, by="x")
    feed = resident.get("/gebied/schijndel/nieuw.atom").content
    titles = [one.text for one in ElementTree.fromstring(feed).iter() if one.tag.endswith("title")]
    assert "Huiskamer" in titles
