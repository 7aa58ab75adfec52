"""What needs me today."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from omzien.handovers.models import Involvement
from omzien.handovers.models.along import knows_whose
from omzien.handovers.queries.offered import Asked, What, asked_of, joined_by
from omzien.questions.models import Task
from omzien.questions.queries.inbox import MOST, SHOWN, Part, inbox_of
from omzien.questions.rules.filters import Filter
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.questions.lists import list_address
from omzien.web.questions.rows import rows_of
from omzien.web.questions.words import ASKED, task_text
from omzien.web.request import Request
from omzien.web.today.ways import ways


@needs("question.work")
@require_safe
@logged(purpose="help", kind="question", about=whom_shown)
def inbox_page(request: Request) -> HttpResponse:
    """Show what needs somebody today."""
    actor, today = request.actor, timezone.localdate()
    inbox = inbox_of(actor, on=today)
    rows = rows_of(request, inbox.questions, today)
    asked, joined = asked_of(actor, on=today), joined_by(actor)
    shows(request, (one.question.person_id for one in joined[:SHOWN]))
    shows(request, (one.person for one in asked[:SHOWN]))
    context = {
        "today": today,
        "parts": [
            (code, part, [rows[one.pk] for one in part.rows])
            for code, part in (
                ("acute", inbox.acute),
                ("mine", inbox.mine),
                ("nobody", inbox.nobody),
            )
        ],
        "ways": ways(actor),
        "asked": [(one, _page_of(one), ASKED[one.what]) for one in asked[:SHOWN]],
        "joined": joined[:SHOWN],
        "knows_whose": knows_whose(actor),
        "counts": {
            "asked": Part(count=len(asked)),
            "joined": Part(count=len(joined)),
            "spoken": inbox.spoken,
            "tasks": inbox.tasks,
            "returned": inbox.returned,
        },
        "spoken": [rows[task.question_id] for task in inbox.spoken.rows],
        "tasks": [(task, rows[task.question_id], task_text(task)) for task in inbox.tasks.rows],
        "returned": [
            (task, rows[task.question_id], task_text(task), _next_step(task))
            for task in inbox.returned.rows
        ],
        "kept": [
            (one.saved, list_address(one.wanted), one.said or _said_of(joined, one.wanted))
            for one in inbox.kept
        ],
        "is_empty": not (inbox.questions or asked or joined),
    }
    return render(request, "questions/inbox.html", context)


def _next_step(task: Task) -> str:
    page = "offer" if task.kind == Task.Kind.ALLOWED else "question"
    return reverse(page, args=[task.question_id])


def _page_of(one: Asked) -> str:
    pages = {What.ALONG: "along", What.ADVICE: "consult"}
    if one.what == What.DISCUSSION:
        return reverse("anonymous-discussions")
    return reverse(pages.get(one.what, "handover"), args=[one.key]) if one.key else ""


def _said_of(joined: Sequence[Involvement], wanted: Filter) -> str:
    """Return how many parts of the team a kept list shows, counted among the first hundred."""
    here = [one for one in joined if wanted.village in ("", one.question.village.slug)]
    more = "+" if len(joined) >= MOST else ""
    return f"{len(here)}{more}"
