"""Writing many rows fast: COPY into a temporary table, then one INSERT ... SELECT.

COPY straight into our tables is not possible: PostgreSQL refuses it where row-level
security holds, and the INSERT is what the wall between municipalities checks.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import AutoField, JSONField, Model
from django.utils import timezone

Row = tuple[Any, ...]


class Staging:
    """Rows on their way into one table."""

    def __init__(
        self,
        model: type[Model],
        *,
        conflict: str = "",
        keep: Sequence[str] = (),
        own: Sequence[str] = (),
    ) -> None:
        """Stage rows for the table of `model`.

        `conflict` names the unique columns of an upsert; the columns of `keep` stay as
        they were in a row that exists; `own` are SQL assignments that replace the plain one.
        """
        fields = [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]
        self.columns = [str(f.column) for f in fields]
        self._names = [f.attname for f in fields]
        self._json = [i for i, f in enumerate(fields) if isinstance(f, JSONField)]
        self._auto = {f.attname for f in fields if _is_auto(f)}
        self._get = attrgetter(*self._names)
        self._table = model._meta.db_table
        self._stage = f"stage_{self._table}"
        self._conflict = conflict
        self._keep = {*keep}
        self._own = list(own)
        self._is_open = False

    def values(self, thing: Model) -> Row:
        """Return a model instance as a row, JSON still as objects or as ready text."""
        return tuple(self._get(thing))

    def add(self, things: Iterable[Model]) -> None:
        """Copy instances into the temporary table."""
        now = timezone.now()
        for_auto: Callable[[Model], None] = lambda thing: None  # noqa: E731
        if self._auto:
            for_auto = self._stamp(now)
        rows = []
        for thing in things:
            for_auto(thing)
            rows.append(self.values(thing))
        self.add_rows(rows)

    def _stamp(self, now: Any) -> Callable[[Model], None]:
        names = tuple(self._auto)

        def stamp(thing: Model) -> None:
            for name in names:
                if name != "created_at" or getattr(thing, name) is None:
                    setattr(thing, name, now)

        return stamp

    def add_rows(self, rows: Sequence[Row]) -> None:
        """Copy rows (in the order of `columns`) into the temporary table."""
        if not rows:
            return
        names = ", ".join(self.columns)
        with connection.cursor() as cursor:
            if not self._is_open:
                cursor.execute(f"DROP TABLE IF EXISTS {self._stage}")
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {self._stage} ON COMMIT DROP AS"  # noqa: S608  # nosec B608 # only names of our models
                    f" SELECT {names} FROM {self._table} WITH NO DATA"
                )
                self._is_open = True
            with cursor.copy(f"COPY {self._stage} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(self._adapted(row) if self._json else row)

    def _adapted(self, row: Row) -> list[Any]:
        adapted = list(row)
        for at in self._json:
            if not isinstance(adapted[at], str):
                adapted[at] = json.dumps(adapted[at], default=str)
        return adapted

    def finish(self) -> None:
        """Move what was staged into the table."""
        if not self._is_open:
            return
        names = ", ".join(self.columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self._table} ({names}) SELECT {names} FROM {self._stage}"  # noqa: S608  # nosec B608 # only names of our models
                f"{self._on_conflict()}"
            )
            cursor.execute(f"DROP TABLE {self._stage}")
        self._is_open = False

    def _on_conflict(self) -> str:
        if not self._conflict:
            return " ON CONFLICT DO NOTHING"
        keys = {*self._conflict.replace(" ", "").split(",")}
        assigned = [
            f"{column} = excluded.{column}"
            for column in self.columns
            if column not in keys | self._keep
        ]
        return f" ON CONFLICT ({self._conflict}) DO UPDATE SET {', '.join(assigned + self._own)}"  # nosec B608 # only names of our models


def _is_auto(column: Any) -> bool:
    return bool(getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False))
