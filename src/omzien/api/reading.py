"""Readers of parameter values: text in, value out, or the problem that names the parameter."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from omzien.api.problems import bad_value

Reader = Callable[[str, str], Any]

MOST_PER_PAGE = 500
MOST_CHARACTERS = 500
MOST_METRES = 400_000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)
_POSTCODE = re.compile(r"([1-9]\d{3})\s?([a-z]{2})?", re.IGNORECASE | re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(:[0-5]\d)?", re.ASCII)
_LOST_PLUS = re.compile(r" (\d\d:?\d\d)$", re.ASCII)
_DAYS = {
    day: number
    for number, names in enumerate(
        (
            ("MO", "MONDAY", "MAANDAG"),
            ("TU", "TUESDAY", "DINSDAG"),
            ("WE", "WEDNESDAY", "WOENSDAG"),
            ("TH", "THURSDAY", "DONDERDAG"),
            ("FR", "FRIDAY", "VRIJDAG"),
            ("SA", "SATURDAY", "ZATERDAG"),
            ("SU", "SUNDAY", "ZONDAG"),
        )
    )
    for day in names
}


@dataclass(frozen=True)
class Parameter:
    """A query parameter: how it is read, its JSON schema and what it means.

    With `many` it may be given more than once: any of the values will do.
    """

    read: Reader
    schema: dict[str, Any]
    meaning: str
    many: bool = False
    also: tuple[str, ...] = field(default=())


def text(name: str, value: str) -> str:
    """Return words to search for."""
    if len(value) > MOST_CHARACTERS:
        raise bad_value(name, _("dit is te lang. Gebruik hooguit 500 tekens."))
    return value.strip()


def page(name: str, value: str) -> int:
    """Return the number of a page, from 1."""
    if not _WHOLE.fullmatch(value) or int(value) < 1:
        raise bad_value(name, _("geef een geheel getal vanaf 1."))
    return int(value)


def per_page(name: str, value: str) -> int:
    """Return how many things a page holds. Too many is refused: a cut page would miscount."""
    if not _WHOLE.fullmatch(value) or not 1 <= int(value) <= MOST_PER_PAGE:
        raise bad_value(name, _("geef een getal van 1 tot en met 500. Alles: format=ndjson."))
    return int(value)


def boolean(name: str, value: str) -> bool:
    """Return true or false."""
    if value.lower() in ("true", "1"):
        return True
    if value.lower() in ("false", "0", ""):
        return False
    raise bad_value(name, _("geef true of false."))


def output(name: str, value: str) -> str:
    """Return "json" or "ndjson"."""
    if value.lower() not in ("json", "ndjson"):
        raise bad_value(name, _("geef json of ndjson."))
    return value.lower()


def identifier(name: str, value: str) -> str:
    """Return a UUID in lower case."""
    if not _UUID.fullmatch(value):
        raise bad_value(name, _("geef een UUID, zoals die bij een id staat."))
    return value.lower()


def moment(name: str, value: str) -> datetime:
    """Return a day or a moment; without a zone it is UTC, as in what we give."""
    # In a URL the plus of "+01:00" is a space unless it was written as %2B.
    # In UTC, because PostgreSQL refuses zones beyond sixteen hours.
    try:
        found = datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", value.strip()))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise bad_value(name, _("geef een tijdstip, zoals 2026-11-25T09:00:00Z.")) from error


def number(name: str, value: str) -> float:
    """Return a number from zero, such as an age."""
    if not _NUMBER.fullmatch(value) or float(value) > 150:
        raise bad_value(name, _("geef een getal van 0 tot en met 150."))
    return float(value)


def metres(name: str, value: str) -> float:
    """Return a distance."""
    if not _NUMBER.fullmatch(value) or float(value) > MOST_METRES:
        raise bad_value(name, _("geef een aantal meters, hooguit 400000."))
    return float(value)


def clock(name: str, value: str) -> time:
    """Return a time of the day."""
    if not _CLOCK.fullmatch(value):
        raise bad_value(name, _("geef een tijd, zoals 09:30."))
    return time.fromisoformat(value)


def day(name: str, value: str) -> str:
    """Return the two letters of a day of the week: MO to SU."""
    if value.upper() not in _DAYS:
        raise bad_value(name, _("geef een dag: MO, TU, WE, TH, FR, SA of SU."))
    return list(_DAYS)[_DAYS[value.upper()] * 3]


def postcode(name: str, value: str) -> str:
    """Return the four digits of a postcode; the letters may be there too."""
    match = _POSTCODE.fullmatch(value.strip())
    if match is None:
        raise bad_value(name, _("geef een postcode, zoals 5481 of 5481 AB."))
    return match[1]
