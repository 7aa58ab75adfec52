"""All names of one municipality, ready for looking up; kept in memory."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from omzien.areas.models import Buurt, Municipality, Village, Wijk
from omzien.areas.queries.memory import remembered
from omzien.areas.queries.results import Resolved, VillageInfo
from omzien.areas.rules import name_key
from omzien.kernel.geo import LatLon
from omzien.kernel.text import sort_key

Names = Mapping[str, tuple[Resolved, ...]]
"""Places by `name_key`; several where a name is ambiguous."""


@dataclass(frozen=True)
class BuurtInfo:
    """A buurt of the newest edition."""

    code: str
    name: str
    point: LatLon | None
    inhabitants: float
    village: VillageInfo | None


@dataclass(frozen=True)
class Gazetteer:
    """One municipality's places. `tiers` of names, the first that knows a name wins."""

    code: str
    name: str
    point: LatLon | None
    villages: tuple[VillageInfo, ...]
    buurten: Mapping[str, BuurtInfo]
    tiers: tuple[Names, ...]


@remembered(64)
def gazetteer(code: str) -> Gazetteer:
    """Return the names of the municipality with CBS code `code` (four queries, then none)."""
    name = Municipality.objects.filter(code=code).values_list("name", flat=True).first() or code
    villages = tuple(
        sorted(map(village_info, Village.objects.filter(municipality=code)), key=_by_name)
    )
    buurten = _buurten(code, villages)
    point = _middle(buurten.values())
    large = [(name, Resolved(name, point, code)), *_wijken(code, buurten)]
    return Gazetteer(
        code=code,
        name=name,
        point=point,
        villages=villages,
        buurten=buurten,
        tiers=(
            _names(_of_villages(villages)),
            _names(large),
            _names((buurt.name, of_buurt(buurt, code)) for buurt in buurten.values()),
        ),
    )


def village_info(village: Village) -> VillageInfo:
    """Return a village as a frozen value."""
    return VillageInfo(
        id=village.pk,
        slug=village.slug,
        name=village.name,
        municipality=village.municipality_id,
        also_called=tuple(village.also_called),
        buurt_codes=tuple(village.buurt_codes),
        point=point_at(village.lat, village.lon),
    )


def point_at(lat: float | None, lon: float | None) -> LatLon | None:
    """Return a point when both degrees are known."""
    return LatLon(lat, lon) if lat is not None and lon is not None else None


def of_village(village: VillageInfo, elsewhere: str = "") -> Resolved:
    """Return a village as the place that was meant."""
    return Resolved(village.name, village.point, village.municipality, village, elsewhere=elsewhere)


def of_buurt(buurt: BuurtInfo, municipality: str) -> Resolved:
    """Return a buurt as the place that was meant."""
    village = buurt.village
    label = buurt.name
    if village and village.name.casefold() not in label.casefold():
        label = f"{buurt.name} ({village.name})"
    return Resolved(
        label,
        buurt.point or (village.point if village else None),
        municipality,
        village,
        wijk_code="WK" + buurt.code[2:8],
        buurt_code=buurt.code,
    )


def _by_name(village: VillageInfo) -> str:
    return sort_key(village.name)


def _buurten(code: str, villages: Iterable[VillageInfo]) -> dict[str, BuurtInfo]:
    home = {buurt: village for village in villages for buurt in village.buurt_codes}
    rows = Buurt.objects.filter(municipality=code).values_list(
        "year", "code", "name", "lat", "lon", "figures__inhabitants"
    )
    newest = max((row[0] for row in rows), default=0)
    return {
        buurt: BuurtInfo(buurt, name, point_at(lat, lon), float(people or 0), home.get(buurt))
        for year, buurt, name, lat, lon, people in rows
        if year == newest
    }


def _wijken(code: str, buurten: Mapping[str, BuurtInfo]) -> list[tuple[str, Resolved]]:
    rows = Wijk.objects.filter(municipality=code).values_list("year", "code", "name")
    newest = max((row[0] for row in rows), default=0)
    found = []
    for year, wijk, name in rows:
        if year == newest:
            inside = [buurt for buurt in buurten.values() if buurt.code[2:8] == wijk[2:]]
            found.append((name, Resolved(name, _middle(inside), code, wijk_code=wijk)))
    return found


def _middle(buurten: Iterable[BuurtInfo]) -> LatLon | None:
    """Return the mean of the buurten's points, weighted by inhabitants (at least one)."""
    placed = [(b.point, max(b.inhabitants, 1.0)) for b in buurten if b.point]
    total = sum(weight for _point, weight in placed)
    if not placed:
        return None
    return LatLon(
        sum(point.lat * weight for point, weight in placed) / total,
        sum(point.lon * weight for point, weight in placed) / total,
    )


def _of_villages(villages: Iterable[VillageInfo]) -> list[tuple[str, Resolved]]:
    return [
        (name, of_village(village))
        for village in villages
        for name in (village.name, *village.also_called)
    ]


def _names(places: Iterable[tuple[str, Resolved]]) -> dict[str, tuple[Resolved, ...]]:
    found: dict[str, dict[Resolved, None]] = defaultdict(dict)
    for name, place in places:
        found[name_key(name)][place] = None
    return {key: tuple(value) for key, value in found.items() if key}
