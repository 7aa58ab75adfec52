"""Signing a colleague out everywhere, or closing their account: at once, with a reason."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from omzien.messages.reopening import shut
from omzien.people.refusals import Refused
from omzien.people.rules.closing import Cause, Deed
from omzien.people.rules.looking import Action
from omzien.people.rules.roles import Role
from omzien.web.doors import needs
from omzien.web.people.members import managed_role, note_reading
from omzien.web.people.refused import said
from omzien.web.request import Request
from omzien.web.today.roles import ROLE_NAMES

DEEDS = {
    Deed.SIGN_OUT: _("Overal afmelden; daarna kan deze persoon zich weer aanmelden"),
    Deed.CLOSE: _("Het account sluiten; daarna kan deze persoon zich niet meer aanmelden"),
}
CAUSES = {
    Cause.ASKED: _("Deze persoon vroeg erom"),
    Cause.DEVICE_GONE: _("Een telefoon of computer is kwijt of gestolen"),
    Cause.MISUSED: _("Misschien gebruikt iemand anders het account"),
    Cause.LEFT: _("Deze persoon werkt hier niet meer"),
}
# In the log, with the cause after it.
SHUT = {
    Deed.SIGN_OUT: _("Overal afgemeld: %(cause)s"),
    Deed.CLOSE: _("Account gesloten: %(cause)s"),
}
DONE = {
    Deed.SIGN_OUT: _("Deze persoon is overal afgemeld en krijgt daarover een mail."),
    Deed.CLOSE: _("Het account is gesloten. Deze persoon krijgt daarover een mail."),
}


class ShutForm(forms.Form):
    """What to do, and why."""

    deed = forms.ChoiceField(
        choices=list(DEEDS.items()), error_messages={"required": _("Kies wat je wilt doen.")}
    )
    cause = forms.ChoiceField(
        choices=list(CAUSES.items()), error_messages={"required": _("Kies waarom.")}
    )


@needs("account.close")
@require_http_methods(["GET", "HEAD", "POST"])
def shut_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Say what happens, and shut out somebody who has a role here."""
    membership = managed_role(request, key, "account.close", person__account__is_active=True)
    person = membership.person
    form = ShutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deed, cause = Deed(form.cleaned_data["deed"]), Cause(form.cleaned_data["cause"])
        try:
            shut(person=person, deed=deed, cause=cause, by=request.actor)
        except Refused as refusal:
            form.add_error(None, said(refusal))
        else:
            note_reading(request, "account", person, Action.CHANGE)
            messages.success(request, str(DONE[deed]))
            return HttpResponseRedirect(reverse("members"))
    note_reading(request, "account", person, Action.READ)
    context = {"form": form, "person": person, "role": ROLE_NAMES[Role(membership.role)]}
    return render(request, "people/shut.html", context, status=400 if form.errors else 200)
