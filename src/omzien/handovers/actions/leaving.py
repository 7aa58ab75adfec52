"""A resident dies, or moves to another municipality: the question ends with care."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from omzien.handovers.actions.ending import end_parts
from omzien.handovers.queries.moving import Package, package_to_move
from omzien.kernel.ladder import Rung
from omzien.people.queries.same import one_person
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.actions.ending import end
from omzien.questions.actions.working import reopen
from omzien.questions.actions.writing import (
    lock_all_of,
    locked_owned,
    move,
    note,
    put_task,
    save,
)
from omzien.questions.models import Question, Task
from omzien.questions.refusals import NeedsTelling, StillOpen
from omzien.questions.rules.states import Left, Mistake, Result
from omzien.questions.terms import terms_of

DIED = "De inwoner is overleden. Rond de vraag met zorg af."


@transaction.atomic
def resident_died(
    *, question: Question, by: Actor, now: datetime, version: int | None = None
) -> Question:
    """Close with care: what others do ends too, and no mail ever asks how it goes.

    Other teams that work for the same person, also as who turned out to be the same, get a task,
    so that nobody calls the family by surprise. Raises NotAllowed, NotLive, Stale; StillOpen
    while a crisis is open.
    """
    lock_all_of(question.person_id)
    row = locked_owned(question, by=by, verb="question.close", version=version)
    _leave(row, Left.DIED, by, now)
    terms = terms_of(row.municipality_id)
    for other in _live(row).exclude(pk=row.pk):
        due = terms.after(timezone.localdate(now), terms.next_step)
        put_task(other, what=DIED, due=due, now=now, to_team=True)
    return row


@transaction.atomic
def resident_lives(*, question: Question, mistake: Mistake, by: Actor, now: datetime) -> Question:
    """Take back that a resident died: the question opens again, and no team is asked any more
    to end with care. What ended with it, as a handover, stays ended.

    Raises what `reopen` raises.
    """
    row = reopen(question=question, by=by, now=now, mistake=mistake)
    asked = Task.objects.open().filter(question__person__in=one_person(row.person_id), what=DIED)
    asked.update(done_at=now, is_dropped=True)
    return row


@transaction.atomic
def resident_moved(
    *, question: Question, is_told: bool, by: Actor, now: datetime, version: int | None = None
) -> tuple[Question, Package | None]:
    """Close because the resident moved; return the package to take along, where `by` may give it.

    The package goes to the resident, who decides what the next municipality gets.
    Raises NotAllowed, NotLive, NeedsTelling, Stale; StillOpen while a crisis is open.
    """
    lock_all_of(question.person_id)
    row = locked_owned(question, by=by, verb="question.close", version=version)
    if not is_told:
        raise NeedsTelling
    package = package_to_move(row, by=by) if Scope.TEAM in by.may("dossier.export") else None
    row.told_at = now
    _leave(row, Left.MOVED, by, now)
    if package:
        note(row, "export", by, sha256=package.digest)
    return row, package


def _live(row: Question) -> QuerySet[Question]:
    return Question.objects.live().filter(person__in=one_person(row.person_id))


def _leave(row: Question, why: Left, by: Actor, now: datetime) -> None:
    if row.is_acute:
        raise StillOpen(["crisis"])
    end_parts(row, by=by, now=now)
    row.refresh_from_db(fields=["due_on", "version"])
    move(row, "close")
    row.left = why
    row.result, row.rung_reached = Result.OTHERWISE, row.rung or Rung.SELF
    end(row, by=by, now=now)
    save(row, "close", by, rung=row.rung_reached, result=str(Result.OTHERWISE), left=str(why))
