"""What the coordinator decides in a case, and what a neighbour decides by themselves."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from omzien.kernel.text import one_line
from omzien.mediation.actions.notices import tell_coordinator, tell_mediators, tell_party
from omzien.mediation.actions.reporting import known_by_mail
from omzien.mediation.actions.writing import (
    as_coordinator,
    end,
    locked,
    move,
    needs_two,
    own_side,
    save,
    start_clock,
    the_party,
)
from omzien.mediation.models import Agreement, Case, Party
from omzien.mediation.refusals import (
    DayIsPast,
    InDanger,
    NeedsName,
    NeedsReason,
    NeedsTelling,
    NotYet,
    SameParty,
    WrongMoment,
    WrongState,
)
from omzien.mediation.rules.states import (
    TOGETHER,
    Elsewhere,
    Outcome,
    Side,
    State,
    TalkKind,
)
from omzien.mediation.rules.terms import SOONEST
from omzien.people.rules.roles import Actor


@transaction.atomic
def clear_danger(*, case: Case, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Write down that there is no violence and no threat, after a talk with who reported it.

    Raises NotAllowed, Stale, WrongState.
    """
    row = locked(case, version=version)
    as_coordinator(row, by)
    if row.state != State.REPORTED:
        raise WrongState
    row.parties.filter(side=Side.FIRST).update(in_danger=False)
    save(row, "clear-danger", by)
    return row


@transaction.atomic
def suit(*, case: Case, met_on: date, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Say after the intake that mediation suits. What was written for the intake goes.

    Raises NotAllowed, Stale, WrongState, WrongMoment (the intake is still to come), InDanger.
    """
    row = locked(case, version=version)
    as_coordinator(row, by)
    if met_on > timezone.localdate(now) or met_on < timezone.localdate(row.received_at):
        raise WrongMoment
    first = row.parties.filter(side=Side.FIRST)
    if first.filter(in_danger=True).exists():
        raise InDanger
    move(row, "suit", now=now)
    intake = row.talks.filter(kind=TalkKind.INTAKE, cancelled_at=None, held_at=None)
    intake.update(held_at=now)
    first.update(words="")
    save(row, "suit", by, met_on=str(met_on))
    return row


@transaction.atomic
def refer_on(
    *,
    case: Case,
    why: Elsewhere | None,
    where: str,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """End a case that is not one for mediation, with why, and where to go instead.

    Both are for who reported it, in their own file. Raises NotAllowed, Stale, WrongState,
    NeedsReason (why or where to is missing).
    """
    row = locked(case, version=version)
    as_coordinator(row, by)
    advice = one_line(where, 300)
    if why is None or not advice:
        raise NeedsReason
    row.parties.filter(side=Side.FIRST).update(elsewhere=why, advice=advice)
    end(row, "refer-on", Outcome.ELSEWHERE, by=by, now=now)
    return row


@transaction.atomic
def join(
    *,
    case: Case,
    was_told: bool,
    by: Actor,
    now: datetime,
    name: str = "",
    phone: str = "",
    email: str = "",
    version: int | None = None,
) -> Case:
    """Write down that the other neighbour says yes, and how they are reached.

    They heard first where their name came from, and what is kept (AVG, art. 14).
    Raises NotAllowed, Stale, WrongState, NeedsMediators, NeedsTelling, NeedsName, SameParty.
    """
    row = locked(case, version=version)
    as_coordinator(row, by)
    needs_two(row)
    if not was_told:
        raise NeedsTelling
    other = the_party(row, Side.SECOND)
    if other is None:
        raise WrongState
    other.name = one_line(name, 120) or other.name
    if not other.name:
        raise NeedsName
    move(row, "join", now=now)
    other.told_at = other.agreed_at = now
    other.phone, other.email = one_line(phone, 40), email.strip().casefold()
    if other.email:
        other.person = known_by_mail(row, other.name, other.email, by)
    try:
        with transaction.atomic():
            other.save()
    except IntegrityError:  # the database keeps two different neighbours
        raise SameParty from None
    save(row, "join", by)
    tell_party(other, "joined")
    tell_mediators(row, mark=row.version)
    return row


@transaction.atomic
def refuse(*, case: Case, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Write down that the other neighbour does not take part (any more), or is not reached.

    Who reported it is helped alone; the file of the other goes after its term.
    Raises NotAllowed, Stale, WrongState.
    """
    row = locked(case, version=version)
    as_coordinator(row, by)
    _go_on_alone(row, by=by, now=now)
    return row


def _go_on_alone(row: Case, *, by: Actor, now: datetime) -> None:
    was_together = row.state in TOGETHER
    move(row, "refuse", now=now)
    row.parties.filter(side=Side.SECOND).update(left_at=now)
    kinds = [TalkKind.SECOND, TalkKind.JOINT]
    planned = row.talks.filter(held_at=None, cancelled_at=None, kind__in=kinds)
    planned.update(cancelled_at=now)
    Agreement.objects.filter(case=row).delete()
    save(row, "refuse", by)
    tell_mediators(row, mark=row.version)
    first = the_party(row, Side.FIRST)
    if first is not None:
        tell_party(first, "alone", mark="late" if was_together else "")


@transaction.atomic
def ease(*, case: Case, by: Actor, now: datetime, version: int | None = None) -> Case:
    """End a case that went by without mediation. Raises NotAllowed, Stale, WrongState."""
    row = locked(case, version=version)
    as_coordinator(row, by)
    end(row, "ease", Outcome.EASED, by=by, now=now)
    return row


@transaction.atomic
def finish(
    *,
    case: Case,
    outcome: Outcome | None,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """End a case after the joint talk, the help for one, or the aftercare, with a class.

    Raises NotAllowed, Stale, NeedsReason (no outcome), WrongState (not from here, or not with
    this outcome), NotYet (aftercare comes two weeks later at the soonest).
    """
    row = locked(case, version=version)
    as_coordinator(row, by)
    if outcome is None:
        raise NeedsReason
    names = {
        State.AGREEING: "not-agree", State.COACHING: "coached", State.AFTERCARE: "look-back"
    }  # fmt: skip
    name = names.get(State(row.state))
    if name is None:
        raise WrongState
    if name == "look-back" and timezone.localdate(now) < row.since + SOONEST:
        raise NotYet
    end(row, name, outcome, by=by, now=now)
    return row


@transaction.atomic
def postpone(
    *, case: Case, due_on: date, by: Actor, now: datetime, version: int | None = None
) -> Case:
    """Set another day for what comes next: in aftercare two to six weeks after the agreements.

    Raises NotAllowed, Stale, WrongState, DayIsPast, NotYet.
    """
    row = locked(case, version=version)
    as_coordinator(row, by)
    if row.state not in (State.AFTERCARE, State.COACHING):
        raise WrongState
    if due_on <= timezone.localdate(now):
        raise DayIsPast
    if not row.since + SOONEST <= due_on <= row.since + 3 * SOONEST:
        raise NotYet
    start_clock(row, State(row.state), now=now, due=due_on)
    save(row, "postpone", by)
    return row


@transaction.atomic
def stop(*, party: Party, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Stop, as one of the neighbours, at any time and without a reason.

    When who reported it stops, the case ends. When the other does, the case goes on with one; in
    aftercare it ends. Raises NotAllowed, Stale, WrongState.
    """
    row, mine = own_side(party, by, version=version)
    _stop(row, mine, by=by, now=now)
    return row


@transaction.atomic
def stop_for(
    *, case: Case, side: Side, by: Actor, now: datetime, version: int | None = None
) -> Case:
    """Write down that a neighbour who called wants to stop. Raises as `stop` does."""
    row = locked(case, version=version)
    as_coordinator(row, by)
    party = the_party(row, side)
    if party is None or party.left_at is not None:
        raise WrongState
    _stop(row, party, by=by, now=now)
    return row


def _stop(row: Case, party: Party, *, by: Actor, now: datetime) -> None:
    if party.side == Side.FIRST:
        end(row, "withdraw", Outcome.STOPPED, by=by, now=now)
    elif row.state == State.AFTERCARE:
        end(row, "leave", Outcome.STOPPED, by=by, now=now)
        return
    else:
        _go_on_alone(row, by=by, now=now)
    tell_coordinator(row, "moved", mark=row.version)
