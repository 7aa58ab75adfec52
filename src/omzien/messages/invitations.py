"""Inviting somebody to make a way to sign in: the functional manager sends a link."""

from django.db import transaction
from django.urls import reverse

from omzien.areas.queries import address_of
from omzien.messages.signing_in import tell_owner
from omzien.people.actions.invitations import open_invitation, token_for
from omzien.people.models import Invitation, Person
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
