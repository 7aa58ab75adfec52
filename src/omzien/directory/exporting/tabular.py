"""Entries as an HSDS tabular data package: one CSV per table, and datapackage.json.

The package is written from the same objects as JSON, taken apart into tables. Where the
standard requires a value that we do not have, the column says "-".
"""

import json
import math
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from omzien.directory.hsds.ids import made_id
from omzien.directory.hsds.tables import NUMBERS, TABLES, UNKNOWN
from omzien.directory.hsds.taxonomies import taxonomies
from omzien.kernel.cells import Rows

Object = Mapping[str, Any]
REQUIRED = {
    "organizations": ("id", "name", "description"),
    "services": ("id", "organization_id", "name", "status"),
    "addresses": ("id", "address_1", "city", "state_province", "postal_code", "country",
                  "address_type"),
    "locations": ("id", "location_type"),
    "taxonomies": ("id", "name", "description"),
    "taxonomy_terms": ("id", "name", "description"),
    "attributes": ("id", "link_id", "taxonomy_term_id", "link_entity"),
    "phones": ("id", "number"),
    "programs": ("id", "organization_id", "name", "description"),
    "organization_identifiers": ("id", "organization_id", "identifier_type", "identifier"),
    "url": ("id", "url"),
}  # fmt: skip
DEFAULTS = {
    "address_type": "physical",
    "location_type": "physical",
    "link_entity": "service",
    "country": "NL",
}
# Keys of nested lists whose name is not that of their table.
LISTS = {"additional_urls": "url", "additional_websites": "url", "accessibility": "accessibility"}
DATES = {"valid_from", "valid_to", "dtstart", "until", "assured_date", "last_action_date"}
MOMENTS = {"last_modified", "updated"}
TIMES = {"opens_at", "closes_at"}


class Package:
    """A data package that grows by one service at a time, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, set[str]] = {stem: set() for stem in TABLES}
        self._codes: set[str] = set()
        self._streams = {
            stem: (folder / f"{stem}.csv").open("w", encoding="utf-8", newline="")
            for stem in TABLES
        }
        self._writers = {
            stem: Rows(stream, delimiter=",") for stem, stream in self._streams.items()
        }
        for stem, columns in TABLES.items():
            self._writers[stem].row(columns)
        for taxonomy in taxonomies():
            self._row("taxonomies", taxonomy)

    def close(self) -> None:
        """Finish the files and describe them."""
        for stream in self._streams.values():
            stream.close()
        (self.folder / "datapackage.json").write_text(
            json.dumps(description(), indent=1), encoding="utf-8"
        )

    def add(self, service: Object) -> None:
        """Take one HSDS service apart into the tables."""
        key = str(service["id"])
        organization = service.get("organization") or {}
        self._organization(organization)
        owner = {"service_id": key}
        program = service.get("program")
        if isinstance(program, Mapping):
            self._row("programs", {**program, "organization_id": organization.get("id")})
        known = isinstance(program, Mapping) and self._has("programs", program.get("id"))
        self._row("services", {
            **service,
            "organization_id": organization.get("id"),
            "program_id": program["id"] if known and isinstance(program, Mapping) else None,
        })  # fmt: skip
        for name in ("phones", "schedules", "service_areas", "cost_options", "funding", "languages",
                     "required_documents", "contacts", "additional_urls"):  # fmt: skip
            self._many(service, name, owner)
        for capacity in _dicts(service.get("capacities")):
            self._capacity(capacity, key)
        for attribute in _dicts(service.get("attributes")):
            self._attribute(attribute, key)
        for link in _dicts(service.get("service_at_locations")):
            self._link(link, key)

    def _organization(self, organization: Object) -> None:
        if self._row("organizations", {**organization, "parent_organization_id": None}):
            owner = {"organization_id": organization.get("id")}
            for name in ("phones", "contacts", "funding", "organization_identifiers",
                         "additional_websites"):  # fmt: skip
                self._many(organization, name, owner)

    def _link(self, link: Object, service: str) -> None:
        location = link.get("location")
        if not isinstance(location, Mapping) or not location.get("id"):
            return
        if self._row("locations", location):
            owner = {"location_id": location["id"]}
            for name in ("addresses", "accessibility", "phones", "contacts", "languages",
                         "schedules"):  # fmt: skip
                self._many(location, name, owner)
        self._row(
            "service_at_location", {**link, "service_id": service, "location_id": location["id"]}
        )
        owner = {"service_at_location_id": link.get("id")}
        for name in ("phones", "schedules", "service_areas", "contacts"):
            self._many(link, name, owner)

    def _capacity(self, capacity: Object, service: str) -> None:
        unit = capacity.get("unit")
        if isinstance(unit, Mapping) and unit.get("id"):
            self._row("units", unit)
            unit_id = unit["id"]
        else:
            unit_id = None
        self._row("service_capacity", {**capacity, "service_id": service, "unit_id": unit_id})

    def _attribute(self, attribute: Object, service: str) -> None:
        term = attribute.get("taxonomy_term")
        if not isinstance(term, Mapping) or not term.get("id"):
            return
        code = term.get("code") if term.get("code") not in self._codes else None
        known = {str(t["id"]) for t in taxonomies()}
        taxonomy = term.get("taxonomy_id") if str(term.get("taxonomy_id")) in known else None
        if self._row("taxonomy_terms", {**term, "code": code, "taxonomy_id": taxonomy}) and code:
            self._codes.add(code)
        made = {"id": made_id("attribute", service, term["id"])}
        self._row(
            "attributes",
            {**attribute, **made, "link_id": service, "taxonomy_term_id": term["id"]},
        )

    def _many(self, owner: Object, name: str, link: Mapping[str, Any]) -> None:
        stem = LISTS.get(name, name)
        for number, part in enumerate(_dicts(owner.get(name))):
            bare = {k: v for k, v in part.items() if not k.endswith("_id")}
            key = part.get("id")
            if not key or self._has(stem, key):  # the source may tell one phone three times
                key = made_id(stem, *link.values(), number)
            self._row(stem, {**bare, "id": key, **link})

    def _has(self, stem: str, key: Any) -> bool:
        return str(key) in self._seen[stem]

    def _row(self, stem: str, values: Object) -> bool:
        """Write a row once; tell whether it was new."""
        key = str(values.get("id") or "")
        if not key or key in self._seen[stem]:
            return False
        self._seen[stem].add(key)
        required = REQUIRED.get(stem, ())
        self._writers[stem].row(
            [_cell(column, values.get(column), column in required) for column in TABLES[stem]]
        )
        return True


def write_zip(path: Path, things: Iterable[Object]) -> int:
    """Write a data package as a zip; return the number of services."""
    with tempfile.TemporaryDirectory() as folder:
        counted = write_folder(Path(folder), things)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(Path(folder).iterdir()):
                archive.write(file, file.name)
    return counted


def write_folder(folder: Path, things: Iterable[Object]) -> int:
    """Write a data package into a folder; return the number of services."""
    folder.mkdir(parents=True, exist_ok=True)
    package, counted = Package(folder), 0
    for thing in things:
        package.add(thing)
        counted += 1
    package.close()
    return counted


def description() -> dict[str, Any]:
    """Return datapackage.json: which file holds which columns, of which type."""
    return {
        "profile": "tabular-data-package",
        "name": "omzien-hsds",
        "title": "Sociale kaart in HSDS 3.1 (Open Referral)",
        "resources": [
            {
                "name": stem,
                "path": f"{stem}.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "schema": {"fields": [_field(column) for column in columns]},
            }
            for stem, columns in TABLES.items()
        ],
    }


def _field(column: str) -> dict[str, str]:
    for names, kind in (
        (NUMBERS, "number"),
        (DATES, "date"),
        (MOMENTS, "datetime"),
        (TIMES, "time"),
    ):
        if column in names:
            return {"name": column, "type": kind, **({"format": "any"} if kind != "number" else {})}
    return {"name": column, "type": "string"}


def _cell(column: str, value: Any, is_required: bool) -> str:  # noqa: FBT001
    text = "" if value is None or isinstance(value, list | dict) else str(value)
    if column in NUMBERS:
        return text if _is_number(text) else ""
    if column in TIMES and text:
        text = text[:5] + ":00" if len(text) >= 5 else ""
    if column in DATES:
        return text[:10]
    if not text and is_required:
        return DEFAULTS.get(column, UNKNOWN)
    return text


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _dicts(value: Any) -> list[Object]:
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []
