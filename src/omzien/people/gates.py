"""Gates that are compiled once: the condition `visible_to` is kept as SQL, values go in anew.

    def visible_to(self, actor):
        return gated(self, _visible, actor)

    def _visible(actor) -> Q:  # runs once per shape, with a stand-in for the actor
        return Q(team=actor.team, until__gt=clock(actor))

Building and compiling a condition costs Django ten times what PostgreSQL needs to answer it,
and only a handful of values differ: the keys of the actor, and the time. So the text is kept per
shape (the role, which keys the actor has, the verb), and each use fills in its own values. What
may be read is still asked at every request; nothing of an actor or a moment is kept.
"""

import hashlib
import re
from collections.abc import Callable, Hashable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import BooleanField, Expression, Model, Q, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.where import AND
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from omzien.people.kept import (
    MOMENTS,
    HidesValue,
    Place,
    Text,
    keep_converters,
    planned,
    rows_as,
    rows_of,
    text_of,
    the_same,
)
from omzien.people.rules.roles import Actor, Role

T = TypeVar("T")
Rows = TypeVar("Rows", bound=QuerySet[Any])
Row = TypeVar("Row", bound=Model)
KEYS = ("person", "membership", "organisation", "team", "represents", "handover")
MOST = 2048  # shapes that are kept: more than all roles, keys and verbs that occur
NOTHING = Q(pk__in=[])
_HERE = "omzien_here"  # the alias of the rows that pass, until it is known
_ALIAS = re.compile(r'"[^"]*"|\'[^\']*\'|\b[A-Z]+[0-9]+\b')


def gated(rows: Rows, build: Callable[..., Q], actor: Actor, *shape: Hashable) -> Rows:
    """Return those of `rows` that pass the gate `build(actor, *shape)`, which returns a Q.

    `build` is a function of a module. It may read of the actor the role, `may()` and the keys,
    the time only by `clock(actor)`, and anything else only by `late(function, actor)`.
    `shape` is what else decides how the condition looks, such as a verb.
    Raises HidesValue, at the first use, where `build` keeps to something else.
    """
    model: type[Model] = rows.model
    text = _text(model, build, actor, shape)
    if text is None:
        return rows.none()
    if not text.sql:
        return rows
    passed = rows.all()
    query = passed.query
    assert not (query.is_sliced or query.combinator), "a gate comes before slicing and union"
    key = model._meta.pk.get_col(query.get_initial_alias())
    query.where.add(_Passes(text.sql, text.values(actor), key), AND)
    return passed


def passes(
    model: type[Model], key: UUID, build: Callable[..., Q], actor: Actor, *shape: Hashable
) -> bool:
    """Tell whether one row passes a gate: as `gated`, asked in the cheapest way."""
    text = _text(model, build, actor, shape)
    if text is None:
        return False
    name = connection.ops.quote_name
    table, column = name(model._meta.db_table), name(str(model._meta.pk.column))
    gate = f" AND ({text.sql.replace(_HERE, table)})" if text.sql else ""
    sql = f"SELECT 1 FROM {table} WHERE {column} = %s{gate}"  # noqa: S608  # nosec B608 # our own
    return bool(rows_of(sql, (key, *text.values(actor))))


def by_key(rows: QuerySet[Any, Row], key: UUID, *, lock: tuple[str, ...] = ()) -> Row | None:
    """Return the row with this key, where it is among `rows`. What `lock` names stays as it is
    until the transaction ends: "self", or what goes with it; locked in this order.

    For the first thing that a page or an action does: ask its gate for the one row that it is
    about. Where `rows` are a gate and the rows that go with it, and nothing more, the text is
    kept too.
    """
    if lock and not connection.in_atomic_block:
        raise TransactionManagementError("a lock needs a transaction")
    gates = _only_gates(rows.query)
    if gates is None:
        found = rows.filter(pk=key)
        return next(iter(planned(found.select_for_update(of=lock) if lock else found)), None)
    model: Any = rows.model
    related = _named(rows.query.select_related)
    form = _form(model, tuple(gate.text for gate in gates), related, lock=lock)
    values = [value for gate in gates for value in gate.values]
    return next(iter(rows_as(*form, [*values, key])), None)


def _only_gates(query: Query) -> "list[_Passes] | None":
    """Return the gates of a query that asks nothing else, or None."""
    asked: list[Any] = query.where.children
    gates: list[_Passes] = [one for one in asked if isinstance(one, _Passes)]
    plain = Query(query.model)
    is_more = (
        len(gates) != len(asked) or query.where.negated
        or query.where.connector != AND or query.annotations or query.is_sliced
        or query.combinator or query.distinct or query.select_for_update or query.extra
        or query.deferred_loading != plain.deferred_loading or query.select
        or query.select_related is True
    )  # fmt: skip
    return None if is_more or not gates else gates


def _named(related: Any, above: str = "") -> tuple[str, ...]:
    """Return the names that `select_related` was given, in order."""
    if not isinstance(related, dict):
        return ()
    return tuple(
        name
        for one, more in related.items()
        for name in (f"{above}{one}", *_named(more, f"{above}{one}__"))
    )


@lru_cache(maxsize=MOST)
def _form(
    model: type[Model], gates: tuple[str, ...], related: tuple[str, ...], *, lock: tuple[str, ...]
) -> tuple[QuerySet[Any, Any], SQLCompiler, str]:
    """Return what finds one row by its key: the values of the gates go in first, then the key."""
    rows = model._default_manager.all()
    column = model._meta.pk.get_col(rows.query.get_initial_alias())
    for text in gates:
        rows.query.where.add(_Passes(text, (), column), AND)
    rows = rows.order_by().filter(pk=uuid4())
    rows = rows.select_related(*related) if related else rows
    rows = rows.select_for_update(of=lock) if lock else rows
    compiler = rows.query.get_compiler(connection=connection)
    sql, _values = compiler.as_sql()
    keep_converters(compiler)
    return rows, compiler, sql


def _text(
    model: type[Model], build: Callable[..., Q], actor: Actor, shape: tuple[Hashable, ...]
) -> Text | None:
    blanks = frozenset(key for key in KEYS if getattr(actor, key) is None)
    return _kept(model, build, actor.role, blanks, shape)


def clock(actor: Actor) -> datetime:
    """Return the moment at which a gate is asked."""
    return late(_now, actor)


def late(function: Callable[[Actor], T], actor: Actor) -> T:
    """Return `function(actor)`, a text that is asked anew at each use of the gate."""
    return actor.stand_in(function) if isinstance(actor, _StandIn) else function(actor)


def _now(_actor: Actor) -> datetime:
    return timezone.now()


def _today(actor: Actor) -> date:
    return timezone.localdate(clock(actor))


class _Passes(Expression):
    """The kept text of a gate. `key` is a column of the rows it is about: Django keeps it true
    when it renames tables.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, text: str, values: tuple[Any, ...], key: Any) -> None:
        super().__init__()
        self.text, self.values, self.key = text, values, key

    @property
    def identity(self) -> tuple[Any, ...]:
        return (_Passes, self.text, self.values, self.key)

    def get_source_expressions(self) -> list[Any]:
        return [self.key]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.key,) = exprs

    def as_sql(
        self, compiler: SQLCompiler, connection: Any, **_context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        column, _ = compiler.compile(self.key)
        alias, dot, _ = column.rpartition(".")
        if not dot:
            raise NotImplementedError("a gate needs the alias of its rows")
        return f"({self.text.replace(_HERE, alias)})", self.values


class _StandIn(Actor):
    """An actor of whom only the role and the missing keys are real; its values are made up."""

    __slots__ = ("made_up",)

    def __init__(self, role: Role, blanks: frozenset[str], moment: datetime) -> None:
        keys = {key: uuid4() for key in KEYS if key not in blanks}
        super().__init__(role=role, **keys)  # type: ignore[arg-type]  # all of them are UUIDs
        made_up: dict[Any, Place] = {value: _key_of(key) for key, value in keys.items()}
        made_up |= {moment: _late(_now), timezone.localdate(moment): _late(_today)}
        object.__setattr__(self, "made_up", made_up)

    def __getattribute__(self, name: str) -> Any:
        if name in {"municipality", "villages", "machine", "key"}:
            raise HidesValue(f"a gate asks for actor.{name} only by late(function, actor)")
        return object.__getattribute__(self, name)

    def stand_in(self, function: Callable[[Actor], Any]) -> Any:
        """Return what stands for a function; the same each time."""
        place = _late(function)
        found = [value for value, one in self.made_up.items() if one == place]
        value = found[0] if found else uuid4().hex
        self.made_up[value] = place
        return value


@cache
def _late(function: Callable[[Actor], Any]) -> Place:
    return Place(lambda actor: late(function, actor))


@cache
def _key_of(name: str) -> Place:
    return Place(lambda actor: getattr(actor, name))


@lru_cache(maxsize=MOST)
def _kept(
    model: type[Model],
    build: Callable[..., Q],
    role: Role,
    blanks: frozenset[str],
    shape: tuple[Hashable, ...],
) -> Text | None:
    """Return the text of a gate; an empty one lets everything through, None nothing."""
    actors = [_StandIn(role, blanks, moment) for moment in MOMENTS]
    name = build.__qualname__
    return the_same(name, [_compiled(name, model, build(actor, *shape), actor) for actor in actors])


def _compiled(name: str, model: type[Model], condition: Q, actor: _StandIn) -> Text | None:
    rows = model._base_manager.filter(condition)
    if sum(map(bool, rows.query.alias_refcount.values())) > 1:  # it joins: then ask by key
        rows = model._base_manager.filter(pk__in=rows)
    query = rows.query
    query.change_aliases({query.get_initial_alias(): _HERE})
    try:
        sql, values = query.get_compiler(connection=connection).compile(query.where)
    except FullResultSet:
        sql, values = "", ()
    except EmptyResultSet:
        return None
    return text_of(name, _own_aliases(sql), values, actor.made_up)


def _own_aliases(text: str) -> str:
    """Name the tables inside as no other query does, so that gates go into any of them."""
    mark = hashlib.sha256(text.encode()).hexdigest()[:12]

    def named(found: re.Match[str]) -> str:
        word = found[0]
        return word if word[0] in "\"'" else f"gate_{mark}_{word.lower()}"

    return _ALIAS.sub(named, text)
