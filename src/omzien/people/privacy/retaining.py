"""Destroying on time: the clock proposes, a policy officer approves, then it is run, once.

A list is the dry run: it holds keys and days, no content. What goes by the clock (mail that was
sent, sessions) is short-lived and has no list. A hold wins always.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.journal.each import on_its_own, one_by_one
from omzien.journal.isolation import working_for
from omzien.people.models import Batch, BatchLine, Person
from omzien.people.privacy.erasing import erase_person, in_the_way
from omzien.people.privacy.holds import is_held
from omzien.people.privacy.ledger import bury, erasing, wait_for_erasing
from omzien.people.privacy.registry import Candidate, say_goodbye, say_it_waits, terms
from omzien.people.queries.mailboxes import named_in
from omzien.people.refusals import IsHeld, NotAllowed, NotYet, StillLive, WrongMove
from omzien.people.rules.retention import KINDS, Kind, Refusal, State, last_day, run_from, state
from omzien.people.rules.roles import SYSTEM, Actor, Role, Scope

ASKED_AT_ONCE = 50  # lines; then it is asked anew what is still due


@dataclass(frozen=True)
class Due:
    """What one kind has now: over its term, of which held, and on a list."""

    kind: Kind
    due: int
    held: int
    listed: int


def overview(*, on: date) -> list[Due]:
    """Count what is due in the municipality at hand; writes nothing (the dry run)."""
    found = []
    for kind in KINDS.values():
        if kind.code not in terms():
            continue
        due = list(terms()[kind.code].due(on))
        held = sum(_is_held(kind.code, one) for one in due)
        waiting = BatchLine.objects.filter(batch__kind=kind.code, state=BatchLine.State.WAITING)
        listed = waiting.exclude(batch__state=Batch.State.DONE).count()
        found.append(Due(kind, len(due), held, listed))
    return found


@transaction.atomic
def propose(*, municipality: Municipality, on: date) -> list[Batch]:
    """Make the lists of what is due and on no list yet; the worker does so each day."""
    made = []
    for kind, term in terms().items():
        open_lists = Batch.objects.filter(municipality=municipality, kind=kind)
        if KINDS[kind].by_clock or open_lists.filter(state=Batch.State.PROPOSED).exists():
            continue
        approved = open_lists.filter(state=Batch.State.APPROVED)
        listed = set(BatchLine.objects.filter(batch__in=approved).values_list("key", flat=True))
        due = [one for one in term.due(on) if one.key not in listed and not _is_held(kind, one)]
        if due:
            made.append(_list(municipality, kind, due, on))
    return made


@transaction.atomic
def request_erasure(*, person: Person, on: date, by: Actor) -> Batch:
    """Ask to be erased (art. 17 AVG): a list of one, that needs no announcement.

    Raises NotAllowed, and WrongMove when the request is there already.
    """
    own = Scope.OWN in by.may("retention.request") and by.person == person.pk
    if not own:
        raise NotAllowed
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if open_request(person.pk):
        raise WrongMove
    municipality = Municipality.objects.get(pk=person.municipality_id)
    return _list(municipality, "request", [Candidate(str(person.pk), on, person.pk)], on, by=by)


@transaction.atomic
def withdraw_request(*, person: Person, by: Actor) -> None:
    """Take the own request to be erased back, as long as it was not run; of it only facts stay.

    Raises NotAllowed, and WrongMove when there is none.
    """
    own = Scope.OWN in by.may("retention.request") and by.person == person.pk
    if not own:
        raise NotAllowed
    batch = open_request(person.pk)
    if batch is None:
        raise WrongMove
    locked = Batch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if locked is None or not locked.is_open_request:
        raise WrongMove
    _record("withdraw", locked, by)
    locked.delete()


def open_request(person: UUID) -> Batch | None:
    """Return the request of a person that was not run yet."""
    rows = Batch.objects.filter(kind="request", lines__key=str(person))
    return rows.open().first()


def waits_for(batch: Batch) -> list[str]:
    """Return in words what an open request of a person waits for; [] for any other list."""
    if not batch.is_open_request:
        return []
    keys = batch.lines.filter(state=BatchLine.State.WAITING).values("person")
    rows = Person.objects.filter(pk__in=keys).select_related("account")
    return [why for person in rows for why in in_the_way(person)]


def refused_request(person: UUID) -> Batch | None:
    """Return the last request of a person that was refused."""
    rows = Batch.objects.filter(kind="request", lines__key=str(person))
    return rows.filter(state=Batch.State.REFUSED).order_by("-proposed_on").first()


@transaction.atomic
def approve(*, batch: Batch, by: Actor) -> Batch:
    """Approve a list without seeing content; no request of oneself or of who is close.

    Raises NotAllowed, WrongMove.
    """
    if not Batch.objects.decided_by(by).filter(pk=batch.pk).exists():
        raise NotAllowed
    locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.state != Batch.State.PROPOSED:
        raise WrongMove
    locked.state = Batch.State.APPROVED
    locked.approved_by, locked.approved_at = by.key, timezone.now()
    locked.save(update_fields=["state", "approved_by", "approved_at"])
    _record("approve", locked, by)
    return locked


def who_decide(batch: Batch, *, on: date) -> list[str]:
    """Return the names of who may decide on a request now: maybe nobody."""
    about = batch.persons()
    return named_in(Role.POLICY_OFFICER, batch.municipality_id, on=on, about=about)


@transaction.atomic
def refuse(*, batch: Batch, because: Refusal, by: Actor) -> Batch:
    """Refuse a request to be erased, with a reason; none of oneself or of who is close. What is
    over its term is never refused: who needs that longer holds it. Raises NotAllowed, WrongMove.
    """
    if not Batch.objects.decided_by(by).filter(pk=batch.pk).exists():
        raise NotAllowed
    locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.state != Batch.State.PROPOSED or locked.kind != "request":
        raise WrongMove
    locked.state, locked.refused_because = Batch.State.REFUSED, because.value
    locked.save(update_fields=["state", "refused_because"])
    locked.lines.update(state=BatchLine.State.KEPT)
    _record("refuse", locked, by, because=because.value)
    return locked


def run(*, batch: Batch, on: date, by: Actor, most: int | None = None) -> int:
    """Destroy what stands on an approved list; return how many things went now.

    Each line is a transaction of its own, or a part of the one that is open: a line that goes
    wrong is logged, waits and stops no other, and who is stopped halfway goes on where it was.
    Each is asked anew: what is held is skipped, and what is not due any more stays. `most` is how
    many lines are tried at most. Raises NotAllowed, NotYet.
    """
    if not (by.may_all("retention.run") or by.machine):
        raise NotAllowed
    code = batch.municipality_id
    with working_for(code):
        now = Batch.objects.get(pk=batch.pk)
        if now.state == Batch.State.DONE:
            return 0
        if now.state != Batch.State.APPROVED or on < now.run_from:
            raise NotYet
        waiting = list(_waiting(now).order_by("last_day", "pk")[:most])
    gone = 0
    for start in range(0, len(waiting), ASKED_AT_ONCE):
        part = waiting[start : start + ASKED_AT_ONCE]
        with working_for(code):
            do = partial(_run_line, still_due=_still_due(now, on), on=on, by=by)
        gone += one_by_one(code, f"retention {now.kind}", part, do)
    with working_for(code):
        _finish(now, by)
    return gone


def run_approved(*, municipality: Municipality, on: date) -> int:
    """Run all approved lists whose announcement is over; the worker does so each day."""
    with working_for(municipality.code):
        ready = list(Batch.objects.filter(municipality=municipality).ready(on=on))
    gone = 0
    for batch in ready:
        with on_its_own(f"{municipality.code}, retention, {batch.pk}"):
            gone += run(batch=batch, on=on, by=SYSTEM)
    return gone


def by_clock(*, municipality: Municipality, on: date) -> int:
    """Destroy what goes without a list; return how many things. A hold wins here too."""
    gone = 0
    for kind in terms():
        if KINDS[kind].by_clock:
            with on_its_own(f"{municipality.code}, retention, {kind}"):
                gone += _destroy_due(municipality.code, kind, on)
    return gone


def _destroy_due(municipality: str, kind: str, on: date) -> int:
    with working_for(municipality):
        due = {one.key: one for one in terms()[kind].due(on)}
    gone = one_by_one(
        municipality, f"retention {kind}", due, lambda key: _destroy_by_clock(kind, due[key], on)
    )
    if gone:
        with working_for(municipality):
            record(verb="destroy", subject=kind, subject_id="", by="system",
                   municipality=municipality, rows=gone)  # fmt: skip
    return gone


def _destroy_by_clock(kind: str, one: Candidate, on: date) -> int:
    with erasing():
        is_over = state(kind, one.start, on=on, is_held=_is_held(kind, one)) == State.DESTROYED
        gone = int(is_over and bool(terms()[kind].destroy(one.key)))
        connection.check_constraints()  # what the database asks at the end only goes wrong here
    return gone


def _list(
    municipality: Municipality,
    kind: str,
    due: Iterable[Candidate],
    on: date,
    by: Actor = SYSTEM,
) -> Batch:
    batch = Batch.objects.create(
        municipality=municipality, kind=kind, proposed_on=on, run_from=run_from(kind, on)
    )
    BatchLine.objects.bulk_create(
        BatchLine(
            municipality=municipality,
            batch=batch,
            key=one.key,
            person=one.person,
            last_day=last_day(kind, one.start),
        )
        for one in due
    )
    _record("propose", batch, by)
    return batch


def _still_due(batch: Batch, on: date) -> set[str]:
    if batch.kind == "request":
        return set(batch.lines.values_list("key", flat=True))
    return {one.key for one in terms()[batch.kind].due(on)}


def _waiting(batch: Batch) -> QuerySet[BatchLine]:
    return batch.lines.filter(state=BatchLine.State.WAITING)


def _run_line(line: BatchLine, still_due: set[str], on: date, by: Actor) -> int:
    """Do one line of a list, unless somebody did so meanwhile, or took the list back."""
    wait_for_erasing()  # it is asked whether it is held
    batch = Batch.objects.select_for_update(of=("self",)).filter(pk=line.batch_id).first()
    if batch is None or not _waiting(batch).filter(pk=line.pk).exists():
        return 0
    line.state = _outcome(batch, line, still_due, on, by)
    line.save(update_fields=["state"])
    connection.check_constraints()  # what the database asks at the end only goes wrong here
    return int(line.state == BatchLine.State.DESTROYED)


def _finish(batch: Batch, by: Actor) -> None:
    """Count what a list destroyed; it is done when no line waits."""
    locked = Batch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if locked is None:
        return
    locked.destroyed = locked.lines.filter(state=BatchLine.State.DESTROYED).count()
    locked.state = Batch.State.APPROVED if _waiting(locked).exists() else Batch.State.DONE
    locked.run_by, locked.run_at = by.key, timezone.now()
    locked.save(update_fields=["state", "run_by", "run_at", "destroyed"])
    _record("run", locked, by, destroyed=locked.destroyed)


def _outcome(
    batch: Batch, line: BatchLine, still_due: set[str], on: date, by: Actor
) -> BatchLine.State:
    is_held = _is_held(batch.kind, Candidate(line.key, line.last_day, line.person))
    if not is_held and line.key not in still_due:
        return BatchLine.State.KEPT
    try:
        if is_held:
            raise IsHeld
        _destroy(batch, line, on, by)
    except (IsHeld, StillLive):
        if batch.kind != "request":
            return BatchLine.State.HELD  # comes on a later list
        say_it_waits(Person.objects.get(pk=line.key), batch=batch.pk, on=on)
        return BatchLine.State.WAITING
    return BatchLine.State.DESTROYED


@transaction.atomic  # what is refused halfway must not have said goodbye
def _destroy(batch: Batch, line: BatchLine, on: date, by: Actor) -> None:
    if batch.kind in ("request", "person"):
        person = Person.objects.filter(pk=line.key).first()
        if person is not None:
            if batch.kind == "request":
                say_goodbye(person)  # the address is gone afterwards
            erase_person(person=person, reason=batch.kind, on=on, by=by, batch=batch.pk)
        return
    with erasing():
        terms()[batch.kind].destroy(line.key)
        bury(
            municipality=batch.municipality_id,
            kind=batch.kind,
            key=line.key,
            rule=batch.kind,
            on=on,
            batch=batch.pk,
        )


def _is_held(kind: str, one: Candidate) -> bool:
    return is_held(kind, one.key, person=one.person)


def _record(verb: str, batch: Batch, by: Actor, **details: Any) -> None:
    record(
        verb=f"retention-{verb}",
        subject="batch",
        subject_id=batch.pk,
        by=by.key,
        municipality=batch.municipality_id,
        kind=batch.kind,
        **details,
    )
