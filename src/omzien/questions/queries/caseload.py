"""How much live work a worker and a team have, weighed (rules/caseload.py)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from omzien.people.models import Membership, Team
from omzien.people.queries.covering import stand_ins
from omzien.people.rules.roles import Actor, Role, Scope
from omzien.questions.models import Question
from omzien.questions.rules.caseload import weight
from omzien.questions.rules.states import State

BY = ("state", "rung", "is_acute")


@dataclass(frozen=True)
class Load:
    """What one worker, the desk of a team, or a whole team has. `name` is empty for the desk.

    `persons` are the keys of whom it names.
    """

    name: str
    count: int
    weight: int
    role: str = ""
    membership: UUID | None = None
    is_away: bool = False
    cover: str = ""
    persons: tuple[UUID, ...] = ()


def load_of(membership: UUID) -> int:
    """Return the weight of the live questions that one person holds."""
    return _weigh(Question.objects.live().filter(holder=membership))[1]


def _weigh(rows: QuerySet[Question]) -> tuple[int, int]:
    groups = rows.order_by().values_list(*BY).annotate(n=Count("pk"))
    return _total(groups)


def _total(groups: Iterable[tuple[str, str, bool, int]]) -> tuple[int, int]:
    count = heavy = 0
    for state, rung, is_acute, n in groups:
        count += n
        heavy += n * weight(State(state), rung, is_acute=is_acute)
    return count, heavy


def loads_for(actor: Actor, *, on: date) -> list[Load]:
    """Return the load per person that `actor` may see: the own one, or that of the own team with
    its desk last. The coordinator sees everybody that works there, also who holds nothing.
    """
    reach = actor.may("caseload.read")
    if actor.team is None or not reach:
        return []
    people = Membership.objects.live(on=on).filter(team_id=actor.team)
    live = Question.objects.live().filter(team=actor.team)
    if Scope.TEAM not in reach:
        people = people.filter(person=actor.person, pk__in=[actor.membership])
        live = live.filter(holder=actor.membership)
    groups: dict[UUID | None, list[tuple[str, str, bool, int]]] = {}
    for holder, *group in live.order_by().values_list("holder", *BY).annotate(n=Count("pk")):
        groups.setdefault(holder, []).append(tuple(group))
    away = stand_ins(on=on)
    found = [
        _load(one, groups.pop(one.pk, []), away)
        for one in people.select_related("person").order_by("person__name", "pk")
    ]
    if Scope.TEAM in reach:  # what nobody holds, or somebody who left: it is the desk's
        rest = [group for left in groups.values() for group in left]
        found.append(Load("", *_total(rest)))
    return found


def _load(
    one: Membership,
    groups: list[tuple[str, str, bool, int]],
    away: dict[UUID, Membership | None],
) -> Load:
    stand_in = away.get(one.pk)
    named = (one.person, stand_in.person) if stand_in else (one.person,)
    return Load(
        one.person.name,
        *_total(groups),
        Role(one.role),
        one.pk,
        one.pk in away,
        stand_in.person.name if stand_in else "",
        tuple(person.pk for person in named),
    )


def totals_for(actor: Actor) -> list[Load]:
    """Return the load per team that `actor` may see: never a person's."""
    reach = actor.may("caseload.totals")
    teams = Team.objects.live().filter(municipality=actor.municipality)
    if Scope.FIGURES not in reach:
        teams = teams.filter(pk__in=[actor.team]) if Scope.TEAM in reach else teams.none()
    names = dict(teams.values_list("pk", "name"))
    groups: dict[UUID, list[tuple[str, str, bool, int]]] = {key: [] for key in names}
    live = Question.objects.live().filter(team__in=names)
    for team, *group in live.order_by().values_list("team", *BY).annotate(n=Count("pk")):
        groups[team].append(tuple(group))
    return [Load(name, *_total(groups[key])) for key, name in names.items()]


def colleagues(actor: Actor, *, on: date) -> QuerySet[Membership]:
    """Return who works in the own team now and can sign in, and so may hold a question."""
    visible = Membership.objects.visible_to(actor).at_work(on=on).filter(team=actor.team)
    return visible.select_related("person").order_by("person__name", "pk")
