"""What teams of the demonstration do beside questions: worries, early signals, routes, lists."""

import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from omzien.areas.models import Municipality
from omzien.demo import mediating
from omzien.demo.actors import Step, team_called, worker_of
from omzien.handovers.actions.rooms import say_room
from omzien.handovers.actions.waiting import put_on_list
from omzien.handovers.rules.states import Capacity
from omzien.people.rules.roles import DEMO, PUBLIC, Role
from omzien.questions.actions import discussing, early, filters, measuring, signals, texts
from omzien.questions.actions.asking import Contact
from omzien.questions.actions.proposals import propose_route
from omzien.questions.actions.routes import add_route
from omzien.questions.models import EarlySignal, Question, Signal
from omzien.questions.rules.filters import Filter
from omzien.questions.rules.proposals import Why


def _worry(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    worry = signals.Worry(
        about=step["about"],
        village=municipality.villages.get(slug=step["village"]),
        worry=step["what"],
        where=step["where"],
        reporter=Contact(name=step["reporter"], phone="06-5550 3101"),
    )
    signals.report_worry(municipality=municipality, worry=worry, by=PUBLIC, now=now)


def _pick_up_worry(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    signal = Signal.objects.get(municipality=municipality, about=step["about"])
    by = worker_of(signal.team)
    signals.pick_up_signal(signal=signal, by=by, now=now)
    signals.tell_person(signal=signal, by=by, now=now)


def _early_signals(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    """Read in the file that a partner sends; the days in it are days before today."""
    lines = ["partner;soort;adres;plaats;bedrag;contact op;herinnering op;naam;telefoon"]
    for row in step["rows"]:
        first, again = (f"{on - timedelta(days=row[at]):%d-%m-%Y}" for at in ("contact", "again"))
        cells = (row["partner"], row["kind"], row["address"], row["town"], row["amount"])
        lines.append(";".join([*cells, first, again, row["name"], row["phone"]]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "signalen.csv"
        path.write_text("\n".join(lines), "utf-8")
        by = worker_of(team_called(step["team"], municipality), Role.TEAM_MEMBER)
        taken = early.take_early_signals(municipality=municipality, path=path, by=by, now=now)
    if taken.faults:
        raise ValueError(taken.faults)


def _offer_talk(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    signal = EarlySignal.objects.get(municipality=municipality, name=step["name"])
    by = worker_of(signal.team, Role.TEAM_MEMBER)
    early.offer_talk(signal=signal, by=by, now=now)


def _discuss(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    """Plan a discussion about a problem, in which nobody is named."""
    team = team_called(step["team"], municipality)
    plan = discussing.Plan(
        purpose=step["what"],
        text=step["text"],
        at=now + timedelta(days=step["in"]),
        place=step["place"],
        teams=[team_called(step["with"], municipality).pk],
    )
    discussing.plan_anonymous(team=team, plan=plan, by=worker_of(team), now=now)


def _route(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    add_route(
        municipality=municipality,
        team=team_called(step["team"], municipality),
        villages=_villages(municipality, step),
        topics=step["topics"],
        by=DEMO,
    )


def _propose_route(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    team = team_called(step["team"], municipality)
    propose_route(
        municipality=municipality,
        team=team,
        villages=_villages(municipality, step),
        why=Why(step["why"]),
        by=worker_of(team, Role.COORDINATOR),
        now=now,
    )


def _text(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    texts.write_text(municipality=municipality, title=step["title"], body=step["body"], by=DEMO)


def _filter(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    by = worker_of(team_called(step["team"], municipality))
    filters.save_filter(name=step["name"], wanted=Filter(**step["wanted"]), by=by)


def _room(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    team = team_called(step["team"], municipality)
    room = Capacity(step["room"])
    more = {name: step[name] for name in ("places", "keeps_list", "first_rule") if name in step}
    by = worker_of(team)
    say_room(team=team, capacity=room, note=step["note"], by=by, on=now.date(), **more)


def _wait(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    """Let the question of somebody wait for a place in a team."""
    asked = Question.objects.live().filter(municipality=municipality, person__name=step["name"])
    question = asked.select_related("team").get()
    put_on_list(
        question=question,
        team=team_called(step["team"], municipality),
        what=step["what"],
        bridge=step["bridge"],
        goes_first=step.get("first", False),
        is_told=True,
        by=worker_of(question.team),
        now=now,
    )


def _instrument(municipality: Municipality, step: Step, now: datetime, on: date) -> None:
    content = step["file"].encode()
    measuring.add_instrument(
        municipality=municipality, content=content, holds_rights=True, by=DEMO, now=now
    )


def _villages(municipality: Municipality, step: Step) -> list[int]:
    rows = municipality.villages.filter(slug__in=step["villages"])
    return list(rows.values_list("pk", flat=True))


BESIDE: dict[str, Callable[[Municipality, Step, datetime, date], None]] = {
    "worry": _worry,
    "pick-up-worry": _pick_up_worry,
    "early-signals": _early_signals,
    "offer-talk": _offer_talk,
    "discuss": _discuss,
    "route": _route,
    "propose-route": _propose_route,
    "text": _text,
    "filter": _filter,
    "room": _room,
    "wait": _wait,
    "instrument": _instrument,
    "mediation-team": mediating.choose_team,
    "mediator": mediating.keep_mediator,
    "neighbours": mediating.report,
    "mediate": mediating.mediate,
}
