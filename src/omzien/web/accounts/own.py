"""One's own account: name, address, password, second step, passkeys and sessions."""

import time
from typing import Any

from allauth.account import views as account
from allauth.account.forms import default_token_generator
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic.edit import FormMixin, FormView

from omzien.messages.actions import tell
from omzien.messages.always import reasons
from omzien.people.actions.quieting import choose_notices
from omzien.people.actions.sessions import close_account, end_session, end_sessions, name_of
from omzien.people.models import Account, Person, Session
from omzien.people.rules.roles import Actor
from omzien.web.accounts import letters
from omzien.web.accounts.doors import confirmed
from omzien.web.accounts.noting import (
    BY_PASSKEY,
    BY_SECOND_STEP,
    ended,
    refused,
    sign_out,
)
from omzien.web.accounts.second_step import forget_codes, hash_codes, use_app_code
from omzien.web.accounts.sessions import used_second_factor
from omzien.web.doors import STRONG
from omzien.web.request import Request, town_of


@require_GET
def account_page(request: Request) -> HttpResponse:
    """Show what is known about one's own account."""
    steps = Authenticator.objects.filter(user=request.user).order_by("created_at", "pk")
    kinds = {one.type for one in steps}
    persons = Person.objects.filter(account=request.user.pk)
    context = {
        "account": request.user,
        "persons": persons,
        "wants_notices": all(one.wants_notices for one in persons),
        "has_password": request.user.has_usable_password(),  # type: ignore[union-attr]
        "has_app": Authenticator.Type.TOTP in kinds,
        "passkeys": [one for one in steps if one.type == Authenticator.Type.WEBAUTHN],
        "has_second_step": bool(kinds - {Authenticator.Type.RECOVERY_CODES}),
        "is_strong": bool(request.session.get(STRONG)),
        "sessions": Session.objects.filter(account=request.user.pk).count(),
        "goes_always": reasons(),
    }
    return render(request, "accounts/account.html", context)


@require_POST
def choose_mail(request: Request) -> HttpResponse:
    """Turn notices by mail off, or on again."""
    wants = request.POST.get("notices") == "on"
    choose_notices(
        municipality=town_of(request),
        account=request.user,  # type: ignore[arg-type]
        wants=wants,
    )
    said = (
        _("Je krijgt weer mail als er iets voor je is.")
        if wants
        else _("Je krijgt alleen nog mail die altijd moet. Kijk zelf af en toe in Omzien.")
    )
    messages.success(request, said)
    return HttpResponseRedirect(reverse("account"))


@require_GET
def sessions_page(request: Request) -> HttpResponse:
    """Show where somebody is signed in."""
    rows = [
        {
            "name": name_of(one.session_key),
            "browser": one.browser,
            "started_at": one.started_at,
            "seen_at": one.seen_at,
            "is_this": one.session_key == request.session.session_key,
        }
        for one in Session.objects.filter(account=request.user.pk).order_by("-seen_at", "pk")
    ]
    return render(request, "accounts/sessions.html", {"rows": rows})


@require_POST
def end_one(request: Request, name: str) -> HttpResponseBase:
    """End one session of one's own; this one means signing out."""
    if name == name_of(request.session.session_key or ""):
        sign_out(request)
        return HttpResponseRedirect(reverse("home"))
    return _end_other(request, name)


@confirmed
def _end_other(request: Request, name: str) -> HttpResponse:
    if end_session(account=request.user, name=name):  # type: ignore[arg-type]
        ended(request, request.user.pk)  # type: ignore[arg-type]
        messages.success(request, _("Daar ben je nu afgemeld."))
    return HttpResponseRedirect(reverse("sessions"))


@require_POST
def end_all(request: Request) -> HttpResponse:
    """Sign out everywhere, here as well."""
    end_sessions(account=request.user, but=request.session.session_key)  # type: ignore[arg-type]
    sign_out(request)
    messages.success(request, _("Je bent nu overal afgemeld."))
    return HttpResponseRedirect(reverse("account_login"))


@require_http_methods(["GET", "HEAD", "POST"])
def close_page(request: Request) -> HttpResponse:
    """Say what stops and what stays, and close one's own account."""
    town = town_of(request)
    if request.method != "POST":
        return render(request, "accounts/close.html")
    account: Any = request.user
    person = Person.objects.filter(account=account).values_list("pk", flat=True).first()
    by = Actor(town.code, person=request.actor.person or person)
    with transaction.atomic():
        close_account(account=account, by=by)
        tell(
            municipality=town,
            key=f"account:{account.pk}:closed:{time.time():.3f}",
            recipients=[account.email or ""],
            letter=letters.closed(town),
        )
    sign_out(request)
    messages.success(request, _("Je account is gesloten."))
    return HttpResponseRedirect(reverse("home"))


class _Said(FormView):  # type: ignore[type-arg]
    """A form that is refused answers 400."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what is wrong."""
        answer: HttpResponse = super().form_invalid(form)
        if answer.status_code == 200:
            answer.status_code = 400
        return answer


class _NewPassword(_Said):
    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the new password; whoever was signed in elsewhere no longer is."""
        answer: HttpResponse = super().form_valid(form)
        request: Any = self.request  # type: ignore[attr-defined]
        end_sessions(account=request.user, but=request.session.session_key)
        forget_codes(request.user)
        return answer


class ChangePassword(_NewPassword, account.PasswordChangeView):
    """Changing one's password."""

    template_name = "accounts/change_password.html"


class SetPassword(_NewPassword, account.PasswordSetView):
    """A first password, for who came in by a code."""

    template_name = "accounts/set_password.html"


class ForgottenPassword(_Said, account.PasswordResetView):
    """Asking for a link to choose a new password."""

    template_name = "accounts/forgotten.html"


class ForgottenPasswordSent(account.PasswordResetDoneView):
    """The same page, whether the address has an account or not."""

    template_name = "accounts/forgotten_sent.html"


class ChooseNewPassword(_Said, account.PasswordResetFromKeyView):
    """Choosing a new password by the link in the mail."""

    template_name = "accounts/choose_password.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the new password and sign out everywhere."""
        # Two at once would both find the link unused: the second looks again after the first.
        account = Account.objects.select_for_update().get(pk=self.reset_user.pk)
        if not default_token_generator.check_token(account, self.key):
            return self.render_to_response(self.get_context_data(token_fail=True))
        answer: HttpResponse = super().form_valid(form)
        end_sessions(account=account)
        forget_codes(account)
        return answer

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """Answer 410 where the link works no more."""
        if context.get("token_fail"):
            more["status"] = 410
        answer: HttpResponse = super().render_to_response(context, **more)
        return answer


class NewPasswordChosen(account.PasswordResetFromKeyDoneView):
    """Done: now sign in."""

    template_name = "accounts/password_chosen.html"


class Confirm(_Said, account.ReauthenticateView):
    """Showing once more that it is you, with the password."""

    template_name = "accounts/confirm_password.html"


class ConfirmWithCode(_Said, mfa.ReauthenticateView):
    """The same with the app or a recovery code."""

    template_name = "accounts/confirm_code.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say that it did not work, and note it."""
        refused(self.request, BY_SECOND_STEP, account=self.request.user.pk)
        return super().form_invalid(form)


class ConfirmWithPasskey(passkeys.ReauthenticateWebAuthnView):
    """The same with a passkey."""

    template_name = "accounts/confirm_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say that it did not work, on the same page."""
        refused(self.request, BY_PASSKEY, account=self.request.user.pk)
        messages.error(self.request, _("Met deze passkey lukt het niet."))
        return HttpResponseRedirect(self.request.get_full_path())


class AddApp(_Said, totp.ActivateTOTPView):
    """Setting up an app on the phone as the second step."""

    template_name = "accounts/add_app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the app; its code was just used, so this session has two factors."""
        answer: HttpResponse = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        use_app_code(app, form.cleaned_data["code"])
        used_second_factor(self.request, "totp")
        messages.success(self.request, _("De app is ingesteld."))
        return answer


class _LessProof(FormMixin):  # type: ignore[type-arg]
    def form_valid(self, form: Any) -> HttpResponse:
        """Take it away; without any second step left this session is no longer a strong one."""
        answer: HttpResponse = super().form_valid(form)
        request: Any = self.request  # type: ignore[attr-defined]
        end_sessions(account=request.user, but=request.session.session_key)
        if not Authenticator.objects.filter(user=request.user).exists():
            request.session[STRONG] = False
        return answer


class RemoveApp(_LessProof, totp.DeactivateTOTPView):
    """Taking the app away as a second step."""

    template_name = "accounts/remove_app.html"


class AddPasskey(_Said, passkeys.AddWebAuthnView):
    """Adding a passkey."""

    template_name = "accounts/add_passkey.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Show the form, also the one that was refused."""
        found: dict[str, Any] = super().get_context_data(**more)
        return found | {key: value for key, value in more.items() if key == "form"}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the passkey; it was just used, so this session has two factors."""
        answer: HttpResponse = super().form_valid(form)
        used_second_factor(self.request, "webauthn")
        return answer


class RemovePasskey(_LessProof, passkeys.RemoveWebAuthnView):
    """Taking a passkey away."""

    template_name = "accounts/remove_passkey.html"


class RecoveryCodes(recovery.ViewRecoveryCodesView):
    """The recovery codes: shown once, and then only known by their hashes."""

    template_name = "accounts/recovery_codes.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Return the codes where they were not shown yet."""
        context: dict[str, Any] = super().get_context_data(**more)
        if context["can_view_codes"]:
            for row in self.request.user.authenticator_set.filter(
                type=Authenticator.Type.RECOVERY_CODES
            ):
                hash_codes(row)
        return context


class NewRecoveryCodes(_Said, recovery.GenerateRecoveryCodesView):
    """New recovery codes; the old ones stop working."""

    template_name = "accounts/new_recovery_codes.html"
