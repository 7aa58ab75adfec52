"""Whether a text that should lead to nobody still does. Pure."""

import re
from collections.abc import Iterable, Iterator

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]{2,}")
_PHONE = re.compile(r"(?<!\d)(?:\+31|0031|0)[\s().-]*(?:\d[\s().-]*){8,9}(?!\d)")
_POSTCODE = re.compile(r"(?<!\w)[1-9]\d{3}\s?[A-Z]{2}(?!\w)")
_BSN = re.compile(r"(?<!\d)\d{9}(?!\d)")
_REFERENCE = re.compile(r"(?<!\w)[A-Z0-9]{4}-[A-Z0-9]{4}(?!\w)")
_BIRTHDAY = re.compile(r"(?<!\d)\d{1,2}[-/]\d{1,2}[-/](?:19|20)\d{2}(?!\d)")
ALWAYS = (_MAIL, _PHONE, _POSTCODE, _BSN, _REFERENCE, _BIRTHDAY)
SHORTEST_SURNAME = 4


def leads_to(text: str, names: Iterable[str]) -> list[str]:
    """Return the parts of a text that lead to a person, each once.

    An address, a number, a postcode, a day of birth or a reference of anybody; a full name, or
    a surname with a capital, of those in `names`. A first name alone is none: many share it.
    """
    return list(dict.fromkeys(_found(text, names)))


def _found(text: str, names: Iterable[str]) -> Iterator[str]:
    for pattern in ALWAYS:
        yield from (match.group().strip() for match in pattern.finditer(text))
    words = set(re.findall(r"\w[\w'’-]*", text))
    folded = " ".join(text.casefold().split())
    for name in names:
        parts = name.split()
        if len(parts) < 2:
            continue
        whole = r"(?<!\w)" + re.escape(" ".join(parts).casefold()) + r"(?!\w)"
        if re.search(whole, folded):
            yield name
        elif len(parts[-1]) >= SHORTEST_SURNAME and parts[-1] in words:
            yield parts[-1]
