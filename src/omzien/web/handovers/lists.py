"""The handovers of a team: what waits for an answer, what was sent, and whether there is room."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.handovers.actions.rooms import say_room
from omzien.handovers.models import Consult, Handover, Involvement, Room
from omzien.handovers.models.along import knows_whose
from omzien.handovers.rules.along import OPEN_CONSULT
from omzien.handovers.rules.responsiveness import is_fresh
from omzien.handovers.rules.states import OPEN, Capacity, State
from omzien.people.models import Team
from omzien.web.doors import needs
from omzien.web.handovers.forms import RoomForm
from omzien.web.handovers.words import CAPACITIES, STATES
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.request import Request

MOST = 50


@needs("contact.confirm")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="handover", kind="handover", about=whom_shown)
def handovers_page(request: Request) -> HttpResponse:
    """Show what needs an answer first; nobody's name stands in this list, but the number of the
    question does, to tell one from another.
    """
    actor = request.actor
    team = Team.objects.filter(pk=actor.team).first() if actor.team else None
    room = Room.objects.filter(team=team).first()
    initial = {"capacity": room.capacity, "note": room.note} if room else {}
    form = RoomForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and team is not None:
        say_room(
            team=team,
            capacity=Capacity(form.cleaned_data["capacity"]),
            note=form.cleaned_data["note"],
            by=actor,
            on=timezone.localdate(),
        )
        messages.success(request, _("Bewaard. Andere teams zien dit twee weken lang."))
        return HttpResponseRedirect(reverse("handovers"))
    rows = Handover.objects.visible_to(actor).select_related("from_team", "to_team", "question")
    rows = rows.defer("question__story")
    received, sent = rows.filter(to_team=actor.team), rows.filter(from_team=actor.team)
    met = received.filter(state=State.HANDED_OVER, report_on__lte=timezone.localdate())
    lists = {
        "to_answer": received.filter(state__in=OPEN).order_by("due_on")[:MOST],
        "to_report": met.order_by("report_on")[:MOST],
        "sent": sent.filter(state__in=OPEN).order_by("due_on")[:MOST],
        "ended": sent.exclude(state__in=OPEN).order_by("-offered_at")[:MOST],
    }
    shows(request, (one.question.person_id for found in lists.values() for one in found))
    context = {
        **lists,
        "advice": Consult.objects.visible_to(actor)
        .filter(to_team=actor.team, state__in=OPEN_CONSULT)
        .select_related("from_team")[:MOST],
        "along": Involvement.objects.of_team(actor).select_related("question__team")[:MOST],
        "knows_whose": knows_whose(actor),
        "team": team,
        "room": room,
        "room_text": CAPACITIES[Capacity(room.capacity)] if room else "",
        "room_is_old": room is not None and not is_fresh(room.said_on, on=timezone.localdate()),
        "states": {str(one): text for one, text in STATES.items()},
        "form": form,
    }
    return render(request, "handovers/handovers.html", context, status=400 if form.errors else 200)
