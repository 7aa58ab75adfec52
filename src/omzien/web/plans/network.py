"""The map of one's own people: drawn by the resident, shown to whom they choose."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.people.models import Mandate, Person
from omzien.questions.actions.network import (
    Known,
    draw_tie,
    remove_tie,
    share_network,
    stop_sharing,
)
from omzien.questions.models import NetworkShare, Question, Tie
from omzien.questions.refusals import NeedsResident, NotAFirstName, NotAllowed, Refused
from omzien.questions.rules.network import MIDDLE, RINGS, SIZE, Often, Relation, drawing
from omzien.questions.rules.support import Fit, Support, who_fits
from omzien.web.doors import needs
from omzien.web.logged import logged, reader_of, resident_of
from omzien.web.plan_words import KINDS, OFTEN, RELATIONS, said
from omzien.web.plan_words import RINGS as RING_NAMES
from omzien.web.plans.forms import TieForm
from omzien.web.plans.gates import question_of
from omzien.web.request import Request, the_row

FIELD = {NotAFirstName: "name", NeedsResident: "together"}


@needs("ecogram.keep")
@require_http_methods(["GET", "POST"])
@logged(purpose="own-data", kind="network", about=reader_of)
def my_network(request: Request) -> HttpResponse:
    """Show the own map; draw, change, remove, share, stop."""
    form = TieForm(initial=_initial(_chosen(request, Tie.objects.visible_to(request.actor))))
    if request.method == "POST":
        form, answer = _done(request, _me(request), back=reverse("my-network"))
        if answer:
            return answer
    ties = list(Tie.objects.visible_to(request.actor))
    context = {
        "mine": True,
        "form": form,
        "chosen": request.POST.get("tie") or request.GET.get("wie", ""),
        "questions": _questions(request, ties),
        "proxies": _proxies(request),
        **drawn(ties),
    }
    return render(request, "plans/my_network.html", context, status=400 if form.errors else 200)


@needs("ecogram.read")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=resident_of)
def network_of(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show the map that a resident shares; a worker may draw on it together with them."""
    question = question_of(request.actor, key)
    ties = Tie.objects.visible_to(request.actor).filter(person=question.person_id)
    may_draw = _draws(request, question)
    form = TieForm(initial=_initial(_chosen(request, ties)))
    if request.method == "POST":
        if question.person is None:
            raise Http404
        form, answer = _done(request, question.person, back=reverse("network-of", args=[key]))
        if answer:
            return answer
    found = list(ties)
    context = {
        "mine": False,
        "question": question,
        "form": form,
        "is_shared": may_draw or bool(found),
        "may_draw": may_draw,
        "chosen": request.POST.get("tie") or request.GET.get("wie", ""),
        "fits": fitting(found, question.topics),
        **drawn(found),
    }
    return render(request, "plans/network_of.html", context, status=400 if form.errors else 200)


def drawn(ties: Sequence[Tie]) -> dict[str, Any]:
    """Return what the drawing and the table beside it need: the same rows."""
    rows = [
        {
            "spot": spot,
            "tie": spot.tie,
            "relation": RELATIONS[Relation(spot.tie.relation)],  # type: ignore[attr-defined]
            "kinds": [KINDS[Support(kind)] for kind in spot.letters.split()],
            "ring": RING_NAMES[spot.tie.closeness],
            "often": OFTEN[Often(spot.tie.how_often)],  # type: ignore[attr-defined]
        }
        for spot in drawing(ties)
    ]
    return {
        "rows": rows,
        "rings": sorted(RINGS.values(), reverse=True),
        "size": SIZE,
        "middle": MIDDLE,
        "letters": [(kind.value, label) for kind, label in KINDS.items()],
    }


def fitting(ties: Iterable[Tie], topics: Sequence[str]) -> list[tuple[Fit, str, str]]:
    """Return whom one could ask, with who that is and for what, in words."""
    return [
        (
            fit,
            str(RELATIONS[Relation(fit.tie.relation)]),  # type: ignore[attr-defined]
            ", ".join(str(KINDS[kind]) for kind in fit.kinds),
        )
        for fit in who_fits(ties, topics)
    ]


def _done(request: Request, owner: Person, *, back: str) -> tuple[TieForm, HttpResponse | None]:
    """Do what was posted; return the form to show again, or where to go."""
    do = request.POST.get("do", "draw")
    form = TieForm(request.POST if do == "draw" else None)
    if do == "draw" and not form.is_valid():
        return form, None
    try:
        message = DOING[do](request, owner, form) if do in DOING else None
    except NotAllowed:
        raise Http404 from None
    except Refused as refusal:
        if do != "draw":
            messages.error(request, said(refusal))
            return form, HttpResponseRedirect(back)
        form.add_error(FIELD.get(type(refusal)), said(refusal))
        return form, None
    if message is None:
        raise Http404
    messages.success(request, message)
    return form, HttpResponseRedirect(back)


def _draw(request: Request, owner: Person, form: TieForm) -> str:
    values = form.cleaned_data
    known = Known(
        name=values["name"],
        relation=Relation(values["relation"]),
        kinds=[Support(kind) for kind in values["kinds"]],
        closeness=int(values["closeness"]),
        how_often=Often(values["how_often"]),
    )
    draw_tie(
        person=owner,
        known=known,
        by=request.actor,
        now=timezone.now(),
        tie=_tie(request, owner) if request.POST.get("tie") else None,
        together=values["together"],
        key=values["key"],
    )
    return _("De kaart is bewaard.")


def _remove(request: Request, owner: Person, form: TieForm) -> str:
    is_together = request.POST.get("together") == "on"
    remove_tie(tie=_tie(request, owner), by=request.actor, together=is_together)
    return _("Van de kaart gehaald.")


def _share(request: Request, owner: Person, form: TieForm) -> str:
    question = the_row(Question.objects.filter(person=owner), request.POST.get("question"))
    proxy = None
    if request.POST.get("proxy"):
        proxies = Person.objects.filter(mandates_held__resident=owner)
        proxy = the_row(proxies, request.POST["proxy"])
    share_network(question=question, by=request.actor, now=timezone.now(), proxy=proxy)
    return _("Je deelt je kaart. Stoppen kan altijd en werkt meteen.")


def _stop(request: Request, owner: Person, form: TieForm) -> str:
    shares = NetworkShare.objects.filter(question__person=owner)
    stop_sharing(
        share=the_row(shares, request.POST.get("share")), by=request.actor, now=timezone.now()
    )
    return _("Gestopt. Niemand anders ziet je kaart nog via deze vraag.")


DOING = {"draw": _draw, "remove": _remove, "share": _share, "stop": _stop}


def _me(request: Request) -> Person:
    assert request.actor.person is not None
    return Person.objects.get(pk=request.actor.person)


def _tie(request: Request, owner: Person) -> Tie:
    ties = Tie.objects.visible_to(request.actor).filter(person=owner)
    return the_row(ties, request.POST.get("tie"))


def _chosen(request: Request, ties: QuerySet[Tie]) -> Tie | None:
    return the_row(ties, request.GET["wie"]) if request.GET.get("wie") else None


def _initial(tie: Tie | None) -> dict[str, Any]:
    if tie is None:
        return {}
    return {
        "name": tie.name,
        "relation": tie.relation,
        "kinds": tie.kinds,
        "closeness": str(tie.closeness),
        "how_often": tie.how_often,
    }


def _questions(request: Request, ties: Sequence[Tie]) -> list[dict[str, Any]]:
    """Return the own live questions: who owns each, whom the map is shared with, whom to ask."""
    rows = Question.objects.visible_to(request.actor).live().select_related("team")
    shares = NetworkShare.objects.open().filter(question__in=rows).select_related("proxy")
    found = list(shares)
    return [
        {
            "row": row,
            "team_share": next(
                (s for s in found if s.question_id == row.pk and s.team_id == row.team_id), None
            ),
            "proxy_shares": [s for s in found if s.question_id == row.pk and s.proxy_id],
            "fits": fitting(ties, row.topics),
        }
        for row in rows
    ]


def _proxies(request: Request) -> list[Person]:
    live = Mandate.objects.live(on=timezone.localdate()).filter(resident=request.actor.person)
    return [one.proxy for one in live.of_all().select_related("proxy")]


def _draws(request: Request, question: Question) -> bool:
    if not request.actor.may("ecogram.draw"):
        return False
    return NetworkShare.objects.reaching(request.actor).filter(question=question).exists()
