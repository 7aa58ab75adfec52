"""The same person twice: what might belong together, saying so, and undoing it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from omzien.people import refusals as people
from omzien.people.logs.reading import note, origin_of
from omzien.people.models import SamePerson
from omzien.people.queries.same import in_order
from omzien.people.rules.looking import Action, Result
from omzien.people.rules.roles import Actor
from omzien.people.rules.same import UNDO_DAYS, last_day_to_undo
from omzien.questions.actions.same import say_not_same, say_same
from omzien.questions.models import Question
from omzien.questions.queries.same import Alike, alike, by_reference
from omzien.questions.refusals import NotAllowed
from omzien.web.doors import needs
from omzien.web.freshness.forms import Line
from omzien.web.logged import logged
from omzien.web.questions.conversation import about, find
from omzien.web.request import Request

HOW = {
    SamePerson.How.ASKED: gettext_lazy("Ik vroeg het aan de inwoner"),
    SamePerson.How.CONTACT: gettext_lazy("Hetzelfde adres en hetzelfde telefoonnummer"),
    SamePerson.How.SHOWN: gettext_lazy("De inwoner liet zien wie hij of zij is"),
}
SAID: dict[type[Exception], Any] = {
    people.OneAlready: gettext_lazy("Dit is al dezelfde persoon."),
    people.JoinedAlready: gettext_lazy(
        "Een van de twee hoort al bij iemand. Kies de vraag van die persoon, of maak dat eerst los."
    ),
    people.OwnAccount: gettext_lazy(
        "Deze twee melden zich allebei aan met een eigen account. Daarom kan dit niet. Vraag de "
        "inwoner welk account weg mag."
    ),
    people.NeedsReason: gettext_lazy("Kies hoe je dit weet."),
    people.AlreadyEnded: gettext_lazy("Dit was al losgemaakt."),
}


class SameForm(forms.Form):
    """With which question, from the list or by its reference, and how the worker knows."""

    other = forms.ChoiceField(
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("Deze vraag staat niet in de lijst. Kies een andere."),
        },
    )
    reference = Line(most=40)
    how = forms.ChoiceField(
        choices=[(one.value, text) for one, text in HOW.items()],
        error_messages={
            "required": gettext_lazy("Kies hoe je dit weet."),
            "invalid_choice": gettext_lazy("Kies hoe je dit weet."),
        },
    )

    def __init__(self, found: Alike, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        self.found, self.actor = found, actor
        choices = [(str(one.pk), _label(one)) for one in found.maybe]
        self.fields["other"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the one question that is meant: chosen or typed, never both."""
        values = super().clean() or {}
        if {"other", "reference"} & set(self.errors):
            return values
        chosen, typed = values["other"], values["reference"]
        first = "other" if self.found.maybe else "reference"
        if chosen and typed:
            self.add_error(first, _("Kies een vraag óf vul een nummer in, niet allebei."))
        elif chosen:
            values["question"] = next(o for o in self.found.maybe if str(o.pk) == chosen)
        elif not typed:
            asked = _("Kies een vraag.") if self.found.maybe else _("Vul het nummer in.")
            self.add_error(first, asked)
        elif question := by_reference(typed, self.actor):
            values["question"] = question
        else:
            # The same for one that is not there and for one that the worker may not read.
            self.add_error("reference", _("Er is geen vraag met dit nummer waaraan jij werkt."))
        return values


def _label(one: Question) -> str:
    text = _("%(reference)s, gesteld op %(day)s in %(village)s")
    day = timezone.localdate(one.asked_at)
    return text % {
        "reference": one.reference, "day": date_format(day, "j F Y"), "village": one.village.name
    }  # fmt: skip


@needs("question.work")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="help", kind="question", about=about)
def same_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show what may be of the same person, join it, or undo that."""
    question = find(request, key)
    found = alike(question, request.actor)
    if request.method != "POST":
        return _page(request, question, found, SameForm(found, request.actor))
    if "link" in request.POST:
        return _parted(request, question, found)
    form = SameForm(found, request.actor, request.POST)
    if form.is_valid() and _joined(request, question, form):
        messages.success(request, _("Bewaard: dit is dezelfde persoon."))
        return HttpResponseRedirect(reverse("question", args=[key]))
    return _page(request, question, found, form)


def _joined(request: Request, question: Question, form: SameForm) -> bool:
    values = form.cleaned_data
    chosen: Question = values["question"]
    assert chosen.person is not None and question.person is not None
    person, other = in_order(question.person, chosen.person)
    try:
        link = say_same(
            person=person,
            other=other,
            how=SamePerson.How(values["how"]),
            by=request.actor,
            now=timezone.now(),
        )
    except (NotAllowed, people.NotAllowed):
        raise Http404 from None
    except people.Refused as refusal:
        form.add_error("reference" if values["reference"] else "other", said(refusal))
        return False
    _note(request, link, Action.MERGE)
    return True


def _parted(request: Request, question: Question, found: Alike) -> HttpResponse:
    """Undo a link of this resident. One that is gone was undone by somebody else meanwhile."""
    chosen = request.POST.get("link", "")
    link = next((one for one in found.links if str(one.pk) == chosen), None)
    if link is None:
        messages.info(request, said(people.AlreadyEnded()))
        return HttpResponseRedirect(reverse("same-person", args=[question.pk]))
    try:
        say_not_same(link=link, by=request.actor, now=timezone.now())
    except (NotAllowed, people.NotAllowed):
        raise Http404 from None
    except people.Refused as refusal:
        messages.error(request, said(refusal))
        return HttpResponseRedirect(reverse("same-person", args=[question.pk]))
    _note(request, link, Action.SPLIT)
    messages.success(request, _("Losgemaakt. Alles is weer zoals het was."))
    return HttpResponseRedirect(reverse("question", args=[question.pk]))


def said(refusal: people.Refused) -> str:
    """Return the sentence for a refusal."""
    if isinstance(refusal, people.UndoIsOver):
        text = _("Losmaken kon tot en met %(day)s. Vraag de privacyfunctionaris wat nu kan.")
        return text % {"day": date_format(refusal.last, "j F Y")}
    return str(SAID[type(refusal)])


def _note(request: Request, link: SamePerson, action: Action) -> None:
    """Write for both persons that they were joined or parted; each reads that back."""
    both: Iterable[uuid.UUID] = (link.person_id, link.other_id)
    note(
        request.actor,
        purpose="help",
        object=("same-person", link.pk),
        action=action,
        about=both,
        origin=origin_of(request),
        result=Result.ALLOWED,
    )


def _page(request: Request, question: Question, found: Alike, form: SameForm) -> HttpResponse:
    today = timezone.localdate()
    links = [
        (one, last, today <= last)
        for one in found.links
        if question.person_id in (one.person_id, one.other_id)
        for last in [last_day_to_undo(timezone.localdate(one.merged_at))]
    ]
    context = {
        "question": question,
        "found": found,
        "links": links,
        "form": form,
        "choices": found.maybe,
        "days": UNDO_DAYS,
        "tab": "question",
    }
    return render(request, "questions/same.html", context, status=400 if form.errors else 200)
