"""Who is there for somebody who is away: their cover, or the cover of that one."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from omzien.people.kept import kept
from omzien.people.models import Absence, Membership


def stand_ins(*, on: date) -> dict[UUID, Membership | None]:
    """Return who is away on a day (key of the membership), with who is there for them; None where
    the covers end with nobody: none was named, it left, or they are all away in a circle.
    One query.
    """
    rows: Any = _away(on)
    covers: dict[UUID, Membership | None] = {
        one.membership_id: one.cover if one.works else None for one in rows
    }
    return {away: _last(away, covers) for away in covers}


@kept
def _away(on: date) -> QuerySet[Absence, Absence]:
    works = Membership.objects.at_work(on=on).filter(pk=OuterRef("cover"))
    rows = Absence.objects.on(on).annotate(works=Exists(works))
    return rows.select_related("cover__person", "cover__team", "cover__organisation")


def _last(away: UUID, covers: dict[UUID, Membership | None]) -> Membership | None:
    seen, now = {away}, covers[away]
    while now is not None and now.pk in covers:
        if now.pk in seen:
            return None
        seen.add(now.pk)
        now = covers[now.pk]
    return now
