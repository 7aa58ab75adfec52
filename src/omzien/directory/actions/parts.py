"""The parts of an entry: its times, places and telephone numbers, each replaced as a whole."""

from collections.abc import Sequence

from omzien.directory.actions.entries import schedules_of
from omzien.directory.importing.rows import Slot
from omzien.directory.models import Phone, Place, Schedule, Service, ServicePlace
from omzien.kernel.text import fold


def set_times(service: Service, slots: Sequence[Slot]) -> None:
    """Replace the times of an entry, inside the caller's transaction."""
    service.schedules.all().delete()
    Schedule.objects.bulk_create(schedules_of(service, slots))


def set_place(
    service: Service, *, name: str, street: str, postcode: str, town: str, is_hidden: bool
) -> None:
    """Replace the first place of an entry, inside the caller's transaction; empty takes it away.

    Others may be at the same place, so theirs is not touched.
    """
    old = service.places.first()
    given = {
        "name": name, "street": street, "postcode": postcode, "town": town, "is_hidden": is_hidden
    }  # fmt: skip
    if old and all(getattr(old, field) == value for field, value in given.items()):
        return
    if old:
        ServicePlace.objects.filter(service=service, place=old).delete()
    if any((name, street, postcode, town)):
        is_there = old is not None and (old.street, old.postcode, old.town) == (
            street, postcode, town
        )  # fmt: skip
        villages = service.municipality.villages.all() if service.municipality else ()
        place = Place.objects.create(
            municipality_id=service.municipality_id,
            village=next((one for one in villages if fold(one.name) == fold(town)), None),
            lat=old.lat if old and is_there else None,
            lon=old.lon if old and is_there else None,
            wheelchair=old.wheelchair if old and is_there else None,
            **given,
        )
        ServicePlace.objects.create(
            municipality_id=service.municipality_id, service=service, place=place
        )
    if old and not old.services.exists():
        old.delete()


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
