"""What every action on a case does: lock it, ask who acts and the table of moves, save."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from omzien.journal.actions import record
from omzien.mediation.actions.notices import (
    taking_part,
    tell_mediator,
    tell_party,
    tell_referrer,
)
from omzien.mediation.models import Agreement, Case, Party, Seat
from omzien.mediation.refusals import NeedsMediators, NotAllowed, Stale, WrongState
from omzien.mediation.rules.states import (
    MOVES,
    Outcome,
    SeatState,
    Side,
    State,
    may_move,
)
from omzien.mediation.terms import terms_of
from omzien.people.gates import by_key
from omzien.people.queries.mandates import decides
from omzien.people.rules.roles import SYSTEM, Actor


def locked(case: Case | UUID, *, version: int | None = None) -> Case:
    """Return a case, locked: all that belongs to it is changed under this lock.

    Raises Stale when it changed since `version`.
    """
    key = case if isinstance(case, UUID) else case.pk
    rows = Case.objects.select_related("municipality", "team", "from_team", "village")
    row = rows.select_for_update(of=("self",)).get(pk=key)
    if version is not None and row.version != version:
        raise Stale
    return row


def as_coordinator(case: Case, by: Actor) -> None:
    """Check that `by` coordinates the team of a case, and is no party. Raises NotAllowed."""
    if by_key(Case.objects.coordinated_by(by), case.pk) is None:
        raise NotAllowed


def as_worker(case: Case, by: Actor) -> None:
    """Check that `by` coordinates a case, or mediates in it since their yes. Raises NotAllowed."""
    mine = Seat.objects.own(by).filter(case=case, state=SeatState.ACCEPTED)
    if not mine.exists():
        as_coordinator(case, by)


def own_side(party: Party | UUID, by: Actor, *, version: int | None = None) -> tuple[Case, Party]:
    """Return the case and the own file of a neighbour, locked: for themselves, or for who may
    decide for them. Raises NotAllowed, Stale.
    """
    key = party if isinstance(party, UUID) else party.pk
    mine = Party.objects.own(by).filter(pk=key).first()
    if mine is None or not decides(by, on=timezone.localdate()):
        raise NotAllowed
    case = locked(mine.case_id, version=version)
    row = Party.objects.own(by).select_related("case__municipality").filter(pk=key).first()
    if row is None or row.left_at is not None:
        raise NotAllowed
    return case, row


def the_party(case: Case, side: Side) -> Party | None:
    """Return the file of one side; None where there is none any more."""
    return case.parties.select_related("case__municipality").filter(side=side).first()


def needs_two(case: Case) -> None:
    """Check that two mediators said yes. Raises NeedsMediators."""
    if case.seats.filter(state=SeatState.ACCEPTED).count() < 2:
        raise NeedsMediators


def move(case: Case, name: str, *, now: datetime, outcome: Outcome | None = None) -> None:
    """Set the state that a move leads to, with its clock. Raises WrongState."""
    if not may_move(name, State(case.state)):
        raise WrongState
    step = MOVES[name]
    if step.end == State.CLOSED and outcome not in step.outcomes:
        raise WrongState
    if case.state != step.end:  # a coaching that goes on keeps its clock
        start_clock(case, step.end, now=now)
    case.state = step.end


def start_clock(case: Case, state: State, *, now: datetime, due: date | None = None) -> None:
    """Let the clock of a state begin, or move on to a day on which something is planned."""
    today = timezone.localdate(now)
    case.since = case.since if due else today
    case.reminded_at = case.escalated_at = None
    if state == State.CLOSED:
        case.due_on = case.escalate_on = case.ends_on = None
        return
    terms = terms_of(case.municipality_id)
    case.due_on = due or terms.due(state, today)
    case.escalate_on = terms.after(case.due_on, terms.escalate)
    case.ends_on = max(terms.after(case.due_on, terms.give_up), case.escalate_on)


def save(case: Case, verb: str, by: Actor, **details: Any) -> None:
    """Write a case with a new version, and its fact: keys and labels, and no word of anybody."""
    case.version += 1
    case.save()
    note(case, verb, by, **details)


def note(case: Case, verb: str, by: Actor, **details: Any) -> None:
    """Write the fact of a step in a case."""
    record(
        verb=verb,
        subject="mediation",
        subject_id=case.pk,
        by=by.key,
        municipality=case.municipality_id,
        area=case.village.slug[:40],
        **details,
    )


def end(case: Case, name: str, outcome: Outcome, *, by: Actor, now: datetime) -> None:
    """End a case: mediators go, what is planned is off, and who takes part and who referred hear.

    Words to which not both said yes are gone. Raises WrongState.
    """
    empty_seats(case, now=now)
    move(case, name, now=now, outcome=outcome)
    case.outcome, case.ended_at = outcome, now
    case.talks.filter(held_at=None, cancelled_at=None).update(cancelled_at=now)
    unapproved = Agreement.objects.filter(case=case)
    unapproved.exclude(first_yes_at__isnull=False, second_yes_at__isnull=False).delete()
    case.parties.filter(side=Side.FIRST).update(words="", in_danger=False)
    # Who never said yes is kept no longer than who said no.
    case.parties.filter(side=Side.SECOND, agreed_at=None, left_at=None).update(left_at=now)
    save(case, name, by, outcome=str(outcome))
    for party in taking_part(case):
        tell_party(party, "ended")
    tell_referrer(case)


def empty_seats(case: Case, *, now: datetime) -> None:
    """Let the mediators of a case go; each hears that they are done."""
    seats = Seat.objects.open().filter(case=case).select_related("person", "case__municipality")
    for seat in seats.select_for_update(of=("self",)):
        seat.state, seat.ended_at, seat.due_on = SeatState.ENDED, now, None
        seat.save()
        note(case, "end-seat", SYSTEM, seat=str(seat.pk))
        tell_mediator(seat, "done")
