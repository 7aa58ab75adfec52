"""The parts of an entry: its times, places and telephone numbers, each replaced as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from omzien.areas.models import Village
from omzien.directory.actions.entries import schedules_of
from omzien.directory.importing.rows import Slot
from omzien.directory.models import Phone, Place, Schedule, Service, ServicePlace
from omzien.kernel.text import fold

WHERE = ("name", "street", "postcode", "town")
PLACE_FIELDS = (*WHERE, "is_hidden")


def set_times(service: Service, slots: Sequence[Slot]) -> None:
    """Replace the times of an entry, inside the caller's transaction."""
    service.schedules.all().delete()
    Schedule.objects.bulk_create(schedules_of(service, slots))


def set_places(service: Service, given: Sequence[Mapping[str, Any]]) -> None:
    """Replace the places of an entry, inside the caller's transaction.

    Each holds PLACE_FIELDS, with `key` the place that it was (None for a new one) and `village`
    the one that was chosen (None: the one that the town names). What says nothing is left out,
    and what is not among them goes. Others may be at the same place, so a changed one is a new
    row and theirs is not touched.
    """
    here = {place.pk: place for place in service.places.all()}
    for one in given:
        if any(one[field] for field in WHERE):
            key = one.get("key")
            _put_place(service, here.pop(key, None) if key else None, one)
    for left in here.values():
        _leave_place(service, left)


def _put_place(service: Service, old: Place | None, given: Mapping[str, Any]) -> None:
    values = {field: given[field] for field in PLACE_FIELDS}
    values["village"] = _village(service, old, given)
    if old and all(getattr(old, field) == value for field, value in values.items()):
        return
    is_there = old is not None and all(
        getattr(old, field) == given[field] for field in ("street", "postcode", "town")
    )
    place = Place.objects.create(
        municipality_id=service.municipality_id,
        lat=old.lat if old and is_there else None,
        lon=old.lon if old and is_there else None,
        wheelchair=old.wheelchair if old and is_there else None,
        **values,
    )
    if old:
        _leave_place(service, old)
    ServicePlace.objects.create(
        municipality_id=service.municipality_id, service=service, place=place
    )


def _village(service: Service, old: Place | None, given: Mapping[str, Any]) -> Village | None:
    """Return the chosen village; what was chosen for another town does not count any more."""
    chosen: Village | None = given.get("village")
    has_moved = old is not None and old.town != given["town"] and old.village == chosen
    if chosen and not has_moved:
        return chosen
    villages = service.municipality.villages.all() if service.municipality else ()
    return next((one for one in villages if fold(one.name) == fold(given["town"])), None)


def _leave_place(service: Service, place: Place) -> None:
    ServicePlace.objects.filter(service=service, place=place).delete()
    drop_unused(place)


def drop_unused(place: Place) -> None:
    """Remove a place where nothing is any more."""
    if not place.services.exists():
        place.delete()


def set_phones(service: Service, phones: list[list[str]]) -> None:
    """Replace the telephone numbers of an entry, inside the caller's transaction."""
    service.phones.all().delete()
    Phone.objects.bulk_create(
        Phone(
            municipality_id=service.municipality_id,
            service=service,
            number=number,
            note=note,
            position=position,
        )
        for position, (number, note) in enumerate(phones)
    )
