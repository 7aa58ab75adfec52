"""The clock: reminds once, and ends what got no answer. It never counts as a person's act."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.handovers.actions.closing import end
from omzien.handovers.actions.due import at_the_clock
from omzien.handovers.actions.notices import tell_coordinators, tell_team
from omzien.handovers.actions.offering import end_uncovered, persons_uncovered
from omzien.handovers.actions.silence import run_silence
from omzien.handovers.actions.waiting import run_waits
from omzien.handovers.actions.writing import give_back, locked, move, save
from omzien.handovers.models import Handover
from omzien.handovers.rules.states import State
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.people.rules.roles import SYSTEM

REMINDS = {State.OFFERED: "reminded", State.ACCEPTED: "contact-reminded"}
OVER = {
    State.OFFERED: ("expire", "expired"),
    State.ACCEPTED: ("contact-overdue", "contact-expired"),
}


def run_clock(*, municipality: Municipality, now: datetime) -> int:
    """Do what is due in a municipality; return how much. Twice is once.

    Each handover has its own transaction, and so has each person whose ground ran out, so that
    one that fails holds up no other, and a worker that is killed leaves all or nothing of each.
    """
    code, today = municipality.code, timezone.localdate(now)
    with working_for(code):
        over, late, to_tell = (
            at_the_clock(code, today, of=Handover, what=what)
            for what in ("due", "to_remind", "to_report")
        )
    count = one_by_one(code, "expire", over, lambda one: expire(handover=one, now=now))
    count += one_by_one(code, "remind", late, lambda one: remind(handover=one, now=now))
    count += one_by_one(code, "ask-result", to_tell, lambda one: ask_result(handover=one, now=now))
    with working_for(code):
        persons = persons_uncovered(at=now)
    count += one_by_one(
        code, "uncovered", persons, lambda one: end_uncovered(person=one, by=SYSTEM, now=now)
    )
    # After that: nobody is reminded of what no ground covers any more.
    count += run_silence(municipality=municipality, now=now)
    return count + run_waits(municipality=municipality, now=now)


@transaction.atomic
def remind(*, handover: Handover, now: datetime) -> bool:
    """Remind the receiver, once for each clock; tell whether that was done now."""
    row = locked(handover)
    is_due = row.is_open and row.remind_on is not None and row.remind_on <= timezone.localdate(now)
    if not is_due or row.reminded_at is not None:
        return False
    what = REMINDS[State(row.state)]
    row.reminded_at = now
    save(row, "remind", SYSTEM)
    tell_team(row, row.to_team, what)
    return True


@transaction.atomic
def expire(*, handover: Handover, now: datetime) -> bool:
    """End a handover whose term is over; the question was the sender's all the time.

    It counts as no answer, not as a decline. The coordinator hears of it too.
    """
    row = locked(handover)
    if not row.is_open or row.due_on is None or row.due_on >= timezone.localdate(now):
        return False
    name, what = OVER[State(row.state)]
    move(row, name)
    end(row, now=now)
    save(row, name, SYSTEM)
    give_back(row.question, now=now, to_coordinator=True)
    tell_team(row, row.from_team, what)
    tell_coordinators(row, what)
    return True


@transaction.atomic
def ask_result(*, handover: Handover, now: datetime) -> bool:
    """Ask the new owner once, after its term, how it went; tell whether that was done now."""
    row = locked(handover)
    is_due = row.state == State.HANDED_OVER and row.report_reminded_at is None
    if (
        not is_due
        or row.question.team_id != row.to_team_id
        or row.report_on is None
        or row.report_on > timezone.localdate(now)
    ):
        return False
    row.report_reminded_at = now
    save(row, "ask-result", SYSTEM)
    tell_team(row, row.to_team, "report-due")
    return True
