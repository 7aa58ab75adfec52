"""The ledger of what was erased: a hash of the random key, a day and the rule. Nobody's data.

A backup that is put back is older than the ledger, so a copy of it lives in a file beside the
database (setting OMZIEN_LEDGER): `omzien restore` erases again what stands in it.
"""

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from omzien.areas.models import Municipality
from omzien.journal.isolation import current, working_for
from omzien.people.ledger_file import Entry, hash_of, write_lines
from omzien.people.models import Tombstone

log = logging.getLogger(__name__)


class BadLedger(ValueError):
    """A file is no ledger; the message names the line."""


@dataclass(frozen=True)
class Entry:
    """One line of the ledger."""

    municipality: str
    kind: str
    key_hash: str
    erased_on: str
        wait_for_erasing()
    rule: str
    batch: str


def hash_of(kind: str, key: object) -> str:
    """Return what the ledger keeps of a random key; from it the key cannot be found."""
    return hashlib.sha256(f"omzien:{kind}:{key}".encode()).hexdigest()

def wait_for_erasing() -> None:
    """Wait for who erases or holds in this municipality, and keep others waiting until the
    transaction ends: what a hold says that stays, stays.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"erase:{current()}"]
        )



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
        _allow("on")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                _allow("")


def _allow(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('omzien.erasing', %s, true)", [value])


def entries() -> list[Entry]:
    """Return the whole ledger of this database."""
    found: list[Entry] = []
    for code in Municipality.objects.exclude(host=None).values_list("pk", flat=True):
        with working_for(code):
            found += map(_entry, Tombstone.objects.filter(municipality=code).order_by("erased_on"))
    return found


def write_file(path: Path | None = None) -> int:
    """Add to the file what is in the database and not in the file yet; return how many lines.

    A line that is written twice does no harm. The worker does this each day as well, for a
    process that was killed in between.
    """
    path = path or Path(settings.LEDGER)
    try:
        known = set(read_file(path)) if path.exists() else set()
        new = [entry for entry in entries() if entry not in known]
        if new:
            path.parent.mkdir(parents=True, exist_ok=True)
            _append(path, "".join(json.dumps(asdict(entry)) + "\n" for entry in new))
    except OSError as error:
        log.error("De lijst van wat is gewist kan niet worden geschreven: %s", error.strerror)
        return 0
    return len(new)


def read_file(path: Path) -> list[Entry]:
    """Read a ledger. Raises BadLedger, OSError."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            raise BadLedger(f"{path}, regel {number}: geen regel van deze lijst.") from None
    return found


def remember(lines: Iterable[Entry]) -> int:
    """Put the lines of a file into the database where they are missing; return how many."""
    new = 0
    for line in lines:
        if not Municipality.objects.filter(pk=line.municipality).exists():
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


def _append(path: Path, text: str) -> None:
    # One write at the end of the file: two processes do not mix their lines.
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
