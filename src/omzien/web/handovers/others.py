"""What is done on the page of who helps along: a form asks, and a button moves what was asked."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from omzien.directory.models import Service
from omzien.handovers.actions.advising import ask_advice
from omzien.handovers.actions.along import give_task, involve, move_involvement
from omzien.handovers.actions.consenting import Heard, ask_along, let_along
from omzien.handovers.actions.referring import move_referral, refer
from omzien.handovers.actions.waiting import keep_contact, put_on_list, take_off
from omzien.handovers.models import Involvement, Referral, Wait
from omzien.handovers.refusals import NeedsWords, NotAllowed
from omzien.handovers.rules.along import AlongState, ConsultState
from omzien.people.models import Team
from omzien.people.queries.grounds import standing_of
from omzien.people.rules.grounds import Category, How, What
from omzien.people.rules.roles import Actor
from omzien.questions.actions.tasks import finish_task
from omzien.questions.models import Question, Task
from omzien.questions.rules.states import Result
from omzien.web.handovers.forms import TaskForm
from omzien.web.handovers.words import AGAIN, MEANWHILE, REFUSED, refuse
from omzien.web.request import the_row, version_of

Common = dict[str, Any]
"""Who does it, and when."""


def do(
    question: Question, posted: QueryDict, forms_: dict[str, Any], *, by: Actor
) -> tuple[str, Any]:
    """Do what was asked. Return what to say of it, or "" and the form with what is wrong.

    Raises Http404 for what is not there, NotAllowed, and what MEANWHILE names.
    """
    name = posted.get("doe", "")
    kind, _slash, move = name.partition(":")
    if name not in forms_ and kind not in MOVES:
        raise Http404
    form = forms_.get(name) or forms.Form({})  # what is moved by a button has no form of its own
    if not form.is_valid():
        return "", form
    common: Common = {"by": by, "now": timezone.now()}
    try:
        if name in forms_:
            return ASKS[name](question, form, common), form
        MOVES[kind](question, move, posted, common)
    except (NotAllowed, *MEANWHILE):
        raise
    except REFUSED as refusal:
        refuse(form, refusal)
        return "", form
    return _("Bewaard."), form


def _told(told: str, *, is_new: bool) -> str:
    """Return what a form did; one that came again, after somebody answered it, did nothing."""
    return told if is_new else str(AGAIN)


def _team(form: Any) -> Team:
    return Team.objects.get(pk=form.cleaned_data["to_team"])


def _refer(question: Question, form: Any, common: Common) -> str:
    data = form.cleaned_data
    words = {"name": data["name"], "what": data["text"], "key": data["key"]}
    refer(question=question, **words, **common)
    return _("Bewaard.")


def _ask_advice(question: Question, form: Any, common: Common) -> str:
    data = form.cleaned_data
    words = {"text": data["text"], "key": data["key"]}
    made = ask_advice(question=question, to_team=_team(form), **words, **common)
    return _told(_("Bewaard."), is_new=made.state == ConsultState.ASKED)


def _involve(question: Question, form: Any, common: Common) -> str:
    part = involve(question=question, **_part(form), **common)
    return _told(_("Bewaard."), is_new=part.state == AlongState.ASKED)


def _ask_resident(question: Question, form: Any, common: Common) -> str:
    ground = ask_along(question=question, categories=_categories(form), **_part(form), **common)
    told = _("De inwoner krijgt je vraag. Het antwoord zie je hier.")
    return _told(told, is_new=standing_of(ground, at=timezone.now()) == What.ASKED)


def _let_along(question: Question, form: Any, common: Common) -> str:
    data = form.cleaned_data
    heard = Heard(how=How(data["how"]), categories=_categories(form), after_no=data["after_no"])
    ground = let_along(question=question, ground=heard, **_part(form), **common)
    told = _("Het ja van de inwoner staat vast. Je kunt het team nu vragen.")
    return _told(told, is_new=standing_of(ground, at=timezone.now()) == What.GIVEN)


def _part(form: Any) -> dict[str, Any]:
    data = form.cleaned_data
    return {"team": _team(form), "part": data["text"], "key": data["key"]}


def _categories(form: Any) -> tuple[Category, ...]:
    return tuple(Category(one) for one in form.cleaned_data["categories"])


def _put_on_list(question: Question, form: Any, common: Common) -> str:
    data = form.cleaned_data
    service = _entry(common["by"], data["entry"]) if data["entry"] else None
    if data["entry"] and service is None:
        form.add_error("entry", _("Dit aanbod staat niet op deze site. Kijk naar de link."))
        return ""
    words = {name: data[name] for name in ("bridge", "goes_first", "is_told", "key")}
    put_on_list(
        question=question, team=_team(form), what=data["text"], service=service, **words, **common
    )
    return _("De vraag staat op de lijst. De inwoner en het andere team krijgen bericht.")


def _entry(actor: Actor, link: str) -> Service | None:
    """Return the entry of the social map that a link leads to, if it is one of ours."""
    slug = link.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    return Service.objects.visible_to(actor).published().filter(slug=slug).first()


# By the name of the form.
ASKS: dict[str, Callable[[Question, Any, Common], str]] = {
    "refer": _refer,
    "advice": _ask_advice,
    "involve": _involve,
    "consent": _ask_resident,
    "heard": _let_along,
    "wait": _put_on_list,
}


def _move_referral(question: Question, move: str, posted: QueryDict, common: Common) -> None:
    row = _row(Referral, question, posted)
    if move not in ("accept", "decline", "finish", "stop"):
        raise Http404
    said_result = posted.get("result", "")
    result = Result(said_result) if said_result in set(Result) else None
    move_referral(referral=row, name=move, result=result, **_why(posted), **common)


def _move_part(question: Question, move: str, posted: QueryDict, common: Common) -> None:
    row = _row(Involvement, question, posted)
    if move not in ("join", "decline", "leave", "end"):
        raise Http404
    move_involvement(involvement=row, name=move, **_why(posted), **common)


def _move_wait(question: Question, move: str, posted: QueryDict, common: Common) -> None:
    row = _row(Wait, question, posted)
    if move == "contact":
        bridge = posted.get("bridge", "")
        keep_contact(wait=row, bridge=bridge, version=version_of(posted), **common)
    elif move == "off":
        take_off(wait=row, **_why(posted), **common)
    else:
        raise Http404


def _move_task(question: Question, move: str, posted: QueryDict, common: Common) -> None:
    if move == "done":
        own = Task.objects.filter(question=question, team=common["by"].team)
        finish_task(task=the_row(own, posted.get("over")), **common)
        return
    row = _row(Involvement, question, posted)
    form = TaskForm(posted)
    if not form.is_valid():
        raise NeedsWords
    give_task(involvement=row, **form.cleaned_data, **common)


# By the first word of the button.
MOVES: dict[str, Callable[[Question, str, QueryDict, Common], None]] = {
    "referral": _move_referral,
    "along": _move_part,
    "wait": _move_wait,
    "task": _move_task,
}


def _row(kind: Any, question: Question, posted: QueryDict) -> Any:
    """Return what a button is about; of another question it is not there."""
    return the_row(kind.objects.filter(question=question), posted.get("over"))


def _why(posted: QueryDict) -> dict[str, Any]:
    return {"reason": posted.get("reason", ""), "version": version_of(posted)}
