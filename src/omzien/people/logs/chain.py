"""Walking a log along its hash chain: is every line still there, unchanged and in its place?

BIO2 8.15.05 and 8.15.06 ask that tampering with logs is found and that this is checked from
time to time. A line's hash is the sha256 of the line before it and its own values
(migration 0010). The walk computes it here again, with nothing of what a database
administrator could have changed: only the rows are read. Who rewrites the whole chain *and*
its head is found by comparing with a head hash that was kept elsewhere.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from omzien.journal.isolation import working_for
from omzien.people.logs.models import LogHead

ZERO = "0" * 64
FETCH = 2000
FARTHEST = 10_000  # so many lines may have been taken out for a renumbering to be recognised

_MICROS = "(extract(epoch FROM {}) * 1000000)::bigint"
# The values of a line's text after its previous hash, municipality and number.
TEXTS = {
    "access": (
        "people_accessline",
        [
            _MICROS.format("at"),
            *("action", "object_kind", "object_id", "result", "channel", "address_hash", "actor"),
            *("role", "organisation", "purpose", "on_behalf_of", "about", "operation_id"),
        ],
    ),
    "processing": (
        "people_processingline",
        [
            *("trace_id", "operation_id", "parent_operation_id", "foreign_trace_id"),
            *("foreign_operation_id", "foreign_entity", "status_code", "name"),
            _MICROS.format("start_time"),
            _MICROS.format("end_time"),
            *("resource", "processing_activity", "data_subject_id", "access_operation_id"),
        ],
    ),
}
LOGS = tuple(TEXTS)


class Damage(StrEnum):
    """What happened to a line."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT_OFF = "cut off"
    HEAD_CHANGED = "head changed"


@dataclass(frozen=True)
class Report:
    """How one log of one municipality is."""

    log: str
    municipality: str
    lines: int
    head: str
    """The hash of the last line, to be kept elsewhere; "" where the log is empty."""
    damage: Damage | None = None
    number: int = 0
    """The first line that is broken."""
    found: frozenset[str] = frozenset()
    """The hashes that were asked after and are in this chain."""


@dataclass(frozen=True)
class _Head:
    number: int
    hash: str
    start: int
    """The last line that went because its term was over; 0 where none did."""
    start_hash: str


@dataclass(frozen=True)
class _Row:
    municipality: str
    number: int
    previous: str
    hash: str
    values: str

    def hash_at(self, number: int) -> str:
        """Return the hash that this line would have with another number."""
        text = f"{self.previous}\n{self.municipality}\n{number}\n{self.values}"
        return hashlib.sha256(text.encode()).hexdigest()

    def written_as(self) -> int | None:
        """Return the number with which this line was written; None where its values changed."""
        for step in range(FARTHEST):
            for number in {self.number + step, self.number - step}:
                if number > 0 and self.hash_at(number) == self.hash:
                    return number
        return None


def check(log: str, municipality: str, *, against: Collection[str] = ()) -> Report:
    """Walk one log of one municipality (CBS code); use the same little memory for any length."""
    with working_for(municipality):
        before = _head(log, municipality)
        start = before.start if before else 0
        last, older, lines = (before.start_hash if before else ZERO), "", start
        found = {last} & set(against)
        for row in _rows(log):
            expected = lines + 1
            if not (
                row.number == expected
                and row.previous == last
                and row.hash_at(expected) == row.hash
            ):
                what, where = _diagnosis(log, row, expected, last, older)
                return Report(log, municipality, lines - start, "", what, where, frozenset(found))
            if before and row.number == before.number and row.hash != before.hash:
                return Report(log, municipality, lines - start, "", Damage.CHANGED, row.number)
            older, last, lines = last, row.hash, expected
            if last in against:
                found.add(last)
        wrong, at = _at_the_end(log, municipality, lines, before)
    head = last if lines else ""
    return Report(log, municipality, lines - start, head, wrong, at, frozenset(found))


def _diagnosis(log: str, row: _Row, expected: int, last: str, older: str) -> tuple[Damage, int]:
    """Tell what happened at the first line that does not follow from the one before.

    `last` and `older` are the hashes of the two lines before. A line whose hash fits its
    values under another number is genuine, and was moved; the line that follows `last` may
    still stand elsewhere.
    """
    genuine = row.written_as()
    follower_elsewhere = _is_elsewhere(log, last, row)
    if row.number < expected:
        return Damage.INSERTED, row.number
    if genuine is None:
        forged = follower_elsewhere and row.number == expected
        gone = row.number > expected and not follower_elsewhere
        kinds = {(True, False): Damage.INSERTED, (False, True): Damage.REMOVED}
        return kinds.get((forged, gone), Damage.CHANGED), expected
    if row.previous == older and genuine == expected - 1:
        return Damage.INSERTED, genuine
    if follower_elsewhere or genuine < expected:
        return Damage.REORDERED, expected
    if genuine > expected:
        return Damage.REMOVED, expected
    # The line itself is as it was written: the one before was rewritten, its hash as well.
    return Damage.CHANGED, max(expected - 1, 1)


def _at_the_end(
    log: str, municipality: str, lines: int, before: _Head | None
) -> tuple[Damage | None, int]:
    """Compare the last line with the head; lines may have been added during the walk."""
    after = _head(log, municipality)
    if before and lines < before.number:
        return Damage.CUT_OFF, lines + 1
    if lines and after is None:
        return Damage.HEAD_CHANGED, lines
    if after and lines > after.number:
        return Damage.INSERTED, after.number + 1
    return None, 0


def _rows(log: str) -> Iterator[_Row]:
    """Yield the lines in order, through a cursor on the server."""
    table, values = TEXTS[log]
    texts = ", ".join(f"{value}::text" for value in values)
    query = (
        "SELECT municipality, number, previous, hash,"  # noqa: S608  # nosec B608 # names of our own
        f" array_to_string(ARRAY[{texts}], E'\\n', '~') FROM {table} ORDER BY number, id"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while chunk := cursor.fetchmany(FETCH):
            for row in chunk:
                yield _Row(*row)


def _is_elsewhere(log: str, previous: str, row: _Row) -> bool:
    """Tell whether another line than `row` says that it follows the line with this hash."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {TEXTS[log][0]} WHERE previous = %s AND hash <> %s LIMIT 1",  # noqa: S608  # nosec B608 # names of our own
            [previous, row.hash],
        )
        return cursor.fetchone() is not None


def _head(log: str, municipality: str) -> _Head | None:
    row = LogHead.objects.filter(municipality=municipality, log=log).first()
    return _Head(row.number, row.hash, row.start_number, row.start_hash) if row else None
