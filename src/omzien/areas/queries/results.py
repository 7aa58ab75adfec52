"""What a place name came to."""

from dataclasses import dataclass

from omzien.kernel.geo import LatLon


@dataclass(frozen=True)
class VillageInfo:
    """A village as pages and search need it."""

    id: int
    slug: str
    name: str
    municipality: str
    """CBS code."""
    also_called: tuple[str, ...]
    buurt_codes: tuple[str, ...]
    point: LatLon | None


@dataclass(frozen=True)
class Resolved:
    """A place that was understood.

    `village` is None when the place is larger (a wijk, the municipality) or when its
    municipality has no villages here. `elsewhere` names the other municipality (or, when
    that is not known here, the town) in which the place lies; "" means: in this one.
    """

    label: str
    point: LatLon | None
    municipality: str
    village: VillageInfo | None = None
    wijk_code: str | None = None
    buurt_code: str | None = None
    postcode: str | None = None
    elsewhere: str = ""


@dataclass(frozen=True)
class Unresolved:
    """A place that was not understood, with the names that come near, nearest first."""

    near: tuple[str, ...] = ()
