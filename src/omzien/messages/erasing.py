"""Telling somebody what came of their request to be erased."""

import logging
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from omzien.messages.direct import MailAway, send_now
from omzien.messages.letters import write_to
from omzien.messages.mails import HELLO, REGARDS, Mail, notice, written
from omzien.people.models import Batch, Person
from omzien.people.privacy import retaining
from omzien.people.rules.retention import Refusal
from omzien.people.rules.roles import Actor

log = logging.getLogger(__name__)

ASKED = _("Je vroeg Omzien {gemeente} om je gegevens te wissen.")
MAILS: Mapping[str, Mail] = {
    "erased": Mail(
        _("Aan wie vroeg om gewist te worden: het is gedaan"),
        _("Je verzoek aan Omzien {gemeente} is uitgevoerd"),
        (
            HELLO,
            ASKED,
            _(
                "Dat is gedaan. In onze logboeken blijft alleen een nummer staan dat niemand meer "
                "aan jou kan koppelen. Dit mailadres hebben we nu ook niet meer."
            ),
            REGARDS,
        ),
        ("gemeente",),
    ),
    "erasing-refused": notice(
        _("Aan wie vroeg om gewist te worden: er is een antwoord"),
        _("Er is een antwoord op je vraag aan Omzien {gemeente}"),
        _("Je vroeg ons iets over je gegevens. Het antwoord staat voor je klaar."),
    ),
}


def tell_when_erased(person: Person) -> None:
    """Mail somebody once this transaction has erased them.

    The mail goes straight out and lies in no table: nothing of them may stay behind, not even
    the address that it is for. Where no mail server answers it is not tried again.
    """
    address = _address(person)
    if not address:
        return
    letter = written(MAILS, "erased", person.municipality, {})
    send = partial(send_now, municipality=person.municipality, recipient=address, letter=letter)
    transaction.on_commit(partial(_try, send), robust=True)


def tell_it_waits(person: Person, batch: UUID) -> None:
    """Mail somebody, once, that their request was answered: their own page says why it waits."""
    _tell_answer(person, f"erasing-waits:{batch}")


def _try(send: partial[None]) -> None:
    try:
        send()
    except MailAway:
        log.warning("Iemand die gewist is, kreeg daarvan geen mail.")


@transaction.atomic
def refuse_request(*, batch: Batch, because: Refusal, by: Actor) -> None:
    """Refuse a request to be erased and mail that there is an answer.

    Raises what `retaining.refuse` does.
    """
    refused = retaining.refuse(batch=batch, because=because, by=by)
    keys = refused.lines.values("person")
    for person in Person.objects.filter(pk__in=keys).select_related("account", "municipality"):
        _tell_answer(person, f"erasing-refused:{refused.pk}")


def _tell_answer(person: Person, key: str) -> None:
    write_to(
        [_address(person)],
        MAILS,
        "erasing-refused",
        municipality=person.municipality,
        key=key,
        path=reverse("own-data"),
    )


def _address(person: Person) -> str:
    return person.email or (person.account.email if person.account else "") or ""
