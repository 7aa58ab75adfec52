"""Tries: what was attempted on which rung, and what came of it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.kernel.ladder import Rung
from omzien.kernel.text import clean, one_line
from omzien.people.rules.roles import Actor
from omzien.questions.actions.together import holds_pen, is_own
from omzien.questions.actions.writing import locked, note, owned
from omzien.questions.models import Attempt, Question
from omzien.questions.refusals import NeedsReason, NeedsResult, NeedsWords, WrongState

ENDS = (Attempt.Result.WORKED, Attempt.Result.PARTLY, Attempt.Result.FAILED)


@transaction.atomic
def add_try(
    *,
    question: Question,
    rung: Rung,
    offer: str,
    by: Actor,
    now: datetime,
    service: UUID | None = None,
) -> Attempt:
    """Start a try on a rung. Raises NotAllowed, NotLive, NeedsWords."""
    row = locked(question)
    _may_try(row, by)
    text = one_line(clean(offer), 200)
    if not text:
        raise NeedsWords
    attempt = Attempt.objects.create(
        municipality_id=row.municipality_id,
        question=row,
        rung=rung,
        offer=text,
        service=service,
        by_resident=is_own(row, by),
        started_on=timezone.localdate(now),
    )
    note(row, "try", by, rung=rung, attempt=str(attempt.pk))
    return attempt


@transaction.atomic
def finish_try(
    *, attempt: Attempt, result: Attempt.Result, by: Actor, now: datetime, reason: str = ""
) -> Attempt:
    """Say what came of a try; what did not wholly work has a reason.

    Raises NotAllowed, NotLive, NeedsResult, NeedsReason, WrongState.
    """
    row = locked(attempt.question_id)
    _may_try(row, by)
    found = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    if result not in ENDS:
        raise NeedsResult
    if found.result != Attempt.Result.BUSY:
        raise WrongState
    why = one_line(clean(reason), 300)
    if result != Attempt.Result.WORKED and not why:
        raise NeedsReason
    found.result, found.reason = result, why
    found.ended_on = max(timezone.localdate(now), found.started_on)
    found.save()
    note(row, "end-try", by, rung=found.rung, attempt=str(found.pk), result=str(result))
    return found


def _may_try(question: Question, by: Actor) -> None:
    if by.membership is None and not by.machine:
        holds_pen(question, by=by, verb="plan.act", together=False)
    else:
        owned(question, by=by, verb="question.work")
