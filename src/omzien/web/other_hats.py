"""The way to a question that somebody reaches in another role of their own, and not in this one.

A mail to a proxy leads to the question; who is signed in for their own life finds nothing there.
The gate itself is asked for each of the other hats, so that nobody learns of what is not theirs.
"""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from omzien.people.actions.claiming import unnamed
from omzien.people.queries.hats import Hat, actor_of, hats_of
from omzien.people.queries.mandates import mailed_alone
from omzien.questions.models import Question
from omzien.web.request import Request

FOLLOW = "question.follow"


def other_way(request: Request, question: UUID) -> HttpResponse | None:
    """Return a page that offers the other hat, says that a mandate is for mail alone, or asks the
    name under which it was asked.
    """
    if request.method != "GET" or not request.actor.may(FOLLOW):
        return None
    if Question.objects.visible_to(request.actor).filter(pk=question).exists():
        return None  # it is here: something else of it is not
    others = hats_of(request.user.pk, on=timezone.localdate())  # type: ignore[arg-type]
    if hats := [hat for hat in others if _opens(request, hat, question)]:
        context = {"hats": hats, "next": request.path}
        return render(request, "mine/other_hat.html", context, status=404)
    asked = Question.objects.filter(pk=question).values("person")
    row = (
        Question.objects.filter(pk=question, person__isnull=False).only("person", "topics").first()
    )
    if row and (name := _mailed_for(request, row)):
        return render(request, "mine/only_mail.html", {"name": name}, status=403)
    if unnamed(request.user).filter(pk__in=asked).exists():  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("say-name", query={"next": request.path}))
    return None


def _mailed_for(request: Request, question: Question) -> str:
    """Return the name of for whom somebody gets mail of a question, and may not open it; or ""."""
    held = mailed_alone(
        question.person_id, on=timezone.localdate(), about_money=question.is_about_money
    )
    rows = held.filter(proxy__account=request.user.pk)
    return rows.values_list("resident__name", flat=True).first() or ""


def _opens(request: Request, hat: Hat, question: UUID) -> bool:
    actor = actor_of(
        request.user.pk,  # type: ignore[arg-type]
        hat.key,
        municipality=request.actor.municipality,
        is_strong=False,
        on=timezone.localdate(),
    )
    if actor is None or not actor.may(FOLLOW):
        return False
    return Question.objects.visible_to(actor).filter(pk=question).exists()
