"""How long a closed question is kept: by the rung that it reached, and whether it had a plan."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omzien.handovers.privacy import TERMS
from omzien.kernel.ladder import Rung
from omzien.people.models import Organisation, Team
from omzien.people.privacy import own
from omzien.people.rules.retention import KINDS
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions.plans import add_goal
from omzien.questions.actions.working import close
from omzien.questions.models import Question
from omzien.questions.rules.states import Result
from tests.casework import NOW, a_question
from tests.people.privacy.conftest import long_ago

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def due(kind, on=TODAY):
    (term,) = (one for one in (*TERMS, *own.TERMS) if one.kind == kind)
    return {one.key for one in term.due(on)}


@pytest.mark.parametrize(
    "rung,plan,partner,kind",
    [
        (Rung.TEAM, False, False, "question"),
        (Rung.TEAM, True, False, "question-plan"),
        (Rung.GENERAL, True, False, "question"),
        (Rung.SPECIALIST, False, False, "question-provision"),
        (Rung.SPECIALIST, True, False, "question-provision"),
        (Rung.SPECIALIST, True, True, "question"),
        (Rung.TEAM, True, True, "question"),
    ],
)
def test_the_term_follows_rung_and_plan(town, rung, plan, partner, kind):
    question = a_question(town)
    if plan:
        add_goal(question=question, words="Weer naar buiten", by=town.me, now=NOW)
    close(question=question, result=Result.SOLVED, rung_reached=rung, is_told=True, by=SYSTEM,
          now=NOW)  # fmt: skip
    if partner:
        owner = Organisation.objects.get(sort_name="welzijn de kring")
        Team.objects.filter(pk=town.a.team.pk).update(organisation=owner)
    for code in ("question", "question-plan", "question-provision", "question-short"):
        last = KINDS[kind].period.after(timezone.localdate(NOW))
        assert (str(question.pk) in due(code, last + timedelta(days=2))) == (code == kind)
    assert str(question.pk) not in due(kind, last)  # its last day still counts


def test_who_has_a_question_that_is_kept_stays_known(town):
    question = a_question(town)
    someone = type(town.resident).objects.filter(pk=town.resident.pk)
    someone.update(created_at=long_ago())
    assert str(town.resident.pk) not in due("person")
    Question.objects.filter(pk=question.pk).delete()
    assert str(town.resident.pk) in due("person")
