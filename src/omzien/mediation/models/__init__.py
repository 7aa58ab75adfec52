"""Cases of neighbour mediation; the file of each neighbour; mediators, talks and agreements."""

from omzien.mediation.models.cases import Case
from omzien.mediation.models.mediators import Mediator, Seat
from omzien.mediation.models.parties import Party
from omzien.mediation.models.talks import Agreement, Talk

__all__ = ["Agreement", "Case", "Mediator", "Party", "Seat", "Talk"]
