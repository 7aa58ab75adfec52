"""Places outside the municipality: postcodes, towns and villages of the whole country."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F

from omzien.areas.models import Buurt, Municipality, Postcode, Village
from omzien.areas.queries.gazetteer import gazetteer, of_village, village_info
from omzien.areas.queries.memory import remembered
from omzien.areas.queries.results import Resolved, Unresolved, VillageInfo
from omzien.areas.rules import code_of_municipality, name_key
from omzien.kernel.geo import LatLon, OutlineIndex

NEAREST = 40


@dataclass(frozen=True)
class PostcodeInfo:
    """A four-digit postcode; `buurt_codes` is empty for post boxes."""

    pc4: str
    town: str
    point: LatLon
    buurt_codes: tuple[str, ...]
    municipality: str
    """CBS code, or "" when unknown."""


@remembered(1)
def postcodes() -> Mapping[str, PostcodeInfo]:
    """Return all postcodes (one query, then none)."""
    rows = list(Postcode.objects.values_list("pc4", "town", "lat", "lon", "buurt_codes"))
    by_town: dict[str, Counter[str]] = defaultdict(Counter)
    for _pc4, town, _lat, _lon, codes in rows:
        by_town[town].update(code_of_municipality(code) for code in codes)
    return {
        pc4: PostcodeInfo(
            pc4,
            town,
            LatLon(lat, lon),
            tuple(codes),
            _most(Counter(code_of_municipality(code) for code in codes) or by_town[town]),
        )
        for pc4, town, lat, lon, codes in rows
    }


@remembered(1)
def municipality_names() -> Mapping[str, str]:
    """Return the names of all known municipalities by code (one query, then none)."""
    return dict(Municipality.objects.values_list("code", "name"))


@remembered(1)
def _municipalities() -> Mapping[str, str]:
    return {name_key(name): code for code, name in municipality_names().items()}


@remembered(1)
def villages() -> Mapping[str, tuple[VillageInfo, ...]]:
    """Return all villages of all municipalities by name and old name (one query, then none)."""
    found: dict[str, list[VillageInfo]] = defaultdict(list)
    for village in map(village_info, Village.objects.all()):
        for name in {name_key(word) for word in (village.name, *village.also_called)}:
            found[name].append(village)
    return {key: tuple(value) for key, value in found.items()}


@remembered(1)
def towns() -> Mapping[str, tuple[PostcodeInfo, ...]]:
    """Return one postcode for each town and municipality, by the town's name."""
    found: dict[str, dict[tuple[str, str], PostcodeInfo]] = defaultdict(dict)
    # A post box lies at a sorting centre: prefer a postcode where people live.
    for postcode in sorted(postcodes().values(), key=lambda p: not p.buurt_codes):
        key = (postcode.town, postcode.municipality)
        found[name_key(postcode.town)].setdefault(key, postcode)
    return {key: tuple(value.values()) for key, value in found.items()}


def by_name(key: str, here: str, near: LatLon | None) -> Resolved | Unresolved | None:
    """Return the place outside municipality `here` that goes by `key`, the nearest of several."""
    if village := by_village(key, here):
        return village
    code = _municipalities().get(key, here)
    if code != here:
        name = municipality_names()[code]
        return Resolved(name, gazetteer(code).point, code, elsewhere=name)
    outside = [p for p in towns().get(key, ()) if p.municipality != here]
    if not outside:
        return None
    return of_town(min(outside, key=lambda p: near.km_to(p.point) if near else 0))


def by_village(key: str, here: str) -> Resolved | Unresolved | None:
    """Return the village outside municipality `here` that goes by `key`; of several, the names."""
    outside = [village for village in villages().get(key, ()) if village.municipality != here]
    if len(outside) > 1:
        return Unresolved(tuple(village.name for village in outside))
    if not outside:
        return None
    return of_village(outside[0], municipality_names()[outside[0].municipality])


def of_town(postcode: PostcodeInfo) -> Resolved:
    """Return a town of another municipality as the place that was meant."""
    code = postcode.municipality
    name = municipality_names().get(code, postcode.town)
    return Resolved(postcode.town, postcode.point, code, elsewhere=name)


def names() -> list[str]:
    """Return the keys of all villages, municipalities and towns."""
    return [*villages(), *_municipalities(), *towns()]


def holding(point: LatLon, here: str) -> Resolved | None:
    """Return the municipality other than `here` whose outlines hold `point` (one query)."""
    # Good enough for "nearest" at this latitude, where a degree east is 0.62 of one north.
    distance = (F("lat") - point.lat) ** 2 + 0.38 * (F("lon") - point.lon) ** 2
    around = Buurt.objects.filter(
        outline__isnull=False,
        lat__range=(point.lat - 0.15, point.lat + 0.15),
        lon__range=(point.lon - 0.25, point.lon + 0.25),
    ).exclude(municipality=here)
    rows = around.order_by(distance, "-year").values_list("code", "outline")[:NEAREST]
    outlines: dict[str, str] = {}
    for code, outline in rows:
        outlines.setdefault(code, json.dumps(outline))
    found = OutlineIndex(outlines).holding(point) if outlines else None
    if found is None:
        return None
    owner = code_of_municipality(found)
    name = municipality_names().get(owner, owner)
    buurt = gazetteer(owner).buurten.get(found)
    village = buurt.village if buurt else None
    label = village.name if village else name
    return Resolved(label, point, owner, village, buurt_code=found, elsewhere=name)


def _most(counts: Counter[str]) -> str:
    return counts.most_common(1)[0][0] if counts else ""
