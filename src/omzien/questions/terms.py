"""The terms of questions and handovers as a municipality chose them."""

from dataclasses import fields, replace
from datetime import date

from omzien.areas.queries import chosen
from omzien.questions.rules.terms import STANDARD, Terms

# What no page lets a municipality choose, and which law fixes it.
FIXED = {"early_weeks": "Wgs, artikel 4 lid 1: binnen vier weken een eerste gesprek"}
CHOSEN = tuple(field.name for field in fields(Terms) if field.name not in {*FIXED, "closed"})


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
