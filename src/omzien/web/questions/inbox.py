"""What needs me today, and the lists behind it."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from omzien.areas.queries import villages_of
from omzien.choices.queries import topic_label
from omzien.directory.language.topics import all_topics
from omzien.handovers.models import Handover, Involvement
from omzien.handovers.models.along import knows_whose
from omzien.handovers.queries.offered import Asked, What, asked_of, count_joined, joined_by
from omzien.people.models import Membership
from omzien.people.rules.looking import Action
from omzien.people.rules.roles import Actor
from omzien.questions.actions.filters import remove_filter, save_filter
from omzien.questions.models import Question, SavedFilter, Task
from omzien.questions.queries import finding
from omzien.questions.queries.caseload import colleagues
from omzien.questions.queries.inbox import (
    MOST,
    PAGE,
    SHOWN,
    Part,
    away_among,
    gone_among,
    inbox_of,
    listed,
    looks_along,
    named_among,
)
from omzien.questions.refusals import NotAllowed, TooMany
from omzien.questions.rules.filters import ALONG, Filter, read
from omzien.questions.rules.states import LIVE, Left, State
from omzien.questions.terms import terms_of
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.questions.forms import FilterForm
from omzien.web.questions.words import (
    ASKED,
    GOES_TO,
    MISTAKES,
    RESULTS,
    STATES,
    state_text,
    task_text,
)
from omzien.web.request import Request
from omzien.web.today.ways import ways

Key = TypeVar("Key")
OF_ALONG = ("whose", "village")  # by which what a team does along is chosen


@dataclass(frozen=True)
class Row:
    """One question in a list. `name` is empty for who may not see it."""

    question: Question
    name: str
    state: str
    topics: str
    is_overdue: bool
    holder: str
    cover: str  # who takes over, when the holder is away
    is_away: bool
    is_gone: bool = False  # the holder cannot sign in any more
    goes_to: str = ""  # the team to which it is offered, and what that said


@needs("question.work")
@require_safe
@logged(purpose="help", kind="question", about=whom_shown)
def inbox_page(request: Request) -> HttpResponse:
    """Show what needs somebody today."""
    actor, today = request.actor, timezone.localdate()
    inbox = inbox_of(actor, on=today)
    rows = _rows(request, inbox.questions, today)
    asked, joined = asked_of(actor, on=today), joined_by(actor)
    shows(request, (one.question.person_id for one in joined[:SHOWN]))
    shows(request, (one.person for one in asked[:SHOWN]))
    context = {
        "today": today,
        "parts": [
            (code, part, [rows[one.pk] for one in part.rows], part.count > SHOWN)
            for code, part in (
                ("acute", inbox.acute),
                ("mine", inbox.mine),
                ("nobody", inbox.nobody),
            )
        ],
        "ways": ways(actor),
        "asked": [(one, _page_of(one), ASKED[one.what]) for one in asked[:SHOWN]],
        "joined": joined[:SHOWN],
        "knows_whose": knows_whose(actor),
        "joined_said": Part(count=len(joined)).said,
        "joined_more": len(joined) > SHOWN,
        "asked_said": Part(count=len(asked)).said,
        "asked_more": len(asked) > SHOWN,
        "spoken": [rows[task.question_id] for task in inbox.spoken.rows],
        "spoken_said": inbox.spoken.said,
        "tasks": [(task, rows[task.question_id], task_text(task)) for task in inbox.tasks.rows],
        "tasks_said": inbox.tasks.said,
        "returned": [
            (task, rows[task.question_id], task_text(task), reverse(
                "offer" if task.kind == Task.Kind.ALLOWED else "question", args=[task.question_id]
            ))
            for task in inbox.returned.rows
        ],
        "returned_said": inbox.returned.said,
        "returned_more": inbox.returned.count > SHOWN,
        "kept": [
            (one.saved, _address(one.wanted), one.said or _said_of(joined, one.wanted))
            for one in inbox.kept
        ],
        "is_empty": not (inbox.questions or asked or joined),
    }  # fmt: skip
    return render(request, "questions/inbox.html", context)


@needs("question.work")
@require_safe
@logged(purpose="help", kind="question", about=whom_shown)
def list_page(request: Request) -> HttpResponse:
    """Show the live questions of the team, narrowed or not, a page at a time."""
    return _list(request, FilterForm(), 200)


def _list(request: Request, form: FilterForm, status: int) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    wanted = read(request.POST if request.method == "POST" else request.GET)
    from_here = request.GET.get("na", "")
    if wanted.whose:
        shown, more = _along(request, wanted, from_here)
    else:
        found = listed(actor, wanted, on=today, after=_after(from_here, _day_and_moment))
        last = found[PAGE - 1] if len(found) > PAGE else None
        more = {"na": f"{last.due_on}_{last.asked_at.isoformat()}_{last.pk}"} if last else {}
        shown = {"rows": list(_rows(request, found[:PAGE], today).values())}
    choices = [one for one in _choices(request) if not wanted.whose or one[0] in OF_ALONG]
    chosen = wanted.as_dict()
    context = {
        **shown,
        "along_said": Part(count=count_joined(actor)).said,
        "along_address": _address(Filter(whose=ALONG)),
        "chosen": chosen.items(),
        "choices": choices,
        "on": [
            f"{label}: {text}"
            for name, label, options in choices
            for value, text in options
            if value and chosen.get(name) == value
        ],
        "next": _address(wanted, **more) if more else "",
        "first": _address(wanted) if from_here else "",
        "form": form,
    }
    return render(request, "questions/list.html", context, status=status)


def _along(
    request: Request, wanted: Filter, from_here: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a page of what the team does along with others, and where the next one begins."""
    after = _after(from_here, _moment)
    found = joined_by(request.actor, village=wanted.village, after=after, size=PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    moment = last.answered_at.isoformat() if last and last.answered_at else ""
    shows(request, (one.question.person_id for one in found[:PAGE]))
    shown = {
        "joined": found[:PAGE],
        "knows_whose": knows_whose(request.actor),
        "is_along": True,
    }
    return shown, {"na": f"{moment}_{last.pk}"} if last else {}


def _said_of(joined: Sequence[Involvement], wanted: Filter) -> str:
    """Return how many parts of the team a kept list shows, counted among the first hundred."""
    here = [one for one in joined if wanted.village in ("", one.question.village.slug)]
    more = "+" if len(joined) >= MOST else ""
    return f"{len(here)}{more}"


@needs("question.work")
@require_POST
@logged(purpose="help", kind="question", about=whom_shown)
def keep_filter(request: Request) -> HttpResponse:
    """Keep a list under a name."""
    form = FilterForm(request.POST)
    if form.is_valid():
        wanted = read(request.POST)
        try:
            save_filter(name=form.cleaned_data["name"], wanted=wanted, by=request.actor)
        except TooMany:
            form.add_error("name", _("Je hebt al twaalf lijsten. Haal er eerst een weg."))
        else:
            messages.success(request, _("De lijst staat nu bij wat er vandaag op je wacht."))
            return HttpResponseRedirect(reverse("inbox"))
    return _list(request, form, 400)


@needs("question.work")
@require_POST
def drop_filter(request: Request, key: uuid.UUID) -> HttpResponse:
    """Remove an own list."""
    saved = SavedFilter.objects.visible_to(request.actor).filter(pk=key).first()
    if saved is None:
        raise Http404
    try:
        remove_filter(saved=saved, by=request.actor)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("De lijst is weggehaald."))
    return HttpResponseRedirect(reverse("inbox"))


@needs("question.work")
@require_http_methods(["GET", "POST"])
@logged(purpose="help", kind="question", about=whom_shown, action=Action.SEARCH)
def find_page(request: Request) -> HttpResponse:
    """Find a question by the number that somebody names, or by a name. What is looked for stands
    in no address.
    """
    typed = " ".join(request.POST.get("wat", "").split())[:100]
    fault = _("Vul een nummer of een naam in.") if request.method == "POST" and not typed else ""
    context: dict[str, Any] = {"typed": typed, "fault": fault}
    if typed:
        found = finding.found_by(typed, request.actor)
        context["rows"] = list(_rows(request, found, timezone.localdate()).values())
        if not found and (ended := finding.ended_by(typed, request.actor)):
            shows(request, [ended.person_id])
            context["ended"] = ended
        context["most"] = finding.MOST if len(found) == finding.MOST else 0
    return render(request, "questions/find.html", context, status=400 if fault else 200)


@needs("question.close")
@require_safe
@logged(purpose="help", kind="question", about=whom_shown)
def closed_page(request: Request) -> HttpResponse:
    """Show what ended, latest first: reference, dates and result, and nothing more."""
    today = timezone.localdate()
    rows = Question.objects.ended_for(request.actor).order_by("-ended_at", "-pk")
    shown = list(rows.only(
        "reference", "asked_at", "ended_at", "state", "result", "left", "person_id", "version"
    )[: MOST])  # fmt: skip
    shows(request, (one.person_id for one in shown))
    terms = terms_of(request.actor.municipality)
    context = {
        "rows": [
            (one, _ended_as(one), _opens(one, terms, today)) for one in shown
        ],
        "mistakes": MISTAKES.items() if looks_along(request.actor, on=today) else (),
        "most": MOST if len(shown) == MOST else 0,
    }  # fmt: skip
    return render(request, "questions/closed.html", context)


def _page_of(one: Asked) -> str:
    pages = {What.ALONG: "along", What.ADVICE: "consult"}
    if one.what == What.DISCUSSION:
        return reverse("anonymous-discussions")
    return reverse(pages.get(one.what, "handover"), args=[one.key]) if one.key else ""


def _ended_as(one: Question) -> str:
    if one.left == Left.DIED:
        return _("de inwoner is overleden")
    return str(RESULTS[one.result]) if one.result else state_text(one.state)  # type: ignore[index]


def _opens(one: Question, terms: Any, today: date) -> bool:
    ended_on = timezone.localdate(one.ended_at)
    return one.person_id is not None and today <= terms.reopens_until(ended_on)


def _rows(request: Request, questions: Sequence[Question], today: date) -> dict[uuid.UUID, Row]:
    """Return a row for each question, and remember whose they are for the log."""
    actor = request.actor
    shows(request, (one.person_id for one in questions))
    names = named_among(questions, actor)
    away, offered = away_among(questions, on=today), _offered(questions, actor)
    gone = gone_among(questions, on=today)
    return {
        one.pk: replace(
            _row(request, one, names.get(one.pk, ""), away, today),
            is_gone=one.holder_id in gone,
            goes_to=offered.get(one.pk, ""),
        )
        for one in questions
    }


def _offered(questions: Sequence[Question], actor: Actor) -> dict[uuid.UUID, str]:
    """Return, of the questions that another team may take over, which team and what it said."""
    rows = Handover.objects.visible_to(actor).open().filter(question__in=questions)
    found = rows.values_list("question", "state", "to_team__name") if questions else ()
    return {key: GOES_TO[state] % {"team": team} for key, state, team in found}


def _row(
    request: Request,
    one: Question,
    name: str,
    away: dict[Any, Any],
    today: date,
) -> Row:
    stand_in = away.get(one.holder_id)
    return Row(
        one,
        name,
        state_text(one.state),
        ", ".join(topic_label(code, request.municipality) for code in one.topics),
        one.due_on is not None and one.due_on < today,
        one.holder.person.name if one.holder else "",
        stand_in.person.name if stand_in else "",
        one.holder_id in away,
    )


def _address(wanted: Filter, **more: str) -> str:
    pairs = wanted.as_dict() | more
    return reverse("work-list") + (f"?{urlencode(pairs)}" if pairs else "")


def _after(text: str, read_key: Callable[[str], Key]) -> Key | None:
    """Return the key after which a page begins; what is no key begins at the beginning."""
    try:
        return read_key(text)
    except ValueError:
        return None


def _day_and_moment(text: str) -> tuple[date, datetime, uuid.UUID]:
    day, moment, key = text.split("_")
    return date.fromisoformat(day), _instant(moment), uuid.UUID(key)


def _moment(text: str) -> tuple[datetime, uuid.UUID]:
    moment, key = text.split("_")
    return _instant(moment), uuid.UUID(key)


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if timezone.is_naive(found):
        raise ValueError(text)
    return found


def _choices(request: Request) -> list[tuple[str, str, Iterable[tuple[str, str]]]]:
    """Return the select fields of the list: name, label, options (of which "" is no choice)."""
    town = request.municipality
    assert town is not None
    topics = [(code, topic_label(code, town)) for code in all_topics()]
    people = [(str(one.pk), one.person.name) for one in _people(request.actor)]
    return [
        ("whose", _("Van wie"), [("", _("ons team")), (ALONG, _("een ander, wij doen mee"))]),
        ("village", _("Dorp"), [(one.slug, one.name) for one in villages_of(town)]),
        ("topic", _("Onderwerp"), sorted(topics, key=lambda pair: pair[1].lower())),
        ("state", _("Stand"), [(one, str(STATES[one])) for one in State if one in LIVE]),
        ("holder", _("Bij wie"), [("me", _("mij")), ("nobody", _("niemand")), *people]),
        (
            "due",
            _("Wanneer"),
            [("late", _("te laat")), ("today", _("vandaag of eerder")), ("week", _("deze week"))],
        ),
    ]


def _people(actor: Actor) -> Iterable[Membership]:
    return colleagues(actor, on=timezone.localdate()).exclude(pk__in=[actor.membership])
