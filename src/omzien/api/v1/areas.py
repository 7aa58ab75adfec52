"""Areas: the villages of the municipality, with their CBS figures."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from omzien.api.answers import as_json
from omzien.api.gate import municipality_of
from omzien.api.problems import not_found
from omzien.areas.queries import VillageInfo, village_page_figures, villages_of
from omzien.directory.models import Service
from omzien.people.rules.roles import PUBLIC

SOURCE = "CBS/Kadaster, bewerkt (CC BY 4.0)"


def areas(request: HttpRequest) -> HttpResponse:
    """List the villages with how many entries each has of its own."""
    visible = Service.objects.visible_to(PUBLIC).exclude(village=None).order_by()
    counts = dict(visible.values_list("village").annotate(Count("pk")))
    villages = villages_of(municipality_of(request))
    return as_json({"areas": [_area(request, v, counts.get(v.id, 0)) for v in villages]})


def area(request: HttpRequest, *, slug: str) -> HttpResponse:
    """Give one village with its newest figures."""
    for village in villages_of(municipality_of(request)):
        if village.slug == slug:
            count = Service.objects.visible_to(PUBLIC).filter(village=village.id).count()
            return as_json(_area(request, village, count) | _figures(village))
    raise not_found()


def _area(request: HttpRequest, village: VillageInfo, count: int) -> dict[str, Any]:
    return {
        "slug": village.slug,
        "name": village.name,
        "alsoCalled": list(village.also_called),
        "latitude": village.point.lat if village.point else None,
        "longitude": village.point.lon if village.point else None,
        "entryCount": count,
        "url": request.build_absolute_uri(reverse("area", args=[village.slug])),
    }


def _figures(village: VillageInfo) -> dict[str, Any]:
    found = village_page_figures(village)
    return {
        "buurtCodes": list(village.buurt_codes),
        "figuresYear": found.year,
        "figuresSource": SOURCE,
        "figures": [
            {
                "key": row.key,
                "label": row.label,
                "unit": row.unit,
                "value": row.value,
                "unknownBuurten": row.unknown,
            }
            for row in found.rows
        ],
    }
