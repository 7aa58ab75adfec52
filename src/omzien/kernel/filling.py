"""Texts with places to fill in, such as "{titel}": only names that are known, filled in once.

Not `str.format`: that would let whoever writes the text reach into our objects
("{titel.__class__}"), and a lone brace would end in an error.
"""

import re
from collections.abc import Collection, Iterator, Mapping

_PLACE = re.compile(r"\{([a-z_]{1,30})\}")
_BRACE = re.compile(r"\{[^{}]{0,40}\}?|\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with each {name} that `values` knows filled in; the rest stays as it is.

    What is filled in is never looked at again, so that a title cannot bring in a place.
    """
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def places(text: str) -> frozenset[str]:
    """Return the names between braces in `text`."""
    return frozenset(_PLACE.findall(text))


def unknown(text: str, known: Collection[str]) -> Iterator[str]:
    """Yield each piece with a brace that is not the place of a known name."""
    left = _PLACE.sub(lambda found: "" if found[1] in known else found[0], text)
    for found in _BRACE.finditer(left):
        yield found[0]
