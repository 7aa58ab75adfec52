"""Organisations, which belong to no municipality, and where they work."""

from uuid import UUID

from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.people.models import Membership, Organisation, Team


def others(municipality: Municipality) -> list[str]:
    """Return the codes of the other municipalities that work with this site."""
    rows = Municipality.objects.exclude(host=None).exclude(pk=municipality.pk)
    return list(rows.values_list("pk", flat=True))


def working_elsewhere(municipality: Municipality) -> set[UUID]:
    """Return the keys of the organisations that work in another municipality too."""
    found: set[UUID] = set()
    today = timezone.localdate()
    for code in others(municipality):
        with working_for(code):
            for rows in (Membership.objects.unended(on=today), Team.objects.live()):
                keys = rows.exclude(organisation=None).order_by()
                found |= set(keys.values_list("organisation", flat=True).distinct())
    return found


def held_by(organisation: Organisation) -> list[tuple[str, str]]:
    """Return what keeps an organisation from ending here: (kind, name); of roles how many."""
    held = Membership.objects.unended(on=timezone.localdate()).filter(organisation=organisation)
    roles, teams = held.count(), Team.objects.live().filter(organisation=organisation)
    return [
        *([("role", str(roles))] if roles else []),
        *(("team", name) for name in teams.values_list("name", flat=True)),
    ]
