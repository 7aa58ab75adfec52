"""Signing in with e-mail address and password, through Django's own view."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from omzien.people.limits import too_many
from omzien.web.doors import STRONG

TRIES_PER_HOUR = 20
SIGNED_IN_SECONDS = 8 * 60 * 60


class SignInForm(AuthenticationForm):
    """E-mail address and password; it never says which of the two is wrong."""

    error_messages = {
        "invalid_login": _("Dit mailadres en wachtwoord horen niet bij elkaar."),
        "inactive": _("Dit mailadres en wachtwoord horen niet bij elkaar."),
        "too_many": _("Je hebt het te vaak geprobeerd. Probeer het over een uur weer."),
    }

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["username"].error_messages["required"] = _("Vul je mailadres in.")
        self.fields["password"].error_messages["required"] = _("Vul je wachtwoord in.")

    def clean_username(self) -> str:
        """Return the address as it is stored."""
        return str(self.cleaned_data["username"]).strip().casefold()

    def clean(self) -> dict[str, Any]:
        """Check the password, unless this visitor tried too often."""
        if self.request is not None and too_many(self.request, "sign-in", per_hour=TRIES_PER_HOUR):
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        return super().clean()


class SignIn(LoginView):
    """The page to sign in."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer only where a municipality is served."""
        if getattr(request, "municipality", None) is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in for one working day."""
        answer = super().form_valid(form)
        self.request.session.set_expiry(SIGNED_IN_SECONDS)
        self.request.session[STRONG] = True
        return answer

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Show what is wrong."""
        status = 429 if form.has_error("__all__", "too_many") else 400
        return self.render_to_response(self.get_context_data(form=form), status=status)
