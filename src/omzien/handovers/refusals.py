"""Why something with a handover cannot be done; pages say each in Dutch."""

from omzien.questions.refusals import NotAllowed, NotLive, Refused, Stale, WrongState

__all__ = [
    "AlreadyOpen",
    "NeedsCapacityReason",
    "NeedsContact",
    "NeedsGround",
    "NeedsReason",
    "NeedsTelling",
    "NeedsWords",
    "NotAllowed",
    "NotLive",
    "Refused",
    "SameTeam",
    "Stale",
    "TeamArchived",
    "WrongState",
]


class AlreadyOpen(Refused):
    """Another handover of this question is open: first that one must end."""


class NeedsGround(Refused):
    """Nothing lets this be shared with the receiver: ask the resident first."""


class NeedsTelling(Refused):
    """The resident does not know yet that the question is offered to somebody else."""


class NeedsWords(Refused):
    """What is asked, what was tried or when to call is missing."""


class NeedsCapacityReason(Refused):
    """The receiver has no room: say why you ask them all the same."""


class NeedsContact(Refused):
    """A named person, or the day and kind of the contact, is missing."""


class NeedsReason(Refused):
    """Declining or giving back asks for a reason, and for a word about what could be next."""


class SameTeam(Refused):
    """The receiver owns the question already."""


class TeamArchived(Refused):
    """The receiver does not work any more."""
