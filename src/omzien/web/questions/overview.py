"""What the page of one question shows: who, what, where, what was tried, what happens next."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from omzien.handovers.models import Handover
from omzien.kernel.ladder import Rung
from omzien.people.models import Mandate
from omzien.people.rules.roles import Actor
from omzien.questions.actions.reaching import what_lacks
from omzien.questions.actions.tries import missed_rungs
from omzien.questions.models import Attempt, ContactAttempt, Question, Task
from omzien.questions.models.questions import opened_by
from omzien.questions.queries.closing import in_the_way
from omzien.questions.queries.history import history_of, was_corrected
from omzien.questions.queries.inbox import away_among, gone_among
from omzien.questions.queries.reached import asker_of, is_in_conflict, stands_in_for
from omzien.questions.queries.routing import proposed_team
from omzien.questions.queries.same import alike
from omzien.web.filters import RUNGS
from omzien.web.logged import shows
from omzien.web.questions.words import (
    CHANNELS,
    DO_FIRST,
    HANDOVER_STATES,
    IN_THE_WAY,
    NOT_YET,
    REACH_BY,
    TRIED,
    WAYS,
    happened_text,
    state_text,
    task_text,
)
from omzien.web.request import Request


def readable(actor: Actor) -> QuerySet[Question]:
    """Return the questions whose page opens: to work on, or to read the story of."""
    mine = Question.objects.visible_to(actor, verb="question.work").values("pk")
    read = Question.objects.visible_to(actor, verb="story.read").values("pk")
    return Question.objects.filter(pk__in=mine.union(read))


def shown(
    request: Request, question: Question, forms: dict[str, Any], *, opened: str = ""
) -> HttpResponse:
    """Show the page with its forms; `opened` is the one that was sent and cannot be done so."""
    actor, today = request.actor, timezone.localdate()
    may = {
        verb: Question.objects.visible_to(actor, verb=verb).filter(pk=question.pk).exists()
        for verb in ("question.work", "story.read", "contact.read")
    }
    away = away_among([question], on=today)
    may_plan = may["question.work"] or reads_plan(question, actor)
    history = history_of(question, actor) if may_plan else []
    asker = asker_of(question) if may["contact.read"] else None
    shows(request, [asker.pk if asker else None, *(one.who.key for one in history)])
    context = {
        "question": question,
        "state": state_text(question.state),
        "channel": CHANNELS[question.channel],  # type: ignore[index]
        "reach_by": REACH_BY[question.reach_by],  # type: ignore[index]
        "is_overdue": question.due_on is not None and question.due_on < today,
        "is_away": question.holder_id in away,
        "is_gone": bool(gone_among([question], on=today)),
        "stand_in": away.get(question.holder_id) if question.holder_id else None,
        "may_work": may["question.work"],
        "may_read": may["story.read"],
        "may_reach": may["contact.read"],
        "may_plan": may_plan,
        "asker": asker,
        "by_asker": stands_in_for(question) is not None,
        "asker_has_mandate": _has_mandate(question, today),
        "is_in_conflict": is_in_conflict(question),
        "may_mandate": bool(may["question.work"] and actor.may("mandate.record")),
        "is_mine": question.holder_id is not None and question.holder_id == actor.membership,
        "rungs": _rungs(question),
        "before_is_listed": _before_is_listed(question, actor),
        "tasks": _tasks(question, actor, today),
        "tries": _tries(question),
        "lacks": [NOT_YET[code] for code in what_lacks(question, today=today)],
        "in_the_way": [
            (IN_THE_WAY[code], names, DO_FIRST.get(code))
            for code, names in in_the_way(question).items()
        ],
        "missed": [RUNGS[one] for one in missed_rungs(question, Rung.SPECIALIST)],
        "handover": _handover(question, actor),
        "same": alike(question, actor) if may["question.work"] else None,
        "proposed": proposed_team(question) if was_corrected(history) else None,
        "history": [(one.at, happened_text(one)) for one in history],
        "forms": {name.replace("-", "_"): form for name, form in forms.items()},
        "opened": opened,
        "wrong": forms.get(opened),
        "tab": "question",
    }
    return render(request, "questions/question.html", context, status=400 if opened else 200)


def reads_plan(question: Question, actor: Actor) -> bool:
    """Tell whether somebody who does not work on a question may see what was tried, what comes
    next and what happened: with a ground for the plan, on duty, or in an emergency.
    """
    reads = Question.objects.lets(actor, "plan.read", question.pk)
    return reads or opened_by(actor).filter(question=question).exists()


def _has_mandate(question: Question, today: date) -> bool:
    if asker_of(question) is None:
        return False
    live = Mandate.objects.live(on=today).filter(resident=question.person_id)
    return live.filter(proxy=question.asked_by_id).exists()


def _before_is_listed(question: Question, actor: Actor) -> bool:
    """Tell whether a question is a follow-up of one that ended with the team of `actor`."""
    if question.follows_id is None:
        return False
    return Question.objects.ended_for(actor).filter(pk=question.follows_id).exists()


def _rungs(question: Question) -> list[tuple[Any, list[tuple[Attempt, Any]]]]:
    """Return each rung that was tried, lowest first, with its tries."""
    rows = list(Attempt.objects.filter(question=question))
    return [
        (RUNGS[rung], [(one, TRIED[one.result]) for one in rows if one.rung == rung])
        for rung in Rung
        if any(one.rung == rung for one in rows)
    ]


def _tasks(question: Question, actor: Actor, today: date) -> list[tuple[Task, str, bool]]:
    rows = Task.objects.filter(question=question).select_related("holder__person", "team")
    open_ones = rows.open().order_by("due_on", "made_at", "pk")
    return [(one, task_text(one), one.due_on < today) for one in open_ones]


def _tries(question: Question) -> list[tuple[ContactAttempt, Any]]:
    rows = ContactAttempt.objects.filter(question=question)
    return [(one, WAYS[one.channel]) for one in rows]  # type: ignore[index]


def _handover(question: Question, actor: Actor) -> tuple[Handover, Any] | None:
    rows = Handover.objects.visible_to(actor).open().filter(question=question)
    found = rows.select_related("to_team", "from_team").first()
    return (found, HANDOVER_STATES[found.state]) if found else None
