"""A mail to a resident that does not arrive: who has the question is asked to call."""

from datetime import timedelta

import pytest

from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.questions.actions.clock import run_clocks
from omzien.questions.actions.undelivered import CALL, run_undelivered
from omzien.questions.actions.working import pick_up
from omzien.questions.models import Question, Task
from tests.casework import NOW, a_question

ADDRESS = "Rina@Voorbeeld.example"


def failed(town, key="signal-picked-up:x", to=ADDRESS, at=NOW):
    row = Message.objects.create(
        municipality=town.municipality, key=key, recipient=to.casefold(), subject="Iets", body="",
        state=Message.State.FAILED,
    )  # fmt: skip
    Message.objects.filter(pk=row.pk).update(created_at=at)


@pytest.fixture
def question(town):
    found = pick_up(question=a_question(town), by=town.a.by, now=NOW)
    found.person.email = ADDRESS
    found.person.save(update_fields=["email"])
    return found


def asked():
    return list(Task.objects.filter(what=CALL).order_by("made_at"))


def test_who_has_the_question_is_asked_to_call_and_once(town, question):
    later = NOW + timedelta(hours=1)
    assert run_undelivered(town.municipality, later) == 0
    failed(town)
    assert run_clocks(town.municipality, later) == 1
    (task,) = asked()
    assert (task.question, task.holder, task.kind) == (question, question.holder, Task.Kind.TOLD)
    fact = Fact.objects.get(verb="mail-not-arriving")
    assert fact.subject_id == str(question.pk) and ADDRESS.casefold() not in str(fact.details)
    failed(town, "another:y", at=later + timedelta(hours=1))
    assert run_undelivered(town.municipality, later) == 0  # it is still to be done
    Task.objects.update(done_at=later)
    assert run_undelivered(town.municipality, later + timedelta(hours=2)) == 1
    assert run_undelivered(town.municipality, later + timedelta(hours=2)) == 0


def test_a_call_that_was_made_since_is_enough(town, question):
    failed(town)
    run_undelivered(town.municipality, NOW + timedelta(hours=1))
    Task.objects.update(done_at=NOW + timedelta(hours=2))
    assert run_undelivered(town.municipality, NOW + timedelta(hours=3)) == 0


@pytest.mark.parametrize("what", ["another address", "long ago", "over"])
def test_nobody_is_asked_for_what_is_over_or_somebody_else(town, question, what):
    failed(
        town,
        to="iemand@voorbeeld.example" if what == "another address" else ADDRESS,
        at=NOW - timedelta(days=31 if what == "long ago" else 0),
    )
    if what == "over":
        Question.objects.filter(pk=question.pk).update(
            state="closed", result="solved", rung_reached="self", told_at=NOW, ended_at=NOW,
            due_on=None,
        )  # fmt: skip
    assert run_undelivered(town.municipality, NOW + timedelta(minutes=1)) == 0
    assert asked() == []
