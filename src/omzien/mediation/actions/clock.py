"""The clock: who does nothing is reminded, then others hear of it, and then a case ends.

It never counts as a person's act.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.mediation.actions.mediators import empty_seat, expire_seat
from omzien.mediation.actions.notices import tell_coordinator, tell_managers
from omzien.mediation.actions.writing import end, locked, note
from omzien.mediation.models import Case, Seat
from omzien.mediation.rules.states import Outcome
from omzien.people.rules.roles import SYSTEM


def run_clock(*, municipality: Municipality, now: datetime) -> int:
    """Do what is due in a municipality; return how much. Twice is once.

    Each step has its own transaction, so that one that fails holds up no other.
    """
    today = timezone.localdate(now)
    todo: list[Callable[[], bool]] = []
    with working_for(municipality.code):
        cases, seats = (
            Case.objects.filter(municipality=municipality),
            Seat.objects.filter(municipality=municipality),
        )
        todo += [_later(expire, case=one, now=now) for one in cases.over(on=today)]
        todo += [_later(empty_seat, seat=one, now=now) for one in seats.empty(on=today)]
        todo += [_later(expire_seat, seat=one, now=now) for one in seats.due(on=today)]
        todo += [_later(escalate, case=one, now=now) for one in cases.stuck(on=today)]
        todo += [_later(remind, case=one, now=now) for one in cases.late(on=today)]
    count = 0
    for do in todo:
        with working_for(municipality.code):
            count += do()
    return count


def _later(do: Callable[..., bool], **values: object) -> Callable[[], bool]:
    return lambda: do(**values)


@transaction.atomic
def remind(*, case: Case, now: datetime) -> bool:
    """Remind the coordinator, once for each clock; tell whether that was done now."""
    row = locked(case)
    if not Case.objects.late(on=timezone.localdate(now)).filter(pk=row.pk).exists():
        return False
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    note(row, "remind", SYSTEM)
    tell_coordinator(row, "late", mark=f"{row.state}-{row.due_on}")
    return True


@transaction.atomic
def escalate(*, case: Case, now: datetime) -> bool:
    """Tell who can find another coordinator that a case stands still, once for each clock."""
    row = locked(case)
    if not Case.objects.stuck(on=timezone.localdate(now)).filter(pk=row.pk).exists():
        return False
    row.escalated_at = now
    row.save(update_fields=["escalated_at"])
    note(row, "escalate", SYSTEM)
    tell_managers(row)
    return True


@transaction.atomic
def expire(*, case: Case, now: datetime) -> bool:
    """End a case in which nobody did anything; both neighbours who take part hear it."""
    row = locked(case)
    if not Case.objects.over(on=timezone.localdate(now)).filter(pk=row.pk).exists():
        return False
    end(row, "expire", Outcome.UNFINISHED, by=SYSTEM, now=now)
    return True
