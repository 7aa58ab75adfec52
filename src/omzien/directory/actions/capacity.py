"""Saying whether there is room."""

from datetime import date

from django.db import transaction

from omzien.directory.actions.entries import Refused
from omzien.directory.models import Capacity, Service
from omzien.directory.rules import Capacity as Room
from omzien.journal.actions import record
from omzien.kernel.text import one_line
from omzien.people.rules.roles import Actor


class NotKept(Refused):
    """Only who keeps an entry of this municipality says whether there is room."""


@transaction.atomic
def say_capacity(
    *, service: Service, value: Room, by: Actor, on: date, explanation: str | None = None
) -> Capacity:
    """Note whether there is room, as of today; what was explained before stays unless said anew.

    Raises NotKept.
    """
    row = Service.objects.kept_by(by).select_for_update(of=("self",)).filter(pk=service.pk).first()
    if row is None or row.municipality_id is None or value == Room.UNKNOWN:
        raise NotKept
    fields: dict[str, object] = {"value": value, "as_of": on}
    if explanation is not None:
        fields["explanation"] = one_line(explanation, 200)
    room, _made = Capacity.objects.update_or_create(
        service=row, defaults=fields, create_defaults=fields | {"municipality": row.municipality}
    )
    record(
        verb="say-capacity",
        subject="service",
        subject_id=row.pk,
        by=by.key,
        municipality=row.municipality_id,
        rung=row.rung,
        value=str(value),
    )
    return room
