"""Whether two ways to write a name may be one person's."""

from omzien.kernel.text import fold


def same_name(one: str, other: str) -> bool:
    """Tell whether one name is the other, or a shorter way to say it: "Nel" and "Nel de Wit".

    The first word is the same, and the longer name has each word of the shorter.
    """
    first, second = fold(one).split(), fold(other).split()
    if not first or not second or first[0] != second[0]:
        return False
    return set(first) <= set(second) or set(second) <= set(first)
