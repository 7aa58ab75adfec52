"""Linear models with readable weights: one row of small numbers per feature.

What a question is about, which danger it tells of and in which language it is asked are
three models over the same features, so their weights stand side by side and a text is
looked up once. Written by `make train`, read here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from omzien.directory.language.analysis import words
from omzien.directory.language.features import KINDS, between, of_word, scaled

Floats = NDArray[np.float32]
# Features of a text, a row each: its row in the models, how often it came, its kind and rarity.
Counted = NDArray[np.float64]
ROW, AMOUNT, KIND, RARITY = range(4)
MODELS = "models.npz"


@dataclass(frozen=True)
class Linear:
    """Labels of each model, features with their rarity, and weights (8 bits, scaled).

    A column a label, the models after each other; a row a feature. Of a feature's name only
    the hash is kept, in ascending order, with its row: the names would take ten times the
    memory (two names with one hash: a chance of one in a billion).
    """

    labels: dict[str, tuple[str, ...]]
    hashes: NDArray[np.int64]
    rows: NDArray[np.int32]
    kinds: NDArray[np.int8]
    rarity: NDArray[np.float64]
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def scores(self, text: str) -> dict[str, Floats]:
        """Return for each model the raw score of each of its labels for a text."""
        return self.scores_of(words(text))

    def scores_of(self, said: Sequence[str]) -> dict[str, Floats]:
        """Return what `scores` does for the words of a text (`analysis.words`)."""
        together = self._known([*between(said)])
        rows, amounts, kinds, rarity = _added_up(
            np.concatenate([*map(self._of_word, said), together])
        ).T
        values = scaled(kinds.astype(np.intp), amounts, rarity).astype(np.float32)
        weights = self.weights[rows.astype(np.intp)].astype(np.float32)
        scores = (values @ weights) * self.scale + self.bias
        ends = accumulate((len(labels) for labels in self.labels.values()), initial=0)
        return {
            name: scores[start:end]
            for name, (start, end) in zip(self.labels, pairwise(ends), strict=True)
        }

    def knows(self, name: str) -> bool:
        """Tell whether a feature occurs in the examples."""
        return len(self._known([name])) > 0

    def _known(self, names: Sequence[str], amounts: Sequence[float] | float = 1.0) -> Counted:
        wanted = np.array([*map(hash, names)], dtype=np.int64)
        at = np.minimum(self.hashes.searchsorted(wanted), len(self.hashes) - 1)
        is_known = self.hashes[at] == wanted
        counted: Counted = np.empty((len(names), 4))
        counted[:, AMOUNT] = amounts
        found: Counted = counted[is_known]
        rows = self.rows[at[is_known]]
        found[:, ROW], found[:, KIND], found[:, RARITY] = rows, self.kinds[rows], self.rarity[rows]
        return found

    @cached_property
    def _of_word(self) -> Callable[[str], Counted]:
        def known(word: str) -> Counted:
            names, amounts = zip(*of_word(word), strict=True)
            return self._known(names, amounts)

        return lru_cache(maxsize=20_000)(known)


def _added_up(counted: Counted) -> Counted:
    """Return each row once, ascending, with the sum of its amounts.

    Twice as fast as `np.unique` with `np.bincount`, which was a tenth of a search.
    """
    counted = counted[np.argsort(counted[:, ROW], kind="stable")]
    rows = counted[:, ROW]
    is_first = np.ones(len(rows), dtype=bool)
    np.not_equal(rows[1:], rows[:-1], out=is_first[1:])
    firsts = np.flatnonzero(is_first)
    once = counted[firsts]
    once[:, AMOUNT] = np.add.reduceat(counted[:, AMOUNT], firsts)
    return once


def softmax(scores: Floats) -> Floats:
    """Return scores as shares that add up to one."""
    raised = np.exp(scores - np.maximum.reduce(scores))
    shares: Floats = raised / np.add.reduce(raised)
    return shares


def pack(
    labels: Mapping[str, Sequence[str]],
    rarity: Mapping[str, float],
    weights: NDArray[np.float64],
    bias: NDArray[np.float64],
) -> bytes:
    """Return models as the bytes of a compressed numpy archive, weights in 8 bits.

    `rarity` names the features in the order of the rows of `weights`.
    """
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        labels=np.array([f"{name} {label}" for name, some in labels.items() for label in some]),
        features=np.frombuffer("\n".join(rarity).encode(), dtype=np.uint8),
        rarity=np.array(list(rarity.values()), dtype=np.float16),
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
    )
    return buffer.getvalue()


def unpack(data: bytes) -> Linear:
    """Return the models that `pack` wrote."""
    with np.load(BytesIO(data), allow_pickle=False) as archive:
        features = archive["features"].tobytes().decode().split("\n")
        labels: dict[str, tuple[str, ...]] = {}
        for line in archive["labels"].tolist():
            name, _, label = line.partition(" ")
            labels[name] = (*labels.get(name, ()), label)
        hashes = np.array([hash(name) for name in features], dtype=np.int64)
        rows = np.argsort(hashes).astype(np.int32)
        return Linear(
            labels=labels,
            hashes=hashes[rows],
            rows=rows,
            kinds=np.array([KINDS[name[0]] for name in features], dtype=np.int8),
            rarity=archive["rarity"].astype(np.float64),
            weights=archive["weights"],
            scale=archive["scale"],
            bias=archive["bias"],
        )


@lru_cache(maxsize=1)
def load() -> Linear:
    """Return the shipped models."""
    return unpack(files("omzien.directory").joinpath("data", MODELS).read_bytes())
