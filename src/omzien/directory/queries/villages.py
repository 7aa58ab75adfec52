"""What a village has: who is on when, where to walk in, who to talk to, where to help.

Which entries these are moves only with the index (`indexes.Kept`), so it is found once for each
version of it. What a page shows of them still passes the gate at every request (`cards.cards`).
"""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import QuerySet

from omzien.areas.queries import VillageInfo
from omzien.directory.models import Service
from omzien.directory.queries.calendars import agenda
from omzien.directory.queries.cards import Card, cards, nearest
from omzien.directory.queries.indexes import Kept
from omzien.directory.search.answer import Where
from omzien.kernel.recurrence import Occurrence
from omzien.people.rules.roles import PUBLIC

WEEK = 7
MOST_COMING, MOST_MEETING, MOST_TEAM, MOST_WANTED = 12, 12, 3, 6


@dataclass(frozen=True)
class VillageCards:
    """What the page of a village shows of the directory, in the order of the page."""

    week: tuple[tuple[Card, Occurrence], ...]
    meeting: tuple[Card, ...]
    team: tuple[Card, ...]
    wanted: tuple[Card, ...]


@dataclass(frozen=True)
class _Found:
    week: tuple[tuple[str, Occurrence], ...]
    meeting: tuple[str, ...]
    team: tuple[str, ...]
    wanted: tuple[str, ...]


def village_cards(village: VillageInfo, *, kept: Kept, now: datetime) -> VillageCards:
    """Return what the public sees of a village (one query when nothing changed)."""
    found = kept.once(("village", village.id), lambda: _found(village.id, now))
    week = [(key, when) for key, when in found.week if when.ends_at > now][:MOST_COMING]
    ids = (*(key for key, _when in week), *found.meeting, *found.team, *found.wanted)
    found_here = cards(list(dict.fromkeys(ids)), actor=PUBLIC, now=now)
    shown = {one.id: nearest(one, Where(village.slug)) for one in found_here}
    return VillageCards(
        week=tuple((shown[key], when) for key, when in week if key in shown),
        meeting=tuple(shown[key] for key in found.meeting if key in shown),
        team=tuple(shown[key] for key in found.team if key in shown),
        wanted=tuple(shown[key] for key in found.wanted if key in shown),
    )


def _found(village_id: int, now: datetime) -> _Found:
    here = Service.objects.visible_to(PUBLIC).in_village(village_id)
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    coming = agenda(actor=PUBLIC, now=midnight, days=WEEK, village_id=village_id)
    return _Found(
        week=tuple((happening.id, happening.when) for happening in coming),
        meeting=_ids(here.filter(is_meeting_place=True)[:MOST_MEETING]),
        team=_ids(here.filter(rung="team")[:MOST_TEAM]),
        wanted=_ids(here.about("volunteering", "start-initiative")[:MOST_WANTED]),
    )


def _ids(services: QuerySet[Service]) -> tuple[str, ...]:
    return tuple(str(pk) for pk in services.values_list("pk", flat=True))
