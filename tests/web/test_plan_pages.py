"""Pages of the own network, the plan, measuring, carers and room, as people use them."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from omzien.directory.actions.entries import reindex
from omzien.directory.models import Capacity, Provider
from omzien.journal.isolation import working_for
from omzien.people.rules.roles import Role
from omzien.questions.actions.network import share_network, stop_sharing
from omzien.questions.actions.plans import add_goal, change_goal
from omzien.questions.models import (
    Attempt,
    Goal,
    Instrument,
    Measurement,
    PlanAction,
    StrengthSplit,
    Tie,
    YoungCarerSignal,
)
from tests.casework import NOW, a_question
from tests.questions.test_network import draw, known
from tests.questions.test_plan_rules import GOOD
from tests.signing import member, wearing

pytestmark = pytest.mark.django_db
HERE = "GM1948"


@pytest.fixture
def town(world, town):
    with working_for(HERE):
        reindex([world.huiskamer, world.geldzaken])
    return town


@pytest.fixture
def question(town):
    with working_for(HERE):
        return a_question(town)


@pytest.fixture
def me(town):
    return wearing(town.resident)


@pytest.fixture
def worker(town):
    return wearing(town.a.worker)


def rows(model, **more):
    with working_for(HERE):
        return list(model.objects.filter(**more))


TIE = {"do": "draw", "name": "Bas", "relation": "neighbour", "kinds": ["P", "E"],
       "closeness": "1", "how_often": "weekly"}  # fmt: skip


class Page(HTMLParser):
    """Reads what the drawing shows, and what the table shows."""

    def __init__(self, text):
        super().__init__()
        self.drawn, self.listed, self.css, self.ring = [], [], "", ""
        self.letters, self.tag = "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.css, self.tag = found.get("class", "") or "", tag
        if "data-ring" in found:
            self.ring, self.letters = found["data-ring"], found.get("data-letters", "")

    def handle_data(self, data):
        text = data.strip()
        if self.css == "ecogram__name":
            self.drawn.append([text, self.ring, ""])
        elif self.css == "ecogram__letters":
            self.drawn[-1][2] = text
        elif self.css == "ecogram__who":
            self.listed.append([text, self.ring, self.letters])
        self.css = ""


# --- the map


def test_the_drawing_and_the_table_say_the_same(town, me):
    with working_for(HERE):
        for number, (name, kinds) in enumerate(
            [("Ans", "PG"), ("Bo", ""), ("Cas", "AE"), ("Dirk", "PGAE"), ("Ida", "E")]
        ):
            draw(town, known=known(name, kinds=list(kinds), closeness=number % 3 + 1))
    text = me.get("/mijn-netwerk").content.decode()
    page = Page(text)
    assert sorted(page.drawn) == sorted(page.listed) and len(page.drawn) == 5
    assert ["Dirk", "1", "P G A E"] in page.listed and ["Bo", "2", ""] in page.listed
    assert '<title id="kaart-titel">' in text and '<desc id="kaart-uitleg">' in text
    assert not re.search(r'\sstyle="', text)


def test_a_resident_draws_and_a_surname_is_refused_kindly(town, me, question):
    assert me.post("/mijn-netwerk", TIE).status_code == 302
    answer = me.post("/mijn-netwerk", TIE | {"name": "Bas Boer"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "alleen een voornaam" in text and 'value="Bas Boer"' in text and "Fout:" in text
    tie = rows(Tie)[0]
    assert f'value="{tie.name}"' in me.get(f"/mijn-netwerk?wie={tie.pk}").content.decode()
    me.post("/mijn-netwerk", TIE | {"name": "Bea", "tie": str(tie.pk)})
    assert [one.name for one in rows(Tie)] == ["Bea"]
    me.post("/mijn-netwerk", {"do": "remove", "tie": str(tie.pk)})
    assert rows(Tie) == []
    for wrong in ({"do": "x"}, {"do": "remove", "tie": "x"}, {"do": "share", "question": ""}):
        assert me.post("/mijn-netwerk", wrong).status_code == 404


def test_sharing_and_stopping_work_at_once(town, me, worker, question):
    with working_for(HERE):
        draw(town)
    page = f"/werk/vraag/{question.pk}/netwerk"
    assert "Bas" not in worker.get(page).content.decode()
    me.post("/mijn-netwerk", {"do": "share", "question": str(question.pk)})
    assert "Bas" in worker.get(page).content.decode()
    assert worker.post(page, TIE | {"name": "Toos"}).status_code == 400  # not together
    assert worker.post(page, TIE | {"name": "Toos", "together": "on"}).status_code == 302
    assert [one.together for one in rows(Tie, name="Toos")] == [True]
    share = rows(type(question).network_shares.rel.related_model)[0]
    me.post("/mijn-netwerk", {"do": "stop", "share": str(share.pk)})
    text = worker.get(page).content.decode()
    assert "Bas" not in text and "wordt niet gedeeld" in text


def test_whom_to_ask_stands_beside_the_question(town, me, question):
    with working_for(HERE):
        draw(town, known=known("Bas", kinds=["G"]))
        draw(town, known=known("Ko", kinds=["P"]))  # not what loneliness asks for
    text = me.get("/mijn-netwerk").content.decode()
    assert "<strong>Bas</strong> (buur): gezelschap" in text
    assert "<strong>Ko</strong> (buur)" not in text


def test_a_page_asks_the_same_however_many_there_are(
    town, me, worker, question, django_assert_max_num_queries
):
    with working_for(HERE):
        share_network(question=question, by=town.me, now=NOW)
        for number in range(12):
            draw(town)
            add_goal(question=question, words=f"Doel {number}", by=town.me, now=NOW)
    me.get("/mijn-netwerk")
    with django_assert_max_num_queries(16):
        me.get("/mijn-netwerk")
    mine, theirs = f"/mijn-vragen/{question.pk}/plan", f"/werk/vraag/{question.pk}/plan"
    for client, page, most in ((me, mine, 32), (worker, theirs, 34)):
        client.get(page)
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200
    with django_assert_max_num_queries(20):
        worker.get(f"/werk/vraag/{question.pk}/netwerk")


# --- the plan


def test_a_resident_keeps_their_plan(town, me, question):
    page = f"/mijn-vragen/{question.pk}/plan"
    assert "nog geen doel" in me.get(page).content.decode()
    me.post(page, {"do": "add-goal", "add-goal-words": "Weer <b>buiten</b> 😀"})
    goal = rows(Goal)[0]
    assert "Weer &lt;b&gt;buiten&lt;/b&gt; 😀" in me.get(page).content.decode()
    act = f"add-action-{goal.pk}"
    me.post(page, {"do": "add-action", "goal": str(goal.pk), f"{act}-what": "Wandelen",
                   f"{act}-who": "resident", f"{act}-rung": "self",
                   f"{act}-due_on": "1-12-2026"})  # fmt: skip
    action = rows(PlanAction)[0]
    me.post(page, {"do": "end-action", "action": str(action.pk), "state": "done"})
    me.post(page, {"do": "lock-goal", "goal": str(goal.pk), "locked": "ja"})
    me.post(page, {"do": "end-goal", "goal": str(goal.pk), "state": "reached"})
    split = f"split-{goal.pk}"
    shares = {f"{split}-own": "40", f"{split}-network": "30", f"{split}-professional": "30"}
    me.post(page, {"do": "split", "goal": str(goal.pk), f"{split}-moment": "before"} | shares)
    goal = rows(Goal)[0]
    assert (goal.is_locked, goal.state, rows(PlanAction)[0].state) == (True, "reached", "done")
    assert rows(StrengthSplit)[0].own == 40
    text = me.get(page).content.decode()
    assert "vastgezet: alleen jij verandert dit" in text and "40%" in text


def test_what_goes_wrong_in_a_plan_keeps_what_was_typed(town, me, worker, question):
    page, theirs = f"/mijn-vragen/{question.pk}/plan", f"/werk/vraag/{question.pk}/plan"
    assert me.post(page, {"do": "add-goal", "add-goal-words": ""}).status_code == 400
    answer = worker.post(theirs, {"do": "add-goal", "add-goal-words": "Zonder de inwoner"})
    assert answer.status_code == 400 and rows(Goal) == []
    text = answer.content.decode()
    assert "Zonder de inwoner</textarea>" in text and "samen met de inwoner" in text
    with working_for(HERE):
        goal = add_goal(question=question, words="Eerst", by=town.me, now=NOW)
        change_goal(goal=goal, words="Intussen anders", by=town.me)
    form = f"change-goal-{goal.pk}"
    typed = {"do": "change-goal", "goal": str(goal.pk), f"{form}-words": "Mijn tekst"}
    late = me.post(page, typed | {f"{form}-version": "1"})
    text = late.content.decode()
    assert late.status_code == 409
    assert "Intussen anders" in text and "Mijn tekst</textarea>" in text
    assert f'name="{form}-version" value="2"' in text
    me.post(page, typed | {f"{form}-version": "2"})
    assert rows(Goal)[0].words == "Mijn tekst"
    act = f"add-action-{goal.pk}"
    wrong = me.post(page, {"do": "add-action", "goal": str(goal.pk), f"{act}-what": "Koken",
                           f"{act}-who": "neighbour", f"{act}-name": "Toos Tak",
                           f"{act}-rung": "community", f"{act}-due_on": "ooit"})  # fmt: skip
    assert wrong.status_code == 400 and "31-12-2026" in wrong.content.decode()
    for odd in ({"do": "x"}, {}, {"do": "end-goal", "goal": str(goal.pk), "state": "x"},
                {"do": "end-action", "action": "x"}, {"do": "end-try", "attempt": str(goal.pk)},
                {"do": "withdraw-school", "signal": str(goal.pk)}):  # fmt: skip
        assert me.post(page, odd).status_code == 404


def test_the_ladder_starts_low_and_a_try_has_an_end(town, worker, question):
    page = f"/werk/vraag/{question.pk}/plan"
    text = worker.get(page).content.decode()
    assert "laagste trede die nu kan" in text and "Open huiskamer De Kersentuin" in text
    assert "dichtbij" in text and "gratis" in text and "onbekend of er plek is" in text
    worker.post(page, {"do": "try", "try-rung": "community", "try-offer": "Huiskamer"})
    attempt = rows(Attempt)[0]
    name = f"end-try-{attempt.pk}"
    done = {"do": "end-try", "attempt": str(attempt.pk), f"{name}-result": "failed"}
    assert worker.post(page, done).status_code == 400
    assert worker.post(page, done | {f"{name}-reason": "te druk"}).status_code == 302
    assert "te druk" in worker.get(page).content.decode()


def test_trying_above_the_lowest_workable_rung_asks_why(town, worker, question):
    page = f"/werk/vraag/{question.pk}/plan"
    key = "5f0c6a58-0d1c-4b58-9f6c-2f4d3a1b8c77"
    sent = {"do": "try", "try-rung": "team", "try-offer": "Team A", "try-service": key}
    answer = worker.post(page, sent)
    text = answer.content.decode()
    assert answer.status_code == 400 and "Hier is nog niets geprobeerd" in text
    assert 'value="Team A"' in text and key in text and "Fout:" in text
    assert rows(Attempt) == []
    assert worker.post(page, sent | {"try-skipped": "Zij wil geen groep."}).status_code == 302
    assert {one.result for one in rows(Attempt)} == {"busy", "skipped"}
    text = worker.get(page).content.decode()
    assert "<strong>Overgeslagen:</strong> Zij wil geen groep." in text
    assert "Geprobeerd:</strong> –" not in text


def test_another_team_finds_nothing(town, question):
    for hat in (town.b.worker, town.c.worker):
        client = wearing(hat)
        for part in ("plan", "netwerk", "meten/kort", "school"):
            found = client.get(f"/werk/vraag/{question.pk}/{part}")
            assert found.status_code in (403, 404), part
    coordinator = wearing(town.a.coordinator)
    page = f"/werk/vraag/{question.pk}/plan"
    assert coordinator.get(page).status_code == 200
    refused = coordinator.post(page, {"do": "add-goal", "add-goal-words": "x"})
    assert refused.status_code == 404


# --- measuring


def test_measuring_before_and_after(town, me, worker, question):
    page = f"/mijn-vragen/{question.pk}/meten/kort"
    assert me.post(page, {"moment": "before"}).status_code == 400  # nothing answered
    assert me.post(page, {"moment": "", "s0": "1"}).status_code == 400
    assert me.post(page, {"moment": "before", "s0": "9"}).status_code == 400
    assert me.post(page, {"moment": "before", "s0": "1"}).status_code == 302
    theirs = f"/werk/vraag/{question.pk}/meten/kort"
    assert worker.post(theirs, {"moment": "after", "s0": "3"}).status_code == 400
    together = {"moment": "after", "s0": "3", "together": "on"}
    assert worker.post(theirs, together).status_code == 302
    text = worker.get(f"/werk/vraag/{question.pk}/plan").content.decode()
    assert "Verschil over 1 zin; 5 keer ontbreekt een antwoord" in text
    assert ">+2<" in text and "niet te zeggen" in text and "samen ingevuld" in text
    assert me.get(f"/mijn-vragen/{question.pk}/meten/onbekend").status_code == 404
    assert len(rows(Measurement)) == 2


def test_a_functional_manager_adds_an_instrument(town):
    manager = wearing(member(Role.FUNCTIONAL_MANAGER, town.municipality, name="Fien Beheer"))
    page = "/beheer/meetlijsten"

    def send(data, **more):
        file = SimpleUploadedFile("lijst.json", json.dumps(data).encode())
        return manager.post(page, {"file": file} | more)

    assert "Zes kanten van je leven" in manager.get(page).content.decode()
    assert send(GOOD).status_code == 400 and rows(Instrument) == []
    wrong = send(GOOD | {"statements": [{"code": "a", "text": ""}]}, holds_rights="on")
    assert "Regel 1, veld “text”: dit ontbreekt of is leeg" in wrong.content.decode()
    assert manager.post(page, {"holds_rights": "on"}).status_code == 400
    assert send(GOOD, holds_rights="on").status_code == 302
    assert send(GOOD, holds_rights="on").status_code == 400
    one = rows(Instrument)[0]
    manager.post(page, {"do": "put-away", "instrument": str(one.pk)})
    assert "niet meer in gebruik" in manager.get(page).content.decode()


# --- who cares for somebody


def test_the_load_check_keeps_nothing_and_shows_a_way_on(town, django_assert_max_num_queries):
    client = Client(HTTP_HOST="meierijstad.localhost")
    assert "We bewaren niets" in client.get("/zorg-je-voor-iemand").content.decode()
    answers = dict.fromkeys(("sleep", "alone", "own-time", "worry", "body"), "4")
    with django_assert_max_num_queries(20):
        found = client.post("/zorg-je-voor-iemand", answers | {"village": "schijndel"})
    text = found.content.decode()
    assert found.status_code == 200 and "te veel voor één mens" in text
    assert "5 zinnen in en sloeg er 1 over" in text and "We bewaren je antwoorden niet" in text
    whole = client.post("/zorg-je-voor-iemand", answers | {"nobody-takes-over": "4"})
    assert "Je vulde alle zinnen in." in whole.content.decode()
    main = text.split("<main")[1]
    assert "Wim A</strong>, Team A" in main and 'href="/vraag?dorp=schijndel"' in main
    nothing = client.post("/zorg-je-voor-iemand", {}).content.decode()
    assert "Je vulde niets in." in nothing and "maar een paar zinnen" not in nothing
    for wrong in ({"sleep": "9"}, {"village": "atlantis"}):
        assert client.post("/zorg-je-voor-iemand", wrong).status_code == 400


def test_a_school_signal_needs_a_parent_under_sixteen(town, me, worker, question):
    page = f"/werk/vraag/{question.pk}/school"
    told = {"do": "allow", "school": "De Linde", "what": "Zorgt thuis.", "age": "14",
            "young_agrees": "on"}  # fmt: skip
    refused = worker.post(page, told)
    assert refused.status_code == 400 and "moet ook een ouder" in refused.content.decode()
    assert worker.post(page, told | {"age": "x"}).status_code == 400
    assert worker.post(page, told | {"parent_agrees": "on"}).status_code == 302
    signal = rows(YoungCarerSignal)[0]
    mine = f"/mijn-vragen/{question.pk}/plan"
    assert "De Linde" in me.get(mine).content.decode()
    me.post(mine, {"do": "withdraw-school", "signal": str(signal.pk)})
    assert "De Linde" not in me.get(mine).content.decode()


# --- room


def test_an_editor_says_with_one_click_whether_there_is_room(town, world):
    editor = member(Role.EDITOR, town.municipality, name="Eef Eigen")
    with working_for(HERE):
        Provider.objects.filter(pk=world.huiskamer.provider_id).update(
            organisation=editor.organisation
        )
    client = wearing(editor)
    assert "Nog nooit gezegd" in client.get("/mijn-aanbod").content.decode()
    click = f"/mijn-aanbod/{world.huiskamer.pk}/plek"
    client.post(click, {"value": "waiting-list", "explanation": "twee weken"})
    client.post(click, {"value": "onzin"})
    client.post(click, {"value": "unknown"})
    room = rows(Capacity)[0]
    assert (room.value, room.explanation) == ("waiting-list", "twee weken")
    assert "Er is een wachtlijst" in client.get("/mijn-aanbod").content.decode()
    assert (
        client.post(f"/mijn-aanbod/{world.geldzaken.pk}/plek", {"value": "yes"}).status_code == 404
    )


def test_stopping_twice_is_once(town, question):
    with working_for(HERE):
        share = share_network(question=question, by=town.me, now=NOW)
        first = stop_sharing(share=share, by=town.me, now=NOW).stopped_at
        assert stop_sharing(share=share, by=town.me, now=NOW).stopped_at == first


# --- a form that is sent twice


def twice(browser, page, name, fields):
    """Send the form of a page twice as it was shown; return how often that was done."""
    shown = browser.get(page).content.decode()
    key = re.search(rf'name="{name}" value="([0-9a-f-]{{36}})"', shown)[1]
    return [browser.post(page, fields | {name: key}).status_code for _ in range(2)]


def test_a_form_of_plan_or_map_sent_twice_is_done_once(me, worker, question):
    plan = f"/mijn-vragen/{question.pk}/plan"
    words = {"do": "add-goal", "add-goal-words": "Weer naar buiten"}
    assert twice(me, plan, "add-goal-key", words) == [302, 302]
    (goal,) = rows(Goal)
    act = f"add-action-{goal.pk}"
    doing = {"do": "add-action", "goal": str(goal.pk), f"{act}-who": "resident",
             f"{act}-what": "Wandelen", f"{act}-rung": "self"}  # fmt: skip
    trying = {"do": "try", "try-rung": "self", "try-offer": "Zelf bellen"}
    school = {"do": "allow", "school": "De Linde", "what": "Zorgt thuis.", "age": "17",
              "young_agrees": "on"}  # fmt: skip
    measured = {"s0": "1", "moment": "before"}
    for browser, page, name, fields, model in (
        (me, plan, f"{act}-key", doing, PlanAction),
        (me, plan, "try-key", trying, Attempt),
        (me, f"/mijn-vragen/{question.pk}/meten/kort", "key", measured, Measurement),
        (me, "/mijn-netwerk", "key", TIE, Tie),
        (worker, f"/werk/vraag/{question.pk}/school", "key", school, YoungCarerSignal),
    ):
        assert twice(browser, page, name, fields) == [302, 302], model
        assert len(rows(model)) == 1, model
    assert me.post(plan, words | {"add-goal-words": "Iets anders"}).status_code == 302
    assert len(rows(Goal)) == 2
