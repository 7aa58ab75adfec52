"""Where django-allauth asks us: mail, texts, limits, what is strong, and municipal sign-on."""

import base64
import hashlib
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of
from omzien.journal.isolation import working_for
from omzien.messages.actions import tell
from omzien.messages.direct import MailAway, send_now
from omzien.people.models import Account, Person
from omzien.web.accounts import letters, noting
from omzien.web.accounts.sessions import begin
from omzien.web.request import is_here

DIRECT = {
    "account/email/password_reset_key": letters.reset_password,
    "account/email/unknown_account": letters.unknown_account,
}
SAID = {
    "account/messages/password_changed.txt": _("Je wachtwoord is veranderd."),
    "account/messages/password_set.txt": _("Je wachtwoord is ingesteld."),
    "mfa/messages/webauthn_added.txt": _("De passkey is toegevoegd."),
    "mfa/messages/webauthn_removed.txt": _("De passkey is weggehaald."),
}


def mail_away(request: HttpRequest) -> HttpResponse:
    """Say that no mail can be sent now, and what can be done."""
    return render(request, "accounts/mail_away.html", status=503)


class AccountAdapter(DefaultAccountAdapter):
    """Signing in by code, password and passkey."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Dit mailadres en wachtwoord horen niet bij elkaar."),
        "incorrect_password": _("Dit is niet je wachtwoord."),
        "enter_current_password": _("Dit is niet je wachtwoord van nu."),
        "incorrect_code": _("Deze code klopt niet."),
        "invalid_password_reset": _("Deze link werkt niet meer."),
        "too_many_login_attempts": _(
            "Je hebt het te vaak geprobeerd. Probeer het over tien minuten weer."
        ),
        "rate_limited": _("Je hebt het te vaak geprobeerd. Probeer het over tien minuten weer."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return where a request comes from; a header that a visitor chooses decides nothing."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def get_login_stages(self) -> list[str]:
        """Return the steps after the first one: only the second factor."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by allauth's own form."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Tell whether to go on to an address: only to a page of this site."""
        return bool(url) and is_here(url)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # With the visitor in it: who guesses elsewhere never locks out the owner.
        login = str(credentials.get("email", "")).casefold()
        return f"{self.get_client_ip(request)}:{login}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a wrong password, of whoever it was."""
        email = str(credentials.get("email", ""))
        noting.refused(request, noting.BY_WORD, email=email)

    def reauthenticate(self, user: Account, password: str) -> bool:
        """Check the password of who is signed in, counted as a try to sign in."""
        credentials = {"email": user.email, "password": password}
        found = self.authenticate(self.request, **credentials) if user.email else None
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask once more for proof, unless somebody signed in with it a moment ago."""
        records = get_authentication_records(self.request, self.request.user)
        since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        proofs = {"password", "mfa", "socialaccount"}
        return not any(one["method"] in proofs and one["at"] >= since for one in records)

    def login(self, request: HttpRequest, user: Account) -> None:
        """Sign in with a new session key, and say how strong that is."""
        super().login(request, user)
        begin(request, user)
        noting.signed_in(request, user)

    def post_login(
        self, request: HttpRequest, user: Account, *, redirect_url: str | None = None, **more: Any
    ) -> HttpResponse:
        """Go on to the page that was wanted; who used a code first says their name here."""
        wanted = redirect_url if redirect_url and is_here(redirect_url) else ""
        records = get_authentication_records(request, user)
        by_code = bool(records) and records[0]["method"] == "code"
        if by_code and not Person.objects.filter(account=user).exists():
            query = f"?{urlencode({'next': wanted})}" if wanted else ""
            return HttpResponseRedirect(reverse("say-name") + query)
        return HttpResponseRedirect(wanted or reverse("hats"))

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """Say that the account is closed, to who proved that it is theirs."""
        noting.refused(request, noting.CLOSED, account=user.pk)
        return render(request, "accounts/closed.html", status=403)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link to choose a new password; the Host header has no say in it."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return address_of(self.request.municipality) + path

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to one's own account."""
        return reverse("account")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail with a link that lets somebody in, at once; nothing of it is kept."""
        municipality: Municipality = self.request.municipality
        letter = DIRECT[template_prefix](municipality, context)
        try:
            send_now(municipality=municipality, recipient=email, letter=letter)
        except MailAway:
            raise ImmediateHttpResponse(mail_away(self.request)) from None

    def send_notification_mail(
        self, template_prefix: str, user: Account, context: Any = None, email: str | None = None
    ) -> None:
        """Tell the owner that something of the account changed, by the outbox."""
        municipality: Municipality = self.request.municipality
        letter = letters.changed(municipality, template_prefix)
        if letter is None or not user.email:
            return
        # This may run after the request's own transaction.
        with working_for(municipality.code):
            key = f"account:{user.pk}:{template_prefix.rsplit('/', 1)[-1]}:{time.time():.3f}"
            tell(municipality=municipality, key=key, recipients=[user.email], letter=letter)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: Any = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what happened, in our own words; what has none is clear from the page itself."""
        text = message or SAID.get(message_template or "")
        if text:
            messages.add_message(request, level, text)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets lie encrypted, and names are ours."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Deze code klopt niet. Wacht tot er een nieuwe is en probeer die."),
        "cannot_generate_recovery_codes": _("Stel eerst een tweede stap in."),
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as the table keeps it."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret; with neither its key nor one of before it is lost, and nothing fits."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()[:20]).decode()

    def generate_authenticator_name(self, user: Account, type: Any) -> str:
        """Return how a passkey is called that got no name."""
        return str(_("Passkey"))

    def renewed(self, encrypted_text: str) -> str:
        """Return a secret as the table keeps it, encrypted by the secret key of now; "" where it
        cannot be read.
        """
        try:
            return _fernet().rotate(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""

    def get_totp_issuer(self) -> str:
        """Return how the app on a phone calls us."""
        return self._get_site_name()

    def _get_site_name(self) -> str:
        from allauth.core import context

        return f"Omzien {context.request.municipality.name}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return for which host a passkey works: the municipality's, as it is kept."""
        from allauth.core import context

        return {"id": context.request.municipality.host, "name": self._get_site_name()}

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        """Return whose passkey it is; without a name in it."""
        label = user.email or str(_("account van de gemeente"))
        return {"id": user.pk.hex.encode(), "display_name": label, "name": label}


def _fernet() -> MultiFernet:
    """Return what encrypts with the secret key, and reads what one of before encrypted too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    sums = [hashlib.sha256(f"omzien second factor {key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in sums])


class SignOnAdapter(DefaultSocialAccountAdapter):
    """The municipality's own sign-on; what happens then is in `sign_on.py`."""

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[SocialApp]:
        """Return the one sign-on of the municipality that is served, never another's."""
        from omzien.web.accounts.sign_on import app_of

        app = app_of(request)
        return [app] if app else []

    def get_requests_session(self) -> Any:
        """Return what asks the provider: it goes nowhere else, and reads no answer without end."""
        from omzien.web.accounts.sign_on import ShortAnswers

        session = super().get_requests_session()
        session.max_redirects = 0
        for scheme in ("https://", "http://"):
            session.mount(scheme, ShortAnswers())
        return session

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> Any:
        """Return our own, stricter provider."""
        from omzien.web.accounts.sign_on import MunicipalProvider

        return MunicipalProvider(request, app=self.get_app(request, provider))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Account:
        """Leave the new account without an address: it is known by its subject."""
        user: Account = sociallogin.user
        user.email = None
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """No form is asked: what is not known is refused before."""
        return True

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Tell whether an unknown subject may come in; `pre_social_login` has refused others."""
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in who is known or invited."""
        from omzien.web.accounts.sign_on import welcome

        welcome(request, sociallogin)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """Say in plain words that it did not work; the details go to nobody."""
        from omzien.web.accounts.sign_on import failed

        raise ImmediateHttpResponse(failed(request, error=error, exception=exception))
