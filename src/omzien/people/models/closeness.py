"""Whom a worker is close to: for them nobody works, and about them nobody decides."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from omzien.people.rules.roles import Actor


def close_to(actor: Actor, before: str = "") -> Q:
    """Return whether a row is of somebody for whom a worker may not work: themselves, who
    shares their account or is the same person, and who they, by any name of their account, have a
    mandate with.
    `before`: "question__" for what belongs to a question.

    Which these are, few, a function of the database tells: `people_close_to`, once per query.
    """
    if actor.person is None:
        return Q(**{f"{before}person": None})
    near = RawSQL("SELECT people_close_to(%s)", [actor.person])  # nosec B611 # a key of ours
    return Q(**{f"{before}person__in": near})


def close_ones(who: Iterable[UUID], persons: Iterable[UUID]) -> set[UUID]:
    """Return who of some people are close to one of these persons, as `close_to` tells it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one FROM unnest(%s::uuid[]) one"
            " WHERE EXISTS (SELECT FROM people_close_to(one) near WHERE near = ANY(%s::uuid[]))",
            [list(who), list(persons)],
        )
        return {key for (key,) in cursor.fetchall()}
