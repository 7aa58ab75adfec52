"""The terms of questions and handovers as a municipality chose them."""

from dataclasses import fields, replace
from datetime import date

from omzien.areas.queries import chosen
from omzien.questions.rules.terms import STANDARD, Terms

CHOSEN = tuple(field.name for field in fields(Terms) if field.name != "closed")


def terms_of(municipality: str) -> Terms:
    """Return the terms of the municipality with a CBS code."""
    closed: list[str] = chosen(municipality, "closed_days", [])
    return replace(
        STANDARD,
        **{
            name: chosen(municipality, f"question_{name}", getattr(STANDARD, name))
            for name in CHOSEN
        },
        closed=frozenset(date.fromisoformat(day) for day in closed),
    )
