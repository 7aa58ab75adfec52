"""Asking others while the question stays: referral, advice, working along."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from omzien.directory.models import Service
from omzien.handovers.actions import advising, along, referring, waiting
from omzien.handovers.actions.consenting import Heard, ask_along, let_along
from omzien.handovers.models import Consult, Involvement, Referral, Wait
from omzien.handovers.refusals import NeedsWords, NotAllowed
from omzien.handovers.rules.along import OPEN_ALONG, AlongState, ConsultState, ReferralState
from omzien.handovers.rules.states import Capacity
from omzien.people.gates import by_key
from omzien.people.models import Ground, Team
from omzien.people.queries.grounds import said_by, standing_of
from omzien.people.rules.grounds import WORK_ALONG, Category, How, What
from omzien.questions.actions.tasks import finish_task
from omzien.questions.models import Question, Task
from omzien.questions.queries.reached import can_answer_online
from omzien.questions.rules.states import LIVE, Result
from omzien.web.days import Day
from omzien.web.doors import needs
from omzien.web.freshness.forms import Key
from omzien.web.handovers.forms import (
    AdviceForm,
    AlongForm,
    AnswerForm,
    AskAlongForm,
    HeardAlongForm,
    ReferForm,
    WaitForm,
)
from omzien.web.handovers.words import AGAIN, MEANWHILE, REFUSED, RESULTS, WAITS, said
from omzien.web.logged import logged, reached_of, shows
from omzien.web.request import Request

REFERRALS = {
    ReferralState.MADE: gettext_lazy("Afgesproken"),
    ReferralState.ACCEPTED: gettext_lazy("De inwoner kan er terecht"),
    ReferralState.DECLINED: gettext_lazy("Kan daar niet terecht"),
    ReferralState.DONE: gettext_lazy("Klaar"),
    ReferralState.STOPPED: gettext_lazy("Gestopt"),
    ReferralState.EXPIRED: gettext_lazy("Niet bekend hoe het ging"),
}
CONSULTS = {
    ConsultState.ASKED: gettext_lazy("Wacht op antwoord"),
    ConsultState.ANSWERED: gettext_lazy("Beantwoord"),
    ConsultState.DECLINED: gettext_lazy("Ze geven geen raad"),
    ConsultState.WITHDRAWN: gettext_lazy("Ingetrokken"),
    ConsultState.EXPIRED: gettext_lazy("Geen antwoord gekregen"),
}
ALONGS = {
    AlongState.ASKED: gettext_lazy("Gevraagd"),
    AlongState.ALONG: gettext_lazy("Doet mee"),
    AlongState.DECLINED: gettext_lazy("Doet niet mee"),
    AlongState.ENDED: gettext_lazy("Klaar"),
    AlongState.EXPIRED: gettext_lazy("Geen antwoord gekregen"),
}
ASKED = {
    What.ASKED: gettext_lazy("Wacht op de inwoner"),
    What.GIVEN: gettext_lazy("De inwoner zei ja"),
}
BY_PROXY = gettext_lazy("%(name)s zei ja, en mag voor de inwoner beslissen")
MOVES: dict[str, Any] = {"referral": Referral, "along": Involvement, "wait": Wait}


class TaskForm(forms.Form):
    """Something to do for a team that works along."""

    key = Key()
    what = forms.CharField(max_length=200)
    due_on = Day()


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
            told, faulty = _do(request, question, forms_)
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


def _do(request: Request, question: Question, forms_: dict[str, Any]) -> tuple[str, Any]:
    name = request.POST.get("doe", "")
    if name in forms_:
        return _ask(request, question, name, forms_[name])
    kind, _slash, move = name.partition(":")
    if kind not in MOVES and kind != "task":
        raise Http404
    try:
        _move(request, question, kind, move)
    except (NotAllowed, *MEANWHILE):
        raise
    except REFUSED as refusal:
        form = forms.Form({})
        form.add_error(None, said(refusal)[1])
        return "", form
    return _("Bewaard."), None


def _ask(request: Request, question: Question, name: str, form: Any) -> tuple[str, Any]:
    if not form.is_valid():
        return "", form
    data = form.cleaned_data
    common: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    try:
        if name == "refer":
            words = {"name": data["name"], "what": data["text"], "key": data["key"]}
            referring.refer(question=question, **words, **common)
        else:
            team = Team.objects.get(pk=data["to_team"])
            if name == "wait":
                return _put_on_list(request, question, team, form, common), form
            if name in ("consent", "heard"):
                return _let_along(question, team, data, name, common), None
            if name == "advice":
                words = {"text": data["text"], "key": data["key"]}
                made = advising.ask_advice(question=question, to_team=team, **words, **common)
                return _told(_("Bewaard."), is_new=made.state == ConsultState.ASKED), None
            words = {"part": data["text"], "key": data["key"]}
            part = along.involve(question=question, team=team, **words, **common)
            return _told(_("Bewaard."), is_new=part.state == AlongState.ASKED), None
    except (NotAllowed, *MEANWHILE):
        raise
    except REFUSED as refusal:
        field, text = said(refusal)
        form.add_error(field if field in form.fields else None, text)
        return "", form
    return _("Bewaard."), None


def _put_on_list(
    request: Request, question: Question, team: Team, form: Any, common: dict[str, Any]
) -> str:
    data = form.cleaned_data
    service = _entry(request, data["entry"]) if data["entry"] else None
    if data["entry"] and service is None:
        form.add_error("entry", _("Dit aanbod staat niet op deze site. Kijk naar de link."))
        return ""
    words = {name: data[name] for name in ("bridge", "goes_first", "is_told", "key")}
    waiting.put_on_list(
        question=question, team=team, what=data["text"], service=service, **words, **common
    )
    return _("De vraag staat op de lijst. De inwoner en het andere team krijgen bericht.")


def _entry(request: Request, link: str) -> Service | None:
    """Return the entry of the social map that a link leads to, if it is one of ours."""
    slug = link.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    return Service.objects.visible_to(request.actor).published().filter(slug=slug).first()


def _told(told: str, *, is_new: bool) -> str:
    """Return what a form did; one that came again, after somebody answered it, did nothing."""
    return told if is_new else str(AGAIN)


def _let_along(
    question: Question, team: Team, data: dict[str, Any], name: str, common: dict[str, Any]
) -> str:
    categories = tuple(Category(one) for one in data["categories"])
    common |= {"question": question, "team": team, "part": data["text"], "key": data["key"]}
    if name == "consent":
        ground = ask_along(categories=categories, **common)
        told, first = _("De inwoner krijgt je vraag. Het antwoord zie je hier."), What.ASKED
        return _told(told, is_new=standing_of(ground, at=timezone.now()) == first)
    heard = Heard(how=How(data["how"]), categories=categories, after_no=data["after_no"])
    ground = let_along(ground=heard, **common)
    told, first = _("Het ja van de inwoner staat vast. Je kunt het team nu vragen."), What.GIVEN
    return _told(told, is_new=standing_of(ground, at=timezone.now()) == first)


def _move(request: Request, question: Question, kind: str, move: str) -> None:
    """Move a referral or a part that belongs to this question; another one is not there."""
    common: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    posted = request.POST
    if (kind, move) == ("task", "done"):
        task = _child(Task, question, posted.get("over", ""), team=request.actor.team)
        finish_task(task=task, **common)
        return
    if kind == "task":
        form = TaskForm(posted)
        row = _child(Involvement, question, posted.get("over", ""))
        if not form.is_valid():
            raise NeedsWords
        along.give_task(involvement=row, **form.cleaned_data, **common)
        return
    row = _child(MOVES[kind], question, posted.get("over", ""))
    common |= {"reason": posted.get("reason", ""), "version": _number(posted.get("version", ""))}
    if kind == "wait" and move == "contact":
        del common["reason"]
        waiting.keep_contact(wait=row, bridge=posted.get("bridge", ""), **common)
    elif kind == "wait" and move == "off":
        waiting.take_off(wait=row, **common)
    elif kind == "referral" and move in ("accept", "decline", "finish", "stop"):
        result = Result(posted["result"]) if posted.get("result") in set(Result) else None
        referring.move_referral(referral=row, name=move, result=result, **common)
    elif kind == "along" and move in ("join", "decline", "leave", "end"):
        along.move_involvement(involvement=row, name=move, **common)
    else:
        raise Http404


def _child(kind: Any, question: Question, key: str, **own: object) -> Any:
    try:
        found = kind.objects.filter(question=question, pk=uuid.UUID(key), **own).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None


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
            [str(to.team or to.organisation) for to in one.recipients.all()],
            one.explanation,
            BY_PROXY % {"name": by[one.pk].name} if one.pk in by else ASKED[What(one.last)],  # type: ignore[attr-defined]  # `unended` adds it
        )
        for one in rows
    ]


def _rows(rows: Any, words: dict[Any, Any]) -> list[tuple[Any, Any]]:
    by_code: Callable[[str], Any] = {str(one): text for one, text in words.items()}.__getitem__
    return [(one, by_code(one.state)) for one in rows]


def _consult(request: Request, key: uuid.UUID) -> Consult:
    rows = Consult.objects.visible_to(request.actor)
    found = by_key(rows.select_related("from_team", "to_team", "municipality"), key)
    if found is None:
        raise Http404
    return found


@needs("question.work")
@require_http_methods(["GET", "HEAD", "POST"])
def consult_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show a question for advice, and take the answer; there is no person on this page."""
    row = _consult(request, key)
    form = AnswerForm(request.POST or None, initial={"version": row.version})
    status, meanwhile = 200, False
    if request.method == "POST" and form.is_valid():
        name = request.POST.get("doe", "")
        if name not in ("answer", "decline", "withdraw"):
            raise Http404
        data = form.cleaned_data
        try:
            advising.move_consult(
                consult=row, name=name, by=request.actor, now=timezone.now(), **data
            )
        except NotAllowed:
            raise Http404 from None
        except MEANWHILE:
            row, status, meanwhile = _consult(request, key), 409, True
        except REFUSED as refusal:
            form.add_error("answer", said(refusal)[1])
        else:
            messages.success(request, _("Bewaard. Het andere team krijgt bericht."))
            return HttpResponseRedirect(request.path)
    context = {
        "consult": row,
        "state": CONSULTS[ConsultState(row.state)],
        "is_open": row.state == ConsultState.ASKED,
        "receives": row.to_team_id == request.actor.team,
        "form": form,
        "meanwhile": meanwhile,
        "typed": [form.data.get("answer", "")] if meanwhile else [],
    }
    return render(request, "handovers/consult.html", context, status=400 if form.errors else status)
