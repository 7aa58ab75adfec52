"""The plan of a question: one page for the resident, one for who works on it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.kernel.ladder import Rung
from omzien.people.models import Membership
from omzien.people.queries.mandates import decides
from omzien.questions.actions.network import withdraw_school
from omzien.questions.actions.plans import (
    Doing,
    add_action,
    add_goal,
    change_goal,
    end_action,
    end_goal,
    lock_goal,
    split_goal,
)
from omzien.questions.actions.tries import add_try, finish_try
from omzien.questions.models import (
    Attempt,
    Goal,
    NetworkShare,
    PlanAction,
    Question,
    Tie,
    YoungCarerSignal,
)
from omzien.questions.queries.advice import Advice, advice
from omzien.questions.queries.measures import instruments_of, measured
from omzien.questions.queries.plans import GoalView, plan_of
from omzien.questions.refusals import (
    DayIsPast,
    NeedsReason,
    NeedsResident,
    NeedsWho,
    NotAFirstName,
    NotAHundred,
    NotAllowed,
    Refused,
    SkipsRungs,
    Stale,
)
from omzien.questions.rules.plans import ActionState, GoalState, Moment, Split, Who
from omzien.web.doors import needs
from omzien.web.logged import logged, resident_of
from omzien.web.plan_words import said
from omzien.web.plans.forms import ActionForm, EndTryForm, GoalForm, SplitForm, TryForm
from omzien.web.plans.gates import question_of
from omzien.web.plans.measuring import shown
from omzien.web.plans.network import fitting
from omzien.web.request import Request, the_row

M = TypeVar("M", bound=Model)
FIELD = {
    NeedsResident: "together", NotAFirstName: "name", NeedsWho: "who", NeedsReason: "reason",
    NotAHundred: "own", SkipsRungs: "skipped", DayIsPast: "due_on",
}  # fmt: skip


@dataclass
class Desk:
    """What a request is about, and the form that must be shown again when it went wrong."""

    request: Request
    question: Question
    people: list[tuple[str, Any]]
    failed: dict[str, forms.Form] = field(default_factory=dict)
    status: int = 200

    def form(self, name: str, make: Callable[[], forms.Form]) -> forms.Form:
        """Return the form as it was sent, where it went wrong, or a fresh one."""
        return self.failed.get(name) or make()


@needs("plan.keep")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=resident_of)
def my_plan(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show the own plan: one's own words, who does what, what was shared with a school."""
    return _plan(request, key, mine=True)


@needs("plan.read")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=resident_of)
def plan(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show the plan to who works on it: what is written here is written together."""
    return _plan(request, key, mine=False)


def _plan(request: Request, key: uuid.UUID, *, mine: bool) -> HttpResponse:
    question = question_of(request.actor, key)
    desk = Desk(request, question, _people(request, question, mine=mine))
    if request.method == "POST" and (answer := _done(desk, mine=mine)):
        return answer
    now = timezone.localtime()
    signals = YoungCarerSignal.objects.visible_to(request.actor).filter(question=question)
    context = {
        "mine": mine,
        "question": question,
        "goals": [_goal(desk, view) for view in plan_of(question, actor=request.actor)],
        "goal_form": desk.form("add-goal", lambda: GoalForm(prefix="add-goal")),
        "try_form": desk.form("try", lambda: TryForm(prefix="try")),
        "measured": shown(measured(question, actor=request.actor)),
        "instruments": instruments_of(question.municipality_id).values(),
        "signals": signals.standing(),
        "failed": next(iter(desk.failed.values()), None),
        **_rights(request, question),
        "may_record": bool(request.actor.may("consent.record")),
        **_ladder(desk, now),
    }
    return render(request, "plans/plan.html", context, status=desk.status)


def _rights(request: Request, question: Question) -> dict[str, bool]:
    """Return which forms the page shows; the actions decide."""
    actor = request.actor
    is_mine = actor.membership is None or actor.team == question.team_id
    may_decide = decides(actor, on=timezone.localdate())
    live = question.is_live and is_mine and may_decide
    return {
        "is_live": question.is_live,
        "may_decide": may_decide,
        "may_write": live and bool(actor.may("plan.change")),
        "may_act": live and bool(actor.may("plan.act")),
        "may_try": live and (actor.membership is None or bool(actor.may("question.work"))),
        "may_measure": live and bool(actor.may("outcome.report") or actor.may("outcome.measure")),
    }


def _advice(desk: Desk, now: Any) -> Advice:
    actor, question = desk.request.actor, desk.question
    is_shared = (
        actor.membership is None
        or NetworkShare.objects.reaching(actor).filter(question=question).exists()
    )
    return advice(question, actor=actor, now=now, map_is_shared=is_shared)


def _ladder(desk: Desk, now: Any) -> dict[str, Any]:
    """Return the advice, and a form for each try that is still busy."""
    question = desk.question
    found = _advice(desk, now)
    rungs = [
        {
            "advice": one,
            "people": fitting([fit.tie for fit in one.people], question.topics),  # type: ignore[misc]
            "tries": [(row, _end_form(desk, row)) for row in one.tries],
        }
        for one in found.rungs
    ]
    return {"advice": found, "rungs": rungs}


def _end_form(desk: Desk, row: Attempt) -> forms.Form | None:
    if row.result != Attempt.Result.BUSY:
        return None
    name = f"end-try-{row.pk}"
    return desk.form(name, lambda: EndTryForm(prefix=name))


def _goal(desk: Desk, view: GoalView) -> dict[str, Any]:
    """Return a goal with its forms; each has its own names, for the page holds many."""
    row = view.row
    change, act, split = (f"{name}-{row.pk}" for name in ("change-goal", "add-action", "split"))
    first = {"words": row.words, "version": row.version}
    return {
        "view": view,
        "change": desk.form(change, lambda: GoalForm(prefix=change, initial=first)),
        "act": desk.form(act, lambda: ActionForm(prefix=act, people=desk.people)),
        "split": desk.form(split, lambda: SplitForm(prefix=split)),
        "open": {name for name in ("change-goal", "add-action", "split")
                 if f"{name}-{row.pk}" in desk.failed},
    }  # fmt: skip


def _people(request: Request, question: Question, *, mine: bool) -> list[tuple[str, Any]]:
    """Return who can do an action: (value, label)."""
    ties = Tie.objects.visible_to(request.actor).filter(person=question.person_id)
    found: list[tuple[str, Any]] = [("resident", _("Ikzelf") if mine else _("De inwoner"))]
    found += [(f"tie:{one.pk}", one.name) for one in ties]
    found.append(("neighbour", _("Een buur of vrijwilliger (vul de voornaam in)")))
    found.append(("worker", _("Iemand van %(team)s") % {"team": question.team.name}))
    if request.actor.membership and request.actor.team == question.team_id:
        found.append((f"worker:{request.actor.membership}", _("Ikzelf, van het team")))
    found.append(("provider", _("Een aanbieder (vul de naam in)")))
    return found


# What is done


def _done(desk: Desk, *, mine: bool) -> HttpResponse | None:
    """Do what was posted; None when the page must be shown again."""
    request = desk.request
    do = request.POST.get("do", "")
    if do not in DOING:
        raise Http404
    try:
        message = DOING[do](desk)
    except NotAllowed:
        raise Http404 from None
    except Refused as refusal:
        if not desk.failed:
            messages.error(request, said(refusal))
            return _back(desk, mine=mine)
        _explain(desk, refusal)
        return None
    if message is None:
        desk.status = 400
        return None
    messages.success(request, message)
    return _back(desk, mine=mine)


def _back(desk: Desk, *, mine: bool) -> HttpResponse:
    name = "my-plan" if mine else "plan"
    return HttpResponseRedirect(reverse(name, args=[desk.question.pk]))


def _explain(desk: Desk, refusal: Refused) -> None:
    """Say at the form why not; who was too late sees what stands there now, and keeps their own."""
    form = next(iter(desk.failed.values()))
    desk.status = 400
    if isinstance(refusal, Stale):
        desk.status = 409
        goal = _goal_of(desk)
        data = desk.request.POST.copy()
        data[form.add_prefix("version")] = str(goal.version)
        form.data = data
        now = _("Iemand anders veranderde dit net. Nu staat er: “%(words)s”. Jouw tekst staat "
                "nog in het veld. Bewaar opnieuw als jouw tekst moet gelden.")  # fmt: skip
        form.add_error("words", now % {"words": goal.words})
        return
    name = FIELD.get(type(refusal))
    form.add_error(name if name in form.fields else None, said(refusal))


def _checked(desk: Desk, name: str, form: forms.Form) -> dict[str, Any] | None:
    """Return what a form holds, and keep the form for when the action refuses."""
    desk.failed = {name: form}
    return form.cleaned_data if form.is_valid() else None


def _together(desk: Desk) -> bool:
    return desk.request.POST.get("together") == "on"


def _named(desk: Desk, field: str, rows: QuerySet[M]) -> M:
    """Return the row whose key the form carries in a field. Raises Http404."""
    return the_row(rows, desk.request.POST.get(field))


def _goal_of(desk: Desk) -> Goal:
    rows = Goal.objects.visible_to(desk.request.actor).filter(question=desk.question)
    return _named(desk, "goal", rows)


def _add_goal(desk: Desk) -> str | None:
    form = GoalForm(desk.request.POST, prefix="add-goal")
    if (values := _checked(desk, "add-goal", form)) is None:
        return None
    add_goal(
        question=desk.question, words=values["words"], now=timezone.now(),
        together=values["together"], by=desk.request.actor, key=values["key"],
    )  # fmt: skip
    return _("Het doel staat in het plan.")


def _change_goal(desk: Desk) -> str | None:
    goal = _goal_of(desk)
    name = f"change-goal-{goal.pk}"
    if (values := _checked(desk, name, GoalForm(desk.request.POST, prefix=name))) is None:
        return None
    change_goal(
        goal=goal, words=values["words"], version=values["version"],
        together=values["together"], by=desk.request.actor,
    )  # fmt: skip
    return _("Het doel is veranderd.")


def _lock_goal(desk: Desk) -> str:
    is_locked = desk.request.POST.get("locked") == "ja"
    lock_goal(goal=_goal_of(desk), is_locked=is_locked, by=desk.request.actor)
    return (
        _("Je tekst staat vast. Alleen jij kunt hem veranderen.")
        if is_locked
        else _("Je tekst staat niet meer vast.")
    )


def _end_goal(desk: Desk) -> str:
    state = _one_of(GoalState, desk.request.POST.get("state"))
    end_goal(goal=_goal_of(desk), state=state, together=_together(desk), by=desk.request.actor)
    return _("Dat staat in het plan.")


def _add_action(desk: Desk) -> str | None:
    goal = _goal_of(desk)
    name = f"add-action-{goal.pk}"
    form = ActionForm(desk.request.POST, prefix=name, people=desk.people)
    if (values := _checked(desk, name, form)) is None:
        return None
    kind, _colon, key = values["who"].partition(":")
    ties = Tie.objects.visible_to(desk.request.actor).filter(person=desk.question.person_id)
    members = Membership.objects.filter(team=desk.question.team_id)
    doing = Doing(
        who=Who(kind),
        what=values["what"],
        rung=Rung(values["rung"]),
        due_on=values["due_on"],
        name=values["name"],
        tie=ties.filter(pk=key).first() if kind == Who.TIE else None,
        membership=members.filter(pk=key).first() if kind == Who.WORKER and key else None,
    )
    add_action(
        goal=goal,
        doing=doing,
        key=values["key"],
        now=timezone.now(),
        together=values["together"],
        by=desk.request.actor,
    )
    return _("De actie staat in het plan.")


def _end_action(desk: Desk) -> str:
    state = _one_of(ActionState, desk.request.POST.get("state"))
    rows = PlanAction.objects.visible_to(desk.request.actor).filter(goal__question=desk.question)
    row = _named(desk, "action", rows)
    end_action(
        action=row, state=state, now=timezone.now(), together=_together(desk), by=desk.request.actor
    )
    return _("Dat staat in het plan.")


def _split(desk: Desk) -> str | None:
    goal = _goal_of(desk)
    name = f"split-{goal.pk}"
    if (values := _checked(desk, name, SplitForm(desk.request.POST, prefix=name))) is None:
        return None
    split_goal(
        goal=goal,
        moment=Moment(values["moment"]),
        split=Split(values["own"], values["network"], values["professional"]),
        now=timezone.now(),
        together=values["together"],
        by=desk.request.actor,
    )
    return _("De verdeling is bewaard.")


def _try(desk: Desk) -> str | None:
    form = TryForm(desk.request.POST, prefix="try")
    if (values := _checked(desk, "try", form)) is None:
        return None
    steps = _advice(desk, timezone.localtime()).rungs
    add_try(
        question=desk.question, rung=Rung(values["rung"]), offer=values["offer"],
        service=values["service"], skipped=values["skipped"], key=values["key"],
        workable=[one.rung for one in steps if one.is_workable],
        now=timezone.now(), by=desk.request.actor,
    )  # fmt: skip
    return _("Het staat in het plan, bij wat geprobeerd wordt.")


def _end_try(desk: Desk) -> str | None:
    rows = Attempt.objects.visible_to(desk.request.actor).filter(question=desk.question)
    row = _named(desk, "attempt", rows)
    name = f"end-try-{row.pk}"
    if (values := _checked(desk, name, EndTryForm(desk.request.POST, prefix=name))) is None:
        return None
    finish_try(
        attempt=row, result=Attempt.Result(values["result"]), reason=values["reason"],
        now=timezone.now(), by=desk.request.actor,
    )  # fmt: skip
    return _("Wat de poging opleverde, is bewaard.")


def _withdraw_school(desk: Desk) -> str:
    rows = YoungCarerSignal.objects.visible_to(desk.request.actor).filter(question=desk.question)
    row = _named(desk, "signal", rows)
    withdraw_school(signal=row, now=timezone.now(), by=desk.request.actor)
    return _("Ingetrokken. De school hoort hier niets meer over.")


def _one_of(kind: Any, value: str | None) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise Http404 from None


DOING: dict[str, Callable[[Desk], str | None]] = {
    "add-goal": _add_goal,
    "change-goal": _change_goal,
    "lock-goal": _lock_goal,
    "end-goal": _end_goal,
    "add-action": _add_action,
    "end-action": _end_action,
    "split": _split,
    "try": _try,
    "end-try": _end_try,
    "withdraw-school": _withdraw_school,
}
