"""A change that the owner proposes: it waits, the approved version stays public."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from omzien.directory.actions import letters
from omzien.directory.actions.entries import Refused, change
from omzien.directory.actions.freshness import confirm, tell_editors
from omzien.directory.actions.reports import AlreadySettled
from omzien.directory.models import Edit, Phone, Service
from omzien.journal.actions import record
from omzien.kernel.text import clean, one_line
from omzien.messages.actions import tell

# What an owner may propose. "phones" is a list of [number, note]; "remark" is for the editors.
PLAIN = ("title", "description", "cost", "eligibility", "waiting", "email", "website")
EDITABLE = (*PLAIN, "phones", "remark")


class NothingChanged(Refused):
    """What was proposed is what already stands there."""


class NoReason(Refused):
    """A change is not turned down without saying why."""


def values_of(service: Service) -> dict[str, Any]:
    """Return what an owner may change, as it stands now."""
    values: dict[str, Any] = {name: getattr(service, name) for name in PLAIN}
    return values | {"phones": [[p.number, p.note] for p in service.phones.all()], "remark": ""}


@transaction.atomic
def propose_edit(*, service: Service, changes: dict[str, Any], by: str) -> Edit:
    """Keep a change of the owner until the editors approve it; nothing public changes.

    `changes` may hold all of EDITABLE: what is the same as now is left out. A newer proposal
    takes the place of the one that waits. Raises NothingChanged.
    """
    locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    now = values_of(locked)
    new = {name: _clean(changes[name]) for name in EDITABLE if name in changes}
    new = {name: value for name, value in new.items() if value != _clean(now[name])}
    if not new:
        raise NothingChanged
    assert locked.municipality is not None
    Edit.objects.filter(service=locked, state=Edit.State.WAITING).update(
        state=Edit.State.REPLACED, decided_at=timezone.now()
    )
    edit = Edit.objects.create(
        municipality=locked.municipality, service=locked, changes=new, proposed_by=by
    )
    tell_editors(
        locked.municipality,
        f"edit:{edit.pk}",
        "editors-edit",
        titel=locked.title,
    )
    _record("propose", edit, by, fields=sorted(new))
    return edit


@transaction.atomic
def approve_edit(*, edit: Edit, by: str, on: date) -> Edit:
    """Put a proposed change on the site and tell the owner.

    The owner saw the whole entry while changing it, so it counts as checked on the day of
    the proposal; with a remark about something else, only the contacts do. Raises
    AlreadySettled.
    """
    locked = _waiting(edit)
    plain = {name: value for name, value in locked.changes.items() if name in PLAIN}
    service = change(service=locked.service, changes=plain, by=by)
    if "phones" in locked.changes:
        set_phones(service, locked.changes["phones"])
    if service.status in (Service.Status.ACTIVE, Service.Status.PAUSED):
        what = "contacts" if locked.changes.get("remark") else "all"
        proposed_on = min(timezone.localdate(locked.created_at), on)
        confirm(service=service, what=what, on=_latest(service, what, proposed_on), by=by)
    return _decide(locked, Edit.State.APPROVED, by)


@transaction.atomic
def reject_edit(*, edit: Edit, reason: str, by: str) -> Edit:
    """Turn down a proposed change and tell the owner why. Raises AlreadySettled, NoReason."""
    locked = _waiting(edit)
    locked.reason = one_line(clean(reason), 300)
    if not locked.reason:
        raise NoReason
    return _decide(locked, Edit.State.REJECTED, by)


@transaction.atomic
def edit_entry(*, service: Service, changes: dict[str, Any], by: str) -> Service:
    """Let an editor change an entry at once; also who its owner is (`owner_email`)."""
    plain = {n: v for n, v in changes.items() if n in (*PLAIN, "owner_email")}
    changed = change(service=service, changes=plain, by=by)
    if "phones" in changes:
        set_phones(changed, changes["phones"])
    return changed


def set_phones(service: Service, phones: list[list[str]]) -> None:
    """Replace the telephone numbers of an entry, inside the caller's transaction."""
    service.phones.all().delete()
    Phone.objects.bulk_create(
        Phone(
            municipality_id=service.municipality_id,
            service=service,
            number=number,
            note=note,
            position=position,
        )
        for position, (number, note) in enumerate(phones)
    )


def _latest(service: Service, what: str, on: date) -> date:
    # A later check by the editors must not be moved back to the day of the proposal.
    known = service.checked_on if what == "all" else service.contacts_checked_on
    return max(on, known) if known else on


def _waiting(edit: Edit) -> Edit:
    locked = Edit.objects.select_for_update(of=("self",)).get(pk=edit.pk)
    if locked.state != Edit.State.WAITING:
        raise AlreadySettled
    return locked


def _decide(edit: Edit, state: Edit.State, by: str) -> Edit:
    edit.state = state
    edit.decided_at = timezone.now()
    edit.save(update_fields=["state", "decided_at", "reason"])
    edit.service.refresh_from_db()
    letter = letters.decided(edit)
    tell(
        municipality=edit.municipality,
        key=f"decided:{edit.pk}",
        recipients=[edit.service.owner_email],
        letter=letter,
    )
    _record("approve" if state == Edit.State.APPROVED else "reject", edit, by)
    return edit


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    return [[" ".join(clean(part).split()) for part in pair] for pair in value]


def _record(verb: str, edit: Edit, by: str, **details: Any) -> None:
    record(
        verb=verb,
        subject="service",
        subject_id=edit.service_id,
        by=by,
        municipality=edit.municipality_id,
        **details,
    )
