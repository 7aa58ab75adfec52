"""The thesaurus: a plain word and the words of the social map that it also stands for.

The shipped lines are in data/thesaurus.txt; the functional manager adds lines of the own
municipality (`Synonym`), and both look alike: `word = other words, more words`.
"""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from omzien.directory.language.analysis import lemma, token_forms, words

Thesaurus = dict[str, tuple[str, ...]]
EXPANSION = 0.5  # what a word from the thesaurus weighs beside the word that was typed


def read(lines: Iterable[str]) -> Thesaurus:
    """Return the thesaurus that `lines` of `word = other, words` hold; `#` starts a remark."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        word, sign, meanings = line.split("#")[0].partition("=")
        if sign and word.strip():
            key = " ".join(lemma(w) for w in words(word))
            found[key] = found.get(key, ()) + tuple(
                m.strip() for m in meanings.split(",") if m.strip()
            )
    return found


@lru_cache(maxsize=1)
def shipped() -> Thesaurus:
    """Return the lines that come with the product."""
    text = files("omzien.directory").joinpath("data", "thesaurus.txt").read_text(encoding="utf-8")
    return read(text.splitlines())


def expand(question_words: list[str], thesaurus: Thesaurus) -> dict[str, float]:
    """Return the extra tokens, with their weight, that the thesaurus adds to a question."""
    lemmas = [lemma(w) for w in question_words]
    keys = lemmas + [f"{a} {b}" for a, b in pairwise(lemmas)]
    extra: dict[str, float] = {}
    for key in keys:
        for meaning in thesaurus.get(key, ()):
            for word in words(meaning):
                for token, weight in token_forms(word):
                    extra[token] = max(extra.get(token, 0.0), EXPANSION * weight)
    return extra
