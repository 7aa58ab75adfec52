"""What every action on a question does: lock, see that nothing changed meanwhile, save."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db.models import Q, QuerySet
from django.utils import timezone

from omzien.journal.actions import record
from omzien.journal.rows import remembered, write_changes
from omzien.people.gates import by_key
from omzien.people.kept import Change, kept, kept_change
from omzien.people.models import Membership, SamePerson
from omzien.people.queries.same import is_self
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question, Task
from omzien.questions.refusals import NotAllowed, NotLive, Stale, WrongState
from omzien.questions.rules.states import MOVES, RESIDENT, State, may_move


def locked(question: Question | UUID, *, version: int | None = None) -> Question:
    """Return the question, locked until the transaction ends.

    `version` is what the page showed; Raises Stale when the question changed since.
    """
    key = question.pk if isinstance(question, Question) else question
    rows = _locked(key)
    if not rows:
        raise Question.DoesNotExist
    row = remembered(rows[0])
    if version is not None and row.version != version:
        raise Stale
    return row


@kept
def _locked(key: UUID) -> QuerySet[Question, Question]:
    rows = Question.objects.select_related("municipality", "village")
    return rows.select_for_update(of=("self",)).filter(pk=key)


def lock_all_of(person: UUID | None) -> None:
    """Lock the live questions of a person, also as who turned out to be the same, in one order,
    until the transaction ends.

    What rests on a ground checks it under the lock of its question. So a ground ends after this:
    what was being shared is there to end, and what begins to be shared sees that it ended. What
    ends one question looks at the others of the same person, and comes here before it locks it.
    """
    if person is not None:
        links = SamePerson.objects.around(person)
        one = Q(person=person) | Q(person__in=links.values("person"))
        one |= Q(person__in=links.values("other"))
        rows = Question.objects.live().filter(one).order_by("pk")
        list(rows.select_for_update(of=("self",)).values_list("pk"))


def locked_owned(
    question: Question | UUID, *, by: Actor, verb: str, version: int | None = None
) -> Question:
    """Return the question, locked, that `by` works on for the owner team under a verb: `locked`
    and `owned` in one query. Raises Stale, NotAllowed and NotLive.
    """
    key = question.pk if isinstance(question, Question) else question
    rows = Question.objects.visible_to(by, verb=verb).select_related("municipality", "village")
    found = None if by.machine else by_key(rows, key, lock=("self",))
    if found is None:  # the two by themselves know why not
        found = locked(key, version=version)
        owned(found, by=by, verb=verb)
        return found
    if version is not None and found.version != version:
        raise Stale
    if by.team != found.team_id:
        raise NotAllowed
    if not found.is_live:
        raise NotLive
    return remembered(found)


def owned(question: Question, *, by: Actor, verb: str) -> None:
    """Check that `by` works for the owner team under a verb. Raises NotAllowed and NotLive."""
    if by.machine:
        return
    if not by.may(verb) or by.team is None or by.team != question.team_id:
        raise NotAllowed
    if not question.is_live:
        raise NotLive
    if not Question.objects.lets(by, verb, question.pk):
        raise NotAllowed  # their own question, or that of a relative


def move(question: Question, name: str) -> None:
    """Set the state that a move leads to. Raises WrongState."""
    if not may_move(name, State(question.state)):
        raise WrongState
    question.state = MOVES[name].end


def save(question: Question, verb: str, by: Actor, **details: Any) -> None:
    """Write the question with a new version, and its fact, which says which version it made."""
    question.version += 1
    write_changes(question)
    note(question, verb, by, version=question.version, **details)


def note(question: Question, verb: str, by: Actor, **details: Any) -> None:
    """Write one fact about a question: labels and keys, never a word of the resident, nor what
    it is about.
    """
    record(
        verb=verb,
        subject="question",
        subject_id=question.pk,
        by=key_of(by, question),
        municipality=question.municipality_id,
        area=question.village.slug[:40],
        rung=details.pop("rung", question.rung),
        **details,
    )


def key_of(by: Actor, question: Question) -> str:
    """Return who this is in a fact about a question. The resident is nobody's key there: facts
    stay when the question is forgotten, and must not tell then of whom it was.
    """
    return RESIDENT if is_self(by, question.person_id) else by.key


def once(within: UUID, key: UUID | None, *words: object) -> UUID:
    """Return the primary key of what a form adds to something: the same for the same form with
    the same words, so that sent twice is once. Other words on a page that a browser kept are
    something else; without a key everything is.
    """
    return uuid5(within, repr((key, *words))) if key else uuid4()


def answered(question: Question, *, now: datetime) -> None:
    """Remember when a person answered for the first time."""
    question.replied_at = question.replied_at or now


def sooner(now: date | None, day: date) -> date:
    """Return the earlier of two days of a clock; one that stands still counts as later."""
    return day if now is None else min(now, day)


def bring_forward(question: Question, due: date) -> None:
    """Let the owner see the question by a day, where its clock runs longer."""
    day = sooner(question.due_on, due)
    if day != question.due_on:
        question.due_on = day
        question.version += 1
        question.save(update_fields=["due_on", "version"])


def put_task(
    question: Question,
    kind: Task.Kind = Task.Kind.OWN,
    *,
    due: date,
    now: datetime,
    what: str = "",
    to_team: bool = False,
) -> Task:
    """Put a task on the list of who holds the question, or of the team where nobody does, where
    a coordinator looks, or where anybody there may do it. One of no other kind says `what`,
    and so does what came in from elsewhere.
    """
    is_of_team = to_team or kind == Task.Kind.COORDINATOR
    return Task.objects.create(
        municipality_id=question.municipality_id,
        question=question,
        kind=kind,
        what=what,
        team_id=question.team_id,
        holder_id=None if is_of_team else question.holder_id,
        due_on=due,
        made_at=now,
    )


def give_along(question: Question) -> None:
    """Let who holds the question, or the desk, have what it asks of its holder."""
    asked = Task.objects.open().filter(question=question, team=question.team_id)
    asked.filter(kind__in=Task.OF_HOLDER).update(holder=question.holder_id)


def step_taken(question: Question, *, now: datetime) -> None:
    """Let what asked the owner for a next step be done."""
    _steps_done(question.pk, question.team_id, now)


@kept_change
def _steps_done(question: UUID, team: UUID, now: datetime) -> Change:
    asked = Task.objects.open().filter(question=question, team=team, kind__in=Task.STEPS)
    return asked, {"done_at": now}


def works_in(holder: Membership, question: Question) -> bool:
    """Tell whether somebody works in the team of a question now, and can sign in."""
    here = Membership.objects.at_work(on=timezone.localdate())
    return here.filter(pk=holder.pk, team=question.team_id).exists()
