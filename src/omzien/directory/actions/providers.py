"""Which organisation a provider of the social map is: its people keep the entries."""

from django.db import transaction

from omzien.directory.models import Provider
from omzien.journal.actions import record
from omzien.people.actions.memberships import held_open
from omzien.people.models import Organisation
from omzien.people.refusals import AlreadyHas, HasEnded, NotAllowed
from omzien.people.rules.roles import Actor


@transaction.atomic
def tie_provider(*, provider: Provider, organisation: Organisation, by: Actor) -> Provider:
    """Say that a provider is an organisation: who edits for it keeps these entries, and their
    pages say how it answers.

    Raises NotAllowed, HasEnded, and AlreadyHas of one that is another organisation's.
    """
    row = _held(provider, by)
    if held_open(organisation).ended_at:
        raise HasEnded
    if row.organisation_id not in (None, organisation.pk):
        raise AlreadyHas
    return _tie(row, organisation, by)


@transaction.atomic
def untie_provider(*, provider: Provider, by: Actor) -> Provider:
    """Say that a provider is no organisation that works here any more. Raises NotAllowed."""
    return _tie(_held(provider, by), None, by)


def _held(provider: Provider, by: Actor) -> Provider:
    if not by.may_all("organisation.manage") or provider.municipality_id != by.municipality:
        raise NotAllowed
    return Provider.objects.select_for_update(of=("self",)).get(pk=provider.pk)


def _tie(row: Provider, organisation: Organisation | None, by: Actor) -> Provider:
    row.organisation = organisation
    row.save(update_fields=["organisation"])
    record(
        verb="tie" if organisation else "untie",
        subject="provider",
        subject_id=row.pk,
        by=by.key,
        municipality=row.municipality_id,
        organisation=str(organisation.pk) if organisation else "",
    )
    return row
