"""What can be done with a case on a page: for each step its form, its action and its words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omzien.mediation.actions import agreeing, deciding, mediators, talks
from omzien.mediation.models import Agreement, Case, Party, Seat, Talk
from omzien.mediation.refusals import NotAllowed, Refused, Stale, WrongState
from omzien.mediation.rules.states import (
    MOVES,
    TALKS,
    BackReason,
    Elsewhere,
    Outcome,
    SeatState,
    Side,
    State,
)
from omzien.people.rules.roles import Actor
from omzien.web.mediation import forms as ours
from omzien.web.mediation.words import said

Data = dict[str, Any]
Row = Any  # a case, a seat or the file of a neighbour: what the page is about


@dataclass(frozen=True)
class Doing:
    """One thing to do: its form, what does it, what stands above it and what is said after it."""

    title: Any
    button: Any
    done: Any
    do: Callable[[Row, Data, Data], object]
    form: type[forms.Form] = ours.PlainForm
    intro: Any = ""
    is_main: bool = False


def _suit(row: Case, data: Data, common: Data) -> object:
    return deciding.suit(case=row, met_on=data["met_on"], **common)


def _refer_on(row: Case, data: Data, common: Data) -> object:
    return deciding.refer_on(case=row, why=Elsewhere(data["why"]), where=data["where"], **common)


def _join(row: Case, data: Data, common: Data) -> object:
    names = ("name", "phone", "email", "was_told")
    return deciding.join(case=row, **{name: data[name] for name in names}, **common)


def _finish(row: Case, data: Data, common: Data) -> object:
    return deciding.finish(case=row, outcome=Outcome(data["outcome"]), **common)


def _plan(row: Case, data: Data, common: Data) -> object:
    starts = timezone.make_aware(datetime.combine(data["day"], data["time"]))
    return talks.plan_talk(case=row, starts_at=starts, place=data["place"], **common)


def _held(row: Case, data: Data, common: Data) -> object:
    names = {
        State.FIRST_TALK: "talk-first", State.SECOND_TALK: "talk-second", State.JOINT: "talk-joint"
    }  # fmt: skip
    name = names.get(State(row.state))
    if name is None:
        raise WrongState
    return talks.hold_talk(case=row, name=name, **common)


def _write(row: Case, data: Data, common: Data) -> object:
    return agreeing.write_agreement(case=row, words=data["words"], **common)


def _yes_for(side: Side) -> Callable[[Row, Data, Data], object]:
    return lambda row, data, common: agreeing.say_yes_for(case=row, side=side, **common)


def _stop_for(side: Side) -> Callable[[Row, Data, Data], object]:
    return lambda row, data, common: deciding.stop_for(case=row, side=side, **common)


def _accept(row: Seat, data: Data, common: Data) -> object:
    return mediators.accept(
        seat=row, knows_nobody=data["knows_nobody"], by=common["by"], now=common["now"]
    )


def _say_no(row: Seat, data: Data, common: Data) -> object:
    reason = BackReason(data["reason"])
    return mediators.say_no(seat=row, reason=reason, by=common["by"], now=common["now"])


def _postpone(row: Case, data: Data, common: Data) -> object:
    return deciding.postpone(case=row, due_on=data["due_on"], **common)


DOINGS: dict[str, Doing] = {
    "plan": Doing(
        _("Plan het gesprek"), _("Plan"),
        _("Het gesprek staat gepland. Wie erbij is, krijgt bericht."), _plan, ours.TalkForm,
        is_main=True,
    ),
    "call-off": Doing(
        _("Gaat dit gesprek niet door?"), _("Zeg het af"), _("Het gesprek is afgezegd."),
        lambda row, data, common: talks.call_off_talk(case=row, **common),
    ),
    "held": Doing(
        _("Het gesprek is geweest"), _("Ja, het is geweest"),
        _("Vastgelegd dat het gesprek is geweest."), _held,
        intro=_("Wat er gezegd is, komt nergens te staan. Ook niet hier."), is_main=True,
    ),
    "clear-danger": Doing(
        _("Er is geen geweld en geen dreiging"), _("Leg dat vast"), _("Vastgelegd."),
        lambda row, data, common: deciding.clear_danger(case=row, **common),
        intro=_("Alleen als je de melder hebt gesproken."),
    ),
    "suit": Doing(
        _("De melder is gesproken, en bemiddeling past"), _("Ga verder"),
        _("Kies nu twee bemiddelaars. Wat de melder schreef, is gewist."), _suit, ours.SuitForm,
        is_main=True,
    ),
    "refer-on": Doing(
        _("Bemiddeling past niet"), _("Verwijs, en sluit af"),
        _("Afgesloten. De melder leest waar die terecht kan."), _refer_on, ours.ElsewhereForm,
    ),
    "join": Doing(
        _("De andere buur doet mee"), _("Leg vast: ja"),
        _("De andere buur doet mee. De bemiddelaars kunnen een gesprek plannen."), _join,
        ours.JoinForm, is_main=True,
    ),
    "refuse": Doing(
        _("De andere buur doet niet mee, of is niet te bereiken"), _("Leg vast: nee"),
        _("We helpen de melder alleen. Het dossier van de ander wissen we."),
        lambda row, data, common: deciding.refuse(case=row, **common),
    ),
    "write": Doing(
        _("Schrijf de afspraken op"), _("Vraag beide buren om ja"),
        _("Beide buren lezen dit en zeggen ja."), _write, ours.WordsForm, is_main=True,
    ),
    "yes-first": Doing(
        _("De melder zei hardop ja"), _("Leg vast"), _("Vastgelegd."), _yes_for(Side.FIRST),
        intro=_("Alleen bij iemand die het niet zelf in Omzien doet."),
    ),
    "yes-second": Doing(
        _("De andere buur zei hardop ja"), _("Leg vast"), _("Vastgelegd."),
        _yes_for(Side.SECOND),
        intro=_("Alleen bij iemand die het niet zelf in Omzien doet."),
    ),
    "finish": Doing(
        _("Sluit af"), _("Sluit af"), _("Afgesloten."), _finish, ours.OutcomeForm, is_main=True
    ),
    "postpone": Doing(
        _("Kies een andere dag"), _("Bewaar"), _("Bewaard."), _postpone, ours.DayForm
    ),
    "ease": Doing(
        _("Het is opgelost zonder bemiddeling"), _("Sluit af"), _("Afgesloten."),
        lambda row, data, common: deciding.ease(case=row, **common),
    ),
    "stop-first": Doing(
        _("De melder wil stoppen"), _("Leg vast"), _("Vastgelegd."), _stop_for(Side.FIRST),
        intro=_("Stoppen mag altijd, zonder reden."),
    ),
    "stop-second": Doing(
        _("De andere buur wil stoppen"), _("Leg vast"), _("Vastgelegd."),
        _stop_for(Side.SECOND), intro=_("Stoppen mag altijd, zonder reden."),
    ),
    "accept": Doing(
        _("Ja, ik doe het"), _("Ja"), _("Dank je wel. Je hoort wanneer het gesprek is."), _accept,
        ours.AcceptForm, is_main=True,
    ),
    "say-no": Doing(
        _("Nee, of ik stop ermee"), _("Zeg nee"),
        _("Dank je wel voor je antwoord. Je ziet deze buren niet meer."), _say_no, ours.BackForm,
        intro=_("Ken je een van de buren? Zeg dan nee. Dat mag ook later nog."),
    ),
    "yes": Doing(
        _("Kloppen deze afspraken?"), _("Ja, dit spraken we af"), _("Dank je wel. Je zei ja."),
        lambda row, data, common: agreeing.say_yes(party=row, **common),
        intro=_("Klopt het niet? Bel ons. Zeg alleen ja als je het ermee eens bent."),
        is_main=True,
    ),
    "stop": Doing(
        _("Wil je stoppen?"), _("Ik stop"), _("Je bent gestopt."),
        lambda row, data, common: deciding.stop(party=row, **common),
        intro=_("Dat mag altijd, zonder reden."),
    ),
}  # fmt: skip


def of_case(case: Case) -> list[str]:
    """Return what the coordinator can do with a case now."""
    state, second = State(case.state), case.parties.filter(side=Side.SECOND, left_at=None).first()
    if not case.is_live:
        return []
    found = _of_talks(case, state)
    of_state = {
        State.REPORTED: ["suit"],
        State.INVITING: ["join", "refuse"],
        State.AGREEING: ["write", *_yes_left(case), "finish"],
        State.COACHING: ["finish", "postpone"],
        State.AFTERCARE: ["finish", "postpone"],
    }
    found += of_state.get(state, [])
    if case.parties.filter(in_danger=True).exists():
        found = [one for one in found if one != "suit"] + ["clear-danger"]
    stops = ["stop-first"] + (["stop-second"] if second and second.agreed_at else [])
    return [*found, "refer-on", "ease", *stops]


def of_seat(seat: Seat) -> list[str]:
    """Return what a mediator can do now."""
    if seat.state == SeatState.ASKED:
        return ["accept", "say-no"]
    state = State(seat.case.state)
    found = _of_talks(seat.case, state)
    if state == State.AGREEING:
        found += ["write", *_yes_left(seat.case)]
    return [*found, "say-no"]


def of_party(party: Party, agreement: Agreement | None) -> list[str]:
    """Return what a neighbour can do now."""
    if party.left_at is not None or not party.case.is_live:
        return []
    asks = party.case.state == State.AGREEING and agreement is not None
    is_asked = asks and agreement is not None and not agreement.yes_of(Side(party.side))
    return [*(["yes"] if is_asked else []), "stop"]


def _of_talks(case: Case, state: State) -> list[str]:
    if state not in TALKS:
        return []
    has_two = case.seats.filter(state=SeatState.ACCEPTED).count() == 2
    if state != State.REPORTED and not has_two:
        return []
    is_planned = case.talks.filter(cancelled_at=None, held_at=None).exists()
    is_held = state in (State.FIRST_TALK, State.SECOND_TALK, State.JOINT)
    return [*(["call-off"] if is_planned else ["plan"]), *(["held"] if is_held else [])]


def _yes_left(case: Case) -> list[str]:
    agreement = Agreement.objects.filter(case=case).first()
    if agreement is None:
        return []
    left = {"yes-first": agreement.first_yes_at, "yes-second": agreement.second_yes_at}
    return [name for name, at in left.items() if at is None]


def planned(case: Case) -> Talk | None:
    """Return the talk that is planned in a case."""
    return case.talks.filter(cancelled_at=None, held_at=None).first()


@dataclass
class Shown:
    """A thing to do as the page shows it."""

    name: str
    doing: Doing
    form: forms.Form


def shown(case: Case, names: Iterable[str], failed: Shown | None = None) -> list[Shown]:
    """Return the forms of what can be done; the one that failed as it was filled in."""
    found = [Shown(name, DOINGS[name], _form(name, None, case)) for name in names]
    return [failed if failed and one.name == failed.name else one for one in found]


def _form(name: str, data: Any, case: Case) -> forms.Form:
    kind = DOINGS[name].form
    more: Data = {}
    if issubclass(kind, ours.OutcomeForm):
        more["outcomes"] = _outcomes(State(case.state))
    initial: Data = {"version": case.version, "met_on": timezone.localdate().strftime("%d-%m-%Y")}
    if name == "join" and (other := case.parties.filter(side=Side.SECOND).first()):
        initial["name"] = other.name
    if name == "write" and (agreement := Agreement.objects.filter(case=case).first()):
        initial["words"] = agreement.words
    return kind(data, prefix=name, initial=initial, **more)


def _outcomes(state: State) -> tuple[Outcome, ...]:
    names = ("not-agree", "coached", "look-back")
    found = [one for name in names if state in MOVES[name].start for one in MOVES[name].outcomes]
    return tuple(sorted(found, key=list(Outcome).index))


@dataclass
class Came:
    """What came of a post: done, a form with faults, or somebody else was first."""

    done: str = ""
    failed: Shown | None = None
    meanwhile: bool = False


def do(row: Row, case: Case, posted: Any, by: Actor, names: Iterable[str]) -> Came:
    """Do what a form asks, where it is one of `names`. Raises NotAllowed."""
    name = posted.get("doe", "")
    if name not in DOINGS:
        return Came(meanwhile=True)
    form = _form(name, posted, case)
    failed = Shown(name, DOINGS[name], form)
    if name not in names:
        return Came(meanwhile=True, failed=failed)
    if not form.is_valid():
        return Came(failed=failed)
    data = form.cleaned_data
    common = {"by": by, "now": timezone.now(), "version": data["version"]}
    try:
        DOINGS[name].do(row, data, common)
    except NotAllowed:
        raise
    except (Stale, WrongState):
        return Came(failed=failed, meanwhile=True)
    except Refused as refusal:
        form.add_error(None, said(refusal))
        return Came(failed=failed)
    return Came(done=str(DOINGS[name].done))
