"""What may be said about how a team answers: of many handovers, never of a person. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from omzien.kernel.workdays import working_days_until

FEWEST = 10  # below this nothing is said: one answer would be somebody's
ROOM_HOLDS_DAYS = 14  # what a team said about its room counts this long


@dataclass(frozen=True)
class Answered:
    """One handover that was answered, or not: then `answered_on` is None."""

    offered_on: date
    answered_on: date | None
    accepted: bool
    by_resident: bool = False  # declined for a reason of the resident: counts for no percentage


@dataclass(frozen=True)
class Answers:
    """How a team usually answers. `percent` is None where too few answers say something."""

    days: int
    percent: int | None

    @property
    def in_ten(self) -> int | None:
        """Return how many of ten were accepted: rounded so far that one answer shows in none."""
        return None if self.percent is None else round(self.percent / 10)


def answers_of(rows: Iterable[Answered], *, closed: Collection[date] = ()) -> Answers | None:
    """Return the median of the working days until the answer, and the share accepted.

    Who did not answer counts as not accepted, and for no number of days. A decline for a reason
    of the resident says nothing about the team. None below `FEWEST` handovers or answers.
    """
    known = list(rows)
    days = [
        working_days_until(one.answered_on, on=one.offered_on, closed=closed)
        for one in known
        if one.answered_on is not None
    ]
    if len(known) < FEWEST or len(days) < FEWEST:
        return None
    counted = [one for one in known if not one.by_resident]
    accepted = sum(one.accepted for one in counted)
    percent = round(100 * accepted / len(counted)) if len(counted) >= FEWEST else None
    return Answers(max(1, round(median(days))), percent)


def is_fresh(said_on: date, *, on: date) -> bool:
    """Tell whether what was said about room still counts."""
    return (on - said_on).days <= ROOM_HOLDS_DAYS
