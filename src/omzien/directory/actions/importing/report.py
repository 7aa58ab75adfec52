"""What an import did or would do, for a person and for the table of runs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from omzien.areas.actions.reports import MOST_FAULTS, Fault
from omzien.directory.actions.importing.comparing import Difference
from omzien.directory.duplicates import Candidate, Pair

MOST_MENTIONS = 200


@dataclass(frozen=True)
class Mention:
    """An entry that a report names."""

    external_id: str
    title: str


@dataclass(frozen=True)
class Line:
    """What happens to one entry: "new", "changed", or nothing ("here"), because somebody here
    changed it since or took it off the site. `key` is ours, where it stands here.
    """

    what: str
    title: str
    provider: str
    key: str = ""
    differences: Sequence[Difference] = ()
    is_off: bool = False
    """Whether it is off the site."""
    comes_back: bool = False
    """Whether it then is on the site again: it went off with an import that was taken back."""
    is_kept_secret: bool = False
    """Whether an address stays secret of which the file does not say so."""


@dataclass(frozen=True)
class EntriesReport:
    """The outcome of an import of entries. `missing` are known entries the source lost,
    `changed_here` those that are not as in the file because somebody here changed them since,
    `elsewhere` national and regional ones, which stand on the site already.

    Of a refused file that `may_be_partly` imported, the good rows can come in without the wrong.
    `refused_rows` counts the rows with a fault; a fault of the whole file has no row. The
    two sides of each pair of `duplicates` stand in `compared`, without secret addresses.
    """

    rows: int
    new: int = 0
    changed: int = 0
    same: int = 0
    missing: int = 0
    comes_back: int = 0
    """Of `changed`: so many come back on the site."""
    changed_here: int = 0
    elsewhere: int = 0
    kept_secret: int = 0
    """Entries with an address that stays secret, of which the file does not say so."""
    dry_run: bool = True
    refused: bool = False
    faults: Sequence[Fault] = ()
    more_faults: int = 0
    refused_rows: int = 0
    may_be_partly: bool = False
    notes: Sequence[Fault] = ()
    more_notes: int = 0
    suggested_topics: int = 0
    suggested_rungs: int = 0
    missing_entries: Sequence[Mention] = ()
    lines: Sequence[Line] = ()
    """The first of what happens, entry by entry."""
    duplicates: Sequence[Pair] = ()
    compared: Mapping[str, Candidate] = field(default_factory=dict)
    is_compared: bool = True
    """False where the file or the directory is too big to look for duplicates at once."""
    version: int = 0
    """Of the directory as it was compared with: where that moved since, a trial may be untrue."""
    run: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is kept with the run: no more than the first 200 faults."""
        more = self.more_faults + max(0, len(self.faults) - MOST_FAULTS)
        notes = self.more_notes + max(0, len(self.notes) - MOST_FAULTS)
        short = replace(
            self,
            faults=tuple(self.faults[:MOST_FAULTS]),
            more_faults=more,
            notes=tuple(self.notes[:MOST_FAULTS]),
            more_notes=notes,
        )
        found = asdict(short)
        del found["run"]  # it is the run that keeps it
        return {key: list(v) if isinstance(v, tuple) else v for key, v in found.items()}
