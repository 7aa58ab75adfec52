"""Asking somebody by mail to speak for a resident; the mail names nobody."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from omzien.areas.queries import address_of, language_of
from omzien.messages.actions import tell
from omzien.messages.models import Message
from omzien.people.actions.mandates import Proxy, invite_proxy, record_legal_proxy
from omzien.people.models import Mandate, MandateInvitation, Person
from omzien.people.rules.roles import Actor

PREFIX = "mandate"


@transaction.atomic
def ask_proxy(*, resident: Person, proxy: Proxy, by: Actor, now: datetime) -> MandateInvitation:
    """Let a resident ask somebody to speak for them, by mail. Raises what `invite_proxy` does."""
    row = invite_proxy(resident=resident, proxy=proxy, by=by, now=now)
    _mail(row)
    return row


@transaction.atomic
def ask_legal_proxy(
    *,
    resident: Person,
    proxy: Proxy,
    kind: Mandate.Kind,
    evidence: Mandate.Evidence,
    by: Actor,
    now: datetime,
) -> MandateInvitation:
    """Record who speaks by law and ask them to sign in. Raises what `record_legal_proxy` does."""
    row = record_legal_proxy(
        resident=resident, proxy=proxy, kind=kind, evidence=evidence, by=by, now=now
    )
    _mail(row)
    return row


def may_still_go(message: Message) -> bool:
    """Tell whether the invitation that a waiting mail is about is still open."""
    key = message.key.split(":")[1]
    return MandateInvitation.objects.open(on=timezone.localdate()).filter(pk=key).exists()


def _mail(row: MandateInvitation) -> None:
    municipality = row.municipality
    link = address_of(municipality) + reverse("mandates")
    with override(language_of(municipality)):
        subject = _("Iemand vraagt of je namens hen wilt meekijken")
        body = _(
            "Hallo,\n\nIemand in je omgeving wil dat je kunt helpen bij een vraag in Omzien "
            "%(name)s. Wie dat is, mailen we niet: dat is privé.\n\n"
            "Meld je aan met dit mailadres. Dan zie je wie het vraagt, en zeg je ja of nee:"
            "\n\n%(link)s\n\nVerwachtte je deze mail niet? Dan hoef je niets te doen."
        ) % {"name": municipality.name, "link": link}
    tell(
        municipality=municipality,
        key=f"{PREFIX}:{row.pk}",
        recipient=row.email,
        subject=subject,
        body=body,
    )
