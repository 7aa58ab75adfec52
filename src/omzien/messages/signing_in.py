"""The mails about signing in: their texts as Omzien ships them, and the places to fill in.

None has a place for anything of a person but the code or the link that was asked for.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of
from omzien.messages.actions import tell
from omzien.messages.mails import PLACES as COMMON
from omzien.messages.mails import Letter, Mail, Place, page_language, written

HELLO = _("Dag,")
NOT_ASKED = _("Heb je hier niet om gevraagd? Dan hoef je niets te doen.")

PLACES: Mapping[str, Place] = {
    **COMMON,
    "wat": Place(_("wat er veranderde"), _("Het wachtwoord is veranderd.")),
    "contact": Place(
        _("het adres van de pagina met de gegevens van de gemeente"),
        _("https://voorbeeld.example/over"),
    ),
}


def _mail(title: Any, subject: Any, paragraphs: tuple[Any, ...], *places: str) -> Mail:
    """Return a mail that needs all its places but the name of the municipality."""
    known = (*places, "gemeente")
    return Mail(title, subject, (HELLO, *paragraphs), known, frozenset(places), is_way_in=True)


MAILS: Mapping[str, Mail] = {
    "code": _mail(
        _("De code om je aan te melden"),
        _("Je code voor Omzien {gemeente}"),
        (
            _("Dit is je code: {code}"),
            _(
                "Vul hem in op de pagina die je open hebt staan. De code werkt één keer en tien "
                "minuten lang. Geef hem aan niemand anders: wij vragen er nooit om."
            ),
            _("Heb je geen code gevraagd? Dan hoef je niets te doen."),
        ),
        "code",
    ),
    "new-password": _mail(
        _("De link voor een nieuw wachtwoord"),
        _("Een nieuw wachtwoord voor Omzien {gemeente}"),
        (
            _("Met deze link kies je een nieuw wachtwoord:"),
            "{link}",
            _(
                "De link werkt één keer en een uur lang. Heb je hier niet om gevraagd? "
                "Dan hoef je niets te doen: je wachtwoord blijft zoals het is."
            ),
        ),
        "link",
    ),
    "no-password": _mail(
        _("Een nieuw wachtwoord, maar er is geen account"),
        _("Een nieuw wachtwoord voor Omzien {gemeente}"),
        (
            _(
                "Iemand vroeg voor dit mailadres een nieuw wachtwoord, maar er is hier geen "
                "account met een wachtwoord. Aanmelden kan met een code in de mail:"
            ),
            "{link}",
            NOT_ASKED,
        ),
        "link",
    ),
    "invited": _mail(
        _("De uitnodiging om mee te werken"),
        _("Je kunt je aanmelden bij Omzien {gemeente}"),
        (
            _(
                "Je bent uitgenodigd om mee te werken aan Omzien {gemeente}. "
                "Maak met deze link een manier om je aan te melden:"
            ),
            "{link}",
            _(
                "De link werkt één keer en zeven dagen lang. Verwachtte je deze mail niet? "
                "Dan hoef je niets te doen."
            ),
        ),
        "link",
    ),
    "role-given": _mail(
        _("Er is een rol bij gekomen"),
        _("Je hebt een nieuwe rol bij Omzien {gemeente}"),
        (
            _("Je hebt er een rol bij. Welke dat is, zie je als je bent aangemeld:"),
            "{link}",
            _("Klopt dit niet? Laat het de gemeente dan weten."),
        ),
        "link",
    ),
    "account-changed": _mail(
        _("Er veranderde iets aan het account"),
        _("Je account bij Omzien {gemeente} is veranderd"),
        (
            "{wat}",
            _(
                "Was je dit zelf? Dan hoef je niets te doen. Was je dit niet? "
                "Kies dan meteen een nieuw wachtwoord en meld je overal af:"
            ),
            "{link}",
        ),
        "wat",
        "link",
    ),
    "second-step-gone": _mail(
        _("De tweede stap is weggehaald"),
        _("Je tweede stap bij Omzien {gemeente} is weggehaald"),
        (
            _(
                "De functioneel beheerder heeft je tweede stap weggehaald. Je bent overal "
                "afgemeld. Meld je weer aan met je wachtwoord en stel een nieuwe tweede stap in:"
            ),
            "{link}",
            _(
                "Vroeg je dit niet? Kies dan meteen een nieuw wachtwoord en bel de "
                "functioneel beheerder."
            ),
        ),
        "link",
    ),
    "account-closed": _mail(
        _("Het account is gesloten"),
        _("Je account bij Omzien {gemeente} is gesloten"),
        (
            _("Je account is gesloten. Aanmelden kan hiermee niet meer."),
            _("Was je dit niet zelf? Laat het de gemeente dan meteen weten:"),
            "{contact}",
        ),
        "contact",
    ),
    "account-shut": _mail(
        _("De functioneel beheerder sloot het account"),
        _("Je account bij Omzien {gemeente} is gesloten"),
        (
            _(
                "De functioneel beheerder heeft je account gesloten. Je bent overal afgemeld, en "
                "aanmelden kan hiermee niet meer. Klopt dit niet, of wil je weten waarom? "
                "Vraag het de gemeente:"
            ),
            "{link}",
        ),
        "link",
    ),
    "signed-out": _mail(
        _("De functioneel beheerder meldde iemand overal af"),
        _("Je bent overal afgemeld bij Omzien {gemeente}"),
        (
            _(
                "De functioneel beheerder heeft je overal afgemeld. Je account is nog open. "
                "Je kunt je weer aanmelden:"
            ),
            "{link}",
            _("Denk je dat iemand anders je wachtwoord kent? Kies dan een nieuw."),
        ),
        "link",
    ),
    "closed-elsewhere": _mail(
        _("Aan de functioneel beheerder: een andere gemeente sloot een account"),
        _("Een account bij Omzien {gemeente} is gesloten"),
        (
            _(
                "Een andere gemeente heeft het account gesloten van iemand die ook bij jullie een "
                "rol heeft. Aanmelden kan daarmee nergens meer. Klopt dat niet? Hier zie je bij "
                "wie het is, en kun je het account weer openen:"
            ),
            "{link}",
        ),
        "link",
    ),
    "freed-elsewhere": _mail(
        _("Aan de functioneel beheerder: een andere gemeente haalde een tweede stap weg"),
        _("Een tweede stap bij Omzien {gemeente} is weggehaald"),
        (
            _(
                "Een andere gemeente heeft de tweede stap weggehaald van iemand die ook bij jullie "
                "een rol heeft. Die persoon stelt een nieuwe in bij het aanmelden. Wie bij jullie "
                "een rol heeft, staat hier:"
            ),
            "{link}",
        ),
        "link",
    ),
    "account-reopened": _mail(
        _("Het account is weer open"),
        _("Je account bij Omzien {gemeente} is weer open"),
        (
            _("De functioneel beheerder heeft je account weer geopend. Je kunt je weer aanmelden:"),
            "{link}",
            _("Vroeg je dit niet? Laat het de gemeente dan meteen weten:"),
            "{contact}",
        ),
        "link",
        "contact",
    ),
}


def letter(code: str, municipality: Municipality, /, **values: str) -> Letter:
    """Return a mail for who did something just now, in the language of the page they are on."""
    return _filled(code, municipality, values, page_language())


def letter_later(code: str, municipality: Municipality, /, **values: str) -> Letter:
    """Return a mail that somebody else or a clock sends, in the Dutch of the municipality."""
    return _filled(code, municipality, values, "")


def tell_owner(
    code: str, municipality: Municipality, *, key: str, recipient: str, link: str
) -> None:
    """Put a mail about somebody's way to sign in, with a link of ours, in the outbox."""
    letter = letter_later(code, municipality, link=link)
    tell(municipality=municipality, key=key, recipients=[recipient], letter=letter)


def _filled(code: str, town: Municipality, values: Mapping[str, str], language: str) -> Letter:
    known = {"contact": f"{address_of(town)}/over", **values}
    return written(MAILS, code, town, known, language=language)
