"""The index of one municipality: which entry holds which token, as flat numpy arrays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from omzien.directory.language.analysis import token_forms
from omzien.directory.search.entries import Entry
from omzien.kernel.geo import EARTH_RADIUS_KM, LatLon

K1, B = 1.2, 0.5  # BM25: how soon a repeated word stops counting; how much length matters
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Index:
    """Entries with their postings: for term i, `docs[starts[i]:starts[i+1]]` and `weights`.

    `topics` is a table of entries by topics; `rungs` and `trust` hold one number an entry;
    `placed`, `lats` and `lons` (radians) hold one row a place; `local` holds the villages of
    the entries that are for these villages only.
    """

    entries: tuple[Entry, ...]
    terms: dict[str, int]
    starts: NDArray[np.int64]
    docs: NDArray[np.int32]
    weights: Floats
    topics: Floats
    topic_codes: tuple[str, ...]
    rungs: Floats
    trust: Floats
    spelling: tuple[str, ...]
    placed: NDArray[np.int64]
    lats: NDArray[np.float64]
    lons: NDArray[np.float64]
    local: dict[int, frozenset[str]]

    def word_scores(self, query: dict[str, float]) -> Floats:
        """Return the BM25 score of every entry for weighted query tokens."""
        scores = np.zeros(len(self.entries), dtype=np.float32)
        for token, weight in query.items():
            if (term := self.terms.get(token)) is not None:
                span = slice(self.starts[term], self.starts[term + 1])
                scores[self.docs[span]] += weight * self.weights[span]
        return scores

    def distances(self, point: LatLon | None) -> Floats:
        """Return the kilometres from `point` to the nearest place of each entry, else NaN."""
        if point is None or not len(self.lats):
            return np.full(len(self.entries), np.nan, dtype=np.float32)
        lat, lon = math.radians(point.lat), math.radians(point.lon)
        chord = (
            np.sin((self.lats - lat) / 2) ** 2
            + math.cos(lat) * np.cos(self.lats) * np.sin((self.lons - lon) / 2) ** 2
        )
        km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
        nearest = np.full(len(self.entries), np.inf, dtype=np.float64)
        np.minimum.at(nearest, self.placed, km)
        return np.where(np.isinf(nearest), np.nan, nearest).astype(np.float32)

    def reaching(self, village: str) -> NDArray[np.bool_]:
        """Mark the entries that someone in `village` can use: all but other villages' own."""
        near = np.ones(len(self.entries), dtype=bool)
        for number, villages in self.local.items():
            near[number] = not village or village in villages
        return near

    def holding(self, token: str) -> list[int]:
        """Return the numbers of the entries that hold `token`."""
        if (term := self.terms.get(token)) is None:
            return []
        numbers: list[int] = self.docs[self.starts[term] : self.starts[term + 1]].tolist()
        return numbers

    def knows(self, word: str) -> bool:
        """Tell whether any form of `word` but its stem occurs in an entry."""
        return any(t in self.terms for t, _ in token_forms(word) if not t.startswith("~"))

    def respelled(self, word: str) -> str | None:
        """Return the word of the entries that `word` was probably meant to be, or None."""
        if len(word) < 4:
            return None
        near = [w for w in self.spelling if w[0] == word[0] and abs(len(w) - len(word)) <= 2]
        best = process.extractOne(word, near, scorer=fuzz.ratio, score_cutoff=80)
        return str(best[0]) if best else None


def build(entries: Sequence[Entry], topic_codes: Sequence[str]) -> Index:
    """Return the index of `entries`."""
    postings: dict[str, list[tuple[int, float]]] = {}
    lengths = np.array([sum(e.tokens.values()) for e in entries] or [1.0], dtype=np.float32)
    norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1e-6))
    for number, entry in enumerate(entries):
        for token, amount in entry.tokens.items():
            postings.setdefault(token, []).append((number, amount))
    starts, docs, weights = [0], [], []
    for places in postings.values():
        rarity = math.log(1 + (len(entries) - len(places) + 0.5) / (len(places) + 0.5))
        for number, amount in places:
            docs.append(number)
            weights.append(rarity * amount * (K1 + 1) / (amount + float(norm[number])))
        starts.append(len(docs))
    column = {code: i for i, code in enumerate(topic_codes)}
    topics = np.zeros((len(entries), len(topic_codes)), dtype=np.float32)
    for number, entry in enumerate(entries):
        for code, sure in entry.topics.items():
            if code in column:
                topics[number, column[code]] = sure
    return Index(
        # The postings hold the tokens: keeping them twice would cost most of the memory.
        entries=tuple(replace(entry, tokens={}) for entry in entries),
        terms={token: i for i, token in enumerate(postings)},
        starts=np.array(starts, dtype=np.int64),
        docs=np.array(docs, dtype=np.int32),
        weights=np.array(weights, dtype=np.float32),
        topics=topics,
        topic_codes=tuple(topic_codes),
        rungs=np.array([e.rung.height if e.rung else 2 for e in entries], dtype=np.float32),
        trust=np.array([e.trust for e in entries], dtype=np.float32),
        spelling=tuple(t for t in postings if t.isalpha() and len(t) > 3),
        placed=np.array([n for n, e in enumerate(entries) for _ in e.points], dtype=np.int64),
        lats=np.radians([p.lat for e in entries for p in e.points]),
        lons=np.radians([p.lon for e in entries for p in e.points]),
        local={
            n: e.villages for n, e in enumerate(entries) if e.reach == "villages" and e.villages
        },
    )
