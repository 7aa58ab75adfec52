"""The talk of three: planning it, calling it off, and what it settles."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from omzien.handovers.actions.answering import take_over
from omzien.handovers.actions.closing import call_off
from omzien.handovers.actions.notices import tell_meeting
from omzien.handovers.actions.writing import as_receiver, locked, save
from omzien.handovers.models import Handover, Meeting
from omzien.handovers.refusals import AlreadyOpen, WrongMoment, WrongState
from omzien.handovers.rules.states import ContactKind, State
from omzien.kernel.text import one_line
from omzien.people.rules.roles import Actor
from omzien.questions.actions.writing import owned


@transaction.atomic
def plan_meeting(
    *,
    handover: Handover,
    starts_at: datetime,
    place: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Meeting:
    """Plan when resident, sender and receiver sit together; each of them hears of it.

    Raises NotAllowed, WrongState, Stale, AlreadyOpen, WrongMoment.
    """
    row = _of_either_side(handover, by, version=version)
    if row.state != State.ACCEPTED:
        raise WrongState
    if starts_at <= now or not place.strip():
        raise WrongMoment
    if Meeting.objects.planned().filter(handover=row).exists():
        raise AlreadyOpen
    meeting = Meeting.objects.create(
        municipality_id=row.municipality_id,
        handover=row,
        starts_at=starts_at,
        place=one_line(place, 200),
        planned_by=by.key,
        planned_at=now,
    )
    save(row, "plan-meeting", by)
    tell_meeting(meeting, row, "meeting-planned")
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: Actor, now: datetime) -> Meeting:
    """Call a talk off. Raises NotAllowed, WrongState."""
    row = _of_either_side(meeting.handover, by)
    found = _planned(meeting)
    call_off(found, row, now=now)
    save(row, "cancel-meeting", by)
    return found


@transaction.atomic
def hold_meeting(
    *, meeting: Meeting, resident_was_there: bool, by: Actor, now: datetime
) -> Handover:
    """Confirm that the talk took place: that is the first contact, and the question moves.

    Either side may, for both were there. Raises NotAllowed, WrongState, WrongMoment for a talk
    that is still to come, NeedsGround.
    """
    row = _of_either_side(meeting.handover, by, verb="contact.confirm")
    found = _planned(meeting)
    if found.starts_at > now:
        raise WrongMoment
    found.held_at = now
    found.save(update_fields=["held_at"])
    take_over(
        row,
        met_on=timezone.localdate(found.starts_at),
        met_by=ContactKind.THREE_WAY,
        resident_was_there=resident_was_there,
        by=by,
        now=now,
    )
    return row


def _planned(meeting: Meeting) -> Meeting:
    found = Meeting.objects.planned().filter(pk=meeting.pk).first()
    if found is None:
        raise WrongState
    return found


def _of_either_side(
    handover: Handover, by: Actor, verb: str = "handover.answer", version: int | None = None
) -> Handover:
    if by.handover is not None or by.team != handover.from_team_id:
        return as_receiver(handover, by=by, verb=verb, version=version)
    row = locked(handover, version=version)
    owned(row.question, by=by, verb="question.work")
    return row
