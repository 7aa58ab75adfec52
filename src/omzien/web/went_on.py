"""Where a question went that was the own team's: handed over, or ended.

An open page or an old mail still leads to it. Nothing of the question is shown: only what the
team knows of it anyway, by which handover it went, or that it ended.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from omzien.handovers.models import Handover
from omzien.questions.models import Question
from omzien.web.request import Request


def went_on(request: Request, key: UUID) -> HttpResponse | None:
    """Return a page that leads to the handover or to what ended, or None for what was never the
    team's, or is it still.
    """
    actor = request.actor
    if request.method not in ("GET", "HEAD") or actor.membership is None or actor.team is None:
        return None
    gone = Handover.objects.ever_of(actor).taken().filter(question=key, from_team=actor.team)
    handover = (
        gone.exclude(question__team=actor.team)
        .select_related("to_team")
        .order_by("-ended_at", "pk")
        .first()
    )
    ended = None if handover else Question.objects.ended_for(actor).filter(pk=key).first()
    if handover is None and ended is None:
        return None
    context = {
        "handover": handover,
        "is_followed": handover is not None
        and Handover.objects.visible_to(actor).filter(pk=handover.pk).exists(),
        "reference": ended.reference if ended else "",
    }
    return render(request, "questions/went_on.html", context, status=404)
