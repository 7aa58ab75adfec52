"""Files with a message: found out by what is in them, pictures written anew, named safely."""

import re
from dataclasses import dataclass
from enum import StrEnum

from omzien.kernel.filekinds import FileKind, kind_of
from omzien.kernel.images import BadImage, NoImage, clean_image
from omzien.kernel.text import clean

MOST_BYTES = 5_000_000  # of a paper; a picture may be bigger, because it is made small
IMAGES = frozenset({FileKind.PNG, FileKind.JPEG, FileKind.WEBP})
PAPERS = {FileKind.PDF: ("application/pdf", ".pdf"), FileKind.TEXT: ("text/plain", ".txt")}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
LONGEST_NAME = 100


class NoPaper(StrEnum):
    """Why a file is refused; the caller says it in a sentence."""

    EMPTY = "empty"
    TOO_BIG = "too-big"
    WRONG_KIND = "wrong-kind"
    BROKEN_IMAGE = "broken-image"


class BadPaper(ValueError):
    """A file that is not taken."""

    def __init__(self, why: NoPaper) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Paper:
    """A file as it is kept: its name has the ending of what it really is."""

    name: str
    content: bytes
    content_type: str


def safe_paper(name: str, content: bytes) -> Paper:
    """Return a file as it may be kept. A picture loses where and with what it was made.

    Only pictures, PDF and plain text: nothing that a computer runs or unpacks. Raises BadPaper.
    """
    if not content:
        raise BadPaper(NoPaper.EMPTY)
    kind = kind_of(content)
    if kind in IMAGES:
        return _image(name, content)
    if kind not in PAPERS:
        raise BadPaper(NoPaper.WRONG_KIND)
    if len(content) > MOST_BYTES:
        raise BadPaper(NoPaper.TOO_BIG)
    content_type, ending = PAPERS[kind]
    return Paper(_named(name, ending), content, content_type)


def _image(name: str, content: bytes) -> Paper:
    try:
        image = clean_image(content)
    except BadImage as error:
        big = error.why in (NoImage.TOO_MANY_BYTES, NoImage.TOO_MANY_PIXELS)
        raise BadPaper(NoPaper.TOO_BIG if big else NoPaper.BROKEN_IMAGE) from error
    return Paper(_named(name, image.ending), image.content, image.content_type)


def safe_name(name: str) -> str:
    """Return the last part of a path as a name that no computer reads as more than a name."""
    last = clean(_UNSAFE.sub(" ", name.replace("\\", "/").rsplit("/", 1)[-1]))
    return last.strip(" .") or "bestand"


def _named(name: str, ending: str) -> str:
    stem = safe_name(name)
    stem = stem.rsplit(".", 1)[0] if "." in stem[1:] else stem
    return (stem[:LONGEST_NAME].strip(" .") or "bestand") + ending
