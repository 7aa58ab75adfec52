"""What an import will do, before anything is written: new, changed, the same, missing.

An entry remembers (extra["import"]) which source brought it, and per source a mark of each
value as that source gave it. Only a value whose mark differs is written: what an editor
changed here since stays, unless the source changed the very same field. So does what came
from another source, such as a table that was exported, edited in Excel and brought back.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from omzien.areas.models import Municipality
from omzien.directory.actions.importing.report import Mention
from omzien.directory.importing.rows import Checked
from omzien.directory.models import Service


@dataclass(frozen=True)
class Change:
    """An entry that exists, and the names of the values that its source changed."""

    entry: Checked
    key: str
    names: frozenset[str]
    had_places: bool
    """Whether this source gave its places before; only then may it take them away."""


@dataclass
class Plan:
    """The entries of a file, sorted by what has to happen to them."""

    new: list[Checked] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    missing: list[Mention] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """An entry of the municipality, as far as an import must know it."""

    key: str
    external_id: str
    title: str
    origin: dict[str, Any]


def marks(entry: Checked) -> dict[str, str]:
    """Return a short mark of each value that the source gives."""
    found: dict[str, Any] = {
        "title": entry.title,
        "description": entry.description,
        "provider": entry.provider,
        "topics": entry.topics,
        "rung": entry.rung and entry.rung.value,
        "phones": entry.phones,
        "schedules": entry.schedules,
        "places": entry.places and [(p, repr(p.left)) for p in entry.places],
        "source": entry.source,
        **entry.facts,
    }
    return {
        name: f"{zlib.crc32(repr(value).encode()):x}"
        for name, value in found.items()
        if value is not None
    }


def plan(municipality: Municipality, entries: Iterable[Checked], source: str) -> Plan:
    """Return what has to happen. An entry is known by its source's number or by our own."""
    known = _known(municipality)
    by_number = {one.key: one for one in known}
    by_number |= {one.external_id: one for one in known if one.external_id}
    made = Plan()
    seen = set()
    for entry in entries:
        one = by_number.get(entry.external_id)
        if one is None:
            made.new.append(entry)
            continue
        seen.add(one.key)
        then = one.origin.get("marks", {}).get(source, {})
        names = frozenset(n for n, mark in marks(entry).items() if mark != then.get(n))
        if names:
            made.changed.append(Change(entry, one.key, names, "places" in then))
        else:
            made.same += 1
    made.missing = [
        Mention(one.external_id, one.title)
        for one in known
        if one.origin.get("source") == source and one.key not in seen
    ]
    return made


def _known(municipality: Municipality) -> list[Known]:
    rows = Service.objects.filter(municipality=municipality).values_list(
        "id", "external_id", "title", "extra__import"
    )
    return [Known(str(key), number, title, origin or {}) for key, number, title, origin in rows]
