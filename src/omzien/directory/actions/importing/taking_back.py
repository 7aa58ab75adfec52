"""Taking an import back: what is new goes off the site, what changed is again as it was.

What somebody changed since is left alone and named. See `before.py` for what is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import Model, Q

from omzien.areas.models import Village
from omzien.directory.actions.entries import reindex
from omzien.directory.actions.importing.plan import AT_A_TIME
from omzien.directory.actions.importing.report import MOST_MENTIONS
from omzien.directory.actions.importing.run import one_at_a_time
from omzien.directory.actions.parts import drop_unused, set_phones
from omzien.directory.models import (
    ImportBefore,
    ImportRun,
    Place,
    Schedule,
    Service,
    ServicePlace,
)
from omzien.directory.queries.import_files import TakenBack, added_by, stamp, what_goes_back
from omzien.journal.actions import record
from omzien.kernel.text import sort_key

COLUMNS = {field.attname: field for field in Service._meta.concrete_fields}


@transaction.atomic
def take_back(*, run: ImportRun, on: date, by: str) -> TakenBack:
    """Take a whole import back, and return what went, what came back and what stays.

    Twice is once. A new entry that goes may come again with a mended file; an editor can put it
    back too. What was before is forgotten with this.
    """
    assert run.municipality is not None
    one_at_a_time(run.municipality)
    if ImportRun.objects.get(pk=run.pk).state == ImportRun.State.TAKEN_BACK:
        return TakenBack()
    _lock(run)
    found = what_goes_back(run)
    off = list(Service.objects.select_related("provider").filter(pk__in=_keys(found.off)))
    _take_off(off, on)
    rows = ImportBefore.objects.filter(pk__in=_keys(found.back))
    of_providers = rows.exclude(provider=None).select_related("provider")
    providers = [row.provider for row in of_providers if _refilled(row)]
    of_entries = rows.exclude(service=None).select_related("service")
    restored = [_restored(row) for row in of_entries.iterator(chunk_size=AT_A_TIME)]
    for row in of_providers.filter(before={}):
        if row.provider and not row.provider.services.exists():
            row.provider.delete()
    moved = Service.objects.select_related("provider").filter(provider__in=providers)
    reindex({one.pk: one for one in (*off, *restored, *moved)}.values())
    ImportBefore.objects.filter(run=run).delete()
    report = {**run.report, "taken_back": _told(found, on)}
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.TAKEN_BACK, report=report)
    record(
        verb="take-back",
        subject="import-run",
        subject_id=run.pk,
        by=by,
        municipality=run.municipality_id,
        off=len(found.off),
        back=len(restored),
        kept=len(found.kept),
    )
    return found


def _told(found: TakenBack, on: date) -> dict[str, Any]:
    return {
        "on": on.isoformat(),
        "off": len(found.off),
        "back": found.entries_back,
        "kept": [one.title for one in found.kept[:MOST_MENTIONS]],
    }


def _keys(things: Iterable[Model]) -> list[Any]:
    return [thing.pk for thing in things]


def _lock(run: ImportRun) -> None:
    changed = ImportBefore.objects.filter(run=run).exclude(service=None).values("service")
    theirs = Q(pk__in=changed) | Q(pk__in=added_by(run).order_by().values("pk"))
    list(Service.objects.select_for_update(of=("self",)).filter(theirs).order_by("pk"))


def _take_off(services: Sequence[Service], on: date) -> None:
    for one in services:
        one.status, one.left_on = Service.Status.WITHDRAWN, on
        origin = {**one.extra["import"], "taken_back": on.isoformat()}
        one.extra = {**one.extra, "import": origin}
    Service.objects.bulk_update(services, ["status", "left_on", "extra"], batch_size=500)


def _refilled(row: ImportBefore) -> bool:
    """Give a provider back what it said before; tell whether there was anything."""
    if row.provider is None or not row.before:
        return False
    for name, value in row.before.items():
        setattr(row.provider, name, value)
    row.provider.sort_name = sort_key(row.provider.name)
    row.provider.save()
    return True


def _restored(row: ImportBefore) -> Service:
    """Give an entry back what the import changed."""
    service, before = row.service, row.before
    assert service is not None
    assert before is not None
    for name, value in before["columns"].items():
        setattr(service, name, COLUMNS[name].to_python(value))
    service.sort_title = sort_key(service.title)
    service.extra = before["extra"]
    service.village_id = _village(service.village_id)
    service.save()
    if "phones" in before:
        set_phones(service, before["phones"])
    if "schedules" in before:
        service.schedules.all().delete()
        Schedule.objects.bulk_create(_slot(service, one) for one in before["schedules"])
    if "places" in before:
        _put_places(service, before["places"])
    # An earlier import can be taken back after this one: it left the entry as it is again.
    earlier = ImportBefore.objects.filter(service=service, stamp=before["stamp"])
    earlier.exclude(run=row.run_id).update(stamp=stamp(service))
    # The provider may have got its own back a moment ago.
    return Service.objects.select_related("provider").get(pk=service.pk)


def _village(key: int | None) -> int | None:
    """Return the key of a village that is still there."""
    return key if key and Village.objects.filter(pk=key).exists() else None


def _slot(service: Service, values: Mapping[str, Any]) -> Schedule:
    days = {name: date.fromisoformat(values[name]) for name in ("first_on",)}
    lists = {name: [date.fromisoformat(day) for day in values[name]]
             for name in ("except_on", "also_on")}  # fmt: skip
    times = {name: time.fromisoformat(values[name]) for name in ("starts", "ends")}
    row = {**values, **days, **lists, **times}
    return Schedule(municipality_id=service.municipality_id, service=service, **row)


def _put_places(service: Service, given: Sequence[Mapping[str, Any]]) -> None:
    """Link an entry to the places that it had; where others are too, a place stays as it is."""
    now = list(service.places.all())
    ServicePlace.objects.filter(service=service).delete()
    for one in given:
        values = {**one["place"], "municipality_id": service.municipality_id}
        values["village_id"] = _village(values["village_id"])
        place = Place.objects.filter(pk=values["id"]).first()
        if place is None or not place.services.exists():
            place = Place(**values)
            place.save()
        ServicePlace.objects.create(
            pk=one["link"], municipality_id=service.municipality_id, service=service, place=place
        )
    for place in now:
        drop_unused(place)
