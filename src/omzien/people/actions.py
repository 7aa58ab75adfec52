"""Accounts of people who work with Omzien."""

from django.contrib.auth.models import Group
from django.db import transaction

from omzien.journal.actions import record
from omzien.journal.isolation import working_for
from omzien.people.models import Account
from omzien.people.queries import editors_group

SHORTEST_PASSWORD = 12


class PasswordTooShort(Exception):
    """A password of fewer than SHORTEST_PASSWORD characters."""


@transaction.atomic
def make_editor(*, email: str, password: str, municipality: str, by: str) -> Account:
    """Make somebody an editor of a municipality (CBS code); an existing account keeps its key.

    Raises PasswordTooShort.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort
    address = email.strip().casefold()
    account = Account.objects.filter(email=address).first()
    if account is None:
        account = Account.objects.create_user(address)
    account.set_password(password)
    account.is_staff = account.is_active = True
    account.save()
    group, _ = Group.objects.get_or_create(name=editors_group(municipality))
    account.groups.add(group)
    with working_for(municipality):
        record(
            verb="make-editor",
            subject="account",
            subject_id=account.pk,
            by=by,
            municipality=municipality,
        )
    return account
