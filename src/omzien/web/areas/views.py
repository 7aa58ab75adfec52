"""The page of a village: meeting places, this week, who to talk to, and the figures."""

import json

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from omzien.areas.queries import VillageInfo, outlines_geojson, village_page_figures, villages_of
from omzien.directory.models import Service
from omzien.directory.queries.calendars import agenda
from omzien.directory.queries.indexes import index_for, kept_for
from omzien.directory.queries.villages import village_cards
from omzien.people.queries.connectors import connectors, meanwhile
from omzien.people.rules.roles import PUBLIC
from omzien.web.doors import switched
from omzien.web.request import Request, town_of

SOURCE = gettext_lazy("Bron: CBS/Kadaster 2024, bewerkt")


def village_of(request: Request, slug: str) -> VillageInfo:
    """Return the village of this municipality with that web address, or answer 404."""
    town = town_of(request)
    for village in villages_of(town):
        if village.slug == slug:
            return village
    raise Http404


@require_safe
def areas(request: Request) -> HttpResponse:
    """List the villages."""
    town = town_of(request)
    return render(request, "areas/areas.html", {"villages": villages_of(town)})


@require_safe
def area(request: Request, slug: str) -> HttpResponse:
    """Show what a village has."""
    village = village_of(request, slug)
    now = timezone.localtime()
    kept = kept_for(village.municipality, on=now.date())
    people = connectors([village.id], on=now.date())[village.id]
    context = {
        "village": village,
        "found": village_cards(village, kept=kept, now=now),
        "connectors": people,
        "meanwhile": None
        if people
        else meanwhile(village.id, municipality=village.municipality, on=now.date()),
        "figures": village_page_figures(village),
        "source": SOURCE,
        "today": now.date(),
    }
    return render(request, "areas/area.html", context)


@switched("agenda")
@require_safe
def agenda_page(request: Request) -> HttpResponse:
    """Show what is on in the coming week in the whole municipality, or in one village."""
    town = town_of(request)
    slug = request.GET.get("gebied", "")
    chosen = next((v for v in villages_of(town) if v.slug == slug), None)
    happenings = agenda(
        actor=PUBLIC,
        now=timezone.localtime(),
        days=7,
        village_id=chosen.id if chosen else None,
    )
    context = {
        "happenings": happenings,
        "villages": villages_of(town),
        "chosen": chosen,
    }
    return render(request, "areas/agenda.html", context)


@switched("map")
@require_safe
@vary_on_cookie  # the language
def map_data(request: Request) -> HttpResponse:
    """Give the outlines and the points that the map shows; hidden addresses are not in it."""
    town = town_of(request)
    index, _thesaurus = index_for(town.code, on=timezone.localdate())
    rows = Service.objects.visible_to(PUBLIC).values_list("pk", "slug", "title")
    titles = {str(pk): (slug, title) for pk, slug, title in rows}
    points = [
        {
            "slug": titles[entry.id][0],
            "title": titles[entry.id][1],
            "href": reverse("entry", args=[titles[entry.id][0]]),
            "lat": point.lat,
            "lon": point.lon,
        }
        for entry, point in index.points()
        if entry.id in titles
    ]
    data = {
        "source": str(SOURCE),
        "outlines": json.loads(outlines_geojson(town)),
        "points": points,
    }
    response = JsonResponse(data)
    response["Cache-Control"] = "public, max-age=300"
    return response
