"""What must never be false of a question is refused by the database itself."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from omzien.handovers.models import Handover
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from omzien.people.models import Team
from omzien.questions.models import Question
from omzien.questions.rules.states import Result, State
from tests.casework import NOW, a_question, an_offer, build, consent

pytestmark = pytest.mark.django_db
HERE = "GM1948"


@pytest.fixture
def town(world, kept_town, copied):
    with working_for(HERE):
        yield copied(kept_town)


def refused(question, **fields):
    with pytest.raises(DatabaseError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(**fields)
        connection.check_constraints()  # those that wait for the end of the transaction


def test_a_question_always_has_an_owner(town):
    refused(a_question(town), team=None)


def test_a_question_changes_its_owner_only_by_a_first_contact(town):
    refused(a_question(town), team=town.b.team)


def test_a_live_question_has_a_person_and_a_clock(town):
    question = a_question(town)
    refused(question, due_on=None)
    refused(question, person=None)
    refused(question, ended_at=NOW)


def test_a_running_question_has_a_next_step(town):
    refused(a_question(town), state=State.RUNNING)


@pytest.mark.parametrize(
    "missing", [{"result": ""}, {"rung_reached": ""}, {"told_at": None}], ids=str
)
def test_closing_has_a_result_and_was_told(town, missing):
    whole = {"result": Result.SOLVED, "rung_reached": Rung.NETWORK, "told_at": NOW}
    refused(a_question(town), state=State.CLOSED, ended_at=NOW, **(whole | missing))


def test_nothing_closes_a_crisis(town):
    question = a_question(town, is_acute=True)
    for state in (State.CLOSED, State.WITHDRAWN, State.UNREACHED, State.OWN_WAY):
        refused(question, state=state, ended_at=NOW, result=Result.SOLVED,
                rung_reached=Rung.TEAM, told_at=NOW)  # fmt: skip


def test_a_team_that_owns_live_questions_cannot_end(town):
    a_question(town)
    with pytest.raises(DatabaseError), transaction.atomic():
        Team.objects.filter(pk=town.a.team.pk).update(archived_at=NOW)


def test_a_team_with_an_open_handover_cannot_end(town):
    consent(town, town.b)
    an_offer(a_question(town), town.b, town)
    with pytest.raises(DatabaseError), transaction.atomic():
        Team.objects.filter(pk=town.b.team.pk).update(archived_at=NOW)


def test_no_question_is_given_to_a_team_that_ended(town):
    Team.objects.filter(pk=town.c.team.pk).update(archived_at=NOW)
    question = a_question(town)
    row = Question.objects.get(pk=question.pk)
    row.pk, row.reference, row.team, row._state.adding = None, "AAAA-CCCC", town.c.team, True
    row.key = timezone.now().strftime("%Y%m%d-%H%M-4000-8000-%f000000")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_a_second_open_handover_is_impossible(town):
    for desk in (town.b, town.c):
        consent(town, desk)
    slip = an_offer(a_question(town), town.b, town)
    slip.pk, slip.to_team, slip._state.adding = None, town.c.team, True
    with pytest.raises(DatabaseError), transaction.atomic():
        slip.save(force_insert=True)


def test_an_open_handover_is_from_the_owner_and_of_a_live_question(town):
    consent(town, town.b)
    question = a_question(town)
    slip = an_offer(question, town.b, town)
    with pytest.raises(DatabaseError), transaction.atomic():
        Handover.objects.filter(pk=slip.pk).update(from_team=town.c.team)
    refused(question, state=State.WITHDRAWN, ended_at=NOW)
    refused(question, team=town.c.team)


def test_an_open_handover_has_a_clock(town):
    consent(town, town.b)
    slip = an_offer(a_question(town), town.b, town)
    for name in ("due_on", "remind_on"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Handover.objects.filter(pk=slip.pk).update(**{name: None})


def test_a_row_of_another_municipality_can_be_named_nowhere(town, world):
    question = a_question(town)
    with working_for("GM1991"):
        other = build(world.maashorst, world.uden)
    refused(question, team=other.a.team)
    refused(question, holder=other.a.worker)
    refused(question, person=other.resident)


def test_the_same_question_twice_is_asked_once(town):
    first = a_question(town)
    again = a_question(town, key=first.key)
    assert again.pk == first.pk and Question.objects.count() == 1
