"""What an import will do, before anything is written: new, changed, the same, missing.

An entry remembers (extra["import"]) from which source it came and a mark of each value as the
source gave it. Only a value whose mark differs is written: what an editor changed here since
stays, unless the source changed the very same field.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from omzien.areas.models import Municipality
from omzien.directory.actions.importing.report import Mention
from omzien.directory.importing.rows import Checked, Findings
from omzien.directory.models import Service


@dataclass
class Plan:
    """The entries of a file, sorted by what has to happen to them."""

    new: list[Checked] = field(default_factory=list)
    changed: list[tuple[Checked, str, frozenset[str]]] = field(default_factory=list)
    """With the key of the service and the names of the values that changed at the source."""
    same: int = 0
    missing: list[Mention] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Return how many entries are written."""
        return len(self.new) + len(self.changed)


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


def plan(
    municipality: Municipality, entries: Iterable[Checked], source: str, findings: Findings
) -> Plan:
    """Return what has to happen; an entry that another source owns is a fault."""
    known = _known(municipality)
    made = Plan()
    seen = set()
    for entry in entries:
        seen.add(entry.external_id)
        if entry.external_id not in known:
            made.new.append(entry)
            continue
        key, title, before = known[entry.external_id]
        if before.get("source", source) != source:
            findings.fault(
                entry.row,
                _("nummer"),
                _('Nummer "%(number)s" is al van "%(title)s", dat uit een andere bron komt.')
                % {"number": entry.external_id[:60], "title": title[:60]},
            )
            continue
        then = before.get("marks", {})
        now = marks(entry)
        names = frozenset(name for name in now if now[name] != then.get(name))
        if names:
            made.changed.append((entry, key, names))
        else:
            made.same += 1
    made.missing = [
        Mention(number, title)
        for number, (_key, title, before) in known.items()
        if number not in seen and before.get("source") == source
    ]
    return made


def _known(municipality: Municipality) -> dict[str, tuple[str, str, dict[str, Any]]]:
    rows = (
        Service.objects.filter(municipality=municipality)
        .exclude(external_id="")
        .values_list("external_id", "id", "title", "extra__import")
    )
    return {number: (str(key), title, before or {}) for number, key, title, before in rows}
