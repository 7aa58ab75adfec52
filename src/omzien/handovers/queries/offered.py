"""What other teams offer to a team."""

from django.db.models import QuerySet

from omzien.handovers.models import Handover
from omzien.people.rules.roles import Actor, Scope


def offered_to(actor: Actor) -> QuerySet[Handover]:
    """Return the open handovers to the team of `actor`, the first to answer first."""
    if Scope.TEAM not in actor.may("handover.answer") or actor.team is None:
        return Handover.objects.none()
    rows = Handover.objects.visible_to(actor).open().filter(to_team=actor.team)
    return rows.select_related("from_team", "question__village").order_by("due_on", "pk")
