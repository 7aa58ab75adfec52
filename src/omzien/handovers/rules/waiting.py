"""Waiting for a place with another team, as one table; and room as it follows from places.

The question stays with its team all the time that it waits. The receiver counts places: one is
reserved when it accepts, taken at the first contact, and free again when either ends.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from omzien.handovers.rules.along import Move
from omzien.handovers.rules.states import Capacity, Side

REMINDS = timedelta(weeks=1)  # so long before the resident hears again, their team is reminded


class WaitState(StrEnum):
    """Where a question on a waiting list stands."""

    WAITING = "waiting"
    OFFERED = "offered"  # by a handover, which has a clock of its own
    PLACED = "placed"  # the receiver accepted
    LAPSED = "lapsed"  # off the list


OPEN_WAIT = frozenset({WaitState.WAITING, WaitState.OFFERED})


class Lapse(StrEnum):
    """Why a question went off a list without a place."""

    OWNER = "owner"
    RESIDENT = "resident"
    ENDED = "ended"  # the question itself ended


WAIT: Mapping[str, Move] = {
    "offer": Move(frozenset({WaitState.WAITING}), WaitState.OFFERED, Side.OWNER),
    "place": Move(frozenset({WaitState.OFFERED}), WaitState.PLACED, Side.RECEIVER),
    # The handover ended without a first contact: waiting since the same day, as nothing was lost.
    "back": Move(frozenset({WaitState.OFFERED, WaitState.PLACED}), WaitState.WAITING, Side.ANY),
    "lapse": Move(frozenset({WaitState.WAITING}), WaitState.LAPSED, Side.ANY),
}


def room_now(
    said: Capacity, *, places: int | None, held: int, in_line: int, keeps_list: bool
) -> Capacity:
    """Return the room of a team: as said, or where it counts places, as these are.

    A free place that is meant for who waits already is none for others.
    """
    if places is None:
        return said
    if places - held > in_line:
        return said if said == Capacity.ASK_FIRST else Capacity.YES
    return Capacity.WAITING_LIST if keeps_list or in_line else Capacity.NO


def hears_on(day: date, weeks: int) -> tuple[date, date]:
    """Return when the team of a resident who waits is reminded, and the last day on which the
    resident hears again, counted from a day on which they did.
    """
    last = day + timedelta(weeks=weeks)
    return last - REMINDS, last
