"""Advice without a name: the question of one team, and the answer of another."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.handovers.actions.advising import move_consult
from omzien.handovers.models import Consult
from omzien.handovers.refusals import NotAllowed
from omzien.handovers.rules.along import ConsultState
from omzien.people.gates import by_key
from omzien.web.doors import needs
from omzien.web.handovers.forms import AnswerForm
from omzien.web.handovers.words import CONSULTS, MEANWHILE, REFUSED, said
from omzien.web.request import Request


@needs("question.work")
@require_http_methods(["GET", "HEAD", "POST"])
def consult_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show a question for advice, and take the answer; there is no person on this page."""
    row = _consult(request, key)
    form = AnswerForm(request.POST or None, initial={"version": row.version})
    status, meanwhile = 200, False
    if request.method == "POST" and form.is_valid():
        name = request.POST.get("doe", "")
        if name not in ("answer", "decline", "withdraw"):
            raise Http404
        data = form.cleaned_data
        try:
            move_consult(consult=row, name=name, by=request.actor, now=timezone.now(), **data)
        except NotAllowed:
            raise Http404 from None
        except MEANWHILE:
            row, status, meanwhile = _consult(request, key), 409, True
        except REFUSED as refusal:
            form.add_error("answer", said(refusal)[1])
        else:
            messages.success(request, _("Bewaard. Het andere team krijgt bericht."))
            return HttpResponseRedirect(request.path)
    context = {
        "consult": row,
        "state": CONSULTS[ConsultState(row.state)],
        "is_open": row.state == ConsultState.ASKED,
        "receives": row.to_team_id == request.actor.team,
        "form": form,
        "meanwhile": meanwhile,
        "typed": [form.data.get("answer", "")] if meanwhile else [],
    }
    return render(request, "handovers/consult.html", context, status=400 if form.errors else status)


def _consult(request: Request, key: uuid.UUID) -> Consult:
    rows = Consult.objects.visible_to(request.actor)
    found = by_key(rows.select_related("from_team", "to_team", "municipality"), key)
    if found is None:
        raise Http404
    return found
