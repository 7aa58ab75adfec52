"""Whether something about a person may be shared with somebody now."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet

from omzien.people.kept import kept
from omzien.people.models import Ground, GroundEvent
from omzien.people.models.grounds import GroundQuerySet
from omzien.people.queries.mandates import Decider, deciders
from omzien.people.rules.grounds import (
    BY_LAW,
    Category,
    Happened,
    What,
    effective,
    is_said,
    standing,
)


def covers(
    *,
    person: UUID,
    category: Category,
    purpose: str,
    at: datetime,
    team: UUID | None = None,
    organisation: UUID | None = None,
) -> bool:
    """Tell whether a ground lets a team or an organisation see `category` of a person now.

    Asked at every request and never kept, so that what is withdrawn is gone at the next one.
    """
    return bool(_covering(person, team, organisation, at, category=category, purpose=purpose))


@kept
def _covering(
    person: UUID,
    team: UUID | None,
    organisation: UUID | None,
    at: datetime,
    *,
    category: Category,
    purpose: str,
) -> QuerySet[Ground, UUID]:
    found = covering(person, team, organisation, at, category=category, purpose=purpose)
    return found.values_list("pk", flat=True)[:1]


def covering(
    person: UUID | None,
    team: UUID | OuterRef | None,
    organisation: UUID | OuterRef | None,
    at: datetime,
    *,
    category: Category,
    purpose: str,
) -> GroundQuerySet:
    """Return the grounds by which `covers` says yes: for a step that asks more in one query, also
    of a team in a row around it.
    """
    named = Ground.objects.for_recipient(team=team, organisation=organisation).holding(at=at)
    return named.filter(person=person, purpose=purpose, categories__contains=[category])


def happened(ground: Ground) -> list[Happened]:
    """Return what happened to a ground, oldest first."""
    return [Happened(one.at, What(one.what)) for one in _events(ground)]


def holds(ground: Ground, *, at: datetime) -> bool:
    """Tell whether a ground holds at a moment, by the pure rule."""
    return effective(happened(ground), starts_on=ground.starts_on, until_on=ground.until_on, at=at)


def standing_of(ground: Ground, *, at: datetime) -> What | None:
    """Return where a ground stands; given and past its last day is expired, written or not."""
    now = standing(happened(ground), at=at)
    return What.EXPIRED if now == What.GIVEN and not holds(ground, at=at) else now


def said_by(person: UUID | None, grounds: Iterable[Ground]) -> dict[UUID, Decider]:
    """Return who said the last yes or no, or took it back, by mandate: per ground.

    Of what the resident said, or a worker heard, there is no name (1 query, or none).
    """
    by = {}
    for one in grounds:
        last = _events(one)[-1:]
        if one.kind not in BY_LAW and last and is_said(last[0].what, one.how):
            by[one.pk] = last[0].by
    by = {pk: key for pk, key in by.items() if key != str(person)}
    found = deciders(person, by.values())
    return {pk: found[key] for pk, key in by.items() if key in found}


def _events(ground: Ground) -> list[GroundEvent]:
    return sorted(ground.events.all(), key=lambda one: one.number)
