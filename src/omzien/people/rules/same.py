"""Two persons who are one: how long that can be undone, and which of the two stays. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

UNDO_DAYS = 30  # casework, 23: "merge reversible 30 d"; calendar days, the last one counts


@dataclass(frozen=True)
class One:
    """What of a person matters for choosing. `has_others`: somebody is the same as this one."""

    key: UUID
    account: UUID | None
    made_at: datetime
    has_others: bool = False


def last_day_to_undo(merged_on: date) -> date:
    """Return the last day on which it can be undone."""
    return merged_on + timedelta(days=UNDO_DAYS)


def may_be_one(first: UUID | None, second: UUID | None) -> bool:
    """Tell whether two accounts allow it: of two people who sign in apart, nobody decides that
    one reads what the other asked.
    """
    return first is None or second is None or first == second


def stays(first: One, second: One) -> One:
    """Return which of the two is kept: who has others already, then who can sign in, then the
    one that was here first.
    """
    return min(
        (first, second),
        key=lambda one: (not one.has_others, one.account is None, one.made_at, str(one.key)),
    )
