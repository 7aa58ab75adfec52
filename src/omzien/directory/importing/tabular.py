"""HSDS as a tabular data package: a folder or zip of CSV files, put together again."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from omzien.directory.hsds.tables import NUMBERS, TABLES, UNKNOWN
from omzien.directory.importing import table
from omzien.directory.importing.hsds_json import incoming
from omzien.directory.importing.packed import unpacked
from omzien.directory.importing.rows import Findings, Incoming, Wrong

Rows = dict[str, list[dict[str, Any]]]


def read(path: Path, findings: Findings) -> Iterator[Incoming]:
    """Yield the entries of a data package; a row number is that of services.csv."""
    try:
        if path.is_dir():
            yield from _read(path, findings)
            return
        with tempfile.TemporaryDirectory() as folder:
            _unpack(path, Path(folder))
            yield from _read(Path(folder), findings)
    except Wrong as wrong:
        findings.fault(None, "", wrong.sentence)


def _unpack(path: Path, folder: Path) -> None:
    """Write the CSV files of a zip that was weighed, under their own bare names."""
    with unpacked(path) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename).name
            if name in {f"{stem}.csv" for stem in TABLES}:
                with archive.open(member) as source, (folder / name).open("wb") as target:
                    shutil.copyfileobj(source, target)


def _read(folder: Path, findings: Findings) -> Iterator[Incoming]:
    if not (folder / "services.csv").is_file():
        raise Wrong(_("Het bestand services.csv ontbreekt: dit is geen HSDS-datapakket."))
    tables = {
        stem: _rows(folder / f"{stem}.csv", findings) for stem in TABLES if stem != "services"
    }
    if findings.faulty:
        return
    parts = _Parts(tables)
    for row, cells in table.lines(folder / "services.csv", findings):
        yield incoming(parts.service(_typed(cells)), row, findings)


def _rows(path: Path, findings: Findings) -> list[dict[str, Any]]:
    if not path.is_file() or not path.read_bytes().strip():
        return []
    before = findings.faulty
    found = [_typed(cells) for _row, cells in table.lines(path, findings)]
    if findings.faulty > before:
        findings.fault(None, path.name, _("Dit bestand van het pakket klopt niet."))
    return found


def _typed(cells: dict[str, str]) -> dict[str, Any]:
    return {
        key: _number(text) if key in NUMBERS else text
        for key, text in cells.items()
        if text.strip() and text != UNKNOWN
    }


def _number(text: str) -> float | int | str:
    try:
        number = float(text)
        return int(number) if number.is_integer() else number
    except (ValueError, OverflowError):
        return text


class _Parts:
    """The tables of a package, each by the key of what it belongs to."""

    def __init__(self, tables: Rows) -> None:
        self._tables = tables
        self._by: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}

    def of(self, stem: str, column: str, key: Any) -> list[dict[str, Any]]:
        """Return copies of the rows of a table whose `column` is `key`."""
        known = self._by.get((stem, column))
        if known is None:
            known = {}
            for row in self._tables[stem]:
                if row.get(column):
                    known.setdefault(str(row[column]), []).append(row)
            self._by[(stem, column)] = known
        return [dict(row) for row in known.get(str(key), [])]

    def one(self, stem: str, key: Any) -> dict[str, Any]:
        """Return a copy of the row with an id, or nothing."""
        return next(iter(self.of(stem, "id", key)), {})

    def service(self, cells: dict[str, Any]) -> dict[str, Any]:
        """Return a service with everything that belongs to it nested in it."""
        key = cells.get("id")
        service = dict(cells)
        for stem, name in (
            ("phones", "phones"), ("schedules", "schedules"), ("service_areas", "service_areas"),
            ("cost_options", "cost_options"), ("funding", "funding"), ("languages", "languages"),
            ("required_documents", "required_documents"), ("contacts", "contacts"),
            ("url", "additional_urls"),
        ):  # fmt: skip
            service[name] = self.of(stem, "service_id", key)
        service["capacities"] = [
            row | {"unit": self.one("units", row.get("unit_id"))}
            for row in self.of("service_capacity", "service_id", key)
        ]
        service["attributes"] = [
            a | {"taxonomy_term": self.one("taxonomy_terms", a.get("taxonomy_term_id"))}
            for a in self.of("attributes", "link_id", key)
        ]
        organization = self.organization(cells.get("organization_id"))
        if organization:
            service["organization"] = organization
        if cells.get("program_id"):
            service["program"] = self.one("programs", cells["program_id"])
        service["service_at_locations"] = [
            link | {"location": self.location(link.get("location_id"))}
            for link in self.of("service_at_location", "service_id", key)
        ]
        return {name: value for name, value in service.items() if value not in ([], {})}

    def organization(self, key: Any) -> dict[str, Any]:
        """Return an organization with what belongs to it alone."""
        organization = self.one("organizations", key)
        if organization:
            for stem in ("phones", "contacts", "funding", "organization_identifiers"):
                rows = self.of(stem, "organization_id", key)
                own = [r for r in rows if not r.get("service_id") and not r.get("location_id")]
                organization |= {stem: own} if own else {}
        return organization

    def location(self, key: Any) -> dict[str, Any]:
        """Return a location with its addresses and more."""
        location = self.one("locations", key)
        for stem in ("addresses", "accessibility", "phones", "contacts", "languages", "schedules"):
            rows = self.of(stem, "location_id", key)
            own = [r for r in rows if not r.get("service_id")]
            location |= {stem: own} if own else {}
        return location
