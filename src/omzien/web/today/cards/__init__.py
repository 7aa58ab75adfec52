"""The cards of "what needs me today": each is a function that asks the table of roles first."""

from collections.abc import Callable
from datetime import date

from omzien.people.rules.roles import Actor
from omzien.web.today.card import Card
from omzien.web.today.cards import (
    around,
    directory,
    mediation,
    people,
    questions,
    resident,
    retention,
    routes,
)

CARDS: tuple[Callable[[Actor, date], Card | None], ...] = (
    *questions.CARDS,
    *directory.CARDS,
    *people.CARDS,
    *retention.CARDS,
    *resident.CARDS,
    *routes.CARDS,
    *mediation.CARDS,
    *around.CARDS,
)


def cards_for(actor: Actor, *, on: date) -> list[Card]:
    """Return the cards for somebody's role, urgent ones first."""
    found = [card for make in CARDS if (card := make(actor, on)) is not None]
    found += resident.my_questions(actor, on)
    return sorted(found, key=lambda card: not card.urgent)
