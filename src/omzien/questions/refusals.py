"""Why something with a question cannot be done; pages say each in Dutch."""

from collections.abc import Iterable


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
    """A message or a note without a word in it."""


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


class NeedsNextStep(Refused):
    """A running question has a rung, a next action and a day that is not past."""


class NeedsResult(Refused):
    """Closing needs a result and the rung that was reached."""


class NeedsTelling(Refused):
    """The resident must know that the question is closed."""


class StillOpen(Refused):
    """Something stands in the way; `what` holds codes: "handover", "crisis", "task"."""

    def __init__(self, what: Iterable[str]) -> None:
        self.what = tuple(what)
        super().__init__(*self.what)


class TooLate(Refused):
    """The six weeks for opening again are over: ask a new question, linked to this one."""


class TeamOwnsWork(Refused):
    """The team owns live work; `what` lists it: (kind, reference)."""

    def __init__(self, what: Iterable[tuple[str, str]]) -> None:
        self.what = tuple(what)
        super().__init__(len(self.what))
