"""Tasks of a question."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.kernel.text import one_line
from omzien.people.models import Membership
from omzien.people.rules.roles import Actor
from omzien.questions.actions.writing import locked_owned, note, once, works_in
from omzien.questions.models import Question, Task
from omzien.questions.refusals import DayIsPast, NeedsNextStep, NotAllowed


@transaction.atomic
def add_task(
    *,
    question: Question,
    what: str,
    due_on: date,
    by: Actor,
    now: datetime,
    holder: Membership | None = None,
    version: int | None = None,
    key: UUID | None = None,
) -> Task:
    """Write down what somebody of the team will do; with the same `key` and words it is once.

    Raises NotAllowed, NotLive, NeedsNextStep when it does not say what, DayIsPast, Stale.
    """
    row = locked_owned(question, by=by, verb="question.work", version=version)
    text = one_line(what, 200)
    if not text:
        raise NeedsNextStep
    if due_on < timezone.localdate(now):
        raise DayIsPast
    if holder is not None and not works_in(holder, row):
        raise NotAllowed
    own = once(row.pk, key, text, due_on)
    if before := Task.objects.filter(pk=own).first():
        return before
    task = Task.objects.create(
        pk=own,
        municipality_id=row.municipality_id,
        question=row,
        what=text,
        team_id=row.team_id,
        holder=holder,
        due_on=due_on,
        made_at=now,
    )
    note(row, "add-task", by, task=str(task.pk))
    return task


@transaction.atomic
def finish_task(*, task: Task, by: Actor, now: datetime) -> Task:
    """Say that a task is done; twice is once. Raises NotAllowed."""
    row = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if not by.machine and not Task.objects.workable_by(by).filter(pk=row.pk).exists():
        raise NotAllowed
    if row.done_at is None:
        row.done_at = now
        row.save(update_fields=["done_at"])
        note(row.question, "finish-task", by, task=str(row.pk))
    return row
