"""H9: nobody acts, the clock runs on, and in the end nothing waits any more."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.advising import NO_ADVICE, ask_advice, move_consult
from omzien.handovers.actions.along import NO_ANSWER, involve, move_involvement
from omzien.handovers.actions.answering import accept
from omzien.handovers.actions.clock import run_clock
from omzien.handovers.actions.referring import HOW_IT_WENT, move_referral, refer
from omzien.handovers.models import Consult, Handover, Involvement, Referral
from omzien.handovers.refusals import WrongState
from omzien.journal.isolation import choose
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.people.actions.grounds import withdraw
from omzien.questions.actions.working import close
from omzien.questions.models import Question, Task
from omzien.questions.rules.states import Result
from omzien.questions.terms import terms_of
from tests.casework import NOW, a_question, an_offer, at, consent
from tests.handovers.conftest import text

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
DAYS = 60


def run(town, days=DAYS, first=TODAY):
    """Let the clock run twice on each day."""
    for number in range(1, days + 1):
        for hour in (6, 20):
            moment = at(first + timedelta(days=number), hour)
            run_clock(municipality=town.municipality, now=moment)
            choose("GM1948")


def after(days):
    return terms_of("GM1948").after(TODAY, days)


@pytest.fixture
def question(town):
    return a_question(town)


@pytest.fixture
def advice(town, question):
    return ask_advice(question=question, to_team=town.b.team, text="Hoe?", by=town.a.by, now=NOW)


@pytest.fixture
def part(town, question):
    consent(town, town.b)
    return involve(question=question, team=town.b.team, part="Post", by=town.a.by, now=NOW)


@pytest.fixture
def referral(town, question):
    return refer(question=question, name="Eetclub", what="Eten", by=town.a.by, now=NOW)


@pytest.fixture
def offered(town, question):
    consent(town, town.b)
    return an_offer(question, town.b, town)


@pytest.fixture
def accepted(town, offered):
    return accept(handover=offered, contact_name="Wim B", by=town.b.by, now=NOW)


def told(key):
    """Return who got a mail of which the key ends so; each once."""
    rows = list(Message.objects.filter(key__endswith=key).values_list("recipient", flat=True))
    assert len(rows) == len(set(rows))
    return {one.partition("@")[0] for one in rows}


A, B = {"wim.a", "cor.a"}, {"wim.b", "cor.b"}
TABLE = [
    # what waits, how it ends, the reminder and to whom, the last word and to whom, tasks of A
    ("advice", "expired", "advice-reminded", B, "advice-expired", A, [("told", NO_ADVICE)]),
    ("part", "expired", "along-reminded", B, "along-expired", A, [("told", NO_ANSWER)]),
    ("referral", "expired", "referral-due", A, "referral-expired", A, [("told", HOW_IT_WENT)]),
    ("offered", "expired", ":reminded", B, ":expired", A,
     [("coordinator", ""), ("next-step", "")]),
    ("accepted", "contact-expired", ":contact-reminded", B, ":contact-expired", A,
     [("coordinator", ""), ("next-step", "")]),
]  # fmt: skip


@pytest.mark.parametrize("name,end,reminder,whom,last,owner,tasks", TABLE)
def test_h9_what_nobody_answers_ends_and_each_is_told_once(
    town, request, name, end, reminder, whom, last, owner, tasks
):
    row = request.getfixturevalue(name)
    run(town)
    row.refresh_from_db()
    assert row.state == end and row.ended_at is not None and row.due_on is None
    assert row.reminded_at is not None and row.reminded_at < row.ended_at
    assert told(reminder) == whom and told(last) == owner
    found = Task.objects.open().values_list("kind", "what", "team")
    assert sorted(found) == [(kind, what, town.a.team.pk) for kind, what in tasks]
    assert Question.objects.get().team == town.a.team


def test_h9_nobody_acts_and_nothing_is_open(town, question, accepted, advice, part, referral):
    refer(question=question, name="Fysio", what="Lopen", by=town.a.by, now=NOW)
    run(town)
    for model in (Handover, Consult, Involvement, Referral):
        assert not model.objects.open().exists(), model
        assert not model.objects.filter(due_on__isnull=False).exists(), model
    assert Task.objects.filter(what=HOW_IT_WENT).count() == 1, "one task for all referrals"
    # And so the question can close: nobody else has to do anything any more.
    question.refresh_from_db()
    row = close(question=question, result=Result.NOT, rung_reached=Rung.SELF, is_told=True,
                by=town.a.by, now=at(TODAY + timedelta(days=DAYS)))  # fmt: skip
    assert row.state == "closed"


@pytest.mark.parametrize(
    "name,remind,over",
    [
        ("advice", 2, 5),
        ("part", 2, 5),
        ("referral", 10, 20),
        ("offered", 2, 5),
        ("accepted", 5, 10),
    ],
)
def test_the_days_are_those_of_casework_3_9(town, request, name, remind, over):
    row = request.getfixturevalue(name)
    on = {}
    for number in range(1, DAYS):
        day = TODAY + timedelta(days=number)
        run_clock(municipality=town.municipality, now=at(day))
        choose("GM1948")
        row.refresh_from_db()
        if row.reminded_at:
            on.setdefault("reminded", day)
        if row.ended_at:
            on.setdefault("ended", day)
    assert on == {"reminded": after(remind), "ended": after(over) + timedelta(days=1)}


def test_who_answered_is_neither_reminded_nor_ended(town, advice, part, referral):
    move_consult(consult=advice, name="answer", answer="Zo.", by=town.b.by, now=NOW)
    move_involvement(involvement=part, name="join", by=town.b.by, now=NOW)
    done = {"name": "finish", "result": Result.SOLVED, "by": town.a.by, "now": NOW}
    move_referral(referral=referral, **done)
    run(town)
    states = [type(one).objects.get().state for one in (advice, part, referral)]
    assert states == ["answered", "along", "done"]
    for word in ("reminded", "expired", "referral-due"):
        assert not told(word)


def test_a_part_that_no_ground_covers_any_more_ends_without_a_reminder(town):
    question, ground = a_question(town), consent(town, town.b)
    involve(question=question, team=town.b.team, part="Post", by=town.a.by, now=NOW)
    withdraw(ground=ground, by=town.me)
    run(town, days=10)
    assert Involvement.objects.get().state == "ended" and not told("along-reminded")


def test_a_worker_that_stood_still_ends_what_is_over_and_reminds_nobody_of_it(town, advice, part):
    run_clock(municipality=town.municipality, now=at(TODAY + timedelta(days=40)))
    choose("GM1948")
    assert [m.objects.get().state for m in (Consult, Involvement)] == ["expired"] * 2
    assert not told("reminded")


# a referral


def test_what_was_heard_starts_the_clock_of_a_referral_anew(town, referral):
    run_clock(municipality=town.municipality, now=at(referral.due_on))
    choose("GM1948")
    referral.refresh_from_db()
    moment = at(timezone.localdate(referral.reminded_at) + timedelta(days=1))
    move_referral(referral=referral, name="accept", by=town.a.by, now=moment)
    referral.refresh_from_db()
    terms = terms_of("GM1948")
    assert referral.due_on == terms.after(timezone.localdate(moment), 10)
    assert referral.reminded_at is None
    assert not Task.objects.open().exists(), "who wrote it down has no task left"
    run(town, days=DAYS, first=timezone.localdate(moment))
    mails = Message.objects.filter(key__endswith="referral-due", recipient__startswith="wim.a")
    assert mails.count() == 2, "once for each clock"


def test_how_it_went_can_be_written_down_after_the_clock_too(town, question, referral, at_desk):
    run(town)
    page, browser = reverse("along", args=[question.pk]), at_desk(town.a.worker)
    shown = text(browser.get(page))
    assert "Niet bekend hoe het ging" in shown and "Stop dit" not in shown
    inbox = reverse("inbox")
    assert HOW_IT_WENT in text(browser.get(inbox))
    version = Referral.objects.get().version
    with pytest.raises(WrongState):
        move_referral(referral=referral, name="stop", by=town.a.by, now=NOW)
    browser.post(page, {"doe": "referral:finish", "over": str(referral.pk), "version": version,
                        "result": "partly"})  # fmt: skip
    assert Referral.objects.get().state == "done"
    assert HOW_IT_WENT not in text(browser.get(inbox))


def test_one_heard_of_two_leaves_the_task(town, question, referral):
    other = refer(question=question, name="Fysio", what="Lopen", by=town.a.by, now=NOW)
    run_clock(municipality=town.municipality, now=at(referral.due_on))
    choose("GM1948")
    done = {"name": "finish", "result": Result.SOLVED, "by": town.a.by, "now": NOW}
    move_referral(referral=referral, **done)
    assert Task.objects.open().count() == 1
    move_referral(referral=other, **done)
    assert not Task.objects.open().exists()


# what is read


def test_no_mail_of_it_tells_of_anybody(town, question, advice, part, referral):
    run(town)
    kinds = ("advice:", "along:", "referral:")
    rows = [m for m in Message.objects.all() if m.key.startswith(kinds)]
    assert len(rows) == 2 + 2 + 2 + 2 + 2 + 2 + 2 + 2
    for word in ("Rina", "Eetclub", "Post", "Hoe?", question.reference, "Team B"):
        assert not any(word in one.subject + one.body for one in rows), word


def test_the_pages_say_that_no_answer_came(town, question, advice, part, at_desk):
    run(town)
    mine = text(at_desk(town.a.worker).get(reverse("along", args=[question.pk])))
    assert mine.count("Geen antwoord gekregen") == 2
    other = at_desk(town.b.worker)
    gone = other.get(reverse("along", args=[question.pk]))
    assert gone.status_code == 410 and "Rina" not in text(gone)
    late = other.post(reverse("consult", args=[advice.pk]),
                      {"doe": "answer", "version": 1, "answer": "Toch iets"})  # fmt: skip
    assert late.status_code == 409 and "Toch iets" in text(late)
    history = text(at_desk(town.a.worker).get(reverse("question", args=[question.pk])))
    assert "Team B gaf geen antwoord over meedoen." in history
