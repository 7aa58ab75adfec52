"""A change that the owner proposes: it waits, the approved version stays public."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from omzien.areas.models import Municipality
from omzien.directory.actions import letters
from omzien.directory.actions.entries import (
    Draft,
    Refused,
    add_provider,
    change,
    publish,
    withdraw,
)
from omzien.directory.actions.freshness import NotPublic, confirm, tell_editors
from omzien.directory.actions.parts import set_phones, set_places, set_times
from omzien.directory.actions.reports import AlreadySettled, keep_remark
from omzien.directory.models import STOPPED, Edit, Provider, Service
from omzien.journal.actions import record
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from omzien.kernel.text import clean, fold, one_line
from omzien.messages.actions import tell

# What an owner may propose. "phones" is a list of [number, note]; "remark" is for the editors.
PLAIN = ("title", "description", "cost", "eligibility", "waiting", "email", "website")
EDITORS = (
    *PLAIN, "owner_email", "topics", "rung", "audience", "languages", "keywords", "age_min",
    "age_max", "needs_referral", "wheelchair", "village",
)  # fmt: skip
EDITABLE = (*PLAIN, "phones", "remark")


class NothingChanged(Refused):
    """What was proposed is what already stands there."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the entry, or proposed a change, while this one was written."""


@dataclass
class AlreadyThere(Refused):
    """The provider has an entry of this name already."""

    service: Service


class NoReason(Refused):
    """A change is not turned down without saying why."""


def values_of(service: Service) -> dict[str, Any]:
    """Return what an owner may change, as it stands now."""
    values: dict[str, Any] = {name: getattr(service, name) for name in PLAIN}
    return values | {"phones": [[p.number, p.note] for p in service.phones.all()], "remark": ""}


@transaction.atomic
def propose_edit(
    *, service: Service, changes: dict[str, Any], by: str, seen: str | None = None
) -> Edit:
    """Keep a change of the owner until the editors approve it; nothing public changes.

    `changes` may hold all of EDITABLE: what is the same as now is left out. A newer proposal
    takes the place of the one that waits, and the editors are told once. `seen` is the key of
    the one that waited when the form was opened, "" for none: of another one the owner does
    not know, so it is kept. What only left may come back with it; of what was taken off the
    site only the editors decide. Raises NotPublic, NothingChanged and ChangedMeanwhile.
    """
    locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    if locked.status == Service.Status.WITHDRAWN:
        raise NotPublic
    now = values_of(locked)
    new = {name: _clean(changes[name]) for name in EDITABLE if name in changes}
    new = {name: value for name, value in new.items() if value != _clean(now[name])}
    if not new:
        raise NothingChanged
    waiting = _waiting_of(locked)
    edit = _put(locked, new, by=by, seen=seen, waiting=waiting)
    if waiting is None or waiting.says_stopped:
        tell_editors(edit.municipality, f"edit:{edit.pk}", "editors-edit", titel=locked.title)
    return edit


@transaction.atomic
@letters.in_our_language
def say_stopped(*, service: Service, why: str, by: str, seen: str | None = None) -> Edit:
    """Keep that the owner says that an entry stopped, until the editors decide; twice is once.

    It stays public until then, and the editors hear by when they decide. A change that waited
    is dropped with it, as in `propose_edit`. Raises ChangedMeanwhile, and NotPublic of what is off
    the site already.
    """
    locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    if not locked.is_public:
        raise NotPublic
    new = {STOPPED: clean(why)}
    waiting = _waiting_of(locked)
    if waiting and waiting.changes == new:
        return waiting
    edit = _put(locked, new, by=by, seen=seen, waiting=waiting)
    if waiting is None or not waiting.says_stopped:
        tell_editors(
            edit.municipality,
            f"edit:{edit.pk}",
            "editors-stopped",
            titel=locked.title,
            dag=date_format(edit.due_on, "j F Y"),
        )
    return edit


@transaction.atomic
def confirm_as_owner(*, service: Service, on: date, by: str) -> Service:
    """Note that the owner says that all is right; so it did not stop, if that was said before.

    Raises NotPublic.
    """
    locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    waiting = _waiting_of(locked)
    if waiting and waiting.says_stopped:
        _replace(waiting)
        _record("take-back", waiting, by)
    return confirm(service=locked, what="all", on=on, by=by)


@letters.in_our_language
def tell_overdue_edits(*, municipality: Municipality, on: date) -> int:
    """Tell the editors, once for each, which proposals of owners are past their day."""
    with working_for(municipality.code):
        edits = Edit.objects.filter(municipality=municipality, state=Edit.State.WAITING)
        late = [edit for edit in edits.select_related("service") if edit.due_on < on]

    def say(edit: Edit) -> bool:
        tell_editors(
            municipality,
            f"late-edit:{edit.pk}",
            "editors-edit-late",
            titel=edit.service.title,
            dag=date_format(edit.due_on, "j F Y"),
        )
        return True

    return one_by_one(municipality.code, "late-edit", late, say)


@transaction.atomic
def approve_edit(*, edit: Edit, by: str, on: date) -> Edit:
    """Put a proposed change on the site, or take off it what stopped, and tell the owner.

    The owner saw the whole entry while changing it, so it counts as checked on the day of
    the proposal; with a remark about something else, only the contacts do, and the remark
    waits as a report until somebody settles it. Raises AlreadySettled.
    """
    locked = _waiting(edit)
    if locked.says_stopped:
        if locked.service.status != Service.Status.WITHDRAWN:
            withdraw(service=locked.service, on=on, by=by, why=STOPPED)
        return _decide(locked, Edit.State.APPROVED, by)
    plain = {name: value for name, value in locked.changes.items() if name in PLAIN}
    service = change(service=locked.service, changes=plain, by=by)
    if "phones" in locked.changes:
        set_phones(service, locked.changes["phones"])
    if service.status in (Service.Status.ACTIVE, Service.Status.PAUSED):
        what = "contacts" if locked.changes.get("remark") else "all"
        proposed_on = min(timezone.localdate(locked.created_at), on)
        confirm(service=service, what=what, on=_latest(service, what, proposed_on), by=by)
    if locked.changes.get("remark"):
        keep_remark(service=service, text=locked.changes["remark"], on=on)
    return _decide(locked, Edit.State.APPROVED, by)


@transaction.atomic
def reject_edit(*, edit: Edit, reason: str, by: str) -> Edit:
    """Turn down a proposed change and tell the owner why. Raises AlreadySettled, NoReason."""
    locked = _waiting(edit)
    locked.reason = one_line(reason, 300)
    if not locked.reason:
        raise NoReason
    return _decide(locked, Edit.State.REJECTED, by)


@transaction.atomic
def edit_entry(*, service: Service, changes: dict[str, Any], by: str, seen: str = "") -> Service:
    """Let an editor change an entry at once: all of EDITORS, and its parts.

    "phones" are [number, note], "schedules" are slots (importing/rows.py), and "places" are as
    `set_places` takes them. `seen` is `changed_at` of what the editor saw.
    Raises ChangedMeanwhile.
    """
    locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    if seen and seen != locked.changed_at.isoformat():
        raise ChangedMeanwhile
    plain = {n: v for n, v in changes.items() if n in EDITORS}
    changed = change(service=locked, changes=plain, by=by)
    if "phones" in changes:
        set_phones(changed, changes["phones"])
    if "schedules" in changes:
        set_times(changed, changes["schedules"])
    if "places" in changes:
        set_places(changed, changes["places"])
    return changed


@transaction.atomic
def add_entry(
    *,
    municipality: Municipality,
    provider: str,
    kind: str,
    changes: dict[str, Any],
    by: str,
    on: date,
) -> Service:
    """Put a new entry on the site; its provider is known by name, or new. Raises AlreadyThere."""
    here = Provider.objects.filter(municipality=municipality).order_by("created_at", "pk")
    found = next((one for one in here if fold(one.name) == fold(provider)), None)
    if found is None:
        kind = kind or Provider.Kind.FOUNDATION
        found = add_provider(municipality=municipality, name=provider, kind=kind, by=by)
    for other in found.services.all():
        if fold(other.title) == fold(changes["title"]):
            raise AlreadyThere(other)
    draft = Draft(
        title=changes["title"],
        description=changes["description"],
        rung=Rung(changes.get("rung") or Rung.GENERAL),
        topics=changes.get("topics", ()),
    )
    service = publish(provider=found, draft=draft, by=by)
    edit_entry(service=service, changes=changes, by=by)
    return confirm(service=service, what="all", on=on, by=by)


def _latest(service: Service, what: str, on: date) -> date:
    # A later check by the editors must not be moved back to the day of the proposal.
    known = service.checked_on if what == "all" else service.contacts_checked_on
    return max(on, known) if known else on


def _waiting_of(service: Service) -> Edit | None:
    return Edit.objects.filter(service=service, state=Edit.State.WAITING).first()


def _put(
    service: Service, new: dict[str, Any], *, by: str, seen: str | None, waiting: Edit | None
) -> Edit:
    """Put a proposal in the place of the one that waits."""
    assert service.municipality is not None
    if seen is not None and seen != (str(waiting.pk) if waiting else ""):
        raise ChangedMeanwhile
    if waiting:
        _replace(waiting)
    edit = Edit.objects.create(
        municipality=service.municipality, service=service, changes=new, proposed_by=by
    )
    _record("propose", edit, by, fields=sorted(new))
    return edit


def _replace(edit: Edit) -> None:
    edit.state, edit.decided_at = Edit.State.REPLACED, timezone.now()
    edit.save(update_fields=["state", "decided_at"])


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
    return [[one_line(part) for part in pair] for pair in value]


def _record(verb: str, edit: Edit, by: str, **details: Any) -> None:
    record(
        verb=verb,
        subject="service",
        subject_id=edit.service_id,
        by=by,
        municipality=edit.municipality_id,
        **details,
    )
