"""How these pages find a question, and whose data they show."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from omzien.people.kept import by_key
from omzien.questions.models import Question, QuestionQuerySet
from omzien.web.request import Request


def found(rows: QuestionQuerySet, key: UUID) -> Question:
    """Return a question with what a page shows of it; 404 for what is not there."""
    row = by_key(rows.select_related("team", "village", "person", "municipality"), key)
    if row is None:
        raise Http404
    return row


def version_of(request: Request) -> int | None:
    """Return which version of the question the form was made for."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def stale(request: Request, typed: str, back: str) -> HttpResponse:
    """Say that somebody changed it meanwhile, and give back what was typed (409)."""
    context = {"typed": typed, "back": back}
    return render(request, "signals/stale.html", context, status=409)
