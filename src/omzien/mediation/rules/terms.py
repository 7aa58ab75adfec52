"""How long each step of neighbour mediation may take. Casework notes 3.9; CCV method."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from omzien.kernel.workdays import add_working_days
from omzien.mediation.rules.states import State


@dataclass(frozen=True)
class Terms:
    """Terms in working days, unless the name says otherwise."""

    intake: int = 5
    """The coordinator meets who reported: five at most by the CCV method."""
    choose: int = 5
    """Two mediators are asked, and both say yes."""
    answer: int = 3
    """A mediator says yes or no."""
    talk: int = 10
    """The talk with one neighbour, or asking the other."""
    joint: int = 15
    """The joint talk; and then agreements to which both say yes."""
    coach_weeks: int = 4
    """One neighbour is helped alone, where the other does not take part."""
    aftercare_weeks: int = 4
    """Aftercare comes two to six weeks after the agreements (CCV)."""
    escalate: int = 5
    """After its last day a case waits so long for the coordinator, before others hear of it."""
    give_up: int = 20
    """After its last day a case where nobody does anything ends by itself."""
    closed: frozenset[date] = frozenset()
    """Days on which the municipality does not work, besides the public holidays."""

    def after(self, day: date, working_days: int) -> date:
        """Return the last day of a term that starts on `day`; never a weekend or a holiday."""
        return add_working_days(day, working_days, self.closed)

    def due(self, state: State, day: date) -> date:
        """Return the last day for what comes next, for a case that came to a state on `day`.

        Raises KeyError for a case that is over.
        """
        if state in (State.COACHING, State.AFTERCARE):
            is_aftercare = state == State.AFTERCARE
            weeks = self.aftercare_weeks if is_aftercare else self.coach_weeks
            return day + timedelta(weeks=weeks)
        return self.after(day, getattr(self, _NAMES[state]))


_NAMES: Mapping[State, str] = {
    State.REPORTED: "intake",
    State.CHOOSING: "choose",
    State.FIRST_TALK: "talk",
    State.INVITING: "talk",
    State.SECOND_TALK: "talk",
    State.JOINT: "joint",
    State.AGREEING: "joint",
}
SOONEST = timedelta(weeks=2)  # aftercare: sooner says nothing (CCV)
STANDARD = Terms()
