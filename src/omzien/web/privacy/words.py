"""What tables and fields are called on pages about somebody's own data."""

from typing import Any

from django.apps import apps
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.choices.queries import topic_label
from omzien.people.privacy.export import Cell, Part
from omzien.people.rules.retention import Refusal
from omzien.web import plan_words
from omzien.web.filters import RUNGS
from omzien.web.handovers import words as handovers
from omzien.web.mediation import words as mediation
from omzien.web.mine import words as mine
from omzien.web.people.mandate_words import EVIDENCE, KINDS, SCOPES
from omzien.web.questions import words as questions
from omzien.web.signals import early, worries
from omzien.web.today.roles import ROLE_NAMES

# Keys of other rows, and stamps that only machines use: in the JSON file, not on the page. What
# is about a human being is never among them (tests/web/test_privacy_pages.py).
ONLY_IN_FILE = {
    "id", "municipality", "account", "from_groups", "is_demo", "tries", "next_try_at", "provider",
    "slug", "sort_title", "village", "village_ids", "external_id", "extra", "key", "code",
    "ground", "membership", "cover", "service", "by", "recorded_by", "replaced_by",
    "session_key", "proposed_by", "rung",
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
    "wants_notices": gettext_lazy("Krijgt mail als er iets is"),
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
    "MandateInvitation.ended_at": gettext_lazy("Beantwoord of ingetrokken op"),
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
    "Party.words": gettext_lazy("Wat je schreef"),
    "Party.side": gettext_lazy("Welke buur je bent (1 vroeg om bemiddeling)"),
    "Party.in_danger": gettext_lazy("Opgeschreven dat het niet veilig is"),
    "Party.street": gettext_lazy("Straat"),
    "Party.postcode": gettext_lazy("Postcode"),
    "Party.elsewhere": gettext_lazy("Waarom bemiddeling niet past"),
    "Party.advice": gettext_lazy("Waar je wel terecht kunt"),
    "Party.told_at": gettext_lazy("Verteld waar je naam vandaan komt op"),
    "Party.agreed_at": gettext_lazy("Je zei ja op"),
    "Party.left_at": gettext_lazy("Je stopte op"),
    "Case.outcome": gettext_lazy("Uitkomst"),
    "Case.received_at": gettext_lazy("Binnen op"),
    "Mediator.street": gettext_lazy("Straat"),
    "Mediator.postcode": gettext_lazy("Postcode"),
    "Mediator.is_experienced": gettext_lazy("Ervaren als bemiddelaar"),
    "Seat.knows_nobody": gettext_lazy("Je zei dat je geen van beide buren kent"),
    "Wait.bridge": gettext_lazy("Wat helpt tot er plek is"),
    "Wait.skip_reason": gettext_lazy("Waarom iemand eerder aan de beurt was"),
    "Talk.starts_at": gettext_lazy("Wanneer"),
    "Talk.place": gettext_lazy("Waar"),
    "Talk.held_at": gettext_lazy("Geweest op"),
    "Talk.cancelled_at": gettext_lazy("Afgezegd op"),
    "Agreement.words": gettext_lazy("Wat jullie samen afspraken"),
    "Agreement.written_at": gettext_lazy("Opgeschreven op"),
    "Agreement.first_yes_at": gettext_lazy("De eerste buur zei ja op"),
    "Agreement.second_yes_at": gettext_lazy("De tweede buur zei ja op"),
    "relation": gettext_lazy("Wie dat is"),
    "kinds": gettext_lazy("Soorten steun"),
    "closeness": gettext_lazy("Kring"),
    "how_often": gettext_lazy("Hoe vaak contact"),
    "school": gettext_lazy("School"),
    "answers": gettext_lazy("Antwoorden"),
    "young_agreed_on": gettext_lazy("De jongere vond het goed op"),
    "parent_agreed_on": gettext_lazy("Een ouder vond het goed op"),
    "reference": gettext_lazy("Nummer"),
    "asked_at": gettext_lazy("Gevraagd op"),
    "story": gettext_lazy("Je verhaal"),
    "topics": gettext_lazy("Waarover het gaat"),
    "channel": gettext_lazy("Hoe"),
    "reach_by": gettext_lazy("Hoe we je bereiken"),
    "best_moment": gettext_lazy("Beste moment"),
    "next_action": gettext_lazy("Volgende stap"),
    "due_on": gettext_lazy("Uiterlijk op"),
    "result": gettext_lazy("Uitkomst"),
    "from_team": gettext_lazy("Van team"),
    "to_team": gettext_lazy("Naar team"),
    "asked": gettext_lazy("Wat er is gevraagd"),
    "tried": gettext_lazy("Wat al is geprobeerd"),
    "contact_name": gettext_lazy("Met wie je spreekt"),
    "capacity_reason": gettext_lazy("Over de plek die er is"),
    "decline_reason": gettext_lazy("Waarom het team nee zei"),
    "suggestion": gettext_lazy("Wat het team voorstelt"),
    "dispute": gettext_lazy("Wat niet klopte aan het gesprek"),
    "offered_at": gettext_lazy("Gevraagd op"),
    "met_on": gettext_lazy("Gesproken op"),
    "done_at": gettext_lazy("Klaar op"),
    "offer": gettext_lazy("Wat is geprobeerd"),
    "started_on": gettext_lazy("Begonnen op"),
    "ended_on": gettext_lazy("Klaar op"),
    "flagged_at": gettext_lazy("Acuut sinds"),
    "end_reason": gettext_lazy("Hoe het gevaar eindigde"),
    "step": gettext_lazy("Stap van de meldcode"),
    "taken_on": gettext_lazy("Gezet op"),
    "opened_at": gettext_lazy("In nood gelezen op"),
    "BreakGlass.review": gettext_lazy("Wat er bij het nakijken is gezegd"),
    "not_told_because": gettext_lazy("Waarom niet verteld"),
    "text": gettext_lazy("Tekst"),
    "place": gettext_lazy("Plaats"),
    "not_invited_because": gettext_lazy("Waarom je niet bent uitgenodigd"),
    "why": gettext_lazy("Waarom je het niet eens bent"),
    "made_at": gettext_lazy("Gemaakt op"),
    "day": gettext_lazy("Dag"),
    "reached": gettext_lazy("Bereikt"),
    "part": gettext_lazy("Welk deel"),
    "starts_at": gettext_lazy("Begint op"),
    "who": gettext_lazy("Wie het doet"),
    "moment": gettext_lazy("Wanneer"),
    "with_whom": gettext_lazy("Met wie"),
    "own": gettext_lazy("Zelf"),
    "network": gettext_lazy("Eigen netwerk"),
    "professional": gettext_lazy("Hulpverleners"),
    "age": gettext_lazy("Leeftijd"),
    "withdrawn_at": gettext_lazy("Ingetrokken op"),
    "started_at": gettext_lazy("Begonnen op"),
    "stopped_at": gettext_lazy("Gestopt op"),
    "wanted": gettext_lazy("Wat je zoekt"),
    "received_at": gettext_lazy("Binnengekomen op"),
    "about": gettext_lazy("Over wie"),
    "where": gettext_lazy("Waar"),
    "worry": gettext_lazy("De zorg"),
    "why_nothing": gettext_lazy("Waarom er niets is gedaan"),
    "partner": gettext_lazy("Wie het meldde"),
    "address": gettext_lazy("Adres"),
    "town": gettext_lazy("Plaats"),
    "amount": gettext_lazy("Bedrag"),
    "contacted_on": gettext_lazy("Contact gezocht op"),
    "reminded_on": gettext_lazy("Herinnerd op"),
    "note": gettext_lazy("Bij dit nummer"),
    "browser": gettext_lazy("Apparaat"),
    "evidence": gettext_lazy("Waarmee het is aangetoond"),
    "merged_at": gettext_lazy("Samengevoegd op"),
    "undone_at": gettext_lazy("Weer los op"),
    "uid": gettext_lazy("Nummer bij de gemeente"),
    "extra_data": gettext_lazy("Wat de gemeente meegaf"),
    # Where the same field of another table reads otherwise.
    "Phone.number": gettext_lazy("Telefoon"),
    "OfferDraft.words": gettext_lazy("Tekst die nog niet weg is"),
    "Referral.name": gettext_lazy("Waarheen"),
    "Attachment.name": gettext_lazy("Bijlage"),
}


# What a code in a field says; with the table in front where the field has other codes elsewhere.
CODES: dict[str, dict[Any, Any]] = {
    "role": {str(role): name for role, name in ROLE_NAMES.items()},
    "result": questions.RESULTS,
    "reach_by": questions.REACH_BY,
    "evidence": EVIDENCE,
    "decline_reason": handovers.DECLINED,
    "moment": plan_words.MOMENTS,
    "with_whom": plan_words.WITH_WHOM,
    "how": handovers.HOWS,
    "categories": mine.CATEGORIES,
    "amount": early.AMOUNTS,
    "rung": RUNGS,
    "Question.state": questions.STATES,
    "Question.channel": questions.CHANNELS,
    "ContactAttempt.channel": questions.WAYS,
    "Attempt.result": questions.TRIED,
    "Handover.state": handovers.STATES,
    "Referral.state": handovers.REFERRALS,
    "Consult.state": handovers.CONSULTS,
    "Involvement.state": handovers.ALONGS,
    "Goal.state": plan_words.GOAL_STATES,
    "PlanAction.state": plan_words.ACTION_STATES,
    "PlanAction.who": plan_words.WHO,
    "Tie.relation": plan_words.RELATIONS,
    "Tie.kinds": plan_words.KINDS,
    "Tie.closeness": plan_words.RINGS,
    "Tie.how_often": plan_words.OFTEN,
    "Signal.knows": worries.KNOWS,
    "EarlySignal.kind": early.KINDS,
    "Ground.kind": mine.GROUNDS,
    "GroundEvent.what": mine.STANDING,
    "Case.subject": mediation.SUBJECTS,
    "Case.state": mediation.STATES_TOLD,
    "Case.outcome": mediation.OUTCOMES,
    "Party.elsewhere": mediation.ELSEWHERE,
    "Seat.state": mediation.SEATS,
    "Seat.reason": mediation.BACK,
    "Talk.kind": mediation.TALKS,
    "Mandate.kind": KINDS,
    "Mandate.what": SCOPES,
    "MandateInvitation.kind": KINDS,
    "MandateInvitation.what": SCOPES,
    "ReviewLine.answer": {
        "waiting": gettext_lazy("nog geen antwoord"),
        "stays": gettext_lazy("blijft"),
        "ends": gettext_lazy("eindigt"),
    },
    "Message.state": {
        "waiting": gettext_lazy("wacht"),
        "sent": gettext_lazy("verstuurd"),
        "failed": gettext_lazy("niet aangekomen"),
        "dropped": gettext_lazy("niet verstuurd"),
    },
}


def _said(label: str, cell: Cell) -> str:
    """Return a value in words; "" for a code that has none: the JSON file has that one."""
    model = label.split(".")[1]
    if cell.name == "topics":
        return ", ".join(topic_label(code) for code in cell.value)
    codes = cell.value if isinstance(cell.value, list) else [cell.value]
    known = CODES.get(f"{model}.{cell.name}") or CODES.get(cell.name, {})
    if known and codes and all(isinstance(one, str | int) and one in known for one in codes):
        return ", ".join(str(known[one]) for one in codes)
    is_code = apps.get_model(label)._meta.get_field(cell.name).choices
    return "" if is_code else text_of(cell.value)


def _label(label: str, name: str) -> str:
    model = label.split(".")[1]
    return str(FIELD_NAMES.get(f"{model}.{name}") or FIELD_NAMES.get(name) or "")


def lines(label: str, cells: list[Cell]) -> list[tuple[str, str]]:
    """Return a row of a table as pairs of label and text, without what only a machine reads."""
    found = [
        (_label(label, cell.name), _said(label, cell))
        for cell in cells
        if cell.name not in ONLY_IN_FILE
    ]
    return [(name, text) for name, text in found if name and text]


ONLY_FOR_A_MACHINE = (
    gettext_lazy("Inhoud"),
    gettext_lazy("Dit leest alleen een programma. Het staat in het bestand met de naam json."),
)


def readable_parts(parts: list[Part]) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """Return all about somebody as titles with rows of label and text."""
    found = [
        (str(part.title), [told for label, cells in part.rows if (told := lines(label, cells))])
        for part in parts
        if part.rows
    ]
    only_in_file = [[(str(ONLY_FOR_A_MACHINE[0]), str(ONLY_FOR_A_MACHINE[1]))]]
    return [(title, rows or only_in_file) for title, rows in found]


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
