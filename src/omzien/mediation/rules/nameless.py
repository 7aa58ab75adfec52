"""Words that two agreed to, without one of them. Pure."""

import re
from collections.abc import Iterable, Iterator

from omzien.people.privacy.mentions import ERASED, Mentions

SHORTEST = 3  # letters; a shorter word is hardly ever who somebody is
PARTICLES = frozenset({"van", "den", "der", "des", "het", "ten", "ter", "von"})


def nameless(
    words: str, *, name: str, street: str, email: str, phone: str, not_of: Iterable[str]
) -> str:
    """Return words without the name of one person, also a part of it, and how they are reached.

    Here a first name or a surname alone is who is erased: there are two people in it. Parts that
    are in the names of the other (`not_of`) stay, for those are theirs.
    """
    whole = Mentions.of(name=name, addresses=[one for one in (email, street) if one], phone=phone)
    text: str = whole.without(words)
    theirs = {part.casefold() for one in not_of for part in _parts(one)}
    forms = {
        form
        for part in _parts(name)
        if part.casefold() not in theirs
        for form in (part.capitalize(), part.upper(), part[0].upper() + part[1:])
    }
    return re.sub(r"\w+", lambda word: ERASED if word[0] in forms else word[0], text)


def _parts(name: str) -> Iterator[str]:
    for part in re.findall(r"\w+", name):
        if len(part) >= SHORTEST and part.casefold() not in PARTICLES:
            yield part
