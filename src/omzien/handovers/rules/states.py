"""The states of a warm handover, as one table: who moves what, and which clock runs.

A receiver accepts, but the question stays the sender's until the first contact was made: so
nobody falls between two stools. Dutch words: docs/glossary.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from omzien.directory.rules import Capacity as Capacity  # what a receiver said about room


class State(StrEnum):
    """Where a handover stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    HANDED_OVER = "handed-over"
    REPORTED_BACK = "reported-back"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RETURNED = "returned"
    CONTACT_EXPIRED = "contact-expired"


OPEN = frozenset({State.OFFERED, State.ACCEPTED})
TAKEN = frozenset({State.HANDED_OVER, State.REPORTED_BACK})  # the receiver became the owner
FOLLOWS = timedelta(weeks=4)  # after an end or a result the sender still reads how it went


class Side(StrEnum):
    """Who makes a move."""

    OWNER = "owner"
    RECEIVER = "receiver"
    NEW_OWNER = "new-owner"
    ANY = "any"  # owner, resident, or a ground that was withdrawn
    CLOCK = "clock"


@dataclass(frozen=True)
class Move:
    """One way from state to state."""

    start: frozenset[State]
    end: State
    side: Side


MOVES: Mapping[str, Move] = {
    "accept": Move(frozenset({State.OFFERED}), State.ACCEPTED, Side.RECEIVER),
    "decline": Move(frozenset({State.OFFERED}), State.DECLINED, Side.RECEIVER),
    "expire": Move(frozenset({State.OFFERED}), State.EXPIRED, Side.CLOCK),
    "withdraw": Move(OPEN, State.WITHDRAWN, Side.ANY),
    "meet": Move(frozenset({State.ACCEPTED}), State.HANDED_OVER, Side.RECEIVER),
    "give-back": Move(frozenset({State.ACCEPTED}), State.RETURNED, Side.RECEIVER),
    "contact-overdue": Move(frozenset({State.ACCEPTED}), State.CONTACT_EXPIRED, Side.CLOCK),
    "report-back": Move(frozenset({State.HANDED_OVER}), State.REPORTED_BACK, Side.NEW_OWNER),
}


class DeclineReason(StrEnum):
    """Why a handover is declined. The provider's reasons and the resident's are never added up."""

    FULL = "full"
    WRONG_GROUP = "wrong-group"
    WRONG_AREA = "wrong-area"
    NOT_OURS = "not-ours"
    TOO_LITTLE_KNOWN = "too-little-known"
    RESIDENT_REFUSES = "resident-refuses"
    ALREADY_HELPED = "already-helped"
    NOT_REACHED = "not-reached"
    MISTAKE = "mistake"


BY_RESIDENT = frozenset(
    {DeclineReason.RESIDENT_REFUSES, DeclineReason.ALREADY_HELPED, DeclineReason.NOT_REACHED}
)


class WithdrawReason(StrEnum):
    """Why a handover is withdrawn."""

    OWNER = "owner"
    RESIDENT = "resident"
    GROUND = "ground"  # the resident took back that this may be shared, or it ran out
    ENDED = "ended"  # the question itself was withdrawn


class ContactKind(StrEnum):
    """How the first contact was made."""

    PHONE = "phone"
    VISIT = "visit"
    OFFICE = "office"
    VIDEO = "video"
    THREE_WAY = "three-way"  # sender, resident and receiver together


def may_move(name: str, state: State) -> bool:
    """Tell whether a move starts from a state. Raises KeyError for an unknown move."""
    return state in MOVES[name].start
