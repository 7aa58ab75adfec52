"""The home page, and the answer on the ladder. The words of a question are never in a URL."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from omzien.areas.models import Municipality
from omzien.areas.queries import Resolved, Unresolved, resolve, villages_of
from omzien.directory.actions.counting import count_question
from omzien.directory.language import crisis
from omzien.directory.models import QuestionCount
from omzien.directory.queries.cards import Card, cards
from omzien.directory.queries.indexes import index_for, open_now
from omzien.directory.rules import PUBLIC
from omzien.directory.search.answer import Answer, Hit, Where, answer
from omzien.kernel.ladder import LADDER
from omzien.kernel.text import clean
from omzien.web.answers.filters import counted, passes, tests
from omzien.web.answers.forms import RUNGS, Asked, AskForm, asked
from omzien.web.request import Request
from omzien.web.templatetags.omzien import why_text

PER_RUNG = 3
MOST = 40
POPULAR = (
    "loneliness",
    "carer-support",
    "debt",
    "dementia",
    "paperwork",
    "parenting",
    "transport",
    "meeting-place",
    "odd-jobs",
    "dutch-language",
)


@dataclass(frozen=True)
class Option:
    """A card with why it stands here, in words."""

    card: Card
    why: str


@dataclass(frozen=True)
class Step:
    """One rung of the answer: the best few options, and the rest folded."""

    rung: str
    number: int
    label: Any
    best: tuple[Option, ...]
    more: tuple[Option, ...]


def home(request: Request) -> HttpResponse:
    """Show the question field, popular topics and the villages."""
    municipality = request.municipality
    if municipality is None:
        served = Municipality.objects.exclude(host=None)
        return render(
            request, "answers/choose.html", {"served": served, "port": request.get_port()}
        )
    return _ask_again(request, municipality, AskForm(), status=200)


@require_http_methods(["GET", "POST"])
def answer_page(request: Request) -> HttpResponse:
    """Answer a posted question, or a shared link with topics and place."""
    municipality = request.municipality
    if municipality is None:
        return home(request)
    data = request.POST if request.method == "POST" else request.GET
    question = asked(data)
    text = clean(data.get("text", "")) if request.method == "POST" else ""
    form = AskForm({"text": text, "place": question.place})
    if not form.is_valid():
        return _ask_again(request, municipality, form, status=400)
    if not text and not question.topics:
        if request.method == "POST":
            form.add_error("text", gettext("Typ eerst je vraag, of kies een onderwerp."))
        return _ask_again(request, municipality, form, status=200)
    return _answered(request, municipality, text, question)


def _ask_again(
    request: Request, municipality: Municipality, form: AskForm, *, status: int
) -> HttpResponse:
    context = {"form": form, "popular": POPULAR, "villages": villages_of(municipality)}
    return render(request, "answers/home.html", context, status=status)


def _answered(
    request: Request, municipality: Municipality, text: str, question: Asked
) -> HttpResponse:
    now = timezone.localtime()
    place = resolve(question.place, municipality) if question.place else None
    where = _where(place)
    index, thesaurus = index_for(municipality.code, on=now.date())
    by_group = tests(lambda entry: open_now(entry, now))
    everything = answer(
        text, index, where=where, chosen_topics=question.topics, most=MOST, thesaurus=thesaurus
    )
    found = everything
    if question.has_filters:
        allowed = [passes(entry, question, by_group) for entry in index.entries]
        found = answer(
            text,
            index,
            where=where,
            chosen_topics=question.topics,
            allowed=allowed,
            most=MOST,
            thesaurus=thesaurus,
        )
    steps = _steps(found.hits, now)
    context = {
        "text": text,
        "question": question,
        "found": found,
        "place": place,
        "village": place.village if isinstance(place, Resolved) else None,
        "steps": steps,
        "options": [o for step in steps for o in (*step.best, *step.more)],
        "groups": counted([hit.entry for hit in everything.hits], question, by_group),
        "about": _about(found),
        "crisis_lines": _crisis_lines(found, municipality),
        "share": _share(found, question),
        "language": found.language,
    }
    response = render(request, "answers/answer.html", context)
    _count(municipality, found, place, now.date())
    return response


def _where(place: Resolved | Unresolved | None) -> Where:
    if not isinstance(place, Resolved):
        return Where()
    return Where(place.village.slug if place.village else "", place.point)


def _steps(hits: tuple[Hit, ...], now: datetime) -> list[Step]:
    shown = {card.id: card for card in cards([h.entry.id for h in hits], actor=PUBLIC, now=now)}
    options = [Option(shown[h.entry.id], why_text(h)) for h in hits if h.entry.id in shown]
    steps: list[Step] = []
    for rung in LADDER:
        here = tuple(o for o in options if o.card.rung == rung)
        if here:
            number = len(steps) + 1
            steps.append(Step(rung, number, RUNGS[rung], here[:PER_RUNG], here[PER_RUNG:]))
    return steps


def _about(found: Answer) -> list[str]:
    return [s.topic for s in found.topics if s.share >= 0.1][:3]


def _crisis_lines(found: Answer, municipality: Municipality) -> list[crisis.Line]:
    if found.crisis is None:
        return []
    desk = municipality.settings.get("crisis_desk", "")
    name = municipality.settings.get("crisis_desk_name", "")
    return crisis.lines(found.crisis, found.language, desk=desk, desk_name=name)


def _share(found: Answer, question: Asked) -> str:
    likely = question.topics or tuple(s.topic for s in found.topics if s.share >= 0.15)[:3]
    return urlencode({"topic": likely, "place": question.place}, doseq=True)


def _count(
    municipality: Municipality, found: Answer, place: Resolved | Unresolved | None, on: date
) -> None:
    if found.crisis is not None:
        return
    kind = QuestionCount.Kind.ASKED
    if found.ask_a_person:
        kind = QuestionCount.Kind.NOTHING
    elif found.widened:
        kind = QuestionCount.Kind.WEAK
    village = place.village.slug if isinstance(place, Resolved) and place.village else ""
    count_question(
        municipality=municipality,
        area=village,
        topic=found.topics[0].topic if found.topics else "",
        found=kind,
        on=on,
    )
