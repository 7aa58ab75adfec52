"""Asking for mediation: the form for residents, and for who works with one of them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from omzien.areas.models import Municipality
from omzien.directory.language import crisis, detect
from omzien.directory.language.model import load
from omzien.directory.queries.danger import lines_of
from omzien.mediation.actions.reporting import report
from omzien.mediation.models import Case
from omzien.mediation.queries.files import referred
from omzien.mediation.refusals import Refused
from omzien.mediation.terms import team_of, terms_of
from omzien.people.limits import too_many
from omzien.people.models import Person
from omzien.people.queries.mandates import who_reads_along
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.mediation.forms import ReportForm
from omzien.web.mediation.words import OUTCOMES, said
from omzien.web.request import Request, the_row, town_of

REPORTS_PER_HOUR = 10
FROM = "vraag"  # the key of the question that somebody refers from


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: Request) -> HttpResponse:
    """Take a report of trouble with a neighbour, of who lives there."""
    if request.actor.membership is not None and request.actor.may("mediation.refer"):
        return HttpResponseRedirect(reverse("mediation-refer"))
    return _report(request)


@needs("mediation.refer")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="mediation", kind="mediation", about=whom_shown)
def refer_page(request: Request) -> HttpResponse:
    """Take a report for a resident who calls, or from a question of one: then it is filled in
    whose that is.
    """
    return _report(request, _question(request), is_for_other=True)


def _question(request: Request) -> Question | None:
    """Return the question that somebody refers from; 404 where it is not theirs to work on."""
    text = request.POST.get(FROM, "") or request.GET.get(FROM, "")
    if not text:
        return None
    rows = Question.objects.visible_to(request.actor, verb="question.work").live()
    return the_row(rows.select_related("person", "village"), text)


def _report(
    request: Request, question: Question | None = None, *, is_for_other: bool = False
) -> HttpResponse:
    municipality = request.municipality
    if municipality is None or team_of(municipality.pk) is None:
        raise Http404
    form = ReportForm(
        request.POST or None, initial=_known(request, question), municipality=municipality
    )
    if request.method == "POST" and "terug" not in request.POST and form.is_valid():
        danger = crisis.anywhere(form.cleaned_data["words"])
        if danger and request.POST.get("is_calm") != danger:
            return _crisis(request, form, municipality, danger)
        if done := _send(request, municipality, form, question):
            return done
    if "terug" in request.POST:
        form.is_valid()
    context = {
        "form": form,
        "is_for_other": is_for_other,
        "question": question,
        "terms": terms_of(municipality.pk),
        "is_read_along": not is_for_other and _is_read_along(request.actor),
    }
    return render(request, "mediation/report.html", context, status=400 if form.errors else 200)


def _is_read_along(actor: Actor) -> bool:
    """Tell whether somebody may read the file of who reports this, by a mandate; no name here."""
    if actor.person is None or actor.membership is not None or actor.represents is not None:
        return False
    return bool(who_reads_along(actor.person, on=timezone.localdate(), about_money=False))


def _known(request: Request, question: Question | None) -> dict[str, Any]:
    known: dict[str, Any] = {"key": uuid.uuid4()}
    actor, who = request.actor, None
    if question is not None:
        known["village"] = question.village_id
        may = Question.objects.lets(actor, "contact.read", question.pk)
        who = question.person if may else None
        shows(request, [who.pk] if who else [])
    elif actor.person and actor.membership is None and actor.represents is None:
        who = Person.objects.get(pk=actor.person)
    return known | (
        {name: getattr(who, name) for name in ("name", "phone", "email")} if who else {}
    )


def _send(
    request: Request, municipality: Municipality, form: ReportForm, question: Question | None
) -> HttpResponse | None:
    if too_many(request, "mediation", per_hour=REPORTS_PER_HOUR):
        form.add_error(
            None, _("Je hebt al veel gestuurd. Bel ons, of probeer het over een uur weer.")
        )
        return None
    try:
        case = report(
            municipality=municipality,
            report=form.report(),
            by=request.actor,
            now=timezone.now(),
            question=question,
        )
    except Refused as refusal:
        form.add_error(None, said(refusal))
        return None
    messages.success(request, _("Het is verstuurd. Het nummer is %s.") % case.reference)
    is_work = request.actor.membership is not None
    return HttpResponseRedirect(reverse("mediation-referred" if is_work else "mediation-reported"))


def _crisis(
    request: Request, form: ReportForm, municipality: Municipality, danger: crisis.Kind
) -> HttpResponse:
    """Show whom to call now, before any form goes on. Mediation is not for violence."""
    words = request.POST.get("words", "")
    language = detect.language(words, load().scores(words)["language"])
    lines = lines_of(danger, municipality, language=language)
    carried = [(name, request.POST.get(name, "")) for name in (*form.fields, FROM)]
    context = {
        "crisis_lines": lines,
        "crisis_heading": crisis.heading(language),
        "said": {line.dial for line in lines},
        "language": language,
        "carried": [*carried, ("is_calm", str(danger))],
    }
    return render(request, "mediation/crisis.html", context)


@never_cache
@require_safe
def reported_page(request: Request) -> HttpResponse:
    """Say what comes next, and what is kept of whom."""
    if request.municipality is None or team_of(request.municipality.pk) is None:
        raise Http404
    team = team_of(request.municipality.pk)
    context = {"team": team, "terms": terms_of(request.municipality.pk)}
    return render(request, "mediation/reported.html", context)


@needs("mediation.refer")
@require_safe
def referred_page(request: Request) -> HttpResponse:
    """List what the team referred: a number, two days, and how it ended in a class."""
    has_referred = Case.objects.referred_by(request.actor).exists()
    if team_of(town_of(request).pk) is None and not has_referred:
        raise Http404
    rows = [(one, OUTCOMES[one.outcome] if one.outcome else "") for one in referred(request.actor)]
    return render(request, "mediation/referred.html", {"rows": rows})
