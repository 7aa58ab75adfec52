"""Roles that follow the groups of the municipality's own sign-on."""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.kernel.text import sort_key
from omzien.people.actions.memberships import appoint, end_membership
from omzien.people.actions.starting import own_organisation
from omzien.people.models import Membership, Organisation, Person, Team
from omzien.people.refusals import AlreadyHas, Refused
from omzien.people.rules.municipal import Given
from omzien.people.rules.roles import Actor, Role

log = logging.getLogger(__name__)


def by_sign_on(municipality: Municipality) -> Actor:
    """Return who acts when groups decide."""
    return Actor(municipality.code, Role.FUNCTIONAL_MANAGER, machine="oidc")


@transaction.atomic
def follow_groups(*, person: Person, given: Iterable[Given]) -> None:
    """Give the roles that somebody's groups say, and end those that no group says any more.

    A role that a person gave by hand is left alone. A group with a team or an organisation that
    is not here gives nothing, and is logged: signing in never fails because of it.
    """
    municipality = Municipality.objects.get(pk=person.municipality_id)
    by, today = by_sign_on(municipality), timezone.localdate()
    held = {
        (row.role, row.organisation_id, row.team_id): row
        for row in Membership.objects.live(on=today).filter(person=person, from_groups=True)
    }
    for one in given:
        place = _place(one, municipality)
        if place is None:
            log.warning("Een groep van de gemeente noemt een team of organisatie die er niet is.")
            continue
        organisation, team = place
        if held.pop((one.role.value, organisation.pk, team.pk if team else None), None):
            continue
        try:
            appoint(
                person=person,
                organisation=organisation,
                role=one.role,
                team=team,
                starts_on=today,
                by=by,
                from_groups=True,
            )
        except AlreadyHas:
            continue
        except Refused as refusal:
            log.warning("Een groep gaf geen rol: %s.", type(refusal).__name__)
    for row in held.values():
        end_membership(membership=row, by=by)


def _place(one: Given, municipality: Municipality) -> tuple[Organisation, Team | None] | None:
    organisation: Organisation | None = own_organisation(municipality)
    if one.organisation:
        organisation = (
            Organisation.objects.live().filter(sort_name=sort_key(one.organisation)).first()
        )
    team = None
    if one.team:
        team = Team.objects.live().filter(municipality=municipality, name=one.team).first()
    if organisation is None or (one.team and team is None):
        return None
    return organisation, team
