"""From checked entries to rows of our tables. Ids are made from the source's numbers, so that
the same entry always gets the same id in the same municipality.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.directory.actions.entries import schedules_of
from omzien.directory.actions.importing.plan import marks
from omzien.directory.hsds import keeping
from omzien.directory.hsds.ids import OURS
from omzien.directory.hsds.write import Parts, bare_service_out
from omzien.directory.importing.rows import Checked, IncomingPlace, IncomingProvider
from omzien.directory.models import Phone, Place, Provider, Schedule, Service, ServicePlace
from omzien.kernel.ladder import Rung
from omzien.kernel.text import fold, slugify, sort_key

FILLED = ("name", "kind", "description", "email", "website", "phone", "external_id")
KIND_WORDS = (
    ("municipality", ("gemeente", "city of", "county", "council")),
    ("church", ("kerk", "parochie", "moskee", "diaconie", "church", "mosque", "synagogue")),
    ("education", ("school", "college", "university", "bibliotheek", "library")),
    ("health", ("ziekenhuis", "huisarts", "ggz", "ggd", "hospital", "health", "clinic")),
    ("association", ("vereniging", "association", "club")),
    ("company", (" b.v", " bv", " inc", " llc", " ltd", "company")),
)


@dataclass
class Built:
    """One entry as rows. `service.extra` holds what was suggested and where it came from."""

    service: Service
    phones: list[Phone] | None
    schedules: list[Schedule] | None
    places: list[Place] | None
    links: list[ServicePlace]


@dataclass
class Builder:
    """Builds the rows of a municipality's entries; knows its providers, villages and names."""

    municipality: Municipality
    source: str
    run: str = ""
    """The import that new entries come from, to take them off the site together."""
    providers: dict[str, Provider] = field(default_factory=dict)
    """By "id:" + external id and by "name:" + folded name."""
    new_providers: dict[str, Provider] = field(default_factory=dict)
    filled_providers: dict[str, Provider] = field(default_factory=dict)
    filled_before: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the filled providers said before, of FILLED."""
    slugs: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    """The ids of entries that are there; two lists may both have a number A-001."""
    new_keys: dict[str, str] = field(default_factory=dict)
    """The ids that new entries got, by the number in the file."""
    villages: dict[str, Village] = field(default_factory=dict)
    now: datetime = field(default_factory=timezone.now)
    _next: dict[str, int] = field(default_factory=dict)

    def load(self) -> None:
        """Read what the municipality has already."""
        for provider in Provider.objects.filter(municipality=self.municipality):
            self.providers.setdefault(f"name:{fold(provider.name)}", provider)
            if provider.external_id:
                self.providers[f"id:{provider.external_id}"] = provider
        there = list(Service.objects.values_list("slug", "pk"))
        self.slugs = {slug for slug, _key in there}
        self.taken = {str(key) for _slug, key in there}
        self.villages = {fold(v.name): v for v in self.municipality.villages.all()}
        self.by_id = {v.pk: v for v in self.villages.values()}

    def made(self, *parts: object) -> uuid.UUID:
        """Return the id that belongs to `parts` within this municipality and source."""
        return _made(self.municipality.code, self.source, *parts)

    def build(self, entry: Checked, key: str = "") -> Built:
        """Return the rows of an entry as the source gives it; `key` of one that is there."""
        suggested = [name for name, value in
                     (("topics", entry.topics), ("rung", entry.rung)) if not value]  # fmt: skip
        if not entry.provider.kind:
            suggested.append("kind")
        said = entry.source.get("suggested")
        if isinstance(said, list):
            suggested = list(dict.fromkeys([*suggested, *map(str, said)]))
        service = Service(
            id=uuid.UUID(key) if key else self._free_key(entry),
            municipality_id=self.municipality.code,
            title=entry.title,
            sort_title=sort_key(entry.title),
            description=entry.description,
            rung=entry.rung or Rung.GENERAL,
            topics=list(entry.topics or ()),
            external_id=entry.external_id,
            changed_at=self.now,
            extra={
                "import": {
                    "source": self.source,
                    "marks": {self.source: marks(entry)},
                    "run": self.run,
                },
                **({"suggested": suggested} if suggested else {}),
                **({"left_out": dict(entry.left_out)} if entry.left_out else {}),
            },
            **_columns(entry.facts),
        )
        service.provider = self.provider(entry.provider)
        service.municipality = self.municipality
        service.village = self.by_id.get(service.village_id) if service.village_id else None
        built = Built(
            service,
            self._phones(entry, service),
            self._schedules(entry, service),
            *self._places(entry, service),
        )
        hsds = entry.source.get("hsds")
        if hsds:
            parts = Parts(built.phones or [], built.schedules or [], built.links)
            kept = keeping.keep(hsds, bare_service_out(service, parts))
            if kept:
                service.extra["hsds"] = kept
        return built

    def _free_key(self, entry: Checked) -> uuid.UUID:
        key, number = self.made("service", entry.external_id), 1
        while str(key) in self.taken:
            provider = fold(entry.provider.name)
            key, number = self.made("service", entry.external_id, provider, number), number + 1
        self.taken.add(str(key))
        self.new_keys[entry.external_id] = str(key)
        return key

    def slug(self, wanted: str, title: str) -> str:
        """Return a web address that nobody has yet."""
        base = slugify(wanted or title)
        if base not in self.slugs:
            self.slugs.add(base)
            return base
        number = self._next.get(base, 2)
        while f"{base}-{number}" in self.slugs:
            number += 1
        self._next[base] = number + 1
        self.slugs.add(f"{base}-{number}")
        return f"{base}-{number}"

    def provider(self, given: IncomingProvider) -> Provider:
        """Return the provider that is meant: by its number, else by exactly its name, else new."""
        by_id, by_name = f"id:{given.external_id}", f"name:{fold(given.name)}"
        found = self.providers.get(by_id) if given.external_id else self.providers.get(by_name)
        if found is None and given.external_id:
            named = self.providers.get(by_name)
            found = named if named and not named.external_id else None
        if found is None:
            found = self._new_provider(given)
            self.providers.setdefault(by_name, found)
        elif self._fill(found, given, over=False):
            self._note_filled(found)
        if given.external_id:
            self.providers[by_id] = found
        return found

    def refill(self, given: IncomingProvider) -> None:
        """Bring a provider up to what the source now says of it."""
        provider = self.provider(given)
        if self._fill(provider, given, over=True):
            self._note_filled(provider)

    def _note_filled(self, provider: Provider) -> None:
        if str(provider.pk) not in self.new_providers:
            self.filled_providers[str(provider.pk)] = provider

    def _new_provider(self, given: IncomingProvider) -> Provider:
        provider = Provider(
            id=self.made("provider", given.external_id or fold(given.name)),
            municipality_id=self.municipality.code,
            name=given.name,
            sort_name=sort_key(given.name),
            kind=given.kind or guessed_kind(given.name),
            description=given.description,
            email=given.email,
            website=given.website,
            phone=given.phone,
            external_id=given.external_id,
        )
        self.new_providers[str(provider.pk)] = provider
        return provider

    def _fill(self, provider: Provider, given: IncomingProvider, *, over: bool) -> bool:
        changed = False
        before = {name: getattr(provider, name) for name in FILLED}
        for name in FILLED:
            value, old = getattr(given, name), getattr(provider, name)
            if value and value != old and (over or not old):
                setattr(provider, name, value)
                changed = True
        if changed and str(provider.pk) not in self.new_providers:
            self.filled_before.setdefault(str(provider.pk), before)
        provider.sort_name = sort_key(provider.name)
        return changed

    def _phones(self, entry: Checked, service: Service) -> list[Phone] | None:
        if entry.phones is None:
            return None
        return [
            Phone(municipality_id=self.municipality.code, service=service, number=number,
                  note=note, position=position)
            for position, (number, note) in enumerate(entry.phones)
        ]  # fmt: skip

    def _schedules(self, entry: Checked, service: Service) -> list[Schedule] | None:
        return None if entry.schedules is None else schedules_of(service, entry.schedules)

    def _places(
        self, entry: Checked, service: Service
    ) -> tuple[list[Place] | None, list[ServicePlace]]:
        if entry.places is None:
            return None, []
        apart: dict[uuid.UUID, Place] = {}
        for place in map(self._place, entry.places):
            same = apart.setdefault(place.pk, place)
            same.is_hidden |= place.is_hidden
        places = list(apart.values())
        links = [
            ServicePlace(
                id=uuid.uuid5(service.pk, str(place.pk)),
                municipality_id=self.municipality.code,
                service=service,
                place=place,
            )
            for place in places
        ]
        return places, links

    def _place(self, given: IncomingPlace) -> Place:
        village = self.by_id.get(given.village) or self.villages.get(fold(given.town))
        place = Place(
            id=place_key(self.municipality, self.source, given),
            municipality_id=self.municipality.code,
            name=given.name,
            street=given.street,
            postcode=given.postcode,
            town=given.town,
            lat=given.lat if given.lon is not None else None,
            lon=given.lon if given.lat is not None else None,
            wheelchair=given.wheelchair,
            is_hidden=given.is_hidden,
        )
        place.village = village
        return place


def place_key(municipality: Municipality, source: str, given: IncomingPlace) -> uuid.UUID:
    """Return the id that a place of a file has, here already or when it comes."""
    return _made(
        municipality.code, source, "place", fold(given.name), fold(given.street), given.postcode,
        fold(given.town), given.lat, given.lon,
    )  # fmt: skip


def _made(*parts: object) -> uuid.UUID:
    return uuid.uuid5(OURS, "/".join(map(str, parts)))


def guessed_kind(name: str) -> str:
    """Return the kind of provider that a name suggests; most are foundations."""
    folded = f" {fold(name)} "
    for kind, signs in KIND_WORDS:
        if any(sign in folded for sign in signs):
            return kind
    return "foundation"


def _columns(facts: dict[str, Any]) -> dict[str, Any]:
    renamed = dict(facts)
    if "village" in renamed:
        renamed["village_id"] = renamed.pop("village")
    return renamed


def carry_over(old: Service, fresh: Service, names: Iterable[str]) -> None:
    """Bring the values of `names` from the fresh service to the one that exists."""
    suggested = set(old.extra.get("suggested", ()))
    for name in names:
        if name == "title":
            old.title, old.sort_title = fresh.title, fresh.sort_title
        elif name == "provider":
            old.provider = fresh.provider
        elif name in ("topics", "rung"):
            setattr(old, name, getattr(fresh, name))
            suggested.discard(name)
        elif name == "village":
            old.village_id = fresh.village_id
        elif name not in ("phones", "schedules", "places", "source"):
            setattr(old, name, getattr(fresh, name))
    # A source without anything beyond our columns (a table) leaves what another one said.
    replaced = {"suggested", *(("hsds", "left_out") if "hsds" in fresh.extra else ())}
    kept = {k: v for k, v in old.extra.items() if k not in replaced}
    new = {k: v for k, v in fresh.extra.items() if k not in ("suggested", "import")}
    new["import"] = _origin(old.extra.get("import", {}), fresh.extra["import"])
    old.extra = {**kept, **new, **({"suggested": sorted(suggested)} if suggested else {})}


def _origin(old: dict[str, Any], fresh: dict[str, Any]) -> dict[str, Any]:
    """Return where an entry comes from: who brought it first, and what each source said."""
    return {
        "source": old.get("source", fresh["source"]),
        "run": old.get("run", ""),
        "marks": {**old.get("marks", {}), **fresh["marks"]},
    }
