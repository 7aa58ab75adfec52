"""Which words of a question tell its asker why an entry fits: "vergeet" does, "nieuwe" does not.

Only what is told is chosen here; every word counts for the order.
"""

from functools import lru_cache
from importlib.resources import files

from omzien.directory.language.analysis import lemma


@lru_cache(maxsize=1)
def general_words() -> frozenset[str]:
    """Return the words that are said whatever somebody asks (data/general.txt)."""
    text = files("omzien.directory").joinpath("data", "general.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def tells(word: str) -> bool:
    """Tell whether a Dutch word, as it was typed, is a reason to a reader."""
    known = general_words()
    return not (word in known or lemma(word) in known or word.isdigit())
