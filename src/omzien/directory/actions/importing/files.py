"""Files that editors upload: kept in the database, tried first, put on the site by one button.

A file belongs to one municipality and stands behind its wall. It outlives a restart, and goes
when it was imported, thrown away, or is a day old. A small file is worked on in the request;
what is bigger waits for `omzien worker`, and taking it back goes the same way. A worker that is
killed leaves nothing behind but the state that it found, and the next one starts that file again.
"""

import hashlib
import io
import logging
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from omzien.areas.actions.reports import Fault
from omzien.areas.models import Municipality
from omzien.directory.actions.entries import Refused
from omzien.directory.actions.importing.report import EntriesReport
from omzien.directory.actions.importing.run import import_file, one_at_a_time
from omzien.directory.actions.importing.taking_back import take_back
from omzien.directory.importing.forms import open_file
from omzien.directory.importing.packed import weight
from omzien.directory.importing.rows import Wrong
from omzien.directory.models import ImportFile, ImportRun
from omzien.directory.rules import (
    FILE_COMES_FROM,
    FILE_GIVES_UP,
    FILE_KEPT,
    FILE_TRIED,
    FILE_WAITS,
    FILE_WORK,
    FileState,
)
from omzien.journal.actions import record
from omzien.journal.each import on_its_own, place_of
from omzien.journal.isolation import SETTING, working_for
from omzien.kernel.cells import Rows
from omzien.kernel.filekinds import FileKind, kind_of
from omzien.kernel.text import clean

log = logging.getLogger(__name__)

# What the content must be, whatever the name says.
KINDS = {
    ".xlsx": FileKind.ZIP,
    ".csv": FileKind.TEXT,
    ".json": FileKind.TEXT,
    ".ndjson": FileKind.TEXT,
    ".jsonl": FileKind.TEXT,
    ".zip": FileKind.ZIP,
}
ENDINGS = tuple(KINDS)
MOST_BYTES = 20 * 1024 * 1024
MOST_WAITING = 5  # files of a municipality; more is a mistake or a full disk
AT_ONCE_BYTES = 1_000_000  # unpacked: a second's work
AT_ONCE_ROWS = 500  # from there on the analysis starts processes of its own
MOST_TRIES = 5
STUCK = "stuck"  # the step of a file that we gave up
MOST_TOLD = 100_000  # faults in the list to download; nobody mends more by hand


@dataclass
class BadFile(Refused):
    """A file that we do not take; `sentence` says why and what to do."""

    sentence: str


@dataclass
class NotReady(Refused):
    """The file is in a state in which this cannot be done."""

    state: FileState


class Stopped(Exception):
    """Somebody threw the file away while it was worked on: what was done is rolled back."""


@transaction.atomic
def keep_file(
    *, municipality: Municipality, name: str, content: bytes, language: str, by: str
) -> ImportFile:
    """Keep an uploaded file until its trial. The same file that waits already is given back.

    What stands here may be another since it was tried, so then it is tried again.
    Raises BadFile for a file that is empty, too big, of an unknown kind, or one too many.
    """
    ending = _checked_ending(name, content)
    digest = hashlib.sha256(content).hexdigest()
    waiting = ImportFile.objects.filter(municipality=municipality, state__in=FILE_WAITS)
    known = waiting.filter(digest=digest).first()
    if known is not None:
        check_again(known, language=language)
        return known
    if waiting.count() >= MOST_WAITING:
        raise BadFile(
            _("Er wachten al %(most)d bestanden. Zet er een op de site of gooi er een weg.")
            % {"most": MOST_WAITING}
        )
    file = ImportFile(
        municipality=municipality,
        file_name=clean(PurePath(name).name)[:200],
        ending=ending,
        digest=digest,
        content=content,
        language=language,
        asked_by=by,
    )
    # Pressed twice at once, the second finds the first's row.
    ImportFile.objects.bulk_create([file], ignore_conflicts=True)
    kept = waiting.get(digest=digest)
    if kept.pk == file.pk:
        _noted("upload", kept, by, bytes=len(content))
    return kept


def check_again(file: ImportFile, *, language: str) -> None:
    """Let a file that was tried be tried once more, and answer in the language of who asks.

    One that is being worked on goes on.
    """
    _moved(file, FileState.CHECKING, tries=0, faults=None, language=language)
    file.refresh_from_db()


def fits_at_once(file: ImportFile) -> bool:
    """Tell whether the next step of a file is so small that a request can do it."""
    if file.state in (FileState.WRITING, FileState.UNDOING):
        return file.rows_total < AT_ONCE_ROWS
    return weight(bytes(file.content or b"")) <= AT_ONCE_BYTES


@transaction.atomic
def confirm_file(*, file: ImportFile, by: str, good_only: bool = False) -> None:
    """Decide that a tried file goes on the site; `work_on` or the worker then does it.

    Of a file with wrong rows only the good ones go, when that was chosen: `good_only`.

    Raises NotReady when it was not tried, was decided already, or is there no more.
    """
    now = timezone.now()
    is_gone = file.state_at(now) == FileState.GONE
    if is_gone or good_only != (file.state == FileState.PARTLY) or not _moved(
        file, FileState.WRITING, tries=0, step="", rows_done=0, asked_by=by, good_only=good_only
    ):  # fmt: skip
        raise NotReady(ImportFile.objects.get(pk=file.pk).state_at(now))
    file.refresh_from_db(fields=["state", "asked_by", "good_only"])
    _noted("confirm", file, by, good_only=good_only)


@transaction.atomic
def discard_file(*, file: ImportFile, by: str) -> None:
    """Throw a file away; also one that is being worked on, of which then nothing is kept.

    Raises NotReady when its entries are on the site already, or it is there no more.
    """
    if not _moved(file, FileState.GONE, content=None, faults=None):
        raise NotReady(FileState(ImportFile.objects.get(pk=file.pk).state))
    _noted("discard", file, by)


@transaction.atomic
def ask_back(*, file: ImportFile, by: str) -> None:
    """Decide that what a file brought is taken back; `work_on` or the worker then does it.

    Raises NotReady when it is not on the site, or somebody decided so already.
    """
    stands = ImportFile.objects.filter(pk=file.pk, run__state=ImportRun.State.DONE).exists()
    if not stands or not _moved(
        file, FileState.UNDOING, tries=0, step="", rows_done=0, asked_by=by
    ):  # fmt: skip
        raise NotReady(ImportFile.objects.get(pk=file.pk).state_at(timezone.now()))
    file.refresh_from_db(fields=["state", "asked_by"])
    _noted("ask-back", file, by)


def forget_old(*, municipality: Municipality, now: datetime) -> int:
    """Remove what was uploaded a day ago and never put on the site; return how many files."""
    with working_for(municipality.code):
        old = ImportFile.objects.filter(
            municipality=municipality, created_at__lte=now - FILE_KEPT
        ).filter(state__in=FILE_COMES_FROM[FileState.GONE])
        gone = [file for file in old if _moved(file, FileState.GONE, content=None, faults=None)]
        for file in gone:
            _noted("expire", file, "system")
    return len(gone)


def work_on(*, file: ImportFile, progress: "Teller | None" = None, wait: bool = True) -> bool:
    """Try a file, put it on the site or take it back; return whether that was done.

    Each of them is done whole or not at all.

    Without `wait` nothing is done while another import of the municipality is at work. An
    error that nobody foresaw leaves the file as it was, for the worker to try again.
    """
    try:
        with working_for(file.municipality_id), translation.override(file.language):
            return one_at_a_time(file.municipality, wait=wait) and _work(file.pk, progress)
    except Stopped:
        return True
    except Exception as error:
        log.error("Aan een bestand werken ging mis (%s)", place_of(error))
        return False


def work_on_waiting() -> int:
    """Work on the files that wait in every municipality, each once; return how many were done.

    Only one worker does this at a time (see `omzien worker`).
    """
    done = 0
    _sweep()
    for municipality in Municipality.objects.exclude(host=None).order_by("code"):
        with on_its_own(f"{municipality.code}, forget-old"):
            forget_old(municipality=municipality, now=timezone.now())
        with working_for(municipality.code):
            files = ImportFile.objects.filter(municipality=municipality, state__in=FILE_WORK)
            waiting = list(files.select_related("municipality"))
        for file in waiting:
            if _may_be_tried(file):
                with Teller.about(file) as teller:
                    done += work_on(file=file, progress=teller)
    return done


class Teller:
    """Says how far a file is, on a connection of its own.

    The import has one long transaction; what it writes itself nobody else sees before the end.
    """

    def __init__(self, file: ImportFile, aside: Any) -> None:
        self._file = file
        self._aside = aside

    @classmethod
    @contextmanager
    def about(cls, file: ImportFile) -> "Iterator[Teller]":
        """Open the connection for as long as the work lasts."""
        aside = connection.copy()
        try:
            with aside.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config(%s, %s, false), set_config('lock_timeout', '2s', false)",
                    [SETTING, file.municipality_id],
                )
            yield cls(file, aside)
        finally:
            aside.close()

    def total(self, rows: int) -> None:
        """Say how many rows the file has."""
        self._set("rows_total = %s, rows_done = 0", [rows])

    def step(self, name: str, rows: int) -> None:
        """Say which step has done how many rows."""
        self._set("step = %s, rows_done = %s", [name, rows])

    def _set(self, what: str, values: list[Any]) -> None:
        # Not knowing how far it is harms nobody: the import goes on.
        with suppress(DatabaseError), self._aside.cursor() as cursor:
            cursor.execute(
                f"UPDATE directory_importfile SET {what} WHERE id = %s",  # noqa: S608  # nosec B608 # only names of our models
                [*values, self._file.pk],
            )


def faults_csv(file: ImportFile) -> bytes:
    """Return every fault of a file as CSV, for a spreadsheet."""
    return zlib.decompress(bytes(file.faults)) if file.faults else _csv(())


def _checked_ending(name: str, content: bytes) -> str:
    ending = PurePath(name).suffix.casefold()
    if ending not in ENDINGS:
        raise BadFile(
            _("Dit soort bestand lezen we niet. De naam moet eindigen op %(endings)s. Heb je een "
              "oud Excel-bestand (.xls)? Bewaar het als .xlsx.")
            % {"endings": ", ".join(ENDINGS)}
        )  # fmt: skip
    if not content.strip():
        raise BadFile(_("Dit bestand is leeg. Kijk of je het goede bestand koos."))
    if len(content) > MOST_BYTES:
        raise BadFile(
            _("Dit bestand is groter dan 20 MB. Knip het in stukken, of vraag de beheerder om het "
              "met omzien import-entries in te lezen.")
        )  # fmt: skip
    if kind_of(content) != KINDS[ending]:
        raise BadFile(
            _("Wat in dit bestand zit, past niet bij de naam: het is geen %(ending)s. Kijk of je "
              "het goede bestand koos, of bewaar het opnieuw.")
            % {"ending": ending}
        )  # fmt: skip
    return ending


def _work(key: Any, progress: Teller | None) -> bool:
    file = ImportFile.objects.select_related("municipality", "run").get(pk=key)
    if file.state == FileState.UNDOING:
        _take_back(file, progress)
    elif file.state in FILE_WORK:
        _read(file, progress)
    return True  # where there is nothing to do, somebody did it while we waited for our turn


def _take_back(file: ImportFile, progress: Teller | None) -> None:
    assert file.run is not None
    take_back(
        run=file.run,
        on=timezone.localdate(),
        by=file.asked_by,
        progress=progress.step if progress else None,
    )
    if not _moved(file, FileState.DONE, step="", rows_done=0):
        raise Stopped


def _read(file: ImportFile, progress: Teller | None) -> None:
    is_trial = file.state == FileState.CHECKING
    with _on_disk(file) as path:
        if progress and is_trial:
            progress.total(_rows_in(path))
        report = import_file(
            municipality=file.municipality,
            path=path,
            file_name=file.file_name,
            by=file.asked_by,
            dry_run=is_trial,
            progress=progress.step if progress else None,
            most_faults=MOST_TOLD,
            good_only=file.good_only,
        )
    _settle(file, report, FileState.CHECKED if is_trial else FileState.DONE)


def _settle(file: ImportFile, report: EntriesReport, to: FileState) -> None:
    now = {"run_id": report.run, "rows_total": report.rows, "ended_at": timezone.now()}
    if report.refused:
        may_still = to == FileState.CHECKED and report.may_be_partly
        to = FileState.PARTLY if may_still else FileState.REFUSED
    if report.faults:
        now["faults"] = zlib.compress(_csv(report.faults))
    if to not in FILE_TRIED:
        now["content"] = None
    if not _moved(file, to, step="", rows_done=0, **now):
        raise Stopped


def _rows_in(path: Path) -> int:
    with suppress(Wrong):
        return sum(1 for _row in open_file(path).rows)
    return 0


def _moved(file: ImportFile, to: FileState, **fields: Any) -> bool:
    """Bring a file into a state, unless it is in one that has no way there."""
    states = FILE_COMES_FROM[to]
    found = ImportFile.objects.filter(pk=file.pk, state__in=states)
    return found.update(state=to, **fields) == 1


def _may_be_tried(file: ImportFile) -> bool:
    """Count a try where a killed worker cannot undo it; after the last one we give up."""
    with working_for(file.municipality_id):
        if file.tries >= MOST_TRIES:
            now, to = timezone.now(), FILE_GIVES_UP[FileState(file.state)]
            _moved(file, to, content=None, step=STUCK, ended_at=now)
            _noted("fail", file, "system")
            return False
        ImportFile.objects.filter(pk=file.pk).update(tries=F("tries") + 1)
    return True


def _noted(verb: str, file: ImportFile, by: str, **details: Any) -> None:
    record(
        verb=verb,
        subject="import-file",
        subject_id=file.pk,
        by=by,
        municipality=file.municipality_id,
        **details,
    )


def _csv(faults: Sequence[Fault]) -> bytes:
    out = io.StringIO()
    writer = Rows(out)
    writer.row([_("regel"), _("veld"), _("wat is er mis en wat kun je doen")])
    writer.rows([f.row or "", f.field, f.sentence] for f in faults)
    return out.getvalue().encode("utf-8-sig")


def _reading() -> Path:
    folder = Path(settings.VAR) / "reading"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def _on_disk(file: ImportFile) -> Iterator[Path]:
    """Put a file where the readers can open it, in a private folder, for as long as it takes."""
    with tempfile.TemporaryDirectory(dir=_reading()) as folder:
        path = Path(folder) / f"bestand{file.ending}"
        path.write_bytes(bytes(file.content or b""))
        yield path


def _sweep() -> None:
    """Remove what a killed process left in the folder, once it is a day old."""
    for folder in _reading().iterdir():
        if time.time() - folder.stat().st_mtime > FILE_KEPT.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)
