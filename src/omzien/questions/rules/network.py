"""The map of somebody's own people: how it is drawn, and what a first name is. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from omzien.kernel.text import clean
from omzien.questions.rules.support import OnTheMap, Support

MOST_TIES = 40
LONGEST_NAME = 30
# The drawing, in its own units: a square with the resident in the middle.
SIZE, MIDDLE = 640, 320
RINGS = {1: 110, 2: 195, 3: 275}
TURN = math.radians(38)  # each ring starts a little further, so that names do not line up


class Relation(StrEnum):
    """Who somebody is to the resident; a word of this list and no text, so no names slip in."""

    PARTNER = "partner"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    FAMILY = "family"
    FRIEND = "friend"
    NEIGHBOUR = "neighbour"
    COLLEAGUE = "colleague"
    CLUB = "club"
    VOLUNTEER = "volunteer"
    PROFESSIONAL = "professional"
    OTHER = "other"


class Often(StrEnum):
    """How often there is contact."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    SELDOM = "seldom"


@dataclass(frozen=True)
class Spot:
    """Somebody on the drawing; the table beside it shows the same row."""

    tie: OnTheMap
    letters: str
    x: int
    y: int
    name_y: int
    letters_y: int


def first_name(typed: str) -> str:
    """Return a first name without spaces around it; "" for more than one word or no letter.

    A map is about people who were not asked: a surname would make them known to others.
    """
    name = clean(typed)
    is_one = len(name.split()) == 1 and len(name) <= LONGEST_NAME
    return name if is_one and any(letter.isalpha() for letter in name) else ""


def letters(kinds: Sequence[str]) -> str:
    """Return the kinds of support as letters in their order: "P G E"."""
    return " ".join(kind.value for kind in Support if kind in kinds)


def drawing(ties: Sequence[OnTheMap]) -> list[Spot]:
    """Return where each of the ties stands: on the ring of its closeness, evenly spread."""
    spots = []
    for ring, radius in RINGS.items():
        here = [one for one in ties if one.closeness == ring]
        for place, one in enumerate(here):
            angle = 2 * math.pi * place / len(here) + TURN * ring - math.pi / 2
            x = round(MIDDLE + radius * math.cos(angle))
            y = round(MIDDLE + radius * math.sin(angle))
            spots.append(Spot(one, letters(one.kinds), x, y, y - 16, y + 28))
    return spots
