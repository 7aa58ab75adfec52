"""How much work a question is, so that it can be shared out fairly. A help, never a target."""

from enum import StrEnum

from omzien.kernel.ladder import Rung
from omzien.questions.rules.states import State

WEIGHT = {State.NEW: 1, State.CLARIFYING: 2, State.RUNNING: 1}
ACUTE = 3
HEAVY = frozenset({Rung.TEAM, Rung.SPECIALIST})
HEAVIER = 1


class OverReason(StrEnum):
    """Why somebody gets a question though they have more than the municipality's cap."""

    KNOWS = "knows"  # the resident knows them already
    AGREED = "agreed"  # agreed with them
    SHORT = "short"  # little work
    ONLY = "only"  # nobody else can


def weight(state: State, rung: str = "", *, is_acute: bool = False) -> int:
    """Return how heavy a live question weighs: 1 to 4. Raises KeyError when it has ended."""
    base = ACUTE if is_acute else WEIGHT[state]
    return base + (HEAVIER if rung in HEAVY else 0)


def is_over(load: int, added: int, most: int) -> bool:
    """Tell whether somebody would have more than the cap. No cap (0) is never passed."""
    return bool(most) and load + added > most
