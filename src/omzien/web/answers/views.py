"""The home page, and the answer on the ladder. The words of a question are never in a URL."""

from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from omzien.areas.models import Municipality
from omzien.areas.queries import Resolved, Unresolved, resolve, villages_of
from omzien.choices.queries import topic_label, topic_text
from omzien.directory.actions.counting import count_question
from omzien.directory.language import crisis
from omzien.directory.models import QuestionCount
from omzien.directory.queries.cards import cards, nearest
from omzien.directory.queries.danger import lines_of
from omzien.directory.queries.indexes import kept_for
from omzien.directory.queries.marks import counts, passing
from omzien.directory.search.answer import Answer, Where, answer, narrowed
from omzien.kernel.ladder import LADDER
from omzien.kernel.text import clean
from omzien.people.queries.connectors import connectors
from omzien.people.rules.roles import PUBLIC
from omzien.web.answers.forms import MOST_CHARACTERS, Asked, AskForm, asked, says_something
from omzien.web.asking.draft import MOST_TIPS
from omzien.web.request import Request
from omzien.web.templatetags.omzien import card_html, rung_html, why_text

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


@require_safe
def home(request: Request) -> HttpResponse:
    """Show the question field, popular topics and the villages."""
    municipality = request.municipality
    if municipality is None:
        return _choose(request)
    return _ask_again(request, municipality, AskForm(), status=200)


@csrf_exempt  # it changes nothing of anybody, and is asked from other sites too (embedding)
@require_http_methods(["GET", "POST"])
def answer_page(request: Request) -> HttpResponse:
    """Answer a posted question, or a shared link with topics and place."""
    municipality = request.municipality
    if municipality is None:
        return _choose(request)
    data = request.POST if request.method == "POST" else request.GET
    question = asked(data)
    text = clean(data.get("text", "")) if request.method == "POST" else ""
    if len(text) <= MOST_CHARACTERS and (says_something(text) if text else question.topics):
        return _answered(request, municipality, text, question)
    form = AskForm({"text": text, "place": question.place})
    if not form.is_valid():
        return _ask_again(request, municipality, form, status=400)
    if request.method == "POST" and not text:
        form.add_error("text", gettext("Typ eerst je vraag, of kies een onderwerp."))
    return _ask_again(request, municipality, form, status=200)


def _choose(request: Request) -> HttpResponse:
    served = Municipality.objects.exclude(host=None)
    context = {"served": served, "port": request.get_port()}
    return render(request, "answers/choose.html", context)


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
    village = place.village if isinstance(place, Resolved) else None
    where = _where(place)
    kept = kept_for(municipality.code, on=now.date())
    everything = answer(
        text,
        kept.index,
        where=where,
        chosen_topics=question.topics,
        most=MOST,
        thesaurus=kept.thesaurus,
    )
    found = everything
    if question.on:
        found = narrowed(everything, passing(kept.marks_at(now), question.filters))
    rungs = _rungs(found, now, municipality, where)
    is_bodily = found.crisis in crisis.BODILY
    context = {
        "text": text,
        "question": question,
        "carried": [("text", text), ("place", question.place), *question.chosen, *question.on],
        "to_a_person": _to_a_person(text, question, found),
        "found": found,
        "place": place,
        "village": village,
        "people": connectors([village.id], on=now.date())[village.id] if village else [],
        "rungs": rungs,
        "is_empty": not rungs,
        "is_folded": is_bodily,
        "counts": counts(kept.marks_at(now)[[h.number for h in everything.hits]], question.filters),
        "about": () if is_bodily else _about(found),
        "explanation": _explanation(found, municipality),
        "follow": () if found.crisis else (question.topics or _about(found)),
        "crisis_lines": lines_of(found.crisis, municipality, language=found.language),
        "crisis_heading": crisis.heading(found.language),
        "share": _share(found, question),
        "language": found.language,
    }
    response = render(request, "answers/answer.html", context)
    if found.crisis is None:
        # The browser keeps it for its Back button: who opens the first option wants the second
        # one too, and would else get an error. Nobody in between keeps it, and danger is not kept.
        response["Cache-Control"] = "private, no-cache"
    _count(municipality, everything, place, now.date())
    return response


def _to_a_person(text: str, question: Asked, found: Answer) -> list[tuple[str, str]]:
    """Return what travels along to somebody who helps: the words, and what was suggested."""
    carried = {
        "at": "answer",
        "story": text,
        "place": question.place,
        "topic": " ".join(question.topics),
        "tip": " ".join(hit.entry.id for hit in found.hits[:MOST_TIPS]),
    }
    return [(name, value) for name, value in carried.items() if value]


def _where(place: Resolved | Unresolved | None) -> Where:
    if not isinstance(place, Resolved):
        return Where()
    if place.village is None:
        return Where("", place.point)
    return Where(place.village.slug, place.point, is_middle=place.point == place.village.point)


def _rungs(found: Answer, now: datetime, municipality: Municipality, where: Where) -> SafeString:
    """Return the rungs with something on them, lowest first; in danger, what fits best first."""
    hits = found.hits
    shown = {card.id: card for card in cards([h.entry.id for h in hits], actor=PUBLIC, now=now)}
    language, today = get_language(), now.date()
    labels = {about.topic: topic_label(about.topic, municipality) for about in found.topics}
    by_rung: dict[str, list[SafeString]] = {
        rung: [] for rung in (LADDER if found.crisis is None else ())
    }
    for hit in hits:
        if card := shown.get(hit.entry.id):
            why = why_text(hit, labels, language)
            html = card_html(nearest(card, where), why, language, today)
            by_rung.setdefault(card.rung, []).append(html)
    filled = ((rung, html) for rung, html in by_rung.items() if html)
    written = (rung_html(n, rung, html, language) for n, (rung, html) in enumerate(filled, start=1))
    return SafeString("".join(written))  # nosec B703 # its parts were escaped


def _about(found: Answer) -> tuple[str, ...]:
    return tuple(s.topic for s in found.topics if s.share >= 0.1)[:3]


def _explanation(found: Answer, municipality: Municipality) -> str:
    about = _about(found)
    return topic_text(about[0], municipality) if about else ""


def _share(found: Answer, question: Asked) -> str:
    about = question.topics or _about(found)
    return urlencode({"topic": about, "place": question.place}, doseq=True)


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
