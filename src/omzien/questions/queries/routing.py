"""The routes of a municipality, as rows; asked anew for each question, in two queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.journal.models import Fact
from omzien.people.models import Team
from omzien.people.models.organisations import TeamQuerySet
from omzien.people.queries.covering import stand_ins
from omzien.questions.models import Question, RouteProposal, RoutingRule
from omzien.questions.rules.routing import Routes, Rule, place_for

NOBODY = UUID(int=0)
MOST_CHANGES = 50
RECENT = timedelta(days=14)  # how long a change of the routes is told on a page


def routes_of(municipality: Municipality, *, default: UUID) -> Routes:
    """Return the routes of a municipality; `default` takes what no rule and no area team does.

    Rules of teams that ended, or in which nobody reads, do not count, and no more do the villages
    of such a team: nobody asks a question that reaches no one while somebody reads at the desk.
    """
    return _routes(municipality, read_teams(municipality), default=default)


def _routes(municipality: Municipality, teams: TeamQuerySet, *, default: UUID) -> Routes:
    area_teams = {}
    for team in teams.filter(organisation=None).order_by("-name"):
        area_teams.update(dict.fromkeys(team.villages, team.pk))
    return Routes(
        default=default,
        rules=tuple(_rule(one) for one in working_rules(municipality)),
        area_teams=area_teams,
    )


def working_rules(municipality: Municipality) -> list[RoutingRule]:
    """Return the rules that count, in their order: those to a team in which somebody reads."""
    rules = RoutingRule.objects.filter(municipality=municipality, team__in=read_teams(municipality))
    return list(rules.order_by("position"))


def read_teams(municipality: Municipality) -> TeamQuerySet:
    """Return the teams to which a route may lead: somebody there can sign in and read."""
    return Team.objects.live().filter(municipality=municipality).worked(on=timezone.localdate())


def routes_now(municipality: Municipality) -> Routes:
    """Return the routes as they are meant, also to area teams that nobody reads yet: by these is
    told who gets and who loses questions. Without a desk the rest goes to nobody.
    """
    teams = Team.objects.live().filter(municipality=municipality)
    desk = teams.filter(is_default=True).first()
    return _routes(municipality, teams, default=desk.pk if desk else NOBODY)


def _rule(row: RoutingRule) -> Rule:
    return Rule(
        row.team_id,
        frozenset(row.villages),
        frozenset(row.topics),
        frozenset(row.days),
        row.starts,
        row.ends,
    )


def teams_without_reader(municipality: str, *, on: date) -> list[Team]:
    """Return the teams of a municipality (CBS code) that should get questions, or have some, and
    in which nobody reads.

    Nobody who works on questions can sign in, and the team is named for it: as the desk, for its
    villages or by a rule; or it has work and no mailbox to which a link could go. New questions
    pass by all of these but the desk.
    """
    worked = Team.objects.worked(on=on).values("pk")
    return list(_expecting(municipality).exclude(pk__in=worked))


def teams_all_away(municipality: str, *, on: date) -> list[Team]:
    """Return the teams of a municipality (CBS code) that should get questions, or have some, and
    of which all who read are away that day. Who stands in from another team reads nothing there.

    New questions still come there: who is away comes back.
    """
    away = [*stand_ins(on=on)]
    if not away:
        return []
    there = Team.objects.worked(on=on, without=away).values("pk")
    return list(_expecting(municipality).worked(on=on).exclude(pk__in=there))


def _expecting(municipality: str) -> TeamQuerySet:
    """Return the teams to which questions are led, and those that have some and no mailbox."""
    rules = RoutingRule.objects.filter(team=OuterRef("pk"))
    routed = Q(is_default=True) | Q(organisation=None) | Q(Exists(rules))
    work = Q(Exists(Question.objects.live().filter(team=OuterRef("pk"))), email="")
    live = Team.objects.live().filter(municipality=municipality)
    return live.filter(routed | work).order_by("name")


@dataclass(frozen=True)
class Destination:
    """Where a question from one village goes at one moment; `topics` go elsewhere."""

    village: str
    team: Team
    is_default: bool
    topics: Mapping[Team, tuple[str, ...]]


def destinations(municipality: Municipality, *, at: datetime) -> list[Destination] | None:
    """Return for every village where its questions go at a moment; None without a default desk."""
    teams = Team.objects.live().filter(municipality=municipality).in_bulk()
    desk = next((one for one in teams.values() if one.is_default), None)
    if desk is None:
        return None
    routes = routes_of(municipality, default=desk.pk)
    named = sorted({topic for rule in routes.rules for topic in rule.topics})
    local = timezone.localtime(at)
    found = []
    for village in Village.objects.filter(municipality=municipality):
        usual = routes.team_for(village.pk, (), local)
        others: dict[Team, tuple[str, ...]] = {}
        for topic in named:
            team = teams[routes.team_for(village.pk, (topic,), local)]
            if team.pk != usual:
                others[team] = (*others.get(team, ()), topic)
        found.append(Destination(village.name, teams[usual], usual == desk.pk, others))
    return found


@dataclass(frozen=True)
class Effect:
    """What a yes to a proposal does.

    Nothing, as long as nobody in its team reads (`is_read`). `above` is the rule above which the
    new one stands (None: it is the last). It goes before the rules of `equals`, which are as
    precise, and after those of `narrower`.
    """

    is_so: bool
    is_read: bool
    above: UUID | None
    equals: tuple[Team, ...]
    narrower: tuple[Team, ...]


def effects_of(
    municipality: Municipality, proposals: Sequence[RouteProposal]
) -> dict[UUID, Effect]:
    """Return what a yes to each proposal would do now; only the rules that count are looked at."""
    teams = Team.objects.live().filter(municipality=municipality).in_bulk()
    desk = next((one for one in teams.values() if one.is_default), None)
    routes = routes_of(municipality, default=desk.pk) if desk else None
    rows = working_rules(municipality)
    rules = [_rule(row) for row in rows]
    read = set(read_teams(municipality).values_list("pk", flat=True)) if proposals else set()
    found = {}
    for one in proposals:
        new = Rule(one.team_id, frozenset(one.villages), frozenset(one.topics))
        place = place_for(new, rules)
        others = [rule for rule in rules if rule.meets(new) and rule.team != new.team]
        same = {rule.team: 1 for rule in others if rule.narrowness == new.narrowness}
        narrower = {rule.team: 1 for rule in others if rule.narrowness > new.narrowness}
        found[one.pk] = Effect(
            is_so=routes is not None and routes.changes_nothing(new),
            is_read=one.team_id in read,
            above=None if place is None else rows[place].pk,
            equals=tuple(teams[key] for key in same),
            narrower=tuple(teams[key] for key in narrower),
        )
    return found


def proposed_team(question: Question) -> Team | None:
    """Return the team to which the routes of now would lead a live question; None: it has it.

    A proposal and never more: who works on a question decides, by a handover. The moment of
    asking counts, so that an evening rule does not propose something else each morning.
    """
    if not question.is_live:
        return None
    teams = Team.objects.live().filter(municipality=question.municipality_id)
    desk = teams.filter(is_default=True).first()
    if desk is None:
        return None
    routes = routes_of(question.municipality, default=desk.pk)
    local = timezone.localtime(question.asked_at)
    wanted = routes.team_for(question.village_id, question.topics, local)
    return None if wanted == question.team_id else teams.get(pk=wanted)


@dataclass(frozen=True)
class RouteChange:
    """What somebody did to a rule (`verb` is add, move or remove) or to the villages of a team
    (area). `gets` and `loses` hold the teams that get other questions by it, maybe none.
    """

    at: datetime
    verb: str
    team: Team | None
    villages: tuple[str, ...]
    topics: tuple[str, ...]
    gets: frozenset[UUID]
    loses: frozenset[UUID]


def route_changes(
    municipality: str, *, now: datetime, team: UUID | None = None
) -> list[RouteChange]:
    """Return the latest changes of the routes, newest first; only those for `team` if it is given.

    `municipality` is a CBS code.
    """
    facts = Fact.objects.filter(
        municipality=municipality, subject="route", verb__in=["add", "move", "remove", "area"],
        at__gte=now - RECENT,
    )  # fmt: skip
    if team is not None:
        keys = [str(team)]
        facts = facts.filter(Q(details__gets__contains=keys) | Q(details__loses__contains=keys))
    found = list(facts.order_by("-at", "-pk")[:MOST_CHANGES])
    if not found:
        return []
    teams = {str(one.pk): one for one in Team.objects.filter(municipality=municipality)}
    rows = Village.objects.filter(municipality=municipality)
    names = dict(rows.values_list("pk", "name"))
    return [
        RouteChange(
            at=one.at,
            verb=one.verb,
            team=teams.get(one.details.get("team", "")),
            villages=tuple(names[key] for key in one.details.get("villages", ()) if key in names),
            topics=tuple(one.details.get("topics", ())),
            gets=frozenset(map(UUID, one.details.get("gets", ()))),
            loses=frozenset(map(UUID, one.details.get("loses", ()))),
        )
        for one in found
    ]
