"""Starting an installation: somebody must give the first roles."""

from django.db import transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.kernel.text import sort_key
from omzien.people.actions.memberships import appoint, welcome_person
from omzien.people.models import Account, Membership, Organisation, Person
from omzien.people.models.organisations import own_name
from omzien.people.rules.roles import SYSTEM, Role

SHORTEST_PASSWORD = 12


class PasswordTooShort(Exception):
    """A password of fewer than SHORTEST_PASSWORD characters."""


@transaction.atomic
def start_with(
    *,
    municipality: Municipality,
    email: str,
    name: str,
    password: str,
    role: Role,
) -> Membership:
    """Give somebody an account with a password, and a role for the municipality itself.

    An account, a person or a role that is there stays, with the new password.
    Raises PasswordTooShort, NotIndependent.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort
    address = email.strip().casefold()
    account = Account.objects.filter(email=address).first()
    if account is None:
        account = Account.objects.create_user(address)
    account.set_password(password)
    account.is_active = account.is_proven = True
    account.save()
    with working_for(municipality.code):
        person = Person.objects.filter(account=account, municipality=municipality).first()
        if person is None:
            person = welcome_person(
                municipality=municipality, name=name, email=address, account=account, by=SYSTEM
            )
        today = timezone.localdate()
        own = own_organisation(municipality)
        live = Membership.objects.live(on=today)
        held = live.filter(person=person, role=role, organisation=own).first()
        return held or appoint(
            person=person,
            organisation=own,
            role=role,
            starts_on=today,
            by=SYSTEM,
        )


def own_organisation(municipality: Municipality) -> Organisation:
    """Return the organisation that the municipality itself is, made when it is not there."""
    found = Organisation.objects.filter(as_municipality=municipality).first()
    if found:
        return found
    name = own_name(municipality)
    organisation, _ = Organisation.objects.update_or_create(
        sort_name=sort_key(name),
        as_municipality=None,  # somebody made it known as a partner
        defaults={
            "as_municipality": municipality,
            "kind": Organisation.Kind.MUNICIPALITY,
            "ended_at": None,
        },
        create_defaults={
            "name": name,
            "as_municipality": municipality,
            "kind": Organisation.Kind.MUNICIPALITY,
        },
    )
    return organisation
