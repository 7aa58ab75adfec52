"""What networks, plans and measures are called on pages, and what each refusal says."""

from django.utils.translation import gettext_lazy as _

from omzien.directory.rules import Capacity
from omzien.kernel.ladder import Rung
from omzien.questions import refusals
from omzien.questions.models import Attempt
from omzien.questions.rules.advice import Reason
from omzien.questions.rules.carers import Lacking, Load
from omzien.questions.rules.network import Often, Relation
from omzien.questions.rules.plans import ActionState, GoalState, Moment, Who, WithWhom
from omzien.questions.rules.support import Support
from omzien.web.filters import RUNGS

KINDS = {
    Support.PRACTICAL: _("praktische hulp"),
    Support.COMPANY: _("gezelschap"),
    Support.ADVICE: _("advies"),
    Support.EMOTIONAL: _("een luisterend oor"),
}
RELATIONS = {
    Relation.PARTNER: _("partner"),
    Relation.CHILD: _("kind"),
    Relation.PARENT: _("vader of moeder"),
    Relation.SIBLING: _("broer of zus"),
    Relation.FAMILY: _("andere familie"),
    Relation.FRIEND: _("vriend of vriendin"),
    Relation.NEIGHBOUR: _("buur"),
    Relation.COLLEAGUE: _("collega of klasgenoot"),
    Relation.CLUB: _("van een club, kerk of moskee"),
    Relation.VOLUNTEER: _("vrijwilliger"),
    Relation.PROFESSIONAL: _("hulpverlener"),
    Relation.OTHER: _("iemand anders"),
}
OFTEN = {
    Often.DAILY: _("elke dag"),
    Often.WEEKLY: _("elke week"),
    Often.MONTHLY: _("elke maand"),
    Often.SELDOM: _("minder vaak"),
}
RINGS = {1: _("heel dichtbij"), 2: _("dichtbij"), 3: _("verder weg")}
WHO = {
    Who.RESIDENT: _("de inwoner"),
    Who.TIE: _("iemand uit het eigen netwerk"),
    Who.NEIGHBOUR: _("buur of vrijwilliger"),
    Who.WORKER: _("het team"),
    Who.PROVIDER: _("aanbieder"),
}
GOAL_STATES = {
    GoalState.OPEN: _("loopt"),
    GoalState.REACHED: _("bereikt"),
    GoalState.DROPPED: _("hoeft niet meer"),
}
ACTION_STATES = {
    ActionState.OPEN: _("nog te doen"),
    ActionState.DONE: _("gedaan"),
    ActionState.DROPPED: _("gaat niet door"),
}
MOMENTS = {Moment.BEFORE: _("aan het begin"), Moment.AFTER: _("achteraf")}
WITH_WHOM = {WithWhom.SELF: _("zelf ingevuld"), WithWhom.TOGETHER: _("samen ingevuld")}
RESULTS = {
    Attempt.Result.BUSY: _("bezig"),
    Attempt.Result.WORKED: _("hielp"),
    Attempt.Result.PARTLY: _("hielp een beetje"),
    Attempt.Result.FAILED: _("hielp niet"),
    Attempt.Result.SKIPPED: _("overgeslagen"),
}
CAPACITY = {
    Capacity.YES: _("Ja, er is plek"),
    Capacity.WAITING_LIST: _("Er is een wachtlijst"),
    Capacity.ASK_FIRST: _("Eerst overleggen"),
    Capacity.NO: _("Nee, het is vol"),
}
REASONS = {
    Reason.NEAR: _("dichtbij"),
    Reason.FREE: _("gratis"),
    Reason.ROOM: _("er is nu plek"),
    Reason.WALK_IN: _("zonder afspraak"),
    Reason.LISTED: _("er is een wachtlijst"),
    Reason.ASK: _("eerst overleggen"),
    Reason.FULL: _("nu vol"),
    Reason.UNKNOWN: _("onbekend of er plek is"),
}
STATEMENTS = {
    "sleep": _("Ik slaap slecht door alles wat ik moet regelen."),
    "alone": _("Ik heb het gevoel dat ik er alleen voor sta."),
    "own-time": _("Ik kom niet meer toe aan wat ik zelf graag doe."),
    "worry": _("Ik maak me zorgen, ook als ik even vrij ben."),
    "body": _("Mijn lijf zegt dat het te veel is: pijn, moe, vaak ziek."),
    "nobody-takes-over": _("Als ik een dag wegval, is er niemand die het overneemt."),
}
STEPS = (_("nooit"), _("soms"), _("geregeld"), _("vaak"), _("altijd"))
NOTHING_SAID = _(
    "Je vulde niets in. Dat mag. Hieronder vind je waar je terechtkunt als je voor iemand zorgt."
)
LOADS = {
    Load.UNKNOWN: _(
        "Je vulde maar een paar zinnen in. Daar kunnen we niets over zeggen. "
        "Wel vind je hieronder waar je terechtkunt als je voor iemand zorgt."
    ),
    Load.CARRIES: _(
        "Het lukt je nu om dit te dragen. Fijn. Weet wel waar je terechtkunt als dat verandert."
    ),
    Load.HEAVY: _(
        "Je draagt veel. Dat is niet gek: zorgen voor een ander kost kracht. "
        "Praat er met iemand over, en kijk of iemand iets van je kan overnemen."
    ),
    Load.TOO_MUCH: _(
        "Dit is te veel voor één mens. Je hoeft het niet alleen te doen. "
        "Er zijn mensen die de zorg een tijdje overnemen, zodat jij kunt bijkomen."
    ),
}
LACKING = {
    Lacking.AGE: _("Vul een leeftijd in van 4 tot en met 24 jaar."),
    Lacking.YOUNG: _("Zonder toestemming van de jongere hoort de school niets."),
    Lacking.PARENT: _("De jongere is nog geen 16. Dan moet ook een ouder het goed vinden."),
}
BAD = {
    "too-large": _("Het bestand is te groot. Het mag 64 kB zijn."),
    "unreadable": _("Dit is geen TOML of JSON die we kunnen lezen."),
    "missing": _("dit ontbreekt of is leeg"),
    "no-text": _("hier moet tekst staan"),
    "too-long": _("deze tekst is te lang"),
    "not-a-code": _("gebruik kleine letters, cijfers en streepjes, zonder spaties"),
    "scale": _("een schaal heeft 2 tot en met 11 stappen"),
    "too-many": _("dit zijn er te veel: het mogen er 60 zijn"),
    "twice": _("deze code staat er twee keer in"),
}
SAID = {
    refusals.NotAllowed: _("Dat mag je in deze rol niet doen."),
    refusals.NotLive: _("Deze vraag is afgerond. Je kunt het plan nog wel lezen."),
    refusals.WrongState: _("Dit is al afgerond."),
    refusals.NeedsResident: _(
        "Dit doe je samen met de inwoner. Vink aan dat jullie het samen deden, als dat zo is."
    ),
    refusals.IsLocked: _("De inwoner heeft deze tekst vastgezet. Alleen de inwoner verandert hem."),
    refusals.NeedsWords: _("Vul in wat er moet staan."),
    refusals.NeedsReason: _("Vertel kort waarom het niet of maar half hielp."),
    refusals.DayIsPast: _("Deze dag is al voorbij. Kies vandaag of later."),
    refusals.NeedsResult: _("Kies wat het opleverde."),
    refusals.NotAFirstName: _(
        "Schrijf alleen een voornaam op, één woord. Zo blijft privé over wie het gaat. "
        "Twee voornamen? Zet er een streepje tussen: Jan-Willem."
    ),
    refusals.NotShared: _("De inwoner deelt de kaart niet, of niet meer."),
    refusals.NeedsWho: _("Kies wie dit doet."),
    refusals.NotAHundred: _("De drie getallen moeten samen 100 zijn."),
    refusals.NeedsAnswers: _("Vul minstens één zin in."),
    refusals.UnknownInstrument: _("Deze meetlijst is er niet meer."),
    refusals.NeedsRights: _("Vink aan dat de gemeente deze lijst mag gebruiken."),
    refusals.VersionTaken: _(
        "Deze code met deze versie is er al. Geef een gewijzigde lijst een nieuwe versie."
    ),
}


def skips_text(refusal: refusals.SkipsRungs) -> str:
    """Return which rungs are gone past without a reason."""
    rungs = ", ".join(str(RUNGS[Rung(one)]) for one in refusal.rungs)
    text = _("Hier is nog niets geprobeerd: %(rungs)s. Schrijf waarom je dat overslaat.")
    return str(text % {"rungs": rungs})


def said(refusal: refusals.Refused) -> str:
    """Return the sentence for a refusal."""
    if isinstance(refusal, refusals.TooMany):
        return str(_("Er staan er al %(most)d. Haal er eerst een weg.") % {"most": refusal.most})
    if isinstance(refusal, refusals.TooLong):
        return str(_("Dit is te lang. Het mogen %(most)d tekens zijn.") % {"most": refusal.most})
    if isinstance(refusal, refusals.NeedsConsent):
        return " ".join(str(LACKING[Lacking(code)]) for code in refusal.lacking)
    if isinstance(refusal, refusals.SkipsRungs):
        return skips_text(refusal)
    return str(SAID[type(refusal)])
