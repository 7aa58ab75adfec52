"""Why something with people, teams or roles cannot be done; pages say each in Dutch."""


class Refused(Exception):
    """An action on people that cannot be done."""


class NotAllowed(Refused):
    """The actor may not do this; pages answer as if the object were not there."""


class NeedsTeam(Refused):
    """This role works on questions, and so belongs to a team."""


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


class CoverIsAway(Refused):
    """Who would take over is away too, has no live membership, or is the same person."""


class TeamWorks(Refused):
    """The team still has people or is the default desk, so it cannot be archived."""


class NameTaken(Refused):
    """Another team or organisation has this name."""


class NothingOpen(Refused):
    """There is no open review, or this line has been answered."""


class LinkBroken(Refused):
    """The link is not one of ours for this municipality, or a newer one was sent."""


class LinkExpired(Refused):
    """The link is too old."""


class LinkUsed(Refused):
    """The link was used before."""
