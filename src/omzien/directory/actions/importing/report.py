"""What an import did or would do, for a person and for the table of runs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from omzien.areas.actions.reports import Fault
from omzien.directory.duplicates import Pair

MOST_MENTIONS = 200


@dataclass(frozen=True)
class Mention:
    """An entry that a report names."""

    external_id: str
    title: str


@dataclass(frozen=True)
class EntriesReport:
    """The outcome of an import of entries. `missing` are known entries the source lost."""

    rows: int
    new: int = 0
    changed: int = 0
    same: int = 0
    missing: int = 0
    dry_run: bool = True
    refused: bool = False
    faults: Sequence[Fault] = ()
    more_faults: int = 0
    notes: Sequence[Fault] = ()
    more_notes: int = 0
    suggested_topics: int = 0
    suggested_rungs: int = 0
    missing_entries: Sequence[Mention] = ()
    duplicates: Sequence[Pair] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is kept with the run."""
        found = asdict(self)
        return {key: list(v) if isinstance(v, tuple) else v for key, v in found.items()}
