"""How a team without accounts is reached: by what lies above this app, and hands itself in.

A question can become a team's in which nobody signs in. Its way in is the link of the handover
by which it came, and this app may not look up; `web/apps.py` sets the functions.
"""

from collections.abc import Callable
from dataclasses import dataclass

from omzien.questions.models import Question


@dataclass(frozen=True)
class Outside:
    """The way in for the owner of a question, "" where it signs in; and who hears of reopening."""

    way_in: Callable[[Question], str] = lambda question: ""
    tell_reopened: Callable[[Question], None] = lambda question: None


_known = [Outside()]


def use(outside: Outside) -> None:
    """Set the functions; a process does so once when it starts."""
    _known[0] = outside


def way_in(question: Question) -> str:
    """Return the path by which the owner of a question gets in without an account, or ""."""
    return _known[0].way_in(question)


def tell_reopened(question: Question) -> None:
    """Tell who else must know that a question is open again."""
    _known[0].tell_reopened(question)
