"""Inserting rows by one plain statement, whose text is kept per model.

For what nearly every step writes: facts and mails. Django builds and compiles an INSERT anew each
time, which costs more than the insert. No signals are sent, and no key comes back.
"""

from collections.abc import Sequence
from functools import lru_cache

from django.db import connection
from django.db.models import Model


def insert(rows: Sequence[Model], *, once: bool = False) -> None:
    """Insert rows of one model in one statement; `once` skips those that are there already."""
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if field.db_returning is False]
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(_text(type(rows[0]), len(rows), once), values)


@lru_cache(maxsize=64)
def _text(model: type[Model], count: int, once: bool) -> str:
    name = connection.ops.quote_name
    columns = [field.column for field in model._meta.concrete_fields if field.db_returning is False]
    row = f"({', '.join(['%s'] * len(columns))})"
    return (
        f"INSERT INTO {name(model._meta.db_table)} ({', '.join(map(name, columns))})"  # noqa: S608
        f" VALUES {', '.join([row] * count)}{' ON CONFLICT DO NOTHING' if once else ''}"
    )  # nosec B608 # names of our own models
