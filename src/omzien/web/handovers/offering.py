"""Offering a question to another team, on one page."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from omzien.handovers.actions.consenting import ByLaw, Heard, ask_resident, offer_on, tell_shared
from omzien.handovers.actions.offering import Offer
from omzien.handovers.models import Handover, OfferDraft, Wait
from omzien.handovers.queries.packages import Package, preview_of
from omzien.handovers.queries.receivers import Receiver, receivers_for
from omzien.handovers.refusals import NotAllowed
from omzien.handovers.rules.states import State
from omzien.handovers.rules.waiting import WaitState
from omzien.people.gates import by_key
from omzien.people.models import Ground
from omzien.people.queries.grounds import standing_of
from omzien.people.rules.grounds import LET_ALONG, Category, GroundKind, How, What
from omzien.questions.models import Attempt, Question
from omzien.questions.queries.reached import can_answer_online
from omzien.questions.rules.states import ReachBy
from omzien.web.doors import needs
from omzien.web.filters import RUNGS
from omzien.web.handovers.forms import ASK, HEARD, LAW, OfferForm
from omzien.web.handovers.words import AGAIN, CAPACITIES, MEANWHILE, REFUSED, refuse
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
    question = _offerable(request, key)
    if question is None:
        return _passed_on(request, key)
    if request.method == "POST" and request.POST.get("doe") == "told":
        return _told(request, question)
    receivers = receivers_for(question, now=timezone.now())
    if request.method != "POST":
        return _page(request, question, receivers, _new_form(request, question, receivers))
    form = OfferForm(request.POST, receivers=receivers, ways=_ways(request, question))
    wants_preview = request.POST.get("doe") == "preview"
    if wants_preview or not form.is_valid():
        if wants_preview:  # what is not written yet may stay so, but a team is chosen
            for name in set(form.errors) - {"to_team"}:
                del form.errors[name]
        return _page(request, question, receivers, form, status=400 if form.errors else 200)
    receiver = next(r for r in receivers if str(r.team.pk) == form.cleaned_data["to_team"])
    try:
        path = _send(request, question, receiver, form.cleaned_data)
    except NotAllowed:
        raise Http404 from None
    except MEANWHILE:
        return _meanwhile(request, key, form)
    except REFUSED as refusal:
        refuse(form, refusal)
        return _page(request, question, receivers, form, status=400)
    return HttpResponseRedirect(path)


def _told(request: Request, question: Question) -> HttpResponse:
    """Write down that the resident knows now of what a law let share."""
    over = request.POST.get("over", "")
    ground = next((one for one in _untold(request, question) if str(one.pk) == over), None)
    if ground is None:
        raise Http404
    tell_shared(question=question, ground=ground, by=request.actor)
    messages.success(request, _("Opgeschreven: de inwoner weet dit nu, en leest het ook."))
    return HttpResponseRedirect(request.path)


def _untold(request: Request, question: Question) -> QuerySet[Ground]:
    """Return what a law let share of this resident without telling them, for who may tell."""
    if not request.actor.may("consent.record"):
        return Ground.objects.none()
    rows = Ground.objects.filter(person=question.person_id, purpose__in=LET_ALONG)
    return rows.exclude(pk__in=Ground.objects.told().order_by().values("pk"))


def _offerable(request: Request, key: uuid.UUID) -> Question | None:
    rows = Question.objects.visible_to(request.actor, verb="handover.offer")
    return by_key(rows.select_related("person", "asked_by", "team", "municipality"), key)


def _new_form(request: Request, question: Question, receivers: list[Receiver]) -> OfferForm:
    draft = OfferDraft.objects.filter(question=question).first()
    initial: dict[str, Any] = {
        "tried": _tried(question),
        "best_moment": question.best_moment or _wish(question),
        "version": question.version,
    }
    if draft:
        initial |= draft.words
        initial["resident_knows"] = _knows(draft, receivers)
    return OfferForm(initial=initial, receivers=receivers, ways=_ways(request, question))


def _called(question: Question) -> Wait | None:
    """Return where a place is free for the question, the call that ends first."""
    waits = Wait.objects.filter(
        question=question, state=WaitState.WAITING, call_until__isnull=False
    )
    return waits.select_related("team").order_by("call_until", "pk").first()


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
    return "\n".join(lines)[:2000] or _("Nog niets, voor zover we weten.")


def _wish(question: Question) -> str:
    """Return how the resident is to be reached, for who does not want to be called."""
    by = ReachBy(question.reach_by)
    return "" if by == ReachBy.PHONE else _("Liefst %(way)s") % {"way": REACH_BY[by]}


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
        asked = ask_resident(categories=categories, words=words, **common)
        told = _("De inwoner krijgt je vraag. Wat je schreef, staat klaar tot er antwoord is.")
        _say(request, told, is_new=standing_of(asked, at=timezone.now()) == What.ASKED)
        return reverse("offer", args=[question.pk])
    offered = offer_on(offer_=_offer(receiver, data), ground=_ground(data, categories), **common)
    told = _("De vraag is aangeboden. Tot het eerste gesprek blijft die van je team.")
    _say(request, told, is_new=offered.state == State.OFFERED)
    return reverse("handover", args=[offered.pk])


def _say(request: Request, told: str, *, is_new: bool) -> None:
    """Say what came of a form; one that came again, after somebody answered it, did nothing."""
    if is_new:
        messages.success(request, told)
    else:
        lead = _("Hieronder staat hoe het nu is, en wat je kunt doen.")
        messages.warning(request, f"{AGAIN} {lead}")


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


def _passed_on(request: Request, key: uuid.UUID) -> HttpResponse:
    """Tell who sends a form again that the question went to another team since, with the words."""
    rows = Handover.objects.visible_to(request.actor).filter(question=key)
    sent = rows.filter(from_team=request.actor.team).select_related("to_team")
    last = sent.order_by("-offered_at").first()
    if request.method != "POST" or last is None:
        raise Http404
    typed = [request.POST.get(name, "") for name in ("asked", "tried")]
    context = {"handover": last, "typed": typed}
    return render(request, "handovers/meanwhile.html", context, status=409)


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
    called, is_asked = _called(question), request.method == "POST"
    preset = called.team_id if called and not is_asked else ""
    chosen = str(form["to_team"].value() or preset)
    receiver = next((one for one in receivers if str(one.team.pk) == chosen), None)
    draft = OfferDraft.objects.filter(question=question).select_related("to_team").first()
    package = _preview(question, receiver, form) if receiver and is_asked else None
    shows(request, [package.asker_key] if package else [])
    shows(request, (one.said.by.key for one in receivers if one.said.by))
    context = {
        "question": question,
        "form": form,
        "rows": [(one, CAPACITIES[one.capacity], str(one.team.pk) == chosen) for one in receivers],
        "receiver": receiver,
        "package": package,
        "reach": REACH_BY[package.reach_by] if package and package.reach_by else "",
        "open": Handover.objects.open().filter(question=question).first(),
        "draft": draft,
        "called": called,
        "asked": next((one for one in receivers if draft and one.team == draft.to_team), None),
        "may_record": bool(request.actor.may("consent.record")),
        "online": _online(question),
        "untold": _untold(request, question).prefetch_related(
            "recipients__team", "recipients__organisation"
        ),
        "meanwhile": meanwhile,
        "show_preview": is_asked,
    }
    return render(request, "handovers/offer.html", context, status=status)


def _preview(question: Question, receiver: Receiver, form: OfferForm) -> Package:
    chosen = {Category(one) for one in form["categories"].value() or [] if one in set(Category)}
    categories = receiver.covered | chosen if receiver.is_covered else {Category.CONTACT} | chosen
    words = {name: form[name].value() or "" for name in WORDS}
    return preview_of(question, words=words, categories=categories)
