"""Organisations, which belong to no municipality, and where they work."""

from uuid import UUID

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.people.models import Membership, Team


def working_elsewhere(municipality: Municipality) -> set[UUID]:
    """Return the keys of the organisations that work in another municipality too."""
    found: set[UUID] = set()
    others = Municipality.objects.exclude(host=None).exclude(pk=municipality.pk)
    for code in others.values_list("pk", flat=True):
        with working_for(code):
            for model in (Membership, Team):
                rows = model._default_manager.exclude(organisation=None)
                found |= set(rows.values_list("organisation", flat=True).distinct())
    return found
