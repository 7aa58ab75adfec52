"""Who asked without an account and signs in later gets what they asked as their own."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.people.models import Account, Invitation, Person

MOST_PERSONS = 5  # who share one address


@transaction.atomic
def claim_persons(*, municipality: Municipality, account: Account) -> int:
    """Give an account the persons that named its address and have no account yet.

    Only for an account that just proved the address, by a code in the mail. Who was invited to
    work at this address takes that up: the code came to the same mailbox as the invitation, and
    the work itself still asks for the second step. Returns how many.
    """
    if not account.email:
        return 0
    address = account.email.casefold()
    invited = Invitation.objects.filter(
        email__iexact=address, used_at=None, expires_at__gt=timezone.now()
    )
    rows = Person.objects.select_for_update(of=("self",)).filter(
        Q(memberships=None) | Q(pk__in=invited.values("person")),
        municipality=municipality, account=None, email=address,
    )  # fmt: skip
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
