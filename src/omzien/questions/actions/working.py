"""Working on a question: pick up, go on, hand to a colleague, close, open again."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from omzien.kernel.ladder import Rung
from omzien.kernel.text import one_line
from omzien.people.models import Membership, Person
from omzien.people.queries.mailboxes import of_holder
from omzien.people.queries.mandates import decides_for
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.actions.by_law import put_by_law
from omzien.questions.actions.ending import end
from omzien.questions.actions.notices import owners_side
from omzien.questions.actions.outside import tell_reopened, way_in
from omzien.questions.actions.telling import say
from omzien.questions.actions.tries import skip_to
from omzien.questions.actions.writing import (
    give_along,
    lock_all_of,
    locked,
    locked_owned,
    move,
    put_task,
    save,
    step_taken,
    works_in,
)
from omzien.questions.models import Question, Task
from omzien.questions.queries.caseload import load_of
from omzien.questions.queries.closing import in_the_way
from omzien.questions.queries.inbox import looks_along
from omzien.questions.queries.reached import proxies_side, residents_side, told_side
from omzien.questions.refusals import (
    DayIsPast,
    NeedsNextStep,
    NeedsResult,
    NeedsTelling,
    NotAllowed,
    SameHolder,
    StillOpen,
    TooLate,
    TooMuch,
    WrongState,
)
from omzien.questions.rules.caseload import OverReason, is_over, weight
from omzien.questions.rules.states import MOVES, Left, Mistake, Result, State
from omzien.questions.terms import terms_of


@transaction.atomic
def pick_up(
    *, question: Question, by: Actor, now: datetime, version: int | None = None
) -> Question:
    """Hold a question of the own team: from now on this person is who the resident hears of.

    Raises NotAllowed, NotLive, Stale.
    """
    row = locked_owned(question, by=by, verb="question.work", version=version)
    _hold(row, by.membership, now)
    if row.state == State.NEW:
        move(row, "pick-up")
    save(row, "pick-up", by)
    return row


@transaction.atomic
def give_to(
    *,
    question: Question,
    holder: Membership | None,
    by: Actor,
    now: datetime,
    over: OverReason | None = None,
    version: int | None = None,
) -> Question:
    """Let a colleague of the same team hold a question; nobody means the team's desk.

    The colleague has it on the list at once, and gets a mail.
    Somebody who would have more work than the municipality's cap gets it with a reason (`over`).
    Raises NotAllowed, NotLive, SameHolder, TooMuch, Stale.
    """
    row = locked_owned(question, by=by, verb="question.reassign", version=version)
    if holder is not None and not works_in(holder, row):
        raise NotAllowed
    if (holder.pk if holder else None) == row.holder_id:
        raise SameHolder
    if holder is not None and over is None:
        _fits(holder, row)
    _hold(row, holder.pk if holder else None, now)
    reason = {"over": str(over)} if over else {}
    save(row, "give-to", by, holder=str(holder.pk) if holder else "", **reason)
    if holder is not None and holder.pk != by.membership:
        _given(row, holder, now)
    return row


def _given(question: Question, holder: Membership, now: datetime) -> None:
    today = timezone.localdate(now)
    put_task(question, Task.Kind.GIVEN, due=today, now=now)
    say(
        question.municipality_id,
        "given",
        f"{question.pk}:{question.version}",
        of_holder(holder, on=today),
        path=reverse("question", args=[question.pk]),
    )


def _hold(question: Question, holder: UUID | None, now: datetime) -> None:
    """Let somebody hold the question; what it asks of its holder goes along."""
    if question.holder_id == holder:
        return
    question.holder_id = holder
    given = Task.objects.open().filter(question=question, team=question.team_id)
    given.filter(kind=Task.Kind.GIVEN).update(done_at=now)
    give_along(question)


@transaction.atomic
def go_on(
    *,
    question: Question,
    rung: Rung,
    next_action: str,
    next_on: date,
    by: Actor,
    now: datetime,
    skipped: str = "",
    version: int | None = None,
) -> Question:
    """Say what happens next, on which rung, and when: the question runs, and what asked for a
    next step is done.

    Going past a rung on which nothing was tried asks for a reason (`skipped`), kept as a try.
    The ladder is a help and never a wall: any reason will do.
    Raises NotAllowed, NotLive, NeedsNextStep, DayIsPast, SkipsRungs, Stale.
    """
    row = locked_owned(question, by=by, verb="question.work", version=version)
    today = timezone.localdate(now)
    what = one_line(next_action, 200)
    if not what:
        raise NeedsNextStep
    if next_on < today:
        raise DayIsPast
    skip_to(row, rung, reason=skipped, today=today, by=by)
    move(row, "go-on")
    row.rung, row.next_action, row.next_on, row.due_on = rung, what, next_on, next_on
    _hold(row, row.holder_id or by.membership, now)
    step_taken(row, now=now)
    if rung == Rung.SPECIALIST:  # now it is a report under the Wmo, whatever it was about
        put_by_law(row, {"wmo": terms_of(row.municipality_id).research(today)}, now=now)
    save(row, "go-on", by)
    return row


def _fits(holder: Membership, question: Question) -> None:
    most = terms_of(question.municipality_id).caseload
    load = load_of(holder.pk)
    added = weight(State(question.state), question.rung, is_acute=question.is_acute)
    if is_over(load, added, most):
        raise TooMuch(load, most)


@transaction.atomic
def close(
    *,
    question: Question,
    result: Result,
    rung_reached: Rung,
    is_told: bool,
    by: Actor,
    now: datetime,
    version: int | None = None,
) -> Question:
    """Close a question: with a result, the rung that was reached, and the resident told.

    Raises NotAllowed, NotLive, NeedsResult, NeedsTelling, Stale; StillOpen while a handover, a
    crisis, or what another team or a colleague does is open.
    """
    lock_all_of(question.person_id)
    row = locked_owned(question, by=by, verb="question.close", version=version)
    if not result or not rung_reached:
        raise NeedsResult
    if not is_told:
        raise NeedsTelling
    if found := in_the_way(row):
        raise StillOpen(found)
    move(row, "close")
    row.result, row.rung_reached, row.told_at = result, rung_reached, now
    end(row, by=by, now=now)
    save(row, "close", by, rung=rung_reached, result=str(result))
    _tell_ended(row, proxies_side(row))
    return row


@transaction.atomic
def stop(*, question: Question, name: str, by: Actor, now: datetime) -> Question:
    """End a question by the resident's own move: "withdraw" or "own-way".

    What other teams do must have ended before (handovers/actions/ending.py does both). Who held
    it hears so, for they may have promised something; so does who gets mail for the resident.
    Raises NotAllowed, WrongState, StillOpen.
    """
    lock_all_of(question.person_id)
    row = locked(question)
    _may_decide(row, by, MOVES[name].verb)
    if found := in_the_way(row).keys() - {"task", "dispute"}:  # who disputes may also stop
        raise StillOpen(found)
    owners, path = owners_side(row), way_in(row) or reverse("closed-questions")
    move(row, name)
    end(row, by=by, now=now)
    save(row, name, by)
    key = f"{row.pk}:{row.version}"
    say(row.municipality_id, "stopped", key, owners, path=path, nummer=row.reference)
    _tell_ended(row, residents_side(row) - _addresses_of(by))
    return row


@transaction.atomic
def reopen(
    *, question: Question, by: Actor, now: datetime, mistake: Mistake | None = None
) -> Question:
    """Open a question again within six weeks, with the same team, which hears it: what was to
    happen before is no longer the plan, and somebody listens first.

    After a death only who coordinates does so, and says which `mistake` it was.
    Raises NotAllowed, WrongState; TooLate when the six weeks are over or the team is no more:
    then a new question is asked that follows this one.
    """
    row = locked(question)
    own = Scope.OWN in by.may("question.withdraw") or Scope.MANDATE in by.may("question.withdraw")
    name = "reopen-own" if own and by.membership is None else "reopen"
    if name == "reopen-own":
        _may_decide(row, by, MOVES[name].verb)
    elif not by.machine and not Question.objects.ended_for(by).filter(pk=row.pk).exists():
        raise NotAllowed if row.ended_at or by.team != row.team_id else WrongState
    today = timezone.localdate(now)
    died = row.left == Left.DIED
    if row.ended_at is None or (died and mistake is None):
        raise WrongState
    if died and not looks_along(by, on=today):
        raise NotAllowed
    terms = terms_of(row.municipality_id)
    is_late = today > terms.reopens_until(timezone.localdate(row.ended_at))
    if is_late or row.team.archived_at or row.person_id is None:
        raise TooLate
    return _opened(row, name, by, now, **({"mistake": str(mistake)} if mistake and died else {}))


def open_again(row: Question, *, by: Actor, now: datetime) -> Question:
    """Open a locked question again because its resident says that it is not solved.

    Asked six weeks after closing, the answer may come when the six weeks of `reopen` are over.
    """
    return _opened(row, "reopen-own", by, now)


def _opened(row: Question, name: str, by: Actor, now: datetime, **details: str) -> Question:
    move(row, name)
    row.next_action, row.next_on = "", None
    row.ended_at, row.result, row.rung_reached, row.told_at = None, "", "", None
    row.left = ""
    terms = terms_of(row.municipality_id)
    row.due_on = terms.after(timezone.localdate(now), terms.reply)
    save(row, "reopen", by, **details)
    put_task(row, Task.Kind.REOPENED, due=row.due_on, now=now)
    if name == "reopen-own":
        key, path = f"{row.pk}:{row.version}", reverse("question", args=[row.pk])
        if not way_in(row):  # who has none signs in; the others hear by their link
            say(row.municipality_id, "reopened", key, owners_side(row), path=path)
    tell_reopened(row)
    return row


def _tell_ended(row: Question, recipients: Iterable[str]) -> None:
    key, path = f"{row.pk}:{row.version}", reverse("my-question", args=[row.pk])
    everybody = set(recipients)
    told = everybody & told_side(row)
    say(row.municipality_id, "ended", key, everybody - told, path=path)
    say(row.municipality_id, "ended-told", key, told, path=path)


def _addresses_of(by: Actor) -> set[str]:
    persons = Person.objects.filter(pk=by.person) if by.person else Person.objects.none()
    return set(persons.values_list("email", flat=True))


def _may_decide(question: Question, by: Actor, verb: str) -> None:
    if not (by.machine or decides_for(by, question.person_id, verb=verb)):
        raise NotAllowed
