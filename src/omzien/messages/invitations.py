"""Inviting somebody to make a way to sign in: the functional manager sends a link."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from omzien.areas.queries import address_of
from omzien.messages.actions import tell
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
    with override(settings.LANGUAGE_CODE):
        subject = _("Je kunt je aanmelden bij Omzien %(name)s") % {"name": municipality.name}
        body = _(
            "Dag,\n\nJe bent uitgenodigd om mee te werken aan Omzien %(name)s. "
            "Maak met deze link een manier om je aan te melden:\n\n%(link)s\n\n"
            "De link werkt één keer en zeven dagen lang. Verwachtte je deze mail niet? "
            "Dan hoef je niets te doen."
        ) % {"name": municipality.name, "link": link}
    tell(
        municipality=municipality,
        key=f"invitation:{invitation.pk}",
        recipient=invitation.email,
        subject=subject,
        body=body,
    )
    return invitation
