"""Services at locations: one thing for each place where a service can be had."""

from collections.abc import Sequence

from omzien.api.hsds.asked import PAGING, Asked
from omzien.api.hsds.filters import best_first, points_near, services
from omzien.api.hsds.resource import Key, Resource, Thing, flat
from omzien.api.hsds.services import FILTERS, PLACE
from omzien.areas.models import Municipality
from omzien.directory.hsds.write import at_location_out, service_out
from omzien.directory.models import Service, ServicePlace
from omzien.people.rules.roles import PUBLIC

MANY = ("phones", "schedules", "service_areas")


def keys(asked: Asked, municipality: Municipality) -> list[Key]:
    """Return the places of the services asked for; a hidden place is never among them."""
    rows = ServicePlace.objects.filter(
        place__is_hidden=False, service__in=services(asked, municipality)
    )
    if "proximity" in asked:
        rows = rows.filter(pk__in=[link for link, _service in points_near(asked)])
    found = [
        (str(service), Key(str(pk), changed_at))
        for pk, service, changed_at in rows.order_by("service__sort_title", "pk").values_list(
            "pk", "service_id", "service__changed_at"
        )
    ]
    if "search" in asked:
        best = {i: n for n, i in enumerate(best_first(asked["search"], municipality))}
        found = sorted((f for f in found if f[0] in best), key=lambda f: best[f[0]])
    return [key for _service, key in found]


def write(ids: Sequence[str], asked: Asked) -> list[Thing]:
    """Return services at locations as HSDS objects (2 queries, or 7 when full)."""
    rows = ServicePlace.objects.filter(
        place__is_hidden=False, service__in=Service.objects.visible_to(PUBLIC)
    )
    full = bool(asked.get("full"))
    found = {str(pk): link for pk, link in rows.select_related("place").in_bulk(list(ids)).items()}
    numbers = {link.service_id for link in found.values()}
    visible = Service.objects.visible_to(PUBLIC)
    details = visible.with_hsds()
    by_service = {s.pk: service_out(s, full=full) for s in details.filter(pk__in=numbers)}
    return [_out(found[i], by_service[found[i].service_id], full=full) for i in ids if i in found]


def _out(link: ServicePlace, service: Thing, *, full: bool) -> Thing:
    out = at_location_out(link, service=flat(service))
    if not full:
        return out | {"location": flat(out["location"])}
    return out | {name: service[name] for name in MANY}


SERVICE_AT_LOCATIONS = Resource(
    "service_at_locations", "ServiceAtLocation", (*PAGING, *FILTERS, *PLACE), keys, write
)
