"""What can be done with a handover on a page: for each move its form, its action, its words.

The page of who signed in and the page of a link use the same table, so that a link can do no
more than the moves that are named for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from omzien.handovers.actions.answering import accept, decline, meet, report_back, return_question
from omzien.handovers.actions.linking import needs_link, new_link
from omzien.handovers.actions.meetings import cancel_meeting, hold_meeting, plan_meeting
from omzien.handovers.actions.notices import tell_new_link
from omzien.handovers.actions.offering import withdraw
from omzien.handovers.models import Handover, Meeting
from omzien.handovers.refusals import WrongState
from omzien.handovers.rules.states import ContactKind, DeclineReason, State
from omzien.people.rules.roles import Actor
from omzien.questions.rules.states import Result
from omzien.web.handovers import forms as ours
from omzien.web.handovers.words import MEANWHILE, REFUSED, refuse

Data = dict[str, Any]


def _accept(row: Handover, data: Data, common: Data) -> None:
    accept(handover=row, contact_name=data["contact_name"], **common)


def _decline(row: Handover, data: Data, common: Data) -> None:
    decline(
        handover=row,
        reason=DeclineReason(data["reason"]),
        text=data["text"],
        suggestion=data["suggestion"],
        **common,
    )


def _meet(row: Handover, data: Data, common: Data) -> None:
    meet(
        handover=row,
        met_on=data["met_on"],
        met_by=ContactKind(data["met_by"]),
        resident_was_there=data["was_there"] == "yes",
        **common,
    )


def _give_back(row: Handover, data: Data, common: Data) -> None:
    return_question(handover=row, reason=data["reason"], **common)


def _withdraw(row: Handover, data: Data, common: Data) -> None:
    withdraw(handover=row, reason=data["reason"], **common)


def _report(row: Handover, data: Data, common: Data) -> None:
    told = data.get("is_told", False)
    report_back(handover=row, result=Result(data["result"]), is_told=told, **common)


def _plan(row: Handover, data: Data, common: Data) -> None:
    starts = timezone.make_aware(datetime.combine(data["day"], data["time"]))
    plan_meeting(handover=row, starts_at=starts, place=data["place"], **common)


def _planned(row: Handover) -> Meeting:
    found = Meeting.objects.planned().filter(handover=row).first()
    if found is None:
        raise WrongState
    return found


def _held(row: Handover, data: Data, common: Data) -> None:
    there = data["was_there"] == "yes"
    hold_meeting(
        meeting=_planned(row), resident_was_there=there, by=common["by"], now=common["now"]
    )


def _cancel(row: Handover, data: Data, common: Data) -> None:
    cancel_meeting(meeting=_planned(row), by=common["by"], now=common["now"])


def _new_link(row: Handover, data: Data, common: Data) -> None:
    link = new_link(handover=row, by=common["by"])
    tell_new_link(row, mark=f":{link.pk}")


@dataclass(frozen=True)
class Doing:
    """One thing to do: its form, what does it, and what the page says after it."""

    form: type[forms.Form]
    do: Callable[[Handover, Data, Data], None]
    done: Any


DOINGS: dict[str, Doing] = {
    "accept": Doing(ours.AcceptForm, _accept, gettext_lazy(
        "Je nam de vraag aan. Bel de inwoner en leg het eerste gesprek vast.")),
    "decline": Doing(ours.DeclineForm, _decline, gettext_lazy(
        "Je wees de vraag af. Het andere team kiest een volgende stap.")),
    "meet": Doing(ours.MeetForm, _meet, gettext_lazy("De vraag is nu van je team.")),
    "give-back": Doing(ours.ReasonForm, _give_back, gettext_lazy(
        "De vraag blijft bij het team dat hem aanbood.")),
    "withdraw": Doing(ours.ReasonForm, _withdraw, gettext_lazy("De overdracht is ingetrokken.")),
    "report": Doing(ours.ReportForm, _report, gettext_lazy(
        "Dank je wel. Het andere team weet nu hoe het afliep, en niet meer dan dat.")),
    "plan": Doing(ours.MeetingForm, _plan, gettext_lazy(
        "Het gesprek staat gepland. Iedereen krijgt bericht.")),
    "held": Doing(ours.HeldForm, _held, gettext_lazy(
        "Het eerste gesprek staat vast. De vraag is nu van het andere team.")),
    "cancel": Doing(ours.PlainForm, _cancel, gettext_lazy("Het gesprek is afgezegd.")),
    "new-link": Doing(ours.PlainForm, _new_link, gettext_lazy(
        "Er is een nieuwe link gestuurd. De oude werkt niet meer.")),
}  # fmt: skip
BY_LINK = ("accept", "decline", "meet", "give-back", "report")


def doings(row: Handover, actor: Actor, *, meeting: Meeting | None) -> list[str]:
    """Return what `actor` can do with a handover now."""
    receives = actor.team == row.to_team_id
    state = State(row.state)
    talks = ["held", "cancel"] if meeting else ["plan"]
    if receives:
        of_state = {
            State.OFFERED: ["accept", "decline"],
            State.ACCEPTED: ["meet", "give-back", *talks],
            State.HANDED_OVER: ["report"],
        }
        found = of_state.get(state, [])
        if actor.handover is not None and row.is_theirs:  # also when it was opened again
            found = ["report"]
    else:
        found = ["withdraw"] if row.is_open else []
        found += talks if state == State.ACCEPTED else []
        found += ["new-link"] if (row.is_open or row.is_theirs) and needs_link(row.to_team) else []
    return [one for one in found if actor.handover is None or one in BY_LINK]


def fresh_forms(
    row: Handover, names: Iterable[str], *, by_link: bool, my_name: str = ""
) -> dict[str, forms.Form]:
    """Return a form for each thing that can be done; who accepts finds the own name in it."""
    found = {name: _form(name, None, row, by_link=by_link) for name in names}
    if "accept" in found:
        found["accept"].initial["contact_name"] = my_name
    return found


def _form(name: str, data: Any, row: Handover, *, by_link: bool) -> forms.Form:
    kind = DOINGS[name].form
    more: Data = {"by_link": by_link} if issubclass(kind, ours.Signed) else {}
    initial = {"version": row.version, "met_on": timezone.localdate().strftime("%d-%m-%Y")}
    return kind(data, prefix=name, initial=initial, **more)


@dataclass
class Outcome:
    """What came of a post: done, a form with faults, or somebody else was first."""

    done: str = ""
    form: forms.Form | None = None
    name: str = ""
    meanwhile: bool = False


def do(row: Handover, posted: Any, actor: Actor) -> Outcome:
    """Do what a form asks. Raises NotAllowed for what is not theirs."""
    name = posted.get("doe", "")
    if name not in DOINGS or (actor.handover is not None and name not in BY_LINK):
        return Outcome(meanwhile=True)
    by_link = actor.handover is not None
    form = _form(name, posted, row, by_link=by_link)
    if not form.is_valid():
        return Outcome(form=form, name=name)
    data = form.cleaned_data
    common = {"by": actor, "now": timezone.now(), "version": data["version"]}
    try:
        DOINGS[name].do(row, data, common)
    except MEANWHILE:
        return Outcome(form=form, name=name, meanwhile=True)
    except REFUSED as refusal:
        refuse(form, refusal)
        return Outcome(form=form, name=name)
    return Outcome(done=str(DOINGS[name].done), form=form, name=name)


def words_of(posted: Any) -> list[str]:
    """Return the words in a post whose form cannot be made any more."""
    written = ("-text", "-suggestion") + (() if posted.get("doe") == "decline" else ("-reason",))
    return [text for key, text in posted.items() if key.endswith(written) and text.strip()]


def typed(form: forms.Form | None) -> list[str]:
    """Return the words that somebody typed, so that they are not lost when the form is gone."""
    if form is None:
        return []
    fields = (form[name] for name in form.fields if name not in ("version", "reason_class"))
    found = (str(field.value() or "").strip() for field in fields)
    return [text for text in found if len(text) > 3]
