"""Saying whether there is room, before anybody asks."""

from datetime import date

from django.db import transaction

from omzien.handovers.models import Room
from omzien.handovers.refusals import NotAllowed
from omzien.handovers.rules.states import Capacity
from omzien.journal.actions import record
from omzien.kernel.text import one_line
from omzien.people.models import Team
from omzien.people.rules.roles import Actor


@transaction.atomic
def say_room(*, team: Team, capacity: Capacity, note: str, by: Actor, on: date) -> Room:
    """Say whether a team has room; nobody's name is in it. Raises NotAllowed."""
    if by.team != team.pk or not by.may("contact.confirm"):
        raise NotAllowed
    room, _ = Room.objects.update_or_create(
        team=team,
        defaults={
            "municipality_id": team.municipality_id,
            "capacity": capacity,
            "note": one_line(note, 200),
            "said_on": on,
        },
    )
    record(
        verb="say-room", subject="team", subject_id=team.pk, by=by.key,
        municipality=team.municipality_id, capacity=str(capacity),
    )  # fmt: skip
    return room
