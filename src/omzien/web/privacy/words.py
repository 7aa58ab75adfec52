"""What tables and fields are called on pages about somebody's own data."""

from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.people.privacy.export import Cell
from omzien.people.rules.retention import Refusal
from omzien.web.people.mandate_words import KINDS, SCOPES
from omzien.web.questions.words import STATES
from omzien.web.today.roles import ROLE_NAMES

# Keys of other rows, and stamps that only machines use: in the JSON file, not on the page.
ONLY_IN_FILE = {
    "id", "municipality", "account", "from_groups", "is_demo", "tries", "next_try_at", "provider",
    "slug", "sort_title", "village", "village_ids", "external_id", "extra", "key", "number",
    "ground", "membership", "review", "cover", "service", "by", "recorded_by", "replaced_by",
    "session_key", "proposed_by", "topics", "rung",
}  # fmt: skip
BECAUSE = {
    Refusal.LAW: gettext_lazy("De wet zegt dat het nog bewaard moet worden"),
    Refusal.CLAIM: gettext_lazy("Het is nodig voor een klacht, een bezwaar of een rechtszaak"),
    Refusal.LIVE: gettext_lazy("Er loopt nog iets waarvoor het nodig is"),
}
FIELD_NAMES = {
    "name": gettext_lazy("Naam"),
    "first_name": gettext_lazy("Voornaam"),
    "email": gettext_lazy("Mailadres"),
    "owner_email": gettext_lazy("Mailadres van de eigenaar"),
    "phone": gettext_lazy("Telefoon"),
    "language": gettext_lazy("Taal"),
    "created_at": gettext_lazy("Gemaakt op"),
    "last_login": gettext_lazy("Laatst aangemeld"),
    "is_active": gettext_lazy("Account werkt"),
    "password": gettext_lazy("Wachtwoord"),
    "session_data": gettext_lazy("Inhoud van de sessie"),
    "expire_date": gettext_lazy("Verloopt op"),
    "organisation": gettext_lazy("Organisatie"),
    "team": gettext_lazy("Team"),
    "role": gettext_lazy("Rol"),
    "villages": gettext_lazy("Dorpen"),
    "starts_on": gettext_lazy("Vanaf"),
    "ends_on": gettext_lazy("Tot en met"),
    "until_on": gettext_lazy("Tot en met"),
    "ended_at": gettext_lazy("Beëindigd op"),
    "first_on": gettext_lazy("Eerste dag"),
    "last_on": gettext_lazy("Laatste dag"),
    "answer": gettext_lazy("Uitkomst"),
    "answered_at": gettext_lazy("Beantwoord op"),
    "resident": gettext_lazy("Voor wie"),
    "proxy": gettext_lazy("Wie"),
    "kind": gettext_lazy("Soort"),
    "what": gettext_lazy("Wat"),
    "confirmed_at": gettext_lazy("Bevestigd op"),
    "suspended_at": gettext_lazy("Stilgezet op"),
    "revoked_at": gettext_lazy("Ingetrokken op"),
    "purpose": gettext_lazy("Waarvoor"),
    "explanation": gettext_lazy("Uitleg"),
    "categories": gettext_lazy("Welke gegevens"),
    "article": gettext_lazy("Wetsartikel"),
    "how": gettext_lazy("Hoe gezegd"),
    "at": gettext_lazy("Wanneer"),
    "is_informed": gettext_lazy("Je bent verteld dat dit gebeurt"),
    "not_informed_because": gettext_lazy("Waarom niet verteld"),
    "recipient": gettext_lazy("Aan"),
    "subject": gettext_lazy("Onderwerp"),
    "body": gettext_lazy("Tekst"),
    "state": gettext_lazy("Stand"),
    "sent_at": gettext_lazy("Verstuurd op"),
    "title": gettext_lazy("Naam"),
    "description": gettext_lazy("Wat is het?"),
    "changes": gettext_lazy("Wat er anders moest"),
    "reason": gettext_lazy("Reden"),
    "decided_at": gettext_lazy("Besloten op"),
    "words": gettext_lazy("Je doel"),
    "relation": gettext_lazy("Wie dat is"),
    "kinds": gettext_lazy("Soorten steun"),
    "closeness": gettext_lazy("Kring"),
    "how_often": gettext_lazy("Hoe vaak contact"),
    "school": gettext_lazy("School"),
    "answers": gettext_lazy("Antwoorden"),
    "young_agreed_on": gettext_lazy("De jongere vond het goed op"),
    "parent_agreed_on": gettext_lazy("Een ouder vond het goed op"),
}


# What a code in a field says, for the fields that hold codes.
CODES: dict[str, dict[str, Any]] = {
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "kind": KINDS,
    "what": SCOPES,
    "answer": {
        "waiting": gettext_lazy("nog geen antwoord"),
        "stays": gettext_lazy("blijft"),
        "ends": gettext_lazy("eindigt"),
    },
    "state": {
        **{state.value: name for state, name in STATES.items()},
        "waiting": gettext_lazy("wacht"),
        "sent": gettext_lazy("verstuurd"),
        "failed": gettext_lazy("niet aangekomen"),
        "dropped": gettext_lazy("niet verstuurd"),
    },
}


def _said(cell: Cell) -> str:
    known = CODES.get(cell.name, {})
    codes = cell.value if isinstance(cell.value, list) else [cell.value]
    if known and codes and all(isinstance(one, str) and one in known for one in codes):
        return ", ".join(str(known[one]) for one in codes)
    return text_of(cell.value)


def lines(cells: list[Cell]) -> list[tuple[str, str]]:
    """Return a row as pairs of label and text, without what only a machine reads."""
    return [
        (str(FIELD_NAMES[cell.name]), _said(cell))
        for cell in cells
        if cell.name in FIELD_NAMES and cell.name not in ONLY_IN_FILE
    ]


def text_of(value: Any) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, list):
        return ", ".join(text_of(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {text_of(one)}" for key, one in value.items())
    return _moment(value) if isinstance(value, str) else str(value)


def _moment(text: str) -> str:
    """Return a day or a moment in words, and any other text as it is."""
    try:
        if len(text) > 10 and (moment := parse_datetime(text)):
            return date_format(localtime(moment), "j F Y H.i")
        if day := parse_date(text):
            return date_format(day, "j F Y")
    except ValueError:
        pass
    return text
