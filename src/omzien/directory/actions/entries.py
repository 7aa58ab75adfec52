"""Providers and entries: add, publish, change, withdraw. Each keeps the search index true."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, count
from typing import Any

from django.db import connection, transaction

from omzien.areas.models import Municipality
from omzien.directory.importing.rows import Slot
from omzien.directory.language.topics import all_topics
from omzien.directory.models import (
    Domain,
    IndexVersion,
    Phone,
    Place,
    Provider,
    Schedule,
    SearchTokens,
    Service,
    ServicePlace,
    Topic,
)
from omzien.directory.rules import is_free
from omzien.directory.search.entries import topics_of, weighted_tokens
from omzien.journal.actions import record
from omzien.kernel.ladder import Rung
from omzien.kernel.recurrence import check_rule
from omzien.kernel.text import clean, slugify, sort_key


class Refused(Exception):
    """An action of the directory cannot be done; subclasses say why."""


@dataclass
class UnknownTopic(Refused):
    """A topic code that does not exist."""

    code: str


@dataclass(frozen=True)
class Draft:
    """All that an entry holds when it is published; `facts` are plain fields of Service."""

    title: str
    description: str
    rung: Rung
    topics: Sequence[str] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    phones: Sequence[tuple[str, str]] = ()
    schedules: Sequence[Slot] = ()
    places: Sequence[Place] = ()


@transaction.atomic
def load_topics() -> None:
    """Bring the tables of domains and topics up to the shipped list (data/topics.json)."""
    topics = list(all_topics().values())
    domains: dict[str, Domain] = {}
    for position, topic in enumerate(topics):
        code = topic.domain
        domains.setdefault(code, Domain(code=code, label_nl=code, label_en=code, position=position))
    Domain.objects.bulk_create(domains.values(), ignore_conflicts=True)
    Topic.objects.bulk_create(
        [
            Topic(
                code=topic.code,
                domain_id=topic.domain,
                label_nl=topic.nl,
                label_en=topic.en,
                position=position,
            )
            for position, topic in enumerate(topics)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["domain", "label_nl", "label_en", "position"],
    )


@transaction.atomic
def add_provider(
    *, municipality: Municipality | None, name: str, kind: str, by: str, **facts: Any
) -> Provider:
    """Add a provider of any kind; they are all equal here."""
    provider = Provider.objects.create(
        municipality=municipality, name=clean(name), sort_name=sort_key(name), kind=kind, **facts
    )
    _record("add", "provider", provider.id, municipality, by)
    return provider


@transaction.atomic
def publish(*, provider: Provider, draft: Draft, by: str) -> Service:
    """Publish an entry of a provider and make it findable.

    Raises UnknownTopic for a topic code that does not exist, and kernel.recurrence.BadRule
    for a recurrence rule that cannot be read.
    """
    _check_topics(draft.topics)
    facts = {"is_free": is_free(str(draft.facts.get("cost", ""))), **draft.facts}
    service = Service.objects.create(
        municipality_id=provider.municipality_id,
        provider=provider,
        slug=free_slug(draft.title),
        title=clean(draft.title),
        sort_title=sort_key(draft.title),
        description=clean(draft.description),
        rung=draft.rung,
        topics=list(draft.topics),
        **facts,
    )
    _add_parts(service, draft)
    reindex([service])
    _record("publish", "service", service.id, provider.municipality, by, rung=str(draft.rung))
    return service


@transaction.atomic
def change(*, service: Service, changes: dict[str, Any], by: str) -> Service:
    """Change plain fields of an entry; a new title keeps the web address that people know."""
    locked = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    _check_topics(changes.get("topics", ()))
    for name, value in changes.items():
        setattr(locked, name, clean(value) if isinstance(value, str) else value)
    # What an editor fills in is no suggestion any more.
    suggested = [n for n in locked.extra.get("suggested", ()) if n not in changes]
    if "suggested" in locked.extra:
        locked.extra = {**locked.extra, "suggested": suggested}
    if "title" in changes:
        locked.sort_title = sort_key(locked.title)
    if "cost" in changes:
        locked.is_free = is_free(locked.cost)
    locked.save()
    reindex([locked])
    _record("change", "service", locked.id, locked.municipality, by, fields=sorted(changes))
    return locked


@transaction.atomic
def withdraw(*, service: Service, on: date, by: str, why: str = "") -> None:
    """Take an entry out of the public directory; nothing is lost. `why` is a word for the log."""
    Service.objects.filter(pk=service.pk).update(status=Service.Status.WITHDRAWN, left_on=on)
    reindex([Service.objects.get(pk=service.pk)])
    told = {"why": why} if why else {}
    _record("withdraw", "service", service.id, service.municipality, by, **told)


def reindex(services: Iterable[Service]) -> None:
    """Analyse entries anew and move the version that every web process watches.

    All services must belong to the municipality that the transaction works for.
    """
    batch = list(services)
    if not batch:
        return
    version = next_version(batch[0].municipality_id)
    rows = [_tokens_of(service, version) for service in batch]
    SearchTokens.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["service"],
        update_fields=["tokens", "topics", "version"],
    )


def free_slug(title: str) -> str:
    """Return a web address for `title` that no visible entry has yet."""
    base = slugify(title)
    taken = set(Service.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    tries = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(one for one in tries if one not in taken)


def next_version(municipality_id: str | None) -> int:
    """Move the version of the municipality's index and return it; others wait for us."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {IndexVersion._meta.db_table} (municipality_id, version) VALUES (%s, 1)"  # noqa: S608  # nosec B608 # only names of our models
            " ON CONFLICT (municipality_id) DO UPDATE"
            f" SET version = {IndexVersion._meta.db_table}.version + 1 RETURNING version",
            [municipality_id],
        )
        return int(cursor.fetchone()[0])


def _tokens_of(service: Service, version: int) -> SearchTokens:
    labels = all_topics()
    # Topics that we suggested at an import weigh less than those that an editor chose.
    chosen = [] if "topics" in service.extra.get("suggested", ()) else service.topics
    return SearchTokens(
        service=service,
        municipality_id=service.municipality_id,
        tokens={
            token: round(amount, 2)
            for token, amount in weighted_tokens(
                title=service.title,
                provider=service.provider.name,
                description=service.description,
                keywords=" ".join(service.keywords),
                audience=" ".join(service.audience),
                eligibility=service.eligibility,
                topic_labels=" ".join(labels[t].nl for t in chosen if t in labels),
            ).items()
        },
        topics=topics_of(chosen, title=service.title, description=service.description),
        version=version,
    )


def schedules_of(service: Service, slots: Iterable[Slot]) -> list[Schedule]:
    """Return the times of an entry as rows that are not saved yet."""
    return [
        Schedule(
            municipality_id=service.municipality_id,
            service=service,
            is_activity=slot.is_activity,
            first_on=slot.recurrence.first_on,
            starts=slot.recurrence.starts,
            ends=slot.recurrence.ends,
            rule=slot.recurrence.rule,
            except_on=list(slot.recurrence.except_on),
            also_on=list(slot.recurrence.also_on),
            note=slot.note,
        )
        for slot in slots
    ]


def _add_parts(service: Service, draft: Draft) -> None:
    owner = {"municipality_id": service.municipality_id, "service": service}
    Phone.objects.bulk_create(
        Phone(number=number, note=note, position=i, **owner)
        for i, (number, note) in enumerate(draft.phones)
    )
    for slot in draft.schedules:
        check_rule(slot.recurrence.rule)
    Schedule.objects.bulk_create(schedules_of(service, draft.schedules))
    ServicePlace.objects.bulk_create(ServicePlace(place=place, **owner) for place in draft.places)


def _check_topics(codes: Iterable[str]) -> None:
    for code in codes:
        if code not in all_topics():
            raise UnknownTopic(code)


def _record(
    verb: str,
    subject: str,
    subject_id: object,
    municipality: Municipality | None,
    by: str,
    rung: str = "",
    **details: Any,
) -> None:
    record(
        verb=verb,
        subject=subject,
        subject_id=subject_id,
        by=by,
        municipality=municipality.code if municipality else None,
        rung=rung,
        **details,
    )
