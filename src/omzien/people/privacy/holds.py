"""Holding: the privacy officer stops erasing of one person or one thing, and lets go again."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.journal.actions import record
from omzien.kernel.text import one_line
from omzien.people.models import BatchLine, Hold, Person
from omzien.people.models.closeness import close_ones
from omzien.people.privacy.ledger import wait_for_erasing
from omzien.people.queries.mailboxes import named_in
from omzien.people.refusals import IsHeld, NeedsReason, NotAllowed, UnknownKey
from omzien.people.rules.retention import KINDS
from omzien.people.rules.roles import Actor, Role


def is_held(kind: str, key: object, *, person: object = None) -> bool:
    """Tell whether a hold stands on a thing, or on the person whose it is."""
    standing = Hold.objects.standing()
    if standing.filter(kind=kind, key=str(key)).exists():
        return True
    return person is not None and standing.filter(kind="person", key=str(person)).exists()


def may_hold(kind: str, key: str, *, by: Actor) -> bool:
    """Tell whether somebody may hold this and let it go: not where it is about themselves, or
    about who is close to them.
    """
    if not by.may_all("retention.hold"):
        return False
    return by.person is None or not close_ones([by.person], _about(kind, key))


def who_hold(held: Hold, *, on: date) -> list[str]:
    """Return the names of who may let this go now: maybe nobody."""
    about = _about(held.kind, held.key)
    return named_in(Role.PRIVACY_OFFICER, held.municipality_id, on=on, about=about)


@transaction.atomic
def hold(*, municipality: str, kind: str, key: str, reason: str, by: Actor) -> Hold:
    """Stop erasing. Nobody does so for themselves or who is close to them.

    Raises NotAllowed, NeedsReason, UnknownKey, and IsHeld when it was held.
    """
    if not may_hold(kind, key, by=by):
        raise NotAllowed
    wait_for_erasing()  # and what is gone then cannot be held
    reason = one_line(reason, 300)
    if not reason:
        raise NeedsReason
    if kind not in KINDS or not _exists(kind, key):
        raise UnknownKey
    if is_held(kind, key):
        raise IsHeld
    placed = Hold.objects.create(
        municipality_id=municipality, kind=kind, key=key, reason=reason, placed_by=by.key
    )
    _record("hold", placed, by)
    return placed


@transaction.atomic
def lift(*, held: Hold, by: Actor) -> Hold:
    """Let go; what was due is on the next list again. Raises NotAllowed, UnknownKey."""
    if not may_hold(held.kind, held.key, by=by):
        raise NotAllowed
    locked = Hold.objects.select_for_update(of=("self",)).get(pk=held.pk)
    if locked.lifted_at:
        raise UnknownKey
    locked.lifted_at, locked.lifted_by = timezone.now(), by.key
    locked.save(update_fields=["lifted_at", "lifted_by"])
    _record("let-go", locked, by)
    return locked


def _exists(kind: str, key: str) -> bool:
    if kind != "person":
        lines = BatchLine.objects.filter(batch__kind=kind, key=key)
        return lines.exclude(state=BatchLine.State.DESTROYED).exists()
    return any(Person.objects.filter(pk=one).exists() for one in _about(kind, key))


def _about(kind: str, key: str) -> list[UUID]:
    """Return whom a thing is about, where that is known."""
    if kind != "person":
        lines = BatchLine.objects.filter(batch__kind=kind, key=key, person__isnull=False)
        return list(lines.values_list("person", flat=True))  # type: ignore[arg-type]
    with suppress(ValueError):
        return [UUID(key)]
    return []


def _record(verb: str, held: Hold, by: Actor) -> None:
    record(
        verb=verb,
        subject=held.kind,
        subject_id=held.key[:40],
        by=by.key,
        municipality=held.municipality_id,
    )
