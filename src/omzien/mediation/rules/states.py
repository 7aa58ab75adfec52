"""The states of a case of neighbour mediation, as one table: who moves what, and where it ends.

The steps are those of the CCV method: report, intake, two mediators, a talk with each neighbour
apart, a joint talk at a neutral place, agreements, aftercare. Dutch words: docs/glossary.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a case stands: what is to come first."""

    REPORTED = "reported"  # the intake
    CHOOSING = "choosing"  # two mediators who say yes
    FIRST_TALK = "first-talk"
    INVITING = "inviting"  # the coordinator asks the other neighbour
    SECOND_TALK = "second-talk"
    JOINT = "joint"  # the joint talk
    AGREEING = "agreeing"  # words to which both say yes
    AFTERCARE = "aftercare"
    COACHING = "coaching"  # the other does not take part: one is helped alone
    CLOSED = "closed"


LIVE = frozenset(State) - {State.CLOSED}
# In these two mediators are needed; in aftercare the coordinator calls.
STAFFED = LIVE - {State.REPORTED, State.AFTERCARE}
TOGETHER = frozenset({State.SECOND_TALK, State.JOINT, State.AGREEING})


class Side(IntEnum):
    """Which neighbour: who reported is the first."""

    FIRST = 1
    SECOND = 2


class Who(StrEnum):
    """Who makes a move."""

    COORDINATOR = "coordinator"
    MEDIATOR = "mediator"
    WORKER = "worker"  # a mediator of the case, or the coordinator
    FIRST = "first"
    SECOND = "second"  # by themselves, or said to the coordinator
    BOTH = "both"
    CLOCK = "clock"


class Outcome(StrEnum):
    """How a case ended, in a class: all that who referred it hears, and it blames nobody."""

    AGREED = "agreed"
    PARTLY = "partly"
    NOT_AGREED = "not-agreed"
    ONE_SIDE = "one-side"
    EASED = "eased"  # it went by without mediation
    ELSEWHERE = "elsewhere"  # not suitable: referred on
    STOPPED = "stopped"  # a neighbour stopped
    UNFINISHED = "unfinished"  # the clock ended it


# No mediation came of it: kept shortly.
SHORT = frozenset({Outcome.EASED, Outcome.ELSEWHERE, Outcome.STOPPED, Outcome.UNFINISHED})


@dataclass(frozen=True)
class Move:
    """One way from state to state, and with which outcomes where it ends."""

    start: frozenset[State]
    end: State
    who: Who
    outcomes: frozenset[Outcome] = frozenset()


def _to(*start: State, end: State, who: Who) -> Move:
    return Move(frozenset(start), end, who)


def _over(*start: State, who: Who, by: tuple[Outcome, ...]) -> Move:
    return Move(frozenset(start), State.CLOSED, who, frozenset(by))


MOVES: Mapping[str, Move] = {
    "suit": _to(State.REPORTED, end=State.CHOOSING, who=Who.COORDINATOR),
    "staff": _to(State.CHOOSING, end=State.FIRST_TALK, who=Who.MEDIATOR),
    "talk-first": _to(State.FIRST_TALK, end=State.INVITING, who=Who.WORKER),
    "join": _to(State.INVITING, end=State.SECOND_TALK, who=Who.COORDINATOR),
    "talk-second": _to(State.SECOND_TALK, end=State.JOINT, who=Who.WORKER),
    "talk-joint": _to(State.JOINT, end=State.AGREEING, who=Who.WORKER),
    "agree": _to(State.AGREEING, end=State.AFTERCARE, who=Who.BOTH),
    "refuse": _to(State.INVITING, *TOGETHER, end=State.COACHING, who=Who.SECOND),
    # The ends
    "refer-on": _over(*LIVE, who=Who.COORDINATOR, by=(Outcome.ELSEWHERE,)),
    "ease": _over(*LIVE, who=Who.COORDINATOR, by=(Outcome.EASED,)),
    "not-agree": _over(State.AGREEING, who=Who.COORDINATOR, by=(Outcome.NOT_AGREED,)),
    "coached": _over(State.COACHING, who=Who.COORDINATOR, by=(Outcome.ONE_SIDE,)),
    "look-back": _over(
        State.AFTERCARE,
        who=Who.COORDINATOR,
        by=(Outcome.AGREED, Outcome.PARTLY, Outcome.NOT_AGREED),
    ),
    "withdraw": _over(*LIVE, who=Who.FIRST, by=(Outcome.STOPPED,)),
    "leave": _over(State.AFTERCARE, who=Who.SECOND, by=(Outcome.STOPPED,)),
    "expire": _over(*LIVE, who=Who.CLOCK, by=(Outcome.UNFINISHED,)),
}


def may_move(name: str, state: State) -> bool:
    """Tell whether a move starts from a state. Raises KeyError for an unknown move."""
    return state in MOVES[name].start


class SeatState(StrEnum):
    """Where it stands with one mediator of a case."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    STEPPED_BACK = "stepped-back"
    EXPIRED = "expired"  # no answer came
    ENDED = "ended"  # the case is over, the role is, or the coordinator chose anew


OPEN_SEAT = frozenset({SeatState.ASKED, SeatState.ACCEPTED})
SEAT_MOVES: Mapping[str, tuple[frozenset[SeatState], SeatState]] = {
    "accept": (frozenset({SeatState.ASKED}), SeatState.ACCEPTED),
    "decline": (frozenset({SeatState.ASKED}), SeatState.DECLINED),
    "step-back": (frozenset({SeatState.ACCEPTED}), SeatState.STEPPED_BACK),
    "expire": (frozenset({SeatState.ASKED}), SeatState.EXPIRED),
    "end": (OPEN_SEAT, SeatState.ENDED),
}


class BackReason(StrEnum):
    """Why a mediator says no, or steps back."""

    KNOWS = "knows"  # one of the neighbours
    TIME = "time"
    OTHER = "other"


class TalkKind(StrEnum):
    """Which talk."""

    INTAKE = "intake"
    FIRST = "first"
    SECOND = "second"
    JOINT = "joint"


# Which talk is planned in which state, and the move that says it was held. The intake ends in a
# decision, and the coaching in a result: those are moves of their own.
TALKS: Mapping[State, TalkKind] = {
    State.REPORTED: TalkKind.INTAKE,
    State.FIRST_TALK: TalkKind.FIRST,
    State.SECOND_TALK: TalkKind.SECOND,
    State.JOINT: TalkKind.JOINT,
    State.COACHING: TalkKind.FIRST,
}
HELD: Mapping[str, TalkKind] = {
    "talk-first": TalkKind.FIRST,
    "talk-second": TalkKind.SECOND,
    "talk-joint": TalkKind.JOINT,
}
# Which neighbour is at which talk.
AT: Mapping[Side, frozenset[TalkKind]] = {
    Side.FIRST: frozenset({TalkKind.INTAKE, TalkKind.FIRST, TalkKind.JOINT}),
    Side.SECOND: frozenset({TalkKind.SECOND, TalkKind.JOINT}),
}


class Subject(StrEnum):
    """What it is about, in a word that takes no side."""

    NOISE = "noise"
    GARDEN = "garden"
    BORDER = "border"
    PETS = "pets"
    PARKING = "parking"
    RUBBISH = "rubbish"
    CHILDREN = "children"
    CONDUCT = "conduct"
    OTHER = "other"


class Elsewhere(StrEnum):
    """Why a case is not one for mediation."""

    DANGER = "danger"  # violence or threats
    COURT = "court"  # a judge, the police or a lawyer has it
    LANDLORD = "landlord"  # it is about the house, or about rules of who lets it
    CARE = "care"  # somebody needs care first
    NOT_NEIGHBOURS = "not-neighbours"
    NOT_WANTED = "not-wanted"  # who reported wants something else than to talk
