"""The terms of questions and handovers as a municipality chose them."""

from dataclasses import fields, replace
from datetime import date

from omzien.areas.queries import chosen
from omzien.questions.rules.terms import STANDARD, Terms

# What no page lets a municipality choose, and what fixes it: mostly a law.
FIXED = {
    "early_weeks": "Wgs, artikel 4 lid 1: binnen vier weken een eerste gesprek",
    "debt_days": "Wgs, artikel 4 lid 2: binnen drie werkdagen bij een bedreigende situatie",
    "research_weeks": "Wmo 2015, artikel 2.3.2 lid 1: binnen zes weken het onderzoek",
    "feedback_days": "De mail met de link noemt twee weken",
    "plan_days": "Wmo 2015, artikel 2.3.2 lid 2: zeven dagen voor een persoonlijk plan",
}
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
