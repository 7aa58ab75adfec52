"""Two persons turn out to be one: a link that can be undone for thirty days, and no moved row."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from omzien.journal.actions import record
from omzien.people.models import Person, SamePerson
from omzien.people.refusals import (
    AlreadyEnded,
    JoinedAlready,
    NeedsReason,
    NotAllowed,
    OneAlready,
    OwnAccount,
    UndoIsOver,
)
from omzien.people.rules.roles import Actor
from omzien.people.rules.same import last_day_to_undo


@transaction.atomic
def join_persons(
    *, person: Person, other: Person, how: SamePerson.How, by: Actor, now: datetime
) -> SamePerson:
    """Say that `other` is the same person as `person`, who stays.

    Whoever calls has asked whether the actor works for both.
    Raises NotAllowed, OneAlready, NeedsReason, JoinedAlready, OwnAccount.
    """
    if person.pk == other.pk:
        raise OneAlready
    if by.person in (person.pk, other.pk):
        raise NotAllowed
    if how not in SamePerson.How:
        raise NeedsReason
    rows = Person.objects.select_for_update(of=("self",)).order_by("pk")
    both = {one.pk: one for one in rows.filter(pk__in=[person.pk, other.pk])}
    if len(both) < 2 or len({one.municipality_id for one in both.values()}) > 1:
        raise NotAllowed
    _unjoined(both[person.pk], both[other.pk])
    if both[other.pk].account_id and both[other.pk].account_id != both[person.pk].account_id:
        raise OwnAccount
    try:
        with transaction.atomic():
            row = SamePerson.objects.create(
                municipality_id=both[person.pk].municipality_id,
                person_id=person.pk,
                other_id=other.pk,
                how=how,
                merged_at=now,
                by=by.key,
            )
    except IntegrityError:
        raise JoinedAlready from None
    _record("merge", row, by, how=str(how))
    return row


@transaction.atomic
def part_persons(*, link: SamePerson, by: Actor, now: datetime) -> SamePerson:
    """Say that two persons are two after all: all is again as it was before.

    Whoever calls has asked whether the actor works for one of them.
    Raises NotAllowed, AlreadyEnded, UndoIsOver.
    """
    row = SamePerson.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if by.person in (row.person_id, row.other_id):
        raise NotAllowed
    if row.undone_at:
        raise AlreadyEnded
    last = last_day_to_undo(timezone.localdate(row.merged_at))
    if timezone.localdate(now) > last:
        raise UndoIsOver(last)
    row.undone_at, row.undone_by = now, by.key
    row.save(update_fields=["undone_at", "undone_by"])
    _record("unmerge", row, by)
    return row


def _unjoined(person: Person, other: Person) -> None:
    """Check that a new link makes no pair twice and no chain. Raises OneAlready, JoinedAlready."""
    live = SamePerson.objects.live()
    pair = Q(person=person, other=other) | Q(person=other, other=person)
    if live.filter(pair).exists():
        raise OneAlready
    if live.filter(Q(other__in=[person.pk, other.pk]) | Q(person=other)).exists():
        raise JoinedAlready


def _record(verb: str, row: SamePerson, by: Actor, **details: str) -> None:
    record(
        verb=verb,
        subject="person",
        subject_id=row.person_id,
        by=by.key,
        municipality=row.municipality_id,
        other=str(row.other_id),
        **details,
    )
