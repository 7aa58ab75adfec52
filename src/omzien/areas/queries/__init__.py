"""Reads on areas: municipalities, villages, figures, and where a place name lies."""

from omzien.areas.queries.choices import PLAIN, chosen, is_on, language_of, notice_changes
from omzien.areas.queries.gazetteer import Gazetteer, gazetteer
from omzien.areas.queries.hosts import _by_host, address_of, municipality_of_host
from omzien.areas.queries.maps import outlines_geojson
from omzien.areas.queries.memory import forget
from omzien.areas.queries.places import resolve
from omzien.areas.queries.results import Resolved, Unresolved, VillageInfo
from omzien.areas.queries.villages import (
    FigureRow,
    VillageFigures,
    village_page_figures,
    villages_of,
)

__all__ = [
    "PLAIN",
    "FigureRow",
    "Gazetteer",
    "Resolved",
    "Unresolved",
    "VillageFigures",
    "VillageInfo",
    "_by_host",
    "address_of",
    "chosen",
    "forget",
    "gazetteer",
    "is_on",
    "language_of",
    "municipality_of_host",
    "notice_changes",
    "outlines_geojson",
    "resolve",
    "village_page_figures",
    "villages_of",
]
