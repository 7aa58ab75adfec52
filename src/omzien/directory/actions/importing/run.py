"""One import: read and check everything, then write everything or nothing, and keep a report."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from omzien.areas.actions.reports import MOST_FAULTS
from omzien.areas.models import Municipality
from omzien.directory.actions.importing import before
from omzien.directory.actions.importing.building import Builder, place_key
from omzien.directory.actions.importing.plan import Plan, plan
from omzien.directory.actions.importing.report import MOST_MENTIONS, EntriesReport, Line
from omzien.directory.actions.importing.writing import write
from omzien.directory.duplicates import Candidate, Pair, find_pairs
from omzien.directory.importing.checks import Checker, Village
from omzien.directory.importing.forms import open_file
from omzien.directory.importing.rows import (
    READ,
    Checked,
    Findings,
    Incoming,
    IncomingPlace,
    Progress,
    Wrong,
)
from omzien.directory.models import ImportRun, Place
from omzien.directory.queries.duplicates import candidates
from omzien.directory.queries.import_files import version_of
from omzien.journal.actions import record
from omzien.journal.isolation import working_for
from omzien.kernel.text import clean, fold

TELL_EVERY = 1000  # rows
MOST_COMPARED = 5000  # entries; more would take minutes
MOST_SUGGESTED = 50


@dataclass(frozen=True)
class Doubles:
    """Pairs that may be the same thing, and what each side of them looks like."""

    pairs: Sequence[Pair] = ()
    compared: Mapping[str, Candidate] = field(default_factory=dict)


def import_file(
    *,
    municipality: Municipality,
    path: Path,
    by: str,
    form: str = "",
    mapping: Path | None = None,
    dry_run: bool = True,
    progress: Progress | None = None,
    file_name: str = "",
    most_faults: int = MOST_FAULTS,
    good_only: bool = False,
) -> EntriesReport:
    """Import a file or folder of entries; see `import_entries`.

    `file_name` is how people know the file, where that is not the name of `path`. `good_only`
    counts where each row is one whole entry: in our own template.
    """
    try:
        reading = open_file(path, form, mapping)
    except Wrong as wrong:
        findings = Findings()
        findings.fault(None, "", wrong.sentence)
        return import_entries(
            municipality=municipality, rows=(), findings=findings, source=form or "file",
            file_name=file_name or path.name, by=by, dry_run=dry_run,
        )  # fmt: skip
    reading.findings.most = most_faults
    return import_entries(
        municipality=municipality,
        rows=reading.rows,
        findings=reading.findings,
        source=reading.source,
        prefix=reading.prefix,
        file_name=file_name or path.name,
        by=by,
        dry_run=dry_run,
        progress=progress,
        rows_are_apart=reading.rows_are_apart,
        good_only=good_only,
    )


def import_entries(
    *,
    municipality: Municipality,
    rows: Iterable[Incoming],
    by: str,
    findings: Findings | None = None,
    source: str = "table",
    prefix: str = "",
    file_name: str = "",
    dry_run: bool = True,
    progress: Progress | None = None,
    rows_are_apart: bool = False,
    good_only: bool = False,
) -> EntriesReport:
    """Bring entries into a municipality: all of them, or none when any has a fault.

    With `good_only`, where `rows_are_apart` and no fault is of the whole file, the good rows come
    in and the wrong ones are told: of one row all or nothing.

    Everything is read and checked before anything is written. An entry is known by its
    number; a second import changes only what changed at the source. Entries that the
    source no longer has are reported and stay. The run, its report and one fact are kept,
    also of a dry run and of a refusal.
    """
    found = findings if findings is not None else Findings()
    with working_for(municipality.code):
        one_at_a_time(municipality)
        version = version_of(municipality.code)
        checker = Checker(found, villages=_villages(municipality), prefix=prefix)
        counted = _Counted(rows, progress)
        entries = list(checker.all(counted))
        made = plan(
            municipality,
            entries,
            source,
            is_secret=_secret_of(municipality, source, entries),
            is_apart=bool(prefix),
        )
        if not counted.seen and not found.faulty:
            found.fault(None, "", _("Er staat geen aanbod in dit bestand."))
        may_be_partly = rows_are_apart and not found.of_whole and bool(made.new or made.changed)
        refused = found.faulty > 0 and not (good_only and may_be_partly)
        if found.faulty:
            made.missing = []  # what is on a wrong row is not gone
        # Compared with what was there before, so that an entry is no duplicate of itself.
        pairs = None if refused and not may_be_partly else _duplicates(municipality, made)
        key = uuid.uuid4()
        builder = Builder(municipality, source, run=str(key))
        changes: before.Before = {}
        if not refused and not dry_run:
            changes = before.entries_before(made)
            write(made, builder, progress)
        made.lines += _new_lines(made, builder)
        report = _report(made, found, counted.seen, dry_run=dry_run, refused=refused, doubles=pairs)
        report = replace(report, may_be_partly=refused and may_be_partly, version=version)
        run = _keep(key, municipality, report, source=source, file_name=file_name, by=by)
        before.keep(run, changes, builder)
    return replace(report, run=str(run.pk))


def _secret_of(
    municipality: Municipality, source: str, entries: Iterable[Checked]
) -> Callable[[IncomingPlace], bool]:
    """Return what tells of a place of a file that it is hidden: here already, or by another row."""
    hidden = Place.objects.filter(municipality=municipality, is_hidden=True)
    keys = set(hidden.values_list("pk", flat=True))
    for entry in entries:
        secret = (place for place in entry.places or () if place.is_hidden)
        keys |= {place_key(municipality, source, place) for place in secret}
    return lambda place: bool(keys) and place_key(municipality, source, place) in keys


def _new_lines(made: Plan, builder: Builder) -> list[Line]:
    """Return the first of what is new; before all what somebody should look at."""
    first = sorted(made.new, key=lambda one: one.row not in made.kept_secret)[:MOST_MENTIONS]
    return [
        Line(
            "new",
            one.title,
            one.provider.name,
            builder.new_keys.get(one.external_id, ""),
            is_kept_secret=one.row in made.kept_secret,
        )
        for one in first
    ]


class _Counted:
    """Rows, counted while they pass."""

    def __init__(self, rows: Iterable[Incoming], progress: Progress | None) -> None:
        self._rows = rows
        self._progress = progress
        self.seen = 0

    def __iter__(self) -> Iterator[Incoming]:
        for row in self._rows:
            self.seen += 1
            if self._progress and self.seen % TELL_EVERY == 0:
                self._progress(READ, self.seen)
            yield row


def one_at_a_time(municipality: Municipality, *, wait: bool = True) -> bool:
    """Let a second import of the same municipality wait until the first is done.

    The lock goes with the transaction. Without `wait`, return whether this one may go on.
    """
    lock = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtext(%s))", [f"import {municipality.code}"])
        return wait or bool(cursor.fetchone()[0])


def _villages(municipality: Municipality) -> dict[str, Village]:
    found = {}
    for village in municipality.villages.all():
        for name in (*village.also_called, village.name):
            found[fold(name)] = Village(village.pk, village.name)
    return found


def _report(
    made: Plan,
    found: Findings,
    rows: int,
    *,
    dry_run: bool,
    refused: bool,
    doubles: Doubles | None,
) -> EntriesReport:
    return EntriesReport(
        rows=rows,
        new=len(made.new),
        changed=len(made.changed),
        same=made.same,
        missing=len(made.missing),
        comes_back=sum(change.comes_back for change in made.changed),
        changed_here=made.changed_here,
        elsewhere=made.elsewhere,
        kept_secret=len(made.kept_secret),
        dry_run=dry_run,
        refused=refused,
        faults=tuple(found.faults),
        more_faults=found.faulty - len(found.faults),
        notes=tuple(found.notes),
        more_notes=found.noted - len(found.notes),
        suggested_topics=sum(not e.topics for e in made.new),
        suggested_rungs=sum(not e.rung for e in made.new),
        missing_entries=tuple(made.missing[:MOST_MENTIONS]),
        lines=tuple(made.lines),
        refused_rows=len(found.rows),
        duplicates=tuple(doubles.pairs) if doubles else (),
        compared=doubles.compared if doubles else {},
        is_compared=doubles is not None or refused,
    )


def _duplicates(municipality: Municipality, made: Plan) -> Doubles | None:
    """Return suggestions for new entries; None where that takes minutes: `omzien duplicates`."""
    if not made.new:
        return Doubles()
    if len(made.new) > MOST_COMPARED:
        return None
    fresh = [_candidate(entry) for entry in made.new]
    known = candidates(municipality)
    if len(known) > MOST_COMPARED:
        return None
    everyone = [*known, *fresh]
    pairs = find_pairs(everyone, new=frozenset(one.id for one in fresh), most=MOST_SUGGESTED)
    named = {key for pair in pairs for key in (pair.first, pair.second)}
    return Doubles(pairs, {one.id: _shown(one) for one in everyone if one.id in named})


def _shown(one: Candidate) -> Candidate:
    return replace(one, street="", postcode="") if one.is_hidden else one


def _candidate(entry: Checked) -> Candidate:
    place = entry.places[0] if entry.places else IncomingPlace()
    return Candidate(
        id=entry.external_id,
        title=entry.title,
        provider=entry.provider.name,
        postcode=place.postcode,
        street=place.street,
        phones=tuple(number for number, _note in entry.phones or ()),
        emails=(entry.facts.get("email", ""),),
        websites=(entry.facts.get("website", ""),),
        is_hidden=any(one.is_hidden for one in entry.places or ()),
    )


def _keep(
    key: uuid.UUID,
    municipality: Municipality,
    report: EntriesReport,
    *,
    source: str,
    file_name: str,
    by: str,
) -> ImportRun:
    state = ImportRun.State.REFUSED if report.refused else (
        ImportRun.State.CHECKED if report.dry_run else ImportRun.State.DONE
    )  # fmt: skip
    run = ImportRun.objects.create(
        pk=key,
        municipality=municipality,
        kind=source[:20],
        file_name=clean(file_name)[:200],
        is_dry_run=report.dry_run,
        state=state,
        rows=report.rows,
        report=report.as_json(),
        ended_at=timezone.now(),
    )
    record(
        verb="import",
        subject="import-run",
        subject_id=run.pk,
        by=by,
        municipality=municipality.code,
        state=str(state),
        rows=report.rows,
        new=report.new,
        changed=report.changed,
        same=report.same,
        missing=report.missing,
        faults=len(report.faults) + report.more_faults,
    )
    return run
