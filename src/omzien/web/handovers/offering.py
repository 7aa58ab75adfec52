"""Offering a question to another team, on one page."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.handovers.actions.consenting import ByLaw, Heard, ask_resident, offer_on
from omzien.handovers.actions.offering import Offer
from omzien.handovers.models import Handover, OfferDraft
from omzien.handovers.queries.packages import Package, preview_of
from omzien.handovers.queries.receivers import Receiver, receivers_for
from omzien.handovers.refusals import NotAllowed
from omzien.people.gates import by_key
from omzien.people.rules.grounds import Category, GroundKind, How
from omzien.questions.models import Attempt, Question
from omzien.questions.queries.reached import can_answer_online
from omzien.web.doors import needs
from omzien.web.filters import RUNGS
from omzien.web.handovers.forms import ASK, HEARD, LAW, OfferForm
from omzien.web.handovers.words import CAPACITIES, MEANWHILE, REFUSED, said
from omzien.web.logged import logged, reached_of, shows
from omzien.web.questions.words import REACH_BY
from omzien.web.request import Request

ENDED = {
    Attempt.Result.BUSY: _("loopt nog"),
    Attempt.Result.WORKED: _("werkte"),
    Attempt.Result.PARTLY: _("hielp een beetje"),
    Attempt.Result.FAILED: _("hielp niet"),
    Attempt.Result.SKIPPED: _("overgeslagen"),
}
WORDS = ("to_team", "asked", "tried", "best_moment", "is_urgent", "capacity_reason")


@needs("handover.offer")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="handover", kind="question", about=reached_of)
def offer_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Choose a team, say what is asked, and what lets it be shared; one post does it all."""
    question = _question(request, key)
    receivers = receivers_for(question, now=timezone.now())
    if request.method != "POST":
        return _page(request, question, receivers, _new_form(request, question, receivers))
    form = OfferForm(request.POST, receivers=receivers, ways=_ways(request, question))
    wants_preview = request.POST.get("doe") == "preview"
    if wants_preview or not form.is_valid():
        if wants_preview:
            form.is_valid()
        return _page(request, question, receivers, form, status=200 if wants_preview else 400)
    receiver = next(r for r in receivers if str(r.team.pk) == form.cleaned_data["to_team"])
    try:
        path = _send(request, question, receiver, form.cleaned_data)
    except NotAllowed:
        raise Http404 from None
    except MEANWHILE:
        return _meanwhile(request, key, form)
    except REFUSED as refusal:
        field, text = said(refusal)
        form.add_error(field if field in form.fields else None, text)
        return _page(request, question, receivers, form, status=400)
    return HttpResponseRedirect(path)


def _question(request: Request, key: uuid.UUID) -> Question:
    found = _offerable(request, key)
    if found is None:
        raise Http404
    return found


def _offerable(request: Request, key: uuid.UUID) -> Question | None:
    rows = Question.objects.visible_to(request.actor, verb="handover.offer")
    return by_key(rows.select_related("person", "asked_by", "team", "municipality"), key)


def _new_form(request: Request, question: Question, receivers: list[Receiver]) -> OfferForm:
    draft = OfferDraft.objects.filter(question=question).first()
    initial: dict[str, Any] = {
        "tried": _tried(question),
        "best_moment": question.best_moment,
        "version": question.version,
    }
    if draft:
        initial |= draft.words
        initial["resident_knows"] = _knows(draft, receivers)
    return OfferForm(initial=initial, receivers=receivers, ways=_ways(request, question))


def _knows(draft: OfferDraft, receivers: list[Receiver]) -> bool:
    """Tell whether the resident knows of the asked team: by their own yes to it, or where
    somebody else said that yes, as the draft says.
    """
    asked = next((one for one in receivers if one.team.pk == draft.to_team_id), None)
    if asked is None or not asked.is_covered:
        return False
    return not asked.said.by or bool(draft.words.get("resident_knows"))


def _online(question: Question) -> bool:
    return can_answer_online(question, on=timezone.localdate())


def _ways(request: Request, question: Question) -> list[str]:
    """Return how a ground can come about here: online where somebody can answer, and recorded
    by a role that may.
    """
    recorded = [HEARD, LAW] if request.actor.may("consent.record") else []
    return recorded + ([ASK] if _online(question) else [])


def _tried(question: Question) -> str:
    """Return the tries as lines, for the sender to change."""
    lines = []
    for one in question.attempts.all():
        what = one.offer or str(RUNGS[one.rung])
        why = f" ({one.reason})" if one.reason else ""
        lines.append(f"{what}: {ENDED[Attempt.Result(one.result)]}{why}")
    return "\n".join(lines)[:2000]


def _send(request: Request, question: Question, receiver: Receiver, data: dict[str, Any]) -> str:
    common: dict[str, Any] = {
        "question": question,
        "to_team": receiver.team,
        "by": request.actor,
        "now": timezone.now(),
        "version": data["version"],
        "key": data["key"],
    }
    categories = tuple(Category(one) for one in data["categories"])
    if data["ground"] == ASK:
        words = {name: data[name] for name in (*WORDS, "resident_knows")}
        ask_resident(categories=categories, words=words, **common)
        messages.success(
            request,
            _("De inwoner krijgt je vraag. Wat je schreef, staat klaar tot er antwoord is."),
        )
        return reverse("offer", args=[question.pk])
    offered = offer_on(offer_=_offer(receiver, data), ground=_ground(data, categories), **common)
    messages.success(
        request, _("De vraag is aangeboden. Tot het eerste gesprek blijft die van je team.")
    )
    return reverse("handover", args=[offered.pk])


def _offer(receiver: Receiver, data: dict[str, Any]) -> Offer:
    return Offer(
        asked=data["asked"],
        tried=data["tried"],
        best_moment=data["best_moment"],
        resident_knows=data["resident_knows"],
        capacity=receiver.capacity,
        capacity_reason=data["capacity_reason"],
        is_urgent=data["is_urgent"],
    )


def _ground(data: dict[str, Any], categories: tuple[Category, ...]) -> Heard | ByLaw | None:
    if data["ground"] == HEARD:
        return Heard(how=How(data["how"]), categories=categories, after_no=data["after_no"])
    if data["ground"] == LAW:
        return ByLaw(
            kind=GroundKind(data["law"]),
            article=data["article"],
            explanation=data["explanation"],
            categories=categories,
            is_informed=data["is_informed"],
            not_informed_because=data["not_informed_because"],
        )
    return None


def _meanwhile(request: Request, key: uuid.UUID, form: OfferForm) -> HttpResponse:
    """Show what changed, with all that was typed and the version of now (409)."""
    question = _offerable(request, key)
    if question is None:
        context = {"typed": [form["asked"].value(), form["tried"].value()]}
        return render(request, "handovers/meanwhile.html", context, status=409)
    receivers = receivers_for(question, now=timezone.now())
    data = form.data.copy()  # type: ignore[attr-defined]
    data["version"] = question.version
    kept = OfferForm(data, receivers=receivers, ways=_ways(request, question))
    kept.is_valid()
    return _page(request, question, receivers, kept, status=409, meanwhile=True)


def _page(
    request: Request,
    question: Question,
    receivers: list[Receiver],
    form: OfferForm,
    *,
    status: int = 200,
    meanwhile: bool = False,
) -> HttpResponse:
    chosen = str(form["to_team"].value() or "")
    receiver = next((one for one in receivers if str(one.team.pk) == chosen), None)
    draft = OfferDraft.objects.filter(question=question).select_related("to_team").first()
    is_asked = request.method == "POST"
    package = _preview(question, receiver, form) if receiver and is_asked else None
    shows(request, [package.asker_key] if package else [])
    context = {
        "question": question,
        "form": form,
        "rows": [(one, CAPACITIES[one.capacity], str(one.team.pk) == chosen) for one in receivers],
        "receiver": receiver,
        "package": package,
        "reach": REACH_BY[package.reach_by] if package and package.reach_by else "",
        "open": Handover.objects.open().filter(question=question).first(),
        "draft": draft,
        "asked": next((one for one in receivers if draft and one.team == draft.to_team), None),
        "may_record": bool(request.actor.may("consent.record")),
        "online": _online(question),
        "meanwhile": meanwhile,
        "show_preview": is_asked,
    }
    return render(request, "handovers/offer.html", context, status=status)


def _preview(question: Question, receiver: Receiver, form: OfferForm) -> Package:
    chosen = {Category(one) for one in form["categories"].value() or [] if one in set(Category)}
    categories = receiver.covered | chosen if receiver.is_covered else {Category.CONTACT} | chosen
    words = {name: form[name].value() or "" for name in WORDS}
    return preview_of(question, words=words, categories=categories)
