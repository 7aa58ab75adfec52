"""How somebody who cares for another holds up; and when a school may hear of a young carer.

The scale is our own: six plain statements, 0 (never) to 4 (always). It gives a sentence and a
way on, never a colour or a diagnosis. Nothing of it is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

STATEMENTS = ("sleep", "alone", "own-time", "worry", "body", "nobody-takes-over")
HIGHEST = 4
PARENT_UNTIL = 16  # under this age a parent agrees too
YOUNGEST, OLDEST = 4, 24


class Load(StrEnum):
    """What the answers say together."""

    UNKNOWN = "unknown"  # fewer than half was answered: no sentence about that
    CARRIES = "carries"
    HEAVY = "heavy"
    TOO_MUCH = "too-much"


@dataclass(frozen=True)
class LoadResult:
    """What came out, from how many answers, and the topics of the social map that help."""

    load: Load
    answered: int
    missing: int
    topics: tuple[str, ...]


# One "always" about sleep, body or standing alone says enough by itself.
_WEIGHTY = ("sleep", "body", "nobody-takes-over")
_WAYS = {
    Load.UNKNOWN: ("carer-support",),
    Load.CARRIES: ("carer-support",),
    Load.HEAVY: ("carer-support", "respite"),
    Load.TOO_MUCH: ("respite", "carer-support"),
}


def load_of(answers: Mapping[str, int]) -> LoadResult:
    """Return what the answers say: by their mean over what was answered, nothing filled in.

    mean = sum of the answers / number of answers; below 1.5 it carries, from 2.75 on it is too
    much (bounds of our own: conversation, not measurement).
    """
    given = {code: answers[code] for code in STATEMENTS if code in answers}
    missing = len(STATEMENTS) - len(given)
    load = Load.UNKNOWN
    if len(given) * 2 >= len(STATEMENTS):
        mean = sum(given.values()) / len(given)
        load = Load.CARRIES if mean < 1.5 else Load.HEAVY if mean < 2.75 else Load.TOO_MUCH
        is_weighty = any(given.get(code) == HIGHEST for code in _WEIGHTY)
        load = Load.HEAVY if is_weighty and load == Load.CARRIES else load
    return LoadResult(load, len(given), missing, _WAYS[load])


class Lacking(StrEnum):
    """What is missing before a school may hear of it."""

    AGE = "age"
    YOUNG = "young"
    PARENT = "parent"


def lacking(age: int, *, young_agrees: bool, parent_agrees: bool) -> list[Lacking]:
    """Return what is missing before a school may be told that a pupil cares for somebody.

    The young person always agrees; under 16 a parent does too, beside and never instead.
    """
    found = []
    if not YOUNGEST <= age <= OLDEST:
        found.append(Lacking.AGE)
    if not young_agrees:
        found.append(Lacking.YOUNG)
    if age < PARENT_UNTIL and not parent_agrees:
        found.append(Lacking.PARENT)
    return found
