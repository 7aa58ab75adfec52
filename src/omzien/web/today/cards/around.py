"""The cards of what goes on around questions: lists of a team, and reading in an emergency."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omzien.people.rules.roles import Actor
from omzien.questions.models import AftercareAnswer, BreakGlass, EarlySignal, Objection, Signal
from omzien.web.today.card import MOST_COUNTED, Card


def _waiting(
    verb: str,
    rows: Callable[[Actor], QuerySet[Any]],
    title: Any,
    page: str,
    label: Any,
    otherwise: Any = "",
) -> Callable[[Actor, date], Card | None]:
    """Return a card for a list of the team: how many wait; when none does `otherwise`, if any."""

    def card(actor: Actor, on: date) -> Card | None:
        if not actor.may(verb):
            return None
        link = (reverse(page), str(label))
        count = len(rows(actor).values_list("pk", flat=True)[:MOST_COUNTED])
        if not count:
            return Card(str(title), str(otherwise), *link) if otherwise else None
        text = ngettext("%(n)d wacht op je team.", "%(n)d wachten op je team.", count)
        return Card(str(title), text % {"n": count}, *link, urgent=True)

    return card


def _emergency(actor: Actor, on: date) -> Card | None:
    if not actor.may("story.emergency"):
        return None
    text = _("Kan een vraag van een ander team niet wachten? Lees mee, met een reden.")
    return Card(_("Noodinzage"), text, reverse("break-glass"), _("Lees in nood"))


CARDS = (
    _waiting("signal.work", lambda actor: Signal.objects.visible_to(actor),
             gettext_lazy("Zorgen om iemand"), "signals", gettext_lazy("Bekijk de meldingen")),
    _waiting("early.work", lambda actor: EarlySignal.objects.visible_to(actor),
             gettext_lazy("Vroege signalen"), "early-signals",
             gettext_lazy("Bekijk de signalen"),
             gettext_lazy("Er wacht niets. Lees hier een bestand van een partner in.")),
    _waiting("objection.answer", lambda actor: Objection.objects.visible_to(actor).open(),
             gettext_lazy("Niet eens"), "objections", gettext_lazy("Geef antwoord")),
    _waiting("question.close", lambda actor: AftercareAnswer.objects.to_call(actor),
             gettext_lazy("Bellen voor nazorg"), "aftercare-calls",
             gettext_lazy("Bekijk wie je belt")),
    _waiting("emergency.review", lambda actor: BreakGlass.objects.visible_to(actor).to_review(),
             gettext_lazy("Noodinzages"), "emergency-readings", gettext_lazy("Kijk ze na")),
    _emergency,
)  # fmt: skip
