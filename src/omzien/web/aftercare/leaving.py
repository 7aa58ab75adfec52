"""A resident died or moved: the question ends with care."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.handovers.actions.leaving import resident_died, resident_moved
from omzien.handovers.queries.moving import SHOWN
from omzien.people.logs.reading import note, origin_of
from omzien.people.rules.looking import Action, Result
from omzien.people.rules.roles import Scope
from omzien.questions.models import Question
from omzien.questions.refusals import NotAllowed, Refused, Stale
from omzien.web.doors import needs
from omzien.web.logged import logged, resident_of
from omzien.web.request import Request, version_of
from omzien.web.signals.finding import found, stale
from omzien.web.signals.refused import said


@needs("question.close")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=resident_of)
def leaving_page(request: Request, key: UUID) -> HttpResponse:
    """Close a question because the resident died or moved."""
    question = found(Question.objects.visible_to(request.actor, verb="question.close"), key)
    fault = ""
    if request.method == "POST":
        try:
            return _leave(request, question)
        except Stale:
            return stale(request, "", request.path)
        except NotAllowed:
            raise Http404 from None
        except Refused as refusal:
            fault = said(refusal)
    has_package = Scope.TEAM in request.actor.may("dossier.export")
    context = {"question": question, "fault": fault, "has_package": has_package}
    return render(request, "aftercare/leaving.html", context, status=400 if fault else 200)


def _leave(request: Request, question: Question) -> HttpResponse:
    common: dict[str, Any] = {
        "question": question,
        "by": request.actor,
        "now": timezone.now(),
        "version": version_of(request.POST),
    }
    if request.POST.get("what") == "died" and request.POST.get("sure"):
        resident_died(**common)
        messages.success(request, _("De vraag is met zorg afgerond. Er gaat geen mail meer uit."))
        return HttpResponseRedirect(reverse("today"))
    if request.POST.get("what") != "moved":
        messages.error(request, _("Zet eerst een vinkje."))
        return HttpResponseRedirect(request.path)
    _row, package = resident_moved(**common, is_told=bool(request.POST.get("told")))
    if package is None:
        messages.success(
            request, _("De vraag is afgerond. De inwoner kan de gegevens zelf ophalen.")
        )
        return HttpResponseRedirect(reverse("today"))
    note(
        request.actor,
        purpose="help",
        object=("question", question.pk),
        action=Action.EXPORT,
        about=[question.person_id] if question.person_id else [],
        origin=origin_of(request),
        result=Result.ALLOWED,
    )
    # The file itself is the answer; this stands on the page that is opened next.
    told = _("Het bestand is gemaakt. De code ervan is %(code)s. De inwoner ziet die code ook.")
    messages.success(request, told % {"code": package.digest[:SHOWN]})
    response = HttpResponse(package.text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="vraag-{question.reference}.json"'
    response["X-Content-SHA256"] = package.digest
    return response
