"""Outlines for the map."""

import json

from omzien.areas.models import Buurt, Municipality, Village
from omzien.areas.queries.memory import remembered
from omzien.kernel.geo import OutlineIndex


@remembered(64)
def outline_index(code: str) -> OutlineIndex:
    """Return the index of the newest outlines of one municipality (one query, then none)."""
    return OutlineIndex({buurt.code: json.dumps(buurt.outline) for buurt in _newest(code)})


def outlines_geojson(municipality: Municipality) -> str:
    """Return the municipality's buurten as a GeoJSON FeatureCollection, newest edition.

    Each has `code`, `name`, `village` (slug or null) and `inhabitants` (null: unknown).
    """
    return _collection(municipality.code)


@remembered(16)
def _collection(code: str) -> str:
    home = {
        buurt: slug
        for slug, codes in Village.objects.filter(municipality=code).values_list(
            "slug", "buurt_codes"
        )
        for buurt in codes
    }
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": buurt.code,
                "name": buurt.name,
                "village": home.get(buurt.code),
                "inhabitants": buurt.figures.get("inhabitants"),
            },
            "geometry": buurt.outline,
        }
        for buurt in _newest(code)
    ]
    return json.dumps(
        {"type": "FeatureCollection", "features": features},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _newest(code: str) -> list[Buurt]:
    drawn = list(Buurt.objects.filter(municipality=code, outline__isnull=False))
    newest = max((buurt.year for buurt in drawn), default=0)
    return [buurt for buurt in drawn if buurt.year == newest]
