"""Which teams may talk about a question: the owner, and those that a ground covers."""

from datetime import datetime

from django.db.models import Q

from omzien.people.models import Ground, GroundRecipient, Team
from omzien.people.rules.grounds import LET_ALONG, Category
from omzien.questions.models import Question


def involved_teams(question: Question, *, at: datetime) -> list[Team]:
    """Return the teams that may take part in a discussion, the owner first."""
    grounds = Ground.objects.holding(at=at).filter(
        person=question.person_id, purpose__in=LET_ALONG, categories__contains=[Category.STORY]
    )
    named = GroundRecipient.objects.filter(ground__in=grounds)
    wanted = Q(pk__in=named.exclude(team=None).values("team"))
    wanted |= Q(organisation__in=named.filter(team=None).values("organisation"))
    others = Team.objects.live().filter(wanted).exclude(pk=question.team_id).order_by("name")
    return [question.team, *others]
