"""How long a link in a mail works, and how often something may be tried. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

CODE_WORKS = timedelta(minutes=10)
OPEN_FOR = timedelta(hours=12)  # in one browser; then a new code is asked
MOST_TRIES = 3  # of one code
MOST_CODES = 10  # of one link; then the receiver waits, or the sender makes a new one
CODES_COME_BACK = timedelta(days=1)  # after the last one, or with a right one
IDLE_FOR = timedelta(days=365)  # since it was made or used last; a mail brings a new one
REPORTS_FOR = timedelta(weeks=4)  # after the day on which the result was asked


class Outcome(StrEnum):
    """What became of a code that somebody typed."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    SPENT = "spent"


def is_taken(*, holder: str, until: datetime | None, browser: str, now: datetime) -> bool:
    """Tell whether another browser works with the link at a moment."""
    return bool(holder) and until is not None and now < until and holder != browser


def is_in(*, holder: str, until: datetime | None, browser: str, now: datetime) -> bool:
    """Tell whether this browser may see what the link is about."""
    return bool(browser) and holder == browser and until is not None and now < until
