"""The entries of one's own organisation: confirm them, or propose a change."""

import uuid
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.directory.actions.capacity import NotKept, say_capacity
from omzien.directory.actions.edits import confirm_as_owner
from omzien.directory.actions.freshness import NotPublic
from omzien.directory.models import Service
from omzien.directory.queries.editors import REMEMBERED
from omzien.directory.queries.edits import latest_edits
from omzien.directory.rules import Capacity
from omzien.web.doors import needs
from omzien.web.freshness.views import propose, stop
from omzien.web.plan_words import CAPACITY
from omzien.web.request import Request, the_row

PAGE = 25


@needs("directory.change")
@require_safe
def own_entries(request: Request) -> HttpResponse:
    """Show the own entries, longest unchecked first."""
    kept = Service.objects.kept_by(request.actor)
    here = kept.filter(left_on=None).select_related("room")
    longest_first = F("checked_on").asc(nulls_first=True), "sort_title", "pk"
    pages = Paginator(here.order_by(*longest_first), PAGE)
    page = pages.get_page(request.GET.get("pagina"))
    today = timezone.localdate()
    edits = latest_edits([row.pk for row in page])
    services = [(row, _room(row, today), edits.get(row.pk)) for row in page]
    context = {
        "page": page,
        "here": [("pagina", str(page.number))],
        "services": services,
        "values": CAPACITY.items(),
        "gone": kept.filter(left_on__gt=today - REMEMBERED).order_by(
            "-left_on", "sort_title", "pk"
        ),
    }
    return render(request, "entries/own.html", context)


@needs("directory.change")
@require_POST
def confirm_own(request: Request, key: uuid.UUID) -> HttpResponse:
    """Say that all of an entry is right."""
    try:
        confirm_as_owner(service=_own(request, key), on=timezone.localdate(), by=request.actor.key)
        messages.success(request, _("Dank je wel. Vandaag gecontroleerd."))
    except NotPublic:
        messages.warning(request, _("Dit aanbod is van de site gehaald."))
    return _back(request)


@needs("directory.change")
@require_POST
def own_capacity(request: Request, key: uuid.UUID) -> HttpResponse:
    """Say with one click whether there is room."""
    service, value = _own(request, key), request.POST.get("value", "")
    if value not in CAPACITY:
        messages.error(request, _("Kies of er plek is."))
        return _back(request)
    try:
        say_capacity(
            service=service, value=Capacity(value), by=request.actor, on=timezone.localdate(),
            explanation=request.POST.get("explanation"),
        )  # fmt: skip
        messages.success(request, _("Dank je wel. Wie doorverwijst, ziet dit nu."))
    except NotKept:
        messages.warning(request, _("Van dit aanbod houdt jouw gemeente niet bij of er plek is."))
    return _back(request)


def _back(request: Request) -> HttpResponseRedirect:
    """Go back to the page of the list where the button stood."""
    page = request.POST.get("pagina", "")
    more = f"?pagina={page}" if page.isdecimal() and page != "1" else ""
    return HttpResponseRedirect(reverse("own-entries") + more)


def _room(service: Service, today: date) -> dict[str, object]:
    """Return what was said of the room, and whether that still counts."""
    room = getattr(service, "room", None)
    if room is None:
        return {"now": Capacity.UNKNOWN, "explanation": "", "as_of": None}
    return {"now": room.on(today), "explanation": room.explanation, "as_of": room.as_of}


@needs("directory.change")
@require_http_methods(["GET", "POST"])
def change_own(request: Request, key: uuid.UUID) -> HttpResponse:
    """Propose a change; what is approved stays public until the editors agree."""
    return propose(request, _own(request, key), by=request.actor.key, context={})


@needs("directory.change")
@require_http_methods(["GET", "POST"])
def stop_own(request: Request, key: uuid.UUID) -> HttpResponse:
    """Say that an entry stopped; it stays public until the editors decide."""
    return stop(request, _own(request, key), by=request.actor.key, context={})


def _own(request: Request, key: uuid.UUID) -> Service:
    return the_row(Service.objects.kept_by(request.actor).with_details(), key)
