"""Why something with people, teams or roles cannot be done; pages say each in Dutch."""

from collections.abc import Iterable
from datetime import date


class Refused(Exception):
    """An action on people that cannot be done."""


class NotAllowed(Refused):
    """The actor may not do this; pages answer as if the object were not there."""


class NeedsTeam(Refused):
    """This role works on questions, and so belongs to a team."""


class HasNoTeam(Refused):
    """This role is for the whole municipality, and so belongs to no team."""


class NotOwnOrganisation(Refused):
    """This role is for the whole municipality, and so for its own organisation."""


class NotIndependent(Refused):
    """Who oversees privacy has no part in the work that is overseen."""


class WrongTeam(Refused):
    """The team is archived, or it is the desk of another organisation."""


class AlreadyHas(Refused):
    """The person has this role already."""


class AlreadyEnded(Refused):
    """The membership ended before."""


class WrongDates(Refused):
    """The last day lies before the first one."""


class AlreadyAway(Refused):
    """There is an absence in this period already."""


class CannotCover(Refused):
    """Who would take over has a role that cannot do this work."""


class CoverIsAway(Refused):
    """Who would take over is away too, cannot sign in, has no live role, or is the same person."""


class TeamWorks(Refused):
    """The team still has people or is the default desk, so it cannot be archived."""


class NameTaken(Refused):
    """Another team or organisation has this name."""


class WorksElsewhere(Refused):
    """An organisation that works in other municipalities too is not changed by one of them."""


class HasEnded(Refused):
    """The organisation ended."""


class OrganisationWorks(Refused):
    """The organisation has what lives; `what` lists it: (kind, name)."""

    def __init__(self, what: Iterable[tuple[str, str]]) -> None:
        self.what = tuple(what)
        super().__init__(len(self.what))


class NothingOpen(Refused):
    """There is no open review, or this line has been answered."""


class NeedsRecipient(Refused):
    """A ground names at least one recipient and one category."""


class NeedsArticle(Refused):
    """A ground by law names its article."""


class NeedsReason(Refused):
    """It must be said why: why this is shared, why a person is not told, why it is held."""


class NeedsBirthday(Refused):
    """Whether a parent may speak for a child depends on its age: the day of birth is asked."""


class WrongBirthday(Refused):
    """A child is born on a day that has been."""


class OwnAddress(Refused):
    """Nobody writes down that they speak for somebody themselves: a colleague does."""


class WrongPaper(Refused):
    """The papers of parent and child show who is a parent, and nothing of another kind."""


class NeedsChild(Refused):
    """A child of twelve or older says yes too before a parent speaks for it."""


class SpeaksAlone(Refused):
    """From sixteen somebody decides for themselves: a parent speaks for them by no law."""


class MoneyOnly(Refused):
    """Who decides about somebody's money decides nothing else here."""


class NotConsent(Refused):
    """What rests on a law is not asked as consent."""


class TooLong(Refused):
    """A ground holds for twelve months at most."""


class WrongMove(Refused):
    """This cannot follow on what happened to the ground before."""


class IsHeld(Refused):
    """The privacy officer holds erasing of this."""


class StillLive(Refused):
    """Live work stands in the way; `why` names it in Dutch."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


class NotYet(Refused):
    """The list is not approved, or its announcement is not over."""


class UnknownKey(Refused):
    """There is nobody or nothing with this number."""


class NoSecondStep(Refused):
    """There is no second step to take away."""


class NotOpen(Refused):
    """There is no account, or it is closed already."""


class NotClosed(Refused):
    """There is no account, or it is open already."""


class LinkBroken(Refused):
    """The link is not one of ours for this municipality, or a newer one was sent."""


class LinkExpired(Refused):
    """The link is too old."""


class LinkUsed(Refused):
    """The link was used before."""


class RoleEnded(Refused):
    """The role that an invitation was for ended, or the organisation did."""


class OneAlready(Refused):
    """Both are one person already."""


class JoinedAlready(Refused):
    """One of the two is the same as somebody else already; no chains."""


class OwnAccount(Refused):
    """The other one signs in with an account of their own."""


class UndoIsOver(Refused):
    """The days in which it could be undone are over; `last` says until when that was."""

    def __init__(self, last: date) -> None:
        super().__init__(last)
        self.last = last


class AccountClosed(Refused):
    """Their account is closed: a role would be of nobody who can come in."""


class MaybeKnown(Refused):
    """Somebody asked something at this address under another name: is it the same person?

    `is_near` when that name differs so little that only the spelling may be another.
    """

    def __init__(self, *, is_near: bool) -> None:
        super().__init__(is_near)
        self.is_near = is_near


class AskedEnough(Refused):
    """This resident asked as many people to help as anybody does in a day."""


class TooManyNames(Refused):
    """As many people as may share one address already do."""
