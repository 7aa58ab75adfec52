"""Asking somebody by mail to speak for a resident, and telling that it is over; no mail names
anybody.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omzien.messages.letters import write_to
from omzien.messages.mails import HELLO, Mail, notice
from omzien.messages.models import Message
from omzien.messages.rights import named
from omzien.people.actions.mandates import (
    Proxy,
    end_mandate,
    invite_proxy,
    record_legal_proxy,
)
from omzien.people.models import Mandate, MandateInvitation, Person
from omzien.people.rules.roles import Actor

PREFIX = "mandate"
MAILS: Mapping[str, Mail] = {
    "proxy-asked": Mail(
        _("Aan wie een inwoner wil helpen: de uitnodiging"),
        _("Iemand vraagt of je wilt helpen"),
        (
            HELLO,
            _(
                "Iemand in je omgeving wil dat je kunt helpen bij een vraag in Omzien {gemeente}. "
                "Wie dat is, mailen we niet: dat is privé."
            ),
            _("Meld je aan met dit mailadres. Dan zie je wie het vraagt, en zeg je ja of nee:"),
            "{link}",
            _("Verwachtte je deze mail niet? Dan hoef je niets te doen."),
        ),
        ("link", "gemeente"),
        frozenset({"link"}),
        is_way_in=True,
    ),
    "proxy-ended": notice(
        _("Aan wie voor een inwoner mocht meekijken: dat is gestopt"),
        _("Je mag niet meer meekijken bij een vraag"),
        _(
            "Iemand liet jou meekijken of meepraten in Omzien. Dat is gestopt. Je hoeft niets te "
            "doen. Wil je weten waarom? Vraag het dan aan diegene zelf."
        ),
        look="",
    ),
    "proxy-left": notice(
        _("Aan de inwoner: iemand stopte met meekijken"),
        _("Iemand kijkt niet meer met je mee"),
        _("Wie jou hielp in Omzien, is daarmee gestopt. In Omzien zie je wie je nog helpen."),
    ),
}


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


@transaction.atomic
def stop_proxy(*, mandate: Mandate, by: Actor, now: datetime) -> Mandate:
    """End a mandate, and tell the other one by mail. Raises what `end_mandate` does."""
    row = end_mandate(mandate=mandate, by=by, now=now)
    is_left = by.person == row.proxy_id
    write_to(
        [row.resident.email if is_left else row.proxy.email],
        MAILS,
        "proxy-left" if is_left else "proxy-ended",
        municipality=row.municipality,
        key=f"mandate-over:{row.pk}",
        path=reverse("mandates"),
    )
    return row


def may_still_go(message: Message) -> bool:
    """Tell whether the invitation that a waiting mail is about is still open."""
    row = named(MandateInvitation, message)
    return row is not None and (
        MandateInvitation.objects.open(on=timezone.localdate()).filter(pk=row.pk).exists()
    )


def _mail(row: MandateInvitation) -> None:
    write_to(
        [row.email],
        MAILS,
        "proxy-asked",
        municipality=row.municipality,
        key=f"{PREFIX}:{row.pk}",
        path=reverse("mandates"),
    )
