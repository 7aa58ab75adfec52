"""Working on a question over the pages: each deed, each refusal, and who may what."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from omzien.areas.queries import forget
from omzien.handovers.actions.advising import ask_advice
from omzien.handovers.actions.along import involve, move_involvement
from omzien.handovers.actions.answering import accept
from omzien.handovers.actions.leaving import resident_died
from omzien.journal.isolation import choose, working_for
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.people.actions.memberships import be_away
from omzien.people.models import Account, Mandate, Membership
from omzien.people.rules.roles import SYSTEM, Role
from omzien.questions.actions.discussing import Plan, plan_discussion
from omzien.questions.actions.plans import add_goal
from omzien.questions.actions.routes import add_route
from omzien.questions.actions.talking import Said, say
from omzien.questions.actions.tasks import add_task
from omzien.questions.actions.tries import add_try, finish_try
from omzien.questions.actions.working import close, give_to, go_on, pick_up, reopen
from omzien.questions.models import (
    Attempt,
    ContactAttempt,
    Question,
    RoutingRule,
    SavedFilter,
    Task,
)
from omzien.questions.queries.inbox import inbox_of, listed, waiting_for
from omzien.questions.refusals import NotAllowed
from omzien.questions.rules.filters import Filter
from omzien.questions.rules.states import Result, State
from tests.casework import NOW, STORY, a_question, an_offer, consent
from tests.signing import member, wearing

pytestmark = pytest.mark.django_db
HERE = "GM1948"
DAY = timezone.localdate(NOW)


@pytest.fixture
def town(world, kept_town, copied):
    with working_for(HERE):
        yield copied(kept_town)


@pytest.fixture
def question(town):
    return a_question(town, now=timezone.now() - timedelta(hours=2))


class Browser:
    """A browser beside a test that works for the municipality: a request ends without one."""

    def __init__(self, hat):
        self.client = wearing(hat)
        choose(HERE)

    def get(self, *address, **more):
        """Ask for a page."""
        found = self.client.get(*address, **more)
        choose(HERE)
        return found

    def post(self, *address, **more):
        """Send a form."""
        found = self.client.post(*address, **more)
        choose(HERE)
        return found


def browser(desk, *, boss=False):
    return Browser(desk.coordinator if boss else desk.worker)


def fresh(question):
    return Question.objects.get(pk=question.pk)


def send(client, question, name, *, version=None, **values):
    """Send one form of the page of a question."""
    prefixed = {f"{name}-{key}": value for key, value in values.items()}
    seen = fresh(question).version if version is None else version
    return client.post(ADDRESS[name].format(question.pk), {f"{name}-version": seen, **prefixed})


ADDRESS = {
    "page": "/werk/vraag/{}",
    "pick-up": "/werk/vraag/{}/pak-op",
    "go-on": "/werk/vraag/{}/verder",
    "give-to": "/werk/vraag/{}/geef",
    "correct": "/werk/vraag/{}/verander",
    "add-task": "/werk/vraag/{}/taak",
    "try-to-reach": "/werk/vraag/{}/poging",
    "give-up-reaching": "/werk/vraag/{}/niet-bereikt",
    "close-question": "/werk/vraag/{}/rond-af",
}
TOMORROW = (DAY + timedelta(days=1)).strftime("%d-%m-%Y")


def text_of(answer):
    """Return what a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# The page


def test_a_worker_reads_who_what_and_what_happened(town, question):
    answer = browser(town.a).get(ADDRESS["page"].format(question.pk))
    said = text_of(answer)
    assert answer.status_code == 200
    for words in ("Rina Roos", "06-5550 0001", STORY, "Schijndel", "Eenzaamheid", "nieuw",
                  "De inwoner stelde de vraag.", "nog bij niemand", "Overzicht"):  # fmt: skip
        assert words in said, words


def test_another_team_finds_nothing(town, question):
    for desk in (town.b, town.c):
        assert browser(desk).get(ADDRESS["page"].format(question.pk)).status_code == 404
        for name in set(ADDRESS) - {"page"}:
            client = browser(desk, boss=name == "give-to")
            assert send(client, question, name).status_code == 404, name


def test_who_is_offered_a_question_reads_what_the_ground_covers_and_works_on_nothing(
    town, question
):
    consent(town, town.b)
    an_offer(question, town.b, town, now=timezone.now())
    client = browser(town.b)
    answer = client.get(ADDRESS["page"].format(question.pk))
    assert answer.status_code == 200 and STORY in text_of(answer)
    assert "Wat wil je doen?" not in text_of(answer)
    assert send(client, question, "pick-up").status_code == 404


def test_a_partner_that_owns_a_question_reads_it(town):
    RoutingRule.objects.create(municipality=town.municipality, position=1, team=town.c.team)
    question = a_question(town)
    said = text_of(browser(town.c).get(ADDRESS["page"].format(question.pk)))
    assert STORY in said and "Rina Roos" in said


def test_colleagues_of_another_team_are_never_named(town, question):
    consent(town, town.b, categories=["contact", "story", "plan"])
    pick_up(question=question, by=town.a.by, now=NOW)
    an_offer(question, town.b, town, now=timezone.now())
    said = text_of(browser(town.b).get(ADDRESS["page"].format(question.pk)))
    assert "Wim A" not in said and "Iemand van Team A pakte de vraag op." in said
    assert "Wim A pakte de vraag op." in text_of(
        browser(town.a, boss=True).get(ADDRESS["page"].format(question.pk))
    )


def test_nobody_works_on_their_own_question_or_a_relatives(town, question):
    worker = town.a.worker
    for change in (
        lambda: Question.objects.filter(pk=question.pk).update(person=worker.person),
        lambda: Mandate.objects.create(
            municipality=town.municipality, resident=town.resident, proxy=worker.person,
            what=["look"], starts_on=DAY, confirmed_at=NOW,
        ),
    ):  # fmt: skip
        change()
        client = browser(town.a)
        assert client.get(ADDRESS["page"].format(question.pk)).status_code == 404
        for name in set(ADDRESS) - {"page", "give-to"}:
            assert send(client, question, name).status_code == 404, name
        assert question.reference not in client.get("/werk/lijst").content.decode()
        Question.objects.filter(pk=question.pk).update(person=town.resident)


def test_the_number_of_queries_does_not_grow(town, question, django_assert_max_num_queries):
    client = browser(town.a)
    for n in range(3):
        send(client, question, "add-task", what=f"taak {n}", due_on=TOMORROW)
    with django_assert_max_num_queries(45):
        client.get(ADDRESS["page"].format(question.pk))


# Deeds


def test_picking_up_and_going_on(town, question):
    client = browser(town.a)
    assert send(client, question, "pick-up").status_code == 302
    row = fresh(question)
    assert (row.holder_id, row.state) == (town.a.worker.pk, State.CLARIFYING)
    answer = send(client, question, "go-on", rung="community", next_action="Samen koffie drinken",
                  next_on=TOMORROW)  # fmt: skip
    assert answer.status_code == 400
    assert "Hier is nog niets geprobeerd: Zelf doen, Met je eigen mensen." in text_of(answer)
    assert "Samen koffie drinken" in answer.content.decode()
    answer = send(client, question, "go-on", rung="community", next_action="Samen koffie drinken",
                  next_on=TOMORROW, skipped="Ze kent hier niemand")  # fmt: skip
    assert answer.status_code == 302
    row = fresh(question)
    assert (row.state, row.rung) == (State.RUNNING, Rung.COMMUNITY)
    assert row.due_on == DAY + timedelta(days=1)
    assert "sloeg treden over, met een reden: Zelf doen, Met je eigen mensen." in text_of(
        client.get(ADDRESS["page"].format(question.pk))
    )


def test_the_history_says_what_was_done_and_not_only_that_it_was(town, question):
    say(question=question, said=Said(text="Dag"), by=town.a.by, now=timezone.now())
    add_goal(question=question, words="Weer eens naar buiten", by=town.me, now=timezone.now())
    history = text_of(browser(town.a).get(ADDRESS["page"].format(question.pk)))
    assert "schreef een bericht." in history and "schreef een doel op." in history
    assert "werkte aan de vraag" not in history


@pytest.mark.parametrize(
    "values,sentence",
    [
        ({"rung": "self", "next_action": "", "next_on": TOMORROW}, "Schrijf wat er nu gebeurt."),
        ({"rung": "self", "next_action": "x", "next_on": "1-1-2020"}, "Deze dag is al voorbij."),
        ({"rung": "self", "next_action": "x", "next_on": "morgen"}, "zoals 31-12-2026"),
        ({"rung": "nergens", "next_action": "x", "next_on": TOMORROW}, "Kies er een"),
        ({"rung": "", "next_action": "x", "next_on": TOMORROW}, "Kies op welke trede."),
    ],
)
def test_going_on_asks_what_when_and_where(town, question, values, sentence):
    answer = send(browser(town.a), question, "go-on", **values)
    assert answer.status_code == 400 and sentence in text_of(answer)
    assert "<title>Fout:" in answer.content.decode()
    assert fresh(question).version == 1


def test_a_fault_about_a_try_or_an_end_names_its_field(town, question):
    tried = text_of(send(browser(town.a), question, "try-to-reach", channel="", day="", reached=""))
    assert "Kies hoe je het probeerde." in tried and "Kies of het lukte." in tried
    ended = text_of(send(browser(town.a), question, "close-question", result="", rung_reached=""))
    assert "Kies hoe het is gelopen." in ended and "Kies er een" not in tried + ended


def test_only_a_coordinator_gives_to_a_colleague(town, question):
    assert send(browser(town.a), question, "give-to", holder="", over="").status_code == 403
    boss = browser(town.a, boss=True)
    holder = str(town.a.worker.pk)
    assert send(boss, question, "give-to", holder=holder, over="").status_code == 302
    assert fresh(question).holder_id == town.a.worker.pk
    stranger = str(town.b.worker.pk)
    assert send(boss, question, "give-to", holder=stranger, over="").status_code == 400
    assert send(boss, question, "give-to", holder="", over="").status_code == 302
    assert fresh(question).holder_id is None


def test_who_has_the_least_work_and_is_here_is_offered_first(town, question):
    for _n in range(2):
        pick_up(question=a_question(town, now=timezone.now()), by=town.a.by, now=timezone.now())
    boss, address = browser(town.a, boss=True), ADDRESS["page"].format(question.pk)
    page = boss.get(address).content.decode()
    assert page.index("Cor A: 0 vragen, werklast 0") < page.index("Wim A: 2 vragen, werklast 4")
    be_away(membership=town.a.coordinator, first_on=DAY, last_on=DAY, by=town.a.boss)
    page = boss.get(address).content.decode()
    assert page.index("Wim A: 2 vragen") < page.index("Cor A: 0 vragen, werklast 0 (nu afwezig)")
    assert "werklast" not in browser(town.a).get(address).content.decode()


def test_above_the_cap_giving_asks_a_reason(town, question, world):
    world.meierijstad.settings = {"question_caseload": 1}
    world.meierijstad.save()
    forget()
    boss, holder = browser(town.a, boss=True), str(town.a.worker.pk)
    pick_up(question=a_question(town), by=town.a.by, now=NOW)
    answer = send(boss, question, "give-to", holder=holder, over="")
    assert answer.status_code == 400 and "werklast van 2, en de grens is 1" in text_of(answer)
    assert send(boss, question, "give-to", holder=holder, over="agreed").status_code == 302
    assert Fact.objects.get(verb="give-to").details["over"] == "agreed"


def test_another_topic_only_proposes_another_team(town, question, world):
    Question.objects.filter(pk=question.pk).update(version=1)
    town.b.team.villages = [world.veghel.pk]
    town.b.team.save()
    client = browser(town.a)
    answer = send(client, question, "correct", village=world.veghel.pk, topics=["debt"])
    assert answer.status_code == 302
    row = fresh(question)
    assert (row.team_id, row.village_id, row.topics) == (town.a.team.pk, world.veghel.pk, ["debt"])
    said = text_of(client.get(ADDRESS["page"].format(question.pk)))
    assert "past de vraag bij Team B" in said


def test_a_corrected_question_is_not_proposed_to_who_works_at_this_hour(town, question, world):
    """What counts is when it was asked: an evening rule says nothing each evening anew."""
    local = timezone.localtime()
    Question.objects.filter(pk=question.pk).update(asked_at=local - timedelta(hours=5))
    around = [(local + timedelta(hours=step)).time() for step in (-1, 1)]
    now_only = add_route(
        municipality=town.municipality, team=town.b.team, by=SYSTEM,
        starts=around[0], ends=around[1],
    )  # fmt: skip
    client = browser(town.a)
    changed = send(client, question, "correct", village=world.schijndel.pk, topics=["debt"])
    assert changed.status_code == 302
    page = ADDRESS["page"].format(question.pk)
    assert "past de vraag bij" not in text_of(client.get(page))
    RoutingRule.objects.filter(pk=now_only.pk).update(starts=None, ends=None)
    assert "past de vraag bij Team B" in text_of(client.get(page))


def test_a_village_of_elsewhere_or_six_topics_are_refused(town, question, world):
    client = browser(town.a)
    assert send(client, question, "correct", village=world.uden.pk).status_code == 400
    six = ["debt", "loneliness", "carer", "housing", "work", "language"]
    answer = send(client, question, "correct", village=world.schijndel.pk, topics=six)
    assert answer.status_code == 400


def test_a_task_is_written_down_and_done_once(town, question):
    client = browser(town.a)
    assert send(client, question, "add-task", what="", due_on=TOMORROW).status_code == 400
    sent = send(client, question, "add-task", what="Bel de huiskamer", due_on=TOMORROW)
    assert sent.status_code == 302
    task = Task.objects.get()
    for _once_more in range(2):
        assert client.post(f"/werk/taak/{task.pk}/klaar").status_code == 302
    assert Fact.objects.filter(verb="finish-task").count() == 1
    assert browser(town.b).post(f"/werk/taak/{task.pk}/klaar").status_code == 404


def test_closing_needs_a_result_a_rung_and_telling(town, question):
    client = browser(town.a)
    answer = send(client, question, "close-question", result="solved", rung_reached="self")
    assert answer.status_code == 400 and "Laat het eerst aan de inwoner weten." in text_of(answer)
    assert send(client, question, "close-question", is_told="on").status_code == 400
    answer = send(client, question, "close-question", result="solved", rung_reached="self",
                  is_told="on")  # fmt: skip
    assert answer.status_code == 302 and answer["Location"] == "/werk"
    assert client.get(ADDRESS["page"].format(question.pk)).status_code == 404


def test_what_stands_in_the_way_of_closing_is_said(town, question):
    Question.objects.filter(pk=question.pk).update(is_acute=True)
    client = browser(town.a)
    page = text_of(client.get(ADDRESS["page"].format(question.pk)))
    assert "Afronden kan nog niet" in page and "Rond de vraag af" not in page
    answer = send(client, question, "close-question", result="solved", rung_reached="self",
                  is_told="on")  # fmt: skip
    assert answer.status_code == 400 and "De vraag is acuut." in text_of(answer)


def test_a_closed_question_shows_little_and_opens_again(town, question):
    close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
          by=town.a.by, now=timezone.now())  # fmt: skip
    client = browser(town.a)
    page = client.get("/werk/afgerond")
    assert question.reference in text_of(page) and "opgelost" in text_of(page)
    assert STORY not in text_of(page) and "Rina" not in text_of(page)
    assert question.reference not in text_of(browser(town.b).get("/werk/afgerond"))
    again = f"/werk/afgerond/{question.pk}/heropen"
    assert browser(town.b).post(again).status_code == 404
    assert client.post(again).status_code == 302
    assert fresh(question).is_live


def test_after_six_weeks_it_does_not_open_and_says_what_can(town, question):
    close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
          by=town.a.by, now=timezone.now())  # fmt: skip
    Question.objects.filter(pk=question.pk).update(ended_at=NOW - timedelta(days=50))
    client = browser(town.a)
    assert "kan niet meer open" in text_of(client.get("/werk/afgerond"))
    answer = client.post(f"/werk/afgerond/{question.pk}/heropen", follow=True)
    assert "een nieuwe vraag" in text_of(answer) and not fresh(question).is_live


def test_what_cannot_open_any_more_is_asked_anew_and_linked(town, question):
    one = add_try(question=question, rung=Rung.SELF, offer="Buurvrouw", by=town.a.by, now=NOW)
    finish_try(attempt=one, result=Attempt.Result.FAILED, reason="Verhuisd", by=town.a.by, now=NOW)
    close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
          by=town.a.by, now=timezone.now())  # fmt: skip
    Question.objects.filter(pk=question.pk).update(ended_at=NOW - timedelta(days=50))
    client, path = browser(town.a), f"/werk/nieuwe-vraag?na={question.pk}"
    assert path in client.get("/werk/afgerond").content.decode()
    page = client.get(path).content.decode()
    assert f"een vervolg op vraag {question.reference}" in page and "Rina" not in page
    key = page.split('name="key" value="')[1].split('"')[0]
    form = {"key": key, "after": str(question.pk), "channel": "phone", "story": "Het is er weer.",
            "place": "5481", "name": "Rina Roos", "phone": "06 5550 0001", "reach_by": "phone",
            "knows": "yes"}  # fmt: skip
    other = client.post("/werk/nieuwe-vraag", form | {"name": "Bep Bakker"})
    assert other.status_code == 400 and "Kijk of je de goede vraag koos" in text_of(other)
    client.post("/werk/nieuwe-vraag", form)
    again = Question.objects.get(follows=question)
    assert again.person_id == question.person_id
    shown = client.get(f"/werk/vraag/{again.pk}")
    page = text_of(shown)
    assert question.reference in page and "Buurvrouw" in page
    place = f"vraag-{question.reference}"
    assert f'<a href="/werk/afgerond#{place}">Een vervolg op' in shown.content.decode()
    assert f'id="{place}"' in client.get("/werk/afgerond").content.decode()
    stranger = browser(town.b).get(path)
    assert question.reference not in text_of(stranger)


def test_a_death_that_was_a_mistake_is_taken_back_by_who_coordinates(town, question):
    other = a_question(town)
    resident_died(question=question, by=town.a.by, now=timezone.now())
    assert Task.objects.open().filter(question=other).exists()
    client, boss = browser(town.a), browser(town.a, boss=True)
    again = f"/werk/afgerond/{question.pk}/heropen"
    page = client.get("/werk/afgerond")
    assert "de inwoner is overleden" in text_of(page) and again not in page.content.decode()
    assert "Vraag het je coördinator" in text_of(page)
    assert client.post(again, {"mistake": "wrong-news"}).status_code == 404
    assert again in boss.get("/werk/afgerond").content.decode()
    boss.post(again)
    assert not fresh(question).is_live
    assert boss.post(again, {"mistake": "other-question"}).status_code == 302
    assert fresh(question).is_live and not fresh(question).left
    assert not Task.objects.open().filter(question=other).exists()
    assert Fact.objects.filter(verb="reopen").get().details["mistake"] == "other-question"
    said = text_of(boss.get(ADDRESS["page"].format(question.pk)))
    assert "de inwoner is niet overleden" in said


def test_a_relative_does_not_open_it_again(town, question):
    close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
          by=town.a.by, now=timezone.now())  # fmt: skip
    Question.objects.filter(pk=question.pk).update(person=town.a.worker.person)
    client = browser(town.a)
    assert question.reference not in text_of(client.get("/werk/afgerond"))
    assert client.post(f"/werk/afgerond/{question.pk}/heropen").status_code == 404


# Reaching


def attempt(question, day, channel="phone", *, reached=False):
    ContactAttempt.objects.create(
        municipality_id=HERE, question=question, channel=channel, day=day, reached=reached,
        made_at=NOW,
    )  # fmt: skip


def test_being_reached_is_the_first_answer(town, question):
    client, today = browser(town.a), DAY.strftime("%d-%m-%Y")
    send(client, question, "try-to-reach", channel="phone", day=today, reached="no")
    assert fresh(question).replied_at is None
    send(client, question, "try-to-reach", channel="phone", day=today, reached="yes")
    first = fresh(question).replied_at
    assert first is not None
    send(client, question, "try-to-reach", channel="visit", day=today, reached="yes")
    assert fresh(question).replied_at == first


def test_a_try_of_tomorrow_or_before_the_question_is_none(town, question):
    client = browser(town.a)
    for day in (TOMORROW, "1-1-2020"):
        answer = send(client, question, "try-to-reach", channel="phone", day=day, reached="no")
        assert answer.status_code == 400, day


def test_a_try_in_vain_moves_a_clock_that_is_over_to_the_next_try(town, question):
    Question.objects.filter(pk=question.pk).update(due_on=DAY - timedelta(days=3))
    send(browser(town.a), question, "try-to-reach", channel="phone",
         day=DAY.strftime("%d-%m-%Y"), reached="no")  # fmt: skip
    assert fresh(question).due_on > DAY


@pytest.mark.parametrize(
    "tries,lacking",
    [
        ([], ("drie keer", "twee manieren", "te weinig werkdagen")),
        ([(30, "phone"), (25, "phone"), (20, "phone")], ("twee manieren",)),
        ([(30, "phone"), (20, "visit")], ("drie keer",)),
        ([(5, "phone"), (4, "visit"), (3, "mail")], ("te weinig werkdagen",)),
    ],
)
def test_giving_up_too_soon_says_what_is_lacking(town, question, tries, lacking):
    long_ago = timezone.now() - timedelta(days=40)
    Question.objects.filter(pk=question.pk).update(asked_at=long_ago)
    for days, channel in tries:
        attempt(question, DAY - timedelta(days=days), channel)
    answer = send(browser(town.a), question, "give-up-reaching", letter_on=DAY.strftime("%d-%m-%Y"))
    assert answer.status_code == 400 and fresh(question).is_live
    for words in lacking:
        assert words in text_of(answer), words


def test_giving_up_after_three_tries_two_ways_ten_days_and_a_letter(town, question):
    Question.objects.filter(pk=question.pk).update(asked_at=timezone.now() - timedelta(days=40))
    for days, channel in ((30, "phone"), (20, "visit"), (10, "phone")):
        attempt(question, DAY - timedelta(days=days), channel)
    client = browser(town.a)
    answer = send(client, question, "give-up-reaching", letter_on="")
    assert answer.status_code == 400 and "Stuur een brief" in text_of(answer)
    answer = send(client, question, "give-up-reaching", letter_on=DAY.strftime("%d-%m-%Y"))
    assert answer.status_code == 302
    row = fresh(question)
    assert row.state == State.UNREACHED and row.ended_at is not None
    assert ContactAttempt.objects.filter(question=question, channel="letter").count() == 1
    assert "niet bereikt" in text_of(client.get("/werk/afgerond"))


# Two at the same page


def test_a_page_that_is_too_old_shows_what_changed_and_keeps_what_was_typed(town, question):
    pick_up(question=question, by=town.a.boss, now=NOW)
    words = "Een lange zin die niemand kwijt wil 🌷"
    answer = send(browser(town.a), question, "go-on", version=1, rung="self", next_action=words,
                  next_on=TOMORROW)  # fmt: skip
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert "Cor A pakte de vraag op." in text_of(answer)
    assert "stelde de vraag" not in text_of(answer)
    assert fresh(question).next_action == ""
    again = send(browser(town.a), question, "go-on", rung="self", next_action=words,
                 next_on=TOMORROW)  # fmt: skip
    assert again.status_code == 302 and fresh(question).next_action == words


def test_what_was_typed_survives_a_colleague_who_closes(town, question):
    close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
          by=town.a.boss, now=timezone.now())  # fmt: skip
    answer = send(browser(town.a), question, "add-task", version=1, what="Bel de huisarts",
                  due_on=TOMORROW)  # fmt: skip
    assert answer.status_code == 409
    assert "Bel de huisarts" in text_of(answer) and STORY not in text_of(answer)


def test_every_deed_asks_for_the_version(town, question):
    for name in set(ADDRESS) - {"page"}:
        client = browser(town.a, boss=True)
        answer = client.post(ADDRESS[name].format(question.pk), {})
        assert answer.status_code == 400, name
    assert fresh(question).version == 1


# The inbox


def test_the_inbox_shows_what_waits_and_for_whom(town, question):
    client = browser(town.a)
    assert "Nog bij niemand" in text_of(client.get("/werk"))
    Question.objects.filter(pk=question.pk).update(due_on=DAY, holder=town.a.worker)
    said = text_of(client.get("/werk"))
    assert "Van jou, vandaag of eerder" in said and "Rina Roos" in said
    assert STORY not in said
    assert "Rina Roos" not in text_of(browser(town.b).get("/werk"))
    assert "Er wacht 1 ding op jou of op je team." in text_of(client.get("/vandaag"))
    assert "Er wacht vandaag niets op je." in text_of(browser(town.b).get("/werk"))


def test_the_fold_over_the_filters_says_which_are_on(town, question):
    client = browser(town.a)
    chosen = client.get("/werk/lijst?village=schijndel&holder=nobody")
    assert "Filters (Dorp: Schijndel; Bij wie: niemand)" in text_of(chosen)
    assert "Filters (" not in text_of(client.get("/werk/lijst"))


def test_of_who_cannot_sign_in_any_more_the_team_reads_so_and_nothing_is_given_to_them(
    town, question
):
    pick_up(question=question, by=town.a.by, now=NOW)
    boss = browser(town.a, boss=True)
    page = ADDRESS["page"].format(question.pk)
    assert "niet meer aanmelden" not in text_of(boss.get(page))
    Account.objects.filter(pk=town.a.worker.person.account_id).update(is_active=False)
    for address in ("/werk", "/werk/lijst"):
        assert "Was bij Wim A, die zich niet meer kan aanmelden." in text_of(boss.get(address))
    assert "kan zich niet meer aanmelden: pak de vraag op" in text_of(boss.get(page))
    assert f'value="{town.a.worker.pk}"' not in boss.get(page).content.decode()
    with pytest.raises(NotAllowed):
        give_to(question=fresh(question), holder=town.a.worker, by=town.a.boss, now=NOW)


def test_a_card_says_to_which_team_a_question_is_offered(town, question):
    """So that no colleague calls a resident whom another team calls."""
    consent(town, town.b)
    slip = an_offer(question, town.b, town, now=timezone.now())
    for address in ("/werk", "/werk/lijst"):
        assert "aangeboden aan Team B" in text_of(browser(town.a).get(address))
    accept(handover=slip, contact_name="Bo Beller", by=town.b.by, now=timezone.now())
    assert "aangenomen door Team B" in text_of(browser(town.a).get("/werk/lijst"))


def test_an_acute_question_an_offer_a_task_and_what_came_back(town, question):
    Question.objects.filter(pk=question.pk).update(is_acute=True)
    consent(town, town.b)
    an_offer(question, town.b, town, now=timezone.now())
    assert "Acuut" in text_of(browser(town.a).get("/werk"))
    said = text_of(browser(town.b).get("/werk"))
    assert "Gevraagd aan je team (1)" in said and "Van Team A" in said
    later_on = DAY + timedelta(9)
    for kind, what, due in (
        ("own", "Bel terug", DAY), ("own", "Nog niet", later_on), ("next-step", "", later_on),
        ("silent", "", later_on), ("coordinator", "", later_on),
    ):  # fmt: skip
        Task.objects.create(
            municipality_id=HERE, question=question, kind=kind, what=what, team=town.a.team,
            due_on=due, made_at=NOW,
        )  # fmt: skip
    said = text_of(browser(town.a).get("/werk"))
    assert "Bel terug" in said and "Kies een volgende stap" in said and "kijk mee" not in said
    assert "geen antwoord van de inwoner" in said and "Nog niet" not in said
    page = text_of(browser(town.a).get(ADDRESS["page"].format(question.pk)))
    assert (
        "Geen antwoord van de inwoner" in page
        and "Een overdracht of meedoen ging niet door" in page
    )
    assert "kijk mee" in text_of(browser(town.a, boss=True).get("/werk"))
    town.a.coordinator.ended_at = NOW
    town.a.coordinator.save()  # nobody coordinates here: then the team does
    assert "kijk mee" in text_of(browser(town.a).get("/werk"))


def test_a_new_post_of_the_resident_is_seen_until_somebody_opens_it(town, question):
    Question.objects.filter(pk=question.pk).update(holder=town.a.worker, due_on=DAY + timedelta(9))
    page, talk = ADDRESS["page"].format(question.pk), f"/werk/vraag/{question.pk}/gesprek"
    client, colleague = browser(town.a), browser(town.a, boss=True)
    say(question=question, said=Said(text="Kun je mij bellen?"), by=town.a.by, now=NOW)
    assert "Nieuw bericht" not in text_of(client.get("/werk"))
    say(question=question, said=Said(text="Bel maar na vijf uur"), by=town.me, now=NOW)
    listed_now = client.get("/werk")
    assert "Nieuw bericht (1)" in text_of(listed_now) and talk in listed_now.content.decode()
    assert "Bel maar" not in text_of(listed_now)
    assert "Er wacht 1 ding" in text_of(client.get("/vandaag"))
    assert "Nieuw bericht" not in text_of(colleague.get("/werk"))  # it is Wim's
    assert "Nieuw bericht" not in text_of(browser(town.b).get("/werk"))
    assert "Gesprek 1 nieuw" in text_of(client.get(page))
    be_away(membership=town.a.worker, first_on=DAY, last_on=DAY + timedelta(9),
            cover=town.a.coordinator, by=SYSTEM)  # fmt: skip
    assert "Nieuw bericht (1)" in text_of(colleague.get("/werk"))
    colleague.get(talk)
    assert "Nieuw bericht" not in text_of(client.get("/werk"))
    assert "1 nieuw" not in text_of(client.get(page))


def test_a_reopened_question_is_seen_at_once_without_its_old_next_step(town, question):
    go_on(question=question, rung=Rung.SELF, next_action="bellen met de kapper",
          next_on=DAY + timedelta(1), by=town.a.by, now=NOW)  # fmt: skip
    close(question=fresh(question), result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
          by=town.a.by, now=NOW)  # fmt: skip
    client = browser(town.a)
    assert "Er wacht vandaag niets op je." in text_of(client.get("/werk"))
    reopen(question=question, by=town.me, now=NOW)
    row, said = fresh(question), text_of(client.get("/werk"))
    assert (row.state, row.next_action) == (State.CLARIFYING, "") and row.due_on > DAY
    assert (
        "Kies een volgende stap" in said
        and "de vraag is weer open" in said
        and "kapper" not in said
    )
    # A step that is late says so; one that is not, by when it must be chosen.
    assert "Uiterlijk " in said and "te laat" not in said
    with working_for(town.municipality.code):
        Task.objects.filter(question=question).update(due_on=timezone.localdate() - timedelta(1))
    assert "te laat: " in text_of(client.get("/werk"))
    assert "kapper" not in text_of(client.get(ADDRESS["page"].format(question.pk)))
    mail = Message.objects.get(key__startswith="reopened:")
    assert mail.recipient == "wim.a@meierijstad.example" and str(question.pk) in mail.body
    go_on(question=row, rung=Rung.SELF, next_action="opnieuw bellen", next_on=DAY + timedelta(1),
          by=town.a.by, now=NOW)  # fmt: skip
    assert "Kies een volgende stap" not in text_of(client.get("/werk"))


def test_a_reopened_question_of_who_left_is_the_desks(town, question):
    pick_up(question=question, by=town.a.by, now=NOW)
    close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
          by=town.a.by, now=NOW)  # fmt: skip
    Membership.objects.filter(pk=town.a.worker.pk).update(ended_at=NOW)
    reopen(question=question, by=town.me, now=NOW)
    assert "de vraag is weer open" in text_of(browser(town.a, boss=True).get("/werk"))


def test_who_gets_a_question_sees_it_at_once_and_gets_a_mail(town, question):
    go_on(question=question, rung=Rung.SELF, next_action="bellen", by=town.a.boss, now=NOW,
          next_on=DAY + timedelta(9))  # fmt: skip
    Task.objects.create(
        municipality_id=HERE, question=question, kind="next-step", team=town.a.team,
        holder=town.a.coordinator, due_on=DAY, made_at=NOW,
    )  # fmt: skip
    boss = browser(town.a, boss=True)
    send(boss, question, "give-to", holder=str(town.a.worker.pk), over="")
    said = text_of(browser(town.a).get("/werk"))
    assert "een collega gaf je deze vraag" in said and "Kies een volgende stap" in said
    assert fresh(question).due_on == DAY + timedelta(9)
    mail = Message.objects.get(key__startswith="given:")
    assert mail.recipient == "wim.a@meierijstad.example" and "Rina" not in mail.body
    assert "Kies een volgende stap" not in text_of(boss.get("/werk"))
    send(boss, question, "give-to", holder=str(town.a.worker.pk), over="")  # who has it has it
    assert Message.objects.filter(key__startswith="given:").count() == 1
    pick_up(question=fresh(question), by=town.a.boss, now=NOW)
    assert "een collega gaf" not in text_of(boss.get("/werk")) + text_of(
        browser(town.a).get("/werk")
    )


def test_a_new_post_about_a_question_of_nobody_is_everybodys(town, question):
    say(question=question, said=Said(text="Bel maar na vijf uur"), by=town.me, now=NOW)
    for boss in (False, True):
        assert "Nieuw bericht (1)" in text_of(browser(town.a, boss=boss).get("/werk"))


def test_what_other_teams_ask_is_listed_and_counted(town, question):
    client = browser(town.b)
    consent(town, town.b)
    now = timezone.now()
    ask_advice(question=question, to_team=town.b.team, text="Wat zou jij doen?", by=town.a.by,
               now=now)  # fmt: skip
    part = involve(question=question, team=town.b.team, part="de kar", by=town.a.by, now=now)
    plan = Plan(purpose="Wie doet wat?", at=now + timedelta(days=3), teams=[town.b.team.pk])
    plan_discussion(question=question, plan=plan, by=town.a.by, now=now)
    said = text_of(client.get("/werk"))
    assert "Gevraagd aan je team (3)" in said and "Rina" not in said and "Wie doet" not in said
    for what in ("raad geven", "meedoen: zeg ja of nee", "overleg"):
        assert f"Van Team A : {what}" in said or f"Van Team A: {what}" in said, what
    assert "Er wachten 3 dingen op jou" in text_of(client.get("/vandaag"))
    for page in ("/werk", "/vandaag"):
        shown = client.get(page).content.decode()
        assert 'href="/werk/overdrachten"' in shown and 'href="/werk/overleg"' in shown
    links = re.findall(r'level-4"><a href="([^"]+)"', client.get("/werk").content.decode())
    assert len(links) == 3 and all(client.get(one).status_code == 200 for one in links)
    move_involvement(involvement=part, name="join", by=town.b.by, now=now)
    assert "Gevraagd aan je team (2)" in text_of(client.get("/werk"))
    assert "raad geven" not in text_of(browser(town.c).get("/werk"))


def test_today_counts_what_the_inbox_lists(town, question):
    pick_up(question=question, by=town.a.by, now=NOW)
    for kind, what in (("own", "Bel terug"), ("next-step", ""), ("silent", "")):
        Task.objects.create(
            municipality_id=HERE, question=question, kind=kind, what=what, team=town.a.team,
            holder=town.a.worker, due_on=DAY, made_at=NOW,
        )  # fmt: skip
    assert "Er wachten 3 dingen op jou" in text_of(browser(town.a).get("/vandaag"))
    Question.objects.filter(pk=question.pk).update(due_on=DAY)
    # The task that asks the next step stands for the question: it is said and counted once.
    assert "Er wachten 3 dingen op jou" in text_of(browser(town.a).get("/vandaag"))
    page = text_of(browser(town.a).get("/werk"))
    assert "Kies een volgende stap (1)" in page and "Van jou" not in page
    Task.objects.filter(kind="next-step").update(done_at=NOW)
    assert "Er wachten 3 dingen op jou" in text_of(browser(town.a).get("/vandaag"))
    assert "Van jou, vandaag of eerder (1)" in text_of(browser(town.a).get("/werk"))
    Question.objects.filter(pk=question.pk).update(is_acute=True)
    Task.objects.filter(kind="next-step").update(done_at=None)
    page = text_of(browser(town.a).get("/werk"))  # what is acute stands above, whatever else waits
    assert "Acuut (1)" in page and "Kies een volgende stap (1)" in page
    assert "Er wachten 4 dingen op jou" in text_of(browser(town.a).get("/vandaag"))
    assert "Er wacht nu niets op jou of op je team." in text_of(browser(town.b).get("/vandaag"))


def test_who_coordinates_sees_what_is_over_its_day(town, question):
    pick_up(question=question, by=town.a.by, now=NOW)
    Question.objects.filter(pk=question.pk).update(due_on=DAY)
    assert "over de dag" not in text_of(browser(town.a, boss=True).get("/vandaag"))
    Question.objects.filter(pk=question.pk).update(due_on=DAY - timedelta(1))
    boss = browser(town.a, boss=True).get("/vandaag")
    assert "1 vraag van je team is over de dag." in text_of(boss)
    assert 'href="/werk/lijst?due=late"' in boss.content.decode()
    assert "over de dag" not in text_of(browser(town.a).get("/vandaag"))
    assert "over de dag" not in text_of(browser(town.b, boss=True).get("/vandaag"))
    late = "/werk/lijst?due=late"
    assert "Rina Roos" in text_of(browser(town.a, boss=True).get(late))
    Question.objects.filter(pk=question.pk).update(due_on=DAY)
    assert "Rina Roos" not in text_of(browser(town.a, boss=True).get(late))


def test_the_ways_are_those_of_the_role(town, question):
    for boss, has_texts in ((False, False), (True, True)):
        for page in ("/vandaag", "/werk"):
            shown = browser(town.a, boss=boss).get(page).content.decode()
            assert 'href="/werk/nieuwe-vraag"' in shown
            assert ('href="/beheer/standaardteksten"' in shown) is has_texts


def test_who_covers_sees_the_questions_of_who_is_away(town, question):
    Question.objects.filter(pk=question.pk).update(due_on=DAY, holder=town.a.worker)
    be_away(membership=town.a.worker, first_on=DAY, last_on=DAY + timedelta(9),
            cover=town.a.coordinator, by=SYSTEM)  # fmt: skip
    said = text_of(browser(town.a, boss=True).get("/werk"))
    assert "Van jou, vandaag of eerder" in said
    assert "Bij Wim A, afwezig. Cor A vervangt." in said


def test_what_comes_in_between_moves_the_clock_and_not_the_day_of_the_step(town, question):
    step_on = timezone.localdate() + timedelta(days=30)
    go_on(question=question, rung=Rung.COMMUNITY, next_action="Kennismaken met een maatje",
          next_on=step_on, by=town.a.by, now=NOW, skipped="wil ze")  # fmt: skip
    say(question=question, said=Said(text="Ik heb er zin in"), by=town.me, now=NOW)
    row = fresh(question)
    assert row.due_on < row.next_on == step_on
    shown = date_format(step_on, "l j F Y")
    theirs = text_of(browser(town.a).get(ADDRESS["page"].format(question.pk)))
    assert "Volgende stap Kennismaken met een maatje" in theirs and f"), {shown}" in theirs
    assert f"Kijk er eerder naar {date_format(row.due_on, 'l j F Y')}" in theirs
    mine = text_of(Browser(town.resident).get(f"/mijn-vragen/{question.pk}"))
    assert f"Kennismaken met een maatje Uiterlijk: {shown}" in mine


def test_who_covers_for_a_cover_has_the_work_of_both(town, question):
    tom = member(Role.TEAM_MEMBER, town.municipality, team=town.a.team, name="Tom Derde")
    choose(HERE)
    Question.objects.filter(pk=question.pk).update(due_on=DAY, holder=town.a.worker)
    days = {"first_on": DAY, "last_on": DAY + timedelta(9), "by": SYSTEM}
    be_away(membership=town.a.worker, cover=town.a.coordinator, **days)
    be_away(membership=town.a.coordinator, cover=tom, **days)
    say(question=question, said=Said(text="Ben je er?"), by=town.me, now=NOW)
    third = Browser(tom)
    said = text_of(third.get("/werk"))
    assert "Van jou, vandaag of eerder (1)" in said and "Nieuw bericht (1)" in said
    assert "Bij Wim A, afwezig. Tom Derde vervangt." in said
    assert "Van jou" not in text_of(browser(town.a, boss=True).get("/werk"))
    mine = text_of(Browser(town.resident).get(f"/mijn-vragen/{question.pk}"))
    assert "Wie helpt je? Tom Derde Wim A is er nu niet." in mine


def test_a_chain_of_covers_that_ends_with_nobody_is_the_desks(town, question):
    Question.objects.filter(pk=question.pk).update(holder=town.a.worker)
    days = {"first_on": DAY, "last_on": DAY + timedelta(9), "by": SYSTEM}
    be_away(membership=town.a.worker, cover=town.a.coordinator, **days)
    be_away(membership=town.a.coordinator, **days)
    assert {one.pk for one in inbox_of(town.a.boss, on=DAY).nobody.rows} == {question.pk}
    assert "Niemand vervangt." in text_of(browser(town.a).get("/werk"))


def test_without_cover_or_membership_it_is_the_desks(town, question):
    Question.objects.filter(pk=question.pk).update(holder=town.a.worker)
    desk = lambda: {one.pk for one in inbox_of(town.a.boss, on=DAY).nobody.rows}  # noqa: E731
    assert desk() == set()
    be_away(membership=town.a.worker, first_on=DAY, last_on=DAY + timedelta(9), by=SYSTEM)
    assert desk() == {question.pk}
    town.a.worker.absences.all().delete()
    Membership.objects.filter(pk=town.a.worker.pk).update(ended_at=NOW)
    assert desk() == {question.pk}


def test_the_list_goes_on_by_key_and_loses_or_doubles_nothing(town):
    for n in range(60):
        one = a_question(town)
        Question.objects.filter(pk=one.pk).update(due_on=DAY + timedelta(days=n % 3))
    client, seen, address = browser(town.a), [], "/werk/lijst"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'/werk/vraag/([0-9a-f-]{36})"', page)
        found = re.search(r'href="(/werk/lijst\?na=[^"]+)"', page)
        address = found and found[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 60
    assert waiting_for(town.a.by, on=DAY).said == "60"


def test_of_one_day_who_waited_longest_stands_first(town):
    asked = {}
    for n in (3, 1, 4, 0, 2):
        one = a_question(town)
        moment = NOW - timedelta(days=10, minutes=n)
        Question.objects.filter(pk=one.pk).update(due_on=DAY, asked_at=moment)
        Task.objects.create(
            municipality_id=HERE, question=one, kind="next-step", team=town.a.team,
            due_on=DAY, made_at=moment,
        )  # fmt: skip
        asked[n] = one.pk
    longest_first = [asked[n] for n in (4, 3, 2, 1, 0)]
    assert [one.pk for one in listed(town.a.by, Filter(), on=DAY)] == longest_first
    shown = inbox_of(town.a.by, on=DAY)
    assert [one.question_id for one in shown.returned.rows] == longest_first
    Task.objects.update(done_at=NOW)
    assert [one.pk for one in inbox_of(town.a.by, on=DAY).nobody.rows] == longest_first


def test_a_later_page_of_the_list_leads_back_to_the_first(town):
    for _n in range(27):
        a_question(town)
    client = browser(town.a)
    first = client.get("/werk/lijst?state=new").content.decode()
    assert "Eerste vragen" not in first
    found = re.search(r'href="(/werk/lijst\?state=new&amp;na=[^"]+)"', first)
    second = client.get(found[1].replace("&amp;", "&")).content.decode()
    assert '<a class="chip" href="/werk/lijst?state=new">Eerste vragen</a>' in second
    beyond = client.get(
        f"/werk/lijst?na=2999-01-01_{NOW.isoformat().replace('+', '%2B')}_{town.a.team.pk}"
    )
    assert "Eerste vragen" in text_of(beyond)


def test_counts_stop_at_a_hundred(town):
    one = a_question(town)
    copies = []
    for n in range(120):
        copy = Question.objects.get(pk=one.pk)
        copy.pk, copy.key, copy.reference = uuid.uuid4(), uuid.uuid4(), f"X{n:03}-0000"
        copies.append(copy)
    Question.objects.bulk_create(copies)
    assert inbox_of(town.a.by, on=DAY).nobody.said == "99+"


@pytest.mark.parametrize(
    "wanted,found",
    [
        (Filter(), True), (Filter(village="schijndel"), True), (Filter(village="veghel"), False),
        (Filter(topic="loneliness"), True), (Filter(topic="debt"), False),
        (Filter(state="new"), True), (Filter(state="running"), False),
        (Filter(holder="nobody"), True), (Filter(holder="me"), False), (Filter(due="week"), True),
    ],
)  # fmt: skip
def test_a_list_is_narrowed(town, question, wanted, found):
    assert bool(listed(town.a.by, wanted, on=DAY)) is found
    query = "&".join(f"{name}={value}" for name, value in wanted.as_dict().items())
    page = browser(town.a).get(f"/werk/lijst?{query}")
    assert (question.reference in text_of(page)) is found


def test_nonsense_in_the_address_narrows_nothing(town, question):
    page = browser(town.a).get("/werk/lijst?state=x&due=y&holder=z&na=onzin_x_y&village=%00")
    assert page.status_code == 200 and question.reference in text_of(page)


def test_a_list_is_kept_counted_and_removed_by_its_owner_only(town, question):
    client = browser(town.a)
    assert client.post("/werk/lijst/bewaar", {"name": " ", "state": "new"}).status_code == 400
    sent = client.post("/werk/lijst/bewaar", {"name": "Nieuw hier", "state": "new"})
    assert sent.status_code == 302
    assert "Nieuw hier (1)" in text_of(client.get("/werk"))
    kept = SavedFilter.objects.get()
    assert kept.wanted == {"state": "new"}
    boss = browser(town.a, boss=True)
    assert "Nieuw hier" not in text_of(boss.get("/werk"))
    assert boss.post(f"/werk/lijst/{kept.pk}/weg").status_code == 404
    assert client.post(f"/werk/lijst/{kept.pk}/weg").status_code == 302
    assert not SavedFilter.objects.exists()


def test_the_inbox_asks_a_fixed_number_of_queries(town, django_assert_max_num_queries):
    for n in range(12):
        one = a_question(town)
        Question.objects.filter(pk=one.pk).update(
            holder=town.a.worker if n % 2 else None, due_on=DAY, is_acute=n % 3 == 0
        )
    client = browser(town.a)
    with django_assert_max_num_queries(30):
        client.get("/werk")
    with django_assert_max_num_queries(27):
        client.get("/werk/lijst")


# Caseload


def test_a_worker_sees_the_own_load_and_a_coordinator_the_teams(town, question):
    pick_up(question=question, by=town.a.by, now=NOW)
    Question.objects.filter(pk=a_question(town).pk).update(is_acute=True)
    said = text_of(browser(town.a).get("/werk/werklast"))
    assert "Wim A" in said and "Cor A" not in said and "Nog bij niemand" not in said
    said = text_of(browser(town.a, boss=True).get("/werk/werklast"))
    assert "Wim A" in said and "Cor A" in said and "Wim B" not in said
    assert re.search(r"Nog bij niemand – 1 3", said) and re.search(r"Samen – 2 5", said)


def test_policy_sees_totals_of_teams_and_never_a_person_or_a_small_count(town, world, question):
    from omzien.people.rules.roles import Role
    from tests.signing import member

    client = Browser(member(Role.POLICY_OFFICER, world.meierijstad, name="Lo Beleid"))
    said = text_of(client.get("/werk/werklast/teams"))
    assert "Team A" in said and "minder dan 5" in said and "Wim A" not in said
    assert client.get("/werk/werklast").status_code == 403
    for _n in range(6):
        go_on(question=a_question(town), rung=Rung.SELF, next_action="x", next_on=DAY,
              by=town.a.by, now=NOW)  # fmt: skip
    assert re.search(r"Team A 7 7", text_of(client.get("/werk/werklast/teams")))
    said = text_of(browser(town.a, boss=True).get("/werk/werklast/teams"))
    assert "Team A" in said and "Team B" not in said


def test_the_keyboard_meets_the_page_in_the_order_of_reading(town, question):
    page = browser(town.a).get(ADDRESS["page"].format(question.pk)).content.decode()
    body = page[page.index('<main id="inhoud"') :]
    assert "tabindex" not in body.replace('tabindex="-1"', "")
    order = [body.index(mark) for mark in (
        'aria-current="page"', f'action="/werk/vraag/{question.pk}/pak-op"',
        'id="id_go-on-rung"', 'id="id_add-task-what"', 'id="id_close-question-result"',
    )]  # fmt: skip
    assert order == sorted(order)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


YESTERDAY, TOMORROW = (timezone.localdate() + timedelta(days=n) for n in (-1, 1))


@pytest.mark.parametrize(
    "deed,more,said",
    [
        ("add-task", {"what": "Bellen", "due_on": YESTERDAY}, "Deze dag is al voorbij."),
        ("go-on", {"rung": "self", "next_action": "Bellen", "next_on": YESTERDAY},
         "Deze dag is al voorbij."),
        ("try-to-reach", {"channel": "phone", "reached": "no", "day": TOMORROW},
         "Deze dag moet nog komen."),
        ("try-to-reach", {"channel": "phone", "reached": "no", "day": YESTERDAY},
         "Op deze dag was de vraag er nog niet."),
    ],
)  # fmt: skip
def test_a_wrong_day_is_said_for_what_it_is_at_its_field(town, question, deed, more, said):
    Question.objects.filter(pk=question.pk).update(asked_at=timezone.now())
    answer = send(browser(town.a), question, deed, **more)
    assert answer.status_code == 400
    name = next(name for name in more if name in ("due_on", "next_on", "day"))
    assert next(iter(answer.context["wrong"].errors[name])).startswith(said)
    assert not Task.objects.exists()


def test_a_task_for_today_is_fine(town, question):
    sent = send(browser(town.a), question, "add-task", what="Bellen", due_on=timezone.localdate())
    assert sent.status_code == 302


def test_giving_to_who_holds_it_says_so(town, question):
    client = browser(town.a, boss=True)
    for holder in ("", str(town.a.worker.pk)):
        answer = send(client, question, "give-to", holder=holder)
        if holder:
            assert answer.status_code == 302
            answer = send(client, fresh(question), "give-to", holder=holder)
        assert answer.status_code == 400
        assert "Daar is de vraag al." in text_of(answer)


def test_who_works_here_reads_what_they_looked_at_themselves(town, question):
    page = "/account/wat-ik-bekeek"
    wim, other = Browser(town.a.worker), Browser(town.b.worker)
    assert "Je bekeek nog niets." in wim.get(page).content.decode()
    assert page in wim.get("/vandaag").content.decode()
    for _ in range(2):
        wim.get(f"/werk/vraag/{question.pk}")
    other.get(f"/werk/vraag/{question.pk}")  # not theirs: refused, and written down
    mine, theirs = (" ".join(one.get(page).content.decode().split()) for one in (wim, other))
    assert f'<a href="/werk/vraag/{question.pk}">{question.reference}</a>' in mine
    assert "bekeek de gegevens (2 keer)" in mine and "Rina" not in mine
    assert "wilde de gegevens bekijken, maar mocht dat niet" in theirs
    assert question.reference not in theirs and str(question.pk) not in theirs
    officer = wearing(member(Role.POLICY_OFFICER, town.municipality, name="Bea Beleid"))
    assert officer.get(page).status_code == 403


def test_no_task_is_given_to_a_closed_account(town, question):
    worker = town.a.worker
    due = timezone.localdate() + timedelta(days=1)
    common = {"question": question, "due_on": due, "by": town.a.by, "now": timezone.now()}
    add_task(what="Bel de zus", holder=worker, **common)
    Account.objects.filter(persons=worker.person).update(is_active=False)
    with pytest.raises(NotAllowed):
        add_task(what="Bel de broer", holder=worker, **common)
