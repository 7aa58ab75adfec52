"""Whom a worker is close to: for them nobody works."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from omzien.people.models import Mandate, Person, SamePerson
from omzien.people.models.persons import selves
from omzien.people.rules.roles import Actor


def close_to(actor: Actor, before: str = "") -> Q:
    """Return whether a question is of somebody for whom a worker may not work: themselves, who
    shares their account or is the same person, and who they, by any name of their account, have a
    mandate with.
    `before`: "question__" for what belongs to a question.

    Five small sets, each found by an index: one set with all of it would read every person.
    """
    me = actor.person
    held = Mandate.objects.filter(selves(me, "proxy"), revoked_at=None).values("resident")
    given = Mandate.objects.filter(selves(me, "resident"), revoked_at=None).values("proxy")
    same = SamePerson.objects.live().filter(person__account__persons=me).values("other")
    near = selves(me, f"{before}person")
    for persons in (held, given, same):
        near |= Q(**{f"{before}person__in": persons})
    return near


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
