"""Points, distances and outlines in WGS84 (longitude, latitude in degrees).

The only module that imports shapely.
"""

import math
from dataclasses import dataclass
from typing import Any

from shapely import STRtree, from_geojson
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Point, Polygon, mapping, shape
from shapely.validation import make_valid

EARTH_RADIUS_KM = 6371.0088
# The Netherlands with a margin; a point outside it is in another coordinate system.
BOUNDS = (3.0, 50.5, 7.5, 53.9)

# What shapely raises on a geometry that is none, from missing keys to numbers in text.
_UNREADABLE = (
    ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError, OverflowError,
    RecursionError,
)  # fmt: skip


class NotAnOutline(ValueError):
    """A geometry cannot serve as an outline; `reason` is one of the class's constants."""

    NO_POLYGON = "no-polygon"
    OUTSIDE = "outside-netherlands"
    BROKEN = "broken"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class LatLon:
    """A place on the map, in degrees."""

    lat: float
    lon: float

    def km_to(self, other: "LatLon") -> float:
        """Return the distance over the sphere in kilometres (haversine)."""
        lat1, lat2 = math.radians(self.lat), math.radians(other.lat)
        half_lat = (lat2 - lat1) / 2
        half_lon = math.radians(other.lon - self.lon) / 2
        chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
        return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def outline(geometry: Any) -> tuple[dict[str, Any], LatLon]:
    """Return a mended (multi)polygon as GeoJSON and a point that lies inside it.

    Raises NotAnOutline when it is no polygon, is broken beyond mending, or lies outside
    the Netherlands (most often: Rijksdriehoek metres instead of degrees).
    """
    try:
        figure = shape(geometry)
    except _UNREADABLE as error:
        raise NotAnOutline(NotAnOutline.BROKEN) from error
    if not isinstance(figure, Polygon | MultiPolygon):
        raise NotAnOutline(NotAnOutline.NO_POLYGON)
    if figure.is_empty:
        raise NotAnOutline(NotAnOutline.BROKEN)
    west, south, east, north = figure.bounds
    if not (BOUNDS[0] <= west <= east <= BOUNDS[2] and BOUNDS[1] <= south <= north <= BOUNDS[3]):
        raise NotAnOutline(NotAnOutline.OUTSIDE)
    try:
        if not figure.is_valid:
            figure = _polygons_of(make_valid(figure))
        inside = figure.representative_point()
    except ShapelyError as error:
        raise NotAnOutline(NotAnOutline.BROKEN) from error
    if figure.area == 0:
        raise NotAnOutline(NotAnOutline.BROKEN)
    return mapping(figure), LatLon(lat=inside.y, lon=inside.x)


def _polygons_of(figure: Any) -> Polygon | MultiPolygon:
    parts = [p for p in getattr(figure, "geoms", [figure]) if isinstance(p, Polygon | MultiPolygon)]
    if not parts:
        raise NotAnOutline(NotAnOutline.BROKEN)
    if len(parts) == 1:
        return parts[0]
    return MultiPolygon([q for p in parts for q in getattr(p, "geoms", [p])])


class OutlineIndex:
    """Finds which of many outlines holds a point."""

    def __init__(self, outlines: dict[str, str]) -> None:
        """Take GeoJSON texts by key."""
        self._keys = list(outlines)
        self._figures = [from_geojson(text) for text in outlines.values()]
        self._tree = STRtree(self._figures)

    def holding(self, point: LatLon) -> str | None:
        """Return the key of the outline that holds `point`, or None."""
        spot = Point(point.lon, point.lat)
        for position in self._tree.query(spot):
            if self._figures[position].covers(spot):
                return str(self._keys[position])
        return None
