"""How questions read on a page: states, results, refusals and what happened, in plain Dutch."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omzien.handovers.queries.offered import What
from omzien.questions import refusals
from omzien.questions.models import Task
from omzien.questions.queries.history import Happened, Kind, Who
from omzien.questions.rules.caseload import OverReason
from omzien.questions.rules.reaching import By
from omzien.questions.rules.states import Channel, Mistake, ReachBy, Result, State
from omzien.web.filters import RUNGS
from omzien.web.plan_words import skips_text

STATES = {
    State.NEW: _("nieuw"),
    State.CLARIFYING: _("in gesprek"),
    State.RUNNING: _("loopt"),
    State.CLOSED: _("afgerond"),
    State.WITHDRAWN: _("ingetrokken"),
    State.UNREACHED: _("niet bereikt"),
    State.OWN_WAY: _("gaat zelf verder"),
    State.ANONYMISED: _("gewist"),
}
RESULTS = {
    Result.SOLVED: _("opgelost"),
    Result.PARTLY: _("deels opgelost"),
    Result.NOT: _("niet opgelost"),
    Result.OTHERWISE: _("anders gelopen"),
}
MISTAKES = {
    Mistake.OTHER_QUESTION: _("Ik koos de verkeerde vraag"),
    Mistake.WRONG_NEWS: _("Het bericht klopte niet"),
}
CHANNELS = {
    Channel.WEB: _("via de site"),
    Channel.PHONE: _("aan de telefoon"),
    Channel.DESK: _("aan het loket"),
    Channel.PARTNER: _("via een partner"),
}
REACH_BY = {
    ReachBy.PHONE: _("bellen"),
    ReachBy.MAIL: _("mailen"),
    ReachBy.VISIT: _("langskomen"),
    ReachBy.LETTER: _("een brief"),
}
WAYS = {
    By.PHONE: _("telefoon"),
    By.MAIL: _("mail"),
    By.VISIT: _("bezoek"),
    By.LETTER: _("brief"),
}
TRIED = {
    "busy": _("loopt"),
    "worked": _("werkte"),
    "partly": _("werkte deels"),
    "failed": _("werkte niet"),
    "skipped": _("overgeslagen"),
}
TASKS = {
    Task.Kind.NEXT_STEP: _("een overdracht of meedoen ging niet door, kies een volgende stap"),
    Task.Kind.SILENT: _("geen antwoord van de inwoner, kies een volgende stap"),
    Task.Kind.COORDINATOR: _("kijk mee, een overdracht lukt niet"),
    Task.Kind.ALLOWED: _("er is ja gezegd op delen, je kunt het andere team nu vragen"),
    Task.Kind.REFUSED: _("er is nee gezegd op delen, kies een volgende stap"),
    Task.Kind.REOPENED: _("de vraag is weer open, spreek de inwoner en kies een volgende stap"),
    Task.Kind.MESSAGE: _("er is een nieuw bericht van de inwoner"),
    Task.Kind.GIVEN: _("een collega gaf je deze vraag, kijk wat de volgende stap is"),
}
HANDOVER_STATES = {
    "offered": _("wacht op antwoord"),
    "accepted": _("aangenomen, wacht op het eerste gesprek"),
}
GOES_TO = {
    "offered": _("aangeboden aan %(team)s"),
    "accepted": _("aangenomen door %(team)s"),
}
ASKED = {
    What.OFFERED: _("overnemen: zeg ja of nee"),
    What.ACCEPTED: _("overgenomen: spreek de inwoner"),
    What.ALONG: _("meedoen: zeg ja of nee"),
    What.ADVICE: _("raad geven"),
    What.DISCUSSION: _("overleg"),
}
OVER = {
    OverReason.KNOWS: _("De inwoner kent deze collega al"),
    OverReason.AGREED: _("Het is met deze collega afgesproken"),
    OverReason.SHORT: _("Het is weinig werk"),
    OverReason.ONLY: _("Niemand anders kan het nu"),
}
IN_THE_WAY = {
    "crisis": _("De vraag is acuut. Eerst moet iemand het gevaar afsluiten."),
    "handover": _("Er loopt een overdracht. Eerst moet die klaar zijn of ingetrokken worden."),
    "dispute": _(
        "De inwoner zegt dat het eerste gesprek er niet was. Een coördinator moet daar eerst op "
        "antwoorden."
    ),
    "along": _("Een ander team doet nog mee. Bel dat team, en zet het deel daarna op klaar."),
    "advice": _("Een ander team is nog om raad gevraagd. Wacht op antwoord, of trek het in."),
    "task": _("Een ander heeft nog een taak. Vraag of die klaar is, en zet de taak dan op klaar."),
}
# Where that is done.
DO_FIRST = {"handover": "offer", "along": "along", "advice": "along"}
NOT_YET = {
    "tries": _("Probeer het minstens drie keer."),
    "ways": _("Probeer het op minstens twee manieren, zoals bellen en langsgaan."),
    "days": _("Er zijn nog te weinig werkdagen voorbij sinds de eerste poging."),
    "letter": _("Stuur een brief en vul de datum in."),
}
WHO = {
    Kind.ME: _("Jij"),
    Kind.RESIDENT: _("De inwoner"),
    Kind.MACHINE: _("Omzien zelf"),
    Kind.SOMEBODY: _("Iemand"),
}
FOR_THE_RESIDENT = _("%(name)s, namens de inwoner,")
ANSWERED = {True: _("%(who)s zei ja tegen delen."), False: _("%(who)s zei nee tegen delen.")}


def task_text(task: Task) -> str:
    """Return what is to be done: what somebody wrote, or what the kind of the task says."""
    return task.what or str(TASKS[Task.Kind(task.kind)])


def state_text(state: str) -> str:
    """Return how a state is called."""
    return str(STATES[State(state)])


def who_text(who: Who) -> str:
    """Return who did something: a colleague by name, another team by its name."""
    if who.kind == Kind.COLLEAGUE:
        return who.name
    if who.kind == Kind.TEAM:
        return gettext("Iemand van %(team)s") % {"team": who.name}
    if who.kind == Kind.PROXY:
        return str(FOR_THE_RESIDENT) % {"name": who.name}
    return str(WHO[who.kind])


def happened_text(one: Happened) -> str:
    """Return one line of the history."""
    told = HAPPENED.get((one.subject, one.verb), _("%(who)s werkte aan de vraag."))
    text = told(one) if callable(told) else str(told)
    return text % {"who": who_text(one.who), **_places(one)}


def _places(one: Happened) -> dict[str, str]:
    return {
        "rung": str(RUNGS.get(one.rung, one.rung)),
        "to": one.names.get("to", gettext("een ander team")),
        "team": one.names.get("team", gettext("een ander team")),
        "holder": one.names.get("holder", gettext("een collega")),
        "way": str(WAYS.get(one.details.get("channel", ""), "")),
        "result": str(RESULTS.get(one.details.get("result", ""), "")),
        "rungs": ", ".join(str(RUNGS[r]) for r in one.details.get("rungs", []) if r in RUNGS),
    }


def _reopened(one: Happened) -> str:
    if one.details.get("mistake"):
        return gettext("%(who)s opende de vraag weer: de inwoner is niet overleden.")
    return gettext("%(who)s opende de vraag weer.")


def _given(one: Happened) -> str:
    if one.details.get("holder"):
        return gettext("%(who)s gaf de vraag aan %(holder)s.")
    return gettext("%(who)s gaf de vraag terug aan het team.")


def _reached(one: Happened) -> str:
    if one.details.get("reached"):
        return gettext("%(who)s bereikte de inwoner: %(way)s.")
    return gettext("%(who)s probeerde de inwoner te bereiken, zonder succes: %(way)s.")


def _met(one: Happened) -> str:
    if one.details.get("resident") is False:
        return gettext("%(who)s had een eerste gesprek. De inwoner was daar niet bij.")
    return gettext("%(who)s had het eerste gesprek met de inwoner.")


def _answered(one: Happened) -> str:
    return str(ANSWERED[bool(one.details.get("given"))])


HAPPENED: dict[tuple[str, str], Any] = {
    ("question", "ask"): _("%(who)s stelde de vraag."),
    ("question", "pick-up"): _("%(who)s pakte de vraag op."),
    ("question", "give-to"): _given,
    ("question", "go-on"): _("%(who)s koos een volgende stap: %(rung)s."),
    ("question", "skip"): _("%(who)s sloeg treden over, met een reden: %(rungs)s."),
    ("question", "correct"): _("%(who)s veranderde het onderwerp of het dorp."),
    ("question", "say"): _("%(who)s schreef een bericht."),
    ("question", "note-team"): _("%(who)s schreef een notitie."),
    ("question", "add-goal"): _("%(who)s schreef een doel op."),
    ("question", "change-goal"): _("%(who)s veranderde een doel."),
    ("question", "lock-goal"): _("%(who)s zette een doel vast."),
    ("question", "add-action"): _("%(who)s zette een actie in het plan."),
    ("question", "split-goal"): _("%(who)s schreef op wie een doel draagt."),
    ("question", "try"): _("%(who)s zette in het plan wat er wordt geprobeerd."),
    ("question", "end-try"): _("%(who)s schreef op hoe dat ging."),
    ("question", "share-network"): _("%(who)s deelt nu de kaart van de eigen mensen."),
    ("question", "stop-sharing-network"): _("%(who)s deelt de kaart niet meer."),
    ("question", "refer"): _("%(who)s verwees de inwoner."),
    ("question", "object"): _("%(who)s liet weten het niet eens te zijn."),
    ("question", "answer-objection"): _("%(who)s gaf antwoord op een bezwaar."),
    ("question", "ask-aftercare"): _("Omzien vroeg of het is opgelost."),
    ("question", "answer-aftercare"): _("%(who)s liet weten of het is opgelost."),
    ("question", "add-task"): _("%(who)s schreef een taak op."),
    ("question", "finish-task"): _("%(who)s maakte een taak af."),
    ("question", "try-to-reach"): _reached,
    ("question", "letter"): _("%(who)s stuurde een laatste brief."),
    ("question", "give-up-reaching"): _("%(who)s stopte, omdat niemand te bereiken was."),
    ("question", "close"): _("%(who)s rondde de vraag af: %(result)s."),
    ("question", "withdraw"): _("%(who)s trok de vraag in."),
    ("question", "own-way"): _("%(who)s liet weten zelf verder te gaan."),
    ("question", "reopen"): _reopened,
    ("question", "answer-consent"): _answered,
    ("question", "take-consent-back"): _("%(who)s trok een ja tegen delen in."),
    ("question", "remind-along"): _("Omzien stuurde een herinnering aan %(team)s."),
    ("question", "expire-along"): _("%(team)s gaf geen antwoord over meedoen."),
    ("question", "ask-referral"): _("Omzien vroeg hoe een verwijzing ging."),
    ("question", "expire-referral"): _("Niemand schreef op hoe een verwijzing ging."),
    ("question", "wait"): _("%(who)s zette de vraag op de wachtlijst van %(to)s."),
    ("question", "wait-contact"): _("%(who)s sprak de inwoner, die nog op een plek wacht."),
    ("question", "wait-remind"): _("Omzien vroeg om iets te laten horen: de inwoner wacht nog."),
    ("question", "wait-overdue"): _("De inwoner wacht op een plek, en hoorde niet op tijd iets."),
    ("question", "wait-call"): _("Er kwam plek bij %(to)s, waar de inwoner op wacht."),
    ("question", "wait-missed"): _("Een plek is niet op tijd gebruikt. De inwoner wacht nog."),
    ("question", "wait-back"): _("De inwoner wacht weer op een plek, sinds dezelfde dag."),
    ("question", "wait-lapse"): _("De vraag staat niet meer op een wachtlijst."),
    ("question", "own"): _("De vraag is nu van %(team)s."),
    ("handover", "offer"): _("%(who)s bood de vraag aan: %(to)s."),
    ("handover", "remind"): _("Omzien stuurde een herinnering aan %(to)s."),
    ("handover", "accept"): _("%(who)s nam de overdracht aan."),
    ("handover", "decline"): _("%(who)s wees de overdracht af."),
    ("handover", "withdraw"): _("%(who)s trok de overdracht in."),
    ("handover", "expire"): _("De overdracht aan %(to)s kreeg geen antwoord en verliep."),
    ("handover", "contact-overdue"): _("%(to)s had geen eerste gesprek op tijd."),
    ("handover", "give-back"): _("%(who)s gaf de vraag terug."),
    ("handover", "meet"): _met,
    ("handover", "dispute"): _("De inwoner zegt dat het eerste gesprek er niet was."),
    ("handover", "report-back"): _("%(who)s liet weten hoe het liep: %(result)s."),
}
SAID: dict[type[refusals.Refused], Any] = {
    refusals.NeedsReason: _("Kies een reden."),
    refusals.NeedsNextStep: _("Schrijf wat er nu gebeurt."),
    refusals.DayIsPast: _("Deze dag is al voorbij. Kies vandaag of later."),
    refusals.DayToCome: _("Deze dag moet nog komen. Kies vandaag of eerder."),
    refusals.DayBeforeAsked: _("Op deze dag was de vraag er nog niet. Kies een latere dag."),
    refusals.SameHolder: _("Daar is de vraag al. Kies een ander."),
    refusals.NeedsResult: _("Kies hoe het is gelopen, en op welke trede."),
    refusals.NeedsTelling: _("Laat het eerst aan de inwoner weten."),
    refusals.NeedsPlace: _("Kies een dorp van deze gemeente."),
    refusals.NeedsName: _("Geef de lijst een naam."),
    refusals.WrongState: _("Dat kan niet meer, of nog niet, met deze vraag."),
    refusals.TooLate: _(
        "Weer openen kan niet meer: de termijn is voorbij, of het team werkt niet meer. "
        "Laat de inwoner een nieuwe vraag stellen."
    ),
}  # fmt: skip


def said(refusal: refusals.Refused) -> list[str]:
    """Return the sentences for a refusal."""
    if isinstance(refusal, refusals.SkipsRungs):
        return [skips_text(refusal)]
    if isinstance(refusal, refusals.StillOpen):
        return [str(IN_THE_WAY[code]) for code in refusal.what]
    if isinstance(refusal, refusals.NotYet):
        return [str(NOT_YET[code]) for code in refusal.what]
    if isinstance(refusal, refusals.TooMuch):
        text = gettext(
            "Deze collega heeft al een werklast van %(load)s, en de grens is %(most)s. "
            "Kies waarom het toch kan."
        )
        return [text % {"load": refusal.load, "most": refusal.most}]
    return [str(SAID[type(refusal)])]
