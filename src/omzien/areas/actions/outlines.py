"""Outlines of buurten and wijken from GeoJSON: our extract, or CBS and PDOK's own files."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import ijson
from django.utils.translation import gettext as _

from omzien.areas import rules
from omzien.areas.actions.reading import MOST_GEOJSON, Shallow, Source, opened
from omzien.areas.actions.reports import ImportReport, Progress, Tally, importing
from omzien.areas.actions.writing import Municipalities, in_batches, model_of, upsert
from omzien.areas.models import Buurt, Wijk
from omzien.kernel.geo import NotAnOutline, outline
from omzien.kernel.text import clean

Level = rules.Level

_CODES = {
    Level.BUURT: ("buurtcode", "bu_code", "statcode", "gwb_code_10"),
    Level.WIJK: ("wijkcode", "wk_code", "statcode", "gwb_code_10"),
}
_NAMES = {
    Level.BUURT: ("buurtnaam", "bu_naam", "statnaam", "regio"),
    Level.WIJK: ("wijknaam", "wk_naam", "statnaam", "regio"),
}
_MUNICIPALITY = ("gemeentenaam", "gm_naam")


def import_outlines(
    *,
    source: Source,
    year: int,
    by: str,
    kind: rules.Level | None = None,
    municipality: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import the outlines in a GeoJSON file as the edition of `year`, in WGS84.

    `kind` is the level of the areas; None reads it from each row. `municipality` keeps
    one municipality's rows and skips the others. Raises ImportRefused (nothing changed)
    for broken JSON, Rijksdriehoek or swapped coordinates, a file without areas, one
    that is too big, or one in which most rows are wrong.
    """
    tally = Tally("outlines", year, dry_run)
    with importing(tally, by=by, municipality=municipality):
        known = Municipalities()
        with opened(source, MOST_GEOJSON, tally) as stream:
            features = _features(stream, tally)
            rows = _areas(features, year, kind, municipality, known, tally)
            in_batches(rows, lambda batch: _write(batch, year, tally), progress)
        tally.check_whole(_("In dit bestand staan geen buurten of wijken die je kunt overnemen."))
    return tally.report()


def _features(stream: Any, tally: Tally) -> Iterator[tuple[int, Any]]:
    rows = itertools.count(1)
    row = 0
    try:
        if stream.peek(3)[:3] == b"\xef\xbb\xbf":
            stream.read(3)
        for feature in ijson.items(Shallow(stream), "features.item", use_float=True):
            row = next(rows)
            yield row, feature
    except (ijson.JSONError, UnicodeDecodeError, ValueError, RecursionError):
        tally.refuse(
            row + 1,
            "",
            _(
                "Het bestand is hier geen goede GeoJSON: het is beschadigd of afgebroken. "
                "Haal het opnieuw op. Er is niets overgenomen."
            ),
        )


def _areas(
    features: Iterator[tuple[int, Any]],
    year: int,
    kind: rules.Level | None,
    municipality: str | None,
    known: Municipalities,
    tally: Tally,
) -> Iterator[Buurt | Wijk]:
    seen: set[str] = set()
    for row, feature in features:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            tally.skip(row, "properties", _("Dit gebied heeft geen gegevens (properties)."))
            continue
        words = {str(key).casefold(): _text(value) for key, value in properties.items()}
        code = _code(words, kind)
        if code is None:
            tally.skip(row, "code", _("Hier staat geen code van een buurt (BU…) of wijk (WK…)."))
            continue
        owner = rules.code_of_municipality(code)
        # PDOK gives big waters a row of their own, without a name or inhabitants.
        if (municipality and owner != municipality) or words.get("water", "").upper() == "JA":
            tally.skipped += 1
            continue
        if code in seen:
            tally.skip(row, "code", _("%(code)s staat dubbel; de eerste telt.") % {"code": code})
            continue
        area = _area(row, code, words, feature.get("geometry"), year, tally)
        if area is not None:
            seen.add(code)
            known.ensure(owner, _first(words, _MUNICIPALITY))
            yield area


def _area(
    row: int, code: str, words: dict[str, str], geometry: Any, year: int, tally: Tally
) -> Buurt | Wijk | None:
    try:
        figure, inside = outline(geometry)
    except NotAnOutline as error:
        _say_what_is_wrong(row, error.reason, geometry, tally)
        return None
    level = Level(code[:2])
    # The database gives lists back where the geometry has tuples.
    plain = json.loads(json.dumps(figure))
    name = clean(_first(words, _NAMES[level]))[:120] or code
    owner = rules.code_of_municipality(code)
    if level is Level.WIJK:
        return Wijk(code=code, year=year, name=name, municipality_id=owner, outline=plain)
    return Buurt(
        code=code,
        year=year,
        name=name,
        wijk_code=rules.code_of_wijk(code),
        municipality_id=owner,
        outline=plain,
        lat=round(inside.lat, 6),
        lon=round(inside.lon, 6),
    )


def _say_what_is_wrong(row: int, reason: str, geometry: Any, tally: Tally) -> None:
    if reason == NotAnOutline.OUTSIDE:
        x, y = _first_point(geometry)
        if abs(x) > 180 or abs(y) > 180:
            tally.refuse(
                row,
                "geometry",
                _(
                    "De coördinaten zijn Rijksdriehoek (meters). Haal het bestand op in WGS84 "
                    "(EPSG:4326, graden). Er is niets overgenomen."
                ),
            )
        if 50 < x < 54 and 3 < y < 8:
            tally.refuse(
                row,
                "geometry",
                _(
                    "Lengte en breedte staan verwisseld: in GeoJSON komt de lengte (5,…) voor de "
                    "breedte (51,…). Er is niets overgenomen."
                ),
            )
        tally.skip(row, "geometry", _("Dit gebied ligt niet in Nederland."))
    elif reason == NotAnOutline.NO_POLYGON:
        tally.skip(row, "geometry", _("Dit is geen vlak (Polygon of MultiPolygon)."))
    else:
        tally.skip(row, "geometry", _("De omtrek ontbreekt of is niet te herstellen."))


def _first_point(geometry: Any) -> tuple[float, float]:
    inner = geometry.get("coordinates")
    while isinstance(inner, list | tuple) and inner and isinstance(inner[0], list | tuple):
        inner = inner[0]
    return float(inner[0]), float(inner[1])


def _write(batch: list[Buurt | Wijk], year: int, tally: Tally) -> None:
    for level in (Level.BUURT, Level.WIJK):
        rows: list[Any] = [area for area in batch if area.code[:2] == level.value]
        if not rows:
            continue
        model = model_of(level)
        fields = ["name", "municipality_id", "outline"]
        if level is Level.BUURT:
            fields += ["wijk_code", "lat", "lon"]
        existing = model.objects.filter(year=year, code__in=[row.code for row in rows])
        upsert(
            model,
            rows,
            {area.code: area for area in existing.defer("figures")},
            key=("code", "year"),
            fields=fields,
            tally=tally,
        )


def _code(words: dict[str, str], kind: rules.Level | None) -> str | None:
    levels = [kind] if kind else [Level.BUURT, Level.WIJK]
    for level in levels:
        for name in _CODES.get(level, ()):
            if code := rules.normal_code(words.get(name, ""), level):
                return code
    return None


def _first(words: dict[str, str], names: tuple[str, ...]) -> str:
    return next((words[name] for name in names if words.get(name)), "")


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else ""
