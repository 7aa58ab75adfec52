"""A linear model with readable weights: one row of small numbers per feature.

Written by `make train`, read here. `explain` names the features that spoke for a label,
so that every suggestion can say why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from omzien.directory.language.features import KINDS, counts, scaled, scaled_rows

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Linear:
    """Labels, features with their rarity, and weights (features x labels, 8 bits, scaled)."""

    labels: tuple[str, ...]
    rows: dict[str, int]
    rarity: NDArray[np.float16]
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def scores(self, text: str) -> Floats:
        """Return the raw score of each label for a text."""
        return self.scores_of_counts(counts(text))

    def scores_of_counts(self, raw: dict[str, float]) -> Floats:
        """Return the raw score of each label for feature counts (`features.counts`)."""
        rows = self.rows
        known = [
            (row, KINDS[name[0]], count)
            for name, count in raw.items()
            if (row := rows.get(name)) is not None
        ]
        if not known:
            return self.bias.copy()
        numbers, kinds, found = np.array(known).T
        index = numbers.astype(np.int64)
        rarity = self.rarity[index].astype(np.float64)
        amounts = scaled_rows(kinds.astype(np.int64), found, rarity).astype(np.float32)
        summed: Floats = (amounts @ self.weights[index].astype(np.float32)) * self.scale + self.bias
        return summed

    def explain(self, text: str, label: str, most: int = 3) -> list[str]:
        """Return the words of `text` that spoke most for `label`."""
        raw = counts(text)
        rarity = {n: float(self.rarity[self.rows[n]]) for n in raw if n in self.rows}
        values = {n: v for n, v in scaled(raw, rarity).items() if n[0] == "w"}
        column = self.labels.index(label)
        said = {n: v * float(self.weights[self.rows[n], column]) for n, v in values.items()}
        best = sorted(said, key=lambda n: -said[n])[:most]
        return [n[2:].lstrip("~") for n in best if said[n] > 0]


def softmax(scores: Floats) -> Floats:
    """Return scores as shares that add up to one."""
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares


def pack(
    labels: Sequence[str], features: Sequence[str], rarity: Floats, weights: Floats, bias: Floats
) -> bytes:
    """Return a model as the bytes of a compressed numpy archive, weights in 8 bits."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    small = np.round(weights / scale).astype(np.int8)
    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        labels=np.array(labels),
        features=np.frombuffer("\n".join(features).encode(), dtype=np.uint8),
        rarity=rarity.astype(np.float16),
        weights=small,
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
    )
    return buffer.getvalue()


def unpack(data: bytes) -> Linear:
    """Return the model that `pack` wrote."""
    with np.load(BytesIO(data), allow_pickle=False) as archive:
        features = archive["features"].tobytes().decode().split("\n")
        return Linear(
            labels=tuple(archive["labels"].tolist()),
            rows={name: row for row, name in enumerate(features)},
            rarity=archive["rarity"],
            weights=archive["weights"],
            scale=archive["scale"],
            bias=archive["bias"],
        )


@lru_cache(maxsize=8)
def load(name: str) -> Linear:
    """Return the shipped model `name` ("topics", "crisis", "language")."""
    return unpack(files("omzien.directory").joinpath("data", f"{name}.npz").read_bytes())
