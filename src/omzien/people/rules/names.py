"""Whether two ways to write a name may be one person's."""

from difflib import SequenceMatcher
from enum import StrEnum

from omzien.kernel.text import fold

# How like two names are, first the whole and then the first word: in one family the rest is equal.
NEAR, NEAR_FIRST = 0.8, 0.7


class Meant(StrEnum):
    """What somebody says of a name that differs from the one that was given before."""

    SAME = "same"
    NEW = "new"


def same_name(one: str, other: str) -> bool:
    """Tell whether one name is the other, or a shorter way to say it: "Nel" and "Nel de Wit".

    The first word is the same, and the longer name has each word of the shorter.
    """
    first, second = fold(one).split(), fold(other).split()
    if not first or not second or first[0] != second[0]:
        return False
    return set(first) <= set(second) or set(second) <= set(first)


def may_be(one: str, other: str) -> bool:
    """Tell whether one name can be meant by the other, where a number says already that it is
    one house: "J. Jansen" for "Jan Jansen", and no name at all for anybody.
    """
    first, second = fold(one).split(), fold(other).split()
    if not first or not second or same_name(one, other):
        return True
    return (first[0][0], first[-1]) == (second[0][0], second[-1])


def nearly_same(one: str, other: str) -> bool:
    """Tell whether two names differ so little that it may be one person: "Jansen", "Janssen"."""
    first, second = fold(one), fold(other)
    if not first.split() or not second.split() or same_name(one, other):
        return False
    is_like = _likeness(first, second) >= NEAR
    return is_like and _likeness(first.split()[0], second.split()[0]) >= NEAR_FIRST


def _likeness(one: str, other: str) -> float:
    """Return the same for two names whichever comes first."""
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second).ratio()
