"""Erasing somebody: every row, file, mail, session and mention; only a random key stays behind."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.journal.isolation import working_for
from omzien.people.ledger_file import Entry, hash_of
from omzien.people.models import Account, BatchLine, Person, Tombstone
from omzien.people.privacy.holds import is_held
from omzien.people.privacy.ledger import bury, erasing, remember
from omzien.people.privacy.registry import Subject, sources, subject_of, terms
from omzien.people.privacy.sweeping import sweep
from omzien.people.queries.same import rows_of_one
from omzien.people.refusals import IsHeld, NotAllowed, StillLive
from omzien.people.rules.roles import Actor


def erase_person(
    *, person: Person, reason: str, on: date, by: Actor, batch: UUID | None = None
) -> int:
    """Erase all about one person in this municipality, also as who turned out to be the same;
    return how many rows that were.

    `reason` is a code, such as "request" or a kind of rules/retention.py. Facts and logs keep
    the random key, which from now on leads to nobody. Raises NotAllowed; IsHeld while a hold
    stands; StillLive while live work stands in the way.
    """
    if not (by.may_all("retention.run") or by.machine):
        raise NotAllowed
    with erasing():
        return sum(
            _erase_one(one.pk, reason=reason, on=on, by=by, batch=batch)
            for one in rows_of_one(person)
        )


def _erase_one(key: UUID, *, reason: str, on: date, by: Actor, batch: UUID | None) -> int:
    locked = Person.objects.select_for_update(of=("self",)).get(pk=key)
    if is_held("person", key):
        raise IsHeld
    subject = subject_of(locked)
    for source in sources():
        if why := source.blocks(subject):
            raise StillLive(why)
    count = _erase(locked, subject)
    code = subject.municipality
    bury(municipality=code, kind="person", key=key, rule=reason, on=on, batch=batch)
    record(verb="erase", subject="person", subject_id=key, by=by.key, municipality=code,
           rows=count, rule=reason)  # fmt: skip
    return count


def in_the_way(person: Person) -> list[str]:
    """Return in words what stands in the way of erasing somebody now: a hold, and live work."""
    held = _("De privacyfunctionaris van de gemeente houdt het wissen nu tegen.")
    ones = rows_of_one(person)
    found = [held] if any(is_held("person", one.pk) for one in ones) else []
    subjects = [subject_of(one) for one in ones]
    return found + [why for one in subjects for source in sources() if (why := source.blocks(one))]


def reapply(lines: Iterable[Entry]) -> int:
    """Erase again, after a restore, all that the ledger holds; return how many things.

    No hold and no approval is asked for: that was done when it was erased the first time.
    """
    remember(lines)
    count = 0
    for municipality in Municipality.objects.exclude(host=None).order_by("code"):
        with working_for(municipality.code), erasing():
            count += _reapply_here(municipality.code)
    return count


def _reapply_here(code: str) -> int:
    count = 0
    for kind, term in terms().items():
        rows = Tombstone.objects.filter(municipality=code, kind=kind)
        gone = set(rows.values_list("key_hash", flat=True))
        if not gone:
            continue
        again = [str(key) for key in term.every_key() if hash_of(kind, key) in gone]
        for key in again:
            (term.again or term.destroy)(key)
        if again:
            record(verb="erase-again", subject=kind, subject_id="", by="system", municipality=code,
                   rows=len(again))  # fmt: skip
        count += len(again)
    return count


def erase_now(key: str) -> int:
    """Erase a person inside a transaction that has asked whether it may: for lists and restores."""
    person = Person.objects.select_for_update(of=("self",)).filter(pk=key).first()
    return _erase(person, subject_of(person)) if person else 0


@transaction.atomic
def _erase(person: Person, subject: Subject) -> int:
    count = sum(source.erase(subject) for source in sources())
    count += sweep(subject.mentions)
    person.delete()
    BatchLine.objects.filter(person=subject.person, state=BatchLine.State.WAITING).update(
        state=BatchLine.State.KEPT
    )
    if subject.account and not subject.shares_account:
        Account.objects.filter(pk=subject.account).delete()
    return count + 1
