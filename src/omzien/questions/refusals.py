"""Why something with a question cannot be done; pages say each in Dutch."""

from collections.abc import Iterable
from uuid import UUID


class Refused(Exception):
    """An action on a question that cannot be done."""


class NotAllowed(Refused):
    """The actor may not do this; pages answer as if the question were not there."""


class WrongState(Refused):
    """The question does not stand where this can be done."""


class Stale(Refused):
    """Somebody changed it in the meantime; nothing is lost, look again and decide."""


class NotLive(Refused):
    """The question has ended."""


class NeedsName(Refused):
    """Somebody must be named, so that we know whom to ask for."""


class NeedsReach(Refused):
    """There is no way to reach the resident, or not the one that was chosen."""


class NeedsStory(Refused):
    """Not a word was said about what it is about."""


class NeedsWords(Refused):
    """Nothing was written."""


class UnknownPlace(Refused):
    """A standard text has a place to fill in that nobody knows; `odd` is what stands there."""

    def __init__(self, odd: str) -> None:
        super().__init__(odd)
        self.odd = odd


class TitleTaken(Refused):
    """There is a standard text with this title already."""


class BadAttachment(Refused):
    """A file that is not taken; `why` is a code of rules/files.py, `name` what it is called."""

    def __init__(self, why: str, name: str = "") -> None:
        super().__init__(why)
        self.why, self.name = why, name


class TooLong(Refused):
    """More text than fits; `most` says how many characters do."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class NeedsReason(Refused):
    """It must be said why."""


class SkipsRungs(NeedsReason):
    """It must be said why `rungs` are gone past; the lowest stands first."""

    def __init__(self, rungs: Iterable[str]) -> None:
        self.rungs = tuple(rungs)
        super().__init__(*self.rungs)


class NeedsNextStep(Refused):
    """A running question has a rung, a next action and a day that is not past."""


class DayIsPast(NeedsNextStep):
    """What is to be done is done today or later."""


class DayToCome(Refused):
    """What was done was done today or before."""


class DayBeforeAsked(Refused):
    """On that day the question was not there yet."""


class SameHolder(Refused):
    """Who gets the question holds it already."""


class NeedsResult(Refused):
    """Closing needs a result and the rung that was reached."""


class NeedsTelling(Refused):
    """The resident must know that the question is closed."""


class StillOpen(Refused):
    """Something stands in the way; `what` holds codes: "handover", "crisis", "task"."""

    def __init__(self, what: Iterable[str]) -> None:
        self.what = tuple(what)
        super().__init__(*self.what)


class NeedsPlace(Refused):
    """A question lies in a village of the municipality."""


class NotYet(Refused):
    """It is too soon to stop trying; `what` holds codes: "tries", "ways", "days", "letter"."""

    def __init__(self, what: Iterable[str]) -> None:
        self.what = tuple(what)
        super().__init__(*self.what)


class TooMuch(Refused):
    """A colleague would have more work than the cap: say why they get it all the same."""

    def __init__(self, load: int, most: int) -> None:
        super().__init__(load, most)
        self.load, self.most = load, most


class TooLate(Refused):
    """The six weeks for opening again are over: ask a new question, linked to this one."""


class TeamOwnsWork(Refused):
    """The team owns live work; `what` lists it: (kind, reference)."""

    def __init__(self, what: Iterable[tuple[str, str]]) -> None:
        self.what = tuple(what)
        super().__init__(len(self.what))


class NotAWorkingTeam(Refused):
    """A route leads to a team that works, in this municipality."""


class NobodyReads(Refused):
    """A route leads to a team of which somebody reads the questions."""


class AlreadySo(Refused):
    """The questions go to this team already: a rule more would change nothing."""


class ProposedAlready(Refused):
    """The same route was proposed and waits for an answer."""


class AnsweredAlready(Refused):
    """Somebody answered this proposal before."""


class TakenBack(Refused):
    """Who proposed this took it back."""


class OwnProposal(Refused):
    """Nobody answers their own proposal."""


class HalfASpan(Refused):
    """A span of hours has a beginning and another end, or neither."""


class NeedsResident(Refused):
    """A worker writes this down only together with the resident."""


class IsLocked(Refused):
    """The resident locked their own words: nobody else changes them."""


class NotAFirstName(Refused):
    """Somebody is on a map or in a plan by a first name: one word."""


class TooMany(Refused):
    """There are `most` of them already."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class NotShared(Refused):
    """The resident does not share the map, or not any more."""


class NeedsWho(Refused):
    """It must be said who does it."""


class NotAHundred(Refused):
    """The three shares do not make a hundred percent."""


class NeedsAnswers(Refused):
    """Nothing was answered."""


class UnknownInstrument(Refused):
    """There is no such instrument, or it was put away."""


class NeedsRights(Refused):
    """Who adds an instrument says that the municipality may use it."""


class VersionTaken(Refused):
    """This instrument is there with this version; what changed is a new version."""


class NeedsConsent(Refused):
    """Somebody did not agree; `lacking` holds codes of rules/carers.py."""

    def __init__(self, lacking: Iterable[str]) -> None:
        self.lacking = tuple(lacking)
        super().__init__(*self.lacking)


class AlreadyReads(Refused):
    """No emergency: this question can be read anyhow; `key` says which it is."""

    def __init__(self, key: UUID) -> None:
        super().__init__(str(key))
        self.key = key


class NamesSomebody(Refused):
    """A text that may lead to nobody names somebody; `found` says by what."""

    def __init__(self, found: Iterable[str]) -> None:
        self.found = tuple(found)
        super().__init__(len(self.found))


class NotInvolved(Refused):
    """A team takes part only when it owns the question or a ground covers it."""
