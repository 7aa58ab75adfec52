"""Which question a page is about."""

import uuid

from django.http import Http404

from omzien.people.gates import by_key
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question


def question_of(actor: Actor, key: uuid.UUID, verb: str = "plan.read") -> Question:
    """Return a question that `actor` may reach under a verb. Raises Http404."""
    rows = Question.objects.visible_to(actor, verb=verb).select_related("village", "team", "person")
    question = by_key(rows, key)
    if question is None:
        raise Http404
    return question
