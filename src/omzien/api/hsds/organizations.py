"""Organizations: everyone who offers something that is in the public directory."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from omzien.api.hsds.asked import PAGING, Asked
from omzien.api.hsds.filters import services
from omzien.api.hsds.resource import Key, Resource, Thing
from omzien.areas.models import Municipality
from omzien.directory.hsds.write import organization_out, service_out
from omzien.directory.models import Provider, Service
from omzien.people.rules.roles import PUBLIC

ABOUT_SERVICES = ("taxonomy_term_id", "taxonomy_id")


def keys(asked: Asked, municipality: Municipality) -> list[Key]:
    """Return the organizations asked for, by name; every word of a search must be in them."""
    wanted = {name: asked[name] for name in ABOUT_SERVICES if name in asked}
    rows = _with_one_of(services(wanted, municipality))
    for word in asked.get("search", "").split():
        rows = rows.filter(Q(name__icontains=word) | Q(description__icontains=word))
    return [
        Key(str(pk), changed_at)
        for pk, changed_at in rows.order_by("sort_name", "pk").values_list("pk", "changed_at")
    ]


def write(ids: Sequence[str], asked: Asked) -> list[Thing]:
    """Return organizations as HSDS objects (1 query; 6 with their services)."""
    nested = bool(asked.get("full_service"))
    rows = _with_one_of(Service.objects.visible_to(PUBLIC))
    if nested or asked.get("full"):
        offered = Service.objects.visible_to(PUBLIC).with_hsds()
        rows = rows.prefetch_related(Prefetch("services", offered, to_attr="offered"))
    found = {str(pk): provider for pk, provider in rows.in_bulk(list(ids)).items()}
    return [_out(found[i], nested=nested) for i in ids if i in found]


def _out(provider: Provider, *, nested: bool) -> Thing:
    offered: list[Service] | None = getattr(provider, "offered", None)
    if offered is None:
        return organization_out(provider)
    of_services = [service_out(service, full=nested) for service in offered]
    for service in of_services:
        service.pop("organization", None)
    return organization_out(provider) | {"services": of_services}


def _with_one_of(offered: QuerySet[Service]) -> QuerySet[Provider]:
    return Provider.objects.filter(Exists(offered.filter(provider=OuterRef("pk"))))


ORGANIZATIONS = Resource(
    "organizations",
    "Organization",
    (*PAGING, *ABOUT_SERVICES, "full", "full_service"),
    keys,
    write,
    of_one=("full_service",),
)
