"""Telling somebody that their account was opened again."""

import time

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from omzien.areas.queries import address_of
from omzien.messages.actions import tell
from omzien.people.actions.sessions import reopen_account
from omzien.people.models import Person
from omzien.people.rules.roles import Actor


@transaction.atomic
def open_again(*, person: Person, by: Actor) -> None:
    """Open it and mail the owner that it happened. Raises what `reopen_account` does."""
    account = reopen_account(person=person, by=by)
    municipality = person.municipality
    with override(settings.LANGUAGE_CODE):
        subject = _("Je account bij Omzien %(name)s is weer open")
        body = _(
            "Dag,\n\nDe functioneel beheerder heeft je account weer geopend. Je kunt je weer "
            "aanmelden:\n\n%(link)s\n\nVroeg je dit niet? Laat het de gemeente dan meteen "
            "weten:\n\n%(about)s"
        ) % {
            "link": f"{address_of(municipality)}/aanmelden",
            "about": f"{address_of(municipality)}/over",
        }
        tell(
            municipality=municipality,
            key=f"account:{account.pk}:reopened:{time.time():.3f}",
            recipient=account.email or person.email,
            subject=subject % {"name": municipality.name},
            body=body,
        )
