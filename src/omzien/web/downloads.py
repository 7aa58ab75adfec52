"""What somebody takes home as one file: to read, for a program, or both with each file itself."""

import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePosixPath

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from omzien.kernel.papers import safe_name
from omzien.questions.models import Attachment
from omzien.questions.models.conversation import AttachmentQuerySet

KINDS = {"html": "text/html; charset=utf-8", "json": "application/json; charset=utf-8"}
FORMS = (*KINDS, "zip")
MOST_BYTES = 250_000_000  # of the files in one zip; the others are named, and fetched one by one


def download(
    name: str, form: str, texts: Mapping[str, Callable[[], str]], files: AttachmentQuerySet
) -> HttpResponseBase:
    """Return a download called `name`: one of `texts` ("html", "json"), or a zip of both with
    `files`, which whoever calls got through the gate.
    """
    if form in KINDS:
        response = HttpResponse(texts[form](), content_type=KINDS[form])
        response["Content-Disposition"] = _saved_as(f"{name}.{form}")
        return response
    # On disk and nameless, one file at a time: a question may hold half a gigabyte.
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind in KINDS:
            archive.writestr(f"{name}.{kind}", texts[kind]())
        if left := _add(archive, files):
            archive.writestr("LEES-MIJ.txt", "\n".join([_too_much(), "", *left, ""]))
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{name}.zip")


def _add(archive: zipfile.ZipFile, files: AttachmentQuerySet) -> list[str]:
    """Put the files in a zip, the oldest question first; return the paths for which it is full."""
    rows = files.order_by("question__asked_at", "question", "number").listed()
    used, left = 0, []
    for one in rows.select_related("question", "post"):
        path = _path(one)
        used += one.size
        if used > MOST_BYTES:
            left.append(path)
            continue
        content = files.values_list("content", flat=True).get(pk=one.pk)
        # Pictures and PDF are packed already.
        archive.writestr(zipfile.ZipInfo(path, _moment(one.post.at)), bytes(content))
    return left


def _path(one: Attachment) -> str:
    """Return a path with the number in the question, so that no two are the same."""
    name = f"{one.number:02d}-{safe_name(one.name)}"
    return str(PurePosixPath("bijlagen", one.question.reference, name))


def _moment(at: datetime) -> tuple[int, int, int, int, int, int]:
    here = timezone.localtime(at)
    return here.year, here.month, here.day, here.hour, here.minute, here.second


def _too_much() -> str:
    return _("Deze bijlagen passen hier niet meer bij. In Omzien staan ze bij je vraag.")


def _saved_as(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
