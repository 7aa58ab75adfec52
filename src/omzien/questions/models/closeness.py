"""Whom a worker is close to: for them nobody works."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.db.models.expressions import RawSQL

from omzien.people.models import Mandate, Person, SamePerson
from omzien.people.rules.roles import Actor


def close_to(actor: Actor, before: str = "") -> Q:
    """Return whether a question is of somebody for whom a worker may not work: themselves, who
    shares their account or is the same person, and who they, by any name of their account, have a
    mandate with.
    `before`: "question__" for what belongs to a question.

    Which these are, few, a function of the database tells: `people_close_to`, once per query.
    """
    if actor.person is None:
        return Q(**{f"{before}person": None})
    near = RawSQL("SELECT people_close_to(%s)", [actor.person])  # nosec B611 # a key of ours
    return Q(**{f"{before}person__in": near})


def close_ones(persons: Iterable[UUID]) -> set[UUID]:
    """Return who is close to one of these, by `close_to`, and these themselves (4 queries)."""
    wanted = set(persons)
    live = Mandate.objects.filter(revoked_at=None)
    same = SamePerson.objects.live().filter(other__in=wanted)
    near = wanted.union(
        live.filter(resident__in=wanted).values_list("proxy", flat=True),
        live.filter(proxy__in=wanted).values_list("resident", flat=True),
        same.values_list("person", flat=True),
    )
    return near.union(Person.objects.filter(account__persons__in=near).values_list("pk", flat=True))
