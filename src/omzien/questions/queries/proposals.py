"""Which team would get a question if it came in now. Only a proposal: nothing moves by itself."""

from datetime import datetime

from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.people.actions.teams import the_default_team
from omzien.people.models import Team
from omzien.questions.models import Question
from omzien.questions.queries.routing import routes_of


def proposed_team(question: Question, *, at: datetime) -> Team | None:
    """Return another team than the owner to which the routes lead; None when they lead here."""
    municipality = Municipality.objects.get(pk=question.municipality_id)
    routes = routes_of(municipality, default=the_default_team(municipality).pk)
    wanted = routes.team_for(question.village_id, question.topics, timezone.localtime(at))
    return None if wanted == question.team_id else Team.objects.get(pk=wanted)
