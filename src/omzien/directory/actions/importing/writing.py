"""Writing a plan in one go: the analysis runs on the other core while we copy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from omzien.directory.actions.entries import next_version
from omzien.directory.actions.importing.building import Builder, Built, carry_over
from omzien.directory.actions.importing.comparing import address
from omzien.directory.actions.importing.copying import Staging
from omzien.directory.actions.importing.plan import Change, Plan
from omzien.directory.importing.rows import WRITTEN, Checked, Progress
from omzien.directory.models import (
    Phone,
    Place,
    Provider,
    Schedule,
    SearchTokens,
    Service,
    ServicePlace,
)
from omzien.directory.search.bulk import CHUNK, Analysed, Text, analyse_chunks

Thing = TypeVar("Thing")


@dataclass
class Tables:
    """The tables that an entry goes into."""

    providers: Staging = field(
        default_factory=lambda: Staging(Provider, conflict="id", keep=["created_at"])
    )
    services: Staging = field(
        default_factory=lambda: Staging(Service, conflict="id", keep=["created_at"])
    )
    # A place that an editor has hidden since stays hidden, whatever the file says.
    places: Staging = field(
        default_factory=lambda: Staging(
            Place,
            conflict="id",
            keep=["is_hidden", "external_id"],
            own=["is_hidden = directory_place.is_hidden OR excluded.is_hidden"],
        )
    )
    links: Staging = field(default_factory=lambda: Staging(ServicePlace))
    phones: Staging = field(default_factory=lambda: Staging(Phone))
    schedules: Staging = field(default_factory=lambda: Staging(Schedule))
    tokens: Staging = field(default_factory=lambda: Staging(SearchTokens, conflict="service_id"))

    def finish(self) -> None:
        """Move everything from its temporary table, parents first."""
        for staging in (
            self.providers, self.services, self.places, self.links, self.phones,
            self.schedules, self.tokens,
        ):  # fmt: skip
            staging.finish()


def write(plan: Plan, builder: Builder, progress: Progress | None) -> None:
    """Write what is new and changed, with its search tokens. The caller holds a transaction."""
    builder.load()
    tables = Tables()
    version = next_version(builder.municipality.code)
    places: dict[str, Place] = {}
    built = [*_new(plan.new, builder), *_changed(plan, builder)]
    done = 0
    chunks = list(_chunks(built))
    analyses = analyse_chunks([list(map(_text, chunk)) for chunk in chunks], count=len(built))
    for chunk, analysed in zip(chunks, analyses, strict=True):
        for one, words in zip(chunk, analysed, strict=True):
            _suggest(one.service, words)
            places |= {str(place.pk): _stricter(places, place) for place in one.places or ()}
        _stage(tables, chunk)
        tables.tokens.add_rows([_tokens(one, words, tables, version)
                                for one, words in zip(chunk, analysed, strict=True)])  # fmt: skip
        done += len(chunk)
        if progress:
            progress(WRITTEN, done)
    tables.providers.add([*builder.new_providers.values(), *builder.filled_providers.values()])
    tables.places.add(places.values())
    tables.finish()


def _new(entries: Iterable[Checked], builder: Builder) -> Iterator[Built]:
    for entry in entries:
        one = builder.build(entry)
        one.service.slug = builder.slug(entry.slug, entry.title)
        yield one


def _changed(plan: Plan, builder: Builder) -> Iterator[Built]:
    changes = [*plan.changed, *plan.noted]
    services = Service.objects.in_bulk([change.key for change in changes])
    by_key = {str(key): service for key, service in services.items()}
    for model in (Phone, Schedule):
        part = f"{model._meta.model_name}s"
        keys = [change.key for change in plan.changed if part in change.names]
        model.objects.filter(service_id__in=keys).delete()
    links = _links_of([c.key for c in plan.changed if "places" in c.names])
    given_before = [c.key for c in plan.changed if "places" in c.names and c.had_places]
    gone = [link.pk for key in given_before for link in _leaving(links.get(key, []))]
    ServicePlace.objects.filter(pk__in=gone).delete()
    for change in changes:
        if "provider" in change.names:
            builder.refill(change.entry.provider)
        fresh = builder.build(change.entry, key=change.key)
        yield _merged(by_key[change.key], fresh, change, links.get(change.key, []))


def _links_of(keys: list[str]) -> dict[str, list[ServicePlace]]:
    found: dict[str, list[ServicePlace]] = {}
    for link in ServicePlace.objects.filter(service_id__in=keys).select_related("place"):
        found.setdefault(str(link.service_id), []).append(link)
    return found


def _merged(old: Service, fresh: Built, change: Change, there: list[ServicePlace]) -> Built:
    """Return the rows of an entry that exists, changed where its source changed.

    Where the entry has a hidden place, every place that comes for it is hidden too, but for those
    that are shown here. A source that did not give its places before only adds those that are
    not there yet.
    """
    carry_over(old, fresh.service, change.names)
    if change.comes_back:
        old.status, old.left_on = fresh.service.status, None
    for row in (*(fresh.phones or ()), *(fresh.schedules or ()), *fresh.links):
        row.service = old
    leaving = _leaving(there) if change.had_places else []
    known = {address(link.place) for link in there if link not in leaving}
    has_hidden = any(link.place.is_hidden for link in there)
    shown = {address(link.place) for link in there if not link.place.is_hidden}
    links = [link for link in fresh.links if address(link.place) not in known]
    for link in links:
        link.place.is_hidden |= has_hidden and address(link.place) not in shown
    if "places" not in change.names:
        links = []
    return Built(
        old,
        fresh.phones if "phones" in change.names else None,
        fresh.schedules if "schedules" in change.names else None,
        [link.place for link in links],
        links,
    )


def _leaving(there: list[ServicePlace]) -> list[ServicePlace]:
    """Return what makes room for the places of a file: not the hidden ones beside others."""
    return [link for link in there if not link.place.is_hidden] or there


def _stricter(places: dict[str, Place], place: Place) -> Place:
    known = places.get(str(place.pk))
    if known is not None and known.is_hidden:
        place.is_hidden = True
    return place


def _stage(tables: Tables, chunk: list[Built]) -> None:
    tables.services.add(one.service for one in chunk)
    tables.phones.add(phone for one in chunk for phone in one.phones or ())
    tables.schedules.add(slot for one in chunk for slot in one.schedules or ())
    tables.links.add(link for one in chunk for link in one.links)


def _text(one: Built) -> Text:
    service = one.service
    suggested = "topics" in service.extra.get("suggested", ())
    return Text(
        title=service.title,
        provider=service.provider.name,
        description=service.description,
        keywords=" ".join(service.keywords),
        audience=" ".join(service.audience),
        eligibility=service.eligibility,
        topics=() if suggested else tuple(service.topics),
    )


def _suggest(service: Service, words: Analysed) -> None:
    if "topics" in service.extra.get("suggested", ()) and not service.topics:
        service.topics = list(words.suggested)


def _tokens(one: Built, words: Analysed, tables: Tables, version: int) -> tuple[object, ...]:
    row = {
        "service_id": one.service.pk,
        "municipality_id": one.service.municipality_id,
        "tokens": words.tokens,
        "topics": words.topics,
        "version": version,
    }
    return tuple(row[column] for column in tables.tokens.columns)


def _chunks(things: list[Thing]) -> Iterator[list[Thing]]:
    rest = iter(things)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
