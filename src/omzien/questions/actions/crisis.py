"""A question is acute: flag it, take it up, end it. A clock alarms; it never ends a crisis."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.kernel.text import one_line
from omzien.people.rules.roles import SYSTEM, Actor
from omzien.questions.actions.telling import coordinators, mailboxes, say
from omzien.questions.actions.working import pick_up
from omzien.questions.actions.writing import locked, locked_owned, note, owned, save
from omzien.questions.models import CodeStep, Crisis, Question
from omzien.questions.queries.duty import duty_team_of, phone_tree, promised
from omzien.questions.refusals import NeedsReason, NotAllowed, WrongState

STEPS = range(1, 6)  # of the reporting code (meldcode)


@transaction.atomic
def flag_crisis(
    *, question: Question, by: Actor, now: datetime, version: int | None = None
) -> Crisis:
    """Say that a question is acute: any worker of the owner team. Twice is once.

    The duty team reads along from now on, and both teams are mailed.
    Raises NotAllowed, NotLive, Stale.
    """
    row = locked_owned(question, by=by, verb="question.work", version=version)
    if found := Crisis.objects.open().filter(question=row).first():
        return found
    row.is_acute = True
    row.due_on = timezone.localdate(now)
    save(row, "flag-crisis", by)
    return begin(row, by=by, now=now)


def begin(question: Question, *, by: Actor, now: datetime) -> Crisis:
    """Write the crisis of a question that was marked as acute, in the caller's transaction."""
    code = question.municipality_id
    told = promised(code, at=now)
    crisis = Crisis.objects.create(
        municipality_id=code,
        question=question,
        flagged_at=now,
        flagged_by=by.key,
        answer_by=told.answer_by,
    )
    recipients = [*mailboxes(question.team), *(mailboxes(told.duty) if told.duty else [])]
    say(code, "crisis", crisis.pk, recipients, path=_page(question))
    return crisis


@transaction.atomic
def acknowledge_crisis(*, question: Question, by: Actor, now: datetime) -> Crisis:
    """Say "I take this up": somebody of the owner team or of the team on duty. The first counts.

    Who does so for the own team holds the question from then on, where nobody did.
    Raises NotAllowed, WrongState.
    """
    row = locked(question)
    if not Question.objects.alarming(by).filter(pk=row.pk).exists():
        raise NotAllowed
    crisis = _open(row)
    if crisis.acknowledged_at is None:
        crisis.acknowledged_at, crisis.acknowledged_by = now, by.key
        crisis.save(update_fields=["acknowledged_at", "acknowledged_by"])
        note(row, "acknowledge-crisis", by)
        if row.holder_id is None and row.team_id == by.team:
            pick_up(question=row, by=by, now=now)
    return crisis


@transaction.atomic
def end_crisis(
    *, question: Question, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Question:
    """Say that it is acute no more: a named professional of the owner team, with a reason.

    Raises NotAllowed (also for every machine), NotLive, WrongState, NeedsReason, Stale.
    """
    row = locked(question, version=version)
    if by.machine or by.membership is None or by.person is None:
        raise NotAllowed
    owned(row, by=by, verb="question.work")
    why = one_line(reason, 500)
    if not why:
        raise NeedsReason
    crisis = _open(row)
    crisis.ended_at, crisis.ended_by, crisis.end_reason = now, by.key, why
    crisis.save(update_fields=["ended_at", "ended_by", "end_reason"])
    row.is_acute = False
    save(row, "end-crisis", by)
    return row


@transaction.atomic
def take_code_step(*, question: Question, step: int, by: Actor, now: datetime) -> CodeStep:
    """Write down that a step of the reporting code was taken: the number, and nothing else.

    Raises NotAllowed, NotLive, WrongState for a step that the code does not have.
    """
    row = locked_owned(question, by=by, verb="question.work")
    if step not in STEPS or by.membership is None:
        raise WrongState
    taken, is_new = CodeStep.objects.get_or_create(
        question=row,
        step=step,
        defaults={
            "municipality_id": row.municipality_id,
            "taken_on": timezone.localdate(now),
            "taken_by": by.key,
        },
    )
    if is_new:
        note(row, "take-code-step", by)
    return taken


def run_crisis(municipality: Municipality, now: datetime) -> int:
    """Mail the phone tree of each acute question that nobody took up in time; once each.

    Returns how many. Ends nothing: that is for a named professional.
    """
    with working_for(municipality.code):
        due = Crisis.objects.filter(municipality=municipality).to_alarm(at=now)
        keys = list(due.values_list("question", flat=True))
    return one_by_one(municipality.code, "alarm-crisis", keys, lambda key: _alarm(key, now))


def _alarm(key: UUID, now: datetime) -> bool:
    question = Question.objects.select_for_update(of=("self",)).get(pk=key)
    crisis = Crisis.objects.to_alarm(at=now).filter(question=question).first()
    if crisis is None:
        return False
    crisis.alarmed_at = now
    crisis.save(update_fields=["alarmed_at"])
    duty = duty_team_of(question.municipality_id)
    recipients = [*coordinators(question.team), *(mailboxes(duty) if duty else [])]
    # The first of the tree only: names of people do not travel by mail.
    phones = next((one.phone for one in phone_tree(question)), "112")
    say(question.municipality_id, "phone-tree", crisis.pk, recipients,
        path=_page(question), telefoons=phones)  # fmt: skip
    note(question, "alarm-crisis", SYSTEM)
    return True


def _open(question: Question) -> Crisis:
    crisis = Crisis.objects.select_for_update(of=("self",)).open().filter(question=question).first()
    if crisis is None:
        raise WrongState
    return crisis


def _page(question: Question) -> str:
    return reverse("crisis", args=[question.pk])
