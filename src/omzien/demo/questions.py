"""The demonstration's help questions, in all states, each made by the actions that people use."""

import tomllib
from datetime import date
from importlib import resources
from typing import Any

from omzien.areas.models import Municipality
from omzien.demo.actors import moment
from omzien.demo.beside import BESIDE
from omzien.demo.ways import WAYS
from omzien.journal.isolation import working_for
from omzien.people.models import Person
from omzien.people.rules.roles import DEMO
from omzien.questions.actions.asking import Asked, Contact, ask
from omzien.questions.models import Question
from omzien.questions.rules.states import Channel, ReachBy

Lines = dict[str, list[dict[str, Any]]]  # by the code of a municipality


def ask_everything(*, on: date) -> int:
    """Ask the questions of `questions.toml` where there are none yet; return how many.

    What teams do beside them follows, from `beside.toml`.
    """
    count, beside = 0, _read("beside.toml")
    for code, lines in _read("questions.toml").items():
        municipality = Municipality.objects.filter(code=code).first()
        if municipality is None or _has_questions(code):
            continue
        for line in lines:
            with working_for(code):
                _live_through(municipality, line, on)
        for step in beside.get(code, ()):
            with working_for(code):
                BESIDE[step["do"]](municipality, step, moment(on, step["ago"]), on)
        count += len(lines)
    return count


def _read(name: str) -> Lines:
    return tomllib.loads(resources.files("omzien.demo.data").joinpath(name).read_text("utf-8"))


def _has_questions(code: str) -> bool:
    with working_for(code):
        return Question.objects.exists()


def _live_through(municipality: Municipality, line: dict[str, Any], on: date) -> None:
    question = _ask(municipality, line, on)
    for step in line.get("way", ()):
        question.refresh_from_db()
        WAYS[step["do"]](question, step, moment(on, step["ago"]), on)


def _ask(municipality: Municipality, line: dict[str, Any], on: date) -> Question:
    known = Person.objects.filter(municipality=municipality, name=line["name"]).first()
    phone = f"06-5550 {2000 + sum(map(ord, line['name'])) % 1000}"
    email = line.get("email", "")
    asked = Asked(
        story=line["story"],
        village=municipality.villages.get(slug=line["village"]),
        contact=Contact(
            name=line["name"], email=email, phone=known.phone or phone if known else phone
        ),
        reach_by=ReachBy.MAIL if email or (known and known.email) else ReachBy.PHONE,
        channel=Channel(line.get("channel", "web")),
        topics=line["topics"],
        asker=Contact(name=line["asker"], phone=phone) if "asker" in line else None,
        is_acute=line.get("acute", False),
    )
    return ask(
        municipality=municipality,
        asked=asked,
        person=known,
        by=DEMO,
        now=moment(on, line["ago"]),
    )
