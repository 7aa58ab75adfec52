"""What pages call the states, outcomes and refusals of neighbour mediation."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.mediation import refusals
from omzien.mediation.models import Party
from omzien.mediation.rules.conflicts import Conflict
from omzien.mediation.rules.states import (
    BackReason,
    Elsewhere,
    Outcome,
    SeatState,
    Side,
    State,
    Subject,
    TalkKind,
)

SUBJECTS: dict[Any, Any] = {
    Subject.NOISE: gettext_lazy("Geluid"),
    Subject.GARDEN: gettext_lazy("Tuin, boom of heg"),
    Subject.BORDER: gettext_lazy("Schutting of erfgrens"),
    Subject.PETS: gettext_lazy("Huisdieren"),
    Subject.PARKING: gettext_lazy("Parkeren"),
    Subject.RUBBISH: gettext_lazy("Afval of rommel"),
    Subject.CHILDREN: gettext_lazy("Kinderen"),
    Subject.CONDUCT: gettext_lazy("Hoe mensen met elkaar omgaan"),
    Subject.OTHER: gettext_lazy("Iets anders"),
}
# What the coordinator and the mediators read: what is to be done.
STATES: dict[Any, Any] = {
    State.REPORTED: gettext_lazy("Nieuw: spreek de melder"),
    State.CHOOSING: gettext_lazy("Kies twee bemiddelaars"),
    State.FIRST_TALK: gettext_lazy("Gesprek met de melder"),
    State.INVITING: gettext_lazy("Vraag de andere buur"),
    State.SECOND_TALK: gettext_lazy("Gesprek met de andere buur"),
    State.JOINT: gettext_lazy("Gesprek samen"),
    State.AGREEING: gettext_lazy("Afspraken opschrijven"),
    State.AFTERCARE: gettext_lazy("Nazorg: vraag hoe het gaat"),
    State.COACHING: gettext_lazy("Help de melder alleen"),
    State.CLOSED: gettext_lazy("Afgesloten"),
}
# What a neighbour reads of it in the own data.
STATES_TOLD: dict[Any, Any] = {
    one: gettext_lazy("afgesloten") if one == State.CLOSED else gettext_lazy("loopt")
    for one in State
}
# Blames nobody, and tells nothing of what was said.
OUTCOMES: dict[Any, Any] = {
    Outcome.AGREED: gettext_lazy("Er zijn afspraken, en het gaat goed"),
    Outcome.PARTLY: gettext_lazy("Het gaat beter, maar nog niet goed"),
    Outcome.NOT_AGREED: gettext_lazy("Er zijn geen afspraken die werken"),
    Outcome.ONE_SIDE: gettext_lazy("Eén buur is geholpen"),
    Outcome.EASED: gettext_lazy("Het is opgelost zonder bemiddeling"),
    Outcome.ELSEWHERE: gettext_lazy("Bemiddeling paste niet: er is verwezen"),
    Outcome.STOPPED: gettext_lazy("Een buur is gestopt"),
    Outcome.UNFINISHED: gettext_lazy("Niet afgemaakt"),
}
ELSEWHERE: dict[Any, Any] = {
    Elsewhere.DANGER: gettext_lazy("Er is geweld of dreiging"),
    Elsewhere.COURT: gettext_lazy("Politie, rechter of advocaat is ermee bezig"),
    Elsewhere.LANDLORD: gettext_lazy("Dit is iets voor de verhuurder"),
    Elsewhere.CARE: gettext_lazy("Iemand heeft eerst andere hulp nodig"),
    Elsewhere.NOT_NEIGHBOURS: gettext_lazy("Het zijn geen buren"),
    Elsewhere.NOT_WANTED: gettext_lazy("De melder wil geen gesprek"),
}
CONFLICTS: dict[Any, Any] = {
    Conflict.PARTY: gettext_lazy("is zelf een van de buren, of staat dicht bij een van hen"),
    Conflict.STREET: gettext_lazy("woont in dezelfde straat als een van de buren"),
    Conflict.POSTCODE: gettext_lazy("heeft dezelfde postcode als een van de buren"),
    Conflict.SAID_NO: gettext_lazy("kent een van de buren"),
    Conflict.NO_ADDRESS: gettext_lazy("het adres is nog niet ingevuld"),
}
BACK: dict[Any, Any] = {
    BackReason.KNOWS: gettext_lazy("Ik ken een van de buren"),
    BackReason.TIME: gettext_lazy("Ik heb geen tijd"),
    BackReason.OTHER: gettext_lazy("Een andere reden"),
}
SEATS: dict[Any, Any] = {
    SeatState.ASKED: gettext_lazy("gevraagd"),
    SeatState.ACCEPTED: gettext_lazy("doet het"),
    SeatState.DECLINED: gettext_lazy("zei nee"),
    SeatState.STEPPED_BACK: gettext_lazy("stapte terug"),
    SeatState.EXPIRED: gettext_lazy("gaf geen antwoord"),
    SeatState.ENDED: gettext_lazy("is klaar"),
}
TALKS: dict[Any, Any] = {
    TalkKind.INTAKE: gettext_lazy("Eerste gesprek met de coördinator"),
    TalkKind.FIRST: gettext_lazy("Gesprek met de bemiddelaars"),
    TalkKind.SECOND: gettext_lazy("Gesprek met de bemiddelaars"),
    TalkKind.JOINT: gettext_lazy("Gesprek samen met de andere buur"),
}
# What a neighbour reads of where it stands: about themselves, and no word of the other.
NOW: Mapping[Side, Mapping[str, Any]] = {
    Side.FIRST: {
        State.REPORTED: gettext_lazy("We bellen je. Dan spreken we af om kennis te maken."),
        State.CHOOSING: gettext_lazy("We zoeken twee bemiddelaars die jullie niet kennen."),
        State.FIRST_TALK: gettext_lazy("De bemiddelaars spreken eerst met jou."),
        State.INVITING: gettext_lazy("We vragen de ander of die mee wil doen."),
        State.SECOND_TALK: gettext_lazy("De ander doet mee. We spreken eerst apart met de ander."),
        State.JOINT: gettext_lazy("Jullie praten samen, met de bemiddelaars erbij."),
        State.AGREEING: gettext_lazy("We schrijven op wat jullie afspraken."),
        State.AFTERCARE: gettext_lazy("De afspraken staan vast. We vragen later hoe het gaat."),
        State.COACHING: gettext_lazy("De ander doet niet mee. We helpen jou verder."),
    },
    Side.SECOND: {
        State.SECOND_TALK: gettext_lazy("De bemiddelaars spreken met jou."),
        State.JOINT: gettext_lazy("Jullie praten samen, met de bemiddelaars erbij."),
        State.AGREEING: gettext_lazy("We schrijven op wat jullie afspraken."),
        State.AFTERCARE: gettext_lazy("De afspraken staan vast. We vragen later hoe het gaat."),
    },
}
OLD = gettext_lazy("Iemand was je voor. Kijk hoe het er nu voor staat, en kies opnieuw.")
SAID: Mapping[type[refusals.Refused], Any] = {
    refusals.NotAllowed: gettext_lazy("Dat mag je in deze rol niet doen."),
    refusals.Stale: OLD,
    refusals.WrongState: gettext_lazy("Dit kan nu niet meer. Kijk hoe het ervoor staat."),
    refusals.NoTeam: gettext_lazy("Deze gemeente heeft hier geen buurtbemiddeling."),
    refusals.NeedsName: gettext_lazy("Vul een naam in."),
    refusals.NeedsReach: gettext_lazy("Vul een telefoonnummer of een mailadres in."),
    refusals.NeedsAddress: gettext_lazy("Vul de straat met het nummer in, en de postcode."),
    refusals.NeedsOther: gettext_lazy("Vul in waar de andere buur woont."),
    refusals.NeedsStory: gettext_lazy("Schrijf kort op wat er is."),
    refusals.NeedsWords: gettext_lazy("Schrijf eerst op wat is afgesproken."),
    refusals.NeedsReason: gettext_lazy("Vul dit in."),
    refusals.NeedsTelling: gettext_lazy(
        "Vertel de ander eerst waar we de naam vandaan hebben, en wat we bewaren."
    ),
    refusals.NeedsMediators: gettext_lazy("Eerst moeten twee bemiddelaars ja zeggen."),
    refusals.NeedsNobodyKnown: gettext_lazy("Zeg eerst dat je geen van beide buren kent."),
    refusals.SameParty: gettext_lazy("Beide buren zijn dezelfde persoon. Kijk het na."),
    refusals.AlreadyOpen: gettext_lazy("Voor deze vraag loopt al buurtbemiddeling."),
    refusals.InDanger: gettext_lazy(
        "In de melding staan woorden over geweld of dreiging. Daar past bemiddeling niet bij. "
        "Is er geen gevaar? Leg dat dan eerst vast."
    ),
    refusals.SeatsTaken: gettext_lazy("Er zijn al twee bemiddelaars, of twee zijn gevraagd."),
    refusals.NotNeutral: gettext_lazy("Kies een plek die van geen van beide buren is."),
    refusals.WrongMoment: gettext_lazy("Deze dag of tijd kan niet. Kijk het na."),
    refusals.DayIsPast: gettext_lazy("Deze dag is al voorbij. Kies een latere."),
    refusals.NotYet: gettext_lazy("Nazorg is twee tot zes weken na de afspraken."),
}


def said(refusal: refusals.Refused) -> str:
    """Return the sentence for a refusal."""
    if isinstance(refusal, refusals.ConflictOfInterest):
        found = ", ".join(str(CONFLICTS[one]) for one in refusal.found)
        return _("Deze vrijwilliger kan hier niet bemiddelen: %(found)s.") % {"found": found}
    return str(SAID[type(refusal)])


def now_of(party: Party) -> str:
    """Return what a neighbour reads of where their case stands."""
    if party.left_at is not None:
        return _("Je doet niet mee. We wissen wat we van je hebben.")
    if party.case.state == State.CLOSED:
        return _("We hebben het afgesloten.")
    return str(NOW[Side(party.side)][party.case.state])
