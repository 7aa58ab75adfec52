"""Mails that a municipality may write itself: how one looks, and how its places are filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, override

from omzien.areas.models import Municipality
from omzien.areas.queries import chosen, language_of
from omzien.kernel.filling import fill

ENGLISH = "en"


@dataclass(frozen=True)
class Mail:
    """One mail: when it goes out, its text, which places it knows and which it must have.

    With `is_way_in` it is about signing in: its subject, which shows on a locked screen, has
    the name of the municipality at most, and its text holds no web address but ours.
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


def shipped(mail: Mail, municipality: Municipality | None, *, language: str = "") -> Letter:
    """Return the text of a mail as Omzien ships it, with its places still open."""
    with override(language or language_of(municipality)):
        return Letter(str(mail.subject), "\n\n".join(str(part) for part in mail.paragraphs))


def written(
    code: str,
    mail: Mail,
    municipality: Municipality | None,
    values: Mapping[str, str],
    *,
    language: str = "",
) -> Letter:
    """Return a mail, filled in: in the municipality's own words where it wrote them.

    Its own words are Dutch: in another `language` a mail goes out as Omzien ships it.
    """
    standard = shipped(mail, municipality, language=language)
    town = municipality.code if municipality and not language else None
    subject = chosen(town, f"mail.{code}.subject", standard.subject)
    body = chosen(town, f"mail.{code}.body", standard.body)
    return Letter(fill(subject, values), fill(body, values) + "\n")


def page_language() -> str:
    """Return the language of the page where it is not the Dutch of the site; "" where it is."""
    return ENGLISH if get_language() == ENGLISH else ""
