"""The page on which standard texts are kept: of the municipality, or of the own team."""

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from omzien.people.models import Team
from omzien.people.rules.roles import Scope
from omzien.questions.actions.texts import PLACES, remove_text, write_text
from omzien.questions.models import StandardText
from omzien.questions.refusals import NotAllowed, Refused, TitleTaken
from omzien.web.doors import needs
from omzien.web.questions.refused import said
from omzien.web.request import Request, the_row, town_of


class TextForm(forms.Form):
    """A title and a text."""

    title = forms.CharField(
        max_length=80,
        error_messages={
            "required": gettext_lazy("Vul een titel in."),
            "max_length": gettext_lazy("De titel mag 80 tekens lang zijn."),
        },
    )
    body = forms.CharField(error_messages={"required": gettext_lazy("Vul een tekst in.")})


@needs("texts.change")
@require_http_methods(["GET", "HEAD", "POST"])
def texts_page(request: Request) -> HttpResponse:
    """Show the standard texts, and take a new one."""
    form = TextForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        messages.success(request, _("De tekst is bewaard."))
        return HttpResponseRedirect(reverse("standard-texts"))
    return _page(request, form)


@needs("texts.change")
@require_http_methods(["GET", "HEAD", "POST"])
def text_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Change a standard text."""
    text = _find(request, key)
    form = TextForm(request.POST or None, initial={"title": text.title, "body": text.body})
    if request.method == "POST" and form.is_valid() and _saved(request, form, text):
        messages.success(request, _("De tekst is bewaard."))
        return HttpResponseRedirect(reverse("standard-texts"))
    return _page(request, form, text)


@needs("texts.change")
@require_POST
def remove(request: Request, key: uuid.UUID) -> HttpResponse:
    """Take a standard text away."""
    remove_text(text=_find(request, key), by=request.actor)
    messages.success(request, _("De tekst is weggehaald."))
    return HttpResponseRedirect(reverse("standard-texts"))


def _find(request: Request, key: uuid.UUID) -> StandardText:
    return the_row(StandardText.objects.changed_by(request.actor), key)


def _saved(request: Request, form: TextForm, text: StandardText | None = None) -> bool:
    try:
        write_text(
            municipality=town_of(request),
            team=None if text else _team(request),
            text=text,
            by=request.actor,
            **form.cleaned_data,
        )
    except NotAllowed:
        raise Http404 from None
    except Refused as refusal:
        form.add_error("title" if isinstance(refusal, TitleTaken) else "body", said(refusal))
        return False
    return True


def _team(request: Request) -> Team | None:
    """Return the own team, for who keeps only the texts of that team."""
    if Scope.ALL in request.actor.may("texts.change"):
        return None
    own = request.actor.team
    return Team.objects.live().filter(pk=own).first() if own else None


def _page(request: Request, form: TextForm, text: StandardText | None = None) -> HttpResponse:
    visible = StandardText.objects.visible_to(request.actor).select_related("team")
    own = set(StandardText.objects.changed_by(request.actor).values_list("pk", flat=True))
    context = {
        "form": form,
        "text": text,
        "rows": [(one, one.pk in own) for one in visible],
        "places": [f"{{{one}}}" for one in PLACES],
    }
    return render(request, "questions/texts.html", context, status=400 if form.errors else 200)
