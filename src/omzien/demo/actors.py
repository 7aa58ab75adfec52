"""Who does what in the demonstration, as whom, and when."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.people.models import Membership, Person, Team
from omzien.people.rules.roles import Actor, Role
from omzien.questions.models import Question

WORKERS = (Role.CONNECTOR, Role.TEAM_MEMBER, Role.PARTNER_WORKER)
Step = dict[str, Any]


def moment(on: date, ago: int) -> datetime:
    """Return ten in the morning some days ago; of today itself, this moment."""
    day = on - timedelta(days=ago)
    return timezone.now() if ago == 0 else timezone.make_aware(datetime.combine(day, time(10)))


def as_member(membership: Membership) -> Actor:
    """Return who a membership lets somebody be."""
    return Actor(
        membership.municipality_id,
        Role(membership.role),
        person=membership.person_id,
        membership=membership.pk,
        organisation=membership.organisation_id,
        team=membership.team_id,
    )


def worker_of(team: Team, *roles: Role) -> Actor:
    """Return who works in a team, or has one of these roles there. Raises LookupError."""
    live = Membership.objects.live(on=timezone.localdate())
    rows = live.filter(team=team, role__in=roles or WORKERS)
    one = rows.order_by("starts_on", "role", "person__name").first()
    if one is None:
        raise LookupError(f"nobody works in {team.name}")
    return as_member(one)


def resident_of(question: Question) -> Actor:
    """Return the resident of a question."""
    return Actor(question.municipality_id, Role.RESIDENT, person=question.person_id)


def team_called(name: str, municipality: Municipality | str) -> Team:
    """Return a team of a municipality by its name. Raises Team.DoesNotExist."""
    return Team.objects.get(municipality=municipality, name=name)


def person_called(name: str, municipality: Municipality | str) -> Person:
    """Return somebody of `people.toml` by the name. Raises Person.DoesNotExist."""
    return Person.objects.get(municipality=municipality, name=name)
