"""Telling somebody that their second step was taken away."""

import time

from django.db import transaction

from omzien.areas.queries import address_of
from omzien.messages.elsewhere import tell_elsewhere
from omzien.messages.signing_in import tell_owner
from omzien.people.actions.steps import take_second_step_away
from omzien.people.models import Person
from omzien.people.rules.roles import Actor
from omzien.people.rules.steps import Reason


@transaction.atomic
def free_of_second_step(*, person: Person, reason: Reason, by: Actor) -> None:
    """Take it away and mail the owner that it happened, not why; another municipality where they
    work hears it as well.

    Raises what `take_second_step_away` does.
    """
    account = take_second_step_away(person=person, reason=reason, by=by)
    municipality = person.municipality
    tell_elsewhere("freed-elsewhere", account, than=municipality)
    tell_owner(
        "second-step-gone",
        municipality,
        key=f"second-step:{account.pk}:{time.time():.3f}",
        recipient=account.email or person.email,
        link=f"{address_of(municipality)}/aanmelden/wachtwoord",
    )
