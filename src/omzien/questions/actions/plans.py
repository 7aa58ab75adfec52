"""The plan: goals in the resident's own words, and who does what for them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.kernel.ladder import Rung
from omzien.kernel.text import clean, one_line
from omzien.people.models import Membership
from omzien.people.queries.same import is_self
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.actions.together import holds_pen, works_on
from omzien.questions.actions.writing import locked, note, once
from omzien.questions.models import Goal, PlanAction, Question, StrengthSplit, Tie
from omzien.questions.refusals import (
    DayIsPast,
    IsLocked,
    NeedsWho,
    NeedsWords,
    NotAFirstName,
    NotAHundred,
    NotAllowed,
    NotLive,
    Stale,
    TooLong,
    TooMany,
)
from omzien.questions.rules.network import first_name
from omzien.questions.rules.plans import (
    LONGEST_WORDS,
    MOST_ACTIONS,
    MOST_GOALS,
    ActionState,
    GoalState,
    Moment,
    Split,
    Who,
    WithWhom,
)


@transaction.atomic
def add_goal(
    *,
    question: Question,
    words: str,
    by: Actor,
    now: datetime,
    together: bool = False,
    key: UUID | None = None,
) -> Goal:
    """Write down what the resident wants, in their words; by the same `key` it is once.

    Raises NotAllowed, NotLive, NeedsResident, NeedsWords, TooLong, TooMany.
    """
    row = locked(question)
    whom = holds_pen(row, by=by, verb="plan.change", together=together)
    text = _words(words)
    own = once(row.pk, key, text)
    if before := Goal.objects.filter(pk=own).first():
        return before
    if row.goals.count() >= MOST_GOALS:
        raise TooMany(MOST_GOALS)
    goal = Goal.objects.create(
        pk=own,
        municipality_id=row.municipality_id,
        question=row,
        words=text,
        together=whom == WithWhom.TOGETHER,
        created_at=now,
    )
    note(row, "add-goal", by, goal=str(goal.pk), together=goal.together)
    return goal


@transaction.atomic
def change_goal(
    *, goal: Goal, words: str, by: Actor, version: int | None = None, together: bool = False
) -> Goal:
    """Change the words of a goal. Locked by the resident, nobody else does.

    Raises NotAllowed, NotLive, NeedsResident, IsLocked, NeedsWords, TooLong, Stale.
    """
    question, row = _held(goal)
    whom = holds_pen(question, by=by, verb="plan.change", together=together)
    if row.is_locked and not is_self(by, question.person_id):
        raise IsLocked
    if version is not None and version != row.version:
        raise Stale
    row.words, row.together = _words(words), whom == WithWhom.TOGETHER
    _save(row)
    note(question, "change-goal", by, goal=str(row.pk), together=row.together)
    return row


@transaction.atomic
def lock_goal(*, goal: Goal, is_locked: bool, by: Actor) -> Goal:
    """Lock one's own words, or open them again: the resident only. Raises NotAllowed, NotLive."""
    question, row = _held(goal)
    if not is_self(by, question.person_id):
        raise NotAllowed
    holds_pen(question, by=by, verb="plan.change", together=False)
    if row.is_locked != is_locked:
        row.is_locked = is_locked
        _save(row)
        note(question, "lock-goal" if is_locked else "open-goal", by, goal=str(row.pk))
    return row


@transaction.atomic
def end_goal(*, goal: Goal, state: GoalState, by: Actor, together: bool = False) -> Goal:
    """Say where a goal stands: reached, dropped, or open again.

    Raises NotAllowed, NotLive, NeedsResident, IsLocked.
    """
    question, row = _held(goal)
    whom = holds_pen(question, by=by, verb="plan.change", together=together)
    if row.is_locked and not is_self(by, question.person_id):
        raise IsLocked
    if row.state != state:
        row.state = state
        _save(row)
        is_together = whom == WithWhom.TOGETHER
        note(question, f"goal-{state}", by, goal=str(row.pk), together=is_together)
    return row


@dataclass(frozen=True, kw_only=True)
class Doing:
    """Who does what, when, on which rung."""

    who: Who
    what: str
    rung: Rung
    due_on: date | None = None
    name: str = ""
    tie: Tie | None = None
    membership: Membership | None = None
    service: UUID | None = None


@transaction.atomic
def add_action(
    *,
    goal: Goal,
    doing: Doing,
    by: Actor,
    now: datetime,
    together: bool = False,
    key: UUID | None = None,
) -> PlanAction:
    """Add what somebody does for a goal; by the same `key` it is once.

    Raises NotAllowed, NotLive, NeedsResident, NeedsWords, NeedsWho, NotAFirstName, DayIsPast,
    TooMany.
    """
    question, row = _held(goal)
    whom = holds_pen(question, by=by, verb="plan.act", together=together)
    what = one_line(doing.what, 300)
    if not what:
        raise NeedsWords
    if doing.due_on and doing.due_on < timezone.localdate(now):
        raise DayIsPast
    own = once(row.pk, key, doing)
    if before := PlanAction.objects.filter(pk=own).first():
        return before
    if row.actions.count() >= MOST_ACTIONS:
        raise TooMany(MOST_ACTIONS)
    action = PlanAction.objects.create(
        pk=own,
        municipality_id=question.municipality_id,
        goal=row,
        what=what,
        rung=doing.rung,
        due_on=doing.due_on,
        together=whom == WithWhom.TOGETHER,
        created_at=now,
        **_who(doing, question, by),
    )
    note(question, "add-action", by, rung=doing.rung, action=str(action.pk), who=str(doing.who))
    return action


@transaction.atomic
def end_action(
    *,
    action: PlanAction,
    state: ActionState,
    by: Actor,
    now: datetime,
    together: bool = False,
) -> PlanAction:
    """Say that an action is done, or that it will not happen, or that it is open again.

    A worker says so of what their own team or a provider does; of the rest together with the
    resident. Raises NotAllowed, NotLive, NeedsResident.
    """
    question, _goal = _held(Goal(pk=action.goal_id))
    row = PlanAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if _is_mine(row, question, by):
        if not question.is_live:
            raise NotLive
    else:
        holds_pen(question, by=by, verb="plan.act", together=together)
    if row.state != state:
        row.state = state
        row.ended_at = None if state == ActionState.OPEN else now
        row.save(update_fields=["state", "ended_at"])
        note(question, f"action-{state}", by, rung=row.rung, action=str(row.pk), who=row.who)
    return row


@transaction.atomic
def split_goal(
    *, goal: Goal, moment: Moment, split: Split, by: Actor, now: datetime, together: bool = False
) -> StrengthSplit:
    """Note who carries a goal, before or after: one's own strength, one's people, professionals.

    Said again, the last one stands. Raises NotAllowed, NotLive, NeedsResident, NotAHundred.
    """
    question, row = _held(goal)
    own = is_self(by, question.person_id)
    verb = "outcome.report" if own else "outcome.measure"
    whom = holds_pen(question, by=by, verb=verb, together=together)
    if not split.is_whole:
        raise NotAHundred
    fields = {
        "own": split.own,
        "network": split.network,
        "professional": split.professional,
        "with_whom": whom,
        "at": now,
    }
    found, _made = StrengthSplit.objects.update_or_create(
        goal=row,
        moment=moment,
        defaults=fields,
        create_defaults=fields | {"municipality_id": question.municipality_id},
    )
    note(question, "split-goal", by, goal=str(row.pk), moment=str(moment), with_whom=str(whom))
    return found


def _held(goal: Goal) -> tuple[Question, Goal]:
    """Return the question, locked first, and the goal."""
    key = Goal.objects.values_list("question", flat=True).get(pk=goal.pk)
    question = locked(key)
    return question, Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)


def _save(goal: Goal) -> None:
    goal.version += 1
    goal.save()


def _words(typed: str) -> str:
    text = clean(typed)
    if not text:
        raise NeedsWords
    if len(text) > LONGEST_WORDS:
        raise TooLong(LONGEST_WORDS)
    return text


def _who(doing: Doing, question: Question, by: Actor) -> dict[str, object]:
    """Return the columns that say who does it; what does not belong to the kind stays empty."""
    found: dict[str, object] = {"who": doing.who}
    if doing.who == Who.TIE:
        visible = Tie.objects.visible_to(by).filter(person=question.person_id)
        if doing.tie is None or not visible.filter(pk=doing.tie.pk).exists():
            raise NeedsWho
        found["tie"] = doing.tie
    elif doing.who == Who.NEIGHBOUR:
        if not (name := first_name(doing.name)):
            raise NotAFirstName
        found["name"] = name
    elif doing.who == Who.WORKER:
        found["membership"] = _worker(doing, question, by)
    elif doing.who == Who.PROVIDER:
        found["name"] = one_line(doing.name, 120)
        found["service"] = doing.service
        if not found["name"]:
            raise NeedsWho
    return found


def _worker(doing: Doing, question: Question, by: Actor) -> Membership | None:
    """Return the worker of the owner team; the resident who names none means the team."""
    if doing.membership is None:
        return None
    here = Membership.objects.at_work(on=timezone.localdate())
    if not here.filter(pk=doing.membership.pk, team=question.team_id).exists():
        raise NeedsWho
    return doing.membership


def _is_mine(action: PlanAction, question: Question, by: Actor) -> bool:
    """Tell whether a worker may say this without the resident: their own side's action."""
    reach = by.may("plan.act")
    if by.membership is None or not works_on(question, by):
        return False
    if Scope.OWN in reach:  # a partner's worker: only what stands on their own name
        return action.membership_id == by.membership
    return Scope.TOGETHER in reach and action.who in (Who.WORKER, Who.PROVIDER)
