"""The municipality's own lines of the thesaurus: what people here say, and what it means."""

from dataclasses import dataclass

from django.db import transaction

from omzien.areas.models import Municipality
from omzien.directory.actions.entries import Refused, next_version
from omzien.directory.models import Synonym
from omzien.journal.actions import record
from omzien.kernel.text import clean, fold

LONGEST, MOST_MEANINGS, MOST_LINES = 80, 12, 2000


@dataclass
class BadLine(Refused):
    """A line without a word or a meaning, or too long; `field` names which."""

    field: str


@dataclass
class KnownWord(Refused):
    """The word is there already, with these other meanings."""

    word: str
    means: list[str]


class TooManyLines(Refused):
    """The municipality has as many lines as a search can quickly look through."""


@transaction.atomic
def add_words(
    *, municipality: Municipality, word: str, means: str, by: str, replace: bool = False
) -> Synonym:
    """Let `word` also find what `means` says (words separated by commas).

    With `replace` a word that is there already gets the new meanings instead of the old.
    Every web process searches with it from its next look at the version. Raises BadLine,
    KnownWord and TooManyLines.
    """
    said = _plain(word)
    meanings = list(dict.fromkeys(found for part in means.split(",") if (found := _plain(part))))
    if not said or len(said) > LONGEST:
        raise BadLine("word")
    if not meanings or len(meanings) > MOST_MEANINGS or max(map(len, meanings)) > LONGEST:
        raise BadLine("means")
    known = Synonym.objects.filter(municipality=municipality, word=said).first()
    if known and not replace and known.means != meanings:
        raise KnownWord(known.word, known.means)
    if Synonym.objects.filter(municipality=municipality).count() >= MOST_LINES:
        raise TooManyLines
    line, _new = Synonym.objects.update_or_create(
        municipality=municipality, word=said, defaults={"means": meanings}
    )
    _noted("add", line, by)
    return line


@transaction.atomic
def remove_words(*, line: Synonym, by: str) -> None:
    """Take a line out of the thesaurus of its municipality."""
    _noted("remove", line, by)
    line.delete()


def _plain(text: str) -> str:
    return fold(clean(text).replace("=", " ").replace("#", " ").replace(",", " ")).strip()


def _noted(verb: str, line: Synonym, by: str) -> None:
    next_version(line.municipality_id)
    record(
        verb=verb,
        subject="synonym",
        subject_id=line.pk,
        by=by,
        municipality=line.municipality_id,
    )
