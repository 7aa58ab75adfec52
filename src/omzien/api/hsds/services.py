"""Services: the entries of the social map."""

from collections.abc import Sequence

from omzien.api.hsds.asked import PAGING, Asked
from omzien.api.hsds.filters import best_first, services
from omzien.api.hsds.resource import Key, Resource, Thing
from omzien.areas.models import Municipality
from omzien.directory.hsds.write import service_out
from omzien.directory.models import Service
from omzien.people.rules.roles import PUBLIC

FILTERS = ("taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full")
PLACE = ("postcode", "proximity")


def keys(asked: Asked, municipality: Municipality) -> list[Key]:
    """Return the services asked for: best first when words were given, else by title."""
    rows = (
        services(asked, municipality).order_by("sort_title", "pk").values_list("pk", "changed_at")
    )
    found = {str(pk): Key(str(pk), changed_at) for pk, changed_at in rows}
    if "search" not in asked:
        return list(found.values())
    return [found[i] for i in best_first(asked["search"], municipality) if i in found]


def write(ids: Sequence[str], asked: Asked) -> list[Thing]:
    """Return services as HSDS objects (1 query, or 5 when full)."""
    full = bool(asked.get("full"))
    visible = Service.objects.visible_to(PUBLIC)
    rows = visible.with_hsds()
    found = {str(pk): service for pk, service in rows.in_bulk(list(ids)).items()}
    return [service_out(found[i], full=full) for i in ids if i in found]


SERVICES = Resource("services", "Service", (*PAGING, *FILTERS, *PLACE, "minimal"), keys, write)
