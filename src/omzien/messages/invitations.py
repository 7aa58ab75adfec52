"""Telling somebody about a role: with a link to make a way to sign in, or that one was added."""

from django.db import transaction
from django.urls import reverse

from omzien.areas.queries import address_of
from omzien.messages.signing_in import tell_owner
from omzien.people.actions.invitations import open_invitation, token_for
from omzien.people.models import Invitation, Membership, Person
from omzien.people.rules.roles import Actor


class NoAddress(Exception):
    """The person has no mail address to send the link to."""


@transaction.atomic
def invite(*, person: Person, by: Actor) -> Invitation:
    """Mail somebody a link; the mail holds nothing about them but the address it goes to.

    Raises NotAllowed and NoAddress.
    """
    if not person.email:
        raise NoAddress
    invitation = open_invitation(person=person, by=by)
    municipality = person.municipality
    link = address_of(municipality) + reverse("invitation", args=[token_for(invitation)])
    # Always in the language of the site, whatever the sender reads it in.
    key = f"invitation:{invitation.pk}"
    tell_owner("invited", municipality, key=key, recipient=invitation.email, link=link)
    return invitation


def tell_of_role(*, membership: Membership, by: Actor) -> None:
    """Mail somebody who was known here that a role was added, or invite who cannot sign in yet.

    Who has no mail address hears it from who gave the role. Raises NotAllowed.
    """
    person = membership.person
    address = person.email or (person.account.email if person.account else "") or ""
    if not address:
        return
    if person.account is None and person.email:
        invite(person=person, by=by)
        return
    link = address_of(person.municipality) + reverse("hats")
    key = f"role-given:{membership.pk}"
    tell_owner("role-given", person.municipality, key=key, recipient=address, link=link)
