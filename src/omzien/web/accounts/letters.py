"""What the mails about an account say. Plain words, and nothing about who somebody is."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of

Letter = dict[str, str]


def code(municipality: Municipality, digits: str) -> Letter:
    """Return the mail with a code to sign in."""
    # In the language of the page: who asked for the code reads it now.
    return {
        "subject": _("Je code voor Omzien %(name)s") % {"name": municipality.name},
        "body": _(
            "Dag,\n\nDit is je code: %(digits)s\n\nVul hem in op de pagina die je open hebt "
            "staan. De code werkt één keer en tien minuten lang. Geef hem aan niemand anders: "
            "wij vragen er nooit om.\n\nHeb je geen code gevraagd? Dan hoef je niets te doen."
        )
        % {"digits": digits},
    }


def reset_password(municipality: Municipality, context: dict[str, Any]) -> Letter:
    """Return the mail with the link to choose a new password."""
    return {
        "subject": _("Een nieuw wachtwoord voor Omzien %(name)s") % {"name": municipality.name},
        "body": _(
            "Dag,\n\nMet deze link kies je een nieuw wachtwoord:\n\n%(link)s\n\n"
            "De link werkt één keer en een uur lang. Heb je hier niet om gevraagd? "
            "Dan hoef je niets te doen: je wachtwoord blijft zoals het is."
        )
        % {"link": context["password_reset_url"]},
    }


def unknown_account(municipality: Municipality, context: dict[str, Any]) -> Letter:
    """Return the mail to an address that has no account; the page says the same as to others."""
    return {
        "subject": _("Een nieuw wachtwoord voor Omzien %(name)s") % {"name": municipality.name},
        "body": _(
            "Dag,\n\nIemand vroeg voor dit mailadres een nieuw wachtwoord, maar er is hier geen "
            "account met een wachtwoord. Aanmelden kan met een code in de mail:\n\n%(link)s\n\n"
            "Heb je hier niet om gevraagd? Dan hoef je niets te doen."
        )
        % {"link": f"{address_of(municipality)}/aanmelden"},
    }


def closed(municipality: Municipality) -> Letter:
    """Return the mail that tells the owner that the account was closed."""
    with override(settings.LANGUAGE_CODE):
        return {
            "subject": _("Je account bij Omzien %(name)s is gesloten")
            % {"name": municipality.name},
            "body": _(
                "Dag,\n\nJe account is gesloten. Aanmelden kan hiermee niet meer.\n\n"
                "Was je dit niet zelf? Laat het de gemeente dan meteen weten:\n\n%(link)s"
            )
            % {"link": f"{address_of(municipality)}/over"},
        }


CHANGED = {
    "account/email/password_changed": gettext_lazy("Het wachtwoord is veranderd."),
    "account/email/password_set": gettext_lazy("Er is een wachtwoord ingesteld."),
    "account/email/password_reset": gettext_lazy("Er is een nieuw wachtwoord gekozen."),
    "mfa/email/totp_activated": gettext_lazy("Er is een app als tweede stap ingesteld."),
    "mfa/email/totp_deactivated": gettext_lazy("De app als tweede stap is weggehaald."),
    "mfa/email/webauthn_added": gettext_lazy("Er is een passkey toegevoegd."),
    "mfa/email/webauthn_removed": gettext_lazy("Er is een passkey weggehaald."),
    "mfa/email/recovery_codes_generated": gettext_lazy("Er zijn nieuwe herstelcodes gemaakt."),
}


def changed(municipality: Municipality, event: str) -> Letter | None:
    """Return the mail that tells the owner of an account what changed; None for other events."""
    what = CHANGED.get(event)
    if what is None:
        return None
    with override(settings.LANGUAGE_CODE):
        return {
            "subject": _("Je account bij Omzien %(name)s is veranderd")
            % {"name": municipality.name},
            "body": _(
                "Dag,\n\n%(what)s\n\nWas je dit zelf? Dan hoef je niets te doen. Was je dit niet? "
                "Kies dan meteen een nieuw wachtwoord en meld je overal af:\n\n%(link)s"
            )
            % {"what": what, "link": f"{address_of(municipality)}/wachtwoord/vergeten"},
        }
