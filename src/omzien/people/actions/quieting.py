"""Turning mail off and on again: by who it goes to."""

from django.db import transaction

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.people.models import Account, Person


@transaction.atomic
def choose_notices(*, municipality: Municipality, account: Account, wants: bool) -> None:
    """Let everybody who uses an account here get notices by mail, or only what always goes."""
    rows = Person.objects.select_for_update(of=("self",)).order_by("pk")
    for one in rows.filter(municipality=municipality, account=account).exclude(wants_notices=wants):
        one.wants_notices = wants
        one.save(update_fields=["wants_notices"])
        record(
            verb="choose-notices",
            subject="person",
            subject_id=one.pk,
            by=str(one.pk),
            municipality=municipality.pk,
            wants=wants,
        )
