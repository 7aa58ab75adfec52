"""Asking others while the question stays: referral, advice, working along."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from omzien.handovers.models import Involvement, Referral, Wait
from omzien.handovers.refusals import NotAllowed
from omzien.handovers.rules.along import OPEN_ALONG
from omzien.handovers.rules.states import Capacity
from omzien.people.gates import by_key
from omzien.people.models import Ground, Team
from omzien.people.queries.grounds import said_by
from omzien.people.rules.grounds import WORK_ALONG, What
from omzien.questions.models import Question, Task
from omzien.questions.queries.reached import can_answer_online
from omzien.questions.rules.states import LIVE
from omzien.web.doors import needs
from omzien.web.handovers.forms import (
    AdviceForm,
    AlongForm,
    AskAlongForm,
    HeardAlongForm,
    ReferForm,
    WaitForm,
)
from omzien.web.handovers.others import do
from omzien.web.handovers.words import (
    AGAIN,
    ALONGS,
    CONSULTS,
    MEANWHILE,
    REFERRALS,
    RESULTS,
    WAITS,
)
from omzien.web.logged import logged, reached_of, shows
from omzien.web.request import Request

ASKED = {
    What.ASKED: gettext_lazy("Wacht op de inwoner"),
    What.GIVEN: gettext_lazy("De inwoner zei ja"),
}
BY_PROXY = gettext_lazy("%(name)s zei ja, en mag voor de inwoner beslissen")


@needs("question.work")
@require_http_methods(["GET", "HEAD", "POST"])
def along_page(request: Request, key: uuid.UUID) -> HttpResponseBase:
    """Show who helps along, or that the own part is over: then nobody is named, nothing is read."""
    if _is_over(request, key):
        return render(request, "handovers/along_over.html", status=410)
    return _along_page(request, key)


def _is_over(request: Request, key: uuid.UUID) -> bool:
    """Tell whether the own team had a part in a question that it may read no more."""
    over = ~Q(state__in=OPEN_ALONG) | ~Q(question__state__in=LIVE)
    parts = Involvement.objects.filter(over, question=key, team=request.actor.team)
    mine = Question.objects.visible_to(request.actor, verb="contact.read").filter(pk=key)
    return request.actor.team is not None and parts.exists() and not mine.exists()


@logged(purpose="help", kind="question", about=reached_of)
def _along_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show who helps along with a question, and ask others; the question stays where it is."""
    question = _question(request, key)
    forms_ = _forms(question, request)
    if request.method == "POST":
        try:
            told, faulty = do(question, request.POST, forms_, by=request.actor)
        except NotAllowed:
            raise Http404 from None
        except MEANWHILE:
            return _page(request, question, forms_, status=409, meanwhile=True)
        if told:
            (messages.warning if told == str(AGAIN) else messages.success)(request, told)
            return HttpResponseRedirect(request.path)
        return _page(request, question, forms_, status=400, faulty=faulty)
    return _page(request, question, forms_)


def _question(request: Request, key: uuid.UUID) -> Question:
    rows = Question.objects.visible_to(request.actor, verb="contact.read")
    found = by_key(rows.select_related("person", "team", "municipality", "asked_by"), key)
    if found is None:
        raise Http404
    return found


def _forms(question: Question, request: Request) -> dict[str, Any]:
    worked = Team.objects.live().worked(on=timezone.localdate())
    live = worked.filter(municipality=question.municipality_id)
    fields = ("pk", "name", "room__capacity", "room__keeps_list", "room__first_rule")
    rooms = list(live.exclude(pk=question.team_id).values_list(*fields))
    teams = {key: name for key, name, *_ in rooms}
    lists = {
        key: f"{name} ({first})" if first else name
        for key, name, room, keeps, first in rooms
        if keeps or room == Capacity.WAITING_LIST
    }
    wanted = request.POST.get("doe", "")

    def bound(name: str, kind: type[forms.Form], **more: Any) -> forms.Form:
        data = request.POST if wanted == name else None
        return kind(data, prefix=name, initial={"version": question.version}, **more)

    return {
        "refer": bound("refer", ReferForm),
        "advice": bound("advice", AdviceForm, teams=teams),
        "involve": bound("involve", AlongForm, teams=teams),
        "consent": bound("consent", AskAlongForm, teams=teams),
        "heard": bound("heard", HeardAlongForm, teams=teams),
        "wait": bound("wait", WaitForm, teams=lists),
    }


def _page(
    request: Request,
    question: Question,
    forms_: dict[str, Any],
    *,
    status: int = 200,
    meanwhile: bool = False,
    faulty: Any = None,
) -> HttpResponse:
    actor = request.actor
    owns = question.team_id == actor.team
    along = Involvement.objects.filter(question=question).select_related("team")
    mine = along if owns else along.filter(team=actor.team)
    # The question came through the gate; a ground without the story is enough for a task.
    tasks = Task.objects.filter(question=question, team=actor.team)
    context = {
        "question": question,
        "owns": owns,
        "forms": forms_,
        "faulty": faulty,
        "meanwhile": meanwhile,
        "referrals": _rows(Referral.objects.filter(question=question) if owns else [], REFERRALS),
        "consults": _rows(question.consults.select_related("to_team") if owns else [], CONSULTS),
        "along": _rows(mine, ALONGS),
        "asked": _asked(request, question) if owns else [],
        "online": owns and can_answer_online(question, on=timezone.localdate()),
        "may_record": bool(actor.may("consent.record")),
        "fresh_key": uuid.uuid4(),
        "waits": _rows(_waits(question) if owns else [], WAITS),
        "has_lists": bool(forms_["wait"].fields["to_team"].choices),
        "tasks": [] if owns else list(tasks.open()),
        "results": {str(one): text for one, text in RESULTS.items()},
    }
    return render(request, "handovers/along.html", context, status=status)


def _waits(question: Question) -> Any:
    # The question came through the gate.
    return Wait.objects.filter(question=question).select_related("team").order_by("-since", "pk")


def _asked(request: Request, question: Question) -> list[tuple[list[str], str, Any]]:
    """Return for which teams the resident was asked, or said yes: names, part, how it stands."""
    now = timezone.now()
    rows = Ground.objects.unended(at=now).filter(person=question.person_id, purpose=WORK_ALONG)
    rows = rows.prefetch_related("events", "recipients__team", "recipients__organisation")
    by = said_by(question.person_id, rows)
    shows(request, (one.key for one in by.values()))
    return [
        (
            one.receivers,
            one.explanation,
            BY_PROXY % {"name": by[one.pk].name} if one.pk in by else ASKED[What(one.last)],  # type: ignore[attr-defined]  # `unended` adds it
        )
        for one in rows
    ]


def _rows(rows: Any, words: dict[Any, Any]) -> list[tuple[Any, Any]]:
    return [(one, words[one.state]) for one in rows]
