"""What can be done on the page of a question, as one table: address, verb, form and action."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from omzien.handovers.actions.leaving import resident_lives
from omzien.kernel.ladder import Rung
from omzien.people.gates import by_key
from omzien.people.rules.looking import Action
from omzien.people.rules.roles import Actor
from omzien.questions.actions.correcting import correct
from omzien.questions.actions.reaching import give_up_reaching, try_to_reach
from omzien.questions.actions.tasks import add_task, finish_task
from omzien.questions.actions.working import close, give_to, go_on, pick_up, reopen
from omzien.questions.models import Question, Task
from omzien.questions.queries.history import changed_since
from omzien.questions.refusals import (
    DayIsPast,
    NeedsReason,
    NeedsTelling,
    NotAllowed,
    NotLive,
    Refused,
    SameHolder,
    SkipsRungs,
    Stale,
)
from omzien.questions.rules.caseload import OverReason
from omzien.questions.rules.reaching import By
from omzien.questions.rules.states import Left, Mistake, Result
from omzien.web.doors import needs
from omzien.web.logged import logged, reached_of, resident_of
from omzien.web.questions import forms
from omzien.web.questions.overview import shown
from omzien.web.questions.words import happened_text, said
from omzien.web.request import Request, the_row

Values = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """One thing that somebody does. `field` is where a refusal is said."""

    name: str
    path: str
    verb: str
    title: Any
    done: Any
    form: type[forms.Working]
    do: Callable[[Question, Values, Actor, datetime], object]
    field: str | None = None
    ends: bool = False


def _go_on(question: Question, values: Values, by: Actor, now: datetime) -> object:
    return go_on(question=question, by=by, now=now, **values | {"rung": Rung(values["rung"])})


def _give(question: Question, values: Values, by: Actor, now: datetime) -> object:
    over = OverReason(values["over"]) if values["over"] else None
    return give_to(question=question, by=by, now=now, **values | {"over": over})


def _reach(question: Question, values: Values, by: Actor, now: datetime) -> object:
    wanted = {"channel": By(values["channel"]), "reached": values["reached"] == "yes"}
    return try_to_reach(question=question, by=by, now=now, **values | wanted)


def _close(question: Question, values: Values, by: Actor, now: datetime) -> object:
    wanted = {
        "result": Result(values["result"]),
        "rung_reached": Rung(values["rung_reached"]),
    }
    return close(question=question, by=by, now=now, **values | wanted)


WORK, CLOSE = "question.work", "question.close"
DEEDS = (
    Deed("pick-up", "pak-op", WORK, _("Pak de vraag op"), _("De vraag is nu bij jou."),
         forms.Working, lambda q, v, by, now: pick_up(question=q, by=by, now=now, **v)),
    Deed("go-on", "verder", WORK, _("Volgende stap"), _("De volgende stap is bewaard."),
         forms.GoOnForm, _go_on, "next_on"),
    Deed("give-to", "geef", "question.reassign", _("Geef aan een collega"),
         _("De vraag is bij iemand anders."), forms.GiveForm, _give, "over"),
    Deed("correct", "verander", WORK, _("Onderwerp of dorp"),
         _("Het onderwerp en het dorp zijn bewaard."), forms.CorrectForm,
         lambda q, v, by, now: correct(question=q, by=by, **v), "village"),
    Deed("add-task", "taak", WORK, _("Nieuwe taak"), _("De taak is bewaard."), forms.TaskForm,
         lambda q, v, by, now: add_task(question=q, by=by, now=now, **v), "what"),
    Deed("try-to-reach", "poging", WORK, _("Poging om iemand te bereiken"),
         _("De poging is bewaard."), forms.ReachForm, _reach, "day"),
    Deed("give-up-reaching", "niet-bereikt", CLOSE, _("Stop: niemand te bereiken"),
         _("De vraag is gesloten, omdat niemand te bereiken was."), forms.GiveUpForm,
         lambda q, v, by, now: give_up_reaching(question=q, by=by, now=now, **v), "letter_on",
         ends=True),
    Deed("close-question", "rond-af", CLOSE, _("Rond af"), _("De vraag is afgerond."),
         forms.CloseForm, _close, ends=True),
)  # fmt: skip
# At which field a refusal is said, where it is not the deed's own.
AT: dict[type[Refused], str] = {
    SkipsRungs: "skipped",
    DayIsPast: "due_on",
    SameHolder: "holder",
    NeedsTelling: "is_told",
}


def forms_for(question: Question, actor: Actor) -> dict[str, forms.Working]:
    """Return an empty form for each deed that the role may do, by its name with underscores."""
    return {
        deed.name: deed.form(prefix=deed.name, question=question, actor=actor)
        for deed in DEEDS
        if actor.may(deed.verb)
    }


def view_of(deed: Deed) -> Callable[..., HttpResponseBase]:
    """Return the view behind the address of a deed."""

    @needs(deed.verb)
    @require_POST
    @logged(purpose="help", kind="question", about=reached_of, action=Action.CHANGE)
    def view(request: Request, key: uuid.UUID) -> HttpResponse:
        actor = request.actor
        question = by_key(Question.objects.visible_to(actor, verb=deed.verb), key)
        if question is None:
            return _gone(request, key, deed)
        form = deed.form(request.POST, prefix=deed.name, question=question, actor=actor)
        if form.is_valid():
            try:
                deed.do(question, form.cleaned_data, actor, timezone.now())
            except Stale:
                return _stale(request, key, deed)
            except (NotAllowed, NotLive):
                raise Http404 from None
            except Refused as refusal:
                _refuse(form, deed, refusal)
            else:
                messages.success(request, str(deed.done))
                address = reverse("inbox") if deed.ends else reverse("question", args=[key])
                return HttpResponseRedirect(address)
        found = forms_for(question, actor) | {deed.name: form}
        return shown(request, question, found, opened=deed.name)

    return view


def _refuse(form: forms.Working, deed: Deed, refusal: Refused) -> None:
    sentences, field = said(refusal), deed.field
    for kind, name in AT.items():
        if isinstance(refusal, kind) and name in form.fields:
            field = name
    for sentence in sentences:
        form.add_error(field, sentence)


def _stale(request: Request, key: uuid.UUID, deed: Deed) -> HttpResponse:
    """Show what changed since, and the same form with what was typed, for the question of now."""
    question = by_key(Question.objects.visible_to(request.actor, verb=deed.verb), key)
    if question is None:
        return _gone(request, key, deed)
    given = request.POST.copy()
    seen = given.get(f"{deed.name}-version", "")
    given[f"{deed.name}-version"] = str(question.version)
    form = deed.form(given, prefix=deed.name, question=question, actor=request.actor)
    changes = changed_since(question, int(seen) if seen.isdigit() else 0, request.actor)
    context = {
        "question": question,
        "deed": deed,
        "form": form,
        "address": reverse(deed.name, args=[key]),
        "changes": [(one.at, happened_text(one)) for one in changes],
    }
    return render(request, "questions/stale.html", context, status=409)


def _gone(request: Request, key: uuid.UUID, deed: Deed) -> HttpResponse:
    """Answer who works on what ended meanwhile: it is closed, and their words are not lost."""
    question = the_row(Question.objects.ended_for(request.actor), key)
    form = deed.form(request.POST, prefix=deed.name, question=question, actor=request.actor)
    context = {"question": question, "typed": form.typed}
    return render(request, "questions/gone.html", context, status=409)


def _about_task(request: Request, key: uuid.UUID) -> list[uuid.UUID]:
    found = Task.objects.filter(pk=key).values_list("question__person", flat=True)
    return [one for one in found if one]


@needs(WORK)
@require_POST
@logged(purpose="help", kind="task", about=_about_task, action=Action.CHANGE)
def task_done(request: Request, key: uuid.UUID) -> HttpResponse:
    """Say that a task is done; twice is once, so that no version is needed."""
    task = the_row(Task.objects.workable_by(request.actor), key)
    finish_task(task=task, by=request.actor, now=timezone.now())
    messages.success(request, str(_("De taak is klaar.")))
    return HttpResponseRedirect(reverse("question", args=[task.question_id]))


def _mistake(request: Request) -> Mistake:
    try:
        return Mistake(request.POST.get("mistake", ""))
    except ValueError:
        raise NeedsReason from None


@needs(CLOSE)
@require_POST
@logged(purpose="help", kind="question", about=resident_of, action=Action.CHANGE)
def open_again(request: Request, key: uuid.UUID) -> HttpResponse:
    """Open an ended question again, with the same team."""
    question = the_row(Question.objects.ended_for(request.actor), key)
    common: dict[str, Any] = {"question": question, "by": request.actor, "now": timezone.now()}
    try:
        if question.left == Left.DIED:
            resident_lives(**common, mistake=_mistake(request))
        else:
            reopen(**common)
    except NotAllowed:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, said(refusal)[0])
        return HttpResponseRedirect(reverse("closed-questions"))
    messages.success(request, str(_("De vraag is weer open.")))
    return HttpResponseRedirect(reverse("question", args=[key]))
