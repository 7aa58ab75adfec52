"""Comparing place names as people type them."""

import re

from omzien.kernel.text import fold

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_WIJK = re.compile(r"^wyk \d+ ")
_SAINT = {"st": "sint"}
# What everybody says, beside the name on the map (articles are already gone).
_KNOWN_AS = {"bosch": "s hertogenbosch", "haag": "s gravenhage"}
# Words in front of a name, after "ij" has become "y".
_LEAD = {"de", "het", "t", "den", "in", "te", "by", "gemeente", "dorp", "wyk", "buurt", "kern"}


def name_key(name: str) -> str:
    """Return the key under which spellings of one name meet: "St. Oedenrode" -> "sint oedenrode".

    Case, accents, hyphens, "ij" beside "y", "St." beside "Sint", and words in front such
    as "gemeente" or "'t" make no difference.
    """
    words = _NOT_WORD.sub(" ", fold(name).replace("ij", "y")).split()
    while len(words) > 1 and words[0] in _LEAD and not words[1].isdigit():
        words = words[1:]
    key = _WIJK.sub("", " ".join(_SAINT.get(word, word) for word in words))
    return _KNOWN_AS.get(key, key)


def within_reach(typed: str) -> int:
    """Return how many typing errors a name of this length may hold to be recognised."""
    if len(typed) < 4:
        return 0
    if len(typed) < 6:
        return 1
    return 2 if len(typed) < 10 else 3
