"""Tries: what was attempted on which rung, and what came of it."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.kernel.ladder import Rung
from omzien.kernel.text import one_line
from omzien.people.queries.same import is_self
from omzien.people.rules.roles import Actor
from omzien.questions.actions.together import holds_pen
from omzien.questions.actions.writing import locked, note, once, owned
from omzien.questions.models import Attempt, Question
from omzien.questions.refusals import NeedsReason, NeedsResult, NeedsWords, SkipsRungs, WrongState

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
    skipped: str = "",
    workable: Collection[Rung] = tuple(Rung),
    key: UUID | None = None,
) -> Attempt:
    """Start a try on a rung; by the same `key` it is once.

    A worker who goes past a rung that is `workable` says why (`skipped`), as with a next step; a
    resident tries what they like. Raises NotAllowed, NotLive, NeedsWords, SkipsRungs.
    """
    row = locked(question)
    _may_try(row, by)
    text = one_line(offer, 200)
    if not text:
        raise NeedsWords
    own = once(row.pk, key, rung, text, service)
    if before := Attempt.objects.filter(pk=own).first():
        return before
    today = timezone.localdate(now)
    if by.membership is not None:
        skip_to(row, rung, reason=skipped, today=today, by=by, workable=workable)
    attempt = Attempt.objects.create(
        pk=own,
        municipality_id=row.municipality_id,
        question=row,
        rung=rung,
        offer=text,
        service=service,
        by_resident=is_self(by, row.person_id),
        started_on=today,
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
    why = one_line(reason, 300)
    if result != Attempt.Result.WORKED and not why:
        raise NeedsReason
    found.result, found.reason = result, why
    found.ended_on = max(timezone.localdate(now), found.started_on)
    found.save()
    note(row, "end-try", by, rung=found.rung, attempt=str(found.pk), result=str(result))
    return found


def missed_rungs(
    question: Question, rung: Rung, workable: Collection[Rung] = tuple(Rung)
) -> list[Rung]:
    """Return the `workable` rungs below `rung` that nobody tried or went past with a reason."""
    known = set(question.attempts.values_list("rung", flat=True)) | {question.rung}
    below = (one for one in Rung if one.height < rung.height)
    return [one for one in below if one in workable and one not in known]


def skip_to(
    question: Question,
    rung: Rung,
    *,
    reason: str,
    today: date,
    by: Actor,
    workable: Collection[Rung] = tuple(Rung),
) -> None:
    """Go past the missed rungs below `rung`, with a reason that is kept as a try on each.

    Raises SkipsRungs when there are some, and no reason.
    """
    missed = missed_rungs(question, rung, workable)
    why = one_line(reason, 300)
    if missed and not why:
        raise SkipsRungs(missed)
    for one in missed:
        Attempt.objects.create(
            municipality_id=question.municipality_id,
            question=question,
            rung=one,
            started_on=today,
            ended_on=today,
            result=Attempt.Result.SKIPPED,
            reason=why,
        )
    if missed:
        note(question, "skip", by, rungs=[str(one) for one in missed])


def _may_try(question: Question, by: Actor) -> None:
    if by.membership is None and not by.machine:
        holds_pen(question, by=by, verb="plan.act", together=False)
    else:
        owned(question, by=by, verb="question.work")
