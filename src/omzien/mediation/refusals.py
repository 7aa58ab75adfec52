"""Why something in neighbour mediation cannot be done; pages say each in Dutch."""

from collections.abc import Iterable

from omzien.questions.refusals import (
    DayIsPast,
    NeedsName,
    NeedsReach,
    NeedsReason,
    NeedsStory,
    NeedsTelling,
    NeedsWords,
    NotAllowed,
    Refused,
    Stale,
    WrongState,
)

__all__ = [
    "AlreadyOpen",
    "ConflictOfInterest",
    "DayIsPast",
    "InDanger",
    "NeedsAddress",
    "NeedsMediators",
    "NeedsName",
    "NeedsNobodyKnown",
    "NeedsOther",
    "NeedsReach",
    "NeedsReason",
    "NeedsStory",
    "NeedsTelling",
    "NeedsWords",
    "NoTeam",
    "NotAllowed",
    "NotNeutral",
    "NotYet",
    "Refused",
    "SameParty",
    "SeatsTaken",
    "Stale",
    "WrongMoment",
    "WrongState",
]


class NoTeam(Refused):
    """The municipality has no team for neighbour mediation."""


class NeedsOther(Refused):
    """Nobody said which neighbour it is about, or where they live."""


class NeedsAddress(Refused):
    """Where who reports it lives is missing."""


class SameParty(Refused):
    """Both neighbours are the same."""


class AlreadyOpen(Refused):
    """Mediation runs already for this question."""


class InDanger(Refused):
    """The words told of violence or threats: first say that there is none."""


class ConflictOfInterest(Refused):
    """Somebody who is asked to mediate has to do with a party; `found` says how."""

    def __init__(self, found: Iterable[str]) -> None:
        self.found = tuple(found)
        super().__init__(*self.found)


class SeatsTaken(Refused):
    """There are two mediators, or two are asked."""


class NeedsMediators(Refused):
    """Two mediators must have said yes first."""


class NeedsNobodyKnown(Refused):
    """Who accepts says that they know neither neighbour."""


class NotNeutral(Refused):
    """The joint talk is at the home of nobody."""


class WrongMoment(Refused):
    """A talk is planned in the future, and somewhere; and it was held in the past."""


class NotYet(Refused):
    """Aftercare comes two weeks after the agreements at the soonest."""
