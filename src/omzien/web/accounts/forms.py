"""Forms of signing in and of one's own account."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from omzien.kernel.text import one_line
from omzien.people.models import Person
from omzien.people.rules.names import Meant
from omzien.web.accounts.second_step import count_code, count_try, use_app_code, use_recovery_code

NO_ADDRESS = _("Dit is geen mailadres. Een mailadres lijkt op naam@voorbeeld.nl.")
NEEDED = _("Vul je mailadres in.")
STRANGE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class AddressForm(forms.Form):
    """The address that a code goes to."""

    email = forms.EmailField(
        max_length=254,
        error_messages={"required": NEEDED, "invalid": NO_ADDRESS, "max_length": NO_ADDRESS},
    )

    def clean_email(self) -> str:
        """Return the address as it is stored."""
        return str(self.cleaned_data["email"]).strip().casefold()


class CodeForm(forms.Form):
    """The six digits from the mail."""

    code = forms.CharField(
        max_length=20,
        error_messages={
            "required": _("Vul de code uit de mail in."),
            "max_length": _("Een code heeft zes cijfers."),
        },
    )


class NameForm(forms.Form):
    """How somebody is called here."""

    name = forms.CharField(
        max_length=120,
        error_messages={
            "required": _("Vul in hoe je heet."),
            "max_length": _("Deze naam is te lang."),
        },
    )

    meant = forms.CharField(required=False)  # the button that was pressed

    def clean_meant(self) -> Meant | None:
        """Return what somebody says of a name that differs; None while they did not."""
        said = self.cleaned_data["meant"]
        return Meant(said) if said in list(Meant) else None

    def clean_name(self) -> str:
        """Return the name as plain text on one line."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Vul in hoe je heet."))
        return name


class PasswordForm(LoginForm):
    """E-mail address and password; it never says which of the two is wrong."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["login"].error_messages |= {"required": NEEDED, "invalid": NO_ADDRESS}
        self.fields["password"].error_messages["required"] = _("Vul je wachtwoord in.")


class NewPasswordForm(forms.Form):
    """A password for who was invited."""

    password = forms.CharField(
        strip=False,
        max_length=256,
        widget=forms.PasswordInput,
        error_messages={"required": _("Kies een wachtwoord.")},
    )

    def __init__(self, *arguments: Any, person: Person, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.person = person

    def clean_password(self) -> str:
        """Return a password that is long enough and that nobody would try first."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)  # type: ignore[arg-type]  # has no account yet
        return password


class _Code(forms.Form):
    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """Return a right code of the app or of the recovery codes; raises ValidationError."""
        succeeded = count_try(self.user)
        count_code(self.user)
        code = str(self.cleaned_data["code"])
        for one in self.user.authenticator_set.exclude(type=Authenticator.Type.WEBAUTHN):
            is_app = one.type == Authenticator.Type.TOTP
            if (use_app_code if is_app else use_recovery_code)(one, code):
                self.authenticator = one
                succeeded()
                return code
        raise get_adapter().validation_error("incorrect_code")


class SecondStepForm(_Code, AuthenticateForm):
    """A code as the second step."""


class ConfirmWithCodeForm(_Code, ReauthenticateForm):
    """A code to confirm that it is still you."""


class _Passkey(forms.Form):
    """What a browser sends about a passkey is anybody's text: nonsense is a wrong code."""

    def clean(self) -> Any:
        """Check the whole; raises ValidationError."""
        try:
            return super().clean()
        except forms.ValidationError:
            raise
        except STRANGE:
            raise get_adapter().validation_error("incorrect_code") from None


class _Used(_Passkey, AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        """Return the passkey that was used; raises ValidationError."""
        credential = self.cleaned_data["credential"]
        try:
            passkeys.parse_authentication_response(credential)
            account = self.user or passkeys.extract_user_from_response(credential)
            # Without a first step the account is what a visitor says it is: nothing is counted.
            succeeded = count_try(account) if self.user else None
            used = passkeys.complete_authentication(account, credential)
        except forms.ValidationError:
            raise
        except STRANGE:
            raise get_adapter().validation_error("incorrect_code") from None
        if succeeded:
            succeeded()
        return used


class AddPasskeyForm(_Passkey, AddWebAuthnForm):
    """A new passkey."""


class PasskeyForm(_Used):
    """A passkey as the second step."""


class ConfirmWithPasskeyForm(_Used, ReauthenticateWebAuthnForm):
    """A passkey to confirm that it is still you."""


class SignInWithPasskeyForm(_Used, LoginWebAuthnForm):
    """A passkey instead of a password."""
