"""The ladder advice: what could help on each rung, and which rung is the lowest workable. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from omzien.directory.rules import Capacity
from omzien.kernel.ladder import LADDER, Rung

NEAR_KM = 3.0


class Reason(StrEnum):
    """Why an option is proposed; pages say each in plain Dutch."""

    NEAR = "near"
    FREE = "free"
    ROOM = "room"
    WALK_IN = "walk-in"
    LISTED = "waiting-list"
    ASK = "ask-first"
    FULL = "full"
    UNKNOWN = "room-unknown"


_ROOM = {
    Capacity.YES: Reason.ROOM,
    Capacity.WAITING_LIST: Reason.LISTED,
    Capacity.ASK_FIRST: Reason.ASK,
    Capacity.NO: Reason.FULL,
    Capacity.UNKNOWN: Reason.UNKNOWN,
}


@dataclass(frozen=True)
class Step:
    """One rung as the advice sees it."""

    rung: Rung
    workable: int
    """How many options there are that are not full."""
    tried: bool = False
    """Something was tried here already, or it was gone past with a reason."""


def reasons(
    *,
    km: float | None,
    is_free: bool | None,
    without_appointment: bool | None,
    capacity: Capacity,
) -> tuple[Reason, ...]:
    """Return why an option is proposed, and what is known of its room."""
    found = {
        Reason.NEAR: km is not None and km <= NEAR_KM,
        Reason.FREE: bool(is_free),
        Reason.WALK_IN: bool(without_appointment),
    }
    return (*(reason for reason, holds in found.items() if holds), _ROOM[capacity])


def lowest_workable(steps: Sequence[Step]) -> Rung | None:
    """Return the lowest rung that can work and was not tried; None when no rung is left."""
    for step in sorted(steps, key=lambda one: LADDER.index(one.rung)):
        if step.workable and not step.tried:
            return step.rung
    return None
