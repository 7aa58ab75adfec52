"""Roles that hold although nobody could give them today: a rule came later, or a team changed.

They are never ended by themselves. A person reads why, and ends the role or gives it anew.
"""

from datetime import date
from uuid import UUID

from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.people.models import Membership, Organisation, Team
from omzien.people.models.closeness import first_names
from omzien.people.refusals import (
    HasEnded,
    HasNoTeam,
    NotIndependent,
    NotOwnOrganisation,
    Refused,
    WrongTeam,
)
from omzien.people.rules.roles import MUNICIPAL, Role, excluded_by

Rule = type[Refused]
_ASKED = (
    "role",
    "person",
    "organisation__as_municipality",
    "organisation__ended_at",
    "team__archived_at",
    "team__organisation",
)


def broken_rule(
    role: Role, organisation: Organisation, team: Team | None, municipality: Municipality
) -> Rule | None:
    """Return which rule this place of a role breaks, if any; `appoint` refuses it with the same."""
    if organisation.ended_at:
        return HasEnded
    if role in MUNICIPAL and team:
        return HasNoTeam
    if role in MUNICIPAL and not organisation.is_of(municipality):
        return NotOwnOrganisation
    if team and (team.archived_at or team.organisation_id not in (None, organisation.pk)):
        return WrongTeam
    return None


def broken_roles(municipality: Municipality, *, on: date | None = None) -> dict[UUID, Rule]:
    """Return the keys of the roles that did not end, each with the rule that it breaks.

    Of a privacy officer who also does the work that is overseen, by whichever name, both roles
    come back: a person chooses which one goes.
    """
    held = Membership.objects.unended(on=on or timezone.localdate())
    rows = held.select_related("organisation", "team").only(*_ASKED)
    who = first_names({row.person_id for row in rows})
    roles_of: dict[UUID, set[str]] = {}
    for row in rows:
        roles_of.setdefault(who[row.person_id], set()).add(row.role)
    broken: dict[UUID, Rule] = {}
    for row in rows:
        role = Role(row.role)
        if rule := broken_rule(role, row.organisation, row.team, municipality):
            broken[row.pk] = rule
        elif excluded_by(role) & roles_of[who[row.person_id]]:
            broken[row.pk] = NotIndependent
    return broken


def count_broken(*, municipality: Municipality, on: date) -> int:
    """Return how many roles break a rule, for who works outside the pages."""
    with working_for(municipality.code):
        return len(broken_roles(municipality, on=on))
