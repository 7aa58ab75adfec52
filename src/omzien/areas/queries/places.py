"""From what someone types to a place: a name, a postcode or a point."""

import re
from collections import Counter
from collections.abc import Iterator

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from omzien.areas.models import Municipality
from omzien.areas.queries import elsewhere
from omzien.areas.queries.gazetteer import BuurtInfo, Gazetteer, gazetteer, of_buurt
from omzien.areas.queries.maps import outline_index
from omzien.areas.queries.results import Resolved, Unresolved, VillageInfo
from omzien.areas.rules import name_key, within_reach
from omzien.kernel.geo import BOUNDS, LatLon
from omzien.kernel.text import clean

LONGEST = 120
MOST_WORDS = 12
NEAR_NAMES = 3
# Simplified outlines leave slivers between them; a point this near belongs to the buurt.
SLIVER_KM = 1.0
# Further from any postcode than this, a point lies abroad or in the sea.
ABROAD_KM = 8.0

_POINT = re.compile(r"(-?\d{1,3}[.,]\d{1,15})\s*[,; ]\s*(-?\d{1,3}[.,]\d{1,15})", re.ASCII)
_POSTCODE = re.compile(r"(?<![\w.,])([1-9]\d{3})(?:\s?[a-z]{2})?(?!\w)", re.ASCII | re.IGNORECASE)


def resolve(text: str, municipality: Municipality) -> Resolved | Unresolved:
    """Return the place that `text` means to someone in `municipality`.

    Understands "lat,lon" in degrees, a postcode of four digits or whole, and the name of
    a village (also an old one, or with a typing error), the municipality, a wijk or a
    buurt; inside an address too. A place in another municipality says which in
    `elsewhere`. Never raises, whatever the text; what is not understood comes back with
    the names that come near.
    """
    places = gazetteer(municipality.code)
    # Cut before cleaning, so that five megabytes cost nothing.
    words = clean(text[:LONGEST]) if len(text) <= LONGEST * 10 else ""
    if match := _POINT.fullmatch(words):
        lat, lon = (float(degrees.replace(",", ".")) for degrees in match.groups())
        return _at(LatLon(lat, lon), places)
    for match in _POSTCODE.finditer(words):
        if found := _in_postcode(match[1], places):
            return found
    if _POSTCODE.fullmatch(words):
        return Unresolved(_near_postcodes(words[:3], places))
    return _named(name_key(words), places)


def _named(key: str, places: Gazetteer) -> Resolved | Unresolved:
    if not any(letter.isalpha() for letter in key):
        return Unresolved()
    for tier in places.tiers:
        if found := tier.get(key):
            return _one(found)
    if outside := elsewhere.by_name(key, places.code, places.point):
        return outside
    for part in _parts(key):
        for tier in places.tiers[:2]:
            if found := tier.get(part):
                return _one(found)
        if outside := elsewhere.by_village(part, places.code):
            return outside
    return _misspelt(key, places) or Unresolved(_near_names(key, places))


def _one(found: tuple[Resolved, ...]) -> Resolved | Unresolved:
    if len(found) == 1:
        return found[0]
    return Unresolved(tuple(place.label for place in found))


def _parts(key: str) -> Iterator[str]:
    """Yield the runs of words in `key`, longest first and last first: an address ends in a town."""
    words = key.split()[-MOST_WORDS:]
    for size in range(min(3, len(words) - 1), 0, -1):
        for start in range(len(words) - size, -1, -1):
            yield " ".join(words[start : start + size])


def _misspelt(key: str, places: Gazetteer) -> Resolved | Unresolved | None:
    """Return the place whose name is the fewest typing errors away, if only one is."""
    best: Resolved | Unresolved | None = None
    fewest = within_reach(key) + 1
    for tier in places.tiers:
        names, errors = _nearest(key, list(tier))
        if names and errors < fewest:
            hits = {place: None for name in names for place in tier[name]}
            best, fewest = _one(tuple(hits)), errors
    names, errors = _nearest(key, elsewhere.names())
    if names and errors < fewest:
        outside = elsewhere.by_name(names[0], places.code, places.point)
        if outside and len(set(names)) == 1:
            best = outside
    return best


def _nearest(key: str, names: list[str]) -> tuple[list[str], int]:
    reach = within_reach(key)
    if not reach:
        return [], 0
    hits = process.extract(key, names, scorer=OSA.distance, score_cutoff=reach, limit=8)
    # In a short name another first letter is another name: "Week" is not Reek.
    hits = [hit for hit in hits if len(key) >= 6 or hit[0][0] == key[0]]
    fewest = min((hit[1] for hit in hits), default=0)
    return [hit[0] for hit in hits if hit[1] == fewest], int(fewest)


def _near_names(key: str, places: Gazetteer) -> tuple[str, ...]:
    names = {name: hits[0].label for tier in places.tiers for name, hits in tier.items()}
    for name, villages in elsewhere.villages().items():
        names.setdefault(name, villages[0].name)
    hits = process.extract(key, list(names), scorer=fuzz.ratio, score_cutoff=50, limit=12)
    return tuple(dict.fromkeys(names[hit[0]] for hit in hits))[:NEAR_NAMES]


def _in_postcode(pc4: str, places: Gazetteer) -> Resolved | None:
    postcode = elsewhere.postcodes().get(pc4)
    if postcode is None:
        return None
    here = [places.buurten[code] for code in postcode.buurt_codes if code in places.buurten]
    if not here and postcode.municipality != places.code:
        town = elsewhere.of_town(postcode)
        village = elsewhere.by_village(name_key(postcode.town), places.code)
        label = f"{pc4} {postcode.town}"
        return Resolved(
            label,
            postcode.point,
            town.municipality,
            village.village
            if isinstance(village, Resolved) and village.municipality == town.municipality
            else None,
            postcode=pc4,
            elsewhere=town.elsewhere,
        )
    home = _village_of(here) or _village_named(postcode.town, places)
    label = f"{pc4} {home.name if home else postcode.town}"
    return Resolved(label, postcode.point, places.code, home, postcode=pc4)


def _village_of(buurten: list[BuurtInfo]) -> VillageInfo | None:
    """Return the village in which most inhabitants of these buurten live."""
    people: Counter[VillageInfo] = Counter()
    for buurt in buurten:
        if buurt.village:
            people[buurt.village] += int(max(buurt.inhabitants, 1))
    return people.most_common(1)[0][0] if people else None


def _village_named(town: str, places: Gazetteer) -> VillageInfo | None:
    found = places.tiers[0].get(name_key(town), ())
    return found[0].village if len(found) == 1 else None


def _near_postcodes(start: str, places: Gazetteer) -> tuple[str, ...]:
    return tuple(
        postcode.pc4
        for postcode in elsewhere.postcodes().values()
        if postcode.pc4.startswith(start) and postcode.municipality == places.code
    )[:NEAR_NAMES]


def _at(point: LatLon, places: Gazetteer) -> Resolved | Unresolved:
    west, south, east, north = BOUNDS
    if not (west <= point.lon <= east and south <= point.lat <= north):
        return Unresolved()
    code = outline_index(places.code).holding(point)
    if code and code in places.buurten:
        return _with_point(places.buurten[code], point, places)
    if outside := elsewhere.holding(point, places.code):
        return outside
    near = [(b.point.km_to(point), b.code) for b in places.buurten.values() if b.point]
    distance, nearest = min(near, default=(ABROAD_KM, ""))
    if distance <= SLIVER_KM:
        return _with_point(places.buurten[nearest], point, places)
    return _at_postcode(point, places)


def _at_postcode(point: LatLon, places: Gazetteer) -> Resolved | Unresolved:
    """Return the place by the nearest postcode, where no outlines are known."""
    distances = [(p.point.km_to(point), p.pc4) for p in elsewhere.postcodes().values()]
    distance, pc4 = min(distances, default=(ABROAD_KM, ""))
    found = _in_postcode(pc4, places) if distance < ABROAD_KM else None
    if found is None:
        return Unresolved()
    return Resolved(
        found.label.removeprefix(f"{pc4} "),
        point,
        found.municipality,
        found.village,
        elsewhere=found.elsewhere,
    )


def _with_point(buurt: BuurtInfo, point: LatLon, places: Gazetteer) -> Resolved:
    found = of_buurt(buurt, places.code)
    label = buurt.village.name if buurt.village else found.label
    return Resolved(label, point, places.code, buurt.village, found.wijk_code, found.buurt_code)
