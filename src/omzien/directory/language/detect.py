"""In which language a question is asked: nl, en, pl, tr, ar or uk."""

from functools import lru_cache

import numpy as np

from omzien.directory.language.analysis import is_word, lemma
from omzien.directory.language.model import Floats, load, softmax
from omzien.kernel.text import ARABIC, CYRILLIC

LANGUAGES = ("nl", "en", "pl", "tr", "ar", "uk")
_SCRIPTS = (("ar", ARABIC), ("uk", CYRILLIC))
SURE = 0.6  # below this a question in Latin letters counts as Dutch


def language(text: str, scores: Floats | None = None) -> str:
    """Return the code of the language of a question; Dutch when in doubt.

    The script settles Arabic and Ukrainian; letters and words settle the other four.
    `scores` are those of the model "language" where these are known already.
    """
    sample = text[:2000]
    if not sample.isascii():
        letters = "".join(filter(str.isalpha, sample))
        for code, script in _SCRIPTS:
            if len(script.findall(letters)) * 2 > len(letters):
                return code
    shares = softmax(load().scores(sample)["language"] if scores is None else scores)
    best = int(np.argmax(shares))
    return load().labels["language"][best] if shares[best] >= SURE else "nl"


@lru_cache(maxsize=100_000)
def is_dutch_word(word: str) -> bool:
    """Tell whether a word needs no correction: a Dutch word, or one the topic model knows."""
    return is_word(word) or is_word(lemma(word)) or load().knows(f"w:{word}")
