"""Planning a talk, calling it off, and saying that it was held: when and where, nothing said."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from omzien.kernel.text import one_line
from omzien.mediation.actions.notices import tell_coordinator, tell_mediator, tell_party
from omzien.mediation.actions.writing import (
    as_coordinator,
    as_worker,
    locked,
    move,
    needs_two,
    save,
    start_clock,
    the_party,
)
from omzien.mediation.models import Case, Talk
from omzien.mediation.refusals import NotNeutral, WrongMoment, WrongState
from omzien.mediation.rules.conflicts import Home, is_neutral
from omzien.mediation.rules.states import AT, HELD, TALKS, SeatState, Side, State, TalkKind
from omzien.people.rules.roles import Actor

FARTHEST = timedelta(weeks=8)


@transaction.atomic
def plan_talk(
    *,
    case: Case,
    starts_at: datetime,
    place: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Talk:
    """Plan the talk that comes next; one that was planned is off. Who is there hears it.

    The clock waits for a talk that is later than its day. Raises NotAllowed, Stale, WrongState,
    NeedsMediators, WrongMoment (past, too far ahead, or nowhere), NotNeutral.
    """
    row = locked(case, version=version)
    kind = TALKS.get(State(row.state))
    if kind == TalkKind.INTAKE:
        as_coordinator(row, by)
    else:
        as_worker(row, by)
    if kind is None:
        raise WrongState
    if kind != TalkKind.INTAKE:
        needs_two(row)
    where = one_line(place, 200)
    if not where or not now < starts_at <= now + FARTHEST:
        raise WrongMoment
    if kind == TalkKind.JOINT and not is_neutral(where, _homes(row)):
        raise NotNeutral
    _call_off(row, now=now)
    talk = Talk.objects.create(
        municipality_id=row.municipality_id,
        case=row,
        kind=kind,
        starts_at=starts_at,
        place=where,
        planned_at=now,
    )
    day = timezone.localdate(starts_at)
    if row.due_on is not None and day > row.due_on:
        start_clock(row, State(row.state), now=now, due=day)
    save(row, "plan-talk", by, talk=str(talk.pk), kind=str(kind))
    _tell(row, talk, "talk")
    return talk


@transaction.atomic
def call_off_talk(*, case: Case, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Call the planned talk off. Raises NotAllowed, Stale, WrongState (none is planned)."""
    row = locked(case, version=version)
    as_worker(row, by)
    talk = _call_off(row, now=now)
    if talk is None:
        raise WrongState
    save(row, "call-off-talk", by, talk=str(talk.pk))
    for side, kinds in AT.items():
        party = the_party(row, side)
        if party is not None and talk.kind in kinds:
            tell_party(party, "talk-off", mark=talk.pk)
    return row


@transaction.atomic
def hold_talk(
    *, case: Case, name: str, by: Actor, now: datetime, version: int | None = None
) -> Case:
    """Say that a talk was held: "talk-first", "talk-second" or "talk-joint". Nothing of what
    was said. Raises NotAllowed, Stale, WrongState, NeedsMediators, WrongMoment (it is to come).
    """
    row = locked(case, version=version)
    as_worker(row, by)
    if name not in HELD:
        raise WrongState
    needs_two(row)
    planned = row.talks.filter(kind=HELD[name], cancelled_at=None, held_at=None)
    if planned.filter(starts_at__gt=now).exists():
        raise WrongMoment
    move(row, name, now=now)
    if not planned.update(held_at=now):
        Talk.objects.create(
            municipality_id=row.municipality_id, case=row, kind=HELD[name], starts_at=now,
            place="-", planned_at=now, held_at=now,
        )  # fmt: skip
    save(row, name, by)
    tell_coordinator(row, "moved", mark=row.version)
    return row


def _call_off(row: Case, *, now: datetime) -> Talk | None:
    talk = row.talks.planned().first()
    if talk is not None:
        talk.cancelled_at = now
        talk.save()
    return talk


def _homes(row: Case) -> dict[int, Home]:
    return {one.side: Home(one.street, one.postcode) for one in row.parties.all()}


def _tell(row: Case, talk: Talk, what: str) -> None:
    for side, kinds in AT.items():
        party = the_party(row, side)
        if party is not None and talk.kind in kinds and (side == Side.FIRST or party.agreed_at):
            tell_party(party, what, mark=talk.pk)
    if talk.kind != TalkKind.INTAKE:
        seats = row.seats.filter(state=SeatState.ACCEPTED)
        for seat in seats.select_related("person", "case__municipality"):
            tell_mediator(seat, what, mark=talk.pk)
