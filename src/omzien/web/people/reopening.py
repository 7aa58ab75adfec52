"""Opening an account again that was closed: of who has a role, or found by mail address."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from omzien.messages.reopening import open_again
from omzien.people.logs.reading import note, origin_of
from omzien.people.models import Person
from omzien.people.queries.closing import why_closed
from omzien.people.refusals import Refused
from omzien.people.rules.closing import Cause
from omzien.people.rules.looking import Action, Result
from omzien.web.doors import needs
from omzien.web.people.closing import CAUSES
from omzien.web.people.members import managed_role
from omzien.web.people.refused import said
from omzien.web.request import Request

NOTHING = gettext_lazy(
    "Bij dit mailadres hoort hier geen gesloten account. Is het gewist? Dan komt het niet terug."
)


class SureForm(forms.Form):
    """That it was made sure who asks."""

    is_sure = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Controleer eerst dat deze persoon het zelf vraagt.")
        }
    )


class MailForm(forms.Form):
    """With which address somebody signed in."""

    email = forms.EmailField(
        error_messages={
            "required": gettext_lazy("Vul het mailadres in."),
            "invalid": gettext_lazy("Dit is geen mailadres."),
        }
    )


@needs("account.reopen")
@require_http_methods(["GET", "HEAD", "POST"])
def member_page(request: Request, key: uuid.UUID) -> HttpResponse:
    """Open the account of somebody who has a role here."""
    membership = managed_role(request, key, "account.reopen", person__account__is_active=False)
    return _confirm(request, membership.person, membership.person.name)


@needs("account.reopen")
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail_page(request: Request) -> HttpResponse:
    """Ask for a mail address and open the closed account that signs in with it.

    An open account, an erased one and an unknown address get the same answer. The address is
    never in the address of the page, and the name of who it is stays out of sight.
    """
    form = MailForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form)
    email = form.cleaned_data["email"].casefold()
    closed = Person.objects.filter(account__email=email, account__is_active=False)
    person = closed.exclude(pk__in=[request.actor.person]).select_related("municipality").first()
    if person is None:
        _note(request, None, Action.SEARCH)
        form.add_error("email", NOTHING)
        return _ask(request, form)
    return _confirm(request, person, email, email=email)


def _ask(request: Request, form: MailForm) -> HttpResponse:
    status = 400 if form.errors else 200
    return render(request, "people/reopen_by_mail.html", {"form": form}, status=status)


def _confirm(request: Request, person: Person, name: str, *, email: str = "") -> HttpResponse:
    """Show what opening does, and do it when it was said that who asks is known."""
    is_answered = request.method == "POST" and (not email or "answered" in request.POST)
    form = SureForm(request.POST if is_answered else None)
    if is_answered and form.is_valid():
        try:
            open_again(person=person, by=request.actor)
        except Refused as refusal:
            form.add_error(None, said(refusal))
        else:
            _note(request, person, Action.CHANGE)
            messages.success(
                request, _("Het account is weer open. Deze persoon krijgt daarover een mail.")
            )
            return HttpResponseRedirect(reverse("members"))
    _note(request, person, Action.READ)
    at, cause = why_closed(person)
    context = {
        "form": form, "name": name, "email": email, "closed_on": at,
        "cause": CAUSES[cause] if cause else "", "is_misused": cause == Cause.MISUSED,
    }  # fmt: skip
    status = 400 if form.errors else 200
    return render(request, "people/reopen.html", context, status=status)


def _note(request: Request, person: Person | None, action: Action) -> None:
    note(
        request.actor,
        purpose="account",
        object=("account", person.pk if person else ""),
        action=action,
        result=Result.ALLOWED,
        about=[person.pk] if person else [],
        origin=origin_of(request),
    )
