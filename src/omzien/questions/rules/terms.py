"""How long each step of a question may take. Casework notes 3.9; a municipality may differ."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from omzien.kernel.workdays import add_working_days


@dataclass(frozen=True)
class Terms:
    """Terms in working days, unless the name says otherwise."""

    reply: int = 2
    """A person answers; the receipt itself comes at once (Wmo 2015, art. 2.3.2 lid 1)."""
    next_step: int = 2
    """The owner decides what now, after a handover came back."""
    silent: int = 5
    """The resident was asked something and does not answer."""
    remind: int = 2
    """The receiver of a handover is reminded."""
    answer: int = 5
    """The receiver accepts or declines; otherwise the question comes back."""
    urgent: int = 1
    """The same, of an urgent handover."""
    external_days: int = 14
    """The same, of a team without accounts that answers by a link: days, for its mailbox is read
    less often. It is reminded halfway."""
    contact: int = 10
    """After accepting, the first contact is made."""
    review: int = 5
    """An emergency reading is reviewed: five at most by design (casework notes 3.6)."""
    triage: int = 2
    """A worry about somebody is picked up; ours. What is acute does not wait for it."""
    tell: int = 5
    """Who somebody worries about, or was read of in an emergency, is told; a month at most (AVG,
    art. 14 lid 3)."""
    objection: int = 10
    """Somebody else answers a resident who does not agree; ours, within the month of the AVG
    (art. 12 lid 3) and the six weeks for a complaint (Awb, art. 9:11)."""
    call: int = 5
    """The team calls to ask whether it is solved, where there is no mail address; ours."""
    early_weeks: int = 4
    """A conversation is offered after an early signal: four by law (Wgs, art. 4 lid 1), so that
    no municipality chooses it."""
    debt_days: int = 3
    """The first talk about debts where a home, power, heat, water or care insurance is at stake:
    working days (Wgs, art. 4 lid 2); else it is `early_weeks`."""
    research_weeks: int = 6
    """The research after a question about a provision (Wmo 2015, art. 2.3.2 lid 1)."""
    plan_days: int = 7
    """Who asks may hand in a plan of their own (Wmo 2015, art. 2.3.2 lid 2): days."""
    give_up: int = 10
    """Nobody stops trying to reach a resident sooner, counted from the first try."""
    feedback_days: int = 14
    """The link works by which a resident says whether it is solved: days."""
    report_weeks: int = 6
    reopen_weeks: int = 6
    waiting_weeks: int = 6
    """Who waits for a place hears from their own team at least so often (casework notes 3.4)."""
    caseload: int = 40
    """The weight (rules/caseload.py) above which giving somebody more asks a reason; 0: no cap."""
    closed: frozenset[date] = frozenset()
    """Days on which the municipality does not work, besides the public holidays."""

    def after(self, day: date, working_days: int) -> date:
        """Return the last day of a term that starts on `day`; never a weekend or a holiday."""
        return add_working_days(day, working_days, self.closed)

    def offered(self, day: date, *, is_urgent: bool, by_link: bool) -> tuple[date, date]:
        """Return when the receiver of an offer is reminded, and its last day to answer."""
        if is_urgent:
            last = self.after(day, self.urgent)
            return last, last
        if by_link:
            half, whole = (
                timedelta(days=days) for days in (self.external_days // 2, self.external_days)
            )
            return day + half, day + whole
        return self.after(day, self.remind), self.after(day, self.answer)

    def aftercare(self, day: date) -> date:
        """Return the day on which the resident is asked whether it is solved."""
        return day + timedelta(weeks=self.report_weeks)

    def early(self, day: date) -> date:
        """Return the last day on which a conversation is offered after an early signal."""
        return day + timedelta(weeks=self.early_weeks)

    def by_law(self, topics: Collection[str], day: date, *, is_acute: bool) -> dict[str, date]:
        """Return what a law gives a last day for a question of `day`: topic → that day."""
        is_urgent = is_acute or "homelessness" in topics
        days = {
            "debt": self.after(day, self.debt_days) if is_urgent else self.early(day),
            "wmo": self.research(day),
        }
        return {topic: last for topic, last in days.items() if topic in topics}

    def research(self, day: date) -> date:
        """Return the last day of the research after a report under the Wmo of `day`."""
        return day + timedelta(weeks=self.research_weeks)

    def own_plan(self, day: date) -> date:
        """Return the last day on which a plan of the resident is read before the research."""
        return day + timedelta(days=self.plan_days)

    def reopens_until(self, day: date) -> date:
        """Return the last day on which a question that ended on `day` opens again."""
        return day + timedelta(weeks=self.reopen_weeks)


STANDARD = Terms()
