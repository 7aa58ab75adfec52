"""Telling somebody that a manager shut them out, or opened their account again."""

import time

from django.db import transaction

from omzien.areas.queries import address_of
from omzien.messages.elsewhere import tell_elsewhere
from omzien.messages.signing_in import tell_owner
from omzien.people.actions.sessions import reopen_account, shut_out
from omzien.people.models import Person
from omzien.people.rules.closing import Cause, Deed
from omzien.people.rules.roles import Actor

SHUT = {Deed.CLOSE: ("account-shut", "/over"), Deed.SIGN_OUT: ("signed-out", "/aanmelden")}


@transaction.atomic
def shut(*, person: Person, deed: Deed, cause: Cause, by: Actor) -> None:
    """Shut somebody out and mail the owner that it happened, not why; another municipality where
    they work hears it as well. Raises as `shut_out`.
    """
    account = shut_out(person=person, deed=deed, cause=cause, by=by)
    if deed == Deed.CLOSE:
        tell_elsewhere("closed-elsewhere", account, than=person.municipality)
    code, path = SHUT[deed]
    tell_owner(
        code,
        person.municipality,
        key=f"account:{account.pk}:{code}:{time.time():.3f}",
        recipient=account.email or person.email,
        link=f"{address_of(person.municipality)}{path}",
    )


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
