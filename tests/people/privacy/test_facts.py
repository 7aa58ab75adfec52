"""Facts stay for ever: what they say of a question leads to nobody once that is forgotten."""

import pytest
from django.db.models import Q
from django.utils import timezone

from omzien.directory.models import Topic
from omzien.handovers.actions.consenting import take_back
from omzien.handovers.actions.offering import withdraw
from omzien.handovers.privacy import forget
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.questions.actions.correcting import correct
from omzien.questions.actions.crisis import take_code_step
from omzien.questions.actions.working import close
from omzien.questions.models import Question
from omzien.questions.queries.history import Kind, history_of
from omzien.questions.rules.states import Result
from tests.casework import a_question, an_offer, consent
from tests.handovers.conftest import inside as inside
from tests.handovers.conftest import town as town

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(town):
    """A question of which much happened, also by the resident."""
    now = timezone.now()
    row = a_question(town, now=now, topics=["debt", "loneliness"])
    correct(question=row, topics=["debt", "violence"], village=town.village, by=town.a.by)
    consent(town, town.b)
    withdraw(handover=an_offer(row, town.b, town), by=town.me, now=timezone.now())
    ground = consent(town, town.c)
    take_back(question=row, ground=ground, by=town.me, now=timezone.now())
    return Question.objects.get(pk=row.pk)


def about(question):
    keys = [str(one) for one in question.handovers.values_list("pk", flat=True)]
    ours = Q(subject="question", subject_id=str(question.pk))
    return Fact.objects.filter(ours | Q(subject="handover", subject_id__in=keys))


def test_no_fact_about_a_question_says_whose_it_is_or_what_it_is_about(town, question):
    facts = about(question)
    assert {"ask", "correct", "withdraw", "take-consent-back"} <= set(
        facts.values_list("verb", flat=True)
    )
    assert set(facts.filter(verb__in=["ask", "withdraw"]).values_list("actor", flat=True)) == {
        "resident"
    }
    close(question=question, result=Result.SOLVED, rung_reached=Rung.COMMUNITY, is_told=True,
          by=town.a.by, now=timezone.now())  # fmt: skip
    forget(str(question.pk))
    topics = {"debt", "violence", "loneliness"} | set(Topic.objects.values_list("pk", flat=True))
    for fact in facts:
        assert str(town.resident.pk) not in f"{fact.actor} {fact.details}"
        assert not [one for one in topics if f"'{one}'" in str(fact.details)]


def test_a_step_of_the_code_is_no_part_of_a_fact(town, question):
    take_code_step(question=question, step=2, by=town.a.by, now=timezone.now())
    assert "step" not in Fact.objects.get(verb="take-code-step").details


def test_what_happened_still_says_that_it_was_the_resident(town, question):
    told = history_of(question, town.a.by)
    assert {one.who.kind for one in told if one.verb == "ask"} == {Kind.RESIDENT}
