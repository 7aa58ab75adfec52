"""What is acute: the numbers first, then flagging, taking it up and ending it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from omzien.questions.actions.crisis import (
    STEPS,
    acknowledge_crisis,
    end_crisis,
    flag_crisis,
    take_code_step,
)
from omzien.questions.models import CodeStep, Crisis, Question
from omzien.questions.queries.conversation import name_of, names_of
from omzien.questions.queries.duty import duty_team_of, phone_tree
from omzien.questions.refusals import NotAllowed, Refused, Stale
from omzien.web.doors import needs
from omzien.web.logged import logged, resident_of, shows, whom_shown
from omzien.web.request import Request, version_of
from omzien.web.signals.finding import found, stale
from omzien.web.signals.refused import said

DONE = {
    "flag": gettext_lazy("De vraag is nu acuut. Je team heeft een mail gekregen."),
    "acknowledge": gettext_lazy("Iedereen ziet nu dat jij het oppakt."),
    "late": gettext_lazy("Een ander was je net voor. Hieronder staat wie het oppakt."),
    "end": gettext_lazy("De vraag is niet meer acuut."),
    "step": gettext_lazy("Het is genoteerd, zonder inhoud."),
}
MOST = 100


@needs("question.work")
@require_safe
@logged(purpose="help", kind="crisis", about=whom_shown)
def crises_page(request: Request) -> HttpResponse:
    """List what is acute, for the team of the question and for who is on duty."""
    rows = Crisis.objects.open().filter(question__in=Question.objects.alarming(request.actor))
    rows = rows.select_related("question__team", "question__village").order_by("flagged_at", "pk")
    shown = list(rows[:MOST])
    names = names_of(one.acknowledged_by for one in shown)
    shows(request, (one.question.person_id for one in shown))
    shows(request, map(UUID, names))
    context = {"rows": [(one, names.get(one.acknowledged_by, "")) for one in shown]}
    return render(request, "signals/crises.html", context)


@needs("question.work")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=resident_of)
def crisis_page(request: Request, key: UUID) -> HttpResponse:
    """Show whom to call, and take what somebody did about it."""
    question = found(Question.objects.alarming(request.actor), key)
    fault = ""
    if request.method == "POST":
        try:
            what = _do(request, question)
        except Stale:
            return stale(request, request.POST.get("reason", ""), request.path)
        except NotAllowed:
            fault = _("Dit doet iemand van het team van deze vraag.")
        except Refused as refusal:
            fault = said(refusal)
        else:
            messages.success(request, DONE[what])
            return HttpResponseRedirect(request.path)
    crisis = Crisis.objects.open().filter(question=question).first()
    duty = duty_team_of(question.municipality_id)
    context = {
        "question": question,
        "fault": fault,
        "reason": request.POST.get("reason", ""),
        "crisis": crisis,
        "taken_by": name_of(crisis.acknowledged_by) if crisis else "",
        "tree": phone_tree(question),
        "duty": duty if duty and duty.pk != question.team_id else None,
        "steps": [(n, n in _taken(question)) for n in STEPS],
        "is_owner": request.actor.team == question.team_id,
        "tab": "crisis",
    }
    return render(request, "signals/crisis.html", context, status=400 if fault else 200)


def _taken(question: Question) -> set[int]:
    return set(CodeStep.objects.filter(question=question).values_list("step", flat=True))


def _do(request: Request, question: Question) -> str:
    what = request.POST.get("what", "")
    common: dict[str, Any] = {"question": question, "by": request.actor, "now": timezone.now()}
    if what == "acknowledge":
        if acknowledge_crisis(**common).acknowledged_by != request.actor.key:
            what = "late"
    elif what == "end":
        reason = request.POST.get("reason", "")
        end_crisis(**common, reason=reason, version=version_of(request.POST))
    elif what == "step":
        number = request.POST.get("step", "")
        take_code_step(**common, step=int(number) if number in "12345" and number else 0)
    else:
        what = "flag"
        flag_crisis(**common, version=version_of(request.POST))
    return what
