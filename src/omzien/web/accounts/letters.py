"""The mails about an account, with what is known filled in; the texts are elsewhere.

They stand in `messages/signing_in.py`; a municipality may write its own.
"""

from typing import Any

from django.utils.translation import gettext_lazy, override

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of, language_of
from omzien.messages.mails import Letter
from omzien.messages.signing_in import letter, letter_later


def code(municipality: Municipality, digits: str) -> Letter:
    """Return the mail with a code to sign in."""
    # In the language of the page: who asked for the code reads it now.
    return letter("code", municipality, code=digits)


def reset_password(municipality: Municipality, context: dict[str, Any]) -> Letter:
    """Return the mail with the link to choose a new password."""
    return letter("new-password", municipality, link=context["password_reset_url"])


def unknown_account(municipality: Municipality, context: dict[str, Any]) -> Letter:
    """Return the mail to an address that has no account; the page says the same as to others."""
    return letter("no-password", municipality, link=f"{address_of(municipality)}/aanmelden")


def closed(municipality: Municipality) -> Letter:
    """Return the mail that tells the owner that the account was closed."""
    return letter_later("account-closed", municipality)


CHANGED = {
    "account/email/password_changed": gettext_lazy("Het wachtwoord is veranderd."),
    "account/email/password_set": gettext_lazy("Er is een wachtwoord ingesteld."),
    "account/email/password_reset": gettext_lazy("Er is een nieuw wachtwoord gekozen."),
    "mfa/email/totp_activated": gettext_lazy("Er is een app als tweede stap ingesteld."),
    "mfa/email/totp_deactivated": gettext_lazy("De app als tweede stap is weggehaald."),
    "mfa/email/webauthn_added": gettext_lazy("Er is een passkey toegevoegd."),
    "mfa/email/webauthn_removed": gettext_lazy("Er is een passkey weggehaald."),
    "mfa/email/tried_often": gettext_lazy(
        "Iemand met je wachtwoord vulde heel vaak een verkeerde code in bij de tweede stap."
    ),
    "mfa/email/recovery_codes_generated": gettext_lazy("Er zijn nieuwe herstelcodes gemaakt."),
}


def changed(municipality: Municipality, event: str) -> Letter | None:
    """Return the mail that tells the owner of an account what changed; None for other events."""
    what = CHANGED.get(event)
    if what is None:
        return None
    link = f"{address_of(municipality)}/wachtwoord/vergeten"
    with override(language_of(municipality)):
        return letter_later("account-changed", municipality, wat=str(what), link=link)
