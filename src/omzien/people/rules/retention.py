"""How long each kind of data is kept, and the states from kept to destroyed. Pure.

Terms are calendar periods, never a number of days: five years from 29 February 2024 end with
28 February 2029, and that last day still counts. Destroying may begin the day after.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

ANNOUNCED_DAYS = 30  # casework: "vooraankondiging 30 dagen"


@dataclass(frozen=True)
class Period:
    """A calendar period."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, start: date) -> date:
        """Return the last day of the period that begins on `start`."""
        return start + relativedelta(years=self.years, months=self.months, days=self.days)


@dataclass(frozen=True)
class Kind:
    """One kind of data with its term. `by_clock`: nobody has to approve (short, no content)."""

    code: str
    name: str
    period: Period
    starts: str
    """From which moment the term runs, in Dutch."""
    source: str
    by_clock: bool = False


OURS = "eigen keuze, te bevestigen in de DPIA"
_TABLE = (
    Kind("person", "Persoon met contactgegevens", Period(years=2),
         "de laatste aanmelding, als er geen rol, machtiging of grondslag meer is", OURS),
    Kind("request", "Verzoek om te wissen", Period(), "het verzoek", "art. 17 AVG"),
    Kind("membership", "Rol die voorbij is", Period(years=2), "het einde van de rol", OURS),
    Kind("absence", "Afwezigheid", Period(years=1), "de laatste dag", OURS, by_clock=True),
    Kind("mandate", "Machtiging die voorbij is", Period(years=1), "het einde", OURS),
    Kind("mandate-invitation", "Vraag om een machtiging", Period(months=3),
         "het antwoord, of de dag waarop dat er moest zijn", OURS, by_clock=True),
    Kind("review", "Nalopen van toegang", Period(years=3), "het afsluiten",
         "bewijs voor BIO2 5.18; " + OURS),
    Kind("ground", "Grondslag voor delen", Period(years=5), "het einde van de grondslag",
         "bewijs van toestemming, art. 7 AVG; 5 jaar zoals selectielijst 3.2"),
    Kind("account", "Account zonder persoon", Period(years=1), "de laatste aanmelding", OURS,
         by_clock=True),
    Kind("session", "Sessie", Period(), "het einde van de sessie", OURS, by_clock=True),
    Kind("message", "Verstuurde mail", Period(months=3), "het versturen of opgeven", OURS,
         by_clock=True),
    Kind("entry", "Contact van aanbod dat van de site is", Period(years=1),
         "de dag dat het aanbod wegging", OURS),
    Kind("edit", "Voorstel voor een wijziging", Period(years=1), "het besluit", OURS),
    Kind("report", "Melding dat iets niet klopt", Period(years=1), "het afhandelen",
         "Signalen: melder anoniem na 365 dagen; " + OURS),
    Kind("page-feedback", "Mening over een pagina", Period(years=1), "het versturen", OURS),
    Kind("import-run", "Verslag van een import", Period(years=1), "het einde van de import", OURS),
    Kind("import-before", "Wat een import veranderde, zoals het was, en de fouten erin",
         Period(days=30), "het einde van de import", OURS, by_clock=True),
    Kind("import-file", "Ingelezen bestand", Period(days=1), "het inlezen", OURS, by_clock=True),
    Kind("question", "Hulpvraag die voorbij is", Period(years=1), "het afronden",
         "vraag zonder plan van een team of voorziening; " + OURS),
    Kind("question-plan", "Hulpvraag met een plan van een gemeentelijk team", Period(years=5),
         "het afronden", "plan zonder voorziening, selectielijst gemeenten 3.2; " + OURS),
    Kind("question-provision", "Hulpvraag die uitkwam bij maatwerk, van een gemeentelijk team",
         Period(years=15), "het afronden",
         "dossier van een Wmo-voorziening: 15 jaar, bij de gemeente; " + OURS),
    Kind("question-short", "Hulpvraag die niet doorging", Period(months=3),
         "het intrekken, of de laatste poging om iemand te bereiken", OURS),
    Kind("signal", "Zorgen om iemand, zonder contact", Period(months=6),
         "het afsluiten, of de laatste stap als niemand het afsluit", OURS),
    Kind("early-signal", "Vroeg signaal van een partner", Period(months=3),
         "het afsluiten, of de laatste stap als niemand het afsluit",
         "Wgs noemt geen termijn; " + OURS, by_clock=True),
    Kind("mediation", "Buurtbemiddeling die voorbij is", Period(years=1), "het afsluiten",
         "wat twee buren afspraken, is van allebei: wordt de een gewist, dan houdt de ander het "
         "tot die dag, zonder naam (art. 15 lid 4 en 17 lid 3 onder e AVG); " + OURS),
    Kind("mediation-short", "Buurtbemiddeling waar niets van kwam", Period(months=3),
         "het afsluiten", OURS),
    Kind("mediation-refused", "Buur die niet meedoet aan bemiddeling", Period(days=14),
         "het nee, of het stoppen", OURS, by_clock=True),
    Kind("hold", "Besluit om wissen tegen te houden", Period(years=5), "het opheffen",
         "verantwoording, art. 5 lid 2 AVG"),
    Kind("log-line", "Regel in een logboek", Period(years=5), "het moment van kijken",
         "zoals logging in de zorg (Stcrt. 2019, 38007); NEN 7513", by_clock=True),
)  # fmt: skip
KINDS = {kind.code: kind for kind in _TABLE}


class Refusal(StrEnum):
    """Why a request to be erased is refused (art. 17 lid 3 AVG); a code, so nothing of anybody."""

    LAW = "law"
    CLAIM = "claim"
    LIVE = "live"


class State(StrEnum):
    """Where one thing stands."""

    ACTIVE = "active"
    ANNOUNCED = "announced"  # te vernietigen
    HELD = "held"
    DESTROYED = "destroyed"


def last_day(kind: str, start: date) -> date:
    """Return the last day on which something is kept. Raises KeyError for an unknown kind."""
    return KINDS[kind].period.after(start)


def is_due(kind: str, start: date, *, on: date) -> bool:
    """Tell whether the term is over."""
    return last_day(kind, start) < on


def run_from(kind: str, proposed_on: date) -> date:
    """Return the first day on which a list may be run: 30 days after it was announced.

    A resident's own request and what goes by the clock need no announcement.
    """
    waits = not KINDS[kind].by_clock and kind != "request"
    return proposed_on + timedelta(days=ANNOUNCED_DAYS if waits else 0)


def answer_by(asked_on: date) -> date:
    """Return the last day to do what somebody asked about their data (art. 12 lid 3 AVG)."""
    return Period(months=1).after(asked_on)


def state(
    kind: str,
    start: date,
    *,
    on: date,
    proposed_on: date | None = None,
    is_approved: bool = False,
    is_held: bool = False,
) -> State:
    """Return where one thing stands on a day. A hold wins over everything.

    Destroyed means: may be destroyed on this day; nothing is before its term is over, it was
    announced, and the list was approved.
    """
    if not is_due(kind, start, on=on) and kind != "request":
        return State.ACTIVE
    if is_held:
        return State.HELD
    if KINDS[kind].by_clock:
        return State.DESTROYED
    if proposed_on is None:
        return State.ACTIVE
    is_ready = is_approved and on >= run_from(kind, proposed_on)
    return State.DESTROYED if is_ready else State.ANNOUNCED
