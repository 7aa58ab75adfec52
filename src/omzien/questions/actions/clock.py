"""One call for the worker: all clocks of what lies around questions. Twice is once."""

from collections.abc import Callable
from datetime import datetime

from omzien.areas.models import Municipality
from omzien.journal.each import on_its_own
from omzien.questions.actions.aftercare import run_aftercare
from omzien.questions.actions.crisis import run_crisis
from omzien.questions.actions.discussing import run_discussions
from omzien.questions.actions.early import run_early
from omzien.questions.actions.emergency import run_reviews
from omzien.questions.actions.objecting import run_objections
from omzien.questions.actions.readers import run_readers
from omzien.questions.actions.signals import run_signals
from omzien.questions.actions.undelivered import run_undelivered

CLOCKS: tuple[Callable[[Municipality, datetime], int], ...] = (
    run_crisis,
    run_reviews,
    run_signals,
    run_early,
    run_discussions,
    run_objections,
    run_aftercare,
    run_undelivered,
    run_readers,
)


def run_clocks(municipality: Municipality, now: datetime) -> int:
    """Do what is due in a municipality, the acute first; return how much.

    A clock that goes wrong holds up none of the others.
    """
    count = 0
    for run in CLOCKS:
        with on_its_own(f"{municipality.code}, {run.__name__}"):
            count += run(municipality, now)
    return count
