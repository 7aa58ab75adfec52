"""The pages of a mediator: only the own cases, and only while they run."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from omzien.mediation.models import Agreement, Party, Seat, Talk
from omzien.mediation.queries.standing import mediates
from omzien.mediation.refusals import NotAllowed
from omzien.mediation.rules.states import SeatState
from omzien.people.rules.looking import Action
from omzien.web.doors import needs
from omzien.web.logged import logged
from omzien.web.mediation.doing import do, of_seat, shown
from omzien.web.mediation.mine import calendar_file
from omzien.web.mediation.words import SEATS, STATES, SUBJECTS, TALKS
from omzien.web.request import Request, the_row

MOST = 50


def about_seat(request: Request, key: uuid.UUID) -> list[uuid.UUID]:
    """Return whose case a seat is in."""
    rows = Party.objects.filter(case__seats=key, person__isnull=False)
    return list(rows.values_list("person", flat=True))


def _own(request: Request, key: uuid.UUID) -> Seat:
    rows = Seat.objects.own(request.actor).select_related("case__village", "case__team")
    return the_row(rows, key)


@needs("mediation.mediate")
@require_safe
def mediations_page(request: Request) -> HttpResponse:
    """List the own open cases; nobody's name stands in this list."""
    if not mediates(request.actor):
        raise Http404
    rows = (
        Seat.objects.own(request.actor).select_related("case__village").order_by("asked_at", "pk")
    )
    found = [
        (one, SUBJECTS[one.case.subject], SEATS[one.state], STATES[one.case.state])
        for one in rows[:MOST]
    ]
    return render(request, "mediation/mediations.html", {"rows": found})


@needs("mediation.mediate")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="mediation", kind="mediation", about=about_seat)
def mediating_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show one case to a mediator: before their yes whom it is about, and after it how to reach
    them. Nothing of what anybody said or wrote.
    """
    seat = _own(request, key)
    status, failed, meanwhile = 200, None, False
    names = of_seat(seat)
    if request.method == "POST":
        own_row = request.POST.get("doe") in ("accept", "say-no")
        try:
            came = do(seat if own_row else seat.case, seat.case, request.POST, request.actor, names)
        except NotAllowed:
            raise Http404 from None
        if came.done:
            messages.success(request, came.done)
            still = Seat.objects.own(request.actor).filter(pk=key).exists()
            return HttpResponseRedirect(request.path if still else reverse("mediations"))
        status, failed, meanwhile = (409 if came.meanwhile else 400), came.failed, came.meanwhile
        seat = _own(request, key)
        names = of_seat(seat)
    actor, is_in = request.actor, seat.state == SeatState.ACCEPTED
    others = Seat.objects.visible_to(actor).filter(case=seat.case, state=SeatState.ACCEPTED)
    talk = Talk.objects.visible_to(actor).planned().filter(case=seat.case).first()
    context = {
        "seat": seat,
        "is_in": is_in,
        "parties": Party.objects.visible_to(actor).filter(case=seat.case, left_at=None),
        "others": others.exclude(pk=seat.pk).select_related("person"),
        "subject": SUBJECTS[seat.case.subject],
        "stands": STATES[seat.case.state],
        "talk": talk,
        "talk_name": TALKS[talk.kind] if talk else "",
        "agreement": Agreement.objects.visible_to(actor).filter(case=seat.case).first(),
        "doings": shown(seat.case, names, failed),
        "meanwhile": meanwhile,
    }
    return render(request, "mediation/mediating.html", context, status=status)


@needs("mediation.mediate")
@require_safe
@logged(purpose="mediation", kind="mediation", about=about_seat, action=Action.EXPORT)
def mediator_calendar(request: Request, key: uuid.UUID) -> HttpResponse:
    """Give the planned talk to a mediator of the case."""
    seat = _own(request, key)
    rows = Talk.objects.visible_to(request.actor).planned()
    return calendar_file(rows.filter(case=seat.case_id).first())
