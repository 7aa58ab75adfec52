"""Proposing another route: the coordinator's page, and that of the policy officer who decides."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.areas.models import Municipality, Village
from omzien.directory.language.topics import all_topics
from omzien.people.models import Team
from omzien.questions.actions.proposals import (
    advise_on,
    propose_route,
    refuse_proposal,
    take_proposal,
    withdraw_proposal,
)
from omzien.questions.models import RouteProposal
from omzien.questions.queries.routing import destinations, effects_of, read_teams, route_changes
from omzien.questions.refusals import (
    AlreadySo,
    AnsweredAlready,
    NobodyReads,
    NotAllowed,
    NotAWorkingTeam,
    OwnProposal,
    ProposedAlready,
    Refused,
    TakenBack,
)
from omzien.questions.rules.proposals import Advice, Why, WhyNot
from omzien.web.doors import needs
from omzien.web.freshness.forms import Key
from omzien.web.request import Request, town_of

WHY = {
    Why.KNOWS: gettext_lazy("Dit team kent deze dorpen het best"),
    Why.FITS: gettext_lazy("Deze vragen passen beter bij dit team"),
    Why.ROOM: gettext_lazy("Dit team heeft meer ruimte"),
    Why.GONE: gettext_lazy("Het team dat ze nu krijgt, stopt of verandert"),
}
WHY_NOT = {
    WhyNot.NO_ROOM: gettext_lazy("Dat team heeft geen ruimte"),
    WhyNot.ALREADY: gettext_lazy("Een andere regel regelt dit al"),
    WhyNot.TALK_FIRST: gettext_lazy("Eerst samen bespreken"),
    WhyNot.NOT_NOW: gettext_lazy("Nu niet"),
}
ADVICE = {
    Advice.FINE: gettext_lazy("Ik zie geen bezwaar"),
    Advice.WHO_READS: gettext_lazy("Kijk eerst wie er in dat team meelezen"),
    Advice.TOO_WIDE: gettext_lazy("Dat team krijgt dan meer te lezen dan nodig is"),
    Advice.TALK_FIRST: gettext_lazy("Bespreek het eerst met mij"),
}
SAID = {
    NotAllowed: gettext_lazy("Dat mag je in deze rol niet doen."),
    NotAWorkingTeam: gettext_lazy("Dit team of dit dorp is er niet meer. Kies iets anders."),
    NobodyReads: gettext_lazy(
        "Bij dit team werkt niemand die de vragen leest. Kies een ander team."
    ),
    ProposedAlready: gettext_lazy("Dit is al voorgesteld, en wacht op antwoord."),
    AlreadySo: gettext_lazy("Deze vragen gaan nu al naar dit team. Er is geen regel bij nodig."),
    AnsweredAlready: gettext_lazy("Hierover is al besloten."),
    TakenBack: gettext_lazy("Dit voorstel is ingetrokken. Er verandert niets."),
    OwnProposal: gettext_lazy("Over je eigen voorstel besluit iemand anders."),
}
MOST_SHOWN = 50


class ProposalForm(forms.Form):
    """Which team should get which questions, and why."""

    team = forms.ModelChoiceField(
        Team.objects.none(), error_messages={"required": gettext_lazy("Kies een team.")}
    )
    villages = forms.ModelMultipleChoiceField(
        Village.objects.none(), error_messages={"required": gettext_lazy("Kies een dorp.")}
    )
    topics = forms.MultipleChoiceField(required=False)
    why = forms.ChoiceField(
        choices=list(WHY.items()), error_messages={"required": gettext_lazy("Kies waarom.")}
    )
    key = Key()

    def __init__(self, *arguments: Any, municipality: Municipality, **more: Any) -> None:
        """Offer the teams and villages of this municipality."""
        super().__init__(*arguments, **more)
        self.fields["team"].queryset = read_teams(municipality)  # type: ignore[attr-defined]
        self.fields["villages"].queryset = municipality.villages.order_by("name")  # type: ignore[attr-defined]
        self.fields["topics"].choices = [(one, one) for one in all_topics()]  # type: ignore[attr-defined]


@needs("rules.propose")
@require_http_methods(["GET", "HEAD", "POST"])
def propose_page(request: Request) -> HttpResponse:
    """Show where questions go now and what was proposed, and take a new proposal."""
    town = town_of(request)
    form = ProposalForm(request.POST or None, municipality=town)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            propose_route(
                municipality=town, team=wanted["team"],
                villages=[village.pk for village in wanted["villages"]],
                topics=wanted["topics"], why=Why(wanted["why"]), key=wanted["key"],
                by=request.actor, now=timezone.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("team", str(SAID[type(refusal)]))
        else:
            said = _("Je voorstel is verstuurd. Er verandert niets tot er ja op gezegd is.")
            messages.success(request, said)
            return HttpResponseRedirect(reverse("propose-route"))
    now = timezone.now()
    context = {
        "form": form,
        "proposals": shown_proposals(request),
        "changes": _changes_for(request) if request.actor.team else [],
        "destinations": destinations(town, at=now),
    }
    return render(request, "routing/propose.html", context, status=400 if form.errors else 200)


def _changes_for(request: Request) -> list[dict[str, Any]]:
    """Return the latest changes for the own team, and whether it gets or loses by each."""
    code, team = request.actor.municipality, request.actor.team
    found = route_changes(code, now=timezone.now(), team=team)
    return [{"change": one, "gets": team in one.gets, "loses": team in one.loses} for one in found]


@needs("rules.propose")
@require_POST
def withdraw(request: Request, key: UUID) -> HttpResponse:
    """Take back one's own proposal that has no answer yet."""
    try:
        withdraw_proposal(
            municipality=town_of(request), key=key, by=request.actor, now=timezone.now()
        )
    except RouteProposal.DoesNotExist:
        raise Http404 from None
    except NotAllowed:  # everybody who proposes reads the proposals of others
        messages.error(request, _("Alleen wie een voorstel deed, trekt het in."))
    except Refused as refusal:
        messages.error(request, str(SAID[type(refusal)]))
    else:
        messages.success(request, _("Je voorstel is ingetrokken. Er verandert niets."))
    return HttpResponseRedirect(reverse("propose-route"))


@needs("rules.advise")
@require_safe
def advise_page(request: Request) -> HttpResponse:
    """Show the proposals that wait, to who oversees privacy, and where questions go now."""
    return _advise(request)


@needs("rules.advise")
@require_POST
def give_advice(request: Request, key: UUID) -> HttpResponse:
    """Take the advice on a proposal."""
    town = town_of(request)
    advice = request.POST.get("advice", "")
    try:
        if advice not in list(Advice):
            row = RouteProposal.objects.get(pk=key, municipality=town)
            if row.state != RouteProposal.State.WAITING:
                raise _settled(row)
            return _advise(request, fault=key)
        advise_on(municipality=town, key=key, advice=Advice(advice), by=request.actor)
    except RouteProposal.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(SAID[type(refusal)]))
    else:
        messages.success(request, _("Je advies staat bij het voorstel. Wie beslist, leest het."))
    return HttpResponseRedirect(reverse("advise-routes"))


def _advise(request: Request, *, fault: UUID | None = None) -> HttpResponse:
    context = _waiting(request, fault) | {"advices": ADVICE}
    return render(request, "routing/advise.html", context, status=400 if fault else 200)


def _waiting(request: Request, fault: UUID | None) -> dict[str, Any]:
    now = timezone.now()
    return {
        "proposals": shown_proposals(request, only_waiting=True),
        "fault": fault,
        "now": now,
        "destinations": destinations(town_of(request), at=now),
    }


@needs("rules.approve")
@require_safe
def proposals_page(request: Request) -> HttpResponse:
    """Show which routes are proposed, and for every village where a question goes now."""
    return _proposals(request)


def _proposals(request: Request, *, fault: UUID | None = None) -> HttpResponse:
    context = _waiting(request, fault) | {"reasons": WHY_NOT}
    return render(request, "routing/proposals.html", context, status=400 if fault else 200)


@needs("rules.approve")
@require_POST
def answer(request: Request, key: UUID) -> HttpResponse:
    """Take a proposal over as a rule, or refuse it with a reason."""
    common = {"municipality": town_of(request), "key": key, "by": request.actor}
    common["now"] = timezone.now()
    try:
        said = _settle(request.POST.get("answer", ""), request.POST.get("why_not", ""), common)
    except RouteProposal.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(SAID[type(refusal)]))
    else:
        if not said:
            return _proposals(request, fault=key)
        messages.success(request, said)
    return HttpResponseRedirect(reverse("route-proposals"))


def _settle(wanted: str, why_not: str, common: dict[str, Any]) -> str:
    """Do what was answered; return what to say, "" when no reason was chosen."""
    if wanted == "take":
        take_proposal(**common)
        return _("De regel geldt nu voor nieuwe vragen. Hieronder zie je waar ze heen gaan.")
    if why_not not in list(WhyNot):
        row = RouteProposal.objects.get(pk=common["key"], municipality=common["municipality"])
        if row.state != RouteProposal.State.WAITING:
            raise _settled(row)
        return ""
    refuse_proposal(why_not=WhyNot(why_not), **common)
    return _("Het voorstel is niet overgenomen. Wie het deed, krijgt bericht.")


def _settled(row: RouteProposal) -> Refused:
    return TakenBack() if row.state == RouteProposal.State.WITHDRAWN else AnsweredAlready()


def shown_proposals(request: Request, *, only_waiting: bool = False) -> list[dict[str, Any]]:
    """Return the proposals in words, newest first."""
    town = town_of(request)
    names = dict(town.villages.values_list("pk", "name"))
    rows = RouteProposal.objects.visible_to(request.actor).select_related("team", "from_team")
    rows = rows.filter(municipality=town)
    if only_waiting:
        rows = rows.waiting()
    shown = list(rows[:MOST_SHOWN])
    effects = effects_of(town, shown) if only_waiting else {}
    return [
        {
            "row": one,
            "effect": effects.get(one.pk),
            "villages": [names[key] for key in one.villages if key in names],
            "why": WHY[Why(one.why)],
            "why_not": WHY_NOT[WhyNot(one.why_not)] if one.why_not else "",
            "advice": ADVICE[Advice(one.advice)] if one.advice else "",
            "is_mine": one.proposed_by == request.actor.key,
        }
        for one in shown
    ]
