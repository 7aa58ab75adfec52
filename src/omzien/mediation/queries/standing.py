"""Whether somebody has to do with neighbour mediation at all, so that their pages are there."""

from omzien.mediation.models import Case, Seat
from omzien.mediation.terms import team_of
from omzien.people.rules.roles import Actor


def mediates(actor: Actor) -> bool:
    """Tell whether a volunteer is of the team that mediates, or sits in a case."""
    return _is_ours(actor) or Seat.objects.own(actor).exists()


def coordinates(actor: Actor) -> bool:
    """Tell whether the team of `actor` mediates, or did."""
    if actor.team is None:
        return False
    return _is_ours(actor) or Case.objects.filter(team=actor.team).exists()


def _is_ours(actor: Actor) -> bool:
    team = team_of(actor.municipality) if actor.team else None
    return team is not None and team.pk == actor.team
