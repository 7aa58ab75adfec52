"""The terms of neighbour mediation as a municipality chose them, and which team does it."""

from dataclasses import fields, replace
from datetime import date

from omzien.areas.queries import chosen
from omzien.mediation.rules.terms import STANDARD, Terms
from omzien.people.models import Team

CHOSEN = tuple(field.name for field in fields(Terms) if field.name != "closed")


def terms_of(municipality: str) -> Terms:
    """Return the terms of the municipality with a CBS code."""
    closed: list[str] = chosen(municipality, "closed_days", [])
    values = {
        name: chosen(municipality, f"mediation_{name}", getattr(STANDARD, name)) for name in CHOSEN
    }
    return replace(STANDARD, **values, closed=frozenset(date.fromisoformat(day) for day in closed))


def team_of(municipality: str) -> Team | None:
    """Return the team that mediates in the municipality with a CBS code; None where there is
    none, or where it is off.
    """
    name = chosen(municipality, "mediation_team", "")
    if not name or not chosen(municipality, "use_mediation", True):  # noqa: FBT003 # as it ships
        return None
    return Team.objects.live().filter(municipality=municipality, name__iexact=name).first()
