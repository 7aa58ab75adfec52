"""The file that tells researchers where to report a weakness (RFC 9116)."""

from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of

PATH = "/.well-known/security.txt"
# What reporter and maintainers promise each other; the same for every municipality.
POLICY = "https://github.com/omzien/omzien/blob/main/docs/security/vulnerabilities.md"
GOOD_FOR = timedelta(days=180)  # RFC 9116 wants less than a year
_KINDS = ("mailto:", "https://", "tel:")


def security_file(municipality: Municipality | None, *, on: datetime) -> str:
    """Return the text of the file for a municipality, or for the installation itself."""
    lines = [
        f"Contact: {_contact(municipality)}",
        f"Expires: {(on + GOOD_FOR).strftime('%Y-%m-%dT00:00:00Z')}",
        f"Canonical: {_address(municipality)}{PATH}",
        f"Policy: {POLICY}",
        "Preferred-Languages: nl, en",
    ]
    return "\n".join(lines) + "\n"


def _contact(municipality: Municipality | None) -> str:
    own = municipality.settings.get("security_contact", "") if municipality else ""
    editors = municipality.editors_email if municipality else ""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    wanted = (own, settings.SECURITY_CONTACT, editors, sender)
    return next(address for one in wanted if (address := _as_address(str(one))))


def _as_address(text: str) -> str:
    """Return a contact as the file wants it; what is no address, or has lines in it, is none."""
    if text.startswith(_KINDS) and text.isprintable() and " " not in text:
        return text
    name = parseaddr(text)[1]
    is_mail = name == text and "@" in text and text.isprintable()
    return f"mailto:{text}" if is_mail else ""


def _address(municipality: Municipality | None) -> str:
    # Never from the request: whoever sends it chooses its Host header.
    if municipality is not None:
        return address_of(municipality)
    return str(settings.ADDRESS.format(host="localhost"))
