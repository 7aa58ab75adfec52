"""A file with entries: uploaded, tried, looked at, and put on the site by one button."""

import tempfile
import uuid
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from omzien.directory.actions.importing.files import (
    ENDINGS,
    MOST_BYTES,
    BadFile,
    NotReady,
    ask_back,
    check_again,
    confirm_file,
    discard_file,
    faults_csv,
    fits_at_once,
    keep_file,
    work_on,
)
from omzien.directory.exporting.sheets import write_template
from omzien.directory.importing.checks import TOPICS
from omzien.directory.language.topics import all_domains, all_topics
from omzien.directory.models import ImportFile
from omzien.directory.queries.import_files import (
    file_view,
    is_old,
    last_runs,
    waiting_files,
    what_goes_back,
)
from omzien.directory.rules import FILE_WORK, FileState
from omzien.web.doors import needs
from omzien.web.request import Request, the_row, town_of

REFRESH_SECONDS = 10
CSV = "text/csv; charset=utf-8"
TEMPLATES = {
    "csv": CSV,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@needs("directory.approve")
@require_http_methods(["GET", "POST"])
def import_page(request: Request) -> HttpResponse:
    """Take a file, and show what waits and what was imported."""
    town = town_of(request)
    fault = ""
    if request.method == "POST":
        try:
            return _to(_kept(request))
        except BadFile as refused:
            fault = refused.sentence
    context = {
        "fault": fault,
        "endings": ENDINGS,
        "topics": _topics(),
        "waiting": waiting_files(town, now=timezone.now()),
        "runs": last_runs(town),
    }
    return render(request, "editors/import.html", context, status=400 if fault else 200)


@needs("directory.approve")
@require_http_methods(["GET"])
def file_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show how far a file is, what is wrong in it, or what it would do and did."""
    file = _find(request, key)
    seen = file_view(file, now=timezone.now())
    works = seen.state in FILE_WORK
    context = {
        "seen": seen,
        "file": file,
        "works": works,
        "said_in": "" if file.language[:2] == _language()[:2] else file.language[:2],
        "lists_topics": any(fault["field"] == TOPICS for fault in seen.faults),
        "back": what_goes_back(file.run) if file.run and seen.may_go_back else None,
        "refresh": REFRESH_SECONDS if works and "stil" not in request.GET else 0,
    }
    status = 410 if seen.state == FileState.GONE else 200
    return render(request, "editors/import_file.html", context, status=status)


@needs("directory.approve")
@require_POST
def confirm(request: Request, key: uuid.UUID) -> HttpResponse:
    """Put a tried file on the site; pressed twice it happens once.

    Where something changed here since, it is tried again first: what then turns out to be
    otherwise than the page said does not happen unseen.
    """
    file = _find(request, key)
    is_asked = "again" in request.POST
    if is_asked or (is_old(file) and fits_at_once(file)):
        said = _told(file)
        check_again(file, language=_language())
        if file.state == FileState.CHECKING and fits_at_once(file):
            work_on(file=file, wait=False)
        file = _find(request, key)
        if is_asked or _told(file) != said:
            if file.state not in FILE_WORK:
                messages.warning(
                    request,
                    _("We hebben je bestand opnieuw nagekeken. Kijk wat er nu gaat veranderen."),
                )
            return _to(file)
    try:
        confirm_file(file=file, by=request.actor.key, good_only="good" in request.POST)
    except NotReady as refused:
        if refused.state in (FileState.WRITING, FileState.DONE):
            messages.warning(request, _("Je had al op de knop gedrukt. Het gebeurt één keer."))
        else:
            messages.warning(request, _("Dit bestand kan niet meer op de site worden gezet."))
        return _to(file)
    if fits_at_once(file):
        work_on(file=file, wait=False)
    return _to(file)


@needs("directory.approve")
@require_POST
def discard(request: Request, key: uuid.UUID) -> HttpResponse:
    """Throw a file away; nothing of it comes on the site."""
    file = _find(request, key)
    try:
        discard_file(file=file, by=request.actor.key)
    except NotReady:
        messages.warning(request, _("Dit bestand is al ingelezen, of het is er niet meer."))
        return _to(file)
    messages.success(request, _("Het bestand is weggegooid. Er is niets veranderd op de site."))
    return HttpResponseRedirect(reverse("import"))


@needs("directory.approve")
@require_POST
def undo(request: Request, key: uuid.UUID) -> HttpResponse:
    """Take a whole import back; pressed twice it happens once."""
    file = _find(request, key)
    try:
        ask_back(file=file, by=request.actor.key)
    except NotReady as refused:
        if refused.state == FileState.UNDOING:
            messages.warning(request, _("Je had al op de knop gedrukt. Het gebeurt één keer."))
        elif refused.state != FileState.DONE:
            messages.warning(request, _("Van dit bestand staat er niets op de site."))
        return _to(file)
    if fits_at_once(file):
        work_on(file=file, wait=False)
    return _to(file)


@needs("directory.approve")
@require_http_methods(["GET"])
def faults(request: Request, key: uuid.UUID) -> HttpResponse:
    """Give every fault of a file, for a spreadsheet."""
    file = _find(request, key)
    state = file.state_at(timezone.now())
    if state != FileState.REFUSED and (state == FileState.GONE or not file.faults):
        raise Http404
    return _download(faults_csv(file), "fouten.csv", CSV)


@needs("directory.approve")
@require_http_methods(["GET"])
def template(request: Request, ending: str) -> HttpResponse:
    """Give the empty template, with one example in it."""
    if ending not in TEMPLATES:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"voorbeeld.{ending}"
        write_template(path)
        return _download(path.read_bytes(), f"aanbod-voorbeeld.{ending}", TEMPLATES[ending])


def _kept(request: Request) -> ImportFile:
    given = request.FILES.get("bestand")
    if not isinstance(given, UploadedFile):
        raise BadFile(_("Kies eerst een bestand."))
    # One byte too many says enough: what is bigger is not read into memory.
    file = keep_file(
        municipality=town_of(request),
        name=given.name or "",
        content=given.read(MOST_BYTES + 1),
        language=_language(),
        by=request.actor.key,
    )
    if file.state == FileState.CHECKING and fits_at_once(file):
        work_on(file=file, wait=False)
    return file


def _language() -> str:
    return get_language() or "nl"


def _topics() -> list[tuple[str, list[str]]]:
    """Return the names of the topics as a file may have them, by life domain."""
    return [
        (domain.nl, [topic.nl for topic in all_topics().values() if topic.domain == domain.code])
        for domain in all_domains().values()
    ]


def _find(request: Request, key: uuid.UUID) -> ImportFile:
    files = ImportFile.objects.filter(municipality=request.municipality)
    return the_row(files.select_related("run", "municipality"), key)


def _told(file: ImportFile) -> dict[str, Any]:
    """Return what the last trial of a file said, but for when."""
    return {**file.run.report, "version": None, "state": file.state} if file.run else {}


def _to(file: ImportFile) -> HttpResponse:
    return HttpResponseRedirect(reverse("import-file", args=[file.pk]))


def _download(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
