"""One value at a time: from what a file says to what a column holds, or Wrong."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from omzien.directory.importing import words
from omzien.directory.importing.rows import Wrong
from omzien.directory.importing.times import day_of
from omzien.directory.languages import CODES
from omzien.kernel.text import clean, fold

LONGEST = 20_000  # characters of a description
OLDEST = 130
_EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]+@[^@\s<>\"',;:()\[\]\\]+\.[a-z0-9-]{2,}", re.I)
_URL = re.compile(r"https?://[^\s<>\"'`\\]+\.[^\s<>\"'`\\]+", re.I)
_PHONE = re.compile(r"[+(0-9][0-9 ()./+-]*(?:\s*(?:x|ext|tst)\.?\s*\d+)?", re.I)
_POSTCODE = re.compile(r"[1-9]\d{3} ?[A-Z]{2}|[1-9]\d{3}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2})?")


def plain(value: Any) -> str:
    """Return any value of a cell or of JSON as clean text; raise Wrong for lists and objects."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        whole = isinstance(value, float) and math.isfinite(value) and value == int(value)
        return str(int(value)) if whole else str(value)[:400]
    if isinstance(value, date):
        return value.isoformat()
    raise Wrong(_("Hier hoort tekst te staan, geen lijst of object."))


def short(most: int) -> Callable[[Any], str]:
    """Return a check for text of at most `most` characters."""

    def check(value: Any) -> str:
        text = plain(value)
        if len(text) > most:
            raise Wrong(
                _("Deze tekst is %(found)d tekens. Er passen er %(most)d: maak hem korter.")
                % {"found": len(text), "most": most}
            )
        return text

    return check


def line(most: int) -> Callable[[Any], str]:
    """Return a check for text of at most `most` characters, brought onto one line."""
    check = short(most)
    return lambda value: check(" ".join(plain(value).split()))


def email(value: Any) -> str:
    """Return an e-mail address."""
    text = plain(value)
    if text.casefold().startswith("mailto:"):
        text = text[7:]
    if text and (len(text) > 254 or not _EMAIL.fullmatch(text)):
        raise Wrong(
            _('"%(text)s" is geen e-mailadres. Een e-mailadres ziet eruit als naam@voorbeeld.nl.')
            % {"text": text[:60]}
        )
    return text


def url(value: Any) -> str:
    """Return a web address that begins with http or https and nothing else."""
    text = plain(value)
    if not text:
        return ""
    if text.casefold().startswith("www."):
        text = f"https://{text}"
    if not _URL.fullmatch(text):
        raise Wrong(
            _('"%(text)s" is geen webadres. Een webadres begint met https:// of http://.')
            % {"text": text[:60]}
        )
    return short(500)(text)


def phone(value: Any) -> str:
    """Return a telephone number as it is written."""
    text = plain(value).strip("'\"")
    if text and (len(re.sub(r"\D", "", text)) < 3 or not _PHONE.fullmatch(text)):
        raise Wrong(
            _('"%(text)s" is geen telefoonnummer. Gebruik cijfers, zoals 0413-123 456.')
            % {"text": text[:60]}
        )
    return short(60)(text)


def postcode(value: Any) -> str:
    """Return a Dutch postcode as "5481 AB", or its four digits."""
    text = plain(value).upper()
    if text and not _POSTCODE.fullmatch(text):
        raise Wrong(
            _('"%(text)s" is geen postcode. Een postcode is 4 cijfers en 2 letters: 5481 AB.')
            % {"text": text[:20]}
        )
    return f"{text[:4]} {text[-2:]}" if len(text) > 4 else text


def whole(value: Any, *, most: int) -> int | None:
    """Return a whole number from 0 to `most`, or None when there is nothing."""
    text = plain(value)
    if not text:
        return None
    digits = text.removesuffix(" jaar")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and int(digits) <= most):
        raise Wrong(
            _('"%(text)s" is geen heel getal van 0 tot en met %(most)d.')
            % {"text": text[:20], "most": most}
        )
    return int(digits)


def age(value: Any) -> int | None:
    """Return an age in whole years."""
    return whole(value, most=OLDEST)


def count(value: Any) -> int | None:
    """Return a number of places."""
    return whole(value, most=1_000_000)


def degrees(value: Any, most: int) -> float | None:
    """Return a latitude or longitude in degrees."""
    text = plain(value).replace(",", ".")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not -most <= number <= most:
        raise Wrong(
            _('"%(text)s" is geen coördinaat van -%(most)d tot %(most)d graden.')
            % {"text": text[:20], "most": most}
        )
    return number


def day(value: Any) -> date | None:
    """Return a day, or None when there is nothing."""
    if isinstance(value, date):
        return value
    text = plain(value)
    return day_of(text) if text else None


def past_day(value: Any) -> date | None:
    """Return a day on which something was done, or None when there is nothing."""
    found = day(value)
    if found and found > timezone.localdate():
        raise Wrong(_("Deze dag moet nog komen. Op welke dag is het nagekeken?"))
    return found


def flag(value: Any) -> bool:
    """Return yes as True and no or nothing as False."""
    return bool(words.yes_or_no(plain(value)))


def maybe(value: Any) -> bool | None:
    """Return yes, no or unknown."""
    return words.yes_or_no(plain(value))


def status(value: Any) -> str:
    """Return the status of an entry; nothing means active."""
    return words.one_of(plain(value) or "active", words.STATUSES)


def reach(value: Any) -> str:
    """Return for how far an entry is; nothing means the whole municipality."""
    return words.one_of(plain(value) or "municipality", words.REACHES)


def listed(most: int) -> Callable[[Any], list[str]]:
    """Return a check for a list, or for text divided into parts of at most `most`.

    The parts are divided by ; and where there is none by a comma.
    """

    def check(value: Any) -> list[str]:
        if isinstance(value, list | tuple):
            parts = [plain(part) for part in value]
        else:
            text = plain(value)
            parts = text.split(";" if ";" in text else ",")
        found = [" ".join(part.split()) for part in parts if part.strip()]
        if len(found) > 50:
            raise Wrong(_("Meer dan 50 woorden in één cel. Laat de belangrijkste staan."))
        for part in found:
            short(most)(part)
        return list(dict.fromkeys(found))

    return check


def in_one_cell(parts: Sequence[str]) -> str:
    """Return parts as `listed` reads them, also one with a comma in it."""
    text = "; ".join(parts)
    return f"{text};" if "," in text and ";" not in text else text


def languages(value: Any) -> list[str]:
    """Return language codes such as "nl" and "ar", from these or from names."""
    found = [CODES.get(fold(part), part.casefold()) for part in listed(40)(value)]
    for code in found:
        if not _LANGUAGE.fullmatch(code):
            raise Wrong(
                _('"%(code)s" is geen taal die ik ken. Schrijf bijvoorbeeld: Nederlands; Arabisch.')
                % {"code": code[:20]}
            )
    return list(dict.fromkeys(found))
