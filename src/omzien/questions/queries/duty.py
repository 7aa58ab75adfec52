"""Who is on duty for what cannot wait, and whom to phone, in which order."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from omzien.areas.queries import chosen
from omzien.people.models import Membership, Team
from omzien.people.rules.roles import Role
from omzien.questions.models import Question
from omzien.questions.rules.crisis import OFFICE, answer_by, is_open, opens_at
from omzien.questions.terms import terms_of


@dataclass(frozen=True)
class Call:
    """One number to phone."""

    name: str
    phone: str


@dataclass(frozen=True)
class Promise:
    """What may be promised to who asks something that cannot wait."""

    is_now: bool  # somebody works, so it is read at once
    opens: datetime  # when somebody works again
    answer_by: datetime  # until when somebody takes it up, before the phone tree is used
    duty: Team | None


def promised(municipality: str, *, at: datetime) -> Promise:
    """Return when somebody reads and takes up what comes in as acute at a moment."""
    hours, closed = office_hours(municipality), terms_of(municipality).closed
    local = timezone.localtime(at)
    return Promise(
        is_open(local, hours, closed),
        opens_at(local, hours, closed),
        answer_by(local, hours, closed),
        duty_team_of(municipality),
    )


def office_hours(municipality: str) -> list[list[str]]:
    """Return when the municipality works: day, from and until; by itself those of an office."""
    return chosen(municipality, "desk_hours", []) or OFFICE


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
    own = chosen(code, "duty_phone", "")
    found = [
        Call("" if own else chosen(code, "crisis_desk_name", ""), duty_phone_of(code)),
        *([Call(duty.name, duty.phone)] if duty else []),
        Call(question.team.name, question.team.phone),
        *(Call(*one) for one in bosses),
        *([Call(default.name, default.phone)] if default else []),
    ]
    by_number = {one.phone: one for one in reversed(found) if one.phone}
    return [one for one in found if by_number.get(one.phone) is one]
