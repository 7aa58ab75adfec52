"""Measuring before and after, and the instruments of a municipality."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.questions.actions.measuring import add_instrument, measure, put_away
from omzien.questions.models import Instrument
from omzien.questions.queries.measures import Measured, instruments_of
from omzien.questions.refusals import NeedsResident, NotAllowed, Refused
from omzien.questions.rules.measuring import LARGEST_FILE, BadInstrument, from_data, shipped
from omzien.web.doors import needs
from omzien.web.logged import logged, resident_of
from omzien.web.plan_words import BAD, said
from omzien.web.plans.forms import InstrumentForm, MeasureForm
from omzien.web.plans.gates import question_of
from omzien.web.request import Request, the_row, town_of


@needs("outcome.report")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=resident_of)
def my_measure(request: Request, key: uuid.UUID, name: str) -> HttpResponse:
    """Say oneself how it goes."""
    return _measure(request, key, name, back="my-plan")


@needs("outcome.measure")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=resident_of)
def measure_page(request: Request, key: uuid.UUID, name: str) -> HttpResponse:
    """Fill an instrument in together with the resident."""
    return _measure(request, key, name, back="plan")


def _measure(request: Request, key: uuid.UUID, name: str, *, back: str) -> HttpResponse:
    question = question_of(request.actor, key)
    instrument = instruments_of(question.municipality_id).get(name)
    if instrument is None:
        raise Http404
    form = MeasureForm(request.POST or None, instrument=instrument)
    if request.method == "POST" and form.is_valid():
        try:
            measure(
                question=question, instrument=name, moment=form.chosen_moment,
                answers=form.answers, by=request.actor, now=timezone.now(),
                together=form.cleaned_data["together"], key=form.cleaned_data["key"],
            )  # fmt: skip
        except NotAllowed:
            raise Http404 from None
        except Refused as refusal:
            form.add_error("together" if isinstance(refusal, NeedsResident) else None,
                           said(refusal))  # fmt: skip
        else:
            messages.success(request, _("De meting is bewaard."))
            return HttpResponseRedirect(reverse(back, args=[key]))
    context = {
        "form": form,
        "question": question,
        "instrument": instrument,
        "mine": back == "my-plan",
        "back": back,
    }
    return render(request, "plans/measure.html", context, status=400 if form.errors else 200)


def shown(found: Iterable[Measured]) -> list[dict[str, Any]]:
    """Return what was measured, a line per statement; what was not answered says so."""
    return [
        {
            "one": one,
            "lines": [
                {
                    "text": statement.text,
                    "before": _step(one, one.before, statement.code),
                    "after": _step(one, one.after, statement.code),
                    "by": one.changes.rows[place].by if one.changes else None,
                }
                for place, statement in enumerate(one.instrument.statements)
            ],
        }
        for one in found
    ]


def _step(one: Measured, row: Any, code: str) -> str:
    step = row.answers.get(code) if row else None
    return "" if step is None else one.instrument.scale[step]


@needs("settings.change")
@require_http_methods(["GET", "POST"])
def instruments(request: Request) -> HttpResponse:
    """Show the instruments; add one that the municipality may use, or put one away."""
    form = InstrumentForm()
    rows = Instrument.objects.filter(municipality=town_of(request))
    if request.method == "POST" and request.POST.get("do") == "put-away":
        put_away(
            instrument=the_row(rows, request.POST.get("instrument")),
            by=request.actor,
            now=timezone.now(),
        )
        messages.success(request, _("De lijst wordt niet meer gebruikt."))
        return HttpResponseRedirect(reverse("instruments"))
    if request.method == "POST":
        form = InstrumentForm(request.POST, request.FILES)
        if form.is_valid() and _added(request, form):
            messages.success(request, _("De meetlijst staat klaar."))
            return HttpResponseRedirect(reverse("instruments"))
    context = {
        "form": form,
        "shipped": shipped().values(),
        "rows": [(row, from_data(row.data)) for row in rows],
    }
    return render(request, "plans/instruments.html", context, status=400 if form.errors else 200)


def _added(request: Request, form: InstrumentForm) -> bool:
    content = form.cleaned_data["file"].read(LARGEST_FILE + 1)
    try:
        add_instrument(
            municipality=town_of(request), content=content, by=request.actor,
            holds_rights=form.cleaned_data["holds_rights"], now=timezone.now(),
        )  # fmt: skip
    except BadInstrument as bad:
        form.add_error("file", _where(bad))
    except Refused as refusal:
        name = "holds_rights" if not form.cleaned_data["holds_rights"] else "file"
        form.add_error(name, said(refusal))
    return not form.errors


def _where(bad: BadInstrument) -> str:
    """Return what is wrong with a file, naming field and row."""
    what = str(BAD[bad.problem])
    if not bad.field:
        return what
    where = _("Veld “%(field)s”") % {"field": bad.field}
    if bad.row:
        where = _("Regel %(row)d, veld “%(field)s”") % {"row": bad.row, "field": bad.field}
    return f"{where}: {what}."
