"""Forming and changing a team, and ending it when it owns nothing that lives.

Who gets or loses questions by it hears that, as with a route.
"""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from omzien.areas.actions.choices import keep_chosen, locked
from omzien.areas.models import Municipality
from omzien.handovers.models import Consult, Handover, Involvement, Wait
from omzien.handovers.rules.along import OPEN_CONSULT
from omzien.people.actions import teams
from omzien.people.models import Team
from omzien.people.rules.roles import Actor
from omzien.questions.actions.discussing import call_off_all_of
from omzien.questions.actions.routes import lock_routes, note_area
from omzien.questions.models import EarlySignal, Objection, Question, RoutingRule, Signal
from omzien.questions.queries.duty import duty_team_of
from omzien.questions.queries.routing import routes_now
from omzien.questions.refusals import TeamOwnsWork

MOST = 50
NAMED = ("duty_team", "mediation_team")  # settings that name a team


@transaction.atomic
def form_team(
    *, municipality: Municipality, by: Actor, is_default: bool = False, **wanted: Any
) -> Team:
    """Form a team. Takes and raises what people/actions/teams.py does."""
    lock_routes(municipality)
    before = routes_now(municipality)
    team = teams.form_team(municipality=municipality, by=by, is_default=is_default, **wanted)
    # A default desk takes the rest, wherever that is from.
    note_area(team, [] if is_default else team.villages, by, before=before)
    return team


@transaction.atomic
def change_team(*, team: Team, by: Actor, **wanted: Any) -> Team:
    """Change a team; the one on duty, or the one that mediates, stays so under another name, and
    who gets or loses the questions of villages by it hears it.

    Takes and raises what people/actions/teams.py does.
    """
    town = locked(team.municipality_id)
    name = Team.objects.get(pk=team.pk).name.casefold()
    named = [code for code in NAMED if town.settings.get(code, "").casefold() == name]
    had, before = set(team.villages), routes_now(town)
    changed = teams.change_team(team=team, by=by, **wanted)
    moved = had ^ set(changed.villages)
    note_area(changed, moved or had, by, before=before)  # of two teams the first by name has it
    if named:
        chosen = dict.fromkeys(named, changed.name)
        keep_chosen(town, chosen, by=by.key, role=by.role, how="team")
    return changed


@transaction.atomic
def archive_team(*, team: Team, by: Actor) -> Team:
    """Let a team end, and be off what it planned without a name: who is invited hears that.

    Raises TeamOwnsWork with a list, and what people/actions/teams.py raises.
    """
    lock_routes(team.municipality)
    row = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    if found := work_of(row):
        raise TeamOwnsWork(found)
    before = routes_now(row.municipality)
    ended = teams.archive_team(team=row, by=by)
    call_off_all_of(ended, by=by, now=timezone.now())
    note_area(ended, ended.villages, by, before=before)
    return ended


def work_of(team: Team) -> list[tuple[str, str]]:
    """Return what keeps a team from ending: (kind, reference), at most `MOST` of each kind."""
    questions = Question.objects.live().filter(team=team)
    ours = Q(from_team=team) | Q(to_team=team)
    handovers = Handover.objects.open().filter(ours).select_related("question")
    routes = RoutingRule.objects.filter(team=team)
    worries = Signal.objects.filter(team=team)
    signals = (("signal", worries.open()), ("untold", worries.untold()))
    early = EarlySignal.objects.open().filter(team=team)
    objections = Objection.objects.open().filter(team=team).select_related("question")
    duty = duty_team_of(team.municipality_id)
    along = Involvement.objects.open().filter(team=team).select_related("question")
    advice = Consult.objects.filter(to_team=team, state__in=OPEN_CONSULT).select_related("question")
    waits = Wait.objects.open().filter(team=team)
    return [
        *(("question", one.reference) for one in questions[:MOST]),
        *(("handover", one.question.reference) for one in handovers[:MOST]),
        *(("along", one.question.reference) for one in along[:MOST]),
        *(("advice", one.question.reference) for one in advice[:MOST]),
        *(("wait", date_format(timezone.localdate(one.since), "j F Y")) for one in waits[:MOST]),
        *(("route", str(one.position)) for one in routes[:MOST]),
        *(
            (kind, date_format(timezone.localdate(one.received_at), "j F Y"))
            for kind, rows in signals
            for one in rows[:MOST]
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
