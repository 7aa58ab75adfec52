"""How a question, its sharing and its mandates read to the resident."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omzien.handovers.models import Handover
from omzien.handovers.queries.asked_for import Stage
from omzien.handovers.rules.states import State as Offered
from omzien.handovers.rules.waiting import WaitState
from omzien.people.rules.grounds import Category, GroundKind, What
from omzien.questions.models import Question
from omzien.questions.queries.conversation import Helper
from omzien.questions.rules.states import Result, State
from omzien.questions.terms import terms_of
from omzien.web.said import said

CATEGORIES = {
    Category.CONTACT.value: gettext_lazy("naam, telefoon en mailadres"),
    Category.STORY.value: gettext_lazy("het verhaal"),
    Category.PLAN.value: gettext_lazy("het plan"),
    Category.NETWORK.value: gettext_lazy("het eigen netwerk"),
    Category.OUTCOME.value: gettext_lazy("hoe het ging"),
    Category.HEALTH.value: gettext_lazy("de gezondheid"),
}
WAITS = {
    WaitState.WAITING: gettext_lazy("wacht op een plek"),
    WaitState.OFFERED: gettext_lazy("er is plek; het team is gevraagd"),
    WaitState.PLACED: gettext_lazy("er was plek"),
    WaitState.LAPSED: gettext_lazy("wacht niet meer"),
}
STANDING = {
    What.ASKED: gettext_lazy("gevraagd; er wordt nog niets gedeeld"),
    What.GIVEN: gettext_lazy("mag nu"),
    What.REFUSED: gettext_lazy("er is nee gezegd"),
    What.WITHDRAWN: gettext_lazy("gestopt"),
    What.EXPIRED: gettext_lazy("voorbij"),
    What.REPLACED: gettext_lazy("vervangen door een nieuwe afspraak"),
    What.TOLD: gettext_lazy("je hoorde ervan"),
}
GROUNDS = {
    GroundKind.CONSENT.value: gettext_lazy("toestemming"),
    GroundKind.LEGAL_TASK.value: gettext_lazy("een wettelijke taak"),
    GroundKind.LEGAL_DUTY.value: gettext_lazy("een wettelijke plicht"),
    GroundKind.VITAL_INTEREST.value: gettext_lazy("nood"),
    GroundKind.AGREEMENT.value: gettext_lazy("een afspraak"),
    GroundKind.LEGITIMATE_INTEREST.value: gettext_lazy("een gerechtvaardigd belang"),
}
OFFERED = {
    Offered.OFFERED: gettext_lazy("gevraagd; zij zeggen nog ja of nee"),
    Offered.ACCEPTED: gettext_lazy("zij zeiden ja, en nemen contact op"),
    Offered.HANDED_OVER: gettext_lazy("zij helpen nu"),
    Offered.REPORTED_BACK: gettext_lazy("zij helpen nu, en meldden hoe het gaat"),
    Offered.DECLINED: gettext_lazy("zij kunnen niet helpen"),
    Offered.WITHDRAWN: gettext_lazy("ingetrokken"),
    Offered.EXPIRED: gettext_lazy("zij gaven geen antwoord"),
    Offered.RETURNED: gettext_lazy("zij gaven de vraag terug"),
    Offered.CONTACT_EXPIRED: gettext_lazy("er kwam geen eerste gesprek"),
}
RESULTS = {
    Result.SOLVED: gettext_lazy("Het is opgelost."),
    Result.PARTLY: gettext_lazy("Het is voor een deel opgelost."),
    Result.NOT: gettext_lazy("Het is niet opgelost."),
    Result.OTHERWISE: gettext_lazy("Het liep anders."),
}
SHORT = {
    State.NEW: gettext_lazy("binnengekomen"),
    State.CLARIFYING: gettext_lazy("iemand luistert mee"),
    State.RUNNING: gettext_lazy("er wordt aan gewerkt"),
    State.CLOSED: gettext_lazy("afgerond"),
    State.WITHDRAWN: gettext_lazy("gestopt"),
    State.UNREACHED: gettext_lazy("gestopt: er kwam geen contact"),
    State.OWN_WAY: gettext_lazy("zelf verder"),
    State.ANONYMISED: gettext_lazy("gewist"),
}

STAGES = {
    Stage.RECEIVED: gettext_lazy("ontvangen"),
    Stage.PICKED_UP: gettext_lazy("opgepakt"),
    Stage.CLOSED: gettext_lazy("afgerond"),
}


def helped(until: datetime) -> str:
    """Return of a team that took the question over that it has it no more."""
    day = date_format(timezone.localtime(until), "j F Y")
    return _("hielp tot %(day)s") % {"day": day}


def sharing(what: What, *, is_read: bool) -> str:
    """Return where a ground stands; one that holds says whether its receiver reads along now."""
    if what == What.GIVEN and not is_read:
        return _("mag als dit team helpt; het leest nu niet mee")
    return str(STANDING[what])


@dataclass(frozen=True)
class Standing:
    """Where a question stands, what comes next, and on which day at the latest."""

    now: str
    next: str = ""
    by: date | None = None
    is_late: bool = False


def standing(
    question: Question, helper: Helper, handover: Handover | None, *, on: date, whom: str = ""
) -> Standing:
    """Return in plain words where a question stands and what comes next: to the resident, or of
    them as `whom` (web/said.py).
    """
    if handover is not None:
        return _offered(handover, whom)
    who = helper.name or helper.team
    day = question.next_on if question.state == State.RUNNING else None
    by = day or question.due_on
    is_late = bool(by and by < on)
    words = {
        State.NEW: (
            said(whom, _("Je vraag is binnen bij %(team)s."),
                 _("De vraag van %(whom)s is binnen bij %(team)s."), team=helper.team),
            said(whom, _("Iemand van het team neemt contact met je op."),
                 _("Iemand van het team neemt contact op met %(whom)s.")),
        ),
        State.CLARIFYING: (
            said(whom, _("%(who)s heeft je vraag en luistert wat er speelt."),
                 _("%(who)s heeft de vraag van %(whom)s en luistert wat er speelt."), who=who),
            said(whom, _("Je hoort wat de volgende stap is."),
                 _("%(whom)s hoort wat de volgende stap is.")),
        ),
        State.RUNNING: (
            said(whom, _("%(who)s werkt aan je vraag."),
                 _("%(who)s werkt aan de vraag van %(whom)s."), who=who),
            _("De volgende stap: %(step)s") % {"step": question.next_action},
        ),
    }  # fmt: skip
    if found := words.get(State(question.state)):
        return Standing(*found, by=by, is_late=is_late)
    return _ended(question, on, whom)


def _offered(handover: Handover, whom: str) -> Standing:
    team = handover.to_team.name
    if handover.state == Offered.OFFERED:
        return Standing(
            said(whom, _("We vroegen aan %(team)s of zij je verder helpen."),
                 _("We vroegen aan %(team)s of zij %(whom)s verder helpen."), team=team),
            said(whom, _("Zij zeggen ja of nee. Tot die tijd blijven wij er voor je."),
                 _("Zij zeggen ja of nee. Tot die tijd blijven wij er voor %(whom)s.")),
            handover.due_on,
        )  # fmt: skip
    return Standing(
        said(whom, _("%(team)s gaat je verder helpen."),
             _("%(team)s gaat %(whom)s verder helpen."), team=team),
        said(
            whom,
            _("%(name)s neemt contact met je op. Tot dat gesprek blijven wij er voor je."),
            _("%(name)s neemt contact op met %(whom)s. Tot dat gesprek blijven wij er ook."),
            name=handover.contact_name,
        ),
        handover.due_on,
    )  # fmt: skip


def _ended(question: Question, on: date, whom: str) -> Standing:
    words = {
        State.CLOSED: (_("Je vraag is afgerond."), _("De vraag van %(whom)s is afgerond.")),
        State.WITHDRAWN: (_("Je hebt je vraag gestopt."), _("De vraag is gestopt.")),
        State.UNREACHED: (
            _("We konden je niet bereiken. Daarom is je vraag gestopt."),
            _("We konden %(whom)s niet bereiken. Daarom is de vraag gestopt."),
        ),
        State.OWN_WAY: (_("Je gaat zelf verder."), _("%(whom)s gaat zelf verder.")),
    }
    now = said(whom, *words.get(State(question.state), ("", "")))
    if question.result:
        now = f"{now} {RESULTS[Result(question.result)]}"
    last = reopens_until(question)
    if last is None or last < on:
        return Standing(
            now,
            said(whom, _("Heb je weer hulp nodig? Vraag het dan opnieuw."),
                 _("Heeft %(whom)s weer hulp nodig? Vraag het dan opnieuw.")),
        )  # fmt: skip
    told = said(
        whom,
        _("Klopt dat niet, of gaat het toch niet? Open je vraag dan weer, tot en met %(day)s."),
        _("Klopt dat niet, of gaat het toch niet? De vraag kan weer open, tot en met %(day)s."),
        day=date_format(last, "l j F Y"),
    )
    return Standing(now, told)


def reopens_until(question: Question) -> date | None:
    """Return the last day on which an ended question opens again."""
    if question.ended_at is None:
        return None
    return terms_of(question.municipality_id).reopens_until(timezone.localdate(question.ended_at))
