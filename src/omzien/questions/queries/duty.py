"""Who is on duty for what cannot wait, and whom to phone, in which order."""

from dataclasses import dataclass

from django.utils import timezone

from omzien.areas.queries import chosen
from omzien.people.models import Membership, Team
from omzien.people.rules.roles import Role
from omzien.questions.models import Question


@dataclass(frozen=True)
class Call:
    """One number to phone."""

    name: str
    phone: str


def duty_team_of(municipality: str) -> Team | None:
    """Return the team that the municipality chose for what is acute, while it works."""
    name = chosen(municipality, "duty_team", "")
    if not name:
        return None
    return Team.objects.live().filter(municipality=municipality, name__iexact=name).first()


def duty_phone_of(municipality: str) -> str:
    """Return the number of who is on duty, "" when none was chosen."""
    return chosen(municipality, "duty_phone", "") or chosen(municipality, "crisis_desk", "")


def phone_tree(question: Question) -> list[Call]:
    """Return whom to phone about an acute question, first to last; each number once."""
    code = question.municipality_id
    duty = duty_team_of(code)
    rows = Membership.objects.at_work(on=timezone.localdate()).filter(
        team=question.team_id, role=Role.COORDINATOR
    )
    bosses = rows.exclude(person__phone="").values_list("person__name", "person__phone")
    default = Team.objects.filter(municipality=code, is_default=True).first()
    found = [
        Call(duty.name if duty else "", duty_phone_of(code)),
        *([Call(duty.name, duty.phone)] if duty else []),
        Call(question.team.name, question.team.phone),
        *(Call(*one) for one in bosses),
        *([Call(default.name, default.phone)] if default else []),
    ]
    by_number = {one.phone: one for one in reversed(found) if one.phone}
    return [one for one in found if by_number.get(one.phone) is one]
