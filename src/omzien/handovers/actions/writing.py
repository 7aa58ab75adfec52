"""What every action on a handover does: lock the question first and the handover then, save."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from omzien.handovers.models import Handover, HandoverQuerySet
from omzien.handovers.refusals import (
    NeedsGround,
    NobodyReads,
    NotAllowed,
    NotLive,
    Stale,
    WrongState,
)
from omzien.handovers.rules.states import MOVES, State, may_move
from omzien.journal.actions import record
from omzien.journal.rows import remembered, write_changes
from omzien.people.gates import by_key
from omzien.people.kept import kept
from omzien.people.models import Team
from omzien.people.queries.grounds import covers
from omzien.people.rules.grounds import HAND_OVER, Category
from omzien.people.rules.roles import Actor
from omzien.questions.actions.writing import bring_forward, key_of, put_task
from omzien.questions.models import Question, Task
from omzien.questions.terms import terms_of

# What goes along with a handover: also whether its receiver counts places.
TOGETHER = ("municipality", "from_team", "to_team__room", "question__village")
QUESTION_FIRST = ("question", "self")  # PostgreSQL locks in this order


def locked(handover: Handover, *, version: int | None = None) -> Handover:
    """Return the handover with its question, both locked; always in the same order.

    Raises Stale when the handover changed since `version`.
    """
    rows = _locked(handover.pk)
    if not rows:
        raise Handover.DoesNotExist
    return _as_read(rows[0], version)


@kept
def _locked(key: UUID) -> QuerySet[Handover, Handover]:
    rows = Handover.objects.select_related(*TOGETHER)
    return rows.select_for_update(of=QUESTION_FIRST).filter(pk=key)


def locked_among(
    rows: HandoverQuerySet, handover: Handover, *, version: int | None = None
) -> Handover:
    """Return the handover as `locked` does, where it is among `rows`, a gate: in no query more.

    Raises Stale, NotAllowed.
    """
    found = by_key(rows.select_related(*TOGETHER), handover.pk, lock=QUESTION_FIRST)
    if found is None:  # it may have changed since
        locked(handover, version=version)
        raise NotAllowed
    return _as_read(found, version)


def _as_read(handover: Handover, version: int | None) -> Handover:
    question = remembered(handover.question)
    question.municipality = handover.municipality
    if version is not None and handover.version != version:
        raise Stale
    return remembered(handover)


def as_receiver(
    handover: Handover, *, by: Actor, verb: str = "handover.answer", version: int | None = None
) -> Handover:
    """Return the handover, locked, for who works for the receiving team, or has its link.

    Raises Stale, NotAllowed.
    """
    if by.handover is None:
        return locked_among(Handover.objects.received_by(by, verb), handover, version=version)
    row = locked(handover, version=version)
    if by.handover != row.pk or by.team != row.to_team_id:
        raise NotAllowed
    return row


def move(handover: Handover, name: str) -> None:
    """Set the state that a move leads to. Raises WrongState."""
    if not may_move(name, State(handover.state)):
        raise WrongState
    handover.state = MOVES[name].end


def save(handover: Handover, verb: str, by: Actor, **details: Any) -> None:
    """Write the handover with a new version, and its fact."""
    handover.version += 1
    write_changes(handover)
    record(
        verb=verb,
        subject="handover",
        subject_id=handover.pk,
        by=key_of(by, handover.question),
        municipality=handover.municipality_id,
        area=handover.question.village.slug[:40],
        rung=handover.question.rung,
        question=str(handover.question_id),
        to=str(handover.to_team_id),
        **details,
    )


def is_covered(
    question: Question, team: Team, *, now: datetime, purposes: Iterable[str] = (HAND_OVER,)
) -> bool:
    """Tell whether a ground covers sharing a question with a team, at `now` or by the clock if
    that is later: a page takes its time before it waits for who takes consent back.
    """
    moment = max(now, timezone.now())
    return question.person_id is not None and any(
        covers(
            person=question.person_id,
            category=Category.CONTACT,
            purpose=purpose,
            at=moment,
            team=team.pk,
            organisation=team.organisation_id,
        )
        for purpose in purposes
    )


def needs_ground(
    question: Question, team: Team, *, now: datetime, purposes: Iterable[str] = (HAND_OVER,)
) -> None:
    """Check that a ground covers sharing with a team. Raises NotLive, NeedsGround."""
    if question.person_id is None:
        raise NotLive
    if not is_covered(question, team, now=now, purposes=purposes):
        raise NeedsGround


def needs_reader(team: Team, *, now: datetime, by_link: bool = False) -> None:
    """Check that somebody can read what a team is asked: who works there, or, where a link may
    open it, who reads its mailbox. Raises NobodyReads.
    """
    if not _read(team.pk, timezone.localdate(now), by_link=by_link):
        raise NobodyReads


@kept
def _read(team: UUID, on: date, *, by_link: bool) -> QuerySet[Team, Team]:
    rows = Team.objects.reachable(on=on) if by_link else Team.objects.worked(on=on)
    return rows.filter(pk=team).only("pk")


def give_back(
    question: Question, *, now: datetime, to_coordinator: bool, next_step: bool = True
) -> None:
    """Put the next step on the owner's list, due in two working days; the clock of the question
    moves forward with it, so that it is seen. A coordinator may get a task too, or instead.
    """
    terms = terms_of(question.municipality_id)
    due = terms.after(timezone.localdate(now), terms.next_step)
    if next_step:
        ask_next_step(question, due=due, now=now)
    if to_coordinator:
        put_task(question, Task.Kind.COORDINATOR, due=due, now=now)
    bring_forward(question, due)


def ask_next_step(question: Question, *, due: date, now: datetime) -> None:
    """Put the next step on the owner's list; one that waits there already is enough."""
    waiting = Task.objects.open().filter(question=question, kind=Task.Kind.NEXT_STEP)
    if not waiting.exists():
        put_task(question, Task.Kind.NEXT_STEP, due=due, now=now)
