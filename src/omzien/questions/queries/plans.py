"""A plan as somebody may read it."""

from dataclasses import dataclass
from typing import Any

from omzien.people.rules.roles import Actor
from omzien.questions.models import Goal, PlanAction, Question, Tie
from omzien.questions.rules.plans import Moment, Who, shift


@dataclass(frozen=True)
class ActionLine:
    """One action; `name` is "" for the resident, and for somebody whose name is not shared."""

    row: PlanAction
    name: str


@dataclass(frozen=True)
class GoalView:
    """One goal with its actions and who carries it."""

    row: Goal
    actions: tuple[ActionLine, ...]
    before: Any
    after: Any
    shift: int | None


def plan_of(question: Question, *, actor: Actor) -> list[GoalView]:
    """Return the goals of a question with their actions, in four queries.

    Somebody of the own network is named only to who may see the map.
    """
    rows = Goal.objects.visible_to(actor).filter(question=question)
    goals = list(rows.prefetch_related("actions__membership__person", "splits"))
    ties = dict(
        Tie.objects.visible_to(actor).filter(person=question.person_id).values_list("pk", "name")
    )
    found = []
    for goal in goals:
        splits = {one.moment: one.split for one in goal.splits.all()}
        before, after = splits.get(Moment.BEFORE), splits.get(Moment.AFTER)
        lines = tuple(ActionLine(one, _name(one, ties)) for one in goal.actions.all())
        found.append(GoalView(goal, lines, before, after, shift(before, after)))
    return found


def _name(action: PlanAction, ties: dict[Any, str]) -> str:
    if action.who == Who.TIE:
        return ties.get(action.tie_id, "")
    if action.who == Who.WORKER and action.membership is not None:
        person = action.membership.person
        return person.first_name or person.name
    return action.name
