"""How handovers read on a page: states, reasons, clocks, refusals."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from omzien.handovers import refusals
from omzien.handovers.rules.along import AlongState, ConsultState, ReferralState
from omzien.handovers.rules.links import Outcome
from omzien.handovers.rules.states import (
    OPEN,
    TAKEN,
    Capacity,
    ContactKind,
    DeclineReason,
    State,
    WithdrawReason,
)
from omzien.handovers.rules.waiting import WaitState
from omzien.people import refusals as people
from omzien.people.rules.grounds import Category, GroundKind, How, What
from omzien.questions import refusals as questions
from omzien.questions.rules.states import Result

STATES = {
    State.OFFERED: _("Aangeboden, wacht op antwoord"),
    State.ACCEPTED: _("Aangenomen, wacht op het eerste gesprek"),
    State.HANDED_OVER: _("Overgedragen"),
    State.REPORTED_BACK: _("Klaar, met een uitkomst"),
    State.DECLINED: _("Afgewezen"),
    State.WITHDRAWN: _("Ingetrokken"),
    State.EXPIRED: _("Geen antwoord gekregen"),
    State.RETURNED: _("Teruggegeven"),
    State.CONTACT_EXPIRED: _("Er kwam geen eerste gesprek"),
}
REOPENED = _("Weer open")  # a team without accounts closed it when it told how it ended
WITHDRAWN = {
    WithdrawReason.OWNER: _("Het team dat dit vroeg, trok het weer in."),
    WithdrawReason.RESIDENT: _("De inwoner wilde deze overdracht niet."),
    WithdrawReason.GROUND: _("De inwoner laat dit niet meer delen, of de toestemming liep af."),
    WithdrawReason.ENDED: _("De vraag zelf is gestopt."),
}
# What a receiver reads of a handover that it sees no more.
GONE = {
    State.HANDED_OVER: _("De vraag was van je team. Nu is die van een ander, of klaar."),
    State.REPORTED_BACK: _("Je team hielp, en meldde hoe het afliep."),
    State.DECLINED: _("Je team zei nee."),
    State.EXPIRED: _("Er kwam niet op tijd een antwoord. De vraag ging terug."),
    State.RETURNED: _("Je team gaf de vraag terug."),
    State.CONTACT_EXPIRED: _("Er kwam niet op tijd een eerste gesprek. De vraag ging terug."),
}
# And what a sender reads, some weeks after the end: nothing that was not told then.
SENT_GONE = {
    True: _("Je team droeg deze vraag over. Dat is klaar, en je team ziet er niets meer van."),
    False: _("Je team bood deze vraag aan. Dat is voorbij, en je team ziet er niets meer van."),
}
OURS = {
    DeclineReason.FULL: _("We zitten vol"),
    DeclineReason.WRONG_GROUP: _("Deze inwoner hoort niet bij onze doelgroep"),
    DeclineReason.WRONG_AREA: _("We werken niet in dit gebied"),
    DeclineReason.NOT_OURS: _("Dit doen we niet"),
    DeclineReason.TOO_LITTLE_KNOWN: _("We weten te weinig om ja te zeggen"),
    DeclineReason.MISTAKE: _("Dit kwam per ongeluk bij ons"),
}
RESIDENTS = {
    DeclineReason.RESIDENT_REFUSES: _("De inwoner wil dit niet"),
    DeclineReason.ALREADY_HELPED: _("De inwoner is al geholpen"),
    DeclineReason.NOT_REACHED: _("We krijgen de inwoner niet te pakken"),
}
DECLINED = {**OURS, **RESIDENTS}
CONTACTS = {
    ContactKind.PHONE: _("Telefoon"),
    ContactKind.VISIT: _("Bij de inwoner thuis"),
    ContactKind.OFFICE: _("Op kantoor of in de wijk"),
    ContactKind.VIDEO: _("Beeldbellen"),
    ContactKind.THREE_WAY: _("Met z’n drieën, met het vorige team erbij"),
}
CAPACITIES = {
    Capacity.YES: _("Er is plek"),
    Capacity.WAITING_LIST: _("Er is een wachtlijst"),
    Capacity.ASK_FIRST: _("Bel eerst even"),
    Capacity.NO: _("Er is nu geen plek"),
    Capacity.UNKNOWN: _("Onbekend of er plek is"),
}
WAITS = {
    WaitState.WAITING: _("Wacht op een plek"),
    WaitState.OFFERED: _("Aangeboden, wacht op antwoord"),
    WaitState.PLACED: _("Er was plek"),
    WaitState.LAPSED: _("Wacht niet meer"),
}
REFERRALS = {
    ReferralState.MADE: _("Afgesproken"),
    ReferralState.ACCEPTED: _("De inwoner kan er terecht"),
    ReferralState.DECLINED: _("Kan daar niet terecht"),
    ReferralState.DONE: _("Klaar"),
    ReferralState.STOPPED: _("Gestopt"),
    ReferralState.EXPIRED: _("Niet bekend hoe het ging"),
}
CONSULTS = {
    ConsultState.ASKED: _("Wacht op antwoord"),
    ConsultState.ANSWERED: _("Beantwoord"),
    ConsultState.DECLINED: _("Ze geven geen raad"),
    ConsultState.WITHDRAWN: _("Ingetrokken"),
    ConsultState.EXPIRED: _("Geen antwoord gekregen"),
}
ALONGS = {
    AlongState.ASKED: _("Gevraagd"),
    AlongState.ALONG: _("Doet mee"),
    AlongState.DECLINED: _("Doet niet mee"),
    AlongState.ENDED: _("Klaar"),
    AlongState.EXPIRED: _("Geen antwoord gekregen"),
}
RESULTS = {
    Result.SOLVED: _("Opgelost"),
    Result.PARTLY: _("Voor een deel opgelost"),
    Result.NOT: _("Niet opgelost"),
    Result.OTHERWISE: _("Anders opgelost"),
}
HOWS = {
    How.SPOKEN: _("Dat zei de inwoner tegen mij"),
    How.WRITTEN: _("Dat staat op papier of in een bericht"),
}
CATEGORIES = {
    Category.CONTACT: _("Naam, telefoon en mailadres"),
    Category.STORY: _("Het verhaal, in de eigen woorden"),
    Category.PLAN: _("Het plan en de doelen"),
    Category.NETWORK: _("Het eigen netwerk"),
    Category.OUTCOME: _("Hoe het na afloop ging"),
    Category.HEALTH: _("Wat er over gezondheid is verteld"),
}
STANDINGS = {
    What.ASKED: _("Gevraagd, nog geen antwoord"),
    What.GIVEN: _("Er is ja gezegd"),
    What.REFUSED: _("Er is nee gezegd"),
    What.WITHDRAWN: _("Ingetrokken"),
    What.EXPIRED: _("Afgelopen"),
    What.REPLACED: _("Vervangen door een nieuwe"),
    What.TOLD: _("De inwoner weet het"),
}
LAWS = {
    GroundKind.LEGAL_TASK: _("Een taak die in de wet staat"),
    GroundKind.LEGAL_DUTY: _("Een plicht die in de wet staat"),
    GroundKind.VITAL_INTEREST: _("Er is gevaar voor iemands leven of gezondheid"),
}
TYPED = {
    Outcome.WRONG: _("Deze code klopt niet. Kijk nog eens in de mail."),
    Outcome.EXPIRED: _("Deze code werkt hier niet meer. Vraag een nieuwe."),
    Outcome.SPENT: _("Je hebt drie keer een verkeerde code ingevuld. Vraag een nieuwe."),
}
MENTIONS = {
    "name": _("In je vraag staat de naam van de inwoner. Schrijf ‘iemand’ of ‘een vrouw van 70’."),
    "phone": _("In je vraag staat een telefoonnummer. Haal het weg: voor raad is het niet nodig."),
    "mail": _("In je vraag staat een mailadres. Haal het weg: voor raad is het niet nodig."),
}
# A form that came a second time, after what came of the first.
AGAIN = _("Dit had je al gevraagd, en daarna gebeurde er al iets. Er is nu niets nieuws verstuurd.")
# Refusal: (field of the form, what the page says).
SAID: dict[type[Exception], tuple[str | None, Any]] = {
    refusals.AlreadyOpen: (None, _("Er loopt al iets. Wacht daarop, of stop het eerst.")),
    refusals.NeedsGround: (
        "ground",
        _("De inwoner liet dit nog niet delen, of niet meer. Vraag het eerst."),
    ),
    refusals.NobodyOnline: (
        "ground",
        _("De inwoner heeft geen mailadres en kan niet online antwoorden. Bel, en leg het vast."),
    ),
    refusals.NeedsTelling: (
        "resident_knows",
        _("Vertel het de inwoner eerst. Zet daarna dit vinkje."),
    ),
    refusals.NeedsWords: (None, _("Vul alle velden in.")),
    refusals.NeedsCapacityReason: (
        "capacity_reason",
        _("Dit team heeft geen plek. Schrijf waarom je het toch vraagt."),
    ),
    refusals.NoPlace: (
        None,
        _(
            "Er is geen plek meer vrij: de laatste is net vergeven. Komt er toch plek? Zeg dan "
            "eerst bij Overdrachten hoeveel plekken er vrij zijn."
        ),
    ),
    refusals.NoList: ("to_team", _("Dit team heeft geen wachtlijst. Kies een ander team.")),
    refusals.NoRule: (
        "goes_first",
        _("Bij dit team gaat niemand voor: wie het langst wacht, is eerst. Haal het vinkje weg."),
    ),
    refusals.OthersWait: (
        "capacity_reason",
        _("Bij dit team wachten anderen op een plek. Schrijf waarom deze vraag voorgaat."),
    ),
    refusals.NeedsContact: (
        "met_on",
        _("Kies een dag tussen de dag van aannemen en vandaag, en vul een naam in."),
    ),
    refusals.NeedsReason: (None, _("Schrijf waarom.")),
    refusals.SaidNo: (
        "after_no",
        _(
            "De inwoner zei net nog online nee tegen delen met dit team. Sprak je de inwoner "
            "daarna, en is het nu ja? Zet dan dit vinkje. De inwoner krijgt er bericht van."
        ),
    ),
    refusals.SameTeam: ("to_team", _("De vraag is al van dit team.")),
    refusals.TeamArchived: ("to_team", _("Dit team werkt niet meer. Kies een ander team.")),
    refusals.NobodyReads: (
        "to_team",
        _("Bij dit team leest niemand mee. Kies een ander team, of bel de functioneel beheerder."),
    ),
    refusals.WrongMoment: ("day", _("Kies een moment dat nog komt, en een plek.")),
    questions.DayIsPast: (None, _("Deze dag is al voorbij. Kies vandaag of later.")),
    questions.NeedsReason: (None, _("Schrijf waarom.")),
    questions.NeedsTelling: ("is_told", _("Laat het de inwoner eerst weten. Zet dan dit vinkje.")),
    questions.StillOpen: (
        None,
        _("De vraag kan nog niet dicht: er loopt nog iets dat een ander doet."),
    ),
    people.NeedsArticle: ("article", _("Schrijf welk artikel van welke wet dit mag.")),
    people.NeedsReason: ("explanation", _("Schrijf waarom, en waarom de inwoner het niet weet.")),
    people.NeedsRecipient: ("to_team", _("Kies een team.")),
    people.NotAllowed: ("ground", _("Dit mag je in deze rol niet vastleggen. Vraag het online.")),
    people.WrongMove: (None, _("Hierover is al beslist.")),
}
# These mean that somebody else was first: the page shows what changed and keeps what was typed.
MEANWHILE = (refusals.Stale, refusals.WrongState, refusals.NotLive, people.WrongMove)
REFUSED = (refusals.Refused, people.Refused)


def gone(handover: Any, *, sent: bool = False) -> Any:
    """Return how a handover ended for a team that sees it no more, without a person in it: the
    sender reads only that it was handed over, or that this did not come about.
    """
    state = State(handover.state)
    if sent:
        return SENT_GONE[state in TAKEN]
    if state in OPEN:  # nobody ended it yet: nothing covers it any more, or its term is over
        return _("De termijn is voorbij, of de inwoner laat dit niet meer delen.")
    return GONE.get(state) or WITHDRAWN[WithdrawReason(handover.withdraw_reason)]


def refuse(form: Any, refusal: Exception) -> None:
    """Say a refusal at the field that is meant, or else above the form."""
    field, text = said(refusal)
    form.add_error(field if field in form.fields else None, text)


def said(refusal: Exception) -> tuple[str | None, str]:
    """Return the field and the sentence for a refusal."""
    if isinstance(refusal, refusals.NamesSomebody):
        return "text", str(MENTIONS[refusal.what])
    field, text = SAID[type(refusal)]
    return field, str(text)
