"""The access review: role by role, stays or ends."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from omzien.people.actions.reviews import answer_line
from omzien.people.models import AccessReview, ReviewLine
from omzien.people.refusals import Refused
from omzien.people.rules.roles import Role
from omzien.web.doors import needs
from omzien.web.logged import logged
from omzien.web.people.refused import said
from omzien.web.request import Request
from omzien.web.today.roles import ROLE_NAMES

MOST_ANSWERED = 200


def _everybody(request: Request) -> list[uuid.UUID]:
    seen = ReviewLine.objects.visible_to(request.actor)
    return list(seen.order_by().values_list("membership__person", flat=True).distinct())


@needs("review.read")
@require_safe
@logged(purpose="account", kind="review", about=_everybody)
def review_page(request: Request) -> HttpResponse:
    """Show what waits for an answer, and the record of what was answered."""
    visible = ReviewLine.objects.visible_to(request.actor).select_related(
        "review",
        "membership__person",
        "membership__organisation",
        "membership__team",
        "answered_by",
    )
    mine = set(ReviewLine.objects.decided_by(request.actor).values_list("pk", flat=True))
    waiting = visible.filter(
        answer=ReviewLine.Answer.WAITING, membership__ended_at=None, review__closed_at=None
    ).order_by("membership__person__name")
    answered = visible.exclude(answer=ReviewLine.Answer.WAITING).order_by("-answered_at")
    context = {
        "waiting": [
            (one, ROLE_NAMES[Role(one.membership.role)], one.pk in mine) for one in waiting
        ],
        "answered": [
            (one, ROLE_NAMES[Role(one.membership.role)]) for one in answered[:MOST_ANSWERED]
        ],
        "reviews": AccessReview.objects.all()[:12],
    }
    return render(request, "people/review.html", context)


@needs("review.decide")
@require_POST
def answer(request: Request, key: uuid.UUID) -> HttpResponse:
    """Say that a role stays or ends."""
    line = ReviewLine.objects.decided_by(request.actor).filter(pk=key).first()
    wanted = request.POST.get("answer")
    if line is None or wanted not in ("stays", "ends"):
        raise Http404
    try:
        answer_line(line=line, stays=wanted == "stays", by=request.actor)
    except Refused as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("Je antwoord is bewaard."))
    return HttpResponseRedirect(reverse("review"))
