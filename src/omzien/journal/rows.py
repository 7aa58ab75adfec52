"""Writing rows cheaply: inserting by one plain statement, and updating only what changed.

For what nearly every step writes. Django builds and compiles an INSERT anew each time, which
costs more than the insert, and an UPDATE of a whole row costs for each of its columns.
"""

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, ForeignKey, Model

Row = TypeVar("Row", bound=Model)
PLACE = re.compile(
    "%%|%s"
)  # where a value goes into a text of Django's; or a sign that is no place

# What a field of Django's hands to PostgreSQL unchanged.
OWN_TYPE = {
    "BooleanField": bool,
    "CharField": str,
    "DateField": date,
    "EmailField": str,
    "IntegerField": int,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
    "SmallIntegerField": int,
    "TextField": str,
    "UUIDField": UUID,
}


class _Prepared(psycopg.RawCursor[Any]):
    def execute(self, query: Any, params: Any = None, **_more: Any) -> "_Prepared":
        # Only for this statement: psycopg would else remember the text of every other one, with
        # the words of people in it.
        self.connection.prepare_threshold = 0
        text = query if params is None else _numbered(query)
        try:
            return super().execute(text, params, prepare=True)
        finally:
            self.connection.prepare_threshold = None
            self._query: Any = _Asked(self.connection, query, params)


@lru_cache(maxsize=4096)
def _numbered(text: str) -> str:
    """Return a text with the places as PostgreSQL writes them: psycopg reads a long one anew each
    time to find them.
    """
    numbers = count(1)
    return PLACE.sub(lambda one: "%" if one[0] == "%%" else f"${next(numbers)}", text)


@dataclass(frozen=True)
class _Asked:
    """What a statement asked, for who captures queries: Django reads it from the cursor."""

    connection: psycopg.Connection[Any]
    text: str
    values: Any

    @property
    def query(self) -> bytes:
        """Return the statement with its values, written only where somebody reads it."""
        return psycopg.ClientCursor(self.connection).mogrify(self.text, self.values).encode()


@contextmanager
def prepared(using: str = DEFAULT_DB_ALIAS) -> Iterator[CursorWrapper]:
    """Give a cursor that lets PostgreSQL plan a text once per connection, and not each time.

    For texts that are kept and come back. With OMZIEN_KEPT_PLANS=0 it plans each time.
    """
    database = connections[using]
    if not settings.KEPT_PLANS:
        with database.cursor() as cursor:
            yield cursor
        return
    database.close_if_health_check_failed()
    database.ensure_connection()
    # As Django's `cursor()` does, with another class of cursor.
    with database._prepare_cursor(_Prepared(database.connection)) as cursor:  # type: ignore[attr-defined]
        yield cursor


def insert(rows: Sequence[Model], *, once: bool = False) -> None:
    """Insert rows of one model in one statement; `once` skips those that are there already.

    For models without signals; no key comes back.
    """
    if not rows:
        return
    model = type(rows[0])
    values = [value for row in rows for value in _values(_fields(model), row, add=True)]
    _execute(_inserting(model, len(rows), once=once), values)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def remembered(row: Row) -> Row:
    """Remember in a row, just read under a lock, how it was; return it."""
    values = {field.attname: getattr(row, field.attname) for field in _fields(type(row))}
    row.as_read = {  # type: ignore[attr-defined]
        name: copy.deepcopy(value) if isinstance(value, list | dict) else value
        for name, value in values.items()
    }
    return row


def write_changes(row: Model) -> None:
    """Write what changed in a row since it was `remembered`, or insert a new one.

    Any other row is saved as a whole. Raises DatabaseError when the row is gone.
    """
    before = getattr(row, "as_read", None)
    if row._state.adding:
        insert([row])
    elif before is None:
        row.save()
    else:
        fields = _fields(type(row))
        changed = tuple(one for one in fields if getattr(row, one.attname) != before[one.attname])
        values = _values(changed, row, add=False)
        if changed and _execute(_updating(type(row), changed), [*values, row.pk]) != 1:
            raise DatabaseError("the row that changed is not there any more")
    remembered(row)


def _execute(text: str, values: list[Any]) -> int:
    with prepared() as cursor:
        cursor.execute(text, values)
        return int(cursor.rowcount)


def _values(fields: Iterable["Field[Any, Any]"], row: Model, *, add: bool) -> list[Any]:
    """Return what PostgreSQL gets of fields. What is of the field's own type goes as it is."""
    database = connections[DEFAULT_DB_ALIAS]
    found = [(field, field.pre_save(row, add)) for field in fields]
    return [
        value
        if value is None or type(value) is _own_type(field)
        else field.get_db_prep_save(value, database)
        for field, value in found
    ]


@cache
def _own_type(field: "Field[Any, Any]") -> type | None:
    while isinstance(field, ForeignKey):
        field = field.target_field
    return OWN_TYPE.get(field.get_internal_type())


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    """Return what is written of a model: all but a key that the database makes."""
    return tuple(field for field in model._meta.concrete_fields if not field.db_returning)


@lru_cache(maxsize=64)
def _inserting(model: type[Model], many: int, *, once: bool) -> str:
    columns = [_name(field.column) for field in _fields(model)]
    row = f"({', '.join(['%s'] * len(columns))})"
    rows = ", ".join([row] * many)
    text = f"INSERT INTO {_name(model._meta.db_table)} ({', '.join(columns)}) VALUES {rows}"  # noqa: S608  # nosec B608 # names of our own models
    return f"{text} ON CONFLICT DO NOTHING" if once else text


@lru_cache(maxsize=256)
def _updating(model: type[Model], fields: tuple["Field[Any, Any]", ...]) -> str:
    changes = ", ".join(f"{_name(field.column)} = %s" for field in fields)
    key = model._meta.pk
    return f"UPDATE {_name(model._meta.db_table)} SET {changes} WHERE {_name(key.column)} = %s"  # noqa: S608  # nosec B608 # names of our own models


def _name(name: str | None) -> str:
    return str(connections[DEFAULT_DB_ALIAS].ops.quote_name(str(name)))
