"""The states of a help question, as one table. Dutch words: docs/glossary.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a question stands."""

    NEW = "new"
    CLARIFYING = "clarifying"  # somebody picked it up and listens
    RUNNING = "running"  # there is a rung, a next action and its day
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"  # by the resident
    UNREACHED = "unreached"
    OWN_WAY = "own-way"  # the resident goes on alone, with the answer they got
    ANONYMISED = "anonymised"


LIVE = frozenset({State.NEW, State.CLARIFYING, State.RUNNING})
BY_RESIDENT = frozenset({State.WITHDRAWN, State.OWN_WAY})  # the resident ended it, no team
ENDED = frozenset({State.CLOSED, State.WITHDRAWN, State.UNREACHED, State.OWN_WAY})

RESIDENT = "resident"  # who did it, in facts about their question: of no key, for facts stay


@dataclass(frozen=True)
class Move:
    """One way from state to state. `verb` is the line of the role table that it asks."""

    verb: str
    start: frozenset[State]
    end: State


MOVES: Mapping[str, Move] = {
    "pick-up": Move("question.work", frozenset({State.NEW}), State.CLARIFYING),
    "go-on": Move("question.work", LIVE, State.RUNNING),
    "close": Move("question.close", LIVE, State.CLOSED),
    "give-up-reaching": Move("question.close", LIVE, State.UNREACHED),
    "own-way": Move("question.withdraw", LIVE, State.OWN_WAY),
    "withdraw": Move("question.withdraw", LIVE, State.WITHDRAWN),
    "take-over": Move("contact.confirm", LIVE, State.CLARIFYING),  # with a first contact
    "reopen": Move("question.close", ENDED, State.CLARIFYING),
    "reopen-own": Move("question.withdraw", ENDED, State.CLARIFYING),
    "anonymise": Move("retention.run", ENDED, State.ANONYMISED),
}


class Result(StrEnum):
    """What came of a question, as the resident sees it."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT = "not"
    OTHERWISE = "otherwise"


class Left(StrEnum):
    """The resident is here no more."""

    DIED = "died"
    MOVED = "moved"


class Mistake(StrEnum):
    """Why it was written down that a resident died who lives."""

    OTHER_QUESTION = "other-question"
    WRONG_NEWS = "wrong-news"


class Solved(StrEnum):
    """What the resident says six weeks after closing."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Channel(StrEnum):
    """How a question came in."""

    WEB = "web"
    PHONE = "phone"
    DESK = "desk"
    PARTNER = "partner"


class ReachBy(StrEnum):
    """How the resident wants to be reached."""

    PHONE = "phone"
    MAIL = "mail"
    VISIT = "visit"
    LETTER = "letter"


def may_move(name: str, state: State) -> bool:
    """Tell whether a move starts from a state. Raises KeyError for an unknown move."""
    return state in MOVES[name].start
