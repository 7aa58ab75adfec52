"""Who asked without an account and signs in later gets what they asked as their own."""

from django.db import transaction

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.people.models import Account, Person

MOST_PERSONS = 5  # who share one address


@transaction.atomic
def claim_persons(*, municipality: Municipality, account: Account) -> int:
    """Give an account the persons that named its address and have no account yet.

    Only for an account that just proved the address, by a code in the mail. Returns how many.
    """
    if not account.email:
        return 0
    rows = Person.objects.select_for_update(of=("self",)).filter(
        municipality=municipality, account=None, email=account.email.casefold(), memberships=None
    )
    room = MOST_PERSONS - Person.objects.filter(account=account).count()
    found = list(rows.order_by("created_at")[: max(room, 0)])
    for one in found:
        one.account = account
        one.save(update_fields=["account"])
        record(
            verb="claim",
            subject="person",
            subject_id=one.pk,
            by=str(one.pk),
            municipality=municipality.code,
        )
    return len(found)
