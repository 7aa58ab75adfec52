"""Telling somebody that their second step was taken away."""

import time

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from omzien.areas.queries import address_of
from omzien.messages.actions import tell
from omzien.people.actions.steps import take_second_step_away
from omzien.people.models import Person
from omzien.people.rules.roles import Actor
from omzien.people.rules.steps import Reason


@transaction.atomic
def free_of_second_step(*, person: Person, reason: Reason, by: Actor) -> None:
    """Take it away and mail the owner that it happened, not why.

    Raises what `take_second_step_away` does.
    """
    account = take_second_step_away(person=person, reason=reason, by=by)
    municipality = person.municipality
    with override(settings.LANGUAGE_CODE):
        subject = _("Je tweede stap bij Omzien %(name)s is weggehaald")
        body = _(
            "Dag,\n\nDe functioneel beheerder heeft je tweede stap weggehaald. Je bent overal "
            "afgemeld. Meld je weer aan met je wachtwoord en stel een nieuwe tweede stap in:\n\n"
            "%(link)s\n\nVroeg je dit niet? Kies dan meteen een nieuw wachtwoord en bel de "
            "functioneel beheerder."
        ) % {"link": f"{address_of(municipality)}/aanmelden/wachtwoord"}
        tell(
            municipality=municipality,
            key=f"second-step:{account.pk}:{time.time():.3f}",
            recipient=account.email or person.email,
            subject=subject % {"name": municipality.name},
            body=body,
        )
