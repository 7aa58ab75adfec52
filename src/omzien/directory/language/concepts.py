"""Concepts of everyday life in six languages (data/concepts.txt).

What the models learn from a Dutch question about a deaf neighbour they then also know of a
Turkish one: both speak of "hear" and "neighbour". Two concepts near each other tell more
than either: "locked" with "mother" is not "locked" with "street".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from omzien.kernel.text import ARABIC, fold

NEAR = 10  # words between two concepts that still belong together
_SHORTEST, _LONGEST = 2, 14
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Table:
    """Which concepts a word, the beginning of a word, or a pair of words stands for."""

    exact: dict[str, frozenset[str]]
    beginnings: dict[str, frozenset[str]]
    phrases: dict[str, dict[str, set[str]]]
    """First word -> second -> concepts; one that must be said as it stands ends in a point."""
    seconds: frozenset[str]


@lru_cache(maxsize=1)
def table() -> Table:
    """Return the shipped table."""
    exact: dict[str, set[str]] = {}
    beginnings: dict[str, set[str]] = {}
    phrases: dict[str, dict[str, set[str]]] = {}
    text = files("omzien.directory").joinpath("data", "concepts.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        concept, *languages = (part.strip() for part in line.split("|"))
        for entry in " ".join(languages).split():
            whole = entry.endswith((".", "_"))
            words = [_bare(fold(w)) for w in entry.rstrip("._").split("_")]
            if len(words) > 1:
                second = f"{words[1]}." if whole else words[1]
                phrases.setdefault(words[0], {}).setdefault(second, set()).add(concept)
            else:
                (exact if whole else beginnings).setdefault(words[0], set()).add(concept)
    return Table(
        {word: frozenset(found) for word, found in exact.items()},
        {word: frozenset(found) for word, found in beginnings.items()},
        phrases,
        frozenset(second for found in phrases.values() for second in found),
    )


def _bare(folded: str) -> str:
    return folded.replace("ʼ", "").replace("'", "")


def of_word(word: str) -> tuple[str, ...]:
    """Return the concepts that a folded word stands for, in alphabetical order.

    Arabic puts "and", "the", "he" and the like before the word itself: there the word is
    also looked up without its first one to three letters.
    """
    plain = _bare(word)
    known = table()
    starts = range(4) if ARABIC.match(plain) and len(plain) > 3 else range(1)
    found: set[str] = set()
    for start in starts:
        rest = plain[start:]
        if start and len(rest) < 3:
            break
        found |= known.exact.get(rest, frozenset())
        for size in range(_SHORTEST, min(len(rest), _LONGEST) + 1):
            found |= known.beginnings.get(rest[:size], frozenset())
    return tuple(sorted(found))


def of_words(words: Sequence[str]) -> list[tuple[int, str]]:
    """Return (position, concept) for the folded words of a text, in their order."""
    found: list[tuple[int, str]] = []
    read = [*map(_read, words), ((), NOTHING, {})]
    for position, ((here, _, pairs), (_, seconds, _)) in enumerate(pairwise(read)):
        if seconds and (said := [c for one in seconds for c in pairs.get(one, ())]):
            here = tuple(sorted({*here, *said}))
        if here:
            found += [(position, concept) for concept in here]
    return found


@lru_cache(maxsize=50_000)
def _read(word: str) -> tuple[tuple[str, ...], frozenset[str], Mapping[str, Collection[str]]]:
    """Return the concepts of a folded word, which second of a pair it is, and its own pairs."""
    bare, known = _bare(word), table()
    beginnings = (bare[:size] for size in range(1, len(bare) + 1))
    seconds = known.seconds & {f"{bare}.", *beginnings}
    return of_word(word), seconds, known.phrases.get(bare, {})
