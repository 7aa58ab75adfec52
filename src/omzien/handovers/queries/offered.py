"""What other teams ask of a team: take over, work along, give advice, or talk together."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan
from django.utils import timezone

from omzien.handovers.models import Consult, Handover, Involvement
from omzien.handovers.models.along import knows_whose
from omzien.handovers.rules.along import OPEN_CONSULT, AlongState
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.models import Discussion

MOST = 100  # of each


class What(StrEnum):
    """What is asked."""

    OFFERED = "offered"  # take over: say yes or no
    ACCEPTED = "accepted"  # taken over: talk with the resident
    ALONG = "along"
    ADVICE = "advice"
    DISCUSSION = "discussion"


@dataclass(frozen=True)
class Asked:
    """One thing that is asked of a team. `key` is of its page: for ALONG that of the question,
    and None for who may not open that.

    Nothing here names a person; the number of a question tells which of some it is.
    """

    what: What
    key: UUID | None
    by: str  # the team that asks
    since: datetime  # when it did
    day: date | None
    village: str = ""
    is_urgent: bool = False
    at: datetime | None = None  # of a discussion
    number: str = ""  # of the question that is offered, and whose it is
    person: UUID | None = None


def asked_of(actor: Actor, *, on: date) -> list[Asked]:
    """Return what is asked of the team of `actor`, the first to answer first, and of one day what
    was asked first: one query each.
    """
    if actor.team is None:
        return []
    found = [*_offered(actor), *_along(actor), *_advice(actor), *_discussions(actor, on)]
    return sorted(found, key=lambda one: (one.day or on, one.since, str(one.key)))


def _offered(actor: Actor) -> list[Asked]:
    if Scope.TEAM not in actor.may("handover.answer"):
        return []
    rows = Handover.objects.visible_to(actor).open().filter(to_team=actor.team)
    rows = rows.select_related("from_team", "question__village").order_by(
        "due_on", "offered_at", "pk"
    )
    return [
        Asked(What(one.state), one.pk, one.from_team.name, one.offered_at, one.due_on,
              one.question.village.name, one.is_urgent, number=one.question.reference,
              person=one.question.person_id)
        for one in rows[:MOST]
    ]  # fmt: skip


def _along(actor: Actor) -> list[Asked]:
    rows = Involvement.objects.of_team(actor).filter(state=AlongState.ASKED)
    names = ("question_id", "question__team__name", "asked_at", "due_on", "question__village__name")
    found = _first(rows, *names)
    opens = knows_whose(actor)
    return [Asked(What.ALONG, key if opens else None, *one) for key, *one in found]


def _advice(actor: Actor) -> list[Asked]:
    rows = Consult.objects.visible_to(actor).filter(to_team=actor.team, state__in=OPEN_CONSULT)
    names = ("pk", "from_team__name", "asked_at", "due_on")
    return [Asked(What.ADVICE, *one) for one in _first(rows, *names)]


def _discussions(actor: Actor, on: date) -> list[Asked]:
    coming = Discussion.objects.visible_to(actor).filter(teams__team=actor.team, at__date__gte=on)
    others = coming.exclude(team=actor.team).filter(cancelled_at=None)
    rows = others.order_by("at", "pk").values_list("pk", "team__name", "made_at", "at")[:MOST]
    return [
        Asked(What.DISCUSSION, key, team, made, timezone.localdate(at), at=at)
        for key, team, made, at in rows
    ]


def joined_by(
    actor: Actor, *, village: str = "", after: tuple[datetime, UUID] | None = None, size: int = MOST
) -> list[Involvement]:
    """Return the parts that the team of `actor` does for questions of other teams, in the order
    in which it said yes (1 query): of one village (a slug), after one of them, at most `size`.
    With the person only for who may know whose they are.
    """
    rows = _joined(actor, village)
    if after is not None:
        rows = rows.filter(TupleGreaterThan((F("answered_at"), F("pk")), after))
    rows = rows.select_related("question__team", "question__village")
    if knows_whose(actor):
        rows = rows.select_related("question__person")
    return list(rows.defer("question__story").order_by("answered_at", "pk")[:size])


def count_joined(actor: Actor) -> int:
    """Return how many parts that are, up to a hundred (1 query)."""
    return len(_joined(actor).order_by().values_list("pk", flat=True)[:MOST])


def _joined(actor: Actor, village: str = "") -> QuerySet[Involvement]:
    rows = Involvement.objects.of_team(actor).filter(state=AlongState.ALONG)
    return rows.filter(question__village__slug=village) if village else rows


def _first(rows: QuerySet[Any], *names: str) -> list[tuple[Any, ...]]:
    return list(rows.order_by("due_on", "asked_at", "pk").values_list(*names)[:MOST])
