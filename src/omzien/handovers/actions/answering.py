"""The receiver's side: accept, decline, give back, the first contact, and reporting back."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from omzien.handovers.actions.notices import tell_coordinators, tell_resident, tell_team
from omzien.handovers.actions.writing import (
    as_receiver,
    end,
    give_back,
    locked,
    move,
    needs_ground,
    save,
)
from omzien.handovers.models import Handover
from omzien.handovers.refusals import NeedsContact, NeedsReason, NotAllowed, WrongState
from omzien.handovers.rules.states import ContactKind, DeclineReason, State
from omzien.people.models import Team
from omzien.people.rules.roles import Actor
from omzien.questions.actions.writing import note
from omzien.questions.models import Question, Task
from omzien.questions.rules.states import Result
from omzien.questions.terms import terms_of

TOO_OFTEN = 2  # so many declines of one question, and a coordinator looks along


@transaction.atomic
def accept(
    *,
    handover: Handover,
    contact_name: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Handover:
    """Accept: a named person will call the resident. The owner stays the same until then.

    Raises NotAllowed, WrongState, Stale, NeedsContact, NeedsGround.
    """
    row = locked(handover, version=version)
    as_receiver(row, by=by)
    name = " ".join(contact_name.split())[:120]
    if not name:
        raise NeedsContact
    move(row, "accept")
    needs_ground(row.question, row.to_team, now=now)
    today = timezone.localdate(now)
    terms = terms_of(row.municipality_id)
    row.contact_name, row.answered_at = name, now
    row.due_on = terms.after(today, terms.contact)
    row.remind_on = terms.after(today, (terms.contact + 1) // 2)
    row.reminded_at = None
    save(row, "accept", by)
    tell_team(row, row.from_team, "accepted")
    return row


@transaction.atomic
def decline(
    *,
    handover: Handover,
    reason: DeclineReason,
    text: str,
    suggestion: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Handover:
    """Decline, with why and what could be next; the owner gets a task for the next step.

    The second time that a question is declined a coordinator looks along.
    Raises NotAllowed, WrongState, Stale, NeedsReason.
    """
    row = locked(handover, version=version)
    as_receiver(row, by=by)
    if not (reason and text.strip() and suggestion.strip()):
        raise NeedsReason
    move(row, "decline")
    row.decline_reason, row.answered_at = reason, now
    row.reason = " ".join(text.split())[:500]
    row.suggestion = " ".join(suggestion.split())[:300]
    end(row, now=now)
    before = Handover.objects.filter(question=row.question, state=State.DECLINED).count()
    often = before + 1 >= TOO_OFTEN
    save(row, "decline", by, reason=str(reason))
    give_back(row, now=now, to_coordinator=often)
    tell_team(row, row.from_team, "declined")
    if often:
        tell_coordinators(row, "declined")
    return row


@transaction.atomic
def return_question(
    *, handover: Handover, reason: str, by: Actor, now: datetime, version: int | None = None
) -> Handover:
    """Give an accepted question back before the first contact.

    Raises NotAllowed, WrongState, Stale, NeedsReason.
    """
    row = locked(handover, version=version)
    as_receiver(row, by=by)
    if not reason.strip():
        raise NeedsReason
    move(row, "give-back")
    row.reason = " ".join(reason.split())[:500]
    end(row, now=now)
    save(row, "give-back", by)
    give_back(row, now=now, to_coordinator=False)
    tell_team(row, row.from_team, "returned")
    return row


@transaction.atomic
def meet(
    *,
    handover: Handover,
    met_on: date,
    met_by: ContactKind,
    resident_was_there: bool,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Handover:
    """Confirm the first contact: in this moment the question becomes the receiver's.

    Raises NotAllowed, WrongState, Stale, NeedsContact for a day that is not between the offer
    and today, NeedsGround when the resident took consent back.
    """
    row = locked(handover, version=version)
    as_receiver(row, by=by, verb="contact.confirm")
    today = timezone.localdate(now)
    move(row, "meet")
    if not (met_by and timezone.localdate(row.offered_at) <= met_on <= today):
        raise NeedsContact
    needs_ground(row.question, row.to_team, now=now)
    team = Team.objects.select_for_update(of=("self",)).get(pk=row.to_team_id)
    if team.archived_at:
        raise WrongState
    row.met_on, row.met_by, row.resident_was_there = met_on, met_by, resident_was_there
    row.report_on = terms_of(row.municipality_id).aftercare(today)
    end(row, now=now)
    save(row, "meet", by, kind=str(met_by), resident=resident_was_there)
    _own(row.question, row, by, now)
    tell_team(row, row.from_team, "handed-over")
    tell_resident(row, "handed-over")
    return row


def _own(question: Question, handover: Handover, by: Actor, now: datetime) -> None:
    """Let the question, and what is still to be done for it, be the receiver's."""
    terms = terms_of(question.municipality_id)
    question.team_id = handover.to_team_id
    question.holder_id = by.membership
    question.due_on = terms.after(timezone.localdate(now), terms.next_step)
    question.version += 1
    question.save()
    Task.objects.filter(question=question, done_at=None).update(
        team_id=handover.to_team_id, holder=None
    )
    note(question, "own", by, team=str(handover.to_team_id), was=str(handover.from_team_id))


@transaction.atomic
def report_back(*, handover: Handover, result: Result, by: Actor, now: datetime) -> Handover:
    """Tell the sender how it went: the class of the result, and nothing of what was said.

    Raises NotAllowed, WrongState.
    """
    row = locked(handover)
    if not by.machine and (not by.may("question.work") or by.team != row.question.team_id):
        raise NotAllowed
    move(row, "report-back")
    row.result, row.reported_at = result, now
    save(row, "report-back", by, result=str(result))
    tell_team(row, row.from_team, "reported-back")
    return row
