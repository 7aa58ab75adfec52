"""Taking an import back: what is new goes off the site, what changed is again as it was.

What somebody changed since is left alone and named. See `before.py` for what is kept.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import F, Func, JSONField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast

from omzien.areas.models import Village
from omzien.directory.actions.entries import next_version, reindex
from omzien.directory.actions.importing.before import PLACE, in_parts
from omzien.directory.actions.importing.copying import Staging
from omzien.directory.actions.importing.plan import AT_A_TIME
from omzien.directory.actions.importing.report import MOST_MENTIONS
from omzien.directory.actions.importing.run import one_at_a_time
from omzien.directory.importing.rows import BACK, Progress
from omzien.directory.models import (
    ImportBefore,
    ImportRun,
    Phone,
    Place,
    Provider,
    Schedule,
    SearchTokens,
    Service,
    ServicePlace,
)
from omzien.directory.queries.import_files import TakenBack, added_by, stamp, what_goes_back
from omzien.journal.actions import record
from omzien.kernel.text import sort_key

OF_WORDS = ("title", "provider_id", "description", "keywords", "audience", "eligibility", "topics")
COLUMNS = {field.attname: field for field in Service._meta.concrete_fields}


@transaction.atomic
def take_back(*, run: ImportRun, on: date, by: str, progress: Progress | None = None) -> TakenBack:
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
    _take_off(_keys(found.off), on)
    rows = ImportBefore.objects.filter(pk__in=_keys(found.back))
    of_providers = rows.exclude(provider=None)
    refilled, renamed = _refill(of_providers.exclude(before={}).select_related("provider"))
    of_entries = rows.exclude(service=None).select_related("service")
    villages = set(Village.objects.values_list("pk", flat=True))
    reworded: list[uuid.UUID] = []
    done = len(found.off)
    for some in in_parts(of_entries.iterator(chunk_size=AT_A_TIME)):
        reworded += _restore(some, villages)
        done += len(some)
        if progress:
            progress(BACK, done)
    made = of_providers.filter(before={}).values("provider")
    Provider.objects.filter(pk__in=made, services=None).delete()
    restored = list(of_entries.values_list("service_id", flat=True))
    touched = Q(provider__in=refilled) | Q(pk__in=[*_keys(found.off), *restored])
    _show(Service.objects.filter(touched), reworded, renamed)
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
        "off_again": found.off_again,
        "kept": [one.title for one in found.kept[:MOST_MENTIONS]],
    }


def _keys(things: Iterable[Model]) -> list[Any]:
    return [thing.pk for thing in things]


def _lock(run: ImportRun) -> None:
    changed = ImportBefore.objects.filter(run=run).exclude(service=None).values("service")
    theirs = Q(pk__in=changed) | Q(pk__in=added_by(run).order_by().values("pk"))
    locked = Service.objects.select_for_update(of=("self",)).filter(theirs).order_by("pk")
    list(locked.values_list("pk", flat=True))


def _take_off(keys: Sequence[uuid.UUID], on: date) -> None:
    """Take new entries off the site; each remembers with which import it went."""
    went = Func(
        F("extra"), Value("{import,taken_back}"), Cast(Value(f'"{on.isoformat()}"'), JSONField()),
        function="jsonb_set", output_field=JSONField(),
    )  # fmt: skip
    gone = Service.Status.WITHDRAWN
    Service.objects.filter(pk__in=keys).update(status=gone, left_on=on, extra=went)


def _show(touched: QuerySet[Service], reworded: list[uuid.UUID], renamed: list[uuid.UUID]) -> None:
    """Let every process see what was touched; only where words changed these are analysed anew."""
    first = touched.first()
    if first is None:
        return
    version = next_version(first.municipality_id)
    SearchTokens.objects.filter(service__in=touched.values("pk")).update(version=version)
    anew = Service.objects.filter(Q(pk__in=reworded) | Q(provider__in=renamed))
    for services in in_parts(anew.select_related("provider").iterator(chunk_size=AT_A_TIME)):
        reindex(services)


def _refill(rows: Iterable[ImportBefore]) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Give providers back what they said before; return them, and those that get another name."""
    providers, renamed = [], []
    for row in rows:
        provider, before = row.provider, row.before
        assert provider is not None
        assert before is not None
        if before.get("name", provider.name) != provider.name:
            renamed.append(provider.pk)
        for name, value in before.items():
            setattr(provider, name, value)
        provider.sort_name = sort_key(provider.name)
        providers.append(provider)
    _write(Provider, providers)
    return [one.pk for one in providers], renamed


def _write(model: type[Model], things: Iterable[Model]) -> None:
    """Write rows that are there already, all at once; each gets the time of change."""
    staging = Staging(model, conflict="id", keep=["created_at"])
    staging.add(things)
    staging.finish()


def _restore(rows: Sequence[ImportBefore], villages: Collection[int]) -> list[uuid.UUID]:
    """Give entries back what the import changed; return those that read otherwise now."""
    services, reworded = [], []
    for row in rows:
        service, before = row.service, row.before
        assert service is not None
        assert before is not None
        read = _read(service)
        for name, value in before["columns"].items():
            setattr(service, name, COLUMNS[name].to_python(value))
        service.sort_title = sort_key(service.title)
        service.extra = before["extra"]
        if service.village_id not in villages:
            service.village_id = None
        services.append(service)
        if _read(service) != read:
            reworded.append(service.pk)
    _write(Service, services)
    _replace(Phone, rows, "phones", _phone)
    _replace(Schedule, rows, "schedules", _slot)
    _put_places([row for row in rows if row.before and "places" in row.before], villages)
    _let_earlier_go_back(rows)
    return reworded


def _read(service: Service) -> tuple[Any, ...]:
    """Return all by which a search finds an entry."""
    suggested = "topics" in service.extra.get("suggested", ())
    return (*(getattr(service, name) for name in OF_WORDS), suggested)


def _replace(
    model: type[Model],
    rows: Sequence[ImportBefore],
    part: str,
    make: Callable[[Any, int], dict[str, Any]],
) -> None:
    """Replace one part of the entries that had it changed; in a few statements for all."""
    mine = [row for row in rows if row.before and part in row.before]
    model._base_manager.filter(service__in=[row.service_id for row in mine]).delete()
    staging = Staging(model)
    staging.add(
        model(municipality_id=row.municipality_id, service_id=row.service_id, **make(one, position))
        for row in mine
        for position, one in enumerate((row.before or {})[part])
    )
    staging.finish()


def _phone(given: Sequence[str], position: int) -> dict[str, Any]:
    return {"number": given[0], "note": given[1], "position": position}


def _slot(given: Mapping[str, Any], _position: int) -> dict[str, Any]:
    times = {name: time.fromisoformat(given[name]) for name in ("starts", "ends")}
    lists = {name: [date.fromisoformat(day) for day in given[name]]
             for name in ("except_on", "also_on")}  # fmt: skip
    return {**given, **times, **lists, "first_on": date.fromisoformat(given["first_on"])}


def _put_places(rows: Sequence[ImportBefore], villages: Collection[int]) -> None:
    """Link entries to the places that they had; where others are too, a place stays as it is."""
    theirs = ServicePlace.objects.filter(service__in=[row.service_id for row in rows])
    left = set(theirs.values_list("place_id", flat=True))
    theirs.delete()
    places, links = {}, []
    for row in rows:
        for one in (row.before or {})["places"]:
            values = {**one["place"], "municipality_id": row.municipality_id}
            values["id"] = uuid.UUID(values["id"])
            if values["village_id"] not in villages:
                values["village_id"] = None
            places[values["id"]] = Place(**values)
            town, at = row.municipality_id, values["id"]
            link = ServicePlace(
                pk=one["link"], municipality_id=town, service=row.service, place_id=at
            )
            links.append(link)
    used = ServicePlace.objects.filter(place__in=places).values_list("place_id", flat=True)
    free = [place for key, place in places.items() if key not in set(used)]
    names = [name for name in PLACE if name != "id"]
    Place.objects.bulk_create(
        free, update_conflicts=True, unique_fields=["id"], update_fields=names
    )
    ServicePlace.objects.bulk_create(links)
    Place.objects.filter(pk__in=left - places.keys(), services=None).delete()


def _let_earlier_go_back(rows: Sequence[ImportBefore]) -> None:
    """Let an earlier import be taken back after this one: it left the entries as they are again."""
    by_service = {row.service_id: row for row in rows}
    earlier = ImportBefore.objects.filter(service__in=by_service).defer("before")
    again = []
    for one in earlier.exclude(run__in={row.run_id for row in rows}):
        row = by_service[one.service_id]
        if row.service and row.before and one.stamp == row.before["stamp"]:
            one.stamp = stamp(row.service)
            again.append(one)
    ImportBefore.objects.bulk_update(again, ["stamp"], batch_size=AT_A_TIME)
