"""Telling somebody that their account was opened again."""

import time

from django.db import transaction

from omzien.areas.queries import address_of
from omzien.messages.signing_in import tell_owner
from omzien.people.actions.sessions import reopen_account
from omzien.people.models import Person
from omzien.people.rules.roles import Actor


@transaction.atomic
def open_again(*, person: Person, by: Actor) -> None:
    """Open it and mail the owner that it happened. Raises what `reopen_account` does."""
    account = reopen_account(person=person, by=by)
    municipality = person.municipality
    tell_owner(
        "account-reopened",
        municipality,
        key=f"account:{account.pk}:reopened:{time.time():.3f}",
        recipient=account.email or person.email,
        link=f"{address_of(municipality)}/aanmelden",
    )
