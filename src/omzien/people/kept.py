"""Queries that are compiled once: the text is kept, and each use fills in its own values.

    @kept
    def _open_of(question: UUID, day: date) -> QuerySet[Handover]:
        return Handover.objects.open().filter(question=question, due_on__gt=day)

    rows = _open_of(question.pk, today)  # a list

    @kept_change
    def _done(question: UUID, now: datetime) -> Change:
        return Task.objects.filter(question=question), {"done_at": now}

    count = _done(question.pk, now)

To build and compile a query costs Django ten times what PostgreSQL needs to answer it. For what
a step asks at each request in the same form; the gates have `gates.py`, which rests on this.
"""

import copy
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property, lru_cache, wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import QuerySet
from django.db.models.query import ValuesListIterable
from django.db.models.sql import DeleteQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from psycopg.sql import Literal

from omzien.journal.rows import PLACE, prepared

P = ParamSpec("P")
Row = TypeVar("Row")
MOST = 128  # forms of one query
# Two moments that share nothing, as no two made-up keys do: what is the same for both is fixed.
MOMENTS = (datetime(2201, 3, 4, 12, tzinfo=UTC), datetime(2309, 8, 17, 13, tzinfo=UTC))


class HidesValue(Exception):
    """A value would be kept that is not the same for everybody; the message is for its maker."""


@dataclass(frozen=True)
class Place:
    """Where a value goes into a text: how to get it, from who or what asks."""

    of: Callable[[Any], Any]


@dataclass(frozen=True)
class Text:
    """A compiled text, and what goes into it in order."""

    sql: str
    places: tuple[Place, ...]

    def values(self, asker: Any) -> tuple[Any, ...]:
        """Return the parameters for who or what asks; each value is asked once."""
        distinct, order = self._each
        found = [one.of(asker) for one in distinct]
        return tuple([found[number] for number in order])

    @cached_property
    def _each(self) -> tuple[tuple[Place, ...], tuple[int, ...]]:
        numbers = {one: number for number, one in enumerate(dict.fromkeys(self.places))}
        return tuple(numbers), tuple(numbers[one] for one in self.places)


def text_of(name: str, sql: str, values: Sequence[Any], made_up: Mapping[Any, Place]) -> Text:
    """Return what was compiled with made-up values as a text with places.

    Values that are the same for everybody stand in the text. Raises HidesValue.
    """
    places: list[Place] = []
    left = iter(values)

    def put(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        value = next(left)
        if isinstance(value, Hashable) and value in made_up:
            places.append(made_up[value])
            return "%s"
        if isinstance(value, UUID | date):
            raise HidesValue(f"{name}: it holds a {type(value).__name__} of its own")
        return str(Literal(value).as_string(connection.connection)).replace("%", "%%")

    return Text(PLACE.sub(put, sql), tuple(places))


def the_same(name: str, texts: Sequence[Text | None]) -> Text | None:
    """Return the one text that was compiled for different values. Raises HidesValue."""
    first, second = texts
    if first != second:
        raise HidesValue(f"{name}: the text, or a value in it, follows who asks")
    return first


def kept(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """Keep the text of the query that `build` returns; calling it returns its rows.

    Arguments by position are values that go into the text anew: keys, moments, days and words.
    Those by keyword, and which values are None, decide on the form and are kept.
    Raises HidesValue, at the first use, where `build` does more with a value than compare it.
    """

    @lru_cache(maxsize=MOST)
    def form(kinds: tuple[type, ...], shape: tuple[tuple[str, Hashable], ...]) -> Any:
        def asked(*values: Any) -> tuple[QuerySet[Any, Row], SQLCompiler]:
            rows = build(*values, **dict(shape))  # type: ignore[arg-type]
            return rows, rows.query.get_compiler(connection=connection)

        tries = [_try(build.__qualname__, asked, kinds, moment) for moment in MOMENTS]
        (rows, compiler), _ = tries[0]
        keep_converters(compiler)
        return rows, compiler, the_same(build.__qualname__, [text for _, text in tries])

    @wraps(build)
    def ask(*values: P.args, **shape: P.kwargs) -> list[Row]:
        rows, compiler, text = form(tuple(map(type, values)), tuple(sorted(shape.items())))
        if text is None:
            return []
        if compiler.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("a lock needs a transaction")
        return rows_as(rows, compiler, text.sql, text.values(values))

    return ask


Change = tuple[QuerySet[Any, Any], Mapping[str, Any] | None]
"""Rows, and what changes in them by the name of its field; None removes them."""


def kept_change(build: Callable[P, Change]) -> Callable[P, int]:
    """Keep the text of an UPDATE or DELETE as `kept` does; calling it returns how many rows.

    As with `QuerySet.update` no signal goes, and as with none of Django's no row is removed along.
    Raises HidesValue.
    """

    @lru_cache(maxsize=MOST)
    def form(kinds: tuple[type, ...]) -> Text | None:
        def asked(*values: Any) -> tuple[None, SQLCompiler]:
            rows, changes = build(*values)  # type: ignore[call-arg]
            if changes is None:
                query: Any = rows.query.chain(DeleteQuery)
            else:
                query = rows.query.chain(UpdateQuery)
                query.add_update_values(changes)
            return None, query.get_compiler(connection=connection)

        name = build.__qualname__
        return the_same(name, [_try(name, asked, kinds, moment)[1] for moment in MOMENTS])

    @wraps(build)
    def change(*values: P.args, **_no: P.kwargs) -> int:
        text = form(tuple(map(type, values)))
        if text is None:
            return 0
        with prepared() as cursor:
            cursor.execute(text.sql, text.values(values))
            return int(cursor.rowcount)

    return change


def planned(rows: QuerySet[Any, Row]) -> list[Row]:
    """Return the rows of a query that PostgreSQL plans once per connection.

    For a query that Django builds anew in one of a few forms, and whose plan costs more than
    its answer.
    """
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return []
    return rows_as(rows, compiler, sql, values)


def rows_as(
    rows: QuerySet[Any, Row], compiler: SQLCompiler, sql: str, values: Sequence[Any]
) -> list[Row]:
    """Return what a compiled query gives, in the form that `rows` gives it."""
    if rows._iterable_class is ValuesListIterable and getattr(compiler, "converts_nothing", False):
        return rows_of(sql, values)  # as PostgreSQL gives them: all of Django would change nothing
    query: Any = _Compiled(compiler, sql, values)
    asked: Any = type(rows)(rows.model, query)  # not copied: copying a queryset asks it
    iterable: Any = rows._iterable_class(asked)
    return list(iterable)


def keep_converters(compiler: SQLCompiler) -> None:
    """Let a compiler that is used again look up once how it reads its columns."""
    own: Any = compiler
    converters = compiler.get_converters([one[0] for one in compiler.select or ()])
    own.get_converters = lambda _expressions: converters
    own.converts_nothing = not converters


class _Compiled:
    """Stands in for the query of a queryset: what was compiled, with the values of one use."""

    def __init__(self, compiler: SQLCompiler, sql: str, values: Sequence[Any]) -> None:
        self.compiler = copy.copy(compiler)
        compiler_of: Any = self.compiler
        compiler_of.execute_sql = lambda *_args, **_more: [rows_of(sql, values)]

    def get_compiler(self, using: str, **_more: Any) -> SQLCompiler:
        self.compiler.connection = connections[using]
        return self.compiler


def rows_of(sql: str, values: Sequence[Any]) -> list[Any]:
    """Return the rows of a kept text."""
    with prepared() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _try(
    name: str,
    asked: Callable[..., tuple[Any, SQLCompiler]],
    kinds: tuple[type, ...],
    moment: datetime,
) -> tuple[tuple[Any, SQLCompiler], Text | None]:
    values = [_make_up(kind, number, moment) for number, kind in enumerate(kinds)]
    made_up: dict[Any, Place] = {}
    for number, value in enumerate(values):
        if isinstance(value, datetime):
            made_up[timezone.localdate(value)] = _nth(number, as_day=True)
        if value is not None:
            made_up[value] = _nth(number)
    found = asked(*values)
    try:
        sql, parameters = found[1].as_sql()
    except EmptyResultSet:
        return found, None
    return found, text_of(name, sql, parameters, made_up)


def _make_up(kind: type, number: int, moment: datetime) -> Any:
    if kind is type(None):
        return None
    if issubclass(kind, UUID):
        return uuid4()
    if issubclass(kind, datetime):
        return moment.replace(month=number + 1)
    if issubclass(kind, date):
        return moment.replace(month=number + 1).date()
    if issubclass(kind, str):
        return uuid4().hex
    raise HidesValue(f"a {kind.__name__} goes by keyword")


@cache
def _nth(number: int, *, as_day: bool = False) -> Place:
    if as_day:
        return Place(lambda values: timezone.localdate(values[number]))
    return Place(lambda values: values[number])
