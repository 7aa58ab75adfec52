"""Public exports of a municipality's entries, in every open form."""

from collections.abc import Iterator
from pathlib import Path

from omzien.areas.models import Municipality
from omzien.directory.exporting import hsds_files, sheets, tabular
from omzien.directory.models import Service, ServiceQuerySet
from omzien.journal.isolation import working_for
from omzien.people.rules.roles import PUBLIC

FORMS = ("hsds-json", "ndjson", "tabular", "csv", "xlsx")
BATCH = 500


def export(
    *,
    municipality: Municipality,
    form: str,
    out: Path,
) -> int:
    """Write the entries that everybody may see to a file, without persons; return their number.

    Only what the municipality owns: national and regional entries are not its to give
    away. A hidden place is in none of these forms.
    """
    with working_for(municipality.code):
        chosen = own(municipality).visible_to(PUBLIC)
        if form in ("csv", "xlsx"):
            return sheets.write_entries(out, walk(chosen))
        things = hsds_files.objects(walk(chosen))
        if form == "ndjson":
            return hsds_files.write_ndjson(out, things)
        if form == "tabular":
            return tabular.write_zip(out, things)
        return hsds_files.write_page(out, things, total=chosen.count())


def own(municipality: Municipality) -> ServiceQuerySet:
    """Return the entries that belong to the municipality, in a lasting order."""
    return Service.objects.filter(municipality=municipality).order_by("sort_title", "pk")


def walk(services: ServiceQuerySet) -> Iterator[Service]:
    """Yield services with all their parts, some hundreds at a time."""
    keys = list(services.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield from services.filter(pk__in=keys[start : start + BATCH]).with_hsds()
