"""My questions, and the page of one: who has it, where it stands, the conversation, and more."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.handovers.queries.asked_for import asked_for
from omzien.kernel.ladder import Rung
from omzien.people.actions.claiming import unnamed
from omzien.people.gates import by_key
from omzien.people.queries.hats import hats_for_others, whom
from omzien.people.queries.mandates import decides, only_mailed
from omzien.people.queries.same import joined_with
from omzien.people.rules.looking import Action
from omzien.people.rules.roles import Scope
from omzien.questions.actions.by_law import research_by
from omzien.questions.actions.notes import remove_own_note, write_own_note
from omzien.questions.actions.talking import may_talk, say, see
from omzien.questions.models import Note, Objection, Question
from omzien.questions.refusals import NotAllowed, Refused
from omzien.questions.rules.states import BY_RESIDENT, ENDED, State
from omzien.web.doors import needs
from omzien.web.logged import logged, shows_beside, whom_shown
from omzien.web.mine import words
from omzien.web.mine.dossier import dossier_of
from omzien.web.questions.refused import said
from omzien.web.questions.talking import NoteForm, PostForm, file_of
from omzien.web.request import Request, row_of
from omzien.web.waiting import Waits, what_waits

MOST_SHOWN = 100


def find(request: Request, key: uuid.UUID) -> Question:
    """Return the own question, or that of who gave a mandate. Raises Http404 for every other."""
    rows = Question.objects.visible_to(request.actor)
    found = by_key(rows.select_related("person", "team", "holder", "village", "asked_by"), key)
    if found is None:
        raise Http404
    return found


def about(request: Request, key: uuid.UUID, **_more: object) -> Iterable[uuid.UUID]:
    """Return whose question it is, for the access log."""
    rows = Question.objects.visible_to(request.actor).filter(pk=key)
    return [one for one in rows.values_list("person", flat=True) if one] + whom_shown(request)


def _everybody(request: Request) -> Iterable[uuid.UUID]:
    whose = request.actor.represents or request.actor.person
    others = [one.person for one in asked_for(request.actor)]
    return list(dict.fromkeys([*([whose] if whose else []), *others]))


@needs("question.follow")
@require_safe
@logged(purpose="help", kind="question", about=_everybody)
def my_questions_page(request: Request) -> HttpResponse:
    """Show somebody the questions that they follow, the newest first."""
    if only_mailed(request.actor, on=timezone.localdate()):
        return render(request, "mine/only_mail.html", {"name": whom(request.actor)})
    rows = Question.objects.visible_to(request.actor).select_related("team")
    shown = rows.order_by("-asked_at", "pk")[:MOST_SHOWN]
    waits: dict[uuid.UUID, list[Waits]] = {}
    for waiting in what_waits(request.actor, on=timezone.localdate()):
        waits.setdefault(waiting.question, []).append(waiting)
    helped = hats_for_others(request.actor, on=timezone.localdate())
    others = asked_for(request.actor)
    context = {
        "rows": [(one, words.SHORT[State(one.state)], waits.get(one.pk, [])) for one in shown],
        "is_proxy": request.actor.represents is not None,
        "whom": whom(request.actor),
        "helped": helped,
        "for_others": [(one, words.STAGES[one.stage]) for one in others],
        "needs_mandate": {one.person for one in others} - {one.represents for one in helped},
        "is_unnamed": unnamed(request.user).exists(),  # type: ignore[arg-type]
    }
    return render(request, "mine/questions.html", context)


@needs("question.follow")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="help", kind="question", about=about)
def my_question_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show all of one question, and take what somebody says."""
    question = find(request, key)
    if request.method != "POST":
        see(question=question, by=request.actor, now=timezone.now())
        return page(request, question)
    form = PostForm(request.POST)
    if form.is_valid():
        try:
            say(question=question, said=form.said(request), by=request.actor, now=timezone.now())
        except NotAllowed:
            form.add_error("text", _("Je mag hier meekijken, en niet meepraten."))
        except Refused as refusal:
            form.add_error("text", said(refusal))
        else:
            messages.success(request, _("Je bericht is verstuurd. Het team ziet het nu."))
            return HttpResponseRedirect(reverse("my-question", args=[key]) + "#berichten")
    return page(request, question, post=form)


@needs("question.follow")
@require_safe
@logged(purpose="help", kind="question", about=about, action=Action.EXPORT)
def my_attachment(request: Request, key: uuid.UUID, number: int) -> HttpResponse:
    """Give a file of the conversation."""
    return file_of(request, find(request, key), number)


@needs("question.follow")
@require_POST
@logged(purpose="help", kind="question", about=about, action=Action.CHANGE)
def my_note(request: Request, key: uuid.UUID) -> HttpResponse:
    """Keep a note that only the resident reads, or throw one away."""
    question = find(request, key)
    if "remove" in request.POST:
        return _removed(request, question)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            write_own_note(
                question=question,
                text=form.cleaned_data["text"],
                key=form.once,
                by=request.actor,
                now=timezone.now(),
            )
        except NotAllowed:
            raise Http404 from None
        except Refused as refusal:
            form.add_error("text", said(refusal))
        else:
            messages.success(request, _("Je notitie is bewaard. Alleen jij leest die."))
            return HttpResponseRedirect(reverse("my-question", args=[key]) + "#notities")
    return page(request, question, note=form)


def _removed(request: Request, question: Question) -> HttpResponse:
    own = Note.objects.visible_to(request.actor).private().filter(question=question)
    found = row_of(own, request.POST["remove"])
    if found is None:
        messages.info(request, _("Deze notitie is er niet meer."))
    else:
        remove_own_note(found=found, by=request.actor)
        messages.success(request, _("Je notitie is weg."))
    return HttpResponseRedirect(reverse("my-question", args=[question.pk]) + "#notities")


def page(
    request: Request,
    question: Question,
    *,
    post: PostForm | None = None,
    note: NoteForm | None = None,
    stop_fault: str = "",
) -> HttpResponse:
    """Return the page of a question, with forms as they were typed, and what is wrong in that to
    stop.
    """
    now, today = timezone.now(), timezone.localdate()
    actor = request.actor
    is_proxy = actor.represents is not None
    may_act = decides(actor, on=today)
    post, note = post or PostForm(), note or NoteForm()
    last = words.reopens_until(question)
    dossier = dossier_of(question, actor)
    shows_beside(request, question.person_id, dossier.beside)
    objections = list(
        Objection.objects.visible_to(actor).filter(question=question).order_by("-made_at", "pk")
    )
    waiting = [
        one.post for one in dossier.thread if one.post.answer_by and not one.post.answered_at
    ]
    context: dict[str, Any] = {
        "question": question,
        "dossier": dossier,
        "thread": dossier.thread,
        "waiting": waiting[-1] if waiting else None,
        "form": post,
        "files_again": bool(request.FILES),
        "note_form": note,
        "is_proxy": is_proxy,
        "has_answer": any(one.answered_at for one in objections),
        "objected": next((one for one in objections if not one.answered_at), None),
        "research_by": research_by(question) if question.rung == Rung.SPECIALIST else None,
        "joined": joined_with(actor, question.person_id),
        "is_ended": question.state in ENDED,
        "by_team": question.state in ENDED - BY_RESIDENT,
        "may_talk": may_talk(question, actor, now=now),
        "may_act": may_act,
        "may_note": Scope.OWN in actor.may("note.read") and not is_proxy,
        "may_reopen": may_act and last is not None and last >= today,
        "attachment_page": "my-attachment",
        "stop_fault": stop_fault,
        "fresh_key": uuid.uuid4(),
        "note_key": uuid.uuid4(),
    }
    status = 400 if post.errors or note.errors or stop_fault else 200
    return render(request, "mine/question.html", context, status=status)
