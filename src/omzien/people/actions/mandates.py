"""Mandates: asked by a resident or recorded from a ruling, accepted by who will speak for them.

A mandate begins with the yes of the proxy, who signs in with the address that the resident gave.
It ends at once when the resident or the proxy ends it. A mandate by law is not the resident's to
end; a coordinator can suspend any, when the two are in conflict.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from omzien.journal.actions import record
from omzien.kernel.text import one_line
from omzien.people.ledger_file import note_ended
from omzien.people.models import Mandate, MandateInvitation, Person
from omzien.people.models.closeness import keys_of, selves
from omzien.people.refusals import (
    AlreadyEnded,
    AlreadyHas,
    AskedEnough,
    MoneyOnly,
    NeedsBirthday,
    NeedsChild,
    NeedsReason,
    NeedsRecipient,
    NotAllowed,
    OwnAddress,
    SpeaksAlone,
    WrongBirthday,
    WrongDates,
    WrongMove,
    WrongPaper,
)
from omzien.people.rules.parents import Child, last_day, must_agree
from omzien.people.rules.roles import Actor, Scope

ANSWER_DAYS = 30
A_DAY, MOST_ASKED_A_DAY = timedelta(days=1), 10
BY_LAW = frozenset(
    {
        Mandate.Kind.MENTOR,
        Mandate.Kind.CURATOR,
        Mandate.Kind.ADMINISTRATOR,
        Mandate.Kind.PARENT,
    }
)


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """Whom a resident wants to speak for them, how to reach them, and what they may do.

    `child` is the resident, where a parent speaks for them; it is asked and not kept.
    """

    name: str
    email: str
    what: Iterable[str]
    ends_on: date | None = None
    child: Child | None = None


@transaction.atomic
def invite_proxy(*, resident: Person, proxy: Proxy, by: Actor, now: datetime) -> MandateInvitation:
    """Ask somebody to speak for a resident; nothing may be done until they say yes.

    Each is a mail to an address of choice, and so there is an end to them in one day, also of
    those that were taken back.

    Raises NotAllowed, AskedEnough, NeedsRecipient, WrongDates, AlreadyHas.
    """
    if Scope.OWN not in by.may("mandate.give") or by.person != resident.pk or by.membership:
        raise NotAllowed
    lately = MandateInvitation.objects.filter(resident=resident, created_at__gt=now - A_DAY)
    if lately.count() >= MOST_ASKED_A_DAY:
        raise AskedEnough
    return _invite(resident, proxy, by, now, kind=Mandate.Kind.MANDATE)


@transaction.atomic
def record_legal_proxy(
    *,
    resident: Person,
    proxy: Proxy,
    kind: Mandate.Kind,
    evidence: Mandate.Evidence,
    by: Actor,
    now: datetime,
) -> MandateInvitation:
    """Record who speaks for a resident by law, and which paper was looked at; no copy is kept.

    Whoever calls has asked whether the resident is somebody of the own team. What a parent may
    do ends by itself at the next birthday that changes it (rules/parents.py). An administrator
    (bewindvoerder) looks and talks along where a question is about money alone; to act is about
    the resident as a whole, as who may know what, and not theirs.
    Raises NotAllowed, NeedsReason without a paper, WrongPaper, NeedsRecipient, WrongDates,
    AlreadyHas, OwnAddress; of a parent NeedsBirthday, WrongBirthday, NeedsChild, SpeaksAlone; of an
    administrator MoneyOnly.
    """
    if not by.may("mandate.record") or by.person == resident.pk:
        raise NotAllowed
    mine = Person.objects.filter(selves(by.person, "pk"))
    address = Q(email__iexact=proxy.email.strip()) | Q(account__email__iexact=proxy.email.strip())
    if proxy.email.strip() and mine.filter(address).exists():
        raise OwnAddress
    if kind not in BY_LAW or not evidence:
        raise NeedsReason
    if kind == Mandate.Kind.ADMINISTRATOR and Mandate.What.ACT in set(proxy.what):
        raise MoneyOnly
    if evidence == Mandate.Evidence.PASSPORT and kind != Mandate.Kind.PARENT:
        raise WrongPaper
    if kind == Mandate.Kind.PARENT:
        proxy = replace(proxy, ends_on=_parent_until(proxy, on=timezone.localdate(now)))
    more = {"evidence": evidence, "recorded_by": by.key}
    return _invite(resident, proxy, by, now, kind=kind, **more)


@transaction.atomic
def accept_proxy(*, invitation: MandateInvitation, by: Actor, now: datetime) -> Mandate:
    """Say yes to speaking for somebody, signed in with the address that was asked.

    What the resident gave before ends in the same moment: the new one says what holds now. Of one
    by law only another by law takes the place, and one that is suspended stays so; but what the
    resident gives is more than one for money alone, and takes its place.
    Raises NotAllowed, AlreadyEnded, AlreadyHas.
    """
    row = _asked_of(invitation, by, now)
    assert by.person is not None
    today = timezone.localdate(now)
    pair = {"resident": row.resident, "proxy_id": by.person}
    gives_way = Q(suspended_at=None)
    if row.kind not in BY_LAW:
        gives_way &= ~Q(kind__in=BY_LAW - {Mandate.Kind.ADMINISTRATOR})
    elif row.kind == Mandate.Kind.ADMINISTRATOR:
        gives_way &= Q(kind=Mandate.Kind.ADMINISTRATOR)
    before = Mandate.objects.filter(**pair, revoked_at=None)
    over = before.filter(gives_way | Q(ends_on__lt=today))
    for key in list(over.values_list("pk", flat=True)):
        note_ended("mandate", key, row.municipality_id)
    over.update(revoked_at=now)
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                municipality_id=row.municipality_id,
                **pair,
                kind=row.kind,
                what=row.what,
                evidence=row.evidence,
                recorded_by=row.recorded_by,
                starts_on=today,
                ends_on=row.ends_on,
                confirmed_at=now,
            )
    except IntegrityError:
        raise AlreadyHas from None
    _end(row, now)
    _record("mandate-begin", mandate, by, kind=row.kind)
    return mandate


@transaction.atomic
def refuse_proxy(*, invitation: MandateInvitation, by: Actor, now: datetime) -> None:
    """Say no to speaking for somebody. Raises NotAllowed, AlreadyEnded."""
    row = _asked_of(invitation, by, now)
    _end(row, now)
    _record("mandate-refuse", row, by)


@transaction.atomic
def take_back_invitation(*, invitation: MandateInvitation, by: Actor, now: datetime) -> None:
    """Take the question back before it was answered. Raises NotAllowed, AlreadyEnded."""
    row = MandateInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if Scope.OWN not in by.may("mandate.give") or by.person != row.resident_id:
        raise NotAllowed
    if row.kind in BY_LAW:
        raise NotAllowed
    _take_back(row, by, now)


@transaction.atomic
def take_back_legal(*, invitation: MandateInvitation, by: Actor, now: datetime) -> None:
    """Take back what was recorded by mistake of who speaks by law, before it was answered.

    Whoever calls has asked whether the resident is somebody of the own team.
    Raises NotAllowed, AlreadyEnded.
    """
    row = MandateInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not by.may("mandate.record") or by.person == row.resident_id or row.kind not in BY_LAW:
        raise NotAllowed
    _take_back(row, by, now)


def _take_back(row: MandateInvitation, by: Actor, now: datetime) -> None:
    if row.ended_at:
        raise AlreadyEnded
    _end(row, now)
    _record("mandate-take-back", row, by)


@transaction.atomic
def end_mandate(*, mandate: Mandate, by: Actor, now: datetime) -> Mandate:
    """End a mandate: the resident, or who has it; the next request of the proxy is denied.

    Raises NotAllowed, also for a resident who wants to end one by law; AlreadyEnded.
    """
    row = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    is_given = by.person == row.resident_id and Scope.OWN in by.may("mandate.give")
    is_held = by.person == row.proxy_id and by.membership is None
    if not (is_held or (is_given and row.kind not in BY_LAW)):
        raise NotAllowed
    if row.revoked_at:
        raise AlreadyEnded
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    note_ended("mandate", row.pk, row.municipality_id)
    _record("mandate-end", row, by)
    return row


@transaction.atomic
def suspend_mandate(*, mandate: Mandate, is_on: bool, by: Actor, now: datetime) -> Mandate:
    """Suspend a mandate while resident and proxy are in conflict, or let it hold again.

    Whoever calls has asked whether the resident is somebody of the own team.
    Raises NotAllowed, WrongMove.
    """
    row = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if not by.may("mandate.suspend") or by.person in (row.resident_id, row.proxy_id):
        raise NotAllowed
    if row.revoked_at or bool(row.suspended_at) == is_on:
        raise WrongMove
    row.suspended_at = now if is_on else None
    row.save(update_fields=["suspended_at"])
    if is_on:
        note_ended("suspended", row.pk, row.municipality_id)
    _record("mandate-suspend" if is_on else "mandate-resume", row, by)
    return row


def suspend_all(*, resident: UUID, by: Actor, now: datetime) -> None:
    """Suspend what a resident who died let others do, inside the caller's transaction, which
    asked whether `by` may say so. Who was asked to speak for them is asked no more.
    """
    rows = Mandate.objects.select_for_update(of=("self",)).order_by("pk")
    for row in rows.filter(resident=resident, revoked_at=None, suspended_at=None):
        row.suspended_at = now
        row.save(update_fields=["suspended_at"])
        _record("mandate-suspend", row, by)
    MandateInvitation.objects.filter(resident=resident, ended_at=None).update(ended_at=now)


def resume_all(*, resident: UUID, since: datetime, by: Actor) -> None:
    """Let what `suspend_all` suspended at a moment hold again: the resident lives."""
    rows = Mandate.objects.select_for_update(of=("self",)).order_by("pk")
    for row in rows.filter(resident=resident, revoked_at=None, suspended_at=since):
        row.suspended_at = None
        row.save(update_fields=["suspended_at"])
        _record("mandate-resume", row, by)


def _invite(
    resident: Person, proxy: Proxy, by: Actor, now: datetime, *, kind: Mandate.Kind, **more: str
) -> MandateInvitation:
    name, email = one_line(proxy.name, 120), proxy.email.strip().casefold()
    what = [one for one in Mandate.What if one in set(proxy.what)]
    if not (name and email and what):
        raise NeedsRecipient
    today = timezone.localdate(now)
    if proxy.ends_on and proxy.ends_on < today:
        raise WrongDates
    late = MandateInvitation.objects.filter(resident=resident, answer_by__lt=today, ended_at=None)
    late.update(ended_at=now)
    try:
        with transaction.atomic():
            row = MandateInvitation.objects.create(
                municipality_id=resident.municipality_id,
                resident=resident,
                name=name,
                email=email,
                kind=kind,
                what=what,
                ends_on=proxy.ends_on,
                created_at=now,
                answer_by=today + timedelta(days=ANSWER_DAYS),
                **more,
            )
    except IntegrityError:
        raise AlreadyHas from None
    _record("mandate-ask", row, by, kind=kind)
    return row


def _parent_until(proxy: Proxy, *, on: date) -> date:
    """Return the last day of what a parent may do.

    Raises NeedsBirthday, WrongBirthday, NeedsChild, SpeaksAlone.
    """
    child = proxy.child
    if child is None:
        raise NeedsBirthday
    if child.born_on > on:
        raise WrongBirthday
    last = last_day(child, on=on)
    if last is None:
        raise SpeaksAlone
    if must_agree(child, on=on) and not child.agrees:
        raise NeedsChild
    return min(proxy.ends_on or last, last)


def _asked_of(invitation: MandateInvitation, by: Actor, now: datetime) -> MandateInvitation:
    """Lock an invitation that waits for this person. Raises NotAllowed, AlreadyEnded."""
    rows = MandateInvitation.objects.select_for_update(of=("self",))
    row = rows.select_related("resident").get(pk=invitation.pk)
    if by.person == row.resident_id or row.recorded_by in keys_of(by):
        raise NotAllowed  # who wrote it down is not who it is about
    if not MandateInvitation.objects.visible_to(by).filter(pk=row.pk).exists():
        raise NotAllowed
    today = timezone.localdate(now)
    if row.ended_at or row.answer_by < today or (row.ends_on and row.ends_on < today):
        raise AlreadyEnded
    return row


def _end(row: MandateInvitation, now: datetime) -> None:
    row.ended_at = now
    row.save(update_fields=["ended_at"])


def _record(verb: str, row: Mandate | MandateInvitation, by: Actor, **details: str) -> None:
    record(
        verb=verb,
        subject="mandate",
        subject_id=row.pk,
        by=by.key,
        municipality=row.municipality_id,
        **{name: str(value) for name, value in details.items()},
    )
