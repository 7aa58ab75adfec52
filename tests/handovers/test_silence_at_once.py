"""The clock of advice, joining in and referrals beside people, and when its worker is killed."""

import random
from datetime import timedelta

import pytest

from omzien.handovers.actions.advising import ask_advice, move_consult
from omzien.handovers.actions.along import involve, move_involvement
from omzien.handovers.actions.referring import move_referral, refer
from omzien.handovers.actions.silence import end_unanswered, remind_asked, run_silence
from omzien.handovers.models import Consult, Involvement, Referral
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.questions.models import Task
from omzien.questions.rules.states import Result
from tests.casework import NOW, a_question, at, consent
from tests.handovers.test_at_once import CODE, ROUNDS, race
from tests.handovers.test_at_once import town as town
from tests.handovers.test_killed import MOST, dies_after

MODELS = (Consult, Involvement, Referral)
ENOUGH = max(ROUNDS // 4, 10)  # rounds; the lock is that of a handover, which is raced longer


def waiting(town, question):
    """Ask for advice, for a part, and refer."""
    common = {"question": question, "by": town.a.by, "now": NOW}
    ask_advice(to_team=town.b.team, text="Hoe?", **common)
    involve(team=town.b.team, part="Post", **common)
    refer(name="Eetclub", what="Eten", **common)


@pytest.fixture
def ready(town):
    with working_for(CODE):
        consent(town, town.b)
        question = a_question(town)
        waiting(town, question)
    return town, question


def answers_of(advice, part, referral, *, receiver, owner):
    """Return each with what a person does with it."""
    done = {"by": owner, "now": NOW, "name": "finish", "result": Result.SOLVED}
    yes = {"by": receiver, "now": NOW}
    return (
        (advice, lambda: move_consult(consult=advice, name="answer", answer="Zo", **yes)),
        (part, lambda: move_involvement(involvement=part, name="join", **yes)),
        (referral, lambda: move_referral(referral=referral, **done)),
    )


def test_of_an_answer_and_the_clock_one_wins(ready):
    town, question = ready
    with working_for(CODE):
        for model in MODELS:
            model.objects.all().delete()
        by, boss = town.b.by, town.a.by
    late = at((NOW + timedelta(days=90)).date())
    for _ in range(ENOUGH):
        with working_for(CODE):
            waiting(town, question)
            advice, part, referral = (model.objects.open().get() for model in MODELS)
            Referral.objects.filter(pk=referral.pk).update(reminded_at=NOW)
        pairs = answers_of(advice, part, referral, receiver=by, owner=boss)
        for row, answers in pairs:
            moves = [
                ("answer", answers),
                ("clock", lambda row=row: end_unanswered(row=row, now=late)),
            ]
            random.shuffle(moves)
            found = race(dict(moves))
            with working_for(CODE):
                state = type(row).objects.get(pk=row.pk).state
            # How a referral went is written down after the clock too.
            both = isinstance(row, Referral) and found == ["clock", "answer"]
            assert len(found) == 1 or both
            assert (state == "expired") is (found == ["clock"])
        with working_for(CODE):
            Involvement.objects.all().delete()


def snapshot():
    with working_for(CODE):
        rows = [
            (model.__name__, row.pk, row.state, row.version, row.reminded_at, row.due_on)
            for model in MODELS
            for row in model.objects.order_by("pk")
        ]
        return (
            rows,
            sorted(Task.objects.values_list("pk", "what")),
            sorted(Message.objects.values_list("key", "recipient")),
            Fact.objects.filter(municipality=CODE).count(),
        )


@pytest.mark.parametrize("model", MODELS)
def test_killed_after_any_statement_it_left_all_or_nothing(ready, model):
    with working_for(CODE):
        row = model.objects.get()
    soon = at(row.due_on)
    late = at(row.due_on + timedelta(days=90))
    for do, now in ((remind_asked, soon), (end_unanswered, late)):
        before = snapshot()
        for count in range(1, MOST):
            if dies_after(count, lambda do=do, now=now: do(row=row, now=now)):
                break
            assert snapshot() == before, (do.__name__, count)
        after = snapshot()
        assert after != before and count > 5
        told = after[2]
        assert len(set(told)) == len(told)


def test_a_worker_that_dies_and_runs_again_tells_each_once(ready):
    town, question = ready
    late = at((NOW + timedelta(days=90)).date())
    for now in (late, late + timedelta(days=90)):

        def work(now=now):
            run_silence(municipality=town.municipality, now=now)

        for count in range(1, MOST, 7):
            if dies_after(count, work):
                break
        work()
    with working_for(CODE):
        assert {model.objects.get().state for model in MODELS} == {"expired"}
        keys = list(Message.objects.values_list("key", "recipient"))
        assert len(set(keys)) == len(keys)
        about = [question.pk, Consult.objects.get().pk]
        facts = Fact.objects.filter(subject_id__in=map(str, about), verb__startswith="expire-")
        verbs = sorted(facts.values_list("verb", flat=True))
        assert verbs == ["expire-advice", "expire-along", "expire-referral"]
