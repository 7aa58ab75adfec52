"""The pages where a person reads who looked at their data, and what they looked at at work."""

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from omzien.handovers.queries.consents import secret_readers
from omzien.people.logs.looking import who_looked
from omzien.people.logs.models import AccessLine
from omzien.people.logs.words import purpose_text, sentence, times_text
from omzien.people.models import Ground, Organisation
from omzien.people.queries.mandates import proxies_of
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.web.doors import needs
from omzien.web.logged import logged, reader_of
from omzien.web.request import Request

MOST_LINES = 300  # the latest; more of a day is one line


@needs("account.manage")
@require_safe
@logged(purpose="own-data", kind="access-log", about=reader_of)
def who_looked_page(request: Request) -> HttpResponseBase:
    """Show who looked at the signed-in person's data."""
    assert request.actor.person is not None
    names = {str(key): name for key, name in Organisation.objects.values_list("pk", "name")}
    looks = who_looked(
        request.actor.person,
        organisation_name=lambda key: names.get(key, ""),
        proxies=proxies_of(request.actor.person),
        hidden=secret_readers(request.actor.person, Ground.objects.visible_to(request.actor)),
    )
    return render(request, "accounts/who_looked.html", {"looks": looks})


@needs("access.own_acts")
@require_safe
@logged(purpose="own-data", kind="access-log", about=reader_of)
def own_acts_page(request: Request) -> HttpResponseBase:
    """Show somebody at work what they looked at lately: each question once a day."""
    return render(request, "accounts/own_acts.html", {"acts": _acts(request.actor)})


def _acts(actor: Actor) -> list[dict[str, Any]]:
    """Return the latest acts in words, newest first, with the question where it is still theirs.

    Equal ones of a day are one. A number without a name: nothing about a resident is read here.
    """
    lines = list(AccessLine.objects.done_by(actor).order_by("-number")[:MOST_LINES])
    keys = {UUID(one.object_id) for one in lines if one.object_kind == "question" if one.object_id}
    rows = Question.objects.visible_to(actor).filter(pk__in=keys)
    theirs = {str(one.pk): one for one in rows.only("reference")}
    found: dict[tuple[Any, ...], int] = {}
    for one in lines:
        day = timezone.localdate(one.at)
        act = (day, one.object_id, one.action, one.result, one.purpose)
        found[act] = found.get(act, 0) + 1
    return [
        {
            "day": day,
            "question": theirs.get(thing),
            "did": times_text(sentence(action, result), times),
            "why": purpose_text(purpose),
        }
        for (day, thing, action, result, purpose), times in found.items()
    ]
