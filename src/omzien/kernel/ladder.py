"""The ladder: six rungs, lowest first (mission; order of Wmo 2015, art. 2.3.2 lid 4)."""

from enum import StrEnum


class Rung(StrEnum):
    """A rung of the ladder. The system proposes the lowest that can work."""

    SELF = "self"
    NETWORK = "network"
    COMMUNITY = "community"
    GENERAL = "general"
    TEAM = "team"
    SPECIALIST = "specialist"

    @property
    def height(self) -> int:
        """Return 0 for `self` up to 5 for `specialist`."""
        return LADDER.index(self)


LADDER: tuple[Rung, ...] = tuple(Rung)
