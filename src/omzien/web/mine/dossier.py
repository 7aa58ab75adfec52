"""All of one question that its resident, or a proxy, may see: one reading for page and file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from omzien.choices.queries import topic_label
from omzien.directory.models import Service
from omzien.handovers.actions.linking import needs_link
from omzien.handovers.models import Handover, Involvement, Meeting, Wait
from omzien.handovers.queries.consents import secret_readers, secret_teams
from omzien.handovers.queries.helping import helped_until, reading, reads
from omzien.handovers.queries.looking import things_of
from omzien.handovers.queries.moving import Receipt, receipts_of
from omzien.handovers.rules.states import TAKEN, State
from omzien.handovers.rules.waiting import OPEN_WAIT, WaitState
from omzien.people.logs.looking import Look, who_looked
from omzien.people.models import Ground, Organisation, Person
from omzien.people.queries.grounds import said_by, standing_of
from omzien.people.queries.mandates import proxies_of
from omzien.people.queries.same import is_self
from omzien.people.rules.grounds import BY_LAW, LET_ALONG, GroundKind, What
from omzien.people.rules.roles import Actor
from omzien.questions.models import Attempt, Discussion, Note, Objection, Question
from omzien.questions.queries.conversation import (
    Helper,
    Spoken,
    Written,
    for_them,
    helper_of,
    notes,
    thread,
)
from omzien.questions.queries.plans import ActionLine, GoalView, plan_of
from omzien.questions.queries.reached import asker_of
from omzien.questions.rules.plans import ActionState, GoalState, Who
from omzien.web.filters import RUNGS
from omzien.web.mine import words
from omzien.web.plan_words import ACTION_STATES, GOAL_STATES, RESULTS, WHO
from omzien.web.said import said, whom_of


@dataclass(frozen=True)
class Shared:
    """One ground: with whom, what, until when, and whether it holds now."""

    ground: Ground
    who: str
    what: str
    why: str
    standing: str
    by: str  # who said it for the resident, by mandate
    holds: bool
    is_asked: bool  # and not answered: then nothing lets it be shared yet
    may_stop: bool
    is_by_law: bool


@dataclass(frozen=True)
class Offer:
    """One handover as history."""

    handover: Handover
    outcome: str


@dataclass(frozen=True)
class Waiting:
    """One place that the resident waits for, or waited for. Of how many others wait it says
    nothing.
    """

    wait: Wait
    standing: str
    is_open: bool
    entry: str  # the slug of the entry that bridges it, where that is there still


@dataclass(frozen=True)
class Talk:
    """A discussion about the question: one that is still ahead, for which the resident is invited,
    or one without them of which they were told.
    """

    discussion: Discussion
    teams: list[str]


@dataclass(frozen=True)
class Dossier:
    """What a page shows and a file holds; nothing that the reader may not see is in it."""

    question: Question
    whom: str  # how the resident is called to a proxy (web/said.py)
    contact: Person | None
    """Who asked, for that person only: a proxy knows the own principal."""
    asker: str  # who asked it for them, and "" where they asked it themselves
    helper: Helper
    standing: words.Standing
    thread: list[Spoken]
    own_notes: list[Written]
    team_notes: list[Written]
    shared: list[Shared]
    beside: list[UUID]  # who said or wrote something for the resident
    offers: list[Offer]
    waits: list[Waiting]
    unseen: Handover | None  # by which the team has it, after a talk without the resident
    meeting: Meeting | None  # the talk of three that is planned
    discussions: list[Talk]
    looks: list[Look]
    receipts: list[Receipt]  # of the file that who moved takes along


def dossier_of(question: Question, actor: Actor) -> Dossier:
    """Return what `actor` may see of a question that they follow."""
    today = timezone.localdate()
    asker = asker_of(question)
    handovers = list(
        Handover.objects.visible_to(actor).filter(question=question).select_related("to_team")
    )
    for one in handovers:
        one.question = question
    helper = _helper(question, handovers, today)
    is_open = next((one for one in handovers if one.is_open), None)
    written = notes(question, actor)
    shared, by = _shared(question, actor, handovers)
    spoken = thread(question, actor)
    return Dossier(
        question,
        whom_of(question, actor),
        question.person if is_self(actor, question.person_id) else None,
        asker.name if asker and actor.represents is None else "",
        helper,
        words.standing(question, helper, is_open, on=today, whom=whom_of(question, actor)),
        spoken,
        [one for one in written if one.note.kind == Note.Kind.OWN],
        [one for one in written if one.note.kind == Note.Kind.TEAM],
        shared,
        [*by, *for_them(spoken)],
        _offers(question, handovers),
        _waits(question, actor),
        next((one for one in handovers if one.was_unseen), None),
        _meeting(is_open) if is_open else None,
        _discussions(question, actor),
        _looks(question, actor),
        receipts_of(question),
    )


def _helper(question: Question, handovers: list[Handover], on: date) -> Helper:
    """Return who helps; of a team without accounts who was named when it said yes."""
    found = helper_of(question, on=on)
    taken = [one for one in handovers if one.state in TAKEN and one.to_team_id == question.team_id]
    if not found.name and question.is_live and taken and needs_link(question.team):
        return replace(found, name=max(taken, key=lambda one: one.offered_at).contact_name)
    return found


def _meeting(handover: Handover) -> Meeting | None:
    rows = Meeting.objects.planned().filter(handover=handover)
    return rows.select_related("handover__to_team").first()


def _offers(question: Question, handovers: list[Handover]) -> list[Offer]:
    until = helped_until(question, handovers)
    return [
        Offer(
            one,
            words.helped(until[one.pk])
            if one.pk in until
            else str(words.OFFERED[State(one.state)]),
        )
        for one in handovers
    ]


def _waits(question: Question, actor: Actor) -> list[Waiting]:
    rows = list(
        Wait.objects.visible_to(actor)
        .filter(question=question)
        .select_related("team")
        .order_by("-entered_at", "pk")
    )
    keys = {one.service for one in rows if one.service and one.state in OPEN_WAIT}
    known = Service.objects.visible_to(actor).published().filter(pk__in=keys)
    slugs = dict(known.values_list("pk", "slug")) if keys else {}
    return [
        Waiting(
            one,
            str(words.WAITS[WaitState(one.state)]),
            one.state in OPEN_WAIT,
            slugs.get(one.service, "") if one.service else "",
        )
        for one in rows
    ]


def _shared(
    question: Question, actor: Actor, handovers: list[Handover]
) -> tuple[list[Shared], list[UUID]]:
    along = Involvement.objects.open().filter(question=question).select_related("team")
    keys = reading(question, handovers, along)
    rows = Ground.objects.visible_to(actor).filter(person=question.person_id, purpose__in=LET_ALONG)
    rows = rows.prefetch_related("events", "recipients__team", "recipients__organisation")
    by = said_by(question.person_id, rows)
    found = []
    for ground in rows:
        now = standing_of(ground, at=timezone.now())
        recipients = [one.team or one.organisation for one in ground.recipients.all()]
        names = [one.name for one in recipients if one]
        by_law = GroundKind(ground.kind) in BY_LAW
        found.append(
            Shared(
                ground,
                ", ".join(names),
                ", ".join(str(words.CATEGORIES[one]) for one in ground.categories),
                str(words.GROUNDS[ground.kind]),
                words.sharing(now, is_read=reads(ground, keys)) if now else "",
                by[ground.pk].name if ground.pk in by else "",
                now == What.GIVEN,
                now == What.ASKED,
                now == What.GIVEN and not by_law,
                now == What.GIVEN and by_law,
            )
        )
    return found, [one.key for one in by.values()]


def _discussions(question: Question, actor: Actor) -> list[Talk]:
    rows = Discussion.objects.visible_to(actor).filter(question=question, cancelled_at=None)
    coming = Q(at__gte=timezone.now(), resident_invited=True)
    found = list(rows.filter(coming | Q(told_at__isnull=False)).prefetch_related("teams__team"))
    secret: set[UUID] = set()  # of who may be there because of a danger they are told apart
    if any(one.told_at for one in found):
        secret = secret_teams(question.person_id, Ground.objects.visible_to(actor))
    return [
        Talk(one, [seat.team.name for seat in one.teams.all() if seat.team_id not in secret])
        for one in found
    ]


def _looks(question: Question, actor: Actor) -> list[Look]:
    if question.person_id is None or not actor.may("access.read"):
        return []
    names = {str(key): name for key, name in Organisation.objects.values_list("pk", "name")}
    return who_looked(
        question.person_id,
        organisation_name=lambda key: names.get(key, ""),
        things=things_of(question),
        reader=actor.person,
        proxies=proxies_of(question.person_id) if actor.represents is None else {},
        hidden=secret_readers(question.person_id, Ground.objects.visible_to(actor)),
    )


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


def whole_file(dossier: Dossier, actor: Actor) -> list[Section]:
    """Return all of a question as texts and moments, for a file or for paper: what is empty is
    left out, and the long list of who looked stands last.
    """
    looks = Section("looks", _("Wie keek"), filled(map(_look, dossier.looks)))
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
    yield Section(
        "question",
        said(one.whom, _("Je vraag"), _("De vraag van %(whom)s")),
        filled([first]),
    )
    if one.contact:
        me = {"name": one.contact.name, "phone": one.contact.phone, "email": one.contact.email}
        yield Section("asker", _("Wie je bent"), filled([me]))
    who = {
        "team": helper.team,
        "name": helper.name,
        "phone": helper.own_phone or helper.phone,
        "email": helper.email,
    }
    yield Section(
        "helper", said(one.whom, _("Wie je helpt"), _("Wie %(whom)s helpt")), filled([who])
    )
    yield Section("conversation", _("Berichten"), filled(map(_spoken, one.thread)))
    yield Section("own_notes", _("Je eigen notities"), filled(map(_written, one.own_notes)))
    yield Section("team_notes", _("Wat het team opschreef"), filled(map(_written, one.team_notes)))
    yield Section(
        "shared", _("Wat er met wie gedeeld mag worden"), filled(map(_ground, one.shared))
    )
    yield Section("offers", _("Aan wie de vraag is aangeboden"), filled(map(_offer, one.offers)))
    yield Section(
        "waits",
        said(one.whom, _("Waar je op wacht"), _("Waar %(whom)s op wacht")),
        filled(map(_wait, one.waits)),
    )
    yield Section("discussions", _("Overleg"), filled(_talks(one)))
    yield Section(
        "receipts", _("Het bestand voor de verhuizing"), filled(map(_receipt, one.receipts))
    )


def plan_sections(question: Question, actor: Actor) -> list[Section]:
    """Return the plan and what was tried, to whoever may read it."""
    plan = plan_of(question, actor=actor)
    me = str(_("ik") if is_self(actor, question.person_id) else WHO[Who.RESIDENT])
    actions = [_act(one, me) for goal in plan for one in goal.actions]
    tries = Attempt.objects.visible_to(actor).filter(question=question)
    found = [
        Section("goals", _("Doelen"), filled(map(_goal, plan))),
        Section("actions", _("Wie doet wat"), filled(actions)),
        Section("tries", _("Wat er is geprobeerd"), filled(map(_tried, tries))),
    ]
    return [one for one in found if one.rows]


def _more_sections(question: Question, actor: Actor) -> list[Section]:
    """Return what stands on the pages beside that of the question: the plan, what was tried, and
    what somebody did not agree with.
    """
    objections = Objection.objects.visible_to(actor).filter(question=question)
    against = Section(
        "objections",
        said(
            whom_of(question, actor),
            _("Wat je schreef toen je het niet eens was"),
            _("Wat er is geschreven toen %(whom)s het niet eens was"),
        ),
        filled(map(_against, objections)),
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


def filled(rows: Any) -> list[dict[str, Any]]:
    """Return rows without the fields that are empty."""
    return [{name: value for name, value in row.items() if value} for row in rows]


def readable(value: Any) -> str:
    """Return a text, or a moment or day as people write it."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H.i")
    return date_format(value, "j F Y") if isinstance(value, date) else str(value)


def lines_of(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the fields of a row as label and text."""
    return [(str(LABELS[name]), readable(value)) for name, value in row.items()]


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
