"""Writing to people by the outbox, with a link to where they look."""

from collections.abc import Iterable, Mapping

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of
from omzien.messages.actions import tell
from omzien.messages.mails import Mail, written


def write_to(
    recipients: Iterable[str],
    mails: Mapping[str, Mail],
    code: str,
    *,
    municipality: Municipality,
    key: str,
    path: str,
    language: str = "",
    **values: str,
) -> None:
    """Write a mail of a table to each recipient, once for this key.

    `path` is the page that its link leads to; `values` fill its other places.
    """
    known = {"link": address_of(municipality) + path, **values}
    tell(
        municipality=municipality,
        key=key,
        recipients=recipients,
        code=code,
        letter=written(mails, code, municipality, known, language=language),
    )
