"""What a resident decides about the own question: stop, open again, share no more, download."""

import json
import uuid
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from omzien.handovers.actions.consenting import take_back
from omzien.handovers.actions.ending import stop_question
from omzien.handovers.actions.waiting import take_off
from omzien.handovers.models import Wait
from omzien.people import refusals as people
from omzien.people.models import Ground
from omzien.people.privacy.export import note_export
from omzien.people.rules.grounds import LET_ALONG
from omzien.people.rules.looking import Action
from omzien.questions.actions.working import reopen
from omzien.questions.models import Attachment, Question
from omzien.questions.refusals import NotAllowed, Refused, WrongState
from omzien.web.doors import needs
from omzien.web.downloads import FORMS, download
from omzien.web.handovers.sharing import stopped
from omzien.web.logged import logged, shows_beside
from omzien.web.mine.dossier import dossier_of
from omzien.web.mine.file import exact, parts_of, whole_file
from omzien.web.mine.views import about, find, page
from omzien.web.questions.refused import said
from omzien.web.request import Request, row_of

WAYS = ("withdraw", "own-way")
question_logged = partial(logged, purpose="help", kind="question", about=about)


@needs("question.withdraw")
@require_POST
@question_logged(action=Action.CHANGE)
def stop(request: Request, key: uuid.UUID) -> HttpResponse:
    """End the question: no help is needed any more, or somebody goes on alone."""
    question = find(request, key)
    name = request.POST.get("way", "")
    if name not in WAYS:
        return page(request, question, stop_fault=_("Kies eerst waarom je stopt."))
    try:
        stop_question(question=question, name=name, by=request.actor, now=timezone.now())
    except NotAllowed:
        messages.error(request, _("Je mag dit niet beslissen met je machtiging."))
    except Refused as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("Je vraag is gestopt. Bedenk je je? Open die dan weer."))
    return _back(question)


@needs("question.withdraw")
@require_POST
@question_logged(action=Action.CHANGE)
def open_again(request: Request, key: uuid.UUID) -> HttpResponse:
    """Open the question again, with the same team."""
    question = find(request, key)
    try:
        reopen(question=question, by=request.actor, now=timezone.now())
    except NotAllowed:
        messages.error(request, _("Je mag dit niet beslissen met je machtiging."))
    except Refused as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("Je vraag is weer open. Het team neemt contact met je op."))
    return _back(question)


@needs("consent.give")
@require_POST
@question_logged(action=Action.CHANGE)
def share_no_more(request: Request, key: uuid.UUID) -> HttpResponse:
    """Take consent back; a handover that rests on it ends in the same moment."""
    question = find(request, key)
    ground = _ground(request, question)
    if ground is None:
        messages.error(request, _("Deze afspraak is er niet meer."))
        return _back(question, "#delen")
    try:
        take_back(question=question, ground=ground, by=request.actor, now=timezone.now())
    except (NotAllowed, people.NotAllowed):
        messages.error(request, _("Dit kun je hier niet stoppen. Bel het team."))
    except people.WrongMove:
        messages.info(request, _("Dit was al gestopt."))
    else:
        messages.success(request, stopped(question, ground, request.actor))
    return _back(question, "#delen")


@needs("question.withdraw")
@require_POST
@question_logged(action=Action.CHANGE)
def wait_no_more(request: Request, key: uuid.UUID) -> HttpResponse:
    """Step off a waiting list; the team that helps goes on helping."""
    question = find(request, key)
    waits = Wait.objects.visible_to(request.actor).filter(question=question)
    wait = row_of(waits, request.POST.get("over"))
    if wait is None:
        messages.error(request, _("Deze afspraak is er niet meer."))
        return _back(question, "#wachten")
    try:
        take_off(wait=wait, by=request.actor, now=timezone.now())
    except NotAllowed:
        messages.error(request, _("Je mag dit niet beslissen met je machtiging."))
    except WrongState:
        messages.info(request, _("Hier wacht je niet meer op, of er is net plek. Kijk hieronder."))
    else:
        messages.success(request, _("Je wacht hier niet meer op. Je team helpt je verder."))
    return _back(question, "#wachten")


@needs("question.follow")
@require_safe
@question_logged(action=Action.EXPORT)
def my_file(request: Request, key: uuid.UUID, form: str) -> HttpResponseBase:
    """Give what the page, the plan and the objections show: to read, or for a program."""
    if form not in FORMS:
        raise Http404
    question = find(request, key)
    actor = request.actor
    dossier = dossier_of(question, actor)
    shows_beside(request, question.person_id, dossier.beside)
    sections = whole_file(dossier, actor)
    if question.person_id:
        note_export(person=question.person_id, by=request.actor, form=form)
    context = {"parts": parts_of(sections), "day": timezone.localdate(), "question": question}
    found = {one.code: one.rows for one in sections}
    texts = {
        "html": lambda: render_to_string("mine/file.html", context, request),
        "json": lambda: json.dumps(found, ensure_ascii=False, indent=2, default=exact),
    }
    files = Attachment.objects.visible_to(actor).filter(question=question)
    return download(f"vraag-{question.reference}", form, texts, files)


def _ground(request: Request, question: Question) -> Ground | None:
    rows = Ground.objects.visible_to(request.actor).filter(
        person=question.person_id, purpose__in=LET_ALONG
    )
    return row_of(rows, request.POST.get("ground"))


def _back(question: Question, place: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("my-question", args=[question.pk]) + place)
