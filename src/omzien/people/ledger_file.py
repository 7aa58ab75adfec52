"""The file of the ledger, beside the database: what was erased, and what ended (privacy/ended.py).

It holds hashes of random keys, days and rules, and nobody's data.
"""

import hashlib
import json
import logging
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

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
    rule: str
    batch: str


def hash_of(kind: str, key: object) -> str:
    """Return what the ledger keeps of a random key; from it the key cannot be found."""
    return hashlib.sha256(f"omzien:{kind}:{key}".encode()).hexdigest()


def ended(kind: str, key: object, municipality: str) -> Entry:
    """Return the line of a thing that ended; `kind` is one of privacy/ended.py."""
    name = f"ended-{kind}"
    return Entry(municipality, name, hash_of(name, key), erased_on="", rule="ended", batch="")


def note_ended(kind: str, key: object, municipality: str) -> None:
    """Write in the file that a thing ended, once that is committed."""
    transaction.on_commit(partial(append, [ended(kind, key, municipality)]), robust=True)


def write_lines(lines: Iterable[Entry], path: Path | None = None) -> int:
    """Add these lines to the file, but for those that are there; return how many were new."""
    path = path or Path(settings.LEDGER)
    try:
        known = set(read_file(path)) if path.exists() else set()
    except OSError as error:
        return _failed(error)
    return append([entry for entry in lines if entry not in known], path)


def append(lines: list[Entry], path: Path | None = None) -> int:
    """Add lines to the end of the file; return how many."""
    path = path or Path(settings.LEDGER)
    try:
        if lines:
            path.parent.mkdir(parents=True, exist_ok=True)
            _append(path, "".join(json.dumps(asdict(entry)) + "\n" for entry in lines))
    except OSError as error:
        return _failed(error)
    return len(lines)


def _failed(error: OSError) -> int:
    log.error("De lijst van wat is gewist kan niet worden geschreven: %s", error.strerror)
    return 0


def read_file(path: Path) -> list[Entry]:
    """Read a ledger. Raises BadLedger, OSError."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            raise BadLedger(f"{path}, regel {number}: geen regel van deze lijst.") from None
    return found


def _append(path: Path, text: str) -> None:
    # One write at the end of the file: two processes do not mix their lines.
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
