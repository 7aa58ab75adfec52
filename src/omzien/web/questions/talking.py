"""The forms of a conversation, shared by the worker's page and the resident's."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from omzien.questions.actions.talking import MOST_FILES, File, Said
from omzien.questions.models import Attachment, Question
from omzien.questions.models.conversation import LONGEST_NOTE, LONGEST_POST
from omzien.web.request import Request


class PostForm(forms.Form):
    """One message. `key` belongs to the form as it was shown: sent twice is said once."""

    text = forms.CharField(
        error_messages={"required": _("Schrijf eerst iets op.")},
        max_length=LONGEST_POST * 2,  # the action counts exactly, and says how many fit
    )
    key = forms.UUIDField(required=False)
    waits = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        more.setdefault("auto_id", "bericht-%s")
        super().__init__(*arguments, **more)

    @property
    def once(self) -> uuid.UUID:
        """Return the key that this form sends along."""
        found = self.cleaned_data.get("key") if hasattr(self, "cleaned_data") else None
        return found or uuid.uuid4()

    def said(self, request: Request) -> Said:
        """Return what is said, with its files."""
        files = request.FILES.getlist("files")[: MOST_FILES + 1]
        return Said(
            text=self.cleaned_data["text"],
            files=[File(one.name or "", one.read()) for one in files],
            waits=self.cleaned_data["waits"],
            key=self.once,
        )


class NoteForm(forms.Form):
    """One note."""

    text = forms.CharField(
        error_messages={"required": _("Schrijf eerst iets op.")}, max_length=LONGEST_NOTE * 2
    )
    key = forms.UUIDField(required=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        more.setdefault("auto_id", "notitie-%s")
        super().__init__(*arguments, **more)

    @property
    def once(self) -> uuid.UUID:
        """Return the key that this form sends along."""
        found = self.cleaned_data.get("key") if hasattr(self, "cleaned_data") else None
        return found or uuid.uuid4()


def file_of(request: Request, question: Question, number: int) -> HttpResponse:
    """Give a file of a conversation, so that a browser saves it and never shows or runs it on our
    address. One of another question is not there: Http404.
    """
    rows = Attachment.objects.visible_to(request.actor)
    found = rows.filter(question=question, number=number).first()
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Content-Disposition"] = _as_file(found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response


def _as_file(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
