"""Saying whether there is room, before anybody asks; and reserving a place that is counted."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from omzien.handovers.models import Handover, Room, Wait
from omzien.handovers.queries.rooms import free_of
from omzien.handovers.refusals import NoPlace, NotAllowed
from omzien.handovers.rules.states import TAKEN, Capacity, State
from omzien.handovers.rules.waiting import WaitState
from omzien.journal.actions import record
from omzien.kernel.text import one_line
from omzien.people.models import Team
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question


@transaction.atomic
def say_room(
    *,
    team: Team,
    capacity: Capacity,
    note: str,
    by: Actor,
    on: date,
    places: int | None = None,
    keeps_list: bool = False,
    first_rule: str = "",
) -> Room:
    """Say whether a team has room; nobody's name is in it.

    With `places`, how many are free today, they are counted from then on. Who may wait for one
    goes by the day, and before that by `first_rule`, if the team says one. Raises NotAllowed.
    """
    if by.team != team.pk or not by.may("contact.confirm"):
        raise NotAllowed
    list(Room.objects.select_for_update().filter(team=team).values_list("pk"))
    room, _ = Room.objects.update_or_create(
        team=team,
        defaults={
            "municipality_id": team.municipality_id,
            "capacity": capacity,
            "note": one_line(note, 200),
            "places": None if places is None else places + _held(team.pk),
            "keeps_list": keeps_list or capacity == Capacity.WAITING_LIST,
            "first_rule": one_line(first_rule, 300),
            "said_on": on,
        },
    )
    record(
        verb="say-room", subject="team", subject_id=team.pk, by=by.key,
        municipality=team.municipality_id, capacity=str(capacity), free=places,
    )  # fmt: skip
    return room


def reserve(team: UUID, *, on: date) -> None:
    """See that a place is free for who is accepted now, in the caller's transaction: of two who
    ask for the last place one waits here for the other. Raises NoPlace.
    """
    room = locked_room(team)
    if room is not None and free_of(room, on=on) == 0:
        raise NoPlace


def locked_room(team: UUID) -> Any:
    """Return what a team said about its room, locked, with the places that are `held` now."""
    room: Any = Room.objects.select_for_update().filter(team=team).first()
    if room is not None:  # counted after the lock: what another did meanwhile is seen
        room.held = _held(team)
    return room


def _held(team: UUID) -> int:
    """Return how many places of a team are reserved or taken now, also where none are counted."""
    reserved = Handover.objects.filter(to_team=team, state=State.ACCEPTED).count()
    came = Handover.objects.filter(question=OuterRef("pk"), to_team=team, state__in=TAKEN)
    return reserved + Question.objects.live().filter(Exists(came), team=team).count()


def promised_by(team: UUID) -> int:
    """Return how many places of a team are meant for who was called from its list, or offered."""
    meant = Q(called_at__isnull=False) | Q(state=WaitState.OFFERED)
    return Wait.objects.in_line().filter(meant, team=team).count()
