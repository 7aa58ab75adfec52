"""HSDS 3.x as JSON: one object, a list, a page with contents, or one object per line (NDJSON).

An object may be a service, an organization with its services, or a service at a location.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

import ijson
from django.utils.translation import gettext as _

from omzien.areas.actions.reading import MOST_GEOJSON, Shallow, TooDeep, opened
from omzien.areas.actions.reports import ImportRefused, Tally
from omzien.directory.hsds.taxonomies import RUNGS, TOPICS, terms
from omzien.directory.hsds.write import STATUS, WHEELCHAIR
from omzien.directory.importing.checks import FACTS
from omzien.directory.importing.rows import (
    Findings,
    Incoming,
    IncomingPlace,
    IncomingProvider,
    Slot,
    Wrong,
)
from omzien.directory.importing.times import FIRST_MONDAY, clock, day_of, slot
from omzien.directory.importing.values import plain
from omzien.directory.languages import CODES
from omzien.directory.models import Provider
from omzien.kernel.text import fold

Object = Mapping[str, Any]

# A source that we cannot mend: a faulty value stays out, is noted, and is kept as it came.
FORGIVING = frozenset({
    *FACTS, "phone", "postcode", "lat", "lon", "times", "village", "place", "topics", "kind",
    "rung",
})  # fmt: skip
MOST_LINE = 20_000_000
STATUS_IN = {text: str(code.value) for code, text in STATUS.items()}
REFERRAL = "Met verwijzing."


def read(path: Path, findings: Findings) -> Iterator[Incoming]:
    """Yield the entries of a JSON or NDJSON file, as they are read."""
    tally = Tally("directory", None, dry_run=True)
    try:
        with opened(path, MOST_GEOJSON, tally) as stream:
            yield from _entries(_objects(stream, path.suffix.casefold(), findings), findings)
    except ImportRefused as refused:
        for fault in refused.report.faults:
            findings.fault(fault.row, fault.field, fault.sentence)


def _entries(objects: Iterator[tuple[int, Any]], findings: Findings) -> Iterator[Incoming]:
    at_places: dict[str, tuple[int, dict[str, Any]]] = {}
    for row, thing in objects:
        if not isinstance(thing, Mapping):
            findings.fault(row, "", _("Hier hoort een object te staan: { … }."))
        elif isinstance(thing.get("service"), Mapping):
            _collect(at_places, row, thing)
        elif "services" in thing and "status" not in thing:
            organization = {k: v for k, v in thing.items() if k != "services"}
            for service in _dicts(thing["services"]):
                yield incoming({**service, "organization": organization}, row, findings)
        elif {"organization", "organization_id", "status"} & set(thing):
            yield incoming(thing, row, findings)
        elif "legal_status" in thing or "website" in thing:
            findings.note(
                row, plain_or(thing.get("name")), _("Deze organisatie heeft geen aanbod.")
            )
        else:
            findings.fault(
                row,
                "",
                _("Dit is geen aanbod in HSDS: er is geen status en geen organization."),
            )
    for row, service in at_places.values():
        yield incoming(service, row, findings)


def _collect(found: dict[str, tuple[int, dict[str, Any]]], row: int, thing: Object) -> None:
    """Put a service at a location with the same service at its other locations."""
    service = dict(thing["service"])
    link = {key: value for key, value in thing.items() if key != "service"}
    _row, known = found.setdefault(plain_or(service.get("id")) or str(row), (row, service))
    known["service_at_locations"] = [*_dicts(known.get("service_at_locations")), link]


def _objects(stream: BinaryIO, suffix: str, findings: Findings) -> Iterator[tuple[int, Any]]:
    head = stream.peek(65536)[:65536].lstrip(b"\xef\xbb\xbf \t\r\n")  # type: ignore[attr-defined]
    if suffix in (".ndjson", ".jsonl") or _has_lines(head):
        yield from _lines(stream, findings)
        return
    if not head.startswith((b"{", b"[")):
        findings.fault(None, "", _("Dit is geen JSON: het begint niet met { of [."))
        return
    if stream.peek(3)[:3] == b"\xef\xbb\xbf":  # type: ignore[attr-defined]
        stream.read(3)
    prefix = "item" if head.startswith(b"[") else ("contents.item" if _is_page(head) else "")
    row = 0
    try:
        for thing in ijson.items(cast(BinaryIO, Shallow(stream)), prefix, use_float=True):
            row += 1
            yield row, thing
    except TooDeep:
        findings.fault(row + 1, "", _("De haken in dit bestand staan veel te diep in elkaar."))
    except (ijson.JSONError, ValueError, RecursionError, UnicodeDecodeError):
        findings.fault(
            row + 1,
            "",
            _("Hier klopt de JSON niet, of het bestand is afgebroken. Haal het opnieuw op."),
        )


def _has_lines(head: bytes) -> bool:
    first, _sign, rest = head.partition(b"\n")
    if not rest.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _is_page(head: bytes) -> bool:
    """Tell whether the object at the beginning is a page: it has contents at the top."""
    depth, found = 0, re.finditer(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', head)
    for token in found:
        text = token.group()
        if text in b"{[":
            depth += 1
        elif text in b"}]":
            depth -= 1
        elif depth == 1 and text == b'"contents"':
            return True
    return False


def _lines(stream: BinaryIO, findings: Findings) -> Iterator[tuple[int, Any]]:
    for row, line in enumerate(iter(lambda: stream.readline(MOST_LINE), b""), start=1):
        text = line.strip().removeprefix(b"\xef\xbb\xbf")
        if not text:
            continue
        try:
            yield row, json.loads(text)
        except (ValueError, RecursionError):
            findings.fault(
                row,
                "",
                _("Deze regel is geen JSON, of het bestand is afgebroken. Haal het opnieuw op."),
            )


def incoming(service: Object, row: int, findings: Findings) -> Incoming:
    """Return an HSDS service, with everything nested in it, as an incoming entry."""
    links = _dicts(service.get("service_at_locations"))
    organization = _dict(service.get("organization"))
    topics, rung = _classified(service)
    audience = service.get("omzien_audience")
    return Incoming(
        row=row,
        external_id=plain_or(service.get("id")),
        title=service.get("name", ""),
        description=service.get("description") or service.get("name", ""),
        provider=provider_of(organization, plain_or(service.get("organization_id"))),
        topics=topics,
        rung=rung,
        facts={
            "status": STATUS_IN.get(plain_or(service.get("status")), service.get("status")),
            "cost": cut(service.get("fees_description") or service.get("fees")),
            "waiting": cut(service.get("wait_time")),
            "audience": audience if isinstance(audience, list) else [],
            "eligibility": service.get("omzien_eligibility")
            if audience
            else service.get("eligibility_description"),
            "keywords": service.get("omzien_keywords"),
            "age_min": service.get("minimum_age"),
            "age_max": service.get("maximum_age"),
            "email": service.get("email"),
            "website": service.get("url"),
            "checked_on": plain_or(service.get("assured_date"))[:10],
            "contacts_checked_on": service.get("omzien_contacts_checked_on"),
            "owner_email": service.get("assurer_email"),
            "needs_referral": service.get(
                "omzien_needs_referral", service.get("application_process") == REFERRAL
            ),
            "without_appointment": service.get("omzien_without_appointment"),
            "is_meeting_place": service.get("omzien_is_meeting_place"),
            "wheelchair": service.get("omzien_wheelchair"),
            "is_demo": service.get("omzien_is_demo"),
            "languages": _languages(service),
            "village": service.get("omzien_village"),
            **_reach(service),
            **_capacity(service),
        },
        phones=tuple(_phones(service) or [p for link in links for p in _phones(link)]),
        schedules=tuple(_slots(service, row, findings)),
        places=tuple(place for link in links if (place := _place(_dict(link.get("location"))))),
        slug=plain_or(service.get("omzien_slug")),
        source={"hsds": service, "suggested": service.get("omzien_suggested") or []},
    )


def provider_of(organization: Object, number: str) -> IncomingProvider:
    """Return an HSDS organization as a provider."""
    name = plain_or(organization.get("name"))
    kind = plain_or(organization.get("legal_status"))
    kind = kind if kind in Provider.Kind.values else ""
    description = plain_or(organization.get("description"))
    phones = _dicts(organization.get("phones"))
    return IncomingProvider(
        name=name,
        kind=kind,
        # HSDS requires a description; ours says name and kind where there is none.
        description="" if description == f"{name} ({kind})" else description,
        email=organization.get("email") or "",
        website=organization.get("website") or "",
        phone=plain_or(phones[0].get("number")) if phones else "",
        external_id=plain_or(organization.get("id")) or number,
    )


def cut(value: Any, most: int = 200) -> str:
    """Return the beginning of a text that does not fit; all of it stays with the source."""
    text = plain_or(value)
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def _classified(service: Object) -> tuple[tuple[str, ...], str]:
    """Return the topics and the rung that attributes name, where they are of our taxonomies."""
    topics, rung = [], ""
    for attribute in _dicts(service.get("attributes")):
        inner = _dict(attribute.get("taxonomy_term"))
        key = plain_or(attribute.get("taxonomy_term_id")) or plain_or(inner.get("id"))
        term = terms().get(key)
        if term and term.taxonomy == TOPICS and term.parent:
            topics.append(term.key)
        elif term and term.taxonomy == RUNGS:
            rung = term.key
    return tuple(topics), rung


def _phones(owner: Object) -> Iterator[tuple[Any, Any]] | list[tuple[Any, Any]]:
    found = []
    for phone in _dicts(owner.get("phones")):
        number = phone.get("number")
        extension = plain_or(phone.get("extension"))
        if plain_or(phone.get("type")).casefold() in ("fax", "tty", "pager") or not number:
            continue
        found.append(
            (
                f"{plain_or(number).strip(QUOTES)} tst. {extension}" if extension else number,
                cut(phone.get("description"), 120),
            )
        )
    return found


QUOTES = "'\""


def _slots(service: Object, row: int, findings: Findings) -> Iterator[Slot]:
    for schedule in _dicts(service.get("schedules")):
        try:
            found = _slot(schedule)
        except Wrong as wrong:
            findings.wrong(row, _("tijden"), wrong.sentence, key="times")
            continue
        if found:
            yield found


def _slot(schedule: Object) -> Slot | None:
    starts, ends = (
        re.match(r"\d{1,2}:\d{2}", plain_or(schedule.get(key))) for key in ("opens_at", "closes_at")
    )
    if not starts or not ends:
        return None  # only a text: it stays with the source
    first = plain_or(schedule.get("dtstart")) or plain_or(schedule.get("valid_from"))
    rule = plain_or(schedule.get("omzien_rule")) or _rule(schedule)
    if not first and not rule:
        return None
    return slot(
        first_on=day_of(first[:10]) if first else FIRST_MONDAY,
        starts=clock(starts.group()),
        ends=clock(ends.group()),
        rule=rule,
        except_on=_days(schedule.get("omzien_except_on")),
        also_on=_days(schedule.get("omzien_also_on")),
        note=plain_or(schedule.get("description")),
        is_activity=schedule.get("omzien_is_activity") is True,
    )


def _rule(schedule: Object) -> str:
    """Return the recurrence that the fields of a schedule tell, or "" for a single day."""
    freq = plain_or(schedule.get("freq")).upper()
    by_day = plain_or(schedule.get("byday")).upper().replace(" ", "")
    if not freq and not by_day:
        return ""
    parts = [f"FREQ={freq or 'WEEKLY'}"]
    interval = plain_or(schedule.get("interval"))
    parts += [f"INTERVAL={interval}"] if interval not in ("", "0", "1") else []
    parts += [f"BYDAY={by_day}"] if by_day else []
    by_month_day = plain_or(schedule.get("bymonthday")).replace(" ", "")
    parts += [f"BYMONTHDAY={by_month_day}"] if by_month_day and freq == "MONTHLY" else []
    until, times = plain_or(schedule.get("until"))[:10], plain_or(schedule.get("count"))
    if until:
        parts.append(f"UNTIL={day_of(until):%Y%m%d}")
    elif times:
        parts.append(f"COUNT={times}")
    return ";".join(parts)


def _days(value: Any) -> list[Any]:
    return [day_of(plain_or(day)) for day in value] if isinstance(value, list) else []


def _place(location: Object) -> IncomingPlace | None:
    addresses = _dicts(location.get("addresses"))
    physical = [a for a in addresses if a.get("address_type") != "postal"] or addresses
    address = physical[0] if physical else {}
    name = cut(location.get("name"))
    street = ", ".join(
        text for key in ("address_1", "address_2") if (text := plain_or(address.get(key)))
    )
    town = plain_or(address.get("city"))
    if not (name or street or town) or (location.get("location_type") == "virtual" and not street):
        return None
    texts = {plain_or(a.get("description")) for a in _dicts(location.get("accessibility"))}
    return IncomingPlace(
        name=name,
        street=cut(street),
        postcode=plain_or(address.get("postal_code")),
        town=cut(town, 80),
        lat=location.get("latitude"),
        lon=location.get("longitude"),
        wheelchair=next((yes for yes, text in WHEELCHAIR.items() if text in texts), None),
        country=plain_or(address.get("country")).upper() or "NL",
    )


def _languages(service: Object) -> list[str]:
    found = []
    for language in _dicts(service.get("languages")):
        code = fold(plain_or(language.get("code")) or plain_or(language.get("name")))
        code = CODES.get(code, code)
        if re.fullmatch(r"[a-z]{2,3}(-[a-z]{2})?", code):
            found.append(code)  # another stays with the source
    return found


def _reach(service: Object) -> dict[str, Any]:
    areas = _dicts(service.get("service_areas"))
    return {"reach": areas[0].get("omzien_reach") if areas else None}


def _capacity(service: Object) -> dict[str, Any]:
    for capacity in _dicts(service.get("capacities")):
        if capacity.get("available") is not None:
            return {
                "capacity": capacity["available"],
                "capacity_on": plain_or(capacity.get("updated"))[:10],
            }
    return {"capacity": None, "capacity_on": None}


def plain_or(value: Any) -> str:
    """Return a value as clean text, and "" for a list or object."""
    try:
        return plain(value)
    except Wrong:
        return ""


def _dict(value: Any) -> Object:
    return value if isinstance(value, Mapping) else {}


def _dicts(value: Any) -> list[Object]:
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []
