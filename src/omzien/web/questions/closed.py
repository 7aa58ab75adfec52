"""What ended, for who may open it again."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from omzien.questions.models import Question
from omzien.questions.queries.inbox import MOST, looks_along
from omzien.questions.rules.states import Left
from omzien.questions.terms import terms_of
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.questions.words import MISTAKES, RESULTS, state_text
from omzien.web.request import Request


@needs("question.close")
@require_safe
@logged(purpose="help", kind="question", about=whom_shown)
def closed_page(request: Request) -> HttpResponse:
    """Show what ended, latest first: reference, dates and result, and nothing more."""
    today = timezone.localdate()
    rows = Question.objects.ended_for(request.actor).order_by("-ended_at", "-pk")
    shown = list(rows.only(
        "reference", "asked_at", "ended_at", "state", "result", "left", "person_id", "version"
    )[: MOST])  # fmt: skip
    shows(request, (one.person_id for one in shown))
    terms = terms_of(request.actor.municipality)
    context = {
        "rows": [
            (one, _ended_as(one), _opens(one, terms, today)) for one in shown
        ],
        "mistakes": MISTAKES.items() if looks_along(request.actor, on=today) else (),
        "most": MOST if len(shown) == MOST else 0,
    }  # fmt: skip
    return render(request, "questions/closed.html", context)


def _ended_as(one: Question) -> str:
    if one.left == Left.DIED:
        return _("de inwoner is overleden")
    return str(RESULTS[one.result]) if one.result else state_text(one.state)  # type: ignore[index]


def _opens(one: Question, terms: Any, today: date) -> bool:
    ended_on = timezone.localdate(one.ended_at)
    return one.person_id is not None and today <= terms.reopens_until(ended_on)
