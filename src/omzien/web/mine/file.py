"""A question as a file, or on paper: sections of labelled fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from omzien.choices.queries import topic_label
from omzien.handovers.queries.moving import Receipt
from omzien.people.logs.looking import Look
from omzien.people.queries.same import is_self
from omzien.people.rules.roles import Actor
from omzien.questions.models import Attempt, Objection, Question
from omzien.questions.queries.conversation import (
    Spoken,
    Written,
)
from omzien.questions.queries.plans import ActionLine, GoalView, plan_of
from omzien.questions.rules.plans import ActionState, GoalState, Who
from omzien.web.filters import RUNGS
from omzien.web.mine.dossier import Dossier, Offer, Shared, Talk, Waiting
from omzien.web.plan_words import ACTION_STATES, GOAL_STATES, RESULTS, WHO
from omzien.web.said import said, whom_of

Parts = list[tuple[str, list[list[tuple[str, str]]]]]
"""Of each section its title, and its rows as label and text."""


@dataclass(frozen=True)
class Section:
    """One part of the file: its name in the code, its title, and rows of fields."""

    code: str
    title: str | Promise
    rows: list[dict[str, Any]]


LABELS = {
    "reference": _("Nummer"),
    "follows": _("Vervolg op vraag"),
    "asked_at": _("Gesteld op"),
    "asker": _("Gesteld door"),
    "story": _("Het verhaal"),
    "topics": _("Onderwerpen"),
    "now": _("Hoe het ervoor staat"),
    "next": _("Wat er nu komt"),
    "by": _("Uiterlijk"),
    "team": _("Team"),
    "name": _("Wie"),
    "phone": _("Telefoon"),
    "email": _("Mailadres"),
    "at": _("Wanneer"),
    "text": _("Tekst"),
    "files": _("Bijlagen"),
    "what": _("Wat"),
    "why": _("Waarom"),
    "place": _("Waar"),
    "why_without": _("Waarom je er niet bij was"),
    "step": _("Volgende stap"),
    "step_on": _("Wanneer"),
    "standing": _("Stand"),
    "said_by": _("Wie dat besloot"),
    "until_on": _("Tot en met"),
    "outcome": _("Hoe het ging"),
    "answer": _("Antwoord"),
    "since": _("Sinds"),
    "bridge": _("Wat tot dan helpt"),
    "hears_by": _("Weer nieuws, uiterlijk"),
    "code": _("Code"),
}


def section(code: str, title: str | Promise, rows: Iterable[dict[str, Any]]) -> Section:
    """Return a section, without the fields that are empty."""
    return Section(
        code, title, [{name: value for name, value in row.items() if value} for row in rows]
    )


def whole_file(dossier: Dossier, actor: Actor) -> list[Section]:
    """Return all of a question as texts and moments, for a file or for paper: what is empty is
    left out, and the long list of who looked stands last.
    """
    looks = section("looks", _("Wie keek"), map(_look, dossier.looks))
    found = [*_sections(dossier), *_more_sections(dossier.question, actor), looks]
    return [one for one in found if one.rows]


def _sections(one: Dossier) -> Iterator[Section]:
    question, helper, stands = one.question, one.helper, one.standing
    first = {
        "reference": question.reference,
        "follows": question.follows.reference if question.follows else "",
        "asked_at": question.asked_at,
        "asker": one.asker,
        "story": question.story,
        "topics": ", ".join(topic_label(code, question.municipality) for code in question.topics),
        "now": stands.now,
        "next": stands.next,
        "by": stands.by,
    }
    yield section(
        "question",
        said(one.whom, _("Je vraag"), _("De vraag van %(whom)s")),
        [first],
    )
    if one.contact:
        me = {"name": one.contact.name, "phone": one.contact.phone, "email": one.contact.email}
        yield section("asker", _("Wie je bent"), [me])
    who = {
        "team": helper.team,
        "name": helper.name,
        "phone": helper.own_phone or helper.phone,
        "email": helper.email,
    }
    yield section("helper", said(one.whom, _("Wie je helpt"), _("Wie %(whom)s helpt")), [who])
    yield section("conversation", _("Berichten"), map(_spoken, one.thread))
    yield section("own_notes", _("Je eigen notities"), map(_written, one.own_notes))
    yield section("team_notes", _("Wat het team opschreef"), map(_written, one.team_notes))
    yield section("shared", _("Wat er met wie gedeeld mag worden"), map(_ground, one.shared))
    yield section("offers", _("Aan wie de vraag is aangeboden"), map(_offer, one.offers))
    yield section(
        "waits",
        said(one.whom, _("Waar je op wacht"), _("Waar %(whom)s op wacht")),
        map(_wait, one.waits),
    )
    yield section("discussions", _("Overleg"), _talks(one))
    yield section("receipts", _("Het bestand voor de verhuizing"), map(_receipt, one.receipts))


def plan_sections(question: Question, actor: Actor) -> list[Section]:
    """Return the plan and what was tried, to whoever may read it."""
    plan = plan_of(question, actor=actor)
    me = str(_("ik") if is_self(actor, question.person_id) else WHO[Who.RESIDENT])
    actions = [_act(one, me) for goal in plan for one in goal.actions]
    tries = Attempt.objects.visible_to(actor).filter(question=question)
    found = [
        section("goals", _("Doelen"), map(_goal, plan)),
        section("actions", _("Wie doet wat"), actions),
        section("tries", _("Wat er is geprobeerd"), map(_tried, tries)),
    ]
    return [one for one in found if one.rows]


def _more_sections(question: Question, actor: Actor) -> list[Section]:
    """Return what stands on the pages beside that of the question: the plan, what was tried, and
    what somebody did not agree with.
    """
    objections = Objection.objects.visible_to(actor).filter(question=question)
    against = section(
        "objections",
        said(
            whom_of(question, actor),
            _("Wat je schreef toen je het niet eens was"),
            _("Wat er is geschreven toen %(whom)s het niet eens was"),
        ),
        map(_against, objections),
    )
    return [*plan_sections(question, actor), against]


def _goal(one: GoalView) -> dict[str, Any]:
    return {"text": one.row.words, "standing": str(GOAL_STATES[GoalState(one.row.state)])}


def _act(one: ActionLine, me: str) -> dict[str, Any]:
    is_mine = one.row.who == Who.RESIDENT
    return {
        "what": one.row.what,
        "name": me if is_mine else one.name or str(WHO[Who(one.row.who)]),
        "at": one.row.due_on,
        "standing": str(ACTION_STATES[ActionState(one.row.state)]),
    }


def _tried(one: Attempt) -> dict[str, Any]:
    return {
        "at": one.started_on,
        "what": one.offer or str(RUNGS[one.rung]),
        "outcome": str(RESULTS[Attempt.Result(one.result)]),
        "why": one.reason,
    }


def _against(one: Objection) -> dict[str, Any]:
    return {"at": one.made_at, "text": one.why, "answer": one.answer}


def parts_of(sections: list[Section]) -> Parts:
    """Return sections as people read them."""
    return [(str(one.title), [_lines(row) for row in one.rows]) for one in sections]


def _lines(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(str(LABELS[name]), _readable(value)) for name, value in row.items()]


def _readable(value: Any) -> str:
    """Return a text, or a moment or day as people write it."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H.i")
    return date_format(value, "j F Y") if isinstance(value, date) else str(value)


def exact(value: Any) -> str:
    """Return a moment or day for another program. Raises TypeError for what is neither."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError


def _spoken(one: Spoken) -> dict[str, Any]:
    return {
        "at": one.post.at,
        "name": one.name,
        "text": one.post.text,
        "files": ", ".join(file.name for file in one.files),
    }


def _written(one: Written) -> dict[str, Any]:
    return {"at": one.note.at, "name": one.name, "text": one.note.text}


def _ground(one: Shared) -> dict[str, Any]:
    return {
        "name": one.who,
        "what": one.what,
        "why": one.why,
        "standing": one.standing,
        "said_by": one.by,
        "until_on": one.ground.until_on,
    }


def _offer(one: Offer) -> dict[str, Any]:
    return {
        "at": one.handover.offered_at,
        "team": one.handover.to_team.name,
        "outcome": one.outcome,
    }


def _wait(one: Waiting) -> dict[str, Any]:
    return {
        "what": one.wait.what,
        "team": one.wait.team.name,
        "since": one.wait.since,
        "standing": one.standing,
        "bridge": one.wait.bridge,
        "hears_by": one.wait.due_on,
        "why": one.wait.reason,
    }


def _talks(one: Dossier) -> list[dict[str, Any]]:
    found = list(map(_talk, one.discussions))
    if one.meeting:
        what = {"what": str(_("Kennismaking")), "team": one.meeting.handover.to_team.name}
        found.insert(0, {"at": one.meeting.starts_at, "place": one.meeting.place} | what)
    return found


def _talk(one: Talk) -> dict[str, Any]:
    row = one.discussion
    return {
        "at": row.at,
        "what": row.purpose,
        "place": row.place,
        "team": ", ".join(one.teams),
        "why_without": row.not_invited_because,
    }


def _receipt(one: Receipt) -> dict[str, Any]:
    return {"at": one.at, "code": one.digest}


def _look(one: Look) -> dict[str, Any]:
    return {
        "at": one.day,
        "name": one.who,
        "what": one.what,
        "why": one.purpose,
    }
