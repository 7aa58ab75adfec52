"""What the learned models look at: words, pairs of words, and letters within words.

Letters carry a question over typing errors and inflection, in all six languages; pairs
carry "niet meer" and "op straat"; concepts carry what was learned in one language over to
the others; words and compound parts carry the rest.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from omzien.directory.language import concepts
from omzien.directory.language.analysis import stop_words, token_forms, words

_WEIGHTS = {"w": 1.0, "b": 0.6, "c": 1.0, "k": 1.0}
# A single concept in a long text proves little, and some are found by accident: added to the
# squared length, this keeps a lonely one from speaking as loudly as ten (measured: 0 gave
# nDCG@5 0.814 on the development questions, 200 gave 0.839 with the same examples).
_DAMPING = {"k": 200.0}


KINDS = {kind: number for number, kind in enumerate(_WEIGHTS)}
_WEIGHT = np.array(list(_WEIGHTS.values()))
_DAMPED = np.array([_DAMPING.get(kind, 0.0) for kind in _WEIGHTS])


class Heard(NamedTuple):
    """How loud a feature is in a text, before its rarity, and the square of that.

    What a word gives is as loud wherever it stands, so that it can be kept and added up: of its
    forms and letters the logs of the counts are added over the different words. What words give
    together is counted over the text.
    """

    loudness: float = 0.0
    squared: float = 0.0


def heard(text: str) -> dict[str, Heard]:
    """Return the features of a text.

    Names begin with `w:` for words, `b:` for pairs, `c:` for letters, `k:` for concepts.
    """
    said = words(text)
    together = Counter([name for name, _, _ in between(said)] + [*map(beginning, said[:1])])
    told = [(name, math.log1p(often)) for name, often in together.items()]
    for word, often in Counter(said).items():
        told += [(name, times(often) * math.log1p(much)) for name, much in of_word(word)]
    found: defaultdict[str, Heard] = defaultdict(Heard)
    for name, loud in told:
        before = found[name]
        found[name] = Heard(before.loudness + loud, before.squared + loud * loud)
    return dict(found)


def times(often: Any) -> Any:
    """Return how many times as loud a word is that is said so often (a number, or an array)."""
    return np.log1p(often) / math.log(2)


def of_word(word: str) -> list[tuple[str, float]]:
    """Return what one word gives wherever it stands: its forms, and its groups of 3 to 5 letters.

    A stop word gives itself only, and little.
    """
    if word in stop_words():
        return [(f"w:{word}", 0.3)]
    edged = f"^{word}$"
    forms = [(f"w:{token}", weight) for token, weight in token_forms(word)]
    letters = [
        (f"c:{edged[start : start + size]}", 1.0)
        for size in (3, 4, 5)
        for start in range(len(edged) - size + 1)
    ]
    return [*forms, *letters]


def between(said: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield what words give together, with where the first and the last of these words stand:
    pairs, concepts, and concepts near each other.
    """
    for number, (before, word) in enumerate(pairwise(said)):
        yield f"b:{before} {word}", number, number + 1
    placed = concepts.of_words(said)
    for number, (position, concept) in enumerate(placed):
        yield f"k:{concept}", position, position
        for other_position, other in placed[number + 1 :]:
            if other_position - position > concepts.NEAR:
                break
            if other != concept and other_position != position:
                both = f"k:{min(concept, other)}+{max(concept, other)}"
                yield both, position, other_position


def beginning(word: str) -> str:
    """Return the feature of a word with which a text begins."""
    return f"b:^ {word}"


def factors(squared: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by what each kind of feature counts, so that it is scaled to length 1.

    `squared` holds in its last axis the sum of the squares of each of `KINDS`, as loud as they
    are and as rare.
    """
    damped = squared + _DAMPED
    result: NDArray[np.float64] = _WEIGHT / np.where(damped > 0, np.sqrt(damped), 1.0)
    return result
