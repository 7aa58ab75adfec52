"""Why something with a handover cannot be done; pages say each in Dutch."""

from typing import Any

from omzien.questions.refusals import DayIsPast, NotAllowed, NotLive, Refused, Stale, WrongState

__all__ = [
    "AlreadyOpen",
    "DayIsPast",
    "LinkBroken",
    "LinkInUse",
    "LinkOver",
    "NamesSomebody",
    "NeedsCapacityReason",
    "NeedsContact",
    "NeedsGround",
    "NeedsReason",
    "NeedsTelling",
    "NeedsWords",
    "NoList",
    "NoPlace",
    "NoRule",
    "NobodyOnline",
    "NobodyReads",
    "NotAllowed",
    "NotLive",
    "OthersWait",
    "Refused",
    "SaidNo",
    "SameTeam",
    "Stale",
    "TeamArchived",
    "TooManyCodes",
    "WrongMoment",
    "WrongState",
]


class NobodyOnline(Refused):
    """The resident has no mail address, and nobody acts for them: nobody would say yes or no."""


class NobodyReads(Refused):
    """Nobody of the other team could read what it is asked."""


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


class NoPlace(Refused):
    """No place is free any more, as the team itself counts them."""


class NoList(Refused):
    """The receiver has no waiting list."""


class NoRule(Refused):
    """The list of the receiver has no rule by which somebody goes first."""


class OthersWait(Refused):
    """Somebody else waits longer for a place: say why this one goes first."""


class NeedsContact(Refused):
    """A named person, or the day and kind of the contact, is missing."""


class NeedsReason(Refused):
    """Declining or giving back asks for a reason, and for a word about what could be next."""


class SaidNo(Refused):
    """The resident said no online a moment ago: say that you spoke them since."""


class SameTeam(Refused):
    """The receiver owns the question already."""


class TeamArchived(Refused):
    """The receiver does not work any more."""


class WrongMoment(Refused):
    """A talk is planned in the future, and somewhere."""


class NamesSomebody(Refused):
    """A question for advice tells who somebody is; `what` is "name", "phone" or "mail"."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class LinkBroken(Refused):
    """The link is none of ours, or a newer one took its place."""


class LinkOver(Refused):
    """What the link was for has ended: `handover` tells how."""

    def __init__(self, handover: Any = None) -> None:
        super().__init__()
        self.handover = handover


class LinkInUse(Refused):
    """Another browser works with this link now."""


class TooManyCodes(Refused):
    """Codes were asked so often that somebody must look."""
