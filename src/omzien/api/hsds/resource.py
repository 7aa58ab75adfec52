"""What a resource is: which things it has, in which order, and how they are written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from omzien.api.hsds.asked import Asked
from omzien.areas.models import Municipality

Thing = dict[str, Any]


@dataclass(frozen=True)
class Key:
    """The number of a thing, and when it last changed if that is known."""

    id: str
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Resource:
    """A resource of HSDS.

    `keys` gives all that is asked, in order, without reading the things themselves;
    `write` gives the things with these numbers that may be seen, in the same order.
    Without `full` a thing holds one-to-one fields only, as HSDS has it for lists.
    """

    name: str
    shape: str
    parameters: tuple[str, ...]
    keys: Callable[[Asked, Municipality], list[Key]]
    write: Callable[[Sequence[str], Asked], list[Thing]]
    of_one: tuple[str, ...] = ()
    """Parameters that one thing by its number takes."""


def flat(thing: Thing) -> Thing:
    """Return a thing without its lists."""
    return {name: value for name, value in thing.items() if not isinstance(value, list)}
