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
from omzien.directory.language.features import KINDS, beginning, between, factors, of_word, times

Floats = NDArray[np.float32]
MODELS = "models.npz"
OF_WORDS = (KINDS["w"], KINDS["c"])  # the kinds that one word gives wherever it stands
_KINDS = np.array([*KINDS.values()])
_NOTHING = np.array([], dtype=np.float32)


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
        return {name: one[0] for name, one in self.scores_in(said, [(0, len(said))]).items()}

    def scores_in(self, said: Sequence[str], spans: Sequence[tuple[int, int]]) -> dict[str, Floats]:
        """Return what `scores` does for each of several stretches of a text, a row each: from
        a word up to another one.
        """
        starts, ends = np.array(spans)[:, :, np.newaxis].transpose(1, 0, 2)
        rows, counted = self._together(said, starts, ends)
        kinds, loudness = self.kinds[rows], np.log1p(counted) * self.rarity[rows]
        squared = (loudness * loudness) @ (kinds[:, np.newaxis] == _KINDS)
        different, often = _often(said, starts, ends)
        loud, told = times(often).astype(np.float32), self._told(different)
        squared[:, OF_WORDS] += (loud * loud) @ told[:, : len(OF_WORDS)]
        sums = np.split(loud @ told[:, len(OF_WORDS) :], len(OF_WORDS), axis=1)
        by = factors(squared).astype(np.float32)
        weights = self.weights[rows].astype(np.float32)
        scores: Floats = np.matmul(loudness.astype(np.float32) * by[:, kinds], weights)
        for kind, summed in zip(OF_WORDS, sums, strict=True):
            scores += by[:, kind, np.newaxis] * summed
        scores = scores * self.scale + self.bias
        ends_at = accumulate((len(labels) for labels in self.labels.values()), initial=0)
        return {
            name: scores[:, start:end]
            for name, (start, end) in zip(self.labels, pairwise(ends_at), strict=True)
        }

    def knows(self, name: str) -> bool:
        """Tell whether a feature occurs in the examples."""
        return bool(self._known([name])[1].any())

    def _known(self, names: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return the rows of the names that are known, and which these are."""
        wanted = np.array([*map(hash, names)], dtype=np.int64)
        at = np.minimum(self.hashes.searchsorted(wanted), len(self.hashes) - 1)
        is_known = self.hashes[at] == wanted
        return self.rows[at[is_known]], is_known

    def _together(
        self, said: Sequence[str], starts: NDArray[np.intp], ends: NDArray[np.intp]
    ) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
        """Return the rows of what words give together, and a row for each stretch: how often."""
        found = [*between(said)]
        edges = [beginning(said[start]) for start in starts[:, 0].tolist() if said]
        rows, is_known = self._known([*(name for name, _, _ in found), *edges])
        begins = np.array([begin for _, begin, _ in found], dtype=np.intp)
        lasts = np.array([last for _, _, last in found], dtype=np.intp)
        own_edge = np.eye(len(starts), len(edges), dtype=bool)
        inside = np.concatenate([(starts <= begins) & (lasts < ends), own_edge], axis=1)
        order = np.argsort(rows, kind="stable")
        rows = rows[order]
        is_first = np.ones(len(rows), dtype=bool)
        np.not_equal(rows[1:], rows[:-1], out=is_first[1:])
        firsts = np.flatnonzero(is_first)
        inside = inside[:, is_known][:, order]
        return rows[firsts], np.add.reduceat(inside, firsts, axis=1, dtype=np.intp)

    def _told(self, said: Sequence[str]) -> Floats:
        """Return a row for each word with what it says by itself: the squared length of its forms
        and that of its letters, then what its forms weigh for each label, and what its letters do.
        """
        told: Floats = np.concatenate([_NOTHING, *map(self._told_by, said)])
        return told.reshape(len(said), len(OF_WORDS) * (1 + self.weights.shape[1]))

    @cached_property
    def _told_by(self) -> Callable[[str], Floats]:
        def told(word: str) -> Floats:
            names, amounts = zip(*of_word(word), strict=True)
            rows, is_known = self._known(names)
            loudness = np.log1p(np.array(amounts)[is_known]) * self.rarity[rows]
            by_kind = loudness * (self.kinds[rows] == np.array(OF_WORDS)[:, np.newaxis])
            sums = by_kind @ self.weights[rows].astype(np.float64)
            squares = (by_kind * by_kind).sum(axis=1)
            found: Floats = np.concatenate([squares, *sums]).astype(np.float32)
            return found

        return lru_cache(maxsize=20_000)(told)


def _often(
    said: Sequence[str], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> tuple[list[str], Floats]:
    """Return the different words, and a row for each stretch: how often each stands in it."""
    numbers = {word: number for number, word in enumerate(dict.fromkeys(said))}
    which = np.eye(len(numbers), dtype=np.float32)[[numbers[word] for word in said]]
    at = np.arange(len(said))
    return [*numbers], ((starts <= at) & (at < ends)).astype(np.float32) @ which


def softmax(scores: Floats) -> Floats:
    """Return scores as shares that add up to one, in each row."""
    raised: Floats = np.exp(scores - np.maximum.reduce(scores, axis=-1, keepdims=True))
    total: Floats = np.add.reduce(raised, axis=-1, keepdims=True)
    return raised / total


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
