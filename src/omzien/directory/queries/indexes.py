"""The search index of each municipality, kept in this process and refreshed by version.

A request asks for the index; twice a second at most the version counters (the own one and
the shared one) are read, and only when one moved is the index built anew. So a changed
entry is found within two seconds by every process. What is kept has a budget in entries
(OMZIEN_INDEX_ENTRIES): the municipality that was asked least recently leaves first.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from time import monotonic
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast

from omzien.areas.models import Village
from omzien.directory.language.topics import codes
from omzien.directory.models import (
    IndexVersion,
    Schedule,
    Service,
    ServicePlace,
    Synonym,
)
from omzien.directory.queries.marks import Marks, marks, with_now
from omzien.directory.rules import Freshness, freshness, groups, parts_of_week
from omzien.directory.search.entries import Entry
from omzien.directory.search.index import Index, build
from omzien.directory.search.thesaurus import Thesaurus, read, shipped
from omzien.directory.terms import terms_of
from omzien.kernel.geo import LatLon
from omzien.kernel.ladder import Rung
from omzien.kernel.recurrence import Occurrence, Recurrence, occurrences

CHECK_EVERY = 0.5  # seconds between two looks at the version counters; building comes on top
MOST_ALIKE = 20_000  # values that entries share; past that we begin anew
SUNK_TRUST = 0.55
Versions = tuple[tuple[str | None, int], ...]
Value = TypeVar("Value", bound=Hashable)
Found = TypeVar("Found")

# What an entry needs of its service: the long texts stay in the database.
FIELDS = (
    "pk",
    "municipality_id",
    "status",
    "rung",
    "contacts_checked_on",
    "checked_on",
    "village_id",
    "village_ids",
    "reach",
    "is_free",
    "wheelchair",
    "without_appointment",
    "languages",
    "age_min",
    "age_max",
    "audience",
)


class _Open(NamedTuple):
    """Which filters each entry passes from one moment until another."""

    since: datetime
    until: datetime
    marks: Marks


@dataclass
class Kept:
    """The index and the thesaurus of a municipality at one version of its entries."""

    index: Index
    thesaurus: Thesaurus
    versions: Versions
    looked_at: float
    built_on: date

    _once: dict[Hashable, Any] = field(default_factory=dict)
    _open: _Open | None = None

    def once(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """Return what `make` finds, found once for this version of the entries and this day."""
        if key not in self._once:
            self._once[key] = make()
        found: Found = self._once[key]
        return found

    @property
    def marks(self) -> Marks:
        """Return which filters each entry of the index passes."""
        return self.once("marks", lambda: marks(self.index.entries))

    def marks_at(self, now: datetime) -> Marks:
        """Return the same with what is open at a moment of the day for which this was built.

        Kept until something opens or closes.
        """
        kept = self._open
        if not kept or not kept.since <= now < kept.until:
            entries = self.index.entries
            turns = (t for e in entries for o in self._hours(e) for t in (o.starts_at, o.ends_at))
            midnight = datetime.combine(self.built_on + timedelta(days=1), time(), now.tzinfo)
            until = min((turn for turn in turns if turn > now), default=midnight)
            found = with_now(self.marks, entries, partial(self.is_open, now=now))
            kept = self._open = _Open(now, until, found)
        return kept.marks

    def is_open(self, entry: Entry, now: datetime) -> bool:
        """Tell whether an entry can be had at a moment of the day for which this was built."""
        return any(o.starts_at <= now < o.ends_at for o in self._hours(entry))

    def _hours(self, entry: Entry) -> tuple[Occurrence, ...]:
        # Entries with the same hours share them (`_one`), so these are worked out only once.
        return self.once(id(entry.slots), lambda: self._near(entry.slots)) if entry.slots else ()

    def _near(self, slots: Iterable[Recurrence]) -> tuple[Occurrence, ...]:
        """Return what starts today, and what started yesterday and may run past midnight."""
        today, yesterday = self.built_on, self.built_on - timedelta(days=1)
        return tuple(o for s in slots for o in occurrences(s, since=yesterday, until=today))


_kept: OrderedDict[str, Kept] = OrderedDict()
_lock = threading.Lock()
_building = threading.Lock()
_alike: dict[Hashable, Any] = {}
_clearers: list[Callable[[], None]] = []


def index_for(municipality: str, *, on: date) -> tuple[Index, Thesaurus]:
    """Return the index and the thesaurus of a municipality (see `kept_for`)."""
    kept = kept_for(municipality, on=on)
    return kept.index, kept.thesaurus


def kept_for(municipality: str, *, on: date) -> Kept:
    """Return what is kept of a municipality, as fresh as two seconds ago.

    Must run in a transaction that works for that municipality.
    """
    kept = _kept.get(municipality)
    now = monotonic()
    if not (kept and kept.built_on == on and now - kept.looked_at < CHECK_EVERY):
        kept = _fresh(municipality, on)
        kept.looked_at = now
    with _lock:
        if municipality in _kept:
            _kept.move_to_end(municipality)
    return kept


def forget() -> None:
    """Drop every index of this process (used by tests)."""
    _kept.clear()
    _alike.clear()


def drop_when_changed(clear: Callable[[], None]) -> None:
    """Have `clear` called in each process soon after an entry changed.

    What was made of an entry and is not asked for again would otherwise stay in memory, also
    the telephone number of somebody who was erased.
    """
    _clearers.append(clear)


def let_go() -> None:
    """Drop what this process made of entries."""
    for clear in _clearers:
        clear()


def _keep(municipality: str, kept: Kept) -> None:
    with _lock:
        _kept[municipality] = kept
        _kept.move_to_end(municipality)  # so the one that was just asked never leaves
        total = sum(len(k.index.entries) for k in _kept.values())
        while total > settings.INDEX_ENTRIES and len(_kept) > 1:
            _, gone = _kept.popitem(last=False)
            total -= len(gone.index.entries)


def _fresh(municipality: str, on: date) -> Kept:
    versions = _versions()
    kept = _kept.get(municipality)
    if kept and kept.built_on == on and kept.versions == versions:
        return kept
    # One at a time: threads that build the same index together only slow each other down.
    with _building:
        kept = _kept.get(municipality)
        if kept and kept.built_on == on and kept.versions == versions:
            return kept
        built = build(list(_entries(on)), codes())
        made = Kept(built, _thesaurus(), versions, monotonic(), on)
        _keep(municipality, made)
        if kept and kept.versions != versions:
            let_go()
        return made


def _versions() -> Versions:
    counters = IndexVersion.objects.order_by("municipality_id")
    return tuple(counters.values_list("municipality_id", "version"))


def _thesaurus() -> Thesaurus:
    """Return the shipped lines with those of the municipality: a word means both."""
    own = read(f"{s.word} = {', '.join(s.means)}" for s in Synonym.objects.all())
    return shipped() | {word: (*means, *shipped().get(word, ())) for word, means in own.items()}


def _entries(on: date) -> Iterator[Entry]:
    if len(_alike) > MOST_ALIKE:
        _alike.clear()
    villages = {v.id: v for v in Village.objects.all()}
    points = _points(villages)
    slots = _slots()
    found = Service.objects.published().exclude(search=None).order_by()
    rows = list(
        found.annotate(
            words=Cast("search__tokens", TextField()), about=Cast("search__topics", TextField())
        ).values_list(*FIELDS, "words", "about", named=True)
    )
    # Read as one document the parser makes each word once, not once for every entry.
    tokens = json.loads(f"[{','.join(row.words for row in rows)}]")
    topics = json.loads(f"[{','.join(row.about for row in rows)}]")
    for row, words, about in zip(rows, tokens, topics, strict=True):
        near = points.get(row.pk)
        is_closed = row.status == Service.Status.PAUSED  # at no time it can be had
        times = () if is_closed else tuple(slots.get(row.pk, ()))
        yield _entry(row, words, about, near, villages, times, on)


def _points(villages: Mapping[int, Village]) -> dict[object, list[LatLon]]:
    """Return where entries are: of an address without a point, the middle of its village.

    What has hidden addresses only is nowhere; what has none at all is not in it.
    """
    points: dict[object, list[LatLon]] = {}
    names = ("service_id", "place__lat", "place__lon", "place__village", "place__is_hidden")
    for key, lat, lon, village_id, is_hidden in ServicePlace.objects.values_list(*names):
        points.setdefault(key, [])
        if is_hidden:
            continue
        village = villages.get(village_id or 0)
        if (lat is None or lon is None) and village:
            lat, lon = village.lat, village.lon
        if lat is not None and lon is not None:
            points[key].append(LatLon(lat, lon))
    return points


def _slots() -> dict[object, list[Recurrence]]:
    slots: dict[object, list[Recurrence]] = {}
    names = ("service_id", "first_on", "starts", "ends", "rule", "except_on", "also_on")
    for key, first_on, starts, ends, rule, except_on, also_on in Schedule.objects.values_list(
        *names
    ):
        found = Recurrence(
            first_on=_one(first_on),
            starts=_one(starts),
            ends=_one(ends),
            rule=_one(rule),
            except_on=tuple(except_on),
            also_on=tuple(also_on),
        )
        slots.setdefault(key, []).append(_one(found))
    return slots


def _entry(
    row: Any,
    tokens: dict[str, float],
    topics: dict[str, float],
    points: Iterable[LatLon] | None,
    villages: dict[int, Village],
    slots: tuple[Recurrence, ...],
    on: date,
) -> Entry:
    fresh = freshness(
        contacts_checked_on=row.contacts_checked_on,
        checked_on=row.checked_on,
        on=on,
        terms=terms_of(row.municipality_id),
    )
    home = villages.get(row.village_id or 0)
    places = tuple(points or ())
    if points is None and home and home.lat is not None and home.lon is not None:
        places = (LatLon(home.lat, home.lon),)
    ages = (row.age_min, row.age_max)
    own = (villages[i].slug for i in row.village_ids if i in villages)
    return Entry(
        id=str(row.pk),
        rung=Rung(row.rung),
        tokens=tokens,
        topics=_alike.setdefault(tuple(topics.items()), topics),
        village=_one(home.slug if home else ""),
        points=places,
        reach=_one(row.reach),
        villages=_one(frozenset(own)),
        trust=SUNK_TRUST if fresh in (Freshness.SUNK, Freshness.LEFT) else 1.0,
        is_free=row.is_free,
        wheelchair=row.wheelchair,
        without_appointment=row.without_appointment,
        languages=_one(frozenset(row.languages)),
        age_min=ages[0],
        age_max=ages[1],
        times=_one(frozenset().union(*(parts_of_week(s.rule, s.starts) for s in slots))),
        slots=_one(slots),
        audience=_one(groups(row.audience, *ages)),
    )


def _one(value: Value) -> Value:
    """Return the one copy in this process of a value that many entries have."""
    found: Value = _alike.setdefault((type(value), value), value)
    return found
