"""The page of one question."""

import uuid

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from omzien.people.gates import by_key
from omzien.questions.models import Question
from omzien.web.doors import needs
from omzien.web.logged import logged, reached_of
from omzien.web.questions.deeds import forms_for
from omzien.web.questions.overview import readable, shown
from omzien.web.request import Request


@needs("question.work")
@require_safe
@logged(purpose="help", kind="question", about=reached_of)
def question_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show a question to who may work on it or read it."""
    rows = Question.objects.filter(pk__in=readable(request.actor).filter(pk=key).values("pk"))
    question = by_key(
        rows.select_related("village", "team", "holder__person", "person", "asked_by"), key
    )
    if question is None:
        raise Http404
    return shown(request, question, forms_for(question, request.actor))
