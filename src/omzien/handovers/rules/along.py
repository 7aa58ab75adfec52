"""The three ways of asking others without giving the question away, as tables of their own.

Referral: the resident goes there, the question stays. Consult: another team is asked for advice
and hears nobody's name. Working along: more teams do a part, one of them owns the question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from omzien.handovers.rules.states import Side


class ReferralState(StrEnum):
    """Where a referral stands."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    STOPPED = "stopped"
    EXPIRED = "expired"  # nobody wrote down how it went


class ConsultState(StrEnum):
    """Where a question for advice stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # no answer came


class AlongState(StrEnum):
    """Where the part of another team stands."""

    ASKED = "asked"
    ALONG = "along"
    DECLINED = "declined"
    ENDED = "ended"
    EXPIRED = "expired"  # no answer came


OPEN_REFERRAL = frozenset({ReferralState.MADE, ReferralState.ACCEPTED})
OPEN_CONSULT = frozenset({ConsultState.ASKED})
OPEN_ALONG = frozenset({AlongState.ASKED, AlongState.ALONG})


@dataclass(frozen=True)
class Move:
    """One way from state to state, and whose it is."""

    start: frozenset[str]
    end: str
    side: Side


REFERRAL: Mapping[str, Move] = {
    "accept": Move(frozenset({ReferralState.MADE}), ReferralState.ACCEPTED, Side.OWNER),
    "decline": Move(frozenset({ReferralState.MADE}), ReferralState.DECLINED, Side.OWNER),
    # Also later than the clock: how it went is good to know whenever it is heard.
    "finish": Move(OPEN_REFERRAL | {ReferralState.EXPIRED}, ReferralState.DONE, Side.OWNER),
    "stop": Move(OPEN_REFERRAL, ReferralState.STOPPED, Side.OWNER),
    "expire": Move(OPEN_REFERRAL, ReferralState.EXPIRED, Side.CLOCK),
}
CONSULT: Mapping[str, Move] = {
    "answer": Move(OPEN_CONSULT, ConsultState.ANSWERED, Side.RECEIVER),
    "decline": Move(OPEN_CONSULT, ConsultState.DECLINED, Side.RECEIVER),
    "withdraw": Move(OPEN_CONSULT, ConsultState.WITHDRAWN, Side.OWNER),
    "expire": Move(OPEN_CONSULT, ConsultState.EXPIRED, Side.CLOCK),
}
ALONG: Mapping[str, Move] = {
    "join": Move(frozenset({AlongState.ASKED}), AlongState.ALONG, Side.RECEIVER),
    "decline": Move(frozenset({AlongState.ASKED}), AlongState.DECLINED, Side.RECEIVER),
    "leave": Move(frozenset({AlongState.ALONG}), AlongState.ENDED, Side.RECEIVER),
    "end": Move(OPEN_ALONG, AlongState.ENDED, Side.ANY),
    "expire": Move(frozenset({AlongState.ASKED}), AlongState.EXPIRED, Side.CLOCK),
}
