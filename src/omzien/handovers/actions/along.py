"""Working along: another team does a part, and the question stays where it is."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.others import (
    locked_row,
    move,
    other_team,
    put_answer,
    save,
    tell_of,
)
from omzien.handovers.actions.writing import give_back, needs_ground
from omzien.handovers.mails import MAILS
from omzien.handovers.models import Involvement
from omzien.handovers.refusals import (
    AlreadyOpen,
    DayIsPast,
    NeedsReason,
    NeedsWords,
    NotAllowed,
    WrongState,
)
from omzien.handovers.rules.along import AlongState
from omzien.kernel.text import one_line
from omzien.messages.letters import write_to
from omzien.people.models import Team
from omzien.people.rules.grounds import LET_ALONG
from omzien.people.rules.roles import Actor
from omzien.questions.actions.discussing import keep_decision, unseat_uncovered
from omzien.questions.actions.telling import mailboxes
from omzien.questions.actions.writing import locked, locked_owned, note, once, owned, step_taken
from omzien.questions.models import Discussion, DiscussionTeam, Question, Task
from omzien.questions.terms import terms_of

# What the owner finds on the list.
ANSWERED = "Een ander team gaf antwoord over meedoen. Kijk bij Samen met anderen."
NO_ANSWER = "Een ander team gaf geen antwoord over meedoen. Vraag een ander team, of bel het."


@transaction.atomic
def involve(
    *,
    question: Question,
    team: Team,
    part: str,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Involvement:
    """Ask another team to do a part. It sees the question as far as a ground goes. By the same
    `key`, of the form, it is once.

    Raises NotAllowed, NotLive, SameTeam, TeamArchived, NobodyReads, NeedsWords, NeedsGround,
    AlreadyOpen.
    """
    row = locked_owned(question, by=by, verb="handover.offer")
    other_team(row, team, now=now)
    words = one_line(part, 300)
    if not words:
        raise NeedsWords
    own = once(row.pk, key, team.pk, words)
    if before := Involvement.objects.filter(pk=own).first():
        return before
    needs_ground(row, team, now=now, purposes=LET_ALONG)
    today, terms = timezone.localdate(now), terms_of(row.municipality_id)
    try:
        with transaction.atomic():
            found = Involvement.objects.create(
                pk=own,
                municipality_id=row.municipality_id,
                question=row,
                team=team,
                part=words,
                remind_on=terms.after(today, terms.remind),
                due_on=terms.after(today, terms.answer),
                asked_at=now,
            )
    except IntegrityError:
        raise AlreadyOpen from None
    step_taken(row, now=now)
    note(row, "involve", by, team=str(team.pk))
    tell_of(found, team, "along-asked")
    return found


@transaction.atomic
def move_involvement(
    *,
    involvement: Involvement,
    name: str,
    by: Actor,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> Involvement:
    """Join, decline or leave, as the other team; or end it, as the owner.

    What the other team still had to do becomes the owner's. Raises NotAllowed, NotLive,
    WrongState, Stale, NeedsReason, NeedsGround.
    """
    question = locked(involvement.question_id)
    row = locked_row(involvement, version)
    if name == "end":
        owned(question, by=by, verb="question.work")
    elif by.person is None or by.team != row.team_id or not by.may("question.work"):
        raise NotAllowed
    elif not Question.objects.apart_from(by).filter(pk=question.pk).exists():
        raise NotAllowed  # of a relative
    if name == "decline" and not reason.strip():
        raise NeedsReason
    move(row, name)
    if name == "join":
        needs_ground(question, row.team, now=now, purposes=LET_ALONG)
    row.reason, row.due_on = one_line(reason, 300), None
    if name in ("join", "decline"):
        row.answered_at = now
    if name == "join":
        save(row)
    else:
        _end(row, question, now)
    note(question, f"{name}-along", by, team=str(row.team_id))
    if name != "end":
        put_answer(question, ANSWERED, now)
    team, what = (row.team, "along-ended") if name == "end" else (question.team, "along-answered")
    tell_of(row, team, what, mark=f":{name}")
    return row


def stop_uncovered(*, person: UUID, by: Actor, now: datetime) -> int:
    """End the parts in a person's questions, and the seats in coming discussions, that no ground
    covers any more.

    Both teams hear it, and the next step is on the owner's list. Returns how many ended.
    """
    parts = Involvement.objects.uncovered(at=now).filter(question__person=person)
    seats = DiscussionTeam.objects.uncovered(at=now).filter(discussion__question__person=person)
    questions = (
        parts.order_by()
        .values_list("question", flat=True)
        .union(seats.order_by().values_list("discussion__question", flat=True))
    )
    return sum(_stop_uncovered(key, by, now) for key in sorted(questions))


def _stop_uncovered(key: UUID, by: Actor, now: datetime) -> int:
    question = locked(key)
    parts = Involvement.objects.uncovered(at=now).filter(question=question)
    ended = list(parts.select_related("team", "municipality").select_for_update(of=("self",)))
    for part in ended:
        _end_for_team(part, question, by=by, now=now)
    count = len(ended) + unseat_uncovered(question, by=by, now=now)
    if count and question.is_live:
        give_back(question, now=now, to_coordinator=False)
        write_to(
            mailboxes(question.team),
            MAILS,
            "team-along-stopped",
            municipality=question.municipality,
            key=f"along-stopped:{question.pk}:{now.isoformat()}",
            path=reverse("along", args=[question.pk]),
        )
    return count


def end_along(question: Question, *, by: Actor, now: datetime) -> None:
    """End the parts of a question that ends; each team hears so."""
    rows = Involvement.objects.open().filter(question=question).select_for_update(of=("self",))
    for part in rows:
        _end_for_team(part, question, by=by, now=now)


def _end_for_team(part: Involvement, question: Question, *, by: Actor, now: datetime) -> None:
    """End a part that the other team did not end itself; it hears so."""
    move(part, "end")
    _end(part, question, now)
    note(question, "end-along", by, team=str(part.team_id))
    tell_of(part, part.team, "along-ended", mark=":end")


def _end(part: Involvement, question: Question, now: datetime) -> None:
    """Save a part that ended; what its team still had to do becomes the owner's."""
    part.ended_at, part.due_on = now, None
    save(part)
    Task.objects.open().filter(question=question, team=part.team_id).update(
        team_id=question.team_id, holder=None
    )


@transaction.atomic
def give_task(
    *,
    involvement: Involvement,
    what: str,
    due_on: date,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Task:
    """Give a team that works along something to do, and tell it; by the same `key`, of the form,
    once.

    Raises NotAllowed, NotLive, WrongState, NeedsWords, DayIsPast.
    """
    question = locked_owned(involvement.question_id, by=by, verb="question.work")
    row = locked_row(involvement, None)
    if row.state != AlongState.ALONG:
        raise WrongState
    words = one_line(what, 200)
    if not words:
        raise NeedsWords
    if due_on < timezone.localdate(now):
        raise DayIsPast
    own = once(question.pk, key, words, due_on, row.team_id)
    if before := Task.objects.filter(pk=own).first():
        return before
    task = Task.objects.create(
        pk=own,
        municipality_id=row.municipality_id,
        question=question,
        what=words,
        team_id=row.team_id,
        due_on=due_on,
        made_at=now,
    )
    note(question, "add-task", by, task=str(task.pk), team=str(row.team_id))
    tell_of(row, row.team, "along-task", mark=f":{task.pk}")
    return task


@transaction.atomic
def decide_for(
    *,
    discussion: Discussion,
    involvement: Involvement,
    what: str,
    due_on: date,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Task:
    """Write down what a discussion decided that another team does: a task of that team.

    Raises WrongState for a part in another question, and what `give_task` raises.
    """
    if discussion.question_id != involvement.question_id:
        raise WrongState
    task = give_task(involvement=involvement, what=what, due_on=due_on, by=by, now=now, key=key)
    keep_decision(discussion, task)
    return task
