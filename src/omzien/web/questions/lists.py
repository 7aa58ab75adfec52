"""The questions of a team as a list: narrowed, page by page, and kept under a name."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from omzien.areas.queries import villages_of
from omzien.choices.queries import topic_label
from omzien.directory.language.topics import all_topics
from omzien.handovers.models.along import knows_whose
from omzien.handovers.queries.offered import count_joined, joined_by
from omzien.people.models import Membership
from omzien.people.rules.roles import Actor
from omzien.questions.actions.filters import remove_filter, save_filter
from omzien.questions.models import SavedFilter
from omzien.questions.queries.caseload import colleagues
from omzien.questions.queries.inbox import PAGE, Part, listed
from omzien.questions.refusals import NotAllowed, TooMany
from omzien.questions.rules.filters import ALONG, Filter, read
from omzien.questions.rules.states import LIVE, State
from omzien.web.doors import needs
from omzien.web.logged import logged, shows, whom_shown
from omzien.web.questions.forms import FilterForm
from omzien.web.questions.rows import rows_of
from omzien.web.questions.words import STATES
from omzien.web.request import Request, the_row

Key = TypeVar("Key")
OF_ALONG = ("whose", "village")  # by which what a team does along is chosen


@needs("question.work")
@require_safe
@logged(purpose="help", kind="question", about=whom_shown)
def list_page(request: Request) -> HttpResponse:
    """Show the live questions of the team, narrowed or not, a page at a time."""
    return _list(request, FilterForm(), 200)


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
    saved = the_row(SavedFilter.objects.visible_to(request.actor), key)
    try:
        remove_filter(saved=saved, by=request.actor)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("De lijst is weggehaald."))
    return HttpResponseRedirect(reverse("inbox"))


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
        shown = {"rows": list(rows_of(request, found[:PAGE], today).values())}
    choices = [one for one in _choices(request) if not wanted.whose or one[0] in OF_ALONG]
    chosen = wanted.as_dict()
    context = {
        **shown,
        "along_said": Part(count=count_joined(actor)).said,
        "along_address": list_address(Filter(whose=ALONG)),
        "chosen": chosen.items(),
        "choices": choices,
        "on": [
            f"{label}: {text}"
            for name, label, options in choices
            for value, text in options
            if value and chosen.get(name) == value
        ],
        "next": list_address(wanted, **more) if more else "",
        "first": list_address(wanted) if from_here else "",
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


def list_address(wanted: Filter, **more: str) -> str:
    """Return the address of the list that a filter leaves."""
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
    people = [(str(one.pk), one.person.name) for one in _colleagues(request.actor)]
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


def _colleagues(actor: Actor) -> Iterable[Membership]:
    return colleagues(actor, on=timezone.localdate()).exclude(pk__in=[actor.membership])
