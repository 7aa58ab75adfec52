"""Writing rows cheaply: inserting by one plain statement, and updating only what changed.

For what nearly every step writes. Django builds and compiles an INSERT anew each time, which
costs more than the insert, and an UPDATE of a whole row costs for each of its columns.
"""

import copy
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)


def insert(rows: Sequence[Model], *, once: bool = False) -> None:
    """Insert rows of one model in one statement; `once` skips those that are there already.

    For models without signals and arrays; no key comes back.
    """
    if not rows:
        return
    model, database = type(rows[0]), connections[DEFAULT_DB_ALIAS]
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), database)
        for row in rows
        for field in _fields(model)
    ]
    with database.cursor() as cursor:
        cursor.execute(_text(model, len(rows), once=once), values)


def remembered(row: Row) -> Row:
    """Remember in a row, just read under a lock, how it was; return it."""
    values = _values(row).items()
    row.as_read = {  # type: ignore[attr-defined]
        name: copy.deepcopy(value) if isinstance(value, list | dict) else value
        for name, value in values
    }
    return row


def write_changes(row: Model) -> None:
    """Write what changed in a row since it was `remembered`; of any other row the whole."""
    before, now = getattr(row, "as_read", None), _values(row)
    if before is None:
        row.save()
    elif changed := [name for name, value in now.items() if value != before[name]]:
        row.save(update_fields=changed)
        remembered(row)


def _values(row: Model) -> dict[str, Any]:
    names = [one.attname for one in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in names}


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> list["Field[Any, Any]"]:
    return [field for field in model._meta.concrete_fields if not field.db_returning]


@lru_cache(maxsize=64)
def _text(model: type[Model], count: int, *, once: bool) -> str:
    name = connection.ops.quote_name
    table, columns = name(model._meta.db_table), [name(str(one.column)) for one in _fields(model)]
    row = f"({', '.join(['%s'] * len(columns))})"
    text = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608  # nosec B608 # names of our own models
    return f"{text} ON CONFLICT DO NOTHING" if once else text
