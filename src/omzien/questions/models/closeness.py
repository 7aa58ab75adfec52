"""Whom a worker is close to: for them nobody works."""

from django.db.models import Q

from omzien.people.models import Mandate, SamePerson
from omzien.people.models.persons import selves
from omzien.people.rules.roles import Actor


def close_to(actor: Actor, before: str = "") -> Q:
    """Return whether a question is of somebody for whom a worker may not work: themselves, who
    shares their account or is the same person, and who they have a mandate with.
    `before`: "question__" for what belongs to a question.

    Five small sets, each found by an index: one set with all of it would read every person.
    """
    me = actor.person
    held = Mandate.objects.filter(proxy=me, revoked_at=None).values("resident")
    given = Mandate.objects.filter(resident=me, revoked_at=None).values("proxy")
    same = SamePerson.objects.live().filter(person__account__persons=me).values("other")
    near = selves(me, f"{before}person")
    for persons in (held, given, same):
        near |= Q(**{f"{before}person__in": persons})
    return near
