"""Who may not mediate between two neighbours, and who go well together. Pure.

A mediator lives in another street and another postcode, is no party, and knows neither. The last
thing only the mediator can say, when asked.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from omzien.kernel.text import fold

_NUMBER = re.compile(r"\s*\d.*$")
_POSTCODE = re.compile(r"([1-9][0-9]{3})\s*([a-z]{2})?", re.IGNORECASE)


class Conflict(StrEnum):
    """Why somebody cannot mediate in a case."""

    PARTY = "party"
    STREET = "street"
    POSTCODE = "postcode"
    SAID_NO = "said-no"  # asked before, in this case
    NO_ADDRESS = "no-address"  # so that nobody can tell whether they live near


@dataclass(frozen=True)
class Home:
    """Where somebody lives, and who it is where that is known."""

    street: str
    postcode: str = ""
    person: UUID | None = None


def street_of(address: str) -> str:
    """Return the name of a street without its number, in the form in which streets compare."""
    return " ".join(fold(_NUMBER.sub("", address)).split())


def postcode_of(text: str) -> str:
    """Return a postcode as "5481AB", or "" where there is none."""
    found = _POSTCODE.fullmatch(text.strip())
    return f"{found[1]}{(found[2] or '').upper()}" if found else ""


def conflicts(
    mediator: Home, parties: Iterable[Home], *, is_close: bool = False, said_no: bool = False
) -> list[Conflict]:
    """Return why somebody cannot mediate between these parties; empty where nothing is known.

    Where one of two postcodes is not known, the same name of a street is enough.
    """
    there = list(parties)
    found = []
    if is_close or any(one.person is not None and one.person == mediator.person for one in there):
        found.append(Conflict.PARTY)
    street, postcode = street_of(mediator.street), postcode_of(mediator.postcode)
    if not street or len(postcode) < 6:
        found.append(Conflict.NO_ADDRESS)
    if any(street and _is_same_street(street, postcode, one) for one in there):
        found.append(Conflict.STREET)
    if any(len(postcode) == 6 and postcode == postcode_of(one.postcode) for one in there):
        found.append(Conflict.POSTCODE)
    return [*found, *([Conflict.SAID_NO] if said_no else [])]


def _is_same_street(street: str, postcode: str, other: Home) -> bool:
    theirs = postcode_of(other.postcode)
    near = not theirs or not postcode or theirs[:4] == postcode[:4]
    return street_of(other.street) == street and near


def pair(free: Iterable[tuple[UUID, bool, int]], seated: Iterable[bool] = ()) -> list[UUID]:
    """Return whom to ask so that there are two: one experienced and one learner where that can be.

    `free` are (key, is experienced, how many cases now) of who has no conflict; `seated` tells
    whether each who sits already is experienced. Who has the fewest cases comes first.
    """
    left = sorted(free, key=lambda one: (one[2], str(one[0])))
    there = list(seated)
    chosen: list[UUID] = []
    while left and len(there) < 2:
        lacking = [one for one in left if one[1] not in there]
        key, is_experienced, _cases = next(iter(lacking or left))
        # Without anybody beside them, the experienced one comes first.
        if not there and (experienced := [one for one in left if one[1]]):
            key, is_experienced, _cases = experienced[0]
        left = [one for one in left if one[0] != key]
        there.append(is_experienced)
        chosen.append(key)
    return chosen


def is_neutral(place: str, parties: Mapping[int, Home]) -> bool:
    """Tell whether a place is at neither party's home, by the names of their streets."""
    said = f" {' '.join(fold(place).split())} "
    streets = [street_of(one.street) for one in parties.values()]
    return bool(said.strip()) and not any(one and f" {one} " in said for one in streets)
