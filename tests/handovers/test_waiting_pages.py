"""Waiting as people see it: the own team, the team with the list, and the resident."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.offering import offer
from omzien.handovers.actions.rooms import say_room
from omzien.handovers.actions.waiting import call, put_on_list
from omzien.handovers.models import Handover, Room, Wait
from omzien.handovers.rules.states import Capacity
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Mandate
from omzien.people.rules.roles import SYSTEM
from tests.casework import NOW, WHAT, a_question, consent
from tests.handovers.conftest import text
from tests.signing import account

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
SORT = "Een plek op de dagbesteding"
BRIDGE = "Elke dinsdag koffie in de huiskamer"


@pytest.fixture
def question(town):
    return a_question(town)


@pytest.fixture
def listed(town):
    return says(town)


def says(town, **more):
    return say_room(
        team=town.b.team, capacity=Capacity.WAITING_LIST, note="", by=town.b.by, on=TODAY, **more
    )


@pytest.fixture
def wait(town, question, listed):
    return put_on_list(
        question=question, team=town.b.team, what=SORT, bridge=BRIDGE, is_told=True,
        by=town.a.by, now=NOW,
    )  # fmt: skip


def together(question):
    return reverse("along", args=[question.pk])


def mine(question):
    return reverse("my-question", args=[question.pk])


def put(question, town, **change):
    fields = {"to_team": town.b.team.pk, "text": SORT, "bridge": BRIDGE, "is_told": "on",
              "version": question.version}  # fmt: skip
    named = {f"wait-{name}": value for name, value in (fields | change).items() if value != ""}
    return {"doe": "wait", **named}


# The own team


def test_only_where_a_team_keeps_a_list_somebody_can_wait(town, question, at_desk):
    browser, page = at_desk(town.a.worker), together(question)
    assert "Wachten op een plek" not in text(browser.get(page))
    says(town, first_rule="Wie zijn huis kwijtraakt, gaat voor")
    seen = text(browser.get(page))
    assert "Wachten op een plek" in seen and "Team B (Wie zijn huis kwijtraakt" in seen
    assert browser.post(page, put(question, town, to_team=town.c.team.pk)).status_code == 400


def test_the_team_puts_a_question_on_the_list_and_it_stays_theirs(town, question, listed, at_desk):
    browser, page = at_desk(town.a.worker), together(question)
    answer = browser.post(page, put(question, town))
    assert answer.status_code == 302
    row = Wait.objects.get()
    assert (row.what, row.bridge, row.team) == (SORT, BRIDGE, town.b.team)
    seen = text(browser.get(page))
    day = TODAY + timedelta(weeks=6)
    assert SORT in seen and BRIDGE in seen and f"{day.day} " in seen
    question.refresh_from_db()
    assert question.team == town.a.team
    told = text(browser.get(reverse("question", args=[question.pk])))
    assert "zette de vraag op de wachtlijst van Team B" in told


@pytest.mark.parametrize(
    "change,says_",
    [
        ({"text": ""}, "Schrijf waar de inwoner op wacht."),
        ({"bridge": ""}, "Schrijf wat de inwoner helpt tot er plek is."),
        ({"is_told": ""}, "Vertel het de inwoner eerst."),
        ({"text": "Plek voor Rina Roos"}, "staat de naam van de inwoner"),
        ({"goes_first": "on"}, "wie het langst wacht, is eerst"),
        ({"bridge": "", "entry": "https://elders.example/x"}, "Dit aanbod staat niet op deze site"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    town, question, listed, at_desk, change, says_
):
    answer = at_desk(town.a.worker).post(together(question), put(question, town, **change))
    assert answer.status_code == 400 and says_ in text(answer)
    assert (change.get("text", SORT) or BRIDGE) in answer.content.decode()
    assert not Wait.objects.exists()


def test_an_entry_of_the_site_bridges_it(world, town, question, listed, at_desk):
    link = "https://meierijstad.localhost" + reverse("entry", args=[world.huiskamer.slug])
    data = put(question, town, bridge="", entry=link)
    assert at_desk(town.a.worker).post(together(question), data).status_code == 302
    row = Wait.objects.get()
    assert row.service == world.huiskamer.pk and row.bridge == world.huiskamer.title
    page = at_desk(town.resident).get(mine(question)).content.decode()
    assert f'href="{reverse("entry", args=[world.huiskamer.slug])}"' in page


def test_who_has_a_place_called_offers_it_to_that_team(town, question, wait, at_desk):
    browser, page = at_desk(town.a.worker), reverse("offer", args=[question.pk])
    chosen = re.compile(f'value="{town.b.team.pk}" checked')
    before = browser.get(page).content.decode()
    assert not chosen.search(before) and "Er is plek." not in before
    call(wait=wait, by=town.b.boss, now=timezone.now())
    after = browser.get(page)
    assert chosen.search(after.content.decode())
    assert "Team B. Er is plek. Bel de inwoner" in text(after)


def test_the_team_writes_down_that_it_spoke_the_resident_and_takes_it_off(
    town, question, wait, at_desk
):
    browser, page = at_desk(town.a.worker), together(question)
    over = {"over": wait.pk, "version": wait.version}
    answer = browser.post(page, {"doe": "wait:contact", "bridge": "Elke week bellen", **over})
    assert answer.status_code == 302
    wait.refresh_from_db()
    assert wait.bridge == "Elke week bellen"
    assert browser.post(page, {"doe": "wait:off", "reason": "x", **over}).status_code == 409
    over["version"] = wait.version
    assert browser.post(page, {"doe": "wait:off", **over}).status_code == 400
    assert browser.post(page, {"doe": "wait:off", "reason": "Gelukt", **over}).status_code == 302
    wait.refresh_from_db()
    assert wait.state == "lapsed" and "Wacht niet meer" in text(browser.get(page))


def test_no_other_team_does_so(town, question, wait, at_desk):
    for desk in (town.b, town.c):
        data = {"doe": "wait:off", "reason": "x", "over": wait.pk, "version": wait.version}
        assert at_desk(desk.worker).post(together(question), data).status_code == 404
        assert SORT not in text(at_desk(desk.worker).get(together(question)))
    wait.refresh_from_db()
    assert wait.state == "waiting"


def test_the_own_team_reads_that_there_is_a_place(town, question, wait, at_desk):
    call(wait=wait, by=town.b.by, now=NOW)
    page = at_desk(town.a.worker).get(together(question))
    assert "Er is plek. Bel de inwoner" in text(page)
    assert f'href="{reverse("offer", args=[question.pk])}"' in page.content.decode()


# The team with the list


def test_the_list_says_since_when_and_for_what_and_of_nobody(town, question, wait, at_desk):
    page = at_desk(town.b.worker).get(reverse("handovers"))
    seen = text(page)
    assert SORT in seen and "Wacht sinds" in seen
    for hidden in ("Rina", "06-5550", question.reference, "Team A", BRIDGE, "Schijndel"):
        assert hidden not in seen, hidden
    assert str(question.pk) not in page.content.decode()
    for desk in (town.a, town.c):
        assert SORT not in text(at_desk(desk.worker).get(reverse("handovers")))


def test_it_calls_who_is_first_and_another_only_with_why(town, question, wait, at_desk):
    Wait.objects.update(since=NOW - timedelta(days=4))
    later = put_on_list(
        question=a_question(town), team=town.b.team, what="Later", bridge="Koffie", is_told=True,
        by=town.a.by, now=NOW,
    )  # fmt: skip
    browser, page = at_desk(town.b.worker), reverse("handovers")
    assert text(browser.get(page)).index(SORT) < text(browser.get(page)).index("Later")
    data = {"doe": "call", "over": later.pk}
    assert browser.post(page, data).status_code == 302
    assert "Schrijf waarom deze voorgaat" in text(browser.get(page))
    assert not Wait.objects.filter(called_at__isnull=False).exists()
    browser.post(page, data | {"reason": "Alleen plek op maandag"})
    later.refresh_from_db()
    assert later.called_at and later.skip_reason == "Alleen plek op maandag"
    assert "Plek gemeld" in text(browser.get(page))
    browser.post(page, data)
    assert "Intussen is er iets veranderd" in text(browser.get(page))


@pytest.mark.parametrize("over", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_what_is_not_on_the_list_is_not_there(town, wait, at_desk, over):
    page = reverse("handovers")
    assert at_desk(town.b.worker).post(page, {"doe": "call", "over": over}).status_code == 404
    other = at_desk(town.c.worker).post(page, {"doe": "call", "over": wait.pk})
    assert other.status_code == 404
    wait.refresh_from_db()
    assert wait.called_at is None


def test_a_team_says_how_many_places_there_are(town, question, at_desk):
    browser, page = at_desk(town.b.worker), reverse("handovers")
    data = {"capacity": "yes", "free": "2", "note": ""}
    assert browser.post(page, data | {"free": "-1"}).status_code == 400
    assert browser.post(page, data | {"free": "veel"}).status_code == 400
    assert browser.post(page, data).status_code == 302
    assert (
        "Er zijn nog 2 plekken vrij" in text(browser.get(page)) and Room.objects.get().places == 2
    )
    assert "Er is plek" in text(at_desk(town.a.worker).get(reverse("offer", args=[question.pk])))
    browser.post(page, data | {"free": "0"})
    seen = text(at_desk(town.a.worker).get(reverse("offer", args=[question.pk])))
    assert "Er is nu geen plek" in seen and "Op " in text(browser.get(page))
    browser.post(page, data | {"free": "", "capacity": "waiting-list"})
    assert Room.objects.get().places is None and Room.objects.get().has_list


def test_the_second_for_the_last_place_is_told_in_plain_words(town, question, at_desk):
    consent(town, town.b)
    slips = [
        offer(question=one, to_team=town.b.team, offer=WHAT, by=town.a.by, now=timezone.now())
        for one in (question, a_question(town))
    ]
    says(town, places=1)
    browser = at_desk(town.b.worker)
    for slip, status in zip(slips, (302, 400), strict=True):
        path = reverse("handover", args=[slip.pk])
        data = {"doe": "accept", "accept-version": slip.version, "accept-contact_name": "Wim"}
        answer = browser.post(path, data)
        assert answer.status_code == status
    assert "Er is geen plek meer vrij: de laatste is net vergeven" in text(answer)
    assert Handover.objects.get(pk=slips[1].pk).state == "offered"


def test_going_before_who_waits_asks_why_on_the_page(town, wait, at_desk):
    consent(town, town.b)
    other = a_question(town)
    page = reverse("offer", args=[other.pk])
    data = {
        "to_team": town.b.team.pk, "asked": "Kan zij komen?", "tried": "Koffie", "version": 1,
        "best_moment": "Ochtend", "resident_knows": "on", "doe": "offer",
    }  # fmt: skip
    answer = at_desk(town.a.worker).post(page, data)
    assert answer.status_code == 400 and "Bij dit team wachten anderen op een plek" in text(answer)
    answer = at_desk(town.a.worker).post(page, data | {"capacity_reason": "Het kan niet wachten"})
    assert answer.status_code == 302


# The resident


def test_the_resident_reads_for_what_since_when_who_helps_and_when_they_hear(
    town, question, wait, at_desk
):
    put_on_list(
        question=a_question(town), team=town.b.team, what="Later", bridge="Koffie", is_told=True,
        by=town.a.by, now=NOW,
    )  # fmt: skip
    seen = text(at_desk(town.resident).get(mine(question)))
    assert "Waar je op wacht" in seen and SORT in seen and BRIDGE in seen
    assert "Team B" in seen and "Wie helpt je tot dan? Team A" in seen
    day = wait.due_on
    assert f"Uiterlijk {day.day} " in seen
    block = seen[seen.index("Waar je op wacht") : seen.index("Berichten")]
    for rank in ("plaats", "nummer", "eerste", "1e", "van de 2", "voor je"):
        assert rank not in block.casefold(), rank


def test_what_is_too_late_is_said(town, question, wait, at_desk):
    Wait.objects.update(overdue_at=NOW)
    assert "Je had al iets moeten horen" in text(at_desk(town.resident).get(mine(question)))


def test_the_resident_steps_off_and_the_file_keeps_that(town, question, wait, at_desk):
    browser = at_desk(town.resident)
    path = reverse("my-wait-off", args=[question.pk])
    assert browser.post(path, {"over": "x"}).status_code == 302
    assert browser.post(path, {"over": wait.pk}).status_code == 302
    wait.refresh_from_db()
    assert (wait.state, wait.lapse) == ("lapsed", "resident")
    seen = text(browser.get(mine(question)))
    assert "Je wacht hier niet meer op" in seen and "wacht niet meer" in seen
    kept = browser.get(reverse("my-file", args=[question.pk, "json"])).json()
    assert kept["waits"][0]["what"] == SORT and kept["waits"][0]["bridge"] == BRIDGE


def test_nobody_else_steps_off_for_them(town, question, wait, at_desk):
    path = reverse("my-wait-off", args=[question.pk])
    for who in (town.a.worker, town.b.worker):
        assert at_desk(who).post(path, {"over": wait.pk}).status_code in (403, 404)
    stranger = welcome_person(
        municipality=town.municipality, name="Bea", email="bea@x.example",
        account=account("bea@x.example"), by=SYSTEM,
    )  # fmt: skip
    assert at_desk(stranger).post(path, {"over": wait.pk}).status_code == 404
    wait.refresh_from_db()
    assert wait.state == "waiting" and not Mandate.objects.exists()


def test_pages_with_a_list_ask_a_fixed_number_of_queries(town, question, wait, at_desk):
    counts = {}
    pages = (
        (town.a.worker, together(question)),
        (town.b.worker, reverse("handovers")),
        (town.resident, mine(question)),
    )
    for rounds in range(2):
        for who, path in pages:
            browser = at_desk(who)
            browser.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert browser.get(path).status_code == 200
            counts.setdefault(path, []).append(len(seen))
        if not rounds:
            for number in range(3):
                put_on_list(
                    question=a_question(town), team=town.b.team, what=f"Plek {number}",
                    bridge="x", is_told=True, by=town.a.by, now=NOW,
                )  # fmt: skip
    assert all(first == second for first, second in counts.values()), counts
