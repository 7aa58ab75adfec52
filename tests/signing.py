"""People of the tests, and how a test is somebody: signed in, with a hat on."""

import time

from django.test import Client

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.people.actions.memberships import appoint, welcome_person
from omzien.people.actions.starting import own_organisation
from omzien.people.models import Account, Membership, Organisation, Person, Team
from omzien.people.models.sessions import SEEN, STARTED
from omzien.people.rules.roles import SYSTEM, Role
from omzien.web.doors import HAT, STRONG
from tests.worlds import TODAY


def account(email: str) -> Account:
    """Return the account with an address, made when it is not there."""
    return Account.objects.filter(email=email).first() or Account.objects.create_user(email)


def person(municipality: Municipality, name: str = "Bea Bakker", email: str = "") -> Person:
    """Return somebody with an account of their own."""
    address = email or f"{name.split()[0].lower()}@{municipality.slug}.example"
    with working_for(municipality.code):
        return welcome_person(
            municipality=municipality,
            name=name,
            email=address,
            account=account(address),
            by=SYSTEM,
        )


def member(
    role: Role,
    municipality: Municipality,
    *,
    name: str = "Bea Bakker",
    organisation: Organisation | None = None,
    team: Team | None = None,
    **more: object,
) -> Membership:
    """Return a role of a new person, for the municipality itself unless said otherwise."""
    somebody = person(municipality, name)
    with working_for(municipality.code):
        return appoint(
            person=somebody,
            organisation=organisation or own_organisation(municipality),
            role=role,
            team=team,
            starts_on=TODAY,
            by=SYSTEM,
            **more,
        )


def wearing(hat: Membership | Person, *, strong: bool = True) -> Client:
    """Return a browser in which somebody signed in and put on this hat."""
    holder = hat.person if isinstance(hat, Membership) else hat
    kind = "membership" if isinstance(hat, Membership) else "person"
    client = Client(HTTP_HOST=Municipality.objects.get(pk=hat.municipality_id).host)
    client.force_login(holder.account)
    session = client.session
    session[HAT], session[STRONG] = f"{kind}:{hat.pk}", strong
    session[SEEN] = session[STARTED] = int(time.time())
    session.save()
    return client


def chief_editor(municipality: Municipality) -> Client:
    """Return the browser of a chief editor."""
    return wearing(member(Role.CHIEF_EDITOR, municipality, name="Riet Redactie"))
