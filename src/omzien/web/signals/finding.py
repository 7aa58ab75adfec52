"""How these pages find a question, and say that it changed meanwhile."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from omzien.people.gates import by_key
from omzien.questions.models import Question, QuestionQuerySet
from omzien.web.request import Request


def found(rows: QuestionQuerySet, key: UUID) -> Question:
    """Return a question with what a page shows of it; 404 for what is not there."""
    row = by_key(rows.select_related("team", "village", "person", "municipality"), key)
    if row is None:
        raise Http404
    return row


def stale(request: Request, typed: str, back: str, *, happened: str = "") -> HttpResponse:
    """Say that somebody changed it meanwhile, and give back what was typed (409).

    `happened` says how it ended; who only looks reads that as well (410).
    """
    context = {"typed": typed, "back": back, "happened": happened}
    status = 409 if request.method == "POST" else 410
    return render(request, "signals/stale.html", context, status=status)
