"""What happened with a question, from the facts: who by role or team, and no word that was said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from omzien.journal.models import Fact
from omzien.people.models import Membership, Team
from omzien.people.queries.mandates import deciders
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.questions.rules.states import RESIDENT

MOST = 200
# What a resident writes for nobody else: that they did is not the team's either.
PRIVATE = ("note-own", "remove-note")


class Kind(StrEnum):
    """What somebody is to who reads."""

    ME = "me"
    COLLEAGUE = "colleague"  # of the own team, by name
    TEAM = "team"  # somebody of another team, which is named
    RESIDENT = "resident"
    PROXY = "proxy"  # who decides for the resident by mandate, by name
    MACHINE = "machine"  # the clock, or the demonstration
    SOMEBODY = "somebody"


@dataclass(frozen=True)
class Who:
    """Who did something: the name of a colleague, or of a team."""

    kind: Kind
    name: str = ""
    key: UUID | None = None  # of a proxy: for the access log


@dataclass(frozen=True)
class Happened:
    """One fact. `names` holds what keys in the details mean: "to", "team", "holder"."""

    at: datetime
    subject: str
    verb: str
    who: Who
    rung: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def history_of(question: Question, actor: Actor) -> list[Happened]:
    """Return what happened with a question that `actor` may read, newest first."""
    return _told(list(_facts(question, actor).order_by("-pk")[:MOST]), question, actor)


def changed_since(question: Question, version: int, actor: Actor) -> list[Happened]:
    """Return what happened after a page was made that showed `version`, newest first."""
    facts = list(_facts(question, actor).order_by("-pk")[:MOST])
    newer = []
    for one in facts:
        made = 1 if one.verb == "ask" else one.details.get("version")
        if one.subject == "question" and isinstance(made, int) and made <= version:
            break
        newer.append(one)
    return _told(newer, question, actor)


def was_corrected(happened: Iterable[Happened]) -> bool:
    """Tell whether topics or village changed since the question got the team that it has."""
    for one in happened:  # newest first
        if one.verb in ("correct", "own"):
            return one.verb == "correct"
    return False


def _facts(question: Question, actor: Actor) -> Any:
    handovers = apps.get_model("handovers", "Handover")._default_manager
    keys = [str(pk) for pk in handovers.filter(question=question).values_list("pk", flat=True)]
    ours = Q(subject="question", subject_id=str(question.pk))
    facts = Fact.objects.filter(ours | Q(subject="handover", subject_id__in=keys))
    return facts.exclude(verb__in=PRIVATE) if actor.membership else facts


def _told(facts: list[Fact], question: Question, actor: Actor) -> list[Happened]:
    actors = {key for one in facts if (key := _key(one.actor))}
    holders = {key for one in facts if (key := _key(one.details.get("holder")))}
    teams = {
        key for one in facts for name in ("to", "team") if (key := _key(one.details.get(name)))
    }
    names = {str(pk): name for pk, name in _teams(teams)}
    names |= _colleagues(holders, actor)
    people = _people(actors, question, actor)
    return [
        Happened(
            one.at,
            one.subject,
            one.verb,
            people.get(one.actor) or _machine(one.actor),
            one.rung,
            one.details,
            {k: names[v] for k, v in one.details.items() if isinstance(v, str) and v in names},
        )
        for one in facts
    ]


def _key(text: object) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def _machine(key: str) -> Who:
    if key == RESIDENT:
        return Who(Kind.RESIDENT)
    return Who(Kind.MACHINE if key in ("system", "demo") else Kind.SOMEBODY)


def _teams(keys: set[UUID]) -> Iterable[tuple[UUID, str]]:
    return Team.objects.filter(pk__in=keys).values_list("pk", "name") if keys else ()


def _colleagues(keys: set[UUID], actor: Actor) -> dict[str, str]:
    if not keys:
        return {}
    seen = Membership.objects.visible_to(actor).filter(pk__in=keys)
    return {str(pk): name for pk, name in seen.values_list("pk", "person__name")}


def _people(keys: set[UUID], question: Question, actor: Actor) -> dict[str, Who]:
    """Return who these persons are to `actor`: colleagues by name, others by their team."""
    rows = Membership.objects.filter(person__in=keys).values_list(
        "person", "person__name", "team", "team__name", "organisation__name"
    )
    found: dict[str, Who] = {}
    for person, name, team, team_name, organisation in rows:
        if team is not None and team == actor.team:
            found[str(person)] = Who(Kind.COLLEAGUE, name)
        else:
            found.setdefault(str(person), Who(Kind.TEAM, team_name or organisation))
    found[str(question.person_id)] = Who(Kind.RESIDENT)
    others = {key for one in keys if (key := str(one)) not in found}
    for key, one in deciders(question.person_id, others).items():
        found[key] = Who(Kind.PROXY, one.name, one.key)
    if actor.membership:
        found[str(actor.person)] = Who(Kind.ME)
    return found
