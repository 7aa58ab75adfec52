"""What can be done with person data, how it ended, and how a person reads that back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Action(StrEnum):
    """What was done: the kinds of event of NEN 7513. A search, a print and an export count."""

    READ = "read"
    SEARCH = "search"
    PRINT = "print"
    EXPORT = "export"
    SEND = "send"
    CREATE = "create"
    CHANGE = "change"
    REMOVE = "remove"
    MERGE = "merge"
    SPLIT = "split"
    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"


class Result(StrEnum):
    """How it ended. Break-glass: allowed, by the emergency button (noodprocedure, NEN 7513)."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    FAILED = "failed"
    BREAK_GLASS = "break-glass"


class WhyWhole(StrEnum):
    """Why the privacy officer makes a file of all about somebody; without it they see how much."""

    ASKED = "asked"
    COMPLAINT = "complaint"


class Channel(StrEnum):
    """Through which door."""

    WEB = "web"
    API = "api"
    EXPORT = "export"
    WORKER = "worker"
    COMMAND = "command"


@dataclass(frozen=True)
class Line:
    """What one access line tells the person; lines that are equal are shown once, with a count."""

    day: date
    organisation: str
    role: str
    action: str
    result: str
    purpose: str
    by_self: bool
    on_behalf: bool
    proxy: str = ""  # the name of who helped the person by a mandate


def merged(lines: Iterable[Line]) -> Iterator[tuple[Line, int]]:
    """Yield each different line with how often it occurs, newest day first.

    NEN 7513 allows similar lines of one day to be shown as one.
    """
    times: dict[Line, int] = {}
    for line in lines:
        times[line] = times.get(line, 0) + 1
    yield from sorted(times.items(), key=lambda found: found[0].day, reverse=True)
