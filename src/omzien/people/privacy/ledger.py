"""The ledger of what was erased or ended: a hash of the random key, a day and the rule. Nobody's.

A backup that is put back is older than the ledger, so a copy of it lives in a file beside the
database (setting OMZIEN_LEDGER): `omzien restore` erases again what stands in it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from omzien.areas.models import Municipality
from omzien.journal.isolation import current, working_for
from omzien.people.ledger_file import Entry, hash_of, write_lines
from omzien.people.models import Tombstone


def bury(
    *, municipality: str, kind: str, key: object, rule: str, on: date, batch: UUID | None = None
) -> None:
    """Write a tombstone in the transaction that erases, and into the file once that is done."""
    Tombstone.objects.get_or_create(
        municipality_id=municipality,
        kind=kind,
        key_hash=hash_of(kind, key),
        defaults={"erased_on": on, "rule": rule, "batch": batch},
    )
    transaction.on_commit(write_file, robust=True)


@contextmanager
def erasing() -> Iterator[None]:
    """Let this transaction remove rows that are otherwise only added (the database asks).

    No hold is placed while it lasts.
    """
    with transaction.atomic():
        wait_for_erasing()
        _allow("on")
        yield
        if not connection.needs_rollback:  # after an error the rollback takes it away
            _allow("")


def wait_for_erasing() -> None:
    """Wait for who erases or holds in this municipality, and keep others waiting until the
    transaction ends: what a hold says that stays, stays.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"erase:{current()}"]
        )


def _allow(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('omzien.erasing', %s, true)", [value])


def entries() -> list[Entry]:
    """Return the whole ledger of this database."""
    found: list[Entry] = []
    for code in Municipality.objects.exclude(host=None).values_list("pk", flat=True):
        with working_for(code):
            found += map(
                _entry, Tombstone.objects.filter(municipality=code).order_by("erased_on", "pk")
            )
    return found


def write_file(path: Path | None = None) -> int:
    """Add to the file what is in the database and not in the file yet; return how many lines.

    A line that is written twice does no harm. The worker does this each day as well, for a
    process that was killed in between.
    """
    return write_lines(entries(), path)


def remember(lines: Iterable[Entry]) -> int:
    """Put the lines of what was erased into the database where they are missing; return how many.

    What only ended (ended.py) shows in its own row.
    """
    new = 0
    for line in lines:
        if not line.erased_on or not Municipality.objects.filter(pk=line.municipality).exists():
            continue
        with working_for(line.municipality):
            _tombstone, is_new = Tombstone.objects.get_or_create(
                municipality_id=line.municipality,
                kind=line.kind,
                key_hash=line.key_hash,
                defaults={
                    "erased_on": date.fromisoformat(line.erased_on),
                    "rule": line.rule,
                    "batch": UUID(line.batch) if line.batch else None,
                },
            )
        new += is_new
    return new


def _entry(one: Tombstone) -> Entry:
    return Entry(
        municipality=one.municipality_id,
        kind=one.kind,
        key_hash=one.key_hash,
        erased_on=one.erased_on.isoformat(),
        rule=one.rule,
        batch=str(one.batch or ""),
    )
