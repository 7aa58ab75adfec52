"""Plans: who does what, and how much of a goal is carried by whom. Pure."""

from dataclasses import dataclass
from enum import StrEnum

LONGEST_WORDS = 2_000
MOST_GOALS, MOST_ACTIONS = 20, 40


class GoalState(StrEnum):
    """Where a goal stands."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class Who(StrEnum):
    """Who does an action."""

    RESIDENT = "resident"
    TIE = "tie"  # somebody of the own network
    NEIGHBOUR = "neighbour"  # or a volunteer: a first name
    WORKER = "worker"
    PROVIDER = "provider"


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Moment(StrEnum):
    """When something was measured."""

    BEFORE = "before"
    AFTER = "after"


class WithWhom(StrEnum):
    """Who filled something in."""

    SELF = "self"
    TOGETHER = "together"  # with a worker


@dataclass(frozen=True)
class Split:
    """Who carries a goal, in whole percents: one's own strength, one's people, professionals."""

    own: int
    network: int
    professional: int

    @property
    def is_whole(self) -> bool:
        """Tell whether it is a split: nothing below zero, and together a hundred."""
        parts = (self.own, self.network, self.professional)
        return min(parts) >= 0 and sum(parts) == 100

    @property
    def informal(self) -> int:
        """Return the share that no professional carries."""
        return self.own + self.network


def shift(before: Split | None, after: Split | None) -> int | None:
    """Return by how many percent points the informal share grew; None unless both are known."""
    return after.informal - before.informal if before and after else None
