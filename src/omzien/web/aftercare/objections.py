"""Not agreed: the resident says so, and somebody else than who holds the question answers."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from omzien.people.queries.mandates import decides
from omzien.questions.actions.objecting import LONGEST, answer_objection, object_to
from omzien.questions.models import Objection, Question
from omzien.questions.refusals import NotAllowed, Refused
from omzien.web.aftercare.decisions import decision_of
from omzien.web.doors import needs
from omzien.web.freshness.forms import Text
from omzien.web.logged import logged, resident_of, shows, whom_shown
from omzien.web.request import Request, the_row
from omzien.web.said import whom_of
from omzien.web.signals.finding import found
from omzien.web.signals.refused import said

MOST = 100
RESULTS = {
    "solved": gettext_lazy("opgelost"),
    "partly": gettext_lazy("deels opgelost"),
    "not": gettext_lazy("niet opgelost"),
    "otherwise": gettext_lazy("anders"),
}


class ObjectForm(forms.Form):
    """What the resident does not agree with."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    why = Text(
        most=LONGEST, required=True,
        missing=gettext_lazy("Schrijf op waarmee je het niet eens bent."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """The answer, in plain words."""

    answer = Text(most=LONGEST, required=True, missing=gettext_lazy("Schrijf je antwoord op."))


@needs("objection.make")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=resident_of)
def object_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Let a resident say that they do not agree, and show the answers."""
    question = found(Question.objects.visible_to(request.actor), key)
    if not decides(request.actor, on=timezone.localdate()):
        # An objection may be about who looks along.
        context = {"question": question, "whom": whom_of(question, request.actor)}
        return render(request, "mine/not_by_mandate.html", context, status=403)
    form = ObjectForm(request.POST or None, initial={"key": uuid.uuid4()})
    over = request.POST.get("over") or request.GET.get("over", "")
    decision = decision_of(over, question, request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            object_to(
                question=question,
                why="\n\n".join(one for one in (decision, form.cleaned_data["why"]) if one),
                key=form.cleaned_data["key"] or uuid.uuid4(),
                by=request.actor,
                now=timezone.now(),
            )
        except NotAllowed:
            raise Http404 from None
        except Refused as refusal:
            form.add_error("why", said(refusal))
        else:
            messages.success(request, _("Je bezwaar is binnen. Iemand anders geeft antwoord."))
            return HttpResponseRedirect(request.path)
    rows = Objection.objects.visible_to(request.actor).filter(question=question)
    context = {
        "question": question,
        "form": form,
        "over": over,
        "decision": decision,
        "rows": rows.select_related("team").order_by("-made_at", "pk")[:MOST],
    }
    return render(request, "aftercare/object.html", context, status=400 if form.errors else 200)


@needs("objection.answer")
@require_safe
@logged(purpose="help", kind="objection", about=whom_shown)
def objections_page(request: Request) -> HttpResponse:
    """List what waits for an answer; the first term stands first."""
    rows = Objection.objects.visible_to(request.actor).open().select_related("question")
    shown = list(rows.order_by("due_on", "made_at", "pk")[:MOST])
    shows(request, (one.question.person_id for one in shown))
    context = {"rows": shown, "today": timezone.localdate()}
    return render(request, "aftercare/objections.html", context)


def _of(request: Request, key: uuid.UUID) -> list[uuid.UUID]:
    persons = Objection.objects.filter(pk=key).values_list("question__person", flat=True)
    return [one for one in persons if one]


@needs("objection.answer")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="objection", about=_of)
def objection_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show an objection with what was decided, and take the answer. The story is not here."""
    rows = Objection.objects.visible_to(request.actor)
    row = the_row(rows.select_related("question__team", "question__person"), key)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_objection(
                objection=row, answer=form.cleaned_data["answer"], by=request.actor,
                now=timezone.now(),
            )  # fmt: skip
        except NotAllowed:
            raise Http404 from None
        except Refused as refusal:
            form.add_error("answer", said(refusal))
        else:
            messages.success(request, _("Je antwoord is bewaard. De inwoner krijgt bericht."))
            return HttpResponseRedirect(reverse("objections"))
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "result": RESULTS.get(row.question.result, ""),
        "reads": Question.objects.visible_to(request.actor).filter(pk=row.question_id).exists(),
    }
    return render(request, "aftercare/objection.html", context, status=400 if form.errors else 200)
