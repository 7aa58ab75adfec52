"""What waits for the editors: reports with a clock, proposed changes, entries nobody keeps,
those that are open at no time, and those whose topics nobody looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from omzien.areas.models import Municipality
from omzien.directory.models import Edit, Report, Schedule, Service
from omzien.directory.rules import (
    EDITOR,
    Terms,
    leaves_on,
)
from omzien.directory.terms import terms_of
from omzien.kernel.recurrence import never_falls
from omzien.kernel.workdays import working_days_until
from omzien.people.rules.roles import PUBLIC

MOST = 50
SOON = timedelta(days=30)
REMEMBERED = timedelta(days=60)


@dataclass(frozen=True)
class OpenReport:
    """A report with the working days that are left; below zero it is late."""

    report: Report
    due_on: date
    days_left: int


@dataclass(frozen=True)
class Difference:
    """One field of a proposed change: what stands there and what was proposed."""

    name: str
    now: Any
    new: Any


@dataclass(frozen=True)
class WaitingEdit:
    """A proposed change, field by field."""

    edit: Edit
    differences: tuple[Difference, ...]
    due_on: date
    days_left: int


@dataclass(frozen=True)
class Unkept:
    """A public entry that is due and has no owner, or that leaves soon."""

    service: Service
    due_on: date
    leaves_on: date | None


@dataclass(frozen=True)
class Queue:
    """All that waits, each list cut at MOST, with the true counts beside it."""

    reports: Sequence[OpenReport]
    report_count: int
    edits: Sequence[WaitingEdit]
    edit_count: int
    unkept: Sequence[Unkept]
    unkept_count: int
    never: Sequence[Service]
    """What has a time with a rule that cannot be read or falls on no day."""
    never_count: int
    suggested: Sequence[Service]
    suggested_count: int
    left: Sequence[Service]


def queue(municipality: Municipality, *, on: date) -> Queue:
    """Return what waits for the editors of a municipality."""
    terms = terms_of(municipality.code)
    reports = Report.objects.filter(municipality=municipality, closed_at=None)
    edits = Edit.objects.filter(municipality=municipality, state=Edit.State.WAITING)
    unkept = _unkept(on, terms)
    never = _never(municipality)
    left = Service.objects.visible_to(EDITOR).filter(
        municipality=municipality,
        left_on__gt=on - REMEMBERED,
        status__in=[Service.Status.ACTIVE, Service.Status.PAUSED],
    )
    suggested = (
        Service.objects.visible_to(PUBLIC)
        .filter(municipality=municipality, extra__suggested__contains="topics")
        .select_related("provider")
    )
    return Queue(
        reports=[
            OpenReport(r, r.due_on, working_days_until(r.due_on, on=on, closed=terms.closed))
            for r in reports.select_related("service__provider").order_by(
                "due_on", "created_at", "pk"
            )[:MOST]
        ],
        report_count=reports.count(),
        edits=[
            _waiting(e, on, terms)
            for e in edits.select_related("service__provider").prefetch_related("service__phones")[
                :MOST
            ]
        ],
        edit_count=edits.count(),
        unkept=unkept[:MOST],
        unkept_count=len(unkept),
        never=never[:MOST],
        never_count=len(never),
        suggested=list(suggested.order_by("sort_title", "pk")[:MOST]),
        suggested_count=suggested.count(),
        left=list(left.select_related("provider").order_by("-left_on", "sort_title", "pk")[:MOST]),
    )


def _waiting(edit: Edit, on: date, terms: Terms) -> WaitingEdit:
    due = edit.due_on
    left = working_days_until(due, on=on, closed=terms.closed)
    return WaitingEdit(edit, tuple(_differences(edit)), due, left)


def _differences(edit: Edit) -> list[Difference]:
    service = edit.service
    phones = [[p.number, p.note] for p in service.phones.all()]
    return [
        Difference(name, phones if name == "phones" else getattr(service, name, ""), new)
        for name, new in edit.changes.items()
    ]


def _unkept(on: date, terms: Terms) -> list[Unkept]:
    """Return what is due and nobody is asked for, or what leaves soon: also what is offered in
    the whole country, of which this municipality is no owner.
    """
    found = (
        Service.objects.visible_to(PUBLIC)
        .due(on=on, terms=terms)
        .select_related("provider")
        .prefetch_related("reminders")
    )
    rows = [Unkept(service, service.due_on, _leaves(service, terms)) for service in found]
    wanted = [
        row
        for row in rows
        if row.service.municipality_id is None
        or not row.service.owner_email
        or (row.leaves_on and row.leaves_on - on <= SOON)
    ]
    return sorted(wanted, key=lambda row: (row.leaves_on or date.max, row.due_on))


def _never(municipality: Municipality) -> list[Service]:
    """Return what has a time that never comes: one that was stored before such were refused."""
    seen = Service.objects.visible_to(PUBLIC).filter(municipality=municipality)
    slots = Schedule.objects.filter(service__in=seen.values("pk")).exclude(rule="")
    keys = {slot.service_id for slot in slots if never_falls(slot.recurrence)}
    if not keys:
        return []
    return list(seen.filter(pk__in=keys).select_related("provider").order_by("sort_title", "pk"))


def _leaves(service: Service, terms: Terms) -> date | None:
    if not service.owner_email:
        return None
    last = len(terms.reminder_days) - 1
    for reminder in service.reminders.all():
        if reminder.due_on == service.due_on and reminder.step == last:
            return leaves_on(service.due_on, warned_on=reminder.sent_on, terms=terms)
    return None
