"""The room of a team: as it said, or as its places are counted. Nobody's name is in it."""

from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from omzien.handovers.models import Handover, Room, Wait
from omzien.handovers.rules.responsiveness import is_fresh
from omzien.handovers.rules.states import TAKEN, Capacity, State
from omzien.handovers.rules.waiting import room_now
from omzien.questions.models import Question


def counted(rooms: QuerySet[Room]) -> QuerySet[Room]:
    """Return rooms with `held`, the places that are reserved or taken, and `in_line`, the waits
    that free ones are meant for; both are 0 where nothing is counted.
    """
    reserved = Handover.objects.filter(to_team=OuterRef("team"), state=State.ACCEPTED)
    came = Handover.objects.filter(
        question=OuterRef("pk"), to_team=OuterRef("team"), state__in=TAKEN
    )
    taken = Question.objects.live().filter(Exists(came), team=OuterRef("team"))
    in_line = Wait.objects.in_line().filter(team=OuterRef("team"))
    return rooms.annotate(
        held=_where_counted(_number(reserved, "to_team") + _number(taken, "team")),
        in_line=_where_counted(_number(in_line, "team")),
    )


def _where_counted(number: Any) -> Any:
    return Case(When(places__isnull=False, then=number), default=0)


def _number(rows: QuerySet[Any], team: str) -> Any:
    counts = rows.order_by().values(team).annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(counts), 0)


def capacity_on(room: Any, *, on: date) -> Capacity:
    """Return what is known of the room of a team on a day; `room` comes from `counted`."""
    if room is None or not is_fresh(room.said_on, on=on):
        return Capacity.UNKNOWN
    return room_now(
        Capacity(room.capacity),
        places=room.places,
        held=room.held,
        in_line=room.in_line,
        keeps_list=room.has_list,
    )


def free_of(room: Any, *, on: date) -> int | None:
    """Return how many places are free, of a room of `counted`; None where nothing is counted."""
    if room is None or room.places is None or not is_fresh(room.said_on, on=on):
        return None
    free: int = room.places - room.held
    return max(free, 0)
