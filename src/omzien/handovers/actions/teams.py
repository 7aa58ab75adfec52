"""Changing a team, which may be the one on duty, and ending it when it owns nothing that lives."""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from omzien.areas.actions.choices import keep_chosen, locked
from omzien.handovers.models import Consult, Handover, Involvement
from omzien.handovers.rules.along import OPEN_CONSULT
from omzien.people.actions import teams
from omzien.people.models import Team
from omzien.people.rules.roles import Actor
from omzien.questions.models import EarlySignal, Objection, Question, RoutingRule, Signal
from omzien.questions.queries.duty import duty_team_of
from omzien.questions.refusals import TeamOwnsWork

MOST = 50
NAMED = ("duty_team", "mediation_team")  # settings that name a team


@transaction.atomic
def change_team(*, team: Team, by: Actor, **wanted: Any) -> Team:
    """Change a team; the one on duty, or the one that mediates, stays so under another name.

    Takes and raises what people/actions/teams.py does.
    """
    town = locked(team.municipality_id)
    before = Team.objects.get(pk=team.pk).name.casefold()
    named = [code for code in NAMED if town.settings.get(code, "").casefold() == before]
    changed = teams.change_team(team=team, by=by, **wanted)
    if named:
        chosen = dict.fromkeys(named, changed.name)
        keep_chosen(town, chosen, by=by.key, role=by.role, how="team")
    return changed


@transaction.atomic
def archive_team(*, team: Team, by: Actor) -> Team:
    """Let a team end. Raises TeamOwnsWork with a list, and what people/actions/teams.py raises."""
    row = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    if found := work_of(row):
        raise TeamOwnsWork(found)
    return teams.archive_team(team=row, by=by)


def work_of(team: Team) -> list[tuple[str, str]]:
    """Return what keeps a team from ending: (kind, reference), at most `MOST` of each kind."""
    questions = Question.objects.live().filter(team=team)
    ours = Q(from_team=team) | Q(to_team=team)
    handovers = Handover.objects.open().filter(ours).select_related("question")
    routes = RoutingRule.objects.filter(team=team)
    signals = Signal.objects.open().filter(team=team)
    early = EarlySignal.objects.open().filter(team=team)
    objections = Objection.objects.open().filter(team=team).select_related("question")
    duty = duty_team_of(team.municipality_id)
    along = Involvement.objects.open().filter(team=team).select_related("question")
    advice = Consult.objects.filter(to_team=team, state__in=OPEN_CONSULT).select_related("question")
    return [
        *(("question", one.reference) for one in questions[:MOST]),
        *(("handover", one.question.reference) for one in handovers[:MOST]),
        *(("along", one.question.reference) for one in along[:MOST]),
        *(("advice", one.question.reference) for one in advice[:MOST]),
        *(("route", str(one.position)) for one in routes[:MOST]),
        *(
            ("signal", date_format(timezone.localdate(one.received_at), "j F Y"))
            for one in signals[:MOST]
        ),
        *(("early-signal", date_format(one.offer_by, "j F Y")) for one in early[:MOST]),
        *(("objection", one.question.reference) for one in objections[:MOST]),
        *(("mediation", one) for one in _mediations(team)[:MOST]),
        *([("duty", team.name)] if duty == team else []),
    ]


def _mediations(team: Team) -> QuerySet[Any, str]:
    """Return the numbers of cases of mediation that run; a room beside this one, so by name."""
    cases = apps.get_model("mediation", "Case")._default_manager
    return cases.filter(team=team, ended_at=None).values_list("reference", flat=True)
