"""The pages of a role that no card leads to, so that nobody has to type an address."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from omzien.people.rules.roles import Actor, Scope


@dataclass(frozen=True)
class Page:
    """A page and the verb that its door asks; `far` where only the whole municipality will do."""

    verb: str
    name: str
    title: Any
    far: bool = False


PAGES = (
    Page("question.ask_for_other", "ask-for", _("Nieuwe vraag voor een inwoner"), far=True),
    Page("contact.confirm", "handovers", _("Overdrachten")),
    Page("question.work", "anonymous-discussions", _("Overleg")),
    Page("question.work", "crises", _("Wat is nu acuut?")),
    Page("signal.work", "signals", _("Zorgen om iemand")),
    Page("objection.answer", "objections", _("Wie is het niet eens?")),
    Page("question.close", "aftercare-calls", _("Bel: is het opgelost?")),
    Page("caseload.totals", "caseload-totals", _("Werklast per team")),
    Page("emergency.review", "emergency-readings", _("Wie las mee in nood?")),
    Page("texts.change", "standard-texts", _("Standaardteksten")),
    Page("settings.change", "instruments", _("Meetlijsten")),
    Page("rules.approve", "route-proposals", _("Voorstellen voor een andere route")),
    Page("rules.advise", "advise-routes", _("Advies over routes")),
    Page("rules.apply", "routes", _("Welk team krijgt welke vraag?")),
    Page("directory.change", "own-entries", _("Mijn aanbod")),
    Page("directory.words", "words", _("Zoekwoorden")),
    Page("directory.gaps", "questions", _("Vragen zonder goed antwoord")),
    Page("dossier.export", "find-person", _("Gegevens van een persoon"), far=True),
    Page("access.own_acts", "own-acts", _("Wat je zelf bekeek")),
    Page("log.read", "access-log", _("Wie keek waar?")),
    Page("question.follow", "my-questions", _("Mijn vragen")),
    Page("question.follow", "mandates", _("Wie mag je helpen, en wie help jij?")),
)


def pages_for(actor: Actor, *, without: Collection[str]) -> list[tuple[str, str]]:
    """Return address and title of what `actor` may open, but for the addresses `without`."""
    open_to = (one for one in PAGES if _may(actor, one))
    found = [(reverse(one.name), str(one.title)) for one in open_to]
    return [(address, title) for address, title in found if address not in without]


def _may(actor: Actor, page: Page) -> bool:
    reach = actor.may(page.verb)
    return Scope.ALL in reach if page.far else bool(reach)
