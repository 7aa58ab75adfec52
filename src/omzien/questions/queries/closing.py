"""What stands in the way of closing a question."""

from django.apps import apps

from omzien.questions.models import Question, Task
from omzien.questions.models.questions import OPEN_HANDOVER


def in_the_way(question: Question) -> list[str]:
    """Return codes of what is still open: "crisis", "handover", "task" (of somebody else)."""
    handovers = apps.get_model("handovers", "Handover")._default_manager
    others = Task.objects.open().filter(question=question, kind=Task.Kind.OWN)
    others = others.exclude(holder=None, team=question.team_id).exclude(holder=question.holder_id)
    found = {
        "crisis": question.is_acute,
        "handover": handovers.filter(question=question, state__in=OPEN_HANDOVER).exists(),
        "task": others.exists(),
    }
    return [code for code, is_open in found.items() if is_open]
