"""Where one handover stands: for who receives it, and for who offered it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from omzien.handovers.models import Handover, Meeting
from omzien.handovers.queries.packages import package_of
from omzien.handovers.refusals import NotAllowed
from omzien.handovers.rules.states import State
from omzien.people.gates import by_key
from omzien.people.models import Person
from omzien.people.rules.roles import Actor
from omzien.questions.models import Post
from omzien.web.doors import needs
from omzien.web.handovers.doing import Outcome, do, doings, fresh_forms, typed, words_of
from omzien.web.handovers.words import (
    CAPACITIES,
    CONTACTS,
    DECLINED,
    OURS,
    REOPENED,
    RESIDENTS,
    RESULTS,
    STATES,
    WITHDRAWN,
    gone,
)
from omzien.web.logged import logged, reached_of, shows
from omzien.web.questions.words import REACH_BY
from omzien.web.request import Request, the_row


def about_handover(request: Request, key: uuid.UUID) -> list[uuid.UUID]:
    """Return whose data a handover is."""
    row = Handover.objects.filter(pk=key, question__person__isnull=False).first()
    return reached_of(request, row.question_id) if row else []


def seen(actor: Actor, key: uuid.UUID) -> Handover | None:
    """Return a handover that `actor` may see."""
    rows = Handover.objects.visible_to(actor)
    return by_key(rows.select_related("from_team", "to_team", "question", "municipality"), key)


@needs("contact.confirm")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="handover", kind="handover", about=about_handover)
def handover_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show a handover, and do what one side does with it."""
    row = seen(request.actor, key)
    if row is None:
        return _gone(request, key, words_of(request.POST), 410)
    if request.method != "POST":
        return render(request, "handovers/handover.html", context_of(request, row))
    try:
        outcome = do(row, request.POST, request.actor)
    except NotAllowed:
        raise Http404 from None
    if outcome.done:
        messages.success(request, outcome.done)
        still = Handover.objects.visible_to(request.actor).filter(pk=key).exists()
        return HttpResponseRedirect(request.path if still else reverse("handovers"))
    return again(request, key, outcome, "handovers/handover.html")


def again(request: Request, key: uuid.UUID, outcome: Outcome, template: str) -> HttpResponse:
    """Show the page once more: with faults, or with what somebody else did meanwhile (409)."""
    now = seen(request.actor, key)
    status = 409 if outcome.meanwhile else 400
    if now is None:
        return _gone(request, key, typed(outcome.form), status)
    context = context_of(request, now)
    if outcome.form is not None and outcome.name in context["forms"] and not outcome.meanwhile:
        context["forms"][outcome.name] = outcome.form
        context["faulty"] = outcome.form
    if outcome.meanwhile:
        context |= {"meanwhile": True, "typed": typed(outcome.form)}
    return render(request, template, context, status=status)


def _gone(request: Request, key: uuid.UUID, words: list[str], status: int) -> HttpResponse:
    """Tell a team that a handover to it, or by it, ended that it sees no more; for others there
    is nothing.
    """
    rows = Handover.objects.ever_of(request.actor).select_related("from_team", "to_team")
    row = the_row(rows, key)
    sent = row.from_team_id == request.actor.team
    context = {"handover": row, "sent": sent, "gone": gone(row, sent=sent), "typed": words}
    return render(request, "handovers/gone.html", context, status=status)


def context_of(request: Request, row: Handover) -> dict[str, Any]:
    """Return what the page of a handover shows."""
    actor = request.actor
    meeting = Meeting.objects.planned().filter(handover=row).first()
    state = State(row.state)
    receives = actor.team == row.to_team_id
    helps_by_link = actor.handover is not None and row.is_theirs
    package = package_of(row, by=actor) if row.is_open or helps_by_link else None
    shows(request, [package.asker_key] if package else [])
    posts = Post.objects.visible_to(actor).filter(question=row.question_id).order_by("at", "pk")
    return {
        "handover": row,
        "receives": receives,
        "state": REOPENED if helps_by_link and state == State.REPORTED_BACK else STATES[state],
        "is_offered": state == State.OFFERED,
        "is_accepted": state == State.ACCEPTED,
        "is_ours_now": receives and state in (State.HANDED_OVER, State.REPORTED_BACK),
        "is_theirs": row.is_theirs,
        "came_back": not receives and not row.is_open and _is_work(row, actor),
        "package": package,
        "posts": list(posts) if helps_by_link else [],
        "helps_by_link": helps_by_link,
        "no_mail": _has_no_mail(row)
        if (receives and not row.ended_at) or row.was_unseen
        else False,
        "reach": REACH_BY[package.reach_by] if package and package.reach_by else "",
        "meeting": meeting,
        "forms": fresh_forms(
            row,
            doings(row, actor, meeting=meeting),
            by_link=actor.handover is not None,
            my_name=_name(actor) if receives and state == State.OFFERED else "",
        ),
        "ours": {str(one): text for one, text in OURS.items()},
        "residents": {str(one): text for one, text in RESIDENTS.items()},
        "declined": DECLINED.get(row.decline_reason, ""),  # type: ignore[call-overload]
        "contact": CONTACTS.get(row.met_by, ""),  # type: ignore[call-overload]
        "withdrawn": WITHDRAWN.get(row.withdraw_reason, ""),  # type: ignore[call-overload]
        "capacity": CAPACITIES[row.capacity],  # type: ignore[index]
        "result": RESULTS.get(row.result, ""),  # type: ignore[call-overload]
    }


def _has_no_mail(row: Handover) -> bool:
    """Tell whether the resident hears of the handover by telephone only."""
    return not (row.question.person and row.question.person.email)


def _is_work(row: Handover, actor: Actor) -> bool:
    """Tell whether the question is work of the actor's team now."""
    return row.question.is_live and row.question.team_id == actor.team


def _name(actor: Actor) -> str:
    if actor.person is None:
        return ""
    return Person.objects.filter(pk=actor.person).values_list("name", flat=True).first() or ""
