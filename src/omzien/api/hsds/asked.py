"""What a client asks of a list: its parameters from the address or from a JSON body."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from omzien.api import reading
from omzien.api.bodies import json_object
from omzien.api.problems import bad_value
from omzien.api.reading import Parameter

TEXT = {"type": "string"}
ID = {"type": "string", "format": "uuid"}
YES = {"type": "boolean"}
AGE = {"type": "number", "minimum": 0, "maximum": 150}
CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"}
DAYS = {"type": "string", "enum": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]}

PARAMETERS: dict[str, Parameter] = {
    "search": Parameter(
        reading.text, TEXT | {"maxLength": reading.MOST_CHARACTERS}, "Words to look for."
    ),
    "page": Parameter(
        reading.page,
        {"type": "integer", "minimum": 1, "maximum": 999_999_999, "default": 1},
        "Number of the page, from 1.",
    ),
    "per_page": Parameter(
        reading.per_page,
        {"type": "integer", "minimum": 1, "maximum": reading.MOST_PER_PAGE, "default": 20},
        "How many things a page holds. `perPage` is understood too.",
        also=("perPage",),
    ),
    "format": Parameter(
        reading.output,
        TEXT | {"enum": ["json", "ndjson"]},
        "`ndjson` streams everything, one thing a line, without pages.",
    ),
    "taxonomy_term_id": Parameter(
        reading.identifier, ID, "A topic, a life domain (with all its topics) or a rung.", many=True
    ),
    "taxonomy_id": Parameter(
        reading.identifier, ID, "Only what has a term of this taxonomy.", many=True
    ),
    "organization_id": Parameter(
        reading.identifier, ID, "Only what this organization offers.", many=True
    ),
    "modified_after": Parameter(
        reading.moment, TEXT | {"format": "date-time"}, "Changed on or after this moment."
    ),
    "minimal": Parameter(
        reading.boolean, YES, "Only `id` and `last_modified` of everything, on one page."
    ),
    "full": Parameter(reading.boolean, YES, "Everything nested inside each thing."),
    "full_service": Parameter(reading.boolean, YES, "With all services, fully nested."),
    "top_only": Parameter(reading.boolean, YES, "Only terms without a parent."),
    "parent_id": Parameter(reading.identifier, ID, "Only the children of this term.", many=True),
    "postcode": Parameter(
        reading.postcode,
        TEXT | {"pattern": "^[1-9][0-9]{3} ?([A-Za-z]{2})?$"},
        "Only what can be used here. With `proximity`: only what is near.",
    ),
    "proximity": Parameter(
        reading.metres,
        {"type": "number", "minimum": 0, "maximum": reading.MOST_METRES},
        "Metres from the centre of `postcode` (its first four digits).",
    ),
    "minimum_age": Parameter(reading.number, AGE, "Services with at least this minimum age."),
    "maximum_age": Parameter(reading.number, AGE, "Services with at most this maximum age."),
    "start_time": Parameter(reading.clock, CLOCK, "Services that start at this time or later."),
    "end_time": Parameter(reading.clock, CLOCK, "Services that end at this time or earlier."),
    "day": Parameter(reading.day, DAYS, "Services on this day of the week.", many=True),
}
PAGING = ("search", "page", "per_page", "format")

Asked = dict[str, Any]
"""Values by parameter name; what was not asked is absent."""


def asked(request: HttpRequest, names: Iterable[str]) -> Asked:
    """Return the values of the parameters `names` that a request gives.

    A POST gives them as a JSON object, so that words stay out of addresses and logs; what
    stands in its address counts too. An unknown parameter is left out, as HSDS allows.
    Raises Problem (400) that names the first parameter whose value cannot be read.
    """
    raw: dict[str, Any] = dict(request.GET.lists())
    if request.method == "POST":
        raw |= json_object(request)
    found: Asked = {}
    for name in names:
        parameter = PARAMETERS[name]
        for written in (name, *parameter.also):
            given = raw.get(written, [])
            words = [
                _word(written, value) for value in (given if isinstance(given, list) else [given])
            ]
            if values := [parameter.read(written, word) for word in words if word]:
                found[name] = values if parameter.many else values[-1]
    if "proximity" in found and "postcode" not in found:
        raise bad_value("proximity", _("geef er ook een postcode bij."))
    return found


def _word(name: str, value: object) -> str:
    """Return a value as text; refuse what the database cannot hold."""
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise bad_value(name, _("geef een tekst, een getal, true of false."))
    word = str(value).lower() if isinstance(value, bool) else str(value)
    if "\x00" in word:
        raise bad_value(name, _("hier staat een teken in dat niet kan."))
    return word
