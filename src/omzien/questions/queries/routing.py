"""The routes of a municipality, as rows; asked anew for each question, in two queries."""

from uuid import UUID

from omzien.areas.models import Municipality
from omzien.people.models import Team
from omzien.questions.models import RoutingRule
from omzien.questions.rules.routing import Routes, Rule


def routes_of(municipality: Municipality, *, default: UUID) -> Routes:
    """Return the routes of a municipality; `default` takes what no rule and no area team does.

    Rules of archived teams do not count.
    """
    teams = list(Team.objects.live().filter(municipality=municipality).order_by("name"))
    area_teams = {}
    for team in reversed([one for one in teams if one.organisation_id is None]):
        area_teams.update(dict.fromkeys(team.villages, team.pk))
    live = {team.pk for team in teams}
    rules = RoutingRule.objects.filter(municipality=municipality).order_by("position")
    return Routes(
        default=default,
        rules=tuple(_rule(one) for one in rules if one.team_id in live),
        area_teams=area_teams,
    )


def _rule(row: RoutingRule) -> Rule:
    return Rule(
        row.team_id,
        frozenset(row.villages),
        frozenset(row.topics),
        frozenset(row.days),
        row.starts,
        row.ends,
    )
