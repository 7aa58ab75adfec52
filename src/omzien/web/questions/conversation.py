"""The worker's page of a conversation: answer the resident, note something for the team."""

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

from omzien.kernel.filling import fill
from omzien.people.gates import by_key
from omzien.people.models import Person
from omzien.people.rules.looking import Action
from omzien.questions.actions.notes import write_note
from omzien.questions.actions.talking import say, see
from omzien.questions.models import Question, StandardText
from omzien.questions.queries.conversation import for_them, notes, thread
from omzien.questions.queries.reached import is_in_conflict, residents_side, stands_in_for
from omzien.questions.refusals import NotAllowed, Refused
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.questions.refused import said
from omzien.web.questions.talking import NoteForm, PostForm, file_of
from omzien.web.request import Request, row_of


def find(request: Request, key: uuid.UUID, verb: str = "question.work") -> Question:
    """Return a question of the own team. Raises Http404 for every other one."""
    rows = Question.objects.visible_to(request.actor, verb=verb)
    rows = rows.select_related("person", "team", "holder__person", "village")
    question = by_key(rows, key)
    if question is None:
        raise Http404
    return question


def about(request: Request, key: uuid.UUID, **_more: object) -> Iterable[uuid.UUID]:
    """Return whose question it is, and whom the page shows beside them, for the access log."""
    rows = Question.objects.visible_to(request.actor, verb="question.work").filter(pk=key)
    return [one for one in rows.values_list("person", flat=True) if one] + whom_shown(request)


@needs("question.work")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="help", kind="question", about=about)
def conversation_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show what was said, and take an answer; a standard text can be put into it first."""
    question = find(request, key)
    if request.method != "POST":
        see(question=question, by=request.actor, now=timezone.now())
        return _page(request, question)
    if "insert" in request.POST:
        if not request.POST.get("standard"):
            messages.info(request, _("Kies eerst een standaardtekst."))
        return _page(request, question, post=PostForm(initial=_with_text(request, question)))
    form = PostForm(request.POST)
    if form.is_valid():
        try:
            say(question=question, said=form.said(request), by=request.actor, now=timezone.now())
        except NotAllowed:
            raise Http404 from None
        except Refused as refusal:
            form.add_error("text", said(refusal))
        else:
            messages.success(request, _("Je bericht is verstuurd."))
            return HttpResponseRedirect(reverse("conversation", args=[key]))
    return _page(request, question, post=form)


@needs("question.work")
@require_POST
@logged(purpose="help", kind="question", about=about, action=Action.CREATE)
def note_down(request: Request, key: uuid.UUID) -> HttpResponse:
    """Take a note for the own team."""
    question = find(request, key)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            write_note(
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
            messages.success(request, _("De notitie is bewaard."))
            return HttpResponseRedirect(reverse("conversation", args=[key]))
    return _page(request, question, note=form)


@needs("question.work")
@require_safe
@logged(purpose="help", kind="question", about=about, action=Action.EXPORT)
def attachment(request: Request, key: uuid.UUID, number: int) -> HttpResponse:
    """Give a file of the conversation; one of another question is not there."""
    return file_of(request, find(request, key), number)


def _page(
    request: Request,
    question: Question,
    *,
    post: PostForm | None = None,
    note: NoteForm | None = None,
) -> HttpResponse:
    written = notes(question, request.actor)
    spoken = thread(question, request.actor)
    post, note = post or PostForm(), note or NoteForm()
    is_called = question.person is None or question.person.phone
    gets_mail = bool(residents_side(question))
    stands_in = None if gets_mail or is_called else stands_in_for(question)
    shows(request, [*([stands_in.pk] if stands_in else []), *for_them(spoken)])
    context = {
        "question": question,
        "tab": "conversation",
        "thread": spoken,
        "silent": next((one.post for one in reversed(spoken) if _is_silent(one.post)), None),
        "waiting": next((one.post for one in reversed(spoken) if _waits(one.post)), None),
        "notes": written,
        "form": post,
        "files_again": bool(request.FILES),
        "note_form": note,
        "texts": StandardText.objects.visible_to(request.actor),
        "is_worker": True,
        "gets_mail": gets_mail,
        "stands_in": stands_in,
        "is_in_conflict": is_in_conflict(question),
        "attachment_page": "attachment",
        "fresh_key": uuid.uuid4(),
        "note_key": uuid.uuid4(),
    }
    failed = bool(post.errors or note.errors)
    return render(request, "questions/conversation.html", context, status=400 if failed else 200)


def _waits(post: Any) -> bool:
    return bool(post.answer_by and not post.answered_at)


def _is_silent(post: Any) -> bool:
    return _waits(post) and bool(post.silent_at)


def _with_text(request: Request, question: Question) -> dict[str, Any]:
    """Return the form as it was typed, with the chosen standard text below it."""
    typed = {name: request.POST.get(name, "") for name in ("text", "key", "waits")}
    texts = StandardText.objects.visible_to(request.actor)
    chosen = row_of(texts, request.POST.get("standard"))
    if chosen is None:
        return typed
    mine = Person.objects.visible_to(request.actor)
    me = mine.filter(memberships=request.actor.membership).first()
    values = {
        "voornaam": question.person.first_name if question.person else "",
        "referentie": question.reference,
        "medewerker": me.name if me else "",
        "team": question.team.name,
        "telefoon": (me.phone if me else "") or question.team.phone,
    }
    typed["text"] = "\n\n".join(filter(None, [typed["text"], fill(chosen.body, values)]))
    return typed
