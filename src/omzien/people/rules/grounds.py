"""Grounds for sharing: what happened to one, and whether it holds at a moment. Pure.

A ground is no yes or no in a row but a list of events that only grows; whether it holds is
computed. So nobody can forget to switch one off, and what was shared before stays explained.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from omzien.kernel.recurrence import ZONE

MOST_MONTHS = 12  # casework 3.3: until the question ends, at most twelve months


HAND_OVER, WORK_ALONG = "handover", "help"  # purposes of rules/processing.py
# Who may hand a question over to a team may ask it along too; never the other way round.
LET_ALONG = (WORK_ALONG, HAND_OVER)


class GroundKind(StrEnum):
    """The grounds of article 6 AVG that can carry sharing."""

    CONSENT = "consent"
    LEGAL_TASK = "legal-task"
    LEGAL_DUTY = "legal-duty"
    VITAL_INTEREST = "vital-interest"
    AGREEMENT = "agreement"
    LEGITIMATE_INTEREST = "legitimate-interest"


# These rest on a law, so the article must be named; the resident is told, or it is said why not.
BY_LAW = frozenset({GroundKind.LEGAL_TASK, GroundKind.LEGAL_DUTY, GroundKind.VITAL_INTEREST})


class Category(StrEnum):
    """What may be shared."""

    CONTACT = "contact"
    STORY = "story"
    PLAN = "plan"
    NETWORK = "network"
    OUTCOME = "outcome"
    HEALTH = "health"


class How(StrEnum):
    """How the resident said it."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    ONLINE = "online"


class What(StrEnum):
    """What happened to a ground."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REPLACED = "replaced"
    TOLD = "told"  # the resident knows now that a law let this be shared; whether it holds stays


# gevraagd → gegeven | geweigerd | verlopen; gegeven → ingetrokken | verlopen | vervangen
MOVES: dict[What | None, frozenset[What]] = {
    None: frozenset({What.ASKED, What.GIVEN}),
    What.ASKED: frozenset({What.GIVEN, What.REFUSED, What.EXPIRED}),
    What.GIVEN: frozenset({What.WITHDRAWN, What.EXPIRED, What.REPLACED}),
    What.REFUSED: frozenset(),
    What.WITHDRAWN: frozenset(),
    What.EXPIRED: frozenset(),
    What.REPLACED: frozenset(),
    What.TOLD: frozenset(),
}

OVER = frozenset({What.REFUSED, What.WITHDRAWN, What.EXPIRED, What.REPLACED})
SAID = frozenset({What.GIVEN, What.REFUSED, What.WITHDRAWN})


def is_said(what: str, how: str) -> bool:
    """Tell whether an event is the word of whose it is, and not written down by who heard it."""
    return what in SAID and (what != What.GIVEN or how == How.ONLINE)


@dataclass(frozen=True, order=True)
class Happened:
    """One event, at a moment."""

    at: datetime
    what: What


def may_follow(last: What | None, what: What) -> bool:
    """Tell whether an event may come after the last one."""
    return what in MOVES[last]


def standing(events: Iterable[Happened], *, at: datetime) -> What | None:
    """Return the last event that counts at a moment; None when nothing happened yet.

    An event that may not follow is ignored. Withdrawn and given at the same moment is
    withdrawn: in doubt nothing is shared.
    """
    now: What | None = None
    for event in sorted(events, key=lambda one: (one.at, _DOUBT[one.what])):
        if event.at <= at and may_follow(now, event.what):
            now = event.what
    return now


_DOUBT = {what: place for place, what in enumerate(What)}  # asked before given before withdrawn


def effective(events: Iterable[Happened], *, starts_on: date, until_on: date, at: datetime) -> bool:
    """Tell whether a ground holds at a moment: given, not ended, and its last day not over."""
    day = at.astimezone(ZONE).date()
    return starts_on <= day <= until_on and standing(events, at=at) == What.GIVEN


def latest_until(starts_on: date) -> date:
    """Return the last day that a ground from `starts_on` may have."""
    return starts_on + relativedelta(months=MOST_MONTHS)
