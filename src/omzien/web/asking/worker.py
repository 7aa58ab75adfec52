"""Somebody who works here writes down a question for who calls or stands at the desk."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from omzien.areas.models import Municipality
from omzien.areas.queries import villages_of
from omzien.directory.language import crisis
from omzien.directory.language.topics import all_topics
from omzien.directory.queries.danger import lines_of
from omzien.kernel.text import sort_key
from omzien.people.logs.reading import origin_of, reading
from omzien.people.models import Person
from omzien.people.rules.looking import Action
from omzien.questions.models import Question
from omzien.questions.queries.same import is_reached_by, same_people
from omzien.questions.rules.states import Channel, ReachBy
from omzien.web.asking.checks import Known, Wrong, where, wrong_about, wrong_asker, wrong_who
from omzien.web.asking.draft import MINE, Draft, begun, read
from omzien.web.asking.receipt import hand_over
from omzien.web.asking.sending import earlier, send, sent_before, suggestions
from omzien.web.asking.sheet import sheet
from omzien.web.doors import needs
from omzien.web.request import Request, town_of

CHANNELS = {
    Channel.PHONE: gettext_lazy("aan de telefoon"),
    Channel.DESK: gettext_lazy("aan de balie of onderweg"),
    Channel.PARTNER: gettext_lazy("via een partner, zoals een huisarts"),
}
WAYS = {
    ReachBy.PHONE: gettext_lazy("bellen"),
    ReachBy.MAIL: gettext_lazy("mailen"),
    ReachBy.VISIT: gettext_lazy("langskomen, na een afspraak"),
}
# What is left out, said to who works here: the texts of the steps speak to the resident.
LEFT_OUT = {
    "story": gettext_lazy("Schrijf op waar de vraag over gaat."),
    "place": gettext_lazy("Vul het dorp of de postcode van de inwoner in."),
    "name": gettext_lazy("Vul de naam van de inwoner in."),
    "phone": gettext_lazy("Vul een telefoonnummer in, of kies een andere manier van contact."),
    "email": gettext_lazy("Vul een mailadres in, of kies een andere manier van contact."),
    "reach_by": gettext_lazy("Kies hoe de inwoner contact wil."),
}
FIELDS = (
    "channel", "story", "place", "name", "phone", "email", "reach_by", "moment",
    "other_name", "other_phone", "other_email", "knows",
)  # fmt: skip
SHOWN = (*FIELDS, "village", "topic", "same")


@needs("question.ask_for_other")
@require_http_methods(["GET", "POST"])
def ask_for_page(request: Request) -> HttpResponse:
    """Ask for an inhabitant, on one page; the same action as for who asks on the web."""
    municipality = town_of(request)
    if not request.actor.may_all("question.ask_for_other"):  # a proxy asks as a resident does
        return HttpResponseRedirect(reverse("ask"))
    if request.method == "GET":
        return _page(request, municipality, begun(request.GET), {})
    draft = read(request.POST)
    before = earlier(draft, request.actor)
    wrong = _wrong(draft, municipality)
    if before and not _is_of(draft, before.person):
        wrong.setdefault("name", _(
            "Deze gegevens horen niet bij vraag %(number)s. Kijk of je de goede vraag koos, of "
            "schrijf een gewone nieuwe vraag op."
        ) % {"number": before.reference})  # fmt: skip
    same = [] if before else same_people(request.actor, phone=draft.phone, email=draft.email)
    if wrong or (same and not _is_answered(draft, same)):
        return _page(request, municipality, draft, wrong, same=same, status=400)
    sent = sent_before(municipality, draft)
    question = sent or _send(request, municipality, draft, same, before)
    return hand_over(request, question, for_caller=True, again=sent is not None)


def _send(
    request: Request,
    municipality: Municipality,
    draft: Draft,
    same: list[Question],
    before: Question | None,
) -> Question:
    if not draft.topic:
        draft = replace(draft, topic=suggestions(draft.story, municipality)[1])
    village, _why = where(draft, municipality)
    assert village is not None
    known = next((one.person for one in same if str(one.pk) == draft.same), None)
    if before:
        known = before.person
    return send(
        draft, municipality=municipality, village=village, known=Known(), by=request.actor,
        now=timezone.now(), channel=Channel(draft.channel), person=known, follows=before,
    )  # fmt: skip


def _wrong(draft: Draft, municipality: Municipality) -> Wrong:
    found = wrong_about(draft, municipality) | wrong_who(replace(draft, for_whom=MINE), Known())
    found |= {
        name: str(text)
        for name, text in LEFT_OUT.items()
        if name in found and not getattr(draft, name)
    }
    found = wrong_asker(draft, found)
    if draft.channel not in CHANNELS:
        found["channel"] = _("Kies hoe de vraag binnenkomt.")
    if draft.knows != "yes":
        found["knows"] = _("Vertel de inwoner eerst dat je dit opschrijft.")
    return found


def _is_of(draft: Draft, person: Person | None) -> bool:
    """Tell whether what was typed fits a person: the name, or part of it and how to reach them.

    The page shows neither, so that who picks the wrong question links nobody to another's.
    """
    if person is None:
        return False
    typed, known = sort_key(draft.name), sort_key(person.name)
    shares = not {*typed.split()}.isdisjoint(known.split())
    return typed == known or (shares and is_reached_by(person, draft.phone, draft.email))


def _is_answered(draft: Draft, same: list[Question]) -> bool:
    return draft.same == "new" or draft.same in {str(one.pk) for one in same}


def _page(
    request: Request,
    municipality: Municipality,
    draft: Draft,
    wrong: Wrong,
    *,
    same: list[Question] | None = None,
    status: int = 200,
) -> HttpResponse:
    danger = crisis.anywhere(draft.story) if draft.story else None
    context: dict[str, Any] = {
        "draft": draft,
        "earlier": earlier(draft, request.actor),
        "form": sheet(draft, FIELDS, wrong),
        "carried": draft.pairs(*SHOWN),
        "villages": villages_of(municipality),
        "choose_village": "place" in wrong or bool(draft.village),
        "topics": list(all_topics()),
        "channels": CHANNELS,
        "ways": WAYS,
        "same": same or [],
        "notice": _("Kijk eerst of dit iemand is die we al kennen.") if same else "",
        "lines": lines_of(danger, municipality),
    }
    if not same:
        return render(request, "asking/ask_for.html", context, status=status)
    about: list[UUID] = [one.person_id for one in same if one.person_id]
    with reading(
        request.actor, purpose="help", object=("question", same[0].pk), action=Action.SEARCH,
        about=about, origin=origin_of(request),
    ):  # fmt: skip
        return render(request, "asking/ask_for.html", context, status=status)
