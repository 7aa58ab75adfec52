"""What belongs to a village, and so keeps it from being taken away."""

from omzien.areas.models import Village
from omzien.directory.models import Service
from omzien.people.models import Membership, Team
from omzien.questions.models import Question, RoutingRule

MOST = 50


def uses_of(village: Village) -> list[tuple[str, list[str]]]:
    """Return what belongs to a village: (kind, names); of what is private only how many."""
    here, pk = village.municipality_id, village.pk
    questions = Question.objects.filter(village=village)
    live = questions.live().values_list("reference", flat=True)[:MOST]
    ended = questions.exclude(pk__in=questions.live()).count()
    teams = Team.objects.live().filter(municipality=here, villages__contains=[pk])
    routes = RoutingRule.objects.filter(municipality=here, villages__contains=[pk])
    roles = Membership.objects.filter(ended_at=None, villages__contains=[pk]).count()
    entries = Service.objects.filter(village=village).order_by("sort_title", "pk")
    found = [
        ("question", list(live)),
        ("ended", [str(ended)] if ended else []),
        ("team", list(teams.values_list("name", flat=True)[:MOST])),
        ("route", [str(one) for one in routes.values_list("position", flat=True)[:MOST]]),
        ("role", [str(roles)] if roles else []),
        ("entry", list(entries.values_list("title", flat=True)[:MOST])),
    ]
    return [(kind, names) for kind, names in found if names]
