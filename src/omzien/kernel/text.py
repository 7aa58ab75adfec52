"""Plain text: folding for sorting and matching, and removing what cannot be shown."""

import re
import unicodedata

_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
ARABIC = re.compile("[\u0600-\u06ff]")  # a letter of this script, or what is written on it
CYRILLIC = re.compile("[\u0400-\u04ff]")
_SPACES = re.compile(r"[ \t\xa0]+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


# Letters that Unicode does not take apart, as people type them without the right keyboard.
_UNDECOMPOSED = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


def fold(text: str) -> str:
    """Return `text` in lower case without accents: 's-Hértogenbosch -> 's-hertogenbosch."""
    if text.isascii():  # most words; four times as fast
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def sort_key(name: str) -> str:
    """Return the key by which Dutch names sort, without a leading article or apostrophe.

    Stored beside the name, because the embedded PostgreSQL has no Dutch collation.
    """
    key = fold(name).lstrip("'’\"“„ ")
    for article in ("de ", "het ", "een ", "t ", "s-"):
        if key.startswith(article) and len(key) > len(article):
            return key[len(article) :][:120]
    return key[:120]


def clean(text: str) -> str:
    """Return `text` without control and direction characters and with single spaces."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = _UNSHOWABLE.sub("", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
    return _SPACES.sub(" ", text).strip()


def one_line(text: str, most: int | None = None) -> str:
    """Return `text`, made `clean`, on one line with single spaces; of `most` characters at most,
    if that is given.
    """
    return " ".join(clean(text).split())[:most]


def slugify(name: str) -> str:
    """Return `name` as it stands in a web address: "'t Spectrum" -> "t-spectrum"."""
    return _NOT_SLUG.sub("-", fold(name)).strip("-")[:80] or "naamloos"


def dial(number: str) -> str:
    """Return a telephone number as a `tel:` link dials it."""
    return "".join(c for c in number if c.isdigit() or c == "+")
