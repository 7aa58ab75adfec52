"""What a list of entries shows: one frozen card each, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from omzien.directory.models import Schedule, Service
from omzien.directory.rules import Actor, Freshness, freshness
from omzien.kernel.recurrence import Occurrence, Recurrence, is_on, occurrences

LOOK_AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Slot:
    """A recurring time with its remark."""

    recurrence: Recurrence
    note: str
    is_activity: bool


@dataclass(frozen=True)
class Card:
    """An entry as a list shows it. `village` is "" for what is offered everywhere."""

    id: str
    slug: str
    title: str
    provider: str
    summary: str
    rung: str
    topics: tuple[str, ...]
    village: str
    street: str
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
    freshness: Freshness
    is_demo: bool
    changed_at: datetime


def cards(ids: Sequence[str], *, actor: Actor, now: datetime) -> list[Card]:
    """Return the cards of the entries `actor` may see, in the order of `ids` (4 queries)."""
    found = Service.objects.visible_to(actor).with_details().in_bulk(list(ids))
    by_id = {str(key): service for key, service in found.items()}
    return [card(by_id[i], now=now) for i in ids if i in by_id]


def card(service: Service, *, now: datetime) -> Card:
    """Return the card of one entry whose details were fetched."""
    slots = tuple(slot(s) for s in service.schedules.all())
    place = next((p for p in service.places.all() if not p.is_hidden), None)
    phone = next(iter(service.phones.all()), None)
    return Card(
        id=str(service.pk),
        slug=service.slug,
        title=service.title,
        provider=service.provider.name,
        summary=summary(service.description),
        rung=service.rung,
        topics=tuple(service.topics),
        village=service.village.name if service.village else "",
        street=place.street if place else "",
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
        next_time=next_time(slots, now),
        is_open_now=any(is_on(s.recurrence, now) for s in slots) if slots else None,
        is_paused=service.status == Service.Status.PAUSED,
        checked_on=service.checked_on,
        freshness=freshness(
            contacts_checked_on=service.contacts_checked_on,
            checked_on=service.checked_on,
            on=now.date(),
        ),
        is_demo=service.is_demo,
        changed_at=service.changed_at,
    )


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


def summary(description: str, most: int = 220) -> str:
    """Return the first sentences of a description, up to `most` characters."""
    text = " ".join(description.split())
    if len(text) <= most:
        return text
    cut = text[: most + 1]
    for mark in (". ", "? ", "! "):
        if cut.rfind(mark) > most // 2:
            return cut[: cut.rfind(mark) + 1]
    return cut.rsplit(" ", 1)[0] + " …"
