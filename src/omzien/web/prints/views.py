"""Pages for paper, without navigation: of each the log says that it was printed (NEN 7513).

What a browser prints by itself nobody can see; of that page the log says that it was read.
"""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from omzien.choices.queries import topic_label
from omzien.people.gates import by_key
from omzien.people.models import Person
from omzien.people.privacy.export import everything_about
from omzien.people.rules.looking import Action
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.web.doors import needs
from omzien.web.logged import logged, reader_of, resident_of, shows_beside
from omzien.web.mine.dossier import dossier_of
from omzien.web.mine.file import Parts, Section, parts_of, plan_sections, section, whole_file
from omzien.web.mine.views import about, find
from omzien.web.plans.gates import question_of
from omzien.web.privacy.words import readable_parts
from omzien.web.questions.overview import readable, reads_plan
from omzien.web.questions.words import state_text
from omzien.web.request import Request


@needs("question.work")
@require_safe
@logged(purpose="help", kind="question", about=resident_of, action=Action.PRINT)
def question(request: Request, key: uuid.UUID) -> HttpResponse:
    """Print a question with what may be read of it: who, the story, and what comes next."""
    rows = Question.objects.select_related("village", "team", "holder__person", "person")
    found = by_key(rows.filter(pk__in=readable(request.actor).filter(pk=key).values("pk")), key)
    if found is None:
        raise Http404
    parts = parts_of(_on_paper(found, request.actor))
    return _print(request, _title(found), parts, reverse("question", args=[key]))


@needs("plan.read")
@require_safe
@logged(purpose="help", kind="question", about=resident_of, action=Action.PRINT)
def plan(request: Request, key: uuid.UUID) -> HttpResponse:
    """Print the plan for who works on it."""
    found = question_of(request.actor, key)
    title = _("Plan bij vraag %(reference)s") % {"reference": found.reference}
    parts = parts_of(plan_sections(found, request.actor))
    return _print(request, title, parts, reverse("plan", args=[key]))


@needs("plan.keep")
@require_safe
@logged(purpose="help", kind="question", about=resident_of, action=Action.PRINT)
def my_plan(request: Request, key: uuid.UUID) -> HttpResponse:
    """Print the own plan, or that of who gave a mandate."""
    found = question_of(request.actor, key)
    parts = parts_of(plan_sections(found, request.actor))
    return _print(request, _("Het plan"), parts, reverse("my-plan", args=[key]))


@needs("question.follow")
@require_safe
@logged(purpose="help", kind="question", about=about, action=Action.PRINT)
def my_question(request: Request, key: uuid.UUID) -> HttpResponse:
    """Print all of an own question: what the file of it holds."""
    found = find(request, key)
    dossier = dossier_of(found, request.actor)
    shows_beside(request, found.person_id, dossier.beside)
    parts = parts_of(whole_file(dossier, request.actor))
    return _print(request, _title(found), parts, reverse("my-question", args=[key]))


@needs("account.manage")
@require_safe
@logged(purpose="own-data", kind="person", about=reader_of, action=Action.PRINT)
def own_data(request: Request) -> HttpResponse:
    """Print all that is kept about oneself."""
    rows = Person.objects.select_related("account", "municipality")
    person = by_key(rows, request.actor.person) if request.actor.person else None
    if person is None:
        raise Http404
    parts = readable_parts(everything_about(person=person, by=request.actor))
    return _print(request, _("Jouw gegevens"), parts, reverse("own-data"))


def _on_paper(question: Question, actor: Actor) -> list[Section]:
    """Return of the page what is of use on paper, and no more than the page shows."""
    lets = {
        verb: Question.objects.lets(actor, verb, question.pk)
        for verb in ("question.work", "story.read", "contact.read")
    }
    may_plan = lets["question.work"] or reads_plan(question, actor)
    person = question.person if lets["contact.read"] else None
    asked = {
        "reference": question.reference,
        "asked_at": question.asked_at,
        "topics": ", ".join(topic_label(code, question.municipality) for code in question.topics),
        "place": question.village.name,
        "story": question.story if lets["story.read"] else "",
    }
    who = {"name": person.name, "phone": person.phone, "email": person.email} if person else {}
    holder = question.holder if lets["question.work"] else None
    now = {
        "now": state_text(question.state),
        "team": question.team.name,
        "name": holder.person.name if holder else "",
        "step": question.next_action if may_plan else "",
        "step_on": question.next_on if may_plan else None,
        "by": question.due_on,
    }
    tried = plan_sections(question, actor) if may_plan else []
    return [
        *([section("asker", _("Wie vraagt het"), [who])] if who else []),
        section("question", _("De vraag"), [asked]),
        section("now", _("Wat nu?"), [now]),
        *(one for one in tried if one.code == "tries"),
    ]


def _title(found: Question) -> str:
    return _("Vraag %(number)s") % {"number": found.reference}


def _print(request: Request, title: str, parts: Parts, back: str) -> HttpResponse:
    context: dict[str, Any] = {
        "title": title,
        "parts": parts,
        "back": back,
        "day": timezone.localdate(),
    }
    return render(request, "prints/print.html", context)
