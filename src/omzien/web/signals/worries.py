"""Worried about somebody: the public form, and what the team does with it."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from omzien.areas.models import Municipality, Village
from omzien.people.limits import too_many
from omzien.questions.actions.asking import Asked, Contact
from omzien.questions.actions.signals import (
    Worry,
    end_signal,
    lead_to_contact,
    pick_up_signal,
    report_worry,
    tell_after_all,
    tell_person,
)
from omzien.questions.models import Signal
from omzien.questions.models.questions import LONGEST_STORY
from omzien.questions.refusals import (
    NeedsReason,
    NeedsTelling,
    NotAllowed,
    Refused,
    Stale,
    WrongState,
)
from omzien.questions.rules.signals import Knows, SignalState
from omzien.questions.rules.states import Channel, ReachBy
from omzien.web.doors import needs
from omzien.web.freshness.forms import Line, Text
from omzien.web.logged import logged
from omzien.web.request import Request, the_row, town_of, version_of
from omzien.web.signals.finding import stale
from omzien.web.signals.refused import said

KNOWS = {
    Knows.YES: gettext_lazy("Ja, ik heb het verteld"),
    Knows.NO: gettext_lazy("Nee"),
    Knows.UNKNOWN: gettext_lazy("Dat weet ik niet"),
}
CHANNELS = {
    Channel.PHONE: gettext_lazy("aan de telefoon"),
    Channel.DESK: gettext_lazy("op bezoek of aan het loket"),
}
DONE = {
    "pick-up": gettext_lazy("Je hebt de melding opgepakt. Wie haar deed, hoort alleen dat."),
    "tell": gettext_lazy("Het is genoteerd."),
    "nothing": gettext_lazy("De melding is afgesloten."),
    "contact": gettext_lazy("Er is nu een vraag van deze persoon."),
}
ENDED = {
    SignalState.CONTACT: gettext_lazy("Een collega maakte van deze melding een vraag."),
    SignalState.NOTHING: gettext_lazy("Een collega sloot deze melding af."),
}
MOST = 100


class WorryForm(forms.Form):
    """About whom, where, what, and if you want: who you are."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    about = Line(most=200, required=True, missing=gettext_lazy("Schrijf op om wie het gaat."))
    village = forms.ModelChoiceField(
        Village.objects.none(), error_messages={"required": gettext_lazy("Kies een dorp of buurt.")}
    )
    where = Line(most=300)
    worry = Text(
        most=LONGEST_STORY, required=True, missing=gettext_lazy("Schrijf op wat je ziet of hoort.")
    )
    knows = forms.ChoiceField(
        choices=list(KNOWS.items()),
        error_messages={"required": gettext_lazy("Kies of de ander ervan weet.")},
    )
    name = Line(most=120)
    email = forms.EmailField(
        required=False, error_messages={"invalid": gettext_lazy("Dit is geen mailadres.")}
    )
    phone = Line(most=40)

    def __init__(self, *arguments: Any, municipality: Municipality, **more: Any) -> None:
        """Offer the villages of this municipality."""
        super().__init__(*arguments, **more)
        self.fields["village"].queryset = municipality.villages.order_by("name")  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """What the person says, how to reach them, and how the contact was."""

    name = Line(most=120, required=True, missing=gettext_lazy("Vul de naam in."))
    phone = Line(most=40)
    email = forms.EmailField(
        required=False, error_messages={"invalid": gettext_lazy("Dit is geen mailadres.")}
    )
    channel = forms.ChoiceField(
        choices=list(CHANNELS.items()),
        error_messages={"required": gettext_lazy("Kies hoe het contact was.")},
    )
    story = Text(
        most=LONGEST_STORY, required=True,
        missing=gettext_lazy("Schrijf op wat de persoon zelf zegt."),
    )  # fmt: skip

    def asked(self, village: Village) -> Asked:
        """Return the question that this makes."""
        data = self.cleaned_data
        return Asked(
            story=data["story"],
            village=village,
            contact=Contact(name=data["name"], email=data["email"], phone=data["phone"]),
            reach_by=ReachBy.PHONE if data["phone"] else ReachBy.MAIL,
            channel=Channel(data["channel"]),
        )


@never_cache
@require_http_methods(["GET", "POST"])
def worried_page(request: Request) -> HttpResponse:
    """Show whom to call when it cannot wait, and take a worry about somebody."""
    town = town_of(request)
    form = WorryForm(request.POST or None, initial={"key": uuid.uuid4()}, municipality=town)
    if request.method == "POST" and form.is_valid() and _reported(request, form):
        return HttpResponseRedirect(reverse("worried-sent"))
    context = {"form": form}
    return render(request, "signals/worried.html", context, status=400 if form.errors else 200)


def _reported(request: Request, form: WorryForm) -> bool:
    if too_many(request, "worried", per_hour=20):
        form.add_error(
            None, _("Je hebt al veel gestuurd. Bel ons, of probeer het over een uur weer.")
        )
        return False
    data = form.cleaned_data
    worry = Worry(
        about=data["about"],
        village=data["village"],
        where=data["where"],
        worry=data["worry"],
        knows=Knows(data["knows"]),
        reporter=Contact(name=data["name"], email=data["email"], phone=data["phone"]),
        key=data["key"] or uuid.uuid4(),
    )
    try:
        report_worry(
            municipality=town_of(request), worry=worry, by=request.actor, now=timezone.now()
        )
    except Refused as refusal:
        form.add_error("worry", said(refusal))
        return False
    return True


@never_cache
@require_safe
def sent_page(request: Request) -> HttpResponse:
    """Say thanks, and what the reporter will and will not hear."""
    if request.municipality is None:
        raise Http404
    return render(request, "signals/worried_sent.html")


@needs("signal.work")
@require_safe
@logged(purpose="worry", kind="signal", about=lambda request: ())
def signals_page(request: Request) -> HttpResponse:
    """List the open worries of the team, who waits longest first; and what ended while the person
    does not know of it.
    """
    rows = Signal.objects.visible_to(request.actor).select_related("village", "holder__person")
    untold = Signal.objects.ended_for(request.actor).untold().select_related("village")
    context = {
        "rows": rows.order_by("due_on", "received_at", "pk")[:MOST],
        "untold": untold.order_by("ended_at", "pk")[:MOST],
        "today": timezone.localdate(),
    }
    return render(request, "signals/signals.html", context)


@needs("signal.work")
@require_http_methods(["GET", "POST"])
@logged(purpose="worry", kind="signal", about=lambda request, key: ())
def signal_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show one worry, and take what the team does with it."""
    rows = Signal.objects.visible_to(request.actor)
    signal = rows.select_related("village", "holder__person", "reporter").filter(pk=key).first()
    what = request.POST.get("what", "")
    if signal is None:
        return _told_now(request, key) if what == "told-now" else _ended(request, key)
    form = ContactForm(request.POST if what == "contact" else None)
    fault = ""
    if request.method == "POST" and (what != "contact" or form.is_valid()):
        try:
            where = _do(request, signal, what, form)
        except Stale:
            return stale(request, _typed(request), request.path)
        except NotAllowed:
            raise Http404 from None
        except Refused as refusal:
            if not rows.filter(pk=key).exists():
                return _ended(request, key)  # somebody ended it in this very moment
            fault = said(refusal)
        else:
            messages.success(request, DONE[what])
            return HttpResponseRedirect(where)
    context = {
        "signal": signal,
        "told": request.POST.get("told") or _told(signal),
        "form": form,
        "fault": fault,
        "typed": request.POST,
        "knows": KNOWS[Knows(signal.knows)],
        "is_new": signal.state == SignalState.NEW,
        "is_told": signal.told_at or signal.not_told_because,
        "reporter": getattr(signal, "reporter", None),
    }
    failed = fault or form.errors
    return render(request, "signals/signal.html", context, status=400 if failed else 200)


def _ended(request: Request, key: uuid.UUID) -> HttpResponse:
    """Say how a worry of the own team ended (410), also to who was still typing (409)."""
    signal = the_row(Signal.objects.ended_for(request.actor), key)
    happened = ENDED[SignalState(signal.state)]
    return stale(request, _typed(request), reverse("signals"), happened=str(happened))


def _told_now(request: Request, key: uuid.UUID) -> HttpResponse:
    """Take that the person knows by now of a worry that ended without telling."""
    signal = the_row(Signal.objects.ended_for(request.actor), key)
    try:
        tell_after_all(signal=signal, by=request.actor, now=timezone.now())
    except NotAllowed:
        raise Http404 from None
    except WrongState:
        messages.warning(request, _("Dit stond al opgeschreven."))
    else:
        messages.success(request, _("Opgeschreven: de persoon weet het nu."))
    return HttpResponseRedirect(reverse("signals"))


def _told(signal: Signal) -> str:
    if signal.told_at:
        return "ja"
    return "nee" if signal.not_told_because else ""


def _typed(request: Request) -> str:
    names = ("name", "phone", "email", "story", "why", "not_because")
    return "\n".join(part for name in names if (part := request.POST.get(name, "")))


def _do(request: Request, signal: Signal, what: str, form: ContactForm) -> str:
    common: dict[str, Any] = {
        "signal": signal,
        "by": request.actor,
        "now": timezone.now(),
        "version": version_of(request.POST),
    }
    if what == "pick-up":
        pick_up_signal(**common)
    elif what == "tell":
        told = request.POST.get("told")
        why = request.POST.get("not_because", "") if told == "nee" else ""
        if told not in ("ja", "nee"):
            raise NeedsTelling
        if told == "nee" and not why.strip():
            raise NeedsReason
        tell_person(**common, not_because=why)
    elif what == "nothing":
        end_signal(**common, why=request.POST.get("why", ""))
        return reverse("signals")
    elif what == "contact":
        question = lead_to_contact(**common, asked=form.asked(signal.village))
        mine = request.actor.team == question.team_id
        return reverse("question", args=[question.pk]) if mine else reverse("signals")
    else:
        raise Http404
    return request.path
