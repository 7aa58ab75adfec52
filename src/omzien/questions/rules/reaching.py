"""When somebody may stop trying to reach a resident: not soon, not in one way, not in silence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from omzien.kernel.workdays import working_days_until

LEAST_TRIES = 3
LEAST_WAYS = 2


class By(StrEnum):
    """How somebody tried to reach the resident."""

    PHONE = "phone"
    MAIL = "mail"
    VISIT = "visit"
    LETTER = "letter"


@dataclass(frozen=True)
class Try:
    """One try."""

    by: By
    day: date
    reached: bool = False


def in_vain(tries: Sequence[Try]) -> list[Try]:
    """Return the tries since the resident was last reached, oldest first."""
    found: list[Try] = []
    for one in sorted(tries, key=lambda one: one.day):
        found = [] if one.reached else [*found, one]
    return found


def lacks(
    tries: Sequence[Try], *, today: date, days: int, closed: Collection[date] = ()
) -> list[str]:
    """Return codes of what must still be done before giving up: "tries", "ways", "days".

    Casework notes 3.1: at least three tries, in two ways, and ten working days since the first.
    """
    vain = in_vain(tries)
    waited = working_days_until(today, on=vain[0].day, closed=closed) if vain else 0
    found = {
        "tries": len(vain) < LEAST_TRIES,
        "ways": len({one.by for one in vain}) < LEAST_WAYS,
        "days": waited < days,
    }
    return [code for code, is_lacking in found.items() if is_lacking]
