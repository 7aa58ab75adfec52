"""Telling other municipalities what one did to an account that works for them too."""

import time

from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of
from omzien.journal.actions import record
from omzien.journal.isolation import working_for
from omzien.messages.signing_in import tell_owner
from omzien.people.models import Account
from omzien.people.queries.hats import works_elsewhere
from omzien.people.queries.mailboxes import of_functional_managers
from omzien.people.rules.roles import SYSTEM

ELSEWHERE = "elsewhere"  # the first word of the keys of these mails


def tell_elsewhere(code: str, account: Account, *, than: Municipality) -> None:
    """Note it in each other municipality where the account has a role, and mail who keeps Omzien
    there. Which municipality did it, and why, does not cross the wall; nor does `than` learn of it.
    """
    today = timezone.localdate()
    for town in works_elsewhere(account.pk, than=than, on=today):
        with working_for(town.code):
            record(
                verb=code, subject="account", subject_id=account.pk, by=SYSTEM.key,
                municipality=town.code,
            )  # fmt: skip
            for address in of_functional_managers(town.code, on=today):
                if address != account.email:  # who was shut out hears it otherwise
                    tell_owner(
                        code, town, key=f"{ELSEWHERE}:{account.pk}:{time.time():.3f}",
                        recipient=address, link=f"{address_of(town)}/beheer/mensen",
                    )  # fmt: skip
