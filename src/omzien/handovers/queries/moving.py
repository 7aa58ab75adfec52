"""What a resident who moves takes along: all of the question that who makes the file may see."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from omzien.journal.models import Fact
from omzien.people.rules.roles import Actor
from omzien.questions.models import Attachment, Attempt, NetworkShare, Post, Question, Task, Tie
from omzien.questions.queries.conversation import names_of
from omzien.questions.queries.measures import measured
from omzien.questions.queries.plans import GoalView, plan_of
from omzien.questions.rules.states import Left

SHOWN = 12  # signs of the hash that people read out; the whole one stands below it


@dataclass(frozen=True)
class Package:
    """What the resident takes along, as text, and the hash by which it can be recognised."""

    text: str
    digest: str


@dataclass(frozen=True)
class Receipt:
    """That a package was made of a question, when, and its hash."""

    at: datetime
    digest: str

    @property
    def code(self) -> str:
        """Return the start of the hash, as people compare it."""
        return self.digest[:SHOWN]


def package_to_move(question: Question, *, by: Actor) -> Package:
    """Return the package of a live question; each part passes the gate of `by`.

    The map of the own network is in it only where the resident shares that with the team.
    Internal notes are not: those are the team's own work.
    """
    tasks = Task.objects.filter(question=question, kind=Task.Kind.OWN)
    tries = Attempt.objects.visible_to(by).filter(question=question)
    what: dict[str, Any] = {
        "kenmerk": question.reference,
        "gemeente": question.municipality.name,
        "gevraagd op": timezone.localdate(question.asked_at).isoformat(),
        "vraag": question.story,
        "onderwerpen": question.topics,
        "beste moment": question.best_moment,
        "geprobeerd": [
            {"trede": one.rung, "wat": one.offer, "resultaat": one.result, "reden": one.reason}
            for one in tries
        ],
        "volgende stap": question.next_action,
        "dag van de volgende stap": _day(question.next_on),
        "taken": [{"wat": one.what, "dag": _day(one.due_on)} for one in tasks],
        "doelen": [_goal(one) for one in plan_of(question, actor=by)],
        "metingen": list(_measurements(question, by)),
        "berichten": list(_posts(question, by)),
        "mensen om mij heen": list(_ties(question, by)),
    }
    text = json.dumps(what, ensure_ascii=False, indent=2)
    return Package(text, hashlib.sha256(text.encode()).hexdigest())


def receipts_of(question: Question) -> list[Receipt]:
    """Return what was made for who moved, newest first. Asks nothing where nobody moved."""
    if question.left != Left.MOVED:
        return []
    rows = Fact.objects.filter(subject="question", subject_id=str(question.pk), verb="export")
    return [
        Receipt(one.at, one.details["sha256"])
        for one in rows.order_by("-pk")
        if "sha256" in one.details
    ]


def _goal(one: GoalView) -> dict[str, Any]:
    actions = [
        {
            "wie": line.row.who,
            "naam": line.name,
            "wat": line.row.what,
            "dag": _day(line.row.due_on),
            "stand": line.row.state,
        }
        for line in one.actions
    ]
    return {"doel": one.row.words, "stand": one.row.state, "acties": actions}


def _measurements(question: Question, by: Actor) -> Iterator[dict[str, Any]]:
    for one in measured(question, actor=by):
        for taken in (one.before, one.after):
            if taken is not None:
                scale = one.instrument.scale
                yield {
                    "lijst": one.instrument.title,
                    "versie": one.instrument.version,
                    "moment": taken.moment,
                    "dag": _day(timezone.localdate(taken.at)),
                    "antwoorden": {
                        statement.text: scale[taken.answers[statement.code]]
                        for statement in one.instrument.statements
                        if statement.code in taken.answers
                    },
                }


def _posts(question: Question, by: Actor) -> Iterator[dict[str, Any]]:
    posts = list(Post.objects.visible_to(by).filter(question=question).order_by("at", "pk"))
    names = names_of(one.author for one in posts)
    files: dict[Any, list[str]] = {}
    for file in Attachment.objects.visible_to(by).filter(question=question).listed():
        files.setdefault(file.post_id, []).append(file.name)
    for one in posts:
        yield {
            "moment": timezone.localtime(one.at).isoformat(timespec="minutes"),
            "wie": names.get(one.author, ""),
            "tekst": one.text,
            "bijlagen": files.get(one.pk, []),
        }


def _ties(question: Question, by: Actor) -> Iterator[dict[str, Any]]:
    shared = NetworkShare.objects.reaching(by).filter(question=question)
    if not shared.exists():
        return
    for one in Tie.objects.visible_to(by).filter(person=question.person_id):
        yield {"naam": one.name, "relatie": one.relation, "steun": one.kinds}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
