"""The functional manager's own search words, with what each of them finds."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from omzien.directory.actions.thesaurus import (
    BadLine,
    KnownWord,
    TooManyLines,
    add_words,
    remove_words,
)
from omzien.directory.models import Synonym
from omzien.directory.queries.words import found_nowhere
from omzien.directory.search.thesaurus import shipped
from omzien.web.doors import needs
from omzien.web.request import Request, town_of

REFUSED = {
    "word": gettext_lazy("Vul één woord of een korte uitdrukking in, van hooguit 80 letters."),
    "means": gettext_lazy("Vul één tot twaalf woorden in, met een komma ertussen."),
}


class WordsForm(forms.Form):
    """A word that people type, and the words of the map that it also stands for."""

    word = forms.CharField(
        max_length=200, error_messages={"required": gettext_lazy("Vul in wat mensen typen.")}
    )
    means = forms.CharField(
        max_length=1200, error_messages={"required": gettext_lazy("Vul in wat het betekent.")}
    )
    replace = forms.BooleanField(required=False)


@needs("directory.words")
@require_http_methods(["GET", "POST"])
def words_page(request: Request) -> HttpResponse:
    """Show the own lines, and take a new one."""
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _added(request, form):
        return HttpResponseRedirect(reverse("words"))
    context = {
        "form": form,
        "lines": Synonym.objects.filter(municipality=request.municipality),
        "shipped_count": len(shipped()),
    }
    return render(request, "editors/words.html", context, status=400 if form.errors else 200)


@needs("directory.words")
@require_POST
def remove(request: Request, key: int) -> HttpResponse:
    """Take a line away."""
    line = Synonym.objects.filter(municipality=request.municipality, pk=key).first()
    if line is None:
        raise Http404
    remove_words(line=line, by=request.actor.key)
    messages.success(request, _("Het woord is weggehaald."))
    return HttpResponseRedirect(reverse("words"))


def _added(request: Request, form: WordsForm) -> bool:
    town = town_of(request)
    try:
        line = add_words(municipality=town, by=request.actor.key, **form.cleaned_data)
    except KnownWord as known:
        form.add_error(
            "replace",
            _("“%(word)s” staat er al. Het betekent nu: %(means)s. Wil je dat vervangen?")
            % {"word": known.word, "means": ", ".join(known.means)},
        )
        return False
    except BadLine as refused:
        form.add_error(refused.field, str(REFUSED[refused.field]))
        return False
    except TooManyLines:
        form.add_error("word", _("Er zijn al 2.000 woorden. Haal er eerst een weg."))
        return False
    messages.success(request, _("Het woord doet nu mee bij het zoeken."))
    nowhere = found_nowhere(town, line.means)
    if nowhere:
        messages.warning(
            request,
            _("Let op: dit staat in geen enkel aanbod, dus hierop vindt het niets: %(words)s.")
            % {"words": ", ".join(nowhere)},
        )
    return True
