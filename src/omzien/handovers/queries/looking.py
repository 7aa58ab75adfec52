"""What of a question has its own page: who looked at one of these, looked at the question."""

from uuid import UUID

from omzien.handovers.models import Handover
from omzien.questions.models import Crisis, Discussion, Objection, Question, Task

PARTS = (Handover, Task, Objection, Crisis, Discussion)


def things_of(question: Question) -> list[UUID]:
    """Return the keys of a question and its parts, as the access log knows them (1 query)."""
    rows = [model._default_manager.filter(question=question).order_by() for model in PARTS]
    keys = [one.values_list("pk", flat=True) for one in rows]
    return [question.pk, *keys[0].union(*keys[1:], all=True)]
