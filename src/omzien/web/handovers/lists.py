"""The handovers of a team: what waits for an answer, what was sent, and whether there is room."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.handovers.actions.rooms import say_room
from omzien.handovers.actions.waiting import call
from omzien.handovers.models import Consult, Handover, Involvement, Room, Wait
from omzien.handovers.models.along import knows_whose
from omzien.handovers.queries.rooms import capacity_on, counted, free_of
from omzien.handovers.refusals import NeedsReason, NotAllowed, Refused
from omzien.handovers.rules.along import OPEN_CONSULT
from omzien.handovers.rules.responsiveness import is_fresh
from omzien.handovers.rules.states import OPEN, Capacity, State
from omzien.handovers.rules.waiting import WaitState
from omzien.people.models import Team
from omzien.people.rules.roles import Actor
from omzien.web.doors import needs
from omzien.web.handovers.forms import RoomForm
from omzien.web.handovers.words import CAPACITIES, MEANWHILE, STATES, said
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.request import Request, the_row

MOST = 50
LINE = ("-goes_first", "since", "pk")  # who goes first stands first


@needs("contact.confirm")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="handover", kind="handover", about=whom_shown)
def handovers_page(request: Request) -> HttpResponse:
    """Show what needs an answer first; nobody's name stands in this list, but the number of the
    question does, to tell one from another.
    """
    actor = request.actor
    team = Team.objects.filter(pk=actor.team).first() if actor.team else None
    if request.method == "POST" and request.POST.get("doe") == "call":
        return _call(request)
    room: Any = counted(Room.objects.filter(team=team)).first()
    today = timezone.localdate()
    free = free_of(room, on=today)
    form = RoomForm(request.POST or None, initial=_said(room, free))
    if request.method == "POST" and form.is_valid() and team is not None:
        return _say_room(request, team, form.cleaned_data)
    is_fresh_now = room is not None and is_fresh(room.said_on, on=today)
    shown = capacity_on(room, on=today) if is_fresh_now else room and Capacity(room.capacity)
    waits = list(Wait.objects.listed_for(actor).order_by(*LINE)[:MOST])
    lists = _handovers(actor, today)
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
        "room_text": CAPACITIES[shown] if shown else "",
        "room_is_old": room is not None and not is_fresh_now,
        "free": free,
        "waits": waits,
        "first": next((one for one in waits if _can_be_called(one)), None),
        "states": {str(one): text for one, text in STATES.items()},
        "form": form,
    }
    return render(request, "handovers/handovers.html", context, status=400 if form.errors else 200)


def _handovers(actor: Actor, today: date) -> dict[str, QuerySet[Handover]]:
    rows = Handover.objects.visible_to(actor).select_related("from_team", "to_team", "question")
    rows = rows.defer("question__story")
    received, sent = rows.filter(to_team=actor.team), rows.filter(from_team=actor.team)
    met = received.filter(state=State.HANDED_OVER, report_on__lte=today)
    return {
        "to_answer": received.filter(state__in=OPEN).order_by("due_on", "offered_at", "pk")[:MOST],
        "to_report": met.order_by("report_on", "pk")[:MOST],
        "sent": sent.filter(state__in=OPEN).order_by("due_on", "offered_at", "pk")[:MOST],
        "ended": sent.exclude(state__in=OPEN).order_by("-offered_at", "pk")[:MOST],
    }


def _say_room(request: Request, team: Team, data: dict[str, Any]) -> HttpResponse:
    say_room(
        team=team,
        capacity=Capacity(data["capacity"]),
        note=data["note"],
        places=data["free"],
        keeps_list=data["keeps_list"],
        first_rule=data["first_rule"],
        by=request.actor,
        on=timezone.localdate(),
    )
    messages.success(request, _("Bewaard. Andere teams zien dit twee weken lang."))
    return HttpResponseRedirect(reverse("handovers"))


def _said(room: Any, free: int | None) -> dict[str, Any]:
    if room is None:
        return {}
    kept = {name: getattr(room, name) for name in ("capacity", "note", "first_rule")}
    return kept | {"free": free, "keeps_list": room.has_list}


def _can_be_called(wait: Wait) -> bool:
    return wait.state == WaitState.WAITING and not (wait.called_at or wait.paused_at)


def _call(request: Request) -> HttpResponse:
    """Say that there is a place for one on the list; another team's list is not there."""
    found = the_row(Wait.objects.listed_for(request.actor), request.POST.get("over"))
    reason = request.POST.get("reason", "")
    try:
        call(wait=found, by=request.actor, now=timezone.now(), reason=reason)
    except NotAllowed:
        raise Http404 from None
    except NeedsReason:
        messages.error(request, _("Iemand anders wacht langer. Schrijf waarom deze voorgaat."))
    except MEANWHILE:
        messages.error(request, _("Intussen is er iets veranderd. Kijk nog eens op de lijst."))
    except Refused as refusal:
        messages.error(request, said(refusal)[1])
    else:
        messages.success(request, _("Bewaard. Het team van de inwoner krijgt bericht."))
    return HttpResponseRedirect(reverse("handovers") + "#lijst")
