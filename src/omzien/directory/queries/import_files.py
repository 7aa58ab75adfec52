"""Uploaded files as an editor sees them: what would happen, what is wrong, what looks double."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from omzien.areas.models import Municipality
from omzien.directory.importing.rows import READ
from omzien.directory.models import (
    ImportBefore,
    ImportFile,
    ImportRun,
    IndexVersion,
    Provider,
    Service,
)
from omzien.directory.rules import EDITOR, FILE_TRIED, FILE_WAITS, FileState
from omzien.people.rules.roles import PUBLIC

OF_STAMP = ("title", "changed_at", "status", "left_on")
WRITTEN = (ImportRun.State.DONE, ImportRun.State.TAKEN_BACK)
MOST_SHOWN = 100
MOST_RUNS = 10
MOST_DOUBLES = 10


@dataclass(frozen=True)
class Side:
    """One of two entries that may be the same; `service` where it stands in the directory."""

    title: str
    provider: str
    address: str
    contacts: Sequence[str]
    service: Service | None


@dataclass(frozen=True)
class Double:
    """Two entries that a person should compare, and why."""

    first: Side
    second: Side
    why: Sequence[str]


@dataclass(frozen=True)
class FileView:
    """A file with what its last trial or import said."""

    file: ImportFile
    state: FileState
    report: Mapping[str, Any]
    faults: Sequence[Mapping[str, Any]]
    fault_count: int
    notes: Sequence[Mapping[str, Any]]
    note_count: int
    doubles: Sequence[Double]
    is_old: bool
    """Whether something changed here since the trial, so that what it says may be untrue."""

    def _lines(self, what: str) -> Sequence[Mapping[str, Any]]:
        lines = [line for line in self.report.get("lines", []) if line["what"] == what]
        return sorted(lines, key=lambda line: not line.get("is_kept_secret"))[:MOST_SHOWN]

    @property
    def new_lines(self) -> Sequence[Mapping[str, Any]]:
        """Return the first of the entries that are new."""
        return self._lines("new")

    @property
    def changed_lines(self) -> Sequence[Mapping[str, Any]]:
        """Return the first of the entries that change, with old and new."""
        return self._lines("changed")

    @property
    def kept_lines(self) -> Sequence[Mapping[str, Any]]:
        """Return the first of the entries that somebody changed here, or took off the site."""
        return self._lines("here")

    @property
    def shows_entries(self) -> bool:
        """Tell whether the page names what comes or came in."""
        shown = {FileState.DONE, *FILE_TRIED}
        return self.state in shown and "taken_back" not in self.report

    @property
    def may_go_back(self) -> bool:
        """Tell whether it is on the site, and was not taken back."""
        run = self.file.run
        return (
            self.state == FileState.DONE and run is not None and run.state == ImportRun.State.DONE
        )

    @property
    def first_doubles(self) -> Sequence[Double]:
        """Return what the page shows at once."""
        return self.doubles[:MOST_DOUBLES]

    @property
    def more_doubles(self) -> Sequence[Double]:
        """Return what it folds."""
        return self.doubles[MOST_DOUBLES:]

    @property
    def to_write(self) -> int:
        """Return how many entries the button would put on the site."""
        return int(self.report.get("new", 0)) + int(self.report.get("changed", 0))

    @property
    def total(self) -> int:
        """Return how many rows the step at hand has; 0 where that is not known."""
        return self.file.rows_total if self.file.step == READ else self.to_write


def file_view(file: ImportFile, *, now: datetime) -> FileView:
    """Return a file (fetched with its run) for its page; one query where something looks double."""
    report = file.run.report if file.run else {}
    return FileView(
        file=file,
        state=file.state_at(now),
        report=report,
        faults=report.get("faults", [])[:MOST_SHOWN],
        fault_count=len(report.get("faults", [])) + report.get("more_faults", 0),
        notes=report.get("notes", [])[:MOST_SHOWN],
        note_count=len(report.get("notes", [])) + report.get("more_notes", 0),
        doubles=_doubles(file.municipality_id, report),
        is_old=is_old(file),
    )


def version_of(municipality: str) -> int:
    """Return how often the entries of a municipality changed."""
    counters = IndexVersion.objects.filter(municipality=municipality)
    return counters.values_list("version", flat=True).first() or 0


def is_old(file: ImportFile) -> bool:
    """Tell whether something changed here since a file (fetched with its run) was tried."""
    if file.state not in FILE_TRIED or file.run is None:
        return False
    return bool(file.run.report.get("version") != version_of(file.municipality_id))


def waiting_files(municipality: Municipality, *, now: datetime) -> list[ImportFile]:
    """Return the files that wait for a trial, for the button or for the worker."""
    files = ImportFile.objects.filter(municipality=municipality, state__in=FILE_WAITS)
    return [file for file in files if file.state_at(now) != FileState.GONE]


def added_by(run: ImportRun) -> QuerySet[Service]:
    """Return what an import added and still stands on the site."""
    added = Service.objects.visible_to(PUBLIC).filter(municipality=run.municipality_id)
    return added.filter(extra__import__run=str(run.pk))


@dataclass(frozen=True)
class TakenBack:
    """What happens when an import is taken back: `off` is new and goes off the site, `back` gets
    back what was before, `kept` was changed since and stays; `forgotten` changed too, but what was
    before is not known any more. Of `back` so many as `off_again` were off the site before, and
    `later` are the files that changed something of `kept` since.
    """

    off: Sequence[Service] = ()
    back: Sequence[ImportBefore] = ()
    kept: Sequence[Service] = ()
    forgotten: int = 0
    off_again: int = 0
    later: Sequence[str] = ()

    @property
    def entries_back(self) -> int:
        """Return how many entries are again as before, and stay on the site."""
        return sum(row.service_id is not None for row in self.back) - self.off_again

    @property
    def does_something(self) -> bool:
        """Tell whether there is anything to take back."""
        return bool(self.off or self.back)


def stamp(thing: Service | Provider) -> str:
    """Return how a thing stands here now: another stamp means that somebody changed it."""
    if isinstance(thing, Provider):
        return thing.changed_at.isoformat()
    return f"{thing.changed_at.isoformat()} {thing.status} {thing.left_on or ''}"


def what_goes_back(run: ImportRun) -> TakenBack:
    """Return what would happen if an import were taken back now; of each thing only its state."""
    added = list(added_by(run).only("title", "created_at", "changed_at"))
    rows = list(
        run.before.select_related("service", "provider")
        .annotate(is_known=Q(before__isnull=False), was_off=Q(before__columns__has_key="left_on"))
        .only("run", "stamp", *(f"service__{name}" for name in OF_STAMP), "provider__changed_at")
    )
    back = [row for row in rows if _is_as_left(row)]
    off = [one for one in added if one.changed_at == one.created_at]
    kept = [one for one in added if one.changed_at != one.created_at]
    kept += [row.service for row in rows if row.service and not _is_as_left(row)]
    changed = sum(row.service_id is not None for row in rows)
    return TakenBack(
        off=off,
        back=back,
        kept=kept,
        forgotten=max(0, int(run.report.get("changed", 0)) - changed),
        off_again=sum(bool(row.was_off) for row in back),
        later=_later(run, kept) if kept else (),
    )


def _later(run: ImportRun, kept: Sequence[Service]) -> Sequence[str]:
    """Return the names of the files that changed these entries after an import."""
    after = ImportRun.objects.filter(before__service__in=[one.pk for one in kept])
    after = after.filter(state=ImportRun.State.DONE, started_at__gt=run.started_at)
    return list(
        dict.fromkeys(after.order_by("-started_at", "pk").values_list("file_name", flat=True))
    )


def _is_as_left(row: ImportBefore) -> bool:
    thing = row.service or row.provider
    return thing is not None and row.is_known and stamp(thing) == row.stamp  # type: ignore[attr-defined]


def last_runs(municipality: Municipality) -> Sequence[ImportRun]:
    """Return the last imports that really changed the directory, newest first."""
    done = ImportRun.objects.filter(municipality=municipality, state__in=WRITTEN)
    return list(done.order_by("-started_at", "pk").prefetch_related("importfile_set")[:MOST_RUNS])


def _doubles(municipality: str, report: Mapping[str, Any]) -> Sequence[Double]:
    compared = report.get("compared", {})
    if not compared:
        return ()
    keys = set()
    for number in compared:
        with suppress(ValueError):
            keys.add(uuid.UUID(number))
    known: dict[str, Service] = {}
    seen = Service.objects.visible_to(EDITOR).filter(
        Q(municipality=municipality) | Q(municipality=None)
    )
    for service in seen.filter(Q(pk__in=keys) | Q(external_id__in=list(compared))):
        known[str(service.pk)] = service
        # Another list may have the same number for something else.
        if compared.get(service.external_id, {}).get("title") == service.title:
            known[service.external_id] = service
    return [
        Double(
            _side(compared[pair["first"]], known.get(pair["first"])),
            _side(compared[pair["second"]], known.get(pair["second"])),
            pair["why"],
        )
        for pair in report.get("duplicates", [])
    ]


def _side(one: Mapping[str, Any], service: Service | None) -> Side:
    contacts = [*one["phones"], *one["emails"], *one["websites"]]
    return Side(
        title=one["title"],
        provider=one["provider"],
        address=", ".join(part for part in (one["street"], one["postcode"]) if part),
        contacts=[text for text in contacts if text],
        service=service,
    )
