"""From text to tokens: folded words, lemmas, compound parts, and the stem as a weak extra.

The same analysis serves the entries (once, when they are saved) and the question.
Stock stemmers split what belongs together in Dutch (measured: PostgreSQL `dutch` keeps
buurthuis and buurthuizen apart; Kraaij-Pohlmann makes "vrijwil" of vrijwilligers and
"vrijwillirswerk" of vrijwilligerswerk), so the lemma leads and the stem only helps.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

import simplemma
import snowballstemmer

from omzien.kernel.text import fold

MOST_CHARACTERS = 4000  # a longer question is cut: nobody reads on, and a search must stay quick
MOST_WORDS = 400
# The process remembers what it worked out of a word. No more of a run of letters is a word to it,
# so that it never remembers a sentence that somebody typed without spaces.
LONGEST_KEPT = 40
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?", re.UNICODE)
_ENDS = re.compile(r"[.!?;:,()\n…،؛؟]+")
_STEMMER = snowballstemmer.stemmer("dutch")
_LINKS = ("", "s", "e", "en", "n")
_SHORTEST_PART = 3

WORD, LEMMA, PART, STEM = 1.0, 1.0, 0.6, 0.35


def _lines(name: str) -> list[str]:
    text = files("omzien.directory").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("#")[0].strip() for line in text.splitlines() if line.split("#")[0].strip()]


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Return the Dutch words that say nothing about a topic (data/stopwords.txt)."""
    return frozenset(word for line in _lines("stopwords.txt") for word in line.split())


@lru_cache(maxsize=1)
def domain_words() -> frozenset[str]:
    """Return words of the field that a general word list lacks (data/words.txt)."""
    return frozenset(word for line in _lines("words.txt") for word in line.split())


@lru_cache(maxsize=1)
def shorthand() -> Mapping[str, str]:
    """Return what people write short, or as they speak, with what it says (data/shorthand.txt)."""
    pairs = (line.partition(" ") for line in _lines("shorthand.txt"))
    return {short: full for short, _, full in pairs}


def words(text: str) -> list[str]:
    """Return the folded words of `text` in order; at most 400, from the first 4,000 characters."""
    return _words(_folded(text))[:MOST_WORDS]


def sentences(text: str) -> list[list[str]]:
    """Return what `words` does, in the pieces of sentences that points and commas make."""
    found: list[list[str]] = []
    left = MOST_WORDS
    for piece in _ENDS.split(_folded(text)):
        if said := _words(piece)[:left]:
            found.append(said)
            left -= len(said)
    return found


def _folded(text: str) -> str:
    return fold(text[:MOST_CHARACTERS]).replace("’", "'")


def _words(folded: str) -> list[str]:
    return [w.strip("'")[:LONGEST_KEPT] for w in _WORD.findall(folded)]


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Return the dictionary form of a Dutch word, or the word itself."""
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("e") and not is_word(word) and is_word(f"{word}n"):
        word = f"{word}n"  # "genome", "slape": as it is said in half of the country
    return fold(simplemma.lemmatize(word, lang="nl", low_memory=True))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the Kraaij-Pohlmann stem: too greedy to lead, useful as a weak extra."""
    return str(_STEMMER.stemWord(word)) if word.isascii() and len(word) > 4 else word


@lru_cache(maxsize=200_000)
def is_word(word: str) -> bool:
    """Tell whether `word` is a Dutch word that may be part of a compound."""
    return word in domain_words() or (
        len(word) >= _SHORTEST_PART and bool(simplemma.is_known(word, lang="nl", low_memory=True))
    )


@lru_cache(maxsize=200_000)
def parts(word: str) -> tuple[str, ...]:
    """Return the lemmas of the parts of a compound, or () when it is none.

    "mantelzorgondersteuning" -> ("mantelzorg", "ondersteuning"). The split with the
    longest last part wins, because in Dutch the last part is what the thing is.
    """
    if len(word) < 2 * _SHORTEST_PART + 1 or not word.isascii() or not word.isalpha():
        return ()
    if word in domain_words() or (len(word) < 10 and is_word(word)):
        return ()  # "vergeten" is no "vergen" + "eten"
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        last = word[at:]
        if not _is_part(last):
            continue
        first = _first_part(word[:at])
        if first:
            return (*(parts(first) or (lemma(first),)), lemma(last))
    return ()


def _is_part(word: str) -> bool:
    return len(word) >= _SHORTEST_PART + (word not in domain_words()) and is_word(word)


def _first_part(text: str) -> str | None:
    for link in _LINKS:
        if text.endswith(link):
            stripped = text[: len(text) - len(link)]
            if len(stripped) >= _SHORTEST_PART and _is_part(stripped):
                return stripped
    return None


def tokens(text: str) -> Iterator[tuple[str, float]]:
    """Yield (token, weight) for every telling word of `text`.

    The lemma counts in full, the parts of a compound for 0.6, a stem ("~" before it)
    for 0.35. A word may come more than once.
    """
    for word in words(text):
        if word not in stop_words():
            yield from token_forms(word)


@lru_cache(maxsize=100_000)
def token_forms(word: str) -> tuple[tuple[str, float], ...]:
    """Return the tokens of one word with their weights."""
    base = lemma(word)
    found = [(base, LEMMA)]
    found += [(part, PART) for part in (parts(word) or parts(base)) if part != base]
    stemmed = stem(word)
    if len(stemmed) > 3:
        found.append((f"~{stemmed}", STEM))
    return tuple(found)


def count(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Add up weights by token."""
    total: dict[str, float] = {}
    for token, weight in pairs:
        total[token] = total.get(token, 0.0) + weight
    return total
