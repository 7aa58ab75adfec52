"""Keeping the map true (M03): remind the owner, take a confirmation, let go what nobody keeps.

Each entry has its own transaction, so that a worker that stops halfway loses nothing and
does nothing twice when it starts again.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.directory.actions import letters
from omzien.directory.actions.entries import Refused, reindex, withdraw
from omzien.directory.models import Edit, Reminder, Service
from omzien.directory.rules import (
    REMINDER_DAYS,
    leaves_on,
    step_due,
    what_is_due,
)
from omzien.directory.terms import terms_of
from omzien.journal.actions import record
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.messages.actions import tell
from omzien.people.rules.roles import PUBLIC

LAST_STEP = len(REMINDER_DAYS) - 1


class NotPublic(Refused):
    """An entry that is withdrawn or a draft cannot be confirmed."""


def remind(*, municipality: Municipality, on: date) -> int:
    """Mail every owner whose entry is due; return how many mails went into the outbox.

    Each step of the ladder is sent once per round. After days without a worker only the
    latest step that is due goes out. While a change of the owner waits, nobody is reminded.
    """
    return _each(municipality, on, _remind_one)


def leave_stale(*, municipality: Municipality, on: date) -> int:
    """Take out what stayed unchecked for too long after its last reminder, and tell it.

    An entry without an owner was never asked about, so it never leaves by itself: it stands
    in the editors' queue.
    """
    return _each(municipality, on, _leave_one)


@transaction.atomic
def confirm(*, service: Service, what: str, on: date, by: str) -> Service:
    """Note that an entry was checked: its `contacts`, or `all` of it.

    What had left comes back. A second confirmation on the same day changes nothing. Raises
    NotPublic.
    """
    locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    if locked.status not in (Service.Status.ACTIVE, Service.Status.PAUSED):
        raise NotPublic
    days = {"contacts_checked_on": on} | ({"checked_on": on} if what == "all" else {})
    if locked.left_on is None and all(getattr(locked, name) == day for name, day in days.items()):
        return locked
    came_back = locked.left_on is not None
    for name, day in days.items():
        setattr(locked, name, day)
    locked.left_on = None
    locked.save(update_fields=[*days, "left_on", "changed_at"])
    locked.reminders.filter(answered_at=None).update(answered_at=timezone.now())
    reindex([locked])
    _record("confirm", locked, by, what=what, came_back=came_back)
    return locked


@transaction.atomic
def take_off(*, service: Service, on: date, by: str) -> None:
    """Take an entry off the site, and tell its owner; twice is once."""
    locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    if locked.status == Service.Status.WITHDRAWN:
        return
    withdraw(service=locked, on=on, by=by)
    _tell_owner(locked, f"off:{locked.pk}:{timezone.now()}", letters.taken_off(locked))


@transaction.atomic
def put_back(*, service: Service, on: date, by: str) -> None:
    """Put an entry that is off the site back on it, as checked today, and tell its owner."""
    locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    if locked.is_public:
        return
    Service.objects.filter(pk=locked.pk).update(status=Service.Status.ACTIVE)
    confirm(service=locked, what="all", on=on, by=by)
    locked.refresh_from_db()
    reindex([locked])
    _tell_owner(locked, f"back:{locked.pk}:{timezone.now()}", letters.put_back(locked))


@transaction.atomic
def send_new_link(*, service: Service, purpose: str, on: date) -> None:
    """Mail a new link to the owner that the entry has now, whoever asked; once a day."""
    letter = letters.new_link(service, purpose)
    _tell_owner(service, f"link:{service.pk}:{purpose}:{on}", letter)


def tell_editors(municipality: Municipality, key: str, code: str, **values: str) -> None:
    """Mail the editors of a municipality, if they have an address; their queue shows it too.

    `code` names the mail, and `values` fill its places (`directory/mails.py`).
    """
    letter = letters.for_editors(municipality, code, values)
    tell(
        municipality=municipality,
        key=key,
        recipients=[municipality.editors_email],
        letter=letter,
    )


def _tell_owner(service: Service, key: str, letter: letters.Letter) -> None:
    tell(
        municipality=service.municipality,
        key=key,
        recipients=[service.owner_email],
        letter=letter,
    )


def _remind_one(service: Service, on: date) -> bool:
    assert service.municipality is not None
    due = service.due_on
    terms = terms_of(service.municipality_id)
    step = step_due(due, on=on, terms=terms)
    if step is None:
        return False
    what = what_is_due(checked_on=service.checked_on, on=on, terms=terms)
    later = Reminder.objects.filter(service=service, due_on=due, step__gte=step).exists()
    if later:
        return False
    Reminder.objects.create(
        municipality=service.municipality,
        service=service,
        what=what,
        due_on=due,
        step=step,
        sent_on=on,
    )
    letter = letters.reminder(service, what=what, step=step, due=due, on=on)
    _tell_owner(service, f"remind:{service.pk}:{due}:{step}", letter)
    _record("remind", service, "system", what=what, step=step)
    return True


def _leave_one(service: Service, on: date) -> bool:
    due, terms = service.due_on, terms_of(service.municipality_id)
    last = Reminder.objects.filter(service=service, due_on=due, step=LAST_STEP).first()
    if last is None or on < leaves_on(due, warned_on=last.sent_on, terms=terms):
        return False
    Service.objects.filter(pk=service.pk).update(left_on=on)
    reindex([service])
    assert service.municipality is not None
    _tell_owner(service, f"left:{service.pk}:{due}", letters.left(service))
    tell_editors(
        service.municipality,
        f"left:{service.pk}:{due}",
        "editors-left",
        titel=service.title,
        aanbieder=service.provider.name,
    )
    _record("leave", service, "system")
    return True


def _each(municipality: Municipality, on: date, do: Callable[[Service, date], bool]) -> int:
    """Do something with every entry that is due, each locked in its own transaction."""
    with working_for(municipality.code):
        keys = list(_due(municipality, on))
    return one_by_one(municipality.code, "freshness", keys, lambda key: _locked(key, on, do))


def _locked(key: uuid.UUID, on: date, do: Callable[[Service, date], bool]) -> bool:
    locked = Service.objects.visible_to(PUBLIC).select_for_update(of=("self",))
    service = locked.filter(pk=key).with_details().select_related("municipality").first()
    return service is not None and do(service, on)


def _due(municipality: Municipality, on: date) -> Iterator[uuid.UUID]:
    """Return the keys of the public entries with an owner that are due, without waiting edits."""
    waiting = Edit.objects.filter(state=Edit.State.WAITING).values("service")
    terms = terms_of(municipality.code)
    due = Service.objects.visible_to(PUBLIC).due(on=on, terms=terms)
    found = due.filter(municipality=municipality)
    owned = found.exclude(owner_email="").exclude(pk__in=waiting)
    return owned.values_list("pk", flat=True).iterator()


def _record(verb: str, service: Service, by: str, **details: Any) -> None:
    record(
        verb=verb,
        subject="service",
        subject_id=service.pk,
        by=by,
        municipality=service.municipality_id,
        **details,
    )
