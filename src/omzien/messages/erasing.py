"""A request to be erased: who decides hears of it, and who asked hears what came of it."""

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.messages.direct import MailAway, send_now
from omzien.messages.letters import write_to
from omzien.messages.mails import HELLO, REGARDS, Mail, notice, written
from omzien.people.models import Batch, Person
from omzien.people.privacy import retaining
from omzien.people.queries.mailboxes import of_policy_officers, of_privacy_officers
from omzien.people.rules.retention import Refusal, answer_by
from omzien.people.rules.roles import Actor

SOON = timedelta(days=7)  # so long before the month ends it is told again
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
    "erasing-asked": notice(
        _("Aan de beleidsmedewerker en wie toezicht houdt: iemand wil gewist worden"),
        _("Iemand vraagt om gewist te worden"),
        _(
            "Iemand vroeg om de eigen gegevens te wissen. De wet geeft je daarvoor een maand. In "
            "Omzien staat tot en met wanneer."
        ),
    ),
    "erasing-soon": notice(
        _("Aan de beleidsmedewerker en wie toezicht houdt: een verzoek om te wissen loopt af"),
        _("Een verzoek om te wissen is bijna te laat"),
        _(
            "Iemand vroeg om de eigen gegevens te wissen. De maand die de wet geeft, is bijna om. "
            "Kijk in Omzien wat er nog nodig is."
        ),
    ),
    "erasing-refused": notice(
        _("Aan wie vroeg om gewist te worden: er is een antwoord"),
        _("Er is een antwoord op je vraag aan Omzien {gemeente}"),
        _("Je vroeg ons iets over je gegevens. Het antwoord staat voor je klaar."),
    ),
}


@transaction.atomic
def ask_to_be_erased(*, person: Person, on: date, by: Actor) -> Batch:
    """Ask to be erased, and mail who decides on it and who oversees it that the month runs.

    Raises what `retaining.request_erasure` does.
    """
    batch = retaining.request_erasure(person=person, on=on, by=by)
    _tell_officers(batch, "erasing-asked", on)
    return batch


def remind_of_requests(*, municipality: Municipality, on: date) -> int:
    """Mail the same people, once, of each request of which the month is nearly over; return of how
    many it is.
    """
    with working_for(municipality.code):
        rows = Batch.objects.filter(municipality=municipality, kind="request").open()
        soon = [one for one in rows if answer_by(one.proposed_on) - SOON <= on]
        for batch in soon:
            _tell_officers(batch, "erasing-soon", on)
        return len(soon)


def _tell_officers(batch: Batch, code: str, on: date) -> None:
    write_to(
        officers_for(batch, on=on),
        MAILS,
        code,
        municipality=batch.municipality,
        key=f"{code}:{batch.pk}",
        path=reverse("retention"),
    )


def officers_for(batch: Batch, *, on: date) -> list[str]:
    """Return who hears of a request to be erased: nobody who is close to who asked, and nobody
    at all any more once it is done or refused.
    """
    if not batch.is_open_request:
        return []
    code, about = batch.municipality_id, batch.persons()
    return [
        *of_policy_officers(code, on=on, about=about),
        *of_privacy_officers(code, on=on, about=about),
    ]


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
