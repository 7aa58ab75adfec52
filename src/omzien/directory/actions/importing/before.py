"""What an import changes, as it was before: kept for a month, to take the import back.

Of an entry only what the import changes is kept, and of a provider what it filled in. `stamp`
says how the import left it: as long as that is so, nobody changed it since.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from omzien.directory.actions.importing.building import Builder
from omzien.directory.actions.importing.plan import AT_A_TIME, Change, Plan
from omzien.directory.models import ImportBefore, ImportRun, Place, Provider, Schedule, Service
from omzien.directory.queries.import_files import stamp

PARTS = frozenset({"phones", "schedules", "places"})
COLUMNS = {"village": "village_id", "provider": "provider_id"}
PLACE = [f.attname for f in Place._meta.concrete_fields if f.name != "municipality"]
NOT_OF_SLOT = ("id", "municipality", "service")
SCHEDULE = [f.name for f in Schedule._meta.concrete_fields if f.name not in NOT_OF_SLOT]

Thing = TypeVar("Thing")
Before = dict[str, dict[str, Any]]


def entries_before(plan: Plan) -> Before:
    """Return what will change of each entry that is there, by its key."""
    found: Before = {}
    for changes in in_parts(plan.changed):
        services = Service.objects.with_hsds().in_bulk([change.key for change in changes])
        by_key = {str(key): service for key, service in services.items()}
        found |= {change.key: _entry(by_key[change.key], change) for change in changes}
    return found


def keep(run: ImportRun, entries: Before, builder: Builder) -> None:
    """Keep with a run what it changed, and how it left it. The caller holds the transaction."""
    town = builder.municipality.code
    providers = dict(builder.filled_before)
    for keys in in_parts(entries):
        services = list(Service.objects.filter(pk__in=keys))
        made = {str(one.provider_id) for one in services} & builder.new_providers.keys()
        providers |= {key: {} for key in made}  # with nothing before: it goes when it is unused
        ImportBefore.objects.bulk_create(
            ImportBefore(
                municipality_id=town,
                run=run,
                service=one,
                before=entries[str(one.pk)],
                stamp=stamp(one),
            )
            for one in services
        )
    ImportBefore.objects.bulk_create(
        ImportBefore(
            municipality_id=town,
            run=run,
            provider=one,
            before=providers[str(one.pk)],
            stamp=stamp(one),
        )
        for one in Provider.objects.filter(pk__in=providers)
    )


def _entry(service: Service, change: Change) -> dict[str, Any]:
    # A suggestion of topics may follow from another text, so these are always kept.
    names = {"topics", *change.names} - PARTS - {"source"}
    names |= {"status", "left_on"} if change.comes_back else set()
    columns = [COLUMNS.get(name, name) for name in names]
    found = {
        "stamp": stamp(service),
        "columns": {name: getattr(service, name) for name in columns},
        "extra": service.extra,
    }
    if "phones" in change.names:
        found["phones"] = [[phone.number, phone.note] for phone in service.phones.all()]
    if "schedules" in change.names:
        slots = service.schedules.all()
        found["schedules"] = [{name: getattr(one, name) for name in SCHEDULE} for one in slots]
    if "places" in change.names:
        found["places"] = [
            {"link": link.pk, "place": {name: getattr(link.place, name) for name in PLACE}}
            for link in service.serviceplace_set.all()
        ]
    return found


def in_parts(things: Iterable[Thing]) -> Iterator[Sequence[Thing]]:
    """Yield things some at a time."""
    rest = iter(things)
    while some := list(islice(rest, AT_A_TIME)):
        yield some
