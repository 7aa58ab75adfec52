"""The way to a question, or a file of mediation, that somebody reaches in another own role.

A mail to a proxy leads there; who is signed in for their own life finds nothing there.
The gate itself is asked for each of the other hats, so that nobody learns of what is not theirs.
"""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from omzien.mediation.models import Party
from omzien.people.actions.claiming import unnamed
from omzien.people.queries.hats import Hat, actor_of, hats_of
from omzien.people.queries.mandates import mailed_alone
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.web.request import Request

FOLLOW = "question.follow"


def other_way(request: Request, key: UUID) -> HttpResponse | None:
    """Return a page that offers the other hat, says that a mandate is for mail alone, or asks the
    name under which it was asked.
    """
    if request.method != "GET" or not request.actor.may(FOLLOW):
        return None
    if _is_open(request.actor, key):
        return None  # it is here: something else of it is not
    others = hats_of(request.user.pk, on=timezone.localdate())  # type: ignore[arg-type]
    if hats := [hat for hat in others if _opens(request, hat, key)]:
        context = {"hats": hats, "next": request.path}
        return render(request, "mine/other_hat.html", context, status=404)
    if name := _mailed_for(request, key):
        return render(request, "mine/only_mail.html", {"name": name}, status=403)
    asked = Question.objects.filter(pk=key).values("person")
    if unnamed(request.user).filter(pk__in=asked).exists():  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("say-name", query={"next": request.path}))
    return None


def _mailed_for(request: Request, key: UUID) -> str:
    """Return the name of for whom somebody gets mail of this, and may not open it; or ""."""
    rows = Question.objects.filter(pk=key, person__isnull=False).only("person", "topics")
    question = rows.first()
    file = None if question else Party.objects.filter(pk=key, person__isnull=False).first()
    whose = question or file
    if whose is None:
        return ""
    about_money = question is not None and question.is_about_money
    held = mailed_alone(whose.person_id, on=timezone.localdate(), about_money=about_money)
    mine = held.filter(proxy__account=request.user.pk)
    return mine.values_list("resident__name", flat=True).first() or ""


def _opens(request: Request, hat: Hat, key: UUID) -> bool:
    actor = actor_of(
        request.user.pk,  # type: ignore[arg-type]
        hat.key,
        municipality=request.actor.municipality,
        is_strong=False,
        on=timezone.localdate(),
    )
    if actor is None or not actor.may(FOLLOW):
        return False
    return _is_open(actor, key)


def _is_open(actor: Actor, key: UUID) -> bool:
    own = Party.objects.own(actor).filter(pk=key)
    return Question.objects.visible_to(actor).filter(pk=key).exists() or own.exists()
