"""The receipt: which number, whose desk, and by when. For the browser that asked, for an hour."""

import time
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from omzien.questions.models import Question
from omzien.questions.queries.duty import promised
from omzien.questions.terms import terms_of
from omzien.web.request import Request

# In the session of who asked: which question, when, and what the page has to say of it.
ASKED = "asked"
SHOWN_FOR = 60 * 60


def hand_over(request: Request, question: Question, **more: bool) -> HttpResponse:
    """Lead the browser that sent a form to its receipt; the address says nothing."""
    request.session[ASKED] = {"key": str(question.pk), "at": int(time.time()), **more}
    return HttpResponseRedirect(reverse("asked"))


@never_cache
@require_safe
def asked_page(request: Request) -> HttpResponse:
    """Show the receipt of what this browser asked last; whoever else comes here may ask."""
    question, told = _question(request)
    if question is None:
        return HttpResponseRedirect(reverse("ask"))
    terms = terms_of(question.municipality_id)
    context = {
        "question": question,
        "team": question.team,
        "reply_by": terms.after(timezone.localdate(question.asked_at), terms.reply),
        "plan_by": terms.own_plan(timezone.localdate(question.asked_at)),
        "acute": promised(question.municipality_id, at=question.asked_at)
        if question.is_acute
        else None,
        "has_mail": any(one and one.email for one in (question.person, question.asked_by)),
        "for_other": _is_for_other(request, question),
        "following": reverse("my-questions"),
        "told": told,
        "signed_in": request.actor.person is not None and not told.get("for_caller"),
        "works": Question.objects.lets(request.actor, "question.work", question.pk),
    }
    return render(request, "asking/asked.html", context)


def _is_for_other(request: Request, question: Question) -> bool:
    """Tell whether somebody asked for another whom they do not represent."""
    asked = question.asked_by_id is not None and question.asked_by_id != question.person_id
    return asked and request.actor.represents != question.person_id


def _question(request: Request) -> tuple[Question | None, dict[str, object]]:
    told = request.session.get(ASKED) if request.municipality else None
    if not isinstance(told, dict) or time.time() - told["at"] > SHOWN_FOR:
        return None, {}
    rows = Question.objects.select_related("team", "person", "asked_by")
    return rows.filter(pk=UUID(told["key"])).first(), told
