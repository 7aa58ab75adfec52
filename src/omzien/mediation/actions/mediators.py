"""Choosing two mediators, and what a mediator says: yes, no, or that they step back."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.kernel.text import one_line
from omzien.mediation.actions.notices import (
    tell_coordinator,
    tell_mediator,
    tell_mediators,
    tell_parties,
)
from omzien.mediation.actions.writing import (
    as_coordinator,
    locked,
    move,
    note,
    save,
    start_clock,
)
from omzien.mediation.models import Case, Mediator, Seat
from omzien.mediation.queries.choosing import conflicts_of
from omzien.mediation.refusals import (
    ConflictOfInterest,
    NeedsAddress,
    NeedsNobodyKnown,
    NeedsReason,
    NotAllowed,
    SeatsTaken,
    WrongState,
)
from omzien.mediation.rules.conflicts import postcode_of
from omzien.mediation.rules.states import (
    SEAT_MOVES,
    STAFFED,
    BackReason,
    SeatState,
    State,
)
from omzien.mediation.terms import terms_of
from omzien.people.models import Membership
from omzien.people.rules.roles import SYSTEM, Actor, Role


@transaction.atomic
def keep_mediator(
    *, membership: Membership, street: str, postcode: str, is_experienced: bool, by: Actor
) -> Mediator:
    """Write down where a volunteer of the team lives, and whether they are experienced.

    Raises NotAllowed, NeedsAddress (a street and a whole postcode).
    """
    ours = Membership.objects.filter(pk=membership.pk, team=by.team, role=Role.VOLUNTEER)
    if by.team is None or not (by.may("mediation.coordinate") and ours.exists()):
        raise NotAllowed
    where, code = one_line(street, 120), postcode_of(postcode)
    if not where or len(code) < 6:
        raise NeedsAddress
    row, _is_new = Mediator.objects.update_or_create(
        membership=membership,
        defaults={
            "municipality_id": membership.municipality_id,
            "street": where,
            "postcode": code,
            "is_experienced": is_experienced,
        },
    )
    return row


@transaction.atomic
def ask_mediators(
    *,
    case: Case,
    memberships: Iterable[UUID],
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> list[Seat]:
    """Ask one or two volunteers to mediate. Nobody who has to do with a party.

    Raises NotAllowed, Stale, WrongState, NeedsReason (nobody chosen), SeatsTaken,
    ConflictOfInterest.
    """
    row = locked(case, version=version)
    as_coordinator(row, by)
    if row.state not in STAFFED:
        raise WrongState
    keys = list(dict.fromkeys(memberships))
    if not keys:
        raise NeedsReason
    taken = set(row.seats.open().values_list("number", flat=True))
    free = [number for number in (1, 2) if number not in taken]
    if len(keys) > len(free):
        raise SeatsTaken
    found = conflicts_of(row, on=timezone.localdate(now))
    terms = terms_of(row.municipality_id)
    seats = []
    for key, number in zip(keys, free, strict=False):
        if key not in found:
            raise NotAllowed
        if found[key]:
            raise ConflictOfInterest(found[key])
        mediator = Mediator.objects.select_related("membership__person").get(membership=key)
        seat = Seat.objects.create(
            municipality_id=row.municipality_id,
            case=row,
            number=number,
            membership=mediator.membership,
            person=mediator.membership.person,
            asked_at=now,
            due_on=terms.after(timezone.localdate(now), terms.answer),
        )
        seats.append(seat)
        tell_mediator(seat, "asked")
    save(row, "ask-mediators", by, seats=[str(seat.pk) for seat in seats])
    return seats


@transaction.atomic
def accept(*, seat: Seat, knows_nobody: bool, by: Actor, now: datetime) -> Seat:
    """Say yes, and that one knows neither neighbour. The second yes moves the case on.

    Raises NotAllowed, WrongState, NeedsNobodyKnown.
    """
    row, case = _own(seat, by)
    if not knows_nobody:
        raise NeedsNobodyKnown
    _move(row, "accept")
    row.knows_nobody, row.answered_at, row.due_on = True, now, None
    row.save()
    accepted = case.seats.filter(state=SeatState.ACCEPTED).count()
    is_complete = accepted == 2
    if is_complete and case.state == State.CHOOSING:
        move(case, "staff", now=now)
    elif is_complete:  # somebody took the place of another
        start_clock(case, State(case.state), now=now)
    save(case, "accept", by, seat=str(row.pk))
    tell_coordinator(case, "mediators", mark=row.pk)
    if is_complete:
        tell_parties(case, "mediators", mark=case.version)
        tell_mediators(case, mark=case.version)
    return row


@transaction.atomic
def say_no(*, seat: Seat, reason: BackReason | None, by: Actor, now: datetime) -> Seat:
    """Say no, or step back, with a reason in one word: also when it turns out later that one
    knows a neighbour. What they saw of the case is closed to them at once.

    Raises NotAllowed, WrongState, NeedsReason.
    """
    row, case = _own(seat, by)
    if reason is None:
        raise NeedsReason
    name = "decline" if row.state == SeatState.ASKED else "step-back"
    row.reason = reason
    _leave(row, case, name, by=by, now=now)
    return row


@transaction.atomic
def let_go(*, seat: Seat, by: Actor, now: datetime, version: int | None = None) -> Seat:
    """Let a mediator go, as the coordinator. Raises NotAllowed, Stale, WrongState."""
    case = locked(seat.case_id, version=version)
    as_coordinator(case, by)
    row = case.seats.select_related("person", "case__municipality").get(pk=seat.pk)
    _leave(row, case, "end", by=by, now=now)
    tell_mediator(row, "done")
    return row


@transaction.atomic
def expire_seat(*, seat: Seat, now: datetime) -> bool:
    """End a seat whose mediator gave no answer in time; tell whether that was done now."""
    case = locked(seat.case_id)
    row = case.seats.due(on=timezone.localdate(now)).filter(pk=seat.pk).first()
    if row is None:
        return False
    _leave(row, case, "expire", by=SYSTEM, now=now)
    return True


@transaction.atomic
def empty_seat(*, seat: Seat, now: datetime) -> bool:
    """End the seat of who has that role no more; tell whether that was done now."""
    case = locked(seat.case_id)
    row = case.seats.empty(on=timezone.localdate(now)).filter(pk=seat.pk).first()
    if row is None:
        return False
    _leave(row, case, "end", by=SYSTEM, now=now)
    return True


def _own(seat: Seat, by: Actor) -> tuple[Seat, Case]:
    case = locked(seat.case_id)
    rows = Seat.objects.own(by).select_related("person", "case__municipality")
    row = rows.filter(pk=seat.pk).first()
    if row is None:
        raise NotAllowed
    return row, case


def _move(row: Seat, name: str) -> None:
    start, to = SEAT_MOVES[name]
    if row.state not in start:
        raise WrongState
    row.state = to


def _leave(row: Seat, case: Case, name: str, *, by: Actor, now: datetime) -> None:
    """End a seat; the case waits for another mediator, and its coordinator hears so."""
    was_accepted = row.state == SeatState.ACCEPTED
    _move(row, name)
    row.ended_at, row.due_on = now, None
    row.save()
    if was_accepted:  # somebody else must be found first
        today, terms = timezone.localdate(now), terms_of(case.municipality_id)
        start_clock(case, State(case.state), now=now, due=terms.after(today, terms.choose))
    save(case, f"{name}-seat", by, seat=str(row.pk), reason=str(row.reason))
    tell_coordinator(case, "mediators", mark=f"{row.pk}-{name}")
    if was_accepted:
        note(case, "lacks-mediator", SYSTEM)
