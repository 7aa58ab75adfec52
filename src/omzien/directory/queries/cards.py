"""What a list of entries shows: one frozen card each, in a fixed number of queries.

A card is the same for everyone who may see the entry, so a process keeps it. The gate and
the wall are asked every time; the same query brings the entry's stamp, which moves with
every change. What a card says of time ("nu open") holds until its next opening or closing.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import CharField, Func
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from omzien.areas.queries.memory import forget_with
from omzien.directory.models import Schedule, Service
from omzien.directory.queries.indexes import drop_when_changed
from omzien.directory.rules import Freshness, freshness
from omzien.directory.search.answer import Where
from omzien.directory.terms import terms_of
from omzien.journal.rows import prepared
from omzien.kernel.geo import LatLon
from omzien.kernel.recurrence import Occurrence, Recurrence, is_on, occurrences
from omzien.people.rules.roles import Actor

LOOK_AHEAD = timedelta(days=60)
MOST_KEPT = 20_000
ON_A_CARD = 220  # characters of a description
STAMP = ("changed_at", "search__version", "provider__changed_at", "village__name")


@dataclass(frozen=True)
class Slot:
    """A recurring time with its remark."""

    recurrence: Recurrence
    note: str
    is_activity: bool


@dataclass(frozen=True)
class Spot:
    """A place of an entry that may be shown. Name and slug of the village are "" outside them."""

    village: str
    slug: str
    street: str
    point: LatLon | None


@dataclass(frozen=True, eq=False)
class Card:
    """An entry as a list shows it. `village` is "" for what is offered everywhere.

    Of several `spots` it names the first, at home if there is one there; `nearest` gives it with
    another. A card is only equal to itself: comparing thirty fields costs more than writing one.
    """

    id: str
    slug: str
    title: str
    provider: str
    summary: str
    rung: str
    topics: tuple[str, ...]
    village: str
    street: str
    spots: tuple[Spot, ...]
    reach: str
    phone: str
    email: str
    website: str
    cost: str
    is_free: bool | None
    wheelchair: bool | None
    without_appointment: bool | None
    needs_referral: bool
    languages: tuple[str, ...]
    waiting: str
    slots: tuple[Slot, ...]
    next_time: Occurrence | None
    is_open_now: bool | None
    is_paused: bool
    checked_on: date | None
    kept_by: str
    freshness: Freshness
    is_demo: bool
    changed_at: datetime


@dataclass(frozen=True)
class _Kept:
    stamp: str
    since: datetime
    until: datetime
    card: Card


_kept: dict[str, _Kept] = {}
forget_with(_kept.clear)
drop_when_changed(_kept.clear)


def cards(ids: Sequence[str], *, actor: Actor, now: datetime) -> list[Card]:
    """Return the cards of the entries `actor` may see, in the order of `ids`.

    One query, and four more when an entry is new to this process or was changed.
    """
    stamps = _stamps(ids, actor)
    found = {i: k.card for i in stamps if (k := _still_true(i, stamps[i], now))}
    missing = [i for i in stamps if i not in found]
    if missing:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        visible = Service.objects.visible_to(actor).order_by()
        for key, service in visible.with_details().in_bulk(missing).items():
            made = found[str(key)] = card(service, now=now)
            _kept[str(key)] = _Kept(stamps[str(key)], now, changes_at(made.slots, now), made)
    return [found[i] for i in ids if i in found]


def _stamps(ids: Sequence[str], actor: Actor) -> dict[str, str]:
    """Return the stamps of the entries among `ids` that `actor` may see."""
    sql, params = _stamps_sql(actor)
    with prepared() as cursor:
        cursor.execute(sql, [*params, f"{{{','.join(ids)}}}"])
        return dict(cursor.fetchall())


@lru_cache(maxsize=10)
def _stamps_sql(actor: Actor) -> tuple[str, tuple[Any, ...]]:
    """Return the query of the gate for `actor` without its last parameter, the ids.

    Making this query and its rows took Django four times what asking it takes. As one text,
    nothing in a stamp needs to be read: it only has to be the same.
    """
    rows = Service.objects.visible_to(actor).order_by()
    rows = rows.filter(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [[]]))
    stamp = Func(*STAMP, template="concat_ws('|', %(expressions)s)", output_field=CharField())
    sql, params = rows.values_list(Cast("pk", CharField()), stamp).query.sql_with_params()
    return sql, params[:-1]


def _still_true(key: str, stamp: str, now: datetime) -> _Kept | None:
    kept = _kept.get(key)
    return kept if kept and kept.stamp == stamp and kept.since <= now < kept.until else None


def card(service: Service, *, now: datetime) -> Card:
    """Return the card of one entry whose details were fetched."""
    slots = tuple(slot(s) for s in service.schedules.all())
    is_paused = service.status == Service.Status.PAUSED
    spots = _spots(service)
    phone = next(iter(service.phones.all()), None)
    return Card(
        id=str(service.pk),
        slug=service.slug,
        title=service.title,
        provider=service.provider.name,
        summary=summary(service.description),
        rung=service.rung,
        topics=tuple(service.topics),
        village=(spots and spots[0].village) or (service.village.name if service.village else ""),
        street=spots[0].street if spots else "",
        spots=spots,
        reach=service.reach,
        phone=phone.number if phone else "",
        email=service.email,
        website=service.website,
        cost=service.cost,
        is_free=service.is_free,
        wheelchair=service.wheelchair,
        without_appointment=service.without_appointment,
        needs_referral=service.needs_referral,
        languages=tuple(service.languages),
        waiting=service.waiting,
        slots=slots,
        next_time=None if is_paused else next_time(slots, now),
        is_open_now=any(is_on(s.recurrence, now) for s in slots)
        if slots and not is_paused
        else None,
        is_paused=is_paused,
        checked_on=service.checked_on,
        kept_by=service.kept_by,
        freshness=freshness(
            contacts_checked_on=service.contacts_checked_on,
            checked_on=service.checked_on,
            on=now.date(),
            terms=terms_of(service.municipality_id),
        ),
        is_demo=service.is_demo,
        changed_at=service.changed_at,
    )


def _spots(service: Service) -> tuple[Spot, ...]:
    """Return where an entry may be shown to be, at home first."""
    places = [place for place in service.places.all() if not place.is_hidden]
    places.sort(key=lambda place: place.village_id != service.village_id)
    return tuple(
        Spot(
            village=place.village.name if place.village else "",
            slug=place.village.slug if place.village else "",
            street=place.street,
            point=None if place.lat is None or place.lon is None else LatLon(place.lat, place.lon),
        )
        for place in places
    )


def nearest(card: Card, where: Where) -> Card:
    """Return a card with the place that is nearest: in the village asked from, or else to its
    point.
    """
    if len(card.spots) < 2:
        return card
    here = where.point
    far = [
        (
            spot.slug != where.village,
            here.km_to(spot.point) if here and spot.point else math.inf,
        )
        for spot in card.spots
    ]
    return _at(card, min(range(len(far)), key=far.__getitem__))


@lru_cache(maxsize=5_000)
def _at(card: Card, number: int) -> Card:
    spot = card.spots[number]
    return replace(card, village=spot.village or card.village, street=spot.street)


drop_when_changed(_at.cache_clear)
forget_with(_at.cache_clear)


def slot(schedule: Schedule) -> Slot:
    """Return a schedule as a frozen value."""
    return Slot(schedule.recurrence, schedule.note, schedule.is_activity)


def next_time(slots: Iterable[Slot], now: datetime) -> Occurrence | None:
    """Return the first occurrence that has not ended, within sixty days."""
    today = now.date()
    coming = (
        o
        for s in slots
        for o in occurrences(s.recurrence, since=today, until=today + LOOK_AHEAD)
        if o.ends_at > now
    )
    return min(coming, key=lambda o: o.starts_at, default=None)


def changes_at(slots: Iterable[Slot], now: datetime) -> datetime:
    """Return when something next opens or closes, or midnight, when "morgen" becomes "vandaag"."""
    today = now.date()
    near = (
        o
        for s in slots
        for o in occurrences(s.recurrence, since=today - timedelta(days=1), until=today)
    )
    midnight = datetime.combine(today + timedelta(days=1), time(), now.tzinfo)
    return min([midnight, *(t for o in near for t in (o.starts_at, o.ends_at) if t > now)])


def summary(description: str) -> str:
    """Return the first sentences of a description, as many as a card has room for."""
    text = " ".join(description.split())
    if len(text) <= ON_A_CARD:
        return text
    cut = text[: ON_A_CARD + 1]
    for mark in (". ", "? ", "! "):
        if cut.rfind(mark) > ON_A_CARD // 2:
            return cut[: cut.rfind(mark) + 1]
    return cut.rsplit(" ", 1)[0] + " …"
