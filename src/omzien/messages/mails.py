"""Every mail is one that a municipality may write itself: how it looks, how it is filled in.

The mails stand in tables by their code, beside what they are about: `signing_in.py` and
`mandates.py` here, `mails.py` in `directory`, `questions` and `handovers`. `written` makes a
`Letter` of one, and nothing else goes out (`tests/house/test_mails.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from omzien.areas.models import Municipality
from omzien.areas.queries import chosen, language_of
from omzien.kernel.filling import fill

ENGLISH = "en"
HELLO = _("Hallo,")
LOOK = _("Kijk in Omzien: {link}")
REGARDS = _("Groet,\nOmzien {gemeente}")


@dataclass(frozen=True, eq=False)  # itself alone: its texts are lazy, and to compare them reads all
class Mail:
    """One mail: when it goes out, its text, which places it knows and which it must have.

    With `is_way_in` it is about signing in, or holds a code or a link that opens something
    without: its subject, which shows on a locked screen, has the name of the municipality at
    most, and its text holds no web address but ours.
    """

    title: Any
    subject: Any
    paragraphs: tuple[Any, ...]
    places: tuple[str, ...]
    needed: frozenset[str] = frozenset()
    is_way_in: bool = False


@dataclass(frozen=True)
class Place:
    """What comes in a place, and an example for the preview."""

    meaning: Any
    example: Any


@dataclass(frozen=True)
class Letter:
    """A mail before it has a recipient."""

    subject: str
    body: str


# What any mail may have a place for; the tables of mails stand with places of their own.
PLACES: Mapping[str, Place] = {
    "gemeente": Place(_("de naam van de gemeente"), _("Voorbeeldstad")),
    "link": Place(_("het adres van een pagina"), _("https://voorbeeld.example/…")),
    "code": Place(_("de code van zes cijfers"), "123456"),
}


def notice(
    title: Any, subject: Any, line: Any, *places: str, look: Any = LOOK, is_way_in: bool = False
) -> Mail:
    """Return a short mail that says that something waits: never what it is about, or about whom.

    `look` says where to look; "" where there is nothing for the reader to look at.
    """
    needed = (*places, "link") if look else places
    paragraphs = tuple(part for part in (HELLO, line, look, REGARDS) if part)
    return Mail(title, subject, paragraphs, (*needed, "gemeente"), frozenset(needed), is_way_in)


def shipped(mail: Mail, municipality: Municipality | None, *, language: str = "") -> Letter:
    """Return the text of a mail as Omzien ships it, with its places still open."""
    return _in(language or language_of(municipality), mail)


@lru_cache(maxsize=1024)
def _in(language: str, mail: Mail) -> Letter:
    with override(language):
        return Letter(str(mail.subject), "\n\n".join(str(part) for part in mail.paragraphs))


def written(
    mails: Mapping[str, Mail],
    code: str,
    municipality: Municipality | None,
    values: Mapping[str, str],
    *,
    language: str = "",
) -> Letter:
    """Return a mail of a table, filled in: in the municipality's own words where it wrote them.

    Its name is filled in by itself. Its own words are Dutch: in another `language` a mail goes
    out as Omzien ships it.
    """
    standard = shipped(mails[code], municipality, language=language)
    town = municipality.code if municipality and not language else None
    subject = chosen(town, f"mail.{code}.subject", standard.subject)
    body = chosen(town, f"mail.{code}.body", standard.body)
    known = {"gemeente": municipality.name if municipality else "", **values}
    return Letter(fill(subject, known), fill(body, known) + "\n")


def page_language() -> str:
    """Return the language of the page where it is not the Dutch of the site; "" where it is."""
    return ENGLISH if get_language() == ENGLISH else ""
