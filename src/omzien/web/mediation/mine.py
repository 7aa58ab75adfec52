"""The own file of a neighbour: what comes, who mediates, what both agreed, and how to stop.

Who speaks for a neighbour reads it too, and may do there what the mandate says.
"""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from omzien.mediation.models import Party, Talk
from omzien.mediation.queries.calendars import calendar_of
from omzien.mediation.queries.files import file_of, is_read_along
from omzien.mediation.refusals import NotAllowed
from omzien.mediation.terms import team_of
from omzien.people.queries.hats import whom
from omzien.people.queries.mandates import decides
from omzien.people.rules.looking import Action
from omzien.web.doors import needs
from omzien.web.logged import logged
from omzien.web.mediation.doing import do, of_party, shown
from omzien.web.mediation.words import ELSEWHERE, OUTCOMES, SUBJECTS, TALKS, now_of
from omzien.web.request import Request, the_row

MOST = 50


def about_file(request: Request, key: uuid.UUID) -> list[uuid.UUID]:
    """Return whose file it is."""
    rows = Party.objects.filter(pk=key, person__isnull=False)
    return list(rows.values_list("person", flat=True))


def _own(request: Request, key: uuid.UUID) -> Party:
    rows = Party.objects.own(request.actor).select_related("case__team", "case__municipality")
    return the_row(rows, key)


@needs("mediation.follow")
@require_safe
def my_mediations_page(request: Request) -> HttpResponse:
    """List the own files; the newest first."""
    rows = (
        Party.objects.own(request.actor).select_related("case").order_by("-case__received_at", "pk")
    )
    found = [(one, now_of(one)) for one in rows[:MOST]]
    if not found and team_of(request.actor.municipality) is None:
        raise Http404
    if len(found) == 1:
        return HttpResponseRedirect(reverse("my-mediation", args=[found[0][0].pk]))
    return render(request, "mediation/my_files.html", {"rows": found, "whom": whom(request.actor)})


@needs("mediation.follow")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="mediation", kind="mediation", about=about_file)
def my_mediation_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show the own file, and let its owner, or who may decide for them, say yes or stop."""
    party = _own(request, key)
    status, failed, meanwhile = 200, None, False
    file = file_of(party, request.actor)
    may_decide = decides(request.actor, on=timezone.localdate())
    names = of_party(party, file.agreement) if may_decide else []
    if request.method == "POST":
        try:
            came = do(party, party.case, request.POST, request.actor, names)
        except NotAllowed:
            raise Http404 from None
        if came.done:
            messages.success(request, came.done)
            return HttpResponseRedirect(request.path)
        status, failed, meanwhile = (409 if came.meanwhile else 400), came.failed, came.meanwhile
        party = _own(request, key)
        file = file_of(party, request.actor)
        names = of_party(party, file.agreement) if may_decide else []
    context = {
        "party": party,
        "file": file,
        "now": now_of(party),
        "subject": SUBJECTS[party.case.subject],
        "outcome": OUTCOMES.get(party.case.outcome, ""),
        "elsewhere": ELSEWHERE.get(party.elsewhere, ""),
        "talks": [(one, TALKS[one.kind]) for one in file.talks],
        "doings": shown(party.case, names, failed),
        "meanwhile": meanwhile,
        "whom": whom(request.actor),
        "is_read_along": request.actor.represents is None and is_read_along(party),
        "may_decide": may_decide,
    }
    return render(request, "mediation/my_file.html", context, status=status)


@needs("mediation.follow")
@require_safe
@logged(purpose="mediation", kind="mediation", about=about_file, action=Action.EXPORT)
def my_calendar(request: Request, key: uuid.UUID) -> HttpResponse:
    """Give the planned talk to a neighbour who is there."""
    party = _own(request, key)
    rows = Talk.objects.visible_to(request.actor).planned()
    return calendar_file(rows.filter(case=party.case_id).first())


def calendar_file(talk: Talk | None) -> HttpResponse:
    """Return a talk as a calendar file; 404 where there is none."""
    if talk is None:
        raise Http404
    text = calendar_of(talk, title=_("Gesprek"))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="gesprek.ics"'
    return response
