"""Neighbours of the demonstration between whom volunteers mediate; all of them are invented."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.areas.queries import forget
from omzien.choices.actions import change_settings
from omzien.demo.actors import Step, as_member, person_called, team_called, worker_of
from omzien.mediation.actions import agreeing, deciding, mediators, reporting, talks
from omzien.mediation.models import Case
from omzien.mediation.rules.states import Side, Subject
from omzien.people.models import Membership
from omzien.people.rules.roles import DEMO, PUBLIC, Actor, Role

HELD = ("talk-first", "talk-second", "talk-joint")


def choose_team(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    """Choose which team mediates, as the functional manager does."""
    change_settings(municipality=municipality, raw={"mediation_team": step["team"]}, by=DEMO)
    forget()  # this process goes on at once, before the transaction ends


def keep_mediator(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    """Write down where a volunteer lives."""
    mediators.keep_mediator(
        membership=_volunteer(step["name"], municipality),
        street=step["street"],
        postcode=step["postcode"],
        is_experienced=step["experienced"],
        by=_coordinator(municipality),
    )


def report(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    """Report trouble with a neighbour: by oneself, or by a team for who called it."""
    by = PUBLIC
    if "team" in step:
        by = worker_of(team_called(step["team"], municipality))
    elif "by" in step:
        me = person_called(step["by"], municipality)
        by = Actor(municipality.pk, Role.RESIDENT, person=me.pk)
    told = reporting.Report(
        village=municipality.villages.get(slug=step["village"]),
        subject=Subject(step["subject"]),
        words=step["words"],
        first=reporting.Neighbour(**step["first"]),
        second=reporting.Neighbour(**step["second"]),
    )
    reporting.report(municipality=municipality, report=told, by=by, now=now)


def mediate(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    """Take the next step in the case of who reported it."""
    case = Case.objects.get(parties__side=Side.FIRST, parties__name=step["of"])
    what, by = step["what"], _coordinator(municipality)
    if what in HELD:
        talks.hold_talk(case=case, name=what, by=by, now=now)
    else:
        _DO[what](case, step, by, now)


def _suit(case: Case, step: Step, by: Actor, now: datetime) -> None:
    deciding.suit(case=case, met_on=timezone.localdate(now), by=by, now=now)


def _ask(case: Case, step: Step, by: Actor, now: datetime) -> None:
    chosen = [_volunteer(name, case.municipality) for name in step["who"]]
    keys = [one.pk for one in chosen]
    seats = mediators.ask_mediators(case=case, memberships=keys, by=by, now=now)
    for seat, one in zip(seats, chosen, strict=True):
        mediators.accept(seat=seat, knows_nobody=True, by=as_member(one), now=now)


def _join(case: Case, step: Step, by: Actor, now: datetime) -> None:
    deciding.join(case=case, was_told=True, phone=step["phone"], by=by, now=now)


def _plan(case: Case, step: Step, by: Actor, now: datetime) -> None:
    day = timezone.localdate(now) + timedelta(days=step["in"])
    starts = timezone.make_aware(datetime.combine(day, time(19, 30)))
    talks.plan_talk(case=case, starts_at=starts, place=step["place"], by=by, now=now)


def _agree(case: Case, step: Step, by: Actor, now: datetime) -> None:
    agreeing.write_agreement(case=case, words=step["words"], by=by, now=now)
    for side in Side:
        agreeing.say_yes_for(case=case, side=side, by=by, now=now)


def _ease(case: Case, step: Step, by: Actor, now: datetime) -> None:
    deciding.ease(case=case, by=by, now=now)


_DO: dict[str, Callable[[Case, Step, Actor, datetime], None]] = {
    "suit": _suit,
    "mediators": _ask,
    "join": _join,
    "plan": _plan,
    "agree": _agree,
    "ease": _ease,
}


def _coordinator(municipality: Municipality) -> Actor:
    return worker_of(team_called("Buurtbemiddeling", municipality), Role.COORDINATOR)


def _volunteer(name: str, municipality: Municipality) -> Membership:
    rows = Membership.objects.filter(municipality=municipality, role=Role.VOLUNTEER)
    return rows.get(person__name=name, team__name="Buurtbemiddeling")
