"""Any tables at all, through a mapping file that says which column is which field of HSDS.

The mapping (TOML, example data/mappings/charmcare.toml) turns each row into an HSDS service
with everything nested in it; from there on it comes in as any other HSDS.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from omzien.directory.hsds.ids import made_id
from omzien.directory.importing import table, words
from omzien.directory.importing.hsds_json import incoming
from omzien.directory.importing.rows import Findings, Incoming, Wrong
from omzien.directory.language.topics import all_topics
from omzien.directory.languages import CODES
from omzien.kernel.text import fold

Row = Mapping[str, str]
SECTIONS = {"service", "organization", "location", "address"}
KNOWN = {"name", "taxonomy", "entries", "join", "phone", "languages", "topics", "values", *SECTIONS}
# What HSDS requires of an address, also where the source has nothing.
ADDRESS = ("address_1", "city", "state_province", "postal_code", "country", "address_type")
MOST_MAPPING = 1_000_000


@dataclass(frozen=True)
class Join:
    """Another table whose rows belong to an entry, by the value of a column."""

    name: str
    source: str
    rows: Mapping[str, list[Row]]
    columns: frozenset[str]


@dataclass
class Joined:
    """A row of the entries with the rows that belong to it."""

    entry: Row
    parts: dict[str, list[Row]] = field(default_factory=dict)

    def values(self, column: str) -> list[str]:
        """Return what `column` ("city" or "address.city") says, once per row that has it."""
        name, sign, inner = column.partition(".")
        if not sign:
            return [self.entry.get(column, "")]
        return [row.get(inner, "") for row in self.parts.get(name, [])]

    def first(self, wanted: Any) -> str:
        """Return the first of the wanted columns that says something, or the fixed text."""
        if isinstance(wanted, Mapping):
            return str(wanted.get("text", ""))
        for column in [wanted] if isinstance(wanted, str) else wanted:
            for value in self.values(column):
                if value.strip():
                    return value.strip()
        return ""


def load(path: Path) -> dict[str, Any]:
    """Return a mapping file, or the shipped mapping of that name; raise Wrong when it is none."""
    shipped = files("omzien.directory").joinpath("data", "mappings", f"{path.name}.toml")
    try:
        text = path.read_bytes()[:MOST_MAPPING] if path.is_file() else shipped.read_bytes()
        found = tomllib.loads(text.decode())
    except FileNotFoundError as error:
        raise Wrong(_("De mapping %(name)s is er niet.") % {"name": path.name}) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Wrong(
            _("De mapping %(name)s is geen geldige TOML: %(why)s.")
            % {"name": path.name, "why": str(error)[:100]}
        ) from error
    _check_mapping(found)
    return found


def _check_mapping(mapping: dict[str, Any]) -> None:
    unknown = [key for key in mapping if key not in KNOWN]
    if unknown:
        near = words.nearest(unknown[0], sorted(KNOWN))
        raise Wrong(
            _('In de mapping staat "%(key)s"; dat ken ik niet.%(near)s')
            % {
                "key": unknown[0][:40],
                "near": _(" Bedoel je %(near)s?") % {"near": near} if near else "",
            }
        )
    for key in ("service", "organization"):
        if not isinstance(mapping.get(key), dict) or "name" not in mapping[key]:
            raise Wrong(_('In de mapping ontbreekt "name" onder [%(key)s].') % {"key": key})
    if not isinstance(mapping.get("name"), str) or not mapping["name"].isidentifier():
        raise Wrong(_('Geef de mapping een korte "name": letters en cijfers, zonder spatie.'))
    codes = (mapping.get("topics") or {}).get("codes") or {}
    for topic in (t for topics in codes.values() for t in _listed(topics)):
        if topic not in all_topics():
            near = words.nearest(str(topic), list(all_topics()))
            raise Wrong(
                _('Onderwerp "%(code)s" in de mapping ken ik niet. Bedoel je "%(near)s"?')
                % {"code": str(topic)[:40], "near": near}
            )


def read(path: Path, mapping: dict[str, Any], findings: Findings) -> Iterator[Incoming]:
    """Yield the entries of a file, or of the tables in a folder."""
    try:
        joins = [_join(path, spec, findings) for spec in mapping.get("join", [])]
        source = (
            path / str((mapping.get("entries") or {}).get("file", "")) if path.is_dir() else path
        )
        if not source.is_file():
            raise Wrong(_("Het bestand %(name)s ontbreekt.") % {"name": source.name})
    except Wrong as wrong:
        findings.fault(None, "", wrong.sentence)
        return
    if findings.faulty:
        return
    checked = False
    for row, cells in table.lines(source, findings):
        if not checked:
            checked = True
            if _unknown_columns(mapping, joins, set(cells), findings):
                return
        joined = Joined(cells)
        for join in joins:
            keys = joined.values(join.source)
            joined.parts[join.name] = [r for key in keys if key for r in join.rows.get(key, [])]
        entry = incoming(_service(joined, mapping), row, findings)
        yield replace(entry, topics=_topics(joined, mapping))


def _join(folder: Path, spec: Mapping[str, Any], findings: Findings) -> Join:
    try:
        name, source, file = (str(spec[key]) for key in ("name", "from", "file"))
    except (KeyError, TypeError) as error:
        raise Wrong(_("Een [[join]] in de mapping heeft name, file en from nodig.")) from error
    path = folder / file
    if not folder.is_dir() or not path.is_file() or path.resolve().parent != folder.resolve():
        raise Wrong(_("Het bestand %(name)s ontbreekt.") % {"name": file[:60]})
    rows: dict[str, list[Row]] = {}
    if path.suffix.casefold() == ".json":
        rows = _json_rows(path)
    else:
        on = str(spec.get("on", "id"))
        for _number, cells in table.lines(path, findings):
            if on not in cells:
                raise Wrong(
                    _('In %(file)s is geen kolom "%(name)s".') % {"file": file, "name": on[:40]}
                )
            if cells[on] and (spec.get("many") or cells[on] not in rows):
                rows.setdefault(cells[on], []).append(cells)
    columns = frozenset(next(iter(rows.values()))[0]) if rows else frozenset()
    return Join(name, source, rows, columns)


def _json_rows(path: Path) -> dict[str, list[Row]]:
    try:
        found = json.loads(path.read_bytes())
        return {
            str(key): [{"value": str(value)} for value in dict.fromkeys(map(str, values))]
            for key, values in found.items()
        }
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise Wrong(_("In %(name)s klopt de JSON niet.") % {"name": path.name}) from error


def _unknown_columns(
    mapping: dict[str, Any], joins: list[Join], columns: set[str], findings: Findings
) -> bool:
    known = columns | {f"{join.name}.{column}" for join in joins for column in join.columns}
    for section in SECTIONS & set(mapping):
        for target, wanted in mapping[section].items():
            for column in _listed(wanted) if not isinstance(wanted, Mapping) else ():
                if column not in known:
                    near = words.nearest(str(column), sorted(known))
                    findings.fault(
                        None,
                        f"[{section}] {target}",
                        _('De kolom "%(column)s" is er niet.%(near)s')
                        % {
                            "column": str(column)[:60],
                            "near": _(' Bedoel je "%(near)s"?') % {"near": near} if near else "",
                        },
                    )
    return findings.faulty > 0


def _service(joined: Joined, mapping: dict[str, Any]) -> dict[str, Any]:
    service = _filled(joined, mapping, "service")
    service.setdefault("status", "active")
    organization = _filled(joined, mapping, "organization")
    if organization:
        service["organization"] = organization
    location = _filled(joined, mapping, "location")
    address = _filled(joined, mapping, "address")
    if address.get("address_1") or address.get("postal_code"):
        location["addresses"] = [dict.fromkeys(ADDRESS, "") | address]
    if {"name", "addresses", "latitude"} & set(location):
        for name in ("latitude", "longitude"):
            if name in location:
                location[name] = _number(location[name])
        service["service_at_locations"] = [{"location": location}]
    service["phones"] = list(_phones(joined, mapping))
    service["languages"] = _languages(joined, mapping)
    service["attributes"] = _attributes(joined, mapping)
    return service


def _filled(joined: Joined, mapping: dict[str, Any], section: str) -> dict[str, Any]:
    replaced = mapping.get("values") or {}
    found = {}
    for target, wanted in (mapping.get(section) or {}).items():
        value = joined.first(wanted)
        value = str((replaced.get(target) or {}).get(value, value))
        if value:
            found[target] = value
    return found


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _phones(joined: Joined, mapping: dict[str, Any]) -> Iterator[dict[str, str]]:
    spec = mapping.get("phone") or {}
    rows = joined.parts.get(spec["rows"], []) if "rows" in spec else [joined.entry]
    for row in rows:
        phone = {
            target: row.get(column, "").strip()
            for target, column in spec.items()
            if target != "rows" and row.get(column, "").strip()
        }
        if phone.get("number"):
            yield phone


def _languages(joined: Joined, mapping: dict[str, Any]) -> list[dict[str, str]]:
    column = (mapping.get("languages") or {}).get("column", "")
    text = fold(joined.first(column)) if column else ""
    found = {
        CODES[word]: word
        for part in text.replace(".", " ").replace(",", " ").split()
        if (word := part.strip()) in CODES
    }
    return [{"code": code, "name": name.title()} for code, name in found.items()]


def _attributes(joined: Joined, mapping: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the source's own categories, which go out again as terms of its taxonomy."""
    spec = mapping.get("topics") or {}
    taxonomy = str(mapping.get("taxonomy", mapping["name"]))
    found = {}
    for row in _term_rows(joined, spec):
        code, name = row.get(spec.get("code", ""), ""), row.get(spec.get("name", ""), "")
        if code or name:
            key = made_id(taxonomy, code or name)
            found[key] = {
                "link_entity": "service",
                "value": name or code,
                "taxonomy_term": {
                    "id": key,
                    "code": code,
                    "name": name or code,
                    "description": name or code,
                    "taxonomy": taxonomy,
                },
            }
    return list(found.values())


def _topics(joined: Joined, mapping: dict[str, Any]) -> tuple[str, ...]:
    spec = mapping.get("topics") or {}
    codes = spec.get("codes") or {}
    found: list[str] = []
    for row in _term_rows(joined, spec):
        for column in ("code", "name"):
            text = row.get(spec.get(column, ""), "").strip()
            best = max(
                (c for c in codes if text == c or text.startswith(f"{c}-")), key=len, default=""
            )
            if text and best:
                found += map(str, _listed(codes[best]))
                break
    return tuple(dict.fromkeys(found))


def _term_rows(joined: Joined, spec: Mapping[str, Any]) -> Iterable[Row]:
    return joined.parts.get(spec["rows"], []) if "rows" in spec else [joined.entry]


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value)
