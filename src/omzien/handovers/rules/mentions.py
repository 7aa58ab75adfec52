"""Whether a text tells who somebody is. Pure."""

import re
from collections.abc import Iterable

from omzien.kernel.text import fold

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MAIL = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"\+?\d[\d\s().-]{7,}\d")
PARTICLES = frozenset(("de", "den", "der", "het", "ten", "ter", "van", "von", "la", "le", "el"))


def tells(text: str, *, names: Iterable[str], phones: Iterable[str], mails: Iterable[str]) -> str:
    """Return what in a text tells who somebody is: "name", "phone", "mail"; "" when nothing does.

    Any mail address and any number of nine digits or more counts, whoever it belongs to: advice
    needs none.
    """
    folded = fold(text)
    if _MAIL.search(text) or any(mail and fold(mail) in folded for mail in mails):
        return "mail"
    digits = re.sub(r"\D", "", text)
    known = [re.sub(r"\D", "", phone)[-8:] for phone in phones]
    if any(len(re.sub(r"\D", "", one)) >= 9 for one in _NUMBER.findall(text)):
        return "phone"
    if any(len(one) == 8 and one in digits for one in known):
        return "phone"
    words = set(_WORD.findall(folded))
    parts = {part for name in names for part in _WORD.findall(fold(name))} - PARTICLES
    return "name" if parts & words else ""
