"""Who may help me with my questions, and whom I help: give, accept, end."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from omzien.messages.mandates import ask_proxy, stop_proxy
from omzien.people.actions.mandates import (
    BY_LAW,
    Proxy,
    accept_proxy,
    refuse_proxy,
    take_back_invitation,
)
from omzien.people.models import Mandate, MandateInvitation, Person
from omzien.people.queries.hats import hats_for_others
from omzien.people.refusals import AlreadyEnded, AlreadyHas, AskedEnough, NotAllowed, Refused
from omzien.web.days import Day
from omzien.web.doors import HAT, needs
from omzien.web.logged import logged
from omzien.web.people.mandate_words import KINDS, SCOPES, scopes_text
from omzien.web.people.refused import said
from omzien.web.request import Request, row_of

NOBODY = uuid.UUID(int=0)


class ProxyForm(forms.Form):
    """Whom somebody wants to help them, and with what."""

    name = forms.CharField(
        max_length=120, error_messages={"required": gettext_lazy("Vul een naam in.")}
    )
    email = forms.EmailField(
        error_messages={
            "required": gettext_lazy("Vul een mailadres in."),
            "invalid": gettext_lazy("Dit is geen mailadres."),
        }
    )
    what = forms.MultipleChoiceField(
        choices=list(SCOPES.items()),
        error_messages={"required": gettext_lazy("Kies wat deze persoon mag.")},
    )
    ends_on = Day(required=False)


def _mine(request: Request) -> list[uuid.UUID]:
    whose = request.actor.represents or request.actor.person
    return [whose] if whose else []


@needs("question.follow")
@require_http_methods(["GET", "HEAD", "POST"])
@logged(purpose="mandate", kind="mandate", about=_mine)
def mandates_page(request: Request) -> HttpResponse:
    """Show who may help this resident and whom they help; ask somebody new."""
    may_give = bool(request.actor.may("mandate.give"))
    form = ProxyForm(request.POST or None)
    if request.method == "POST" and may_give and form.is_valid() and _asked(request, form):
        messages.success(
            request,
            _("We hebben een mail gestuurd. Als deze persoon ja zegt, gaat het in."),
        )
        return HttpResponseRedirect(reverse("mandates"))
    context = _context(request) | {"form": form, "may_give": may_give, "scopes": SCOPES}
    return render(request, "mine/mandates.html", context, status=400 if form.errors else 200)


@needs("question.follow")
@require_POST
@logged(purpose="mandate", kind="mandate", about=_mine)
def answer_mandate(request: Request) -> HttpResponse:
    """Accept, refuse, take back or end one; what is not there for somebody does nothing."""
    now = timezone.now()
    ways: dict[str, tuple[Any, Callable[[Any], Any], str]] = {
        "accept": (
            MandateInvitation,
            lambda row: accept_proxy(invitation=row, by=request.actor, now=now),
            _("Je mag nu helpen. Kies hieronder om dat te doen."),
        ),
        "refuse": (
            MandateInvitation,
            lambda row: refuse_proxy(invitation=row, by=request.actor, now=now),
            _("Je hebt nee gezegd."),
        ),
        "take-back": (
            MandateInvitation,
            lambda row: take_back_invitation(invitation=row, by=request.actor, now=now),
            _("De vraag is ingetrokken."),
        ),
        "end": (
            Mandate,
            lambda row: stop_proxy(mandate=row, by=request.actor, now=now),
            _("De machtiging is gestopt. Deze persoon ziet vanaf nu niets meer."),
        ),
    }
    name = next((one for one in ways if one in request.POST), "")
    if not name:
        messages.error(request, _("Kies eerst wat je wilt doen."))
        return HttpResponseRedirect(reverse("mandates"))
    model, act, done = ways[name]
    row = row_of(model.objects.visible_to(request.actor), request.POST[name])
    try:
        if row is None:
            raise AlreadyEnded
        made = act(row)
        if name == "accept" and _is_me(request, row):  # the new one takes the place of that
            request.session[HAT] = f"mandate:{made.pk}"
    except AlreadyEnded:
        messages.info(request, _("Dit is er niet meer: het was al gestopt of beantwoord."))
    except (AlreadyHas, NotAllowed) as refusal:
        messages.error(request, _said(refusal))
    else:
        messages.success(request, done)
    # Who ended the mandate by which they were here goes on with another hat.
    return HttpResponseRedirect(
        reverse("hats" if name == "end" and _is_me(request, row) else "mandates")
    )


def _is_me(request: Request, row: Any) -> bool:
    """Tell whether it was the mandate by which somebody is here."""
    by_it = request.actor.represents is not None and row is not None
    return by_it and row.resident_id == request.actor.represents


def _said(refusal: Refused) -> str:
    if isinstance(refusal, AlreadyHas):
        return _("Deze persoon is al gemachtigd, of je vroeg het al.")
    if isinstance(refusal, AskedEnough):
        return _("Je vroeg vandaag al veel mensen. Vraag de volgende morgen.")
    return _("Deze machtiging kun je hier niet stoppen. Bel het team dat je helpt.")


def _context(request: Request) -> dict[str, Any]:
    actor, today = request.actor, timezone.localdate()
    rows = Mandate.objects.visible_to(actor).filter(revoked_at=None)
    rows = rows.select_related("resident", "proxy")
    invited = MandateInvitation.objects.visible_to(actor).open(on=today).select_related("resident")
    given = [one for one in rows if one.resident_id == actor.person]
    hats = {one.represents: one for one in hats_for_others(actor, on=today)}
    held = [one for one in rows if one.proxy_id == actor.person]
    return {
        "given": [(one, KINDS[one.kind], scopes_text(one.what), _stops(one)) for one in given],
        "held": [
            (one, KINDS[one.kind], scopes_text(one.what), hats.get(one.resident_id)) for one in held
        ],
        "waiting": [one for one in invited if one.resident_id == actor.person],
        "asked": [
            (one, scopes_text(one.what), KINDS[one.kind] if one.kind in BY_LAW else "")
            for one in invited
            if one.resident_id != actor.person
        ],
        "is_proxy": actor.represents is not None,
    }


def _stops(mandate: Mandate) -> bool:
    return mandate.kind not in BY_LAW


def _asked(request: Request, form: ProxyForm) -> bool:
    resident = Person.objects.visible_to(request.actor).get(pk=request.actor.person or NOBODY)
    given = form.cleaned_data
    proxy = Proxy(
        name=given["name"], email=given["email"], what=given["what"], ends_on=given["ends_on"]
    )
    try:
        ask_proxy(resident=resident, proxy=proxy, by=request.actor, now=timezone.now())
    except (AlreadyHas, AskedEnough, NotAllowed) as refusal:
        form.add_error("email", _said(refusal))
        return False
    except Refused as refusal:
        form.add_error("ends_on", said(refusal))
        return False
    return True
