"""A question that is looked for, by its number or a name."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.people.rules.looking import Action
from omzien.questions.queries import finding
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.questions.rows import rows_of
from omzien.web.request import Request


@needs("question.work")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=whom_shown, action=Action.SEARCH)
def find_page(request: Request) -> HttpResponse:
    """Find a question by the number that somebody names, or by a name. What is looked for stands
    in no address.
    """
    typed = " ".join(request.POST.get("wat", "").split())[:100]
    fault = _("Vul een nummer of een naam in.") if request.method == "POST" and not typed else ""
    context: dict[str, Any] = {"typed": typed, "fault": fault}
    if typed:
        found = finding.found_by(typed, request.actor)
        context["rows"] = list(rows_of(request, found, timezone.localdate()).values())
        if not found and (ended := finding.ended_by(typed, request.actor)):
            shows(request, [ended.person_id])
            context["ended"] = ended
        context["most"] = finding.MOST if len(found) == finding.MOST else 0
    return render(request, "questions/find.html", context, status=400 if fault else 200)
