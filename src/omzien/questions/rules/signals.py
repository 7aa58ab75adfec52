"""What worries and early signals can be. Pure."""

from bisect import bisect_right
from datetime import timedelta
from enum import StrEnum

QUARTER = timedelta(days=91)  # whether who was not told can be told by now
AGAIN = timedelta(weeks=4)  # what stays late is told anew after this, and silence ends an offer


class SignalState(StrEnum):
    """Where a worry stands."""

    NEW = "new"
    PICKED_UP = "picked-up"
    CONTACT = "contact"  # it led to contact: there is a question of the person
    NOTHING = "nothing"


class Knows(StrEnum):
    """Whether the person knows of the report, as the reporter says."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class EarlyKind(StrEnum):
    """With what somebody is behind; the four of the law."""

    RENT = "rent"
    ENERGY = "energy"
    WATER = "water"
    CARE = "care"


class EarlyEnd(StrEnum):
    """How an early signal ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NO_ANSWER = "no-answer"


# An amount comes in, and only its class is kept: less is not needed to offer a conversation.
AMOUNTS = ("to-250", "to-500", "to-1000", "to-2500", "over-2500")
_EDGES = (250, 500, 1000, 2500)


def amount_class(euros: float) -> str:
    """Return the class of an amount. Raises ValueError for one that is not above zero."""
    if not euros > 0:
        raise ValueError(euros)
    return AMOUNTS[bisect_right(_EDGES, euros)]
