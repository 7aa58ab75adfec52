"""Links in a mail that open one entry for its owner, without an account.

A link names the municipality, the entry and its owner, is signed for one purpose and works
for sixty days. Opening it changes nothing: mail scanners follow links too.
"""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from omzien.areas.queries import address_of
from omzien.directory.actions.entries import Refused
from omzien.directory.models import Service
from omzien.directory.queries.gone import stopped_on
from omzien.directory.rules import EDITOR

CONFIRM, CHANGE, STOP = "confirm", "change", "stop"  # also the names of their pages
WORKS_FOR = timedelta(days=60)


class LinkBroken(Refused):
    """Not a link of ours for this purpose here, or its entry is gone for good."""


@dataclass
class LinkOff(LinkBroken):
    """The editors took its entry off the site; on the day that its owner said that it stopped."""

    stopped_on: date | None


class LinkExpired(Refused):
    """Too old, or written to somebody who is the owner no more."""


def link_to(service: Service, purpose: str) -> str:
    """Return the whole address that lets the owner do `purpose` with this entry only."""
    assert service.municipality is not None
    return address_of(service.municipality) + reverse(purpose, args=[token_for(service, purpose)])


def token_for(service: Service, purpose: str) -> str:
    """Return the signed part of a link."""
    value = f"{service.municipality_id}.{service.pk.hex}.{_owner(service)}"
    return _signer(purpose).sign(value)


def same_link(token: str, *, of: str, purpose: str) -> str:
    """Return the signed part for another purpose that ends when that of a checked link ends."""
    return signing.Signer.sign(_signer(purpose), signing.Signer.unsign(_signer(of), token))


def open_link(token: str, purpose: str) -> Service:
    """Return the entry of a link, with its details, also one that left the directory.

    Raises LinkBroken, LinkOff and LinkExpired.
    """
    try:
        value = _signer(purpose).unsign(token, max_age=WORKS_FOR)
    except signing.SignatureExpired:
        raise LinkExpired from None
    except signing.BadSignature:
        raise LinkBroken from None
    service, owner = _service(value)
    if owner != _owner(service):
        raise LinkExpired
    return service


def entry_of_old_link(token: str, purpose: str) -> Service:
    """Return the entry of a link that may be too old, to mail its owner a new one.

    Raises LinkBroken and LinkOff.
    """
    try:
        return _service(_signer(purpose).unsign(token))[0]
    except signing.BadSignature:
        raise LinkBroken from None


def _service(value: str) -> tuple[Service, str]:
    code, key, owner = value.split(".")
    found = Service.objects.visible_to(EDITOR).with_details().select_related("municipality")
    service = found.filter(pk=uuid.UUID(key), municipality=code).first()
    if service is None or service.status == Service.Status.DRAFT:
        raise LinkBroken
    if service.status == Service.Status.WITHDRAWN:
        raise LinkOff(stopped_on(service))
    return service, owner


def _owner(service: Service) -> str:
    return salted_hmac("freshness.owner", service.owner_email.casefold()).hexdigest()[:16]


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"freshness.{purpose}")
