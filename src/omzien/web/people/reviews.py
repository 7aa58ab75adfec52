"""The access review: role by role, stays or ends."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from omzien.people.actions.reviews import answer_line
from omzien.people.models import AccessReview, Membership, ReviewLine
from omzien.people.queries.broken_roles import Rule, broken_roles
from omzien.people.refusals import NothingOpen, Refused
from omzien.people.rules.looking import Action
from omzien.people.rules.roles import Role
from omzien.web.doors import needs
from omzien.web.logged import logged
from omzien.web.people.members import note_reading, what_stops
from omzien.web.people.refused import BROKEN, said
from omzien.web.request import Request, town_of
from omzien.web.today.roles import ROLE_NAMES

MOST_ANSWERED = 200


def _everybody(request: Request) -> list[uuid.UUID]:
    reviewed = Membership.objects.reviewed_by(request.actor)
    shown = reviewed.filter(Q(reviews__isnull=False) | Q(pk__in=_rules(request)))
    return list(shown.order_by().values_list("person", flat=True).distinct())


def _rules(request: Request) -> dict[uuid.UUID, Rule]:
    return broken_roles(town_of(request))


def _broken(request: Request, rules: dict[uuid.UUID, Rule]) -> list[dict[str, Any]]:
    """Return the roles that break a rule, with what to do and, for who may, where to end them."""
    rows = Membership.objects.reviewed_by(request.actor).filter(pk__in=rules)
    managed = set(Membership.objects.managed_by(request.actor).values_list("pk", flat=True))
    lines = ReviewLine.objects.decided_by(request.actor).open().once()
    ways = {key: reverse("end-membership", args=[key]) for key in managed}
    for line, key in lines.values_list("pk", "membership"):
        ways[key] = reverse("answer-review", args=[line])  # then the round has its answer too
    rows = rows.select_related("person", "organisation", "team").order_by("person__name", "pk")
    return [
        {
            "membership": one,
            "role": ROLE_NAMES[Role(one.role)],
            "why": BROKEN[rules[one.pk]],
            "end": ways.get(one.pk, ""),
        }
        for one in rows
    ]


@needs("review.read")
@require_safe
@logged(purpose="account", kind="review", about=_everybody)
def review_page(request: Request) -> HttpResponse:
    """Show what breaks a rule, what waits for an answer, and the record of what was answered."""
    rules = _rules(request)
    visible = ReviewLine.objects.visible_to(request.actor).select_related(
        "review",
        "membership__person",
        "membership__organisation",
        "membership__team",
        "answered_by",
    )
    mine = set(ReviewLine.objects.decided_by(request.actor).values_list("pk", flat=True))
    waiting = visible.filter(pk__in=visible.open().once().values("pk"))
    waiting = waiting.exclude(membership__in=rules).order_by("membership__person__name", "pk")
    rounds: dict[uuid.UUID, list[str]] = {}
    kinds = visible.open().order_by("review__kind", "pk")
    for membership, kind in kinds.values_list("membership", "review__kind"):
        rounds.setdefault(membership, []).append(kind)
    answered = visible.exclude(answer=ReviewLine.Answer.WAITING).order_by("-answered_at", "pk")
    context = {
        "broken": _broken(request, rules),
        "may_appoint": bool(request.actor.may("membership.manage")),
        "waiting": [
            (one, ROLE_NAMES[Role(one.membership.role)], one.pk in mine, rounds[one.membership_id])
            for one in waiting
        ],
        "answered": _decisions(answered[:MOST_ANSWERED]),
        "reviews": AccessReview.objects.all()[:12],
    }
    return render(request, "people/review.html", context)


def _decisions(lines: Iterable[ReviewLine]) -> list[tuple[ReviewLine, str, list[str]]]:
    """Return each decision once, with the role and the kinds of the rounds that it answered."""
    found: dict[tuple[Any, ...], tuple[ReviewLine, str, list[str]]] = {}
    for one in lines:
        decision = (one.membership_id, one.answer, one.answered_by_id, one.answered_at)
        row = found.setdefault(decision, (one, str(ROLE_NAMES[Role(one.membership.role)]), []))
        row[2].append(one.review.kind)
    return list(found.values())


@needs("review.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, key: uuid.UUID) -> HttpResponse:
    """Say that a role stays, or see what stops when it ends and then end it."""
    lines = ReviewLine.objects.decided_by(request.actor).filter(pk=key)
    line = lines.select_related(
        "membership__person", "membership__organisation", "membership__team"
    ).first()
    if line is None:
        raise Http404
    if request.method != "POST":
        if line.answer != ReviewLine.Answer.WAITING or line.membership.ended_at:
            messages.error(request, said(NothingOpen()))
            return HttpResponseRedirect(reverse("review"))
        note_reading(request, "membership", line.membership.person, Action.READ)
        context = what_stops(line.membership) | {"line": line}
        return render(request, "people/end.html", context)
    wanted = request.POST.get("answer")
    if wanted not in ("stays", "ends"):
        raise Http404
    try:
        answer_line(line=line, stays=wanted == "stays", by=request.actor)
    except Refused as refusal:
        messages.error(request, str(BROKEN.get(type(refusal)) or said(refusal)))
    else:
        messages.success(request, _("Je antwoord is bewaard."))
    return HttpResponseRedirect(reverse("review"))
