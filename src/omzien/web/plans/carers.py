"""Who cares for somebody: how they hold up, and what a school may hear of a young one."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.areas.models import Municipality, Village
from omzien.kernel.geo import LatLon
from omzien.people.queries.connectors import Connector, connectors
from omzien.questions.actions.network import ForSchool, allow_school, withdraw_school
from omzien.questions.models import YoungCarerSignal
from omzien.questions.queries.advice import ways_for_carers
from omzien.questions.refusals import NotAllowed, Refused
from omzien.questions.rules.carers import LoadResult, load_of
from omzien.web.doors import needs
from omzien.web.logged import logged, resident_of
from omzien.web.plan_words import LOADS, NOTHING_SAID, STATEMENTS, STEPS, said
from omzien.web.plans.forms import SchoolForm
from omzien.web.plans.gates import question_of
from omzien.web.request import Request, the_row, town_of
from omzien.web.templatetags.omzien import card_html


class LoadForm(forms.Form):
    """Six statements, none obligatory, and the village; nothing of it is kept."""

    village = forms.ModelChoiceField(Village.objects.none(), required=False, to_field_name="slug")
    is_young = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, municipality: Municipality, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["village"].queryset = municipality.villages.order_by("name")  # type: ignore[attr-defined]
        for code, text in STATEMENTS.items():
            self.fields[code] = forms.ChoiceField(
                choices=[(str(n), step) for n, step in enumerate(STEPS)],
                label=text, required=False, widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Kies een van de vijf antwoorden.")},
            )  # fmt: skip

    @property
    def rows(self) -> list[forms.BoundField]:
        """Return the fields of the statements."""
        return [self[code] for code in STATEMENTS]


@require_http_methods(["GET", "HEAD", "POST"])
def load_check(request: Request) -> HttpResponse:
    """Ask who cares for somebody how they hold up; answer with a sentence and a way on."""
    town = town_of(request)
    is_sent = request.method == "POST"
    form = LoadForm(request.POST if is_sent else None, municipality=town)
    context: dict[str, Any] = {"form": form}
    if is_sent and form.is_valid():
        given = {code: int(form.cleaned_data[code]) for code in STATEMENTS
                 if form.cleaned_data[code]}  # fmt: skip
        result = load_of(given)
        context |= {
            "result": result,
            "sentence": LOADS[result.load] if result.answered else NOTHING_SAID,
            "village": form.cleaned_data["village"],
            "people": _people(form.cleaned_data["village"]),
            "cards": _cards(town, form, result, request),
        }
    return render(request, "plans/load_check.html", context, status=400 if form.errors else 200)


def _people(village: Village | None) -> list[Connector]:
    """Return who listens in a village today."""
    return connectors([village.pk], on=timezone.localdate())[village.pk] if village else []


def _cards(
    municipality: Municipality, form: LoadForm, result: LoadResult, request: Request
) -> list[SafeString]:
    village = form.cleaned_data["village"]
    point = None
    if village and village.lat is not None and village.lon is not None:
        point = LatLon(village.lat, village.lon)
    now = timezone.localtime()
    topics = ("young-carer", *result.topics) if form.cleaned_data["is_young"] else result.topics
    found = ways_for_carers(
        topics, municipality=municipality.code, actor=request.actor, now=now,
        village=(village.slug if village else "", point),
    )  # fmt: skip
    return [card_html(card, "", get_language(), now.date()) for card in found]


@needs("consent.record")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=resident_of)
def school(request: Request, key: uuid.UUID) -> HttpResponse:
    """Note that a school may hear that a pupil cares for somebody, and take that back."""
    question = question_of(request.actor, key, "consent.record")
    rows = YoungCarerSignal.objects.filter(question=question)
    form = SchoolForm()
    if request.method == "POST" and request.POST.get("do") == "withdraw":
        signal = the_row(rows, request.POST.get("signal"))
        withdraw_school(signal=signal, by=request.actor, now=timezone.now())
        messages.success(request, _("Ingetrokken. Vertel de school hier niets meer over."))
        return HttpResponseRedirect(reverse("school-signal", args=[key]))
    if request.method == "POST":
        form = SchoolForm(request.POST)
        if form.is_valid():
            told = dict(form.cleaned_data)
            once = told.pop("key")
            try:
                allow_school(
                    question=question, told=ForSchool(**told), by=request.actor,
                    now=timezone.now(), key=once,
                )  # fmt: skip
            except NotAllowed:
                raise Http404 from None
            except Refused as refusal:
                form.add_error("young_agrees", said(refusal))
            else:
                messages.success(request, _("Vastgelegd. Bel nu zelf de school."))
                return HttpResponseRedirect(reverse("school-signal", args=[key]))
    context = {"question": question, "form": form, "signals": rows.standing()}
    return render(request, "plans/school.html", context, status=400 if form.errors else 200)
