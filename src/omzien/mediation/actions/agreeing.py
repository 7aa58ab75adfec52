"""Agreements: words that a mediator or the coordinator writes, and to which both say yes."""

from datetime import datetime

from django.db import transaction

from omzien.kernel.text import clean
from omzien.mediation.actions.notices import tell_coordinator, tell_parties
from omzien.mediation.actions.writing import (
    as_worker,
    empty_seats,
    locked,
    move,
    own_side,
    save,
)
from omzien.mediation.models import Agreement, Case, Party
from omzien.mediation.refusals import NeedsWords, WrongState
from omzien.mediation.rules.states import Side, State
from omzien.people.rules.roles import Actor


@transaction.atomic
def write_agreement(
    *, case: Case, words: str, by: Actor, now: datetime, version: int | None = None
) -> Agreement:
    """Write what both agreed, in words to which both are to say yes. Other words ask both anew;
    the ones before are gone. Raises NotAllowed, Stale, WrongState, NeedsWords.
    """
    row = locked(case, version=version)
    as_worker(row, by)
    text = clean(words)[:4000]
    if row.state != State.AGREEING:
        raise WrongState
    if not text:
        raise NeedsWords
    agreement, _is_new = Agreement.objects.update_or_create(
        case=row,
        defaults={
            "municipality_id": row.municipality_id,
            "words": text,
            "written_at": now,
            "first_yes_at": None,
            "second_yes_at": None,
        },
    )
    save(row, "write-agreement", by)
    tell_parties(row, "words", mark=row.version)
    return agreement


@transaction.atomic
def say_yes(*, party: Party, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Say yes to the words of the agreement, as one of the neighbours. With the second yes they
    stand, and the mediators are done. Raises NotAllowed, Stale, WrongState, NeedsWords.
    """
    row, mine = own_side(party, by, version=version)
    _say_yes(row, Side(mine.side), by=by, now=now)
    return row


@transaction.atomic
def say_yes_for(
    *, case: Case, side: Side, by: Actor, now: datetime, version: int | None = None
) -> Case:
    """Write down that a neighbour said yes aloud to these words. Raises as `say_yes` does."""
    row = locked(case, version=version)
    as_worker(row, by)
    _say_yes(row, side, by=by, now=now)
    return row


def _say_yes(row: Case, side: Side, *, by: Actor, now: datetime) -> None:
    if row.state != State.AGREEING:
        raise WrongState
    agreement = Agreement.objects.filter(case=row).first()
    if agreement is None:
        raise NeedsWords
    if side == Side.FIRST:
        agreement.first_yes_at = agreement.first_yes_at or now
    else:
        agreement.second_yes_at = agreement.second_yes_at or now
    agreement.save()
    if not (agreement.first_yes_at and agreement.second_yes_at):
        save(row, "say-yes", by, side=int(side))
        return
    empty_seats(row, now=now)
    move(row, "agree", now=now)
    save(row, "agree", by, side=int(side))
    tell_parties(row, "agreed")
    tell_coordinator(row, "moved", mark=row.version)
