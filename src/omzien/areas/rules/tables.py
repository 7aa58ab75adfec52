"""Reading the header of a table of figures: the delimiter, and which column is what."""

import re
from collections.abc import Iterable, Mapping

_SUFFIX = re.compile(r"_\d+$", re.ASCII)


def delimiter_of(header: str) -> str:
    """Return the delimiter that a header line uses most: semicolon, comma or tab."""
    return max(";,\t", key=header.count)


def bare_name(column: str) -> str:
    """Return a column's name without its number: "WmoClienten_93 " -> "wmoclienten".

    StatLine numbers its columns anew each year, so the number means nothing.
    """
    return _SUFFIX.sub("", column.strip().casefold())


def columns_of(
    header: Iterable[str], names: Mapping[str, Iterable[str]]
) -> tuple[dict[str, int], list[str]]:
    """Return the position of each wanted key in `header`, and the keys found twice.

    `names` gives for each key the names it goes by, in lower case, in order of
    preference. A whole name wins over a name without its number, because "a_00_14" is a
    name and "AantalInwoners_5" a name with a number. Of two equals the first counts.
    """
    whole: dict[str, list[int]] = {}
    bare: dict[str, list[int]] = {}
    for position, column in enumerate(header):
        whole.setdefault(column.strip().casefold(), []).append(position)
        bare.setdefault(bare_name(column), []).append(position)
    found: dict[str, int] = {}
    twice: list[str] = []
    for key, wanted in names.items():
        places = _first(wanted, whole) or _first(wanted, bare)
        if places:
            found[key] = places[0]
            if len(places) > 1:
                twice.append(key)
    return found, twice


def _first(wanted: Iterable[str], places: Mapping[str, list[int]]) -> list[int]:
    return next((places[name] for name in wanted if name in places), [])
