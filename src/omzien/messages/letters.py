"""Short mails that say that something waits: never what it is about, and never about whom."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from omzien.areas.models import Municipality
from omzien.areas.queries import address_of, language_of
from omzien.messages.actions import tell_each

LOOK = _("Kijk in Omzien: %(link)s")


def tell_shortly(
    *,
    municipality: Municipality,
    key: str,
    recipients: Iterable[str],
    text: tuple[Any, Any],
    path: str | None,
    look: Any = LOOK,
    words: Mapping[str, str] | None = None,
) -> None:
    """Mail each recipient once for this key: a subject, one line, and where to look.

    `text` is (subject, line), lazy, so that it follows the form of address of the municipality;
    `words` fill the line in. `path` is None where there is nothing for the reader to look at.
    """
    with override(language_of(municipality)):
        subject, line = (str(one) for one in text)
        parts = [str(_("Hallo,")), line % words if words else line]
        if path is not None:
            parts.append(str(look) % {"link": address_of(municipality) + path})
        parts.append(str(_("Groet,\nOmzien %(name)s")) % {"name": municipality.name})
    tell_each(
        municipality=municipality,
        key=key,
        recipients=recipients,
        subject=subject,
        body="\n\n".join(parts),
    )
