"""Signing in: a code in the mail for everybody, a password and a second step for who works here."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.core import ratelimit
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from omzien.kernel.text import fold
from omzien.messages.direct import MailAway, send_now
from omzien.people.actions.claiming import claim_persons
from omzien.people.actions.claiming import say_name as take_name
from omzien.people.actions.codes import Outcome, ask_code, use_code
from omzien.people.models import Person
from omzien.people.refusals import MaybeKnown, TooManyNames
from omzien.web.accounts import letters, noting
from omzien.web.accounts.adapters import mail_away
from omzien.web.accounts.forms import AddressForm, CodeForm, NameForm, PasswordForm
from omzien.web.accounts.second_step import TOO_MANY
from omzien.web.accounts.sessions import ENDED
from omzien.web.accounts.sign_on import sign_on_of
from omzien.web.request import Request, is_here, town_of

# In the session that asked for a code: its row, where it went, and the page that was wanted.
CODE, CODE_TO, CODE_NEXT = "code", "code_to", "code_next"

SAID = {
    Outcome.WRONG: _("Deze code klopt niet. Kijk nog eens in de mail."),
    Outcome.EXPIRED: _("Deze code werkt niet meer. Vraag een nieuwe."),
    Outcome.USED: _("Deze code is al gebruikt. Vraag een nieuwe."),
    Outcome.SPENT: _("Je hebt drie keer een verkeerde code ingevuld. Vraag een nieuwe."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request) -> HttpResponse:
    """Ask for an address, and mail a code to it; the answer is the same for every address."""
    wanted = _wanted(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(wanted or reverse("today"))
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _mail_code(request, form.cleaned_data["email"], wanted)
    if "account_login" in request.session:
        clear_login(request)  # a half sign-in: whoever comes here begins anew
    context = {
        "form": form,
        "next": wanted,
        "sign_on": sign_on_of(request.municipality),
        "was_ended": ENDED in request.session and request.session.pop(ENDED),
    }
    return render(request, "accounts/start.html", context, status=400 if form.errors else 200)


@require_POST
def new_code(request: Request) -> HttpResponse:
    """Mail a new code to the address that this browser asked one for."""
    address = request.session.get(CODE_TO)
    if not address:
        return HttpResponseRedirect(reverse("account_login"))
    return _mail_code(request, address, request.session.get(CODE_NEXT, ""))


def _mail_code(request: Request, address: str, wanted: str) -> HttpResponse:
    if (stopped := _send_code(request, address)) is not None:
        return stopped
    clear_login(request)
    request.session[CODE_TO], request.session[CODE_NEXT] = address, wanted
    return HttpResponseRedirect(reverse("enter-code"))


def _send_code(request: Request, address: str) -> HttpResponse | None:
    """Mail a code that works in this session; return a page when that cannot be done now."""
    town = town_of(request)
    visitor = f"{request.META.get('REMOTE_ADDR', '')}:{address}"
    for action, key in (("request_login_code", visitor), ("mail_code", address)):
        if not ratelimit.consume(request, action=action, key=key):
            noting.limited(request)
            return ratelimit.respond_429(request)
    row, digits = ask_code(email=address)
    try:
        letter = letters.code(town, digits)
        send_now(municipality=town, recipient=address, letter=letter)
    except MailAway:
        return mail_away(request)
    request.session[CODE] = str(row.pk)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_by_mail(request: Request) -> HttpResponse:
    """Show with a new code in the mail that it is still you; for who has no password or app."""
    address, wanted = request.user.email, _wanted(request)  # type: ignore[union-attr]
    if not address:
        return HttpResponseRedirect(reverse("account"))
    has_asked = CODE in request.session
    form = CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST" and "code" not in request.POST:
        if (stopped := _send_code(request, address)) is not None:
            return stopped
        has_asked = True
    elif has_asked and form.is_valid():
        key = UUID(request.session[CODE])
        outcome, account = use_code(key=key, typed=form.cleaned_data["code"])
        if account is not None and account.pk == request.user.pk:
            del request.session[CODE]
            record_authentication(request, account, method="code", reauthenticated=True)
            return HttpResponseRedirect(wanted or reverse("account"))
        noting.refused(request, noting.BY_CODE, account=request.user.pk)
        form.add_error("code", SAID.get(outcome, SAID[Outcome.WRONG]))
    context = {"form": form, "next": wanted, "has_asked": has_asked, "address": address}
    status = 400 if form.errors else 200
    return render(request, "accounts/confirm_mail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: Request) -> HttpResponse:
    """Take the code from the mail, in the browser that asked for it."""
    key = request.session.get(CODE)
    form = CodeForm(request.POST or None)
    address = request.session.get(CODE_TO, "")
    context = {"form": form, "address": address, "has_asked": bool(key), "is_over": False}
    if request.method == "POST" and form.is_valid() and key:
        outcome, account = use_code(key=UUID(key), typed=form.cleaned_data["code"])
        if account is not None:
            wanted = request.session.get(CODE_NEXT, "")
            for name in (CODE, CODE_TO, CODE_NEXT):
                request.session.pop(name, None)
            claim_persons(municipality=town_of(request), account=account)
            record_authentication(request, account, method="code")
            login = Login(user=account, redirect_url=wanted or None, email=account.email)
            return perform_login(request, login)
        noting.refused(request, noting.BY_CODE, email=address)
        form.add_error("code", SAID[outcome])
        context["is_over"] = outcome != Outcome.WRONG  # only a new code helps
    status = 400 if form.errors or not key else 200
    return render(request, "accounts/code.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def say_name(request: Request) -> HttpResponse:
    """Let somebody who is new in this municipality say their name; so may a second person."""
    form = NameForm(request.POST or None)
    maybe = None
    is_first = not Person.objects.filter(account=request.user.pk).exists()
    wanted = _wanted(request)
    if request.method == "POST" and form.is_valid():
        try:
            stands = take_name(
                municipality=town_of(request),
                account=request.user,  # type: ignore[arg-type]
                name=form.cleaned_data["name"],
                meant=form.cleaned_data["meant"],
            )
        except MaybeKnown as asked:
            maybe = asked
        except TooManyNames:
            form.add_error(None, _("Met één mailadres kunnen hooguit vijf mensen zich aanmelden."))
        else:
            if fold(stands) != fold(form.cleaned_data["name"]):
                said = _("Je staat hier als %(name)s, zoals je eerder opgaf. Is dat niet goed? Zeg "
                         "het tegen wie je helpt.")  # fmt: skip
                messages.info(request, said % {"name": stands})
            query = {"next": wanted} if wanted else {}
            return HttpResponseRedirect(reverse("hats", query=query or None))
    context = {"form": form, "next": wanted, "is_first": is_first, "maybe": maybe}
    return render(request, "accounts/name.html", context, status=400 if form.errors else 200)


@never_cache
@require_POST
def leave(request: Request) -> HttpResponse:
    """Sign out here; somebody who signs in another way goes on to that page."""
    wanted = _wanted(request)
    noting.sign_out(request)
    return HttpResponseRedirect(wanted or reverse("home"))


class PasswordSignIn(LoginView):
    """Signing in with a password; whoever has a second step is asked for it next."""

    template_name = "accounts/password.html"
    form_class = PasswordForm

    def get_success_url(self) -> str | None:
        """Go on to the page that was wanted."""
        return _wanted(self.request) or None

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Show the municipality's own sign-on as well."""
        found: dict[str, Any] = super().get_context_data(**more)
        found |= {
            "next": _wanted(self.request),
            "sign_on": sign_on_of(self.request.municipality),
        }
        return found

    def form_invalid(self, form: PasswordForm) -> HttpResponse:
        """Show what is wrong."""
        status = 429 if form.has_error("__all__", TOO_MANY) else 400
        if status == 429:
            noting.limited(self.request)
        return self.render_to_response(self.get_context_data(form=form), status=status)


class SecondStep(AuthenticateView):
    """The second step: a code of the app, a passkey or a recovery code."""

    template_name = "accounts/second_step.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Offer what this account has."""
        found: dict[str, Any] = super().get_context_data(**more)
        kinds = set(self.stage.login.user.authenticator_set.values_list("type", flat=True))
        return found | {"kinds": kinds}

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what is wrong."""
        answer = self.get(self.request)
        kinds = {one.code for errors in form.errors.as_data().values() for one in errors}
        answer.status_code = 429 if TOO_MANY in kinds else 400
        if answer.status_code == 429:
            noting.limited(self.request)
        else:
            account = self.stage.login.user.pk
            noting.refused(self.request, noting.BY_SECOND_STEP, account=account)
        return answer


class PasskeySignIn(LoginWebAuthnView):
    """Signing in with a passkey alone."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give the script what it asks for; a visitor goes to the page with the button."""
        answer: HttpResponse = super().get(request, *args, **kwargs)
        if isinstance(answer, HttpResponseRedirect):
            return HttpResponseRedirect(reverse("password-sign-in"))
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Go back to the page with the button, and say that it did not work."""
        noting.refused(self.request, noting.BY_PASSKEY)
        messages.error(self.request, str(_("Met deze passkey lukt aanmelden hier niet.")))
        return HttpResponseRedirect(reverse("password-sign-in"))


def _wanted(request: HttpRequest) -> str:
    """Return the page that somebody wanted to see, if it is one of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_here(wanted) else ""
