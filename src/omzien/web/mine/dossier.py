"""All of one question that its resident, or a proxy, may see: one reading for page and file."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

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
from omzien.questions.models import Discussion, Note, Question
from omzien.questions.queries.conversation import (
    Helper,
    Spoken,
    Written,
    for_them,
    helper_of,
    notes,
    thread,
)
from omzien.questions.queries.reached import asker_of
from omzien.web.mine import words
from omzien.web.said import whom_of


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
    contact: Person | None  # who asked, for that person only: a proxy knows the own principal
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
    whom = whom_of(question, actor)
    return Dossier(
        question=question,
        whom=whom,
        contact=question.person if is_self(actor, question.person_id) else None,
        asker=asker.name if asker and actor.represents is None else "",
        helper=helper,
        standing=words.standing(question, helper, is_open, on=today, whom=whom),
        thread=spoken,
        own_notes=[one for one in written if one.note.kind == Note.Kind.OWN],
        team_notes=[one for one in written if one.note.kind == Note.Kind.TEAM],
        shared=shared,
        beside=[*by, *for_them(spoken)],
        offers=_offers(question, handovers),
        waits=_waits(question, actor),
        unseen=next((one for one in handovers if one.was_unseen), None),
        meeting=_meeting(is_open) if is_open else None,
        discussions=_discussions(question, actor),
        looks=_looks(question, actor),
        receipts=receipts_of(question),
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
        by_law = GroundKind(ground.kind) in BY_LAW
        found.append(
            Shared(
                ground=ground,
                who=", ".join(ground.receivers),
                what=", ".join(str(words.CATEGORIES[one]) for one in ground.categories),
                why=str(words.GROUNDS[ground.kind]),
                standing=words.sharing(now, is_read=reads(ground, keys)) if now else "",
                by=by[ground.pk].name if ground.pk in by else "",
                holds=now == What.GIVEN,
                is_asked=now == What.ASKED,
                may_stop=now == What.GIVEN and not by_law,
                is_by_law=now == What.GIVEN and by_law,
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
