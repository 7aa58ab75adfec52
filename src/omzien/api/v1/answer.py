"""An answer to a question. Only by POST: what someone asks must not be in an address or a log."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omzien.api.answers import as_json
from omzien.api.bodies import check, json_object
from omzien.api.gate import municipality_of
from omzien.api.problems import bad_value
from omzien.api.v1.document import schema
from omzien.areas.models import Municipality
from omzien.areas.queries import Resolved, Unresolved, resolve
from omzien.choices.queries import dutch_label
from omzien.directory.language.topics import all_topics
from omzien.directory.queries.cards import Card, cards, nearest
from omzien.directory.queries.danger import lines_of
from omzien.directory.queries.indexes import index_for
from omzien.directory.search.answer import Answer, Hit, Where, answer
from omzien.kernel.text import clean
from omzien.people.rules.roles import PUBLIC

MOST = 20


def answer_question(request: HttpRequest) -> HttpResponse:
    """Answer words or topics, at a place when one is given. The question is not kept."""
    municipality = municipality_of(request)
    body = json_object(request)
    check(body, schema("Question"))
    text, topics = clean(body.get("text", "")), _topics(body.get("topics", []))
    if not text and not topics:
        raise bad_value("text", _("stel een vraag, of geef een onderwerp in topics."))
    place = resolve(body["place"], municipality) if clean(body.get("place", "")) else None
    index, thesaurus = index_for(municipality.code, on=timezone.localdate())
    found = answer(
        text,
        index,
        where=_where(place),
        chosen_topics=topics,
        most=int(body.get("most", MOST)),
        thesaurus=thesaurus,
    )
    return as_json(_told(request, municipality, found, place))


def _topics(codes: list[str]) -> list[str]:
    for code in codes:
        if code not in all_topics():
            raise bad_value("topics", _("dit onderwerp kennen we niet."))
    return codes


def _where(place: Resolved | Unresolved | None) -> Where:
    if not isinstance(place, Resolved):
        return Where()
    return Where(place.village.slug if place.village else "", place.point)


def _told(
    request: HttpRequest,
    municipality: Municipality,
    found: Answer,
    place: Resolved | Unresolved | None,
) -> dict[str, Any]:
    now, where = timezone.localtime(), _where(place)
    shown = {
        one.id: nearest(one, where)
        for one in cards([h.entry.id for h in found.hits], actor=PUBLIC, now=now)
    }
    return {
        "language": found.language,
        "crisis": _crisis(found, municipality),
        "place": _place(place),
        "topics": [
            {
                "code": s.topic,
                "label": dutch_label(s.topic, municipality),
                "share": round(s.share, 3),
            }
            for s in found.topics
        ],
        "corrected": [{"from": old, "to": new} for old, new in found.corrected.items()],
        "widened": list(found.widened),
        "askAPerson": found.ask_a_person,
        "entries": [
            _entry(request, shown[hit.entry.id], hit) for hit in found.hits if hit.entry.id in shown
        ],
    }


def _crisis(found: Answer, municipality: Municipality) -> dict[str, Any] | None:
    if found.crisis is None:
        return None
    lines = lines_of(found.crisis, municipality, language=found.language)
    return {
        "kind": found.crisis.value,
        "lines": [
            {"name": line.name, "number": line.number, "dial": line.dial, "text": line.text}
            for line in lines
        ],
    }


def _place(place: Resolved | Unresolved | None) -> dict[str, Any] | None:
    if place is None:
        return None
    if isinstance(place, Unresolved):
        return {"isUnderstood": False, "near": list(place.near)}
    return {
        "isUnderstood": True,
        "label": place.label,
        "area": place.village.slug if place.village else None,
        "elsewhere": place.elsewhere or None,
    }


def _entry(request: HttpRequest, card: Card, hit: Hit) -> dict[str, Any]:
    return {
        "id": card.id,
        "url": request.build_absolute_uri(reverse("entry", args=[card.slug])),
        "hsdsUrl": request.build_absolute_uri(f"/hsds/v3/services/{card.id}"),
        "title": card.title,
        "provider": card.provider,
        "summary": card.summary,
        "rung": card.rung,
        "topics": list(card.topics),
        "village": card.village,
        "street": card.street,
        "phone": card.phone,
        "email": card.email,
        "website": card.website,
        "cost": card.cost,
        "isFree": card.is_free,
        "isWheelchairAccessible": card.wheelchair,
        "withoutAppointment": card.without_appointment,
        "needsReferral": card.needs_referral,
        "languages": list(card.languages),
        "nextStartsAt": card.next_time.starts_at.isoformat() if card.next_time else None,
        "isPaused": card.is_paused,
        "isDemo": card.is_demo,
        "checkedOn": card.checked_on.isoformat() if card.checked_on else None,
        "keptBy": card.kept_by,
        "freshness": card.freshness.value,
        "distanceKm": hit.km,
        "matchedTopics": list(hit.topics),
        "matchedWords": list(hit.words),
    }
