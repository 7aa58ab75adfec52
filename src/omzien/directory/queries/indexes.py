"""The search index of each municipality, kept in this process and refreshed by version.

A request asks for the index; once a second at most the version counters (the own one and
the shared one) are read, and only when one moved are the changed tokens loaded. So a
changed entry is found within two seconds by every process.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from omzien.areas.models import Village
from omzien.directory.language.topics import codes
from omzien.directory.models import (
    IndexVersion,
    Schedule,
    SearchTokens,
    Service,
    ServicePlace,
    Synonym,
)
from omzien.directory.rules import Freshness, freshness, groups, parts_of_week
from omzien.directory.search.entries import Entry
from omzien.directory.search.index import Index, build
from omzien.directory.search.thesaurus import Thesaurus, read, shipped
from omzien.kernel.geo import LatLon
from omzien.kernel.ladder import Rung
from omzien.kernel.recurrence import Recurrence, is_on

CHECK_EVERY = 1.0  # seconds between two looks at the version counters
MOST_KEPT = 60  # municipalities in memory at once; the least recently asked leaves first
SUNK_TRUST = 0.55


@dataclass
class _Kept:
    index: Index
    thesaurus: Thesaurus
    versions: tuple[tuple[str | None, int], ...]
    looked_at: float
    built_on: date


_kept: OrderedDict[str, _Kept] = OrderedDict()
_lock = threading.Lock()


def index_for(municipality: str, *, on: date) -> tuple[Index, Thesaurus]:
    """Return the index and the thesaurus of a municipality, as fresh as two seconds ago.

    Must run in a transaction that works for that municipality.
    """
    kept = _kept.get(municipality)
    if kept and kept.built_on == on and time.monotonic() - kept.looked_at < CHECK_EVERY:
        return kept.index, kept.thesaurus
    counters = IndexVersion.objects.order_by("municipality_id")
    versions = tuple(counters.values_list("municipality_id", "version"))
    if not (kept and kept.built_on == on and kept.versions == versions):
        kept = _Kept(build(list(_entries(on)), codes()), _thesaurus(), versions, 0.0, on)
    kept.looked_at = time.monotonic()
    with _lock:
        _kept[municipality] = kept
        _kept.move_to_end(municipality)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return kept.index, kept.thesaurus


def open_now(entry: Entry, now: datetime) -> bool:
    """Tell whether an entry can be had at this moment."""
    return any(is_on(slot, now) for slot in entry.slots)


def forget() -> None:
    """Drop every index of this process (used by tests)."""
    _kept.clear()


def _thesaurus() -> Thesaurus:
    lines = (f"{s.word} = {', '.join(s.means)}" for s in Synonym.objects.all())
    return {**shipped(), **read(lines)}


def _entries(on: date) -> Iterable[Entry]:
    points: dict[object, list[LatLon]] = {}
    rows = ServicePlace.objects.exclude(place__lat=None).exclude(place__is_hidden=True)
    for service_id, lat, lon in rows.values_list("service_id", "place__lat", "place__lon"):
        if lat is not None and lon is not None:
            points.setdefault(service_id, []).append(LatLon(lat, lon))
    villages = {v.id: v for v in Village.objects.all()}
    slots: dict[object, list[Recurrence]] = {}
    for schedule in Schedule.objects.all().iterator(chunk_size=2000):
        slots.setdefault(schedule.service_id, []).append(schedule.recurrence)
    found = SearchTokens.objects.filter(service__in=Service.objects.published())
    for row in found.select_related("service").iterator(chunk_size=2000):
        yield _entry(row, points, villages, tuple(slots.get(row.service_id, ())), on)


def _entry(
    row: SearchTokens,
    points: dict[object, list[LatLon]],
    villages: dict[int, Village],
    slots: tuple[Recurrence, ...],
    on: date,
) -> Entry:
    service = row.service
    fresh = freshness(
        contacts_checked_on=service.contacts_checked_on, checked_on=service.checked_on, on=on
    )
    home = villages.get(service.village_id or 0)
    entry = Entry(
        id=str(service.pk),
        rung=Rung(service.rung),
        tokens=row.tokens,
        topics=row.topics,
        village=home.slug if home else "",
        points=tuple(points.get(service.pk, ())),
        reach=service.reach,
        villages=frozenset(villages[i].slug for i in service.village_ids if i in villages),
        trust=SUNK_TRUST if fresh in (Freshness.SUNK, Freshness.LEFT) else 1.0,
        is_free=service.is_free,
        wheelchair=service.wheelchair,
        without_appointment=service.without_appointment,
        languages=frozenset(service.languages),
        age_min=service.age_min,
        age_max=service.age_max,
        times=frozenset().union(*(parts_of_week(s.rule, s.starts) for s in slots)),
        slots=slots,
        audience=groups(service.audience, service.age_min, service.age_max),
    )
    if not entry.points and home and home.lat is not None and home.lon is not None:
        entry = replace(entry, points=(LatLon(home.lat, home.lon),))
    return entry
