"""Who is one person, and whom somebody is close to: for those nobody works or decides.

Two functions of the database tell it, `people_names_of` and `people_close_to`. As an array they
are asked once per query, also where PostgreSQL knows nothing yet of how many rows a table has.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from omzien.people.rules.roles import Actor

NAMES = "SELECT unnest(ARRAY(SELECT people_names_of(%s)))"
CLOSE = "SELECT unnest(ARRAY(SELECT people_close_to(%s)))"


def selves(person: UUID | None, field: str = "person") -> Q:
    """Return whether a row is of a person, by this name or another: of the same account, or of
    who turned out to be the same, also where both have an account. Nobody decides about
    themselves under another name. To let somebody in, ask `SamePerson.objects.opening_to`.
    """
    if person is None:
        return Q(**{field: None})
    return Q(**{f"{field}__in": RawSQL(NAMES, [person])})  # noqa: S611  # nosec B611 # our own


def near(person: UUID | None, field: str = "person") -> Q:
    """Return whether a row is of somebody who is close to a person: one of their own names, and
    whom they, by any name of both, have a mandate with. It holds in both directions.
    """
    if person is None:
        return Q(**{field: None})
    return Q(**{f"{field}__in": RawSQL(CLOSE, [person])})  # noqa: S611  # nosec B611 # our own


def close_to(actor: Actor, before: str = "") -> Q:
    """Return whether a row is of somebody for whom a worker may not work: who is `near` to them.
    `before`: "question__" for what belongs to a question.
    """
    return near(actor.person, f"{before}person")


def close_ones(who: Iterable[UUID], persons: Iterable[UUID]) -> set[UUID]:
    """Return who of some people are close to one of these persons, as `close_to` tells it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one FROM unnest(%s::uuid[]) one"
            " WHERE EXISTS (SELECT FROM people_close_to(one) near WHERE near = ANY(%s::uuid[]))",
            [list(who), list(persons)],
        )
        return {key for (key,) in cursor.fetchall()}


def keys_of(actor: Actor) -> set[str]:
    """Return the keys by which facts and rows name who acts, by whichever of their names."""
    if actor.person is None:
        return {actor.key}
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_names_of(%s)", [actor.person])
        return {actor.key, *(str(key) for (key,) in cursor.fetchall())}


def first_names(persons: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return for each of some persons one key that is equal for all who are the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one, (SELECT min(name::text) FROM people_names_of(one) name)::uuid"
            " FROM unnest(%s::uuid[]) one",
            [list(persons)],
        )
        return dict(cursor.fetchall())
