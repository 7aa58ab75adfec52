"""What stands in the way of closing a question."""

from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from omzien.questions.models import Objection, Question, Task
from omzien.questions.models.questions import ALONG, OPEN_HANDOVER


def in_the_way(question: Question) -> dict[str, list[str]]:
    """Return what is still open, by code, with the names of the teams or tasks that it is about:
    "crisis", "handover", "dispute" (the resident says that the first talk was not there, and
    nobody answered yet), "along" (a team with a part), "advice" (asked of a team), "task" (of
    another team or of a colleague).
    """
    # Handovers live in a room above this one, so their models are asked for by name.
    handovers, parts, advice = (
        apps.get_model("handovers", name)._default_manager.filter(question=OuterRef("pk"))
        for name in ("Handover", "Involvement", "Consult")
    )
    others = Q(holder__isnull=False) & ~Q(team=question.team_id, holder=question.holder_id)
    tasks = Task.objects.open().filter(
        others | ~Q(team=question.team_id), question=OuterRef("pk"), kind=Task.Kind.OWN
    )
    unanswered = Objection.objects.open().filter(key=OuterRef("pk"))  # of a dispute: `dispute`
    asked: dict[str, Any] = {
        "handover": handovers.filter(state__in=OPEN_HANDOVER).values("to_team__name"),
        "dispute": handovers.filter(Exists(unanswered), disputed_at__isnull=False).values(
            "to_team__name"
        ),
        "along": parts.filter(state__in=ALONG).values("team__name"),
        "advice": advice.filter(state="asked").values("to_team__name"),
        "task": tasks.values("what"),
    }
    rows = Question.objects.filter(pk=question.pk)
    found = rows.values_list(*(ArraySubquery(one.order_by()) for one in asked.values())).first()
    opened = {code: names for code, names in zip(asked, found or (), strict=False) if names}
    return ({"crisis": []} if question.is_acute else {}) | opened
