"""What an import did or would do, and the transaction that it does it in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from django.db import transaction
from django.utils.translation import gettext as _

from omzien.areas import queries
from omzien.journal.actions import record
from omzien.journal.isolation import SHARED, working_for

MOST_FAULTS = 200
# Below this many rows one odd row says nothing about the file.
FEW_ROWS = 4

Progress = Callable[[int], None]
"""Called now and then with the number of rows read so far."""


@dataclass(frozen=True)
class Fault:
    """Something wrong in a file: which row (a CSV's line, a GeoJSON's nth area), which field."""

    row: int | None
    field: str
    sentence: str

    def __str__(self) -> str:
        """Return the fault as one line for a person."""
        where = [_("regel %(row)d") % {"row": self.row}] if self.row is not None else []
        where += [self.field] if self.field else []
        return f"{', '.join(where)}: {self.sentence}" if where else self.sentence


@dataclass(frozen=True)
class ImportReport:
    """The outcome of an import, or of its dry run.

    `skipped` rows were not used: faulty, or of another municipality or kind of area.
    `faults` holds at most 200; `more_faults` counts the rest.
    """

    subject: str
    year: int | None
    dry_run: bool
    added: int
    changed: int
    unchanged: int
    skipped: int
    faults: tuple[Fault, ...]
    more_faults: int
    refused: bool


class ImportRefused(Exception):
    """The file cannot be trusted; nothing was changed. `report` says why."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(str(report.faults[-1]) if report.faults else report.subject)
        self.report = report


class _Undo(Exception):
    """Ends a dry run: what it wrote is rolled back."""


@dataclass
class Tally:
    """Counts while an import runs, and turns into its report."""

    subject: str
    year: int | None
    dry_run: bool
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    left_out: int = 0
    faulty: int = 0
    faults: list[Fault] = field(default_factory=list)

    def note(self, row: int | None, name: str, sentence: str) -> None:
        """Note a fault in a row that is used all the same."""
        self.faulty += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(row, name, sentence))

    def skip(self, row: int | None, name: str, sentence: str) -> None:
        """Leave a faulty row out."""
        self.skipped += 1
        self.left_out += 1
        self.note(row, name, sentence)

    def refuse(self, row: int | None, name: str, sentence: str) -> NoReturn:
        """Refuse the whole file: nothing of it comes in."""
        # The reason must be in the report, also when the list is full.
        self.faults = self.faults[: MOST_FAULTS - 1]
        self.faulty += 1
        self.faults.append(Fault(row, name, sentence))
        raise ImportRefused(self.report(refused=True))

    def check_whole(self, nothing: str) -> None:
        """Refuse a file that held nothing of use (`nothing` says so) or mostly faults."""
        used = self.added + self.changed + self.unchanged
        if not used:
            self.refuse(None, "", nothing)
        if self.left_out > max(used, FEW_ROWS):
            self.refuse(
                None,
                "",
                _(
                    "Meer dan de helft van de regels klopt niet. Er is niets overgenomen. "
                    "Kijk of dit het goede bestand is."
                ),
            )

    def report(self, *, refused: bool = False) -> ImportReport:
        """Return the counts so far; after a refusal nothing was added or changed."""
        return ImportReport(
            subject=self.subject,
            year=self.year,
            dry_run=self.dry_run,
            added=0 if refused else self.added,
            changed=0 if refused else self.changed,
            unchanged=0 if refused else self.unchanged,
            skipped=self.skipped,
            faults=tuple(self.faults),
            more_faults=self.faulty - len(self.faults),
            refused=refused,
        )


@contextmanager
def importing(tally: Tally, *, by: str, municipality: str | None = None) -> Iterator[None]:
    """Open the one transaction of an import; write its fact; roll a dry run back.

    Raises ImportRefused, after which nothing has changed.
    """
    try:
        with working_for(SHARED):
            yield
            if tally.dry_run:
                raise _Undo
            record(
                verb="imported",
                subject="areas",
                subject_id=tally.subject if tally.year is None else f"{tally.subject}-{tally.year}",
                by=by,
                municipality=None,
                area=municipality or "",
                added=tally.added,
                changed=tally.changed,
                unchanged=tally.unchanged,
                skipped=tally.skipped,
                faults=tally.faulty,
            )
    except _Undo:
        return
    # Now for what follows in this transaction, and once more when others can see it.
    queries.forget()
    transaction.on_commit(queries.forget)
