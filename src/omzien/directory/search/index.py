"""The index of one municipality: which entry holds which token, as flat numpy arrays.

One process holds the indexes of many municipalities, so the arrays are small: words are
numbers of the shared vocabulary, entries are numbers of two bytes where that is enough.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from omzien.directory.language.analysis import stop_words, token_forms
from omzien.directory.search import vocabulary
from omzien.directory.search.entries import Entry
from omzien.kernel.geo import EARTH_RADIUS_KM, LatLon

K1, B = 1.2, 0.5  # BM25: how soon a repeated word stops counting; how much length matters
SPELLED_ALIKE = 80  # from this likeness (of 100) on, a word was probably meant
# A weight is kept as the number of a level; each level is 2.7 % above the one before.
LEVELS = np.geomspace(0.05, 40, 256).astype(np.float32)
LAST = np.iinfo(np.int32).max  # more than any word's number
NO_TOKENS: dict[str, float] = {}
Floats = NDArray[np.float32]
Numbers = NDArray[np.uint16] | NDArray[np.uint32]


@dataclass(frozen=True)
class Topics:
    """How sure we are of the topics of entries: one row per topic of an entry."""

    entries: NDArray[np.int32]
    columns: NDArray[np.int16]
    sure: Floats

    def explained(self, shares: Floats, size: int) -> tuple[Floats, Floats]:
        """Return for `size` entries the best and the summed share that their topics explain."""
        weighted = self.sure * shares[self.columns]
        best = np.zeros(size, dtype=np.float32)
        np.maximum.at(best, self.entries, weighted)
        summed = np.bincount(self.entries, weights=weighted, minlength=size)
        return best, summed.astype(np.float32)


class Held(NamedTuple):
    """Which entries hold which tokens of a question: a row for each such pair.

    `tokens` holds positions in the question, `entries` numbers of entries out of `size`.
    """

    tokens: NDArray[np.int64]
    entries: Numbers
    levels: NDArray[np.uint8]
    size: int

    def scores(self, weights: Sequence[float]) -> Floats:
        """Return the BM25 score of every entry for the weights of the tokens."""
        amounts = np.asarray(weights, dtype=np.float32)[self.tokens] * LEVELS[self.levels]
        return np.bincount(self.entries, weights=amounts, minlength=self.size).astype(np.float32)

    def of(self, chosen: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield (entry, token) for the chosen entries, the tokens in the question's order."""
        wanted = np.zeros(self.size, dtype=bool)
        wanted[list(chosen)] = True
        rows = np.flatnonzero(wanted[self.entries])
        yield from zip(self.entries[rows].tolist(), self.tokens[rows].tolist(), strict=True)


@dataclass(frozen=True)
class Index:
    """Entries with their postings: for `terms[i]`, `docs[starts[i]:starts[i+1]]` and `levels`.

    `terms` holds ascending numbers of the vocabulary, and at the end one more that no word has,
    so that looking up a number always finds a place; `rungs` and `trust` hold one number an
    entry; `placed`, `lats` and `lons` (radians) hold one row a place; `local` holds the
    villages of the entries that are for these villages only.
    """

    entries: tuple[Entry, ...]
    terms: NDArray[np.int32]
    starts: NDArray[np.int32]
    docs: Numbers
    levels: NDArray[np.uint8]
    topics: Topics
    rungs: Floats
    trust: Floats
    placed: NDArray[np.int32]
    lats: NDArray[np.float64]
    lons: NDArray[np.float64]
    local: dict[int, frozenset[str]]

    def holding(self, tokens: Sequence[str]) -> Held:
        """Return which entries hold which of `tokens`."""
        firsts, held = self._spans(tokens)
        # The rows of all spans after each other: each starts again at its own first.
        rows = np.repeat(firsts - np.cumsum(held) + held, held) + np.arange(held.sum())
        which = np.repeat(np.arange(len(tokens)), held)
        return Held(which, self.docs[rows], self.levels[rows], len(self.entries))

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

    @cached_property
    def distances_from(self) -> Callable[[LatLon | None], Floats]:
        """Return what does the same for a point that many ask from: it keeps what it found.

        Never for where one person is.
        """
        return lru_cache(maxsize=200)(self.distances)

    def points(self) -> Iterator[tuple[Entry, LatLon]]:
        """Yield each entry with each of its points on the map."""
        lats, lons = (
            np.degrees(self.lats).round(7).tolist(),
            np.degrees(self.lons).round(7).tolist(),
        )
        for number, lat, lon in zip(self.placed.tolist(), lats, lons, strict=True):
            yield self.entries[number], LatLon(lat, lon)

    def reaching(self, village: str) -> NDArray[np.bool_]:
        """Mark the entries that someone in `village` can use: all but other villages' own."""
        near = np.ones(len(self.entries), dtype=bool)
        for number, villages in self.local.items():
            near[number] = not village or village in villages
        return near

    def knows(self, word: str) -> bool:
        """Tell whether any form of `word` but its stem occurs in an entry."""
        return any(self._spans(t for t, _ in token_forms(word) if not t.startswith("~"))[1])

    def respelled(self, word: str) -> str | None:
        """Return the word of the entries that `word` was probably meant to be, or None.

        Where a word that says nothing is as much alike, it was that one: "wort" is "wordt".
        """
        if len(word) < 4:
            return None
        near = process.extract(
            word,
            vocabulary.alike(word),
            scorer=fuzz.ratio,
            score_cutoff=SPELLED_ALIKE,
            limit=None,
        )
        # Of what is equally alike, the word that most entries hold; then by alphabet.
        found = [(-score, -count, w) for w, score, _ in near if (count := self._count(w))]
        if not found:
            return None
        score, _, meant = min(found)
        says_nothing = process.extractOne(
            word, stop_words(), scorer=fuzz.ratio, score_cutoff=-score
        )
        return None if says_nothing else meant

    def _spans(self, tokens: Iterable[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return for each token its first row and how many rows it has."""
        # Another type than that of the terms would make numpy copy all of them.
        wanted = np.array([*map(vocabulary.number_of, tokens)], dtype=np.int32)
        at = self.terms.searchsorted(wanted)
        firsts = self.starts[at]
        return firsts, (self.starts[at + 1] - firsts) * (self.terms[at] == wanted)

    def _count(self, token: str) -> int:
        return int(self._spans([token])[1][0])


def build(entries: Sequence[Entry], topic_codes: Sequence[str]) -> Index:
    """Return the index of `entries`."""
    terms, starts, docs, levels = _postings(entries)
    return Index(
        # The arrays hold tokens and points: keeping them twice would cost most of the memory.
        entries=tuple(replace(entry, tokens=NO_TOKENS, points=()) for entry in entries),
        terms=terms,
        starts=starts,
        docs=docs,
        levels=levels,
        topics=_topics(entries, topic_codes),
        rungs=np.array([e.rung.height if e.rung else 2 for e in entries], dtype=np.float32),
        trust=np.array([e.trust for e in entries], dtype=np.float32),
        placed=np.array([n for n, e in enumerate(entries) for _ in e.points], dtype=np.int32),
        lats=np.radians([p.lat for e in entries for p in e.points]),
        lons=np.radians([p.lon for e in entries for p in e.points]),
        local={
            n: e.villages for n, e in enumerate(entries) if e.reach == "villages" and e.villages
        },
    )


def _postings(
    entries: Sequence[Entry],
) -> tuple[
    NDArray[np.int32],
    NDArray[np.int32],
    Numbers,
    NDArray[np.uint8],
]:
    """Return terms, starts, docs and levels.

    weight = rarity * amount * (K1 + 1) / (amount + K1 * (1 - B + B * length / mean length)),
    rarity = ln(1 + (N - n + 0.5) / (n + 0.5)), for n of N entries that hold the term (BM25,
    Robertson and Zaragoza 2009).
    """
    sizes = [len(e.tokens) for e in entries]
    numbers = np.array(
        vocabulary.numbers_for(chain.from_iterable(e.tokens for e in entries)), dtype=np.int32
    )
    amounts = np.fromiter(
        chain.from_iterable(e.tokens.values() for e in entries), np.float32, count=len(numbers)
    )
    owners = np.repeat(np.arange(len(entries)), sizes)
    lengths = np.bincount(owners, weights=amounts, minlength=len(entries))
    mean = max(float(lengths.mean()) if len(entries) else 0.0, 1e-6)
    norm = K1 * (1 - B + B * lengths / mean)
    order = np.argsort(numbers, kind="stable")
    terms, firsts, held = np.unique(numbers[order], return_index=True, return_counts=True)
    rarity = np.log(1 + (len(entries) - held + 0.5) / (held + 0.5))
    owners, amounts = owners[order], amounts[order]
    weights = np.repeat(rarity, held) * amounts * (K1 + 1) / (amounts + norm[owners])
    docs: Numbers = owners.astype(np.uint16)
    if len(entries) > 1 << 16:
        docs = owners.astype(np.uint32)
    return (
        np.append(terms, LAST).astype(np.int32),
        np.append(firsts, [len(numbers)] * 2).astype(np.int32),
        docs,
        _levels(weights),
    )


def _levels(weights: NDArray[np.float64]) -> NDArray[np.uint8]:
    between = np.sqrt(LEVELS[1:] * LEVELS[:-1])
    return np.searchsorted(between, weights.astype(np.float32)).astype(np.uint8)


def _topics(entries: Sequence[Entry], topic_codes: Sequence[str]) -> Topics:
    column = {code: i for i, code in enumerate(topic_codes)}
    rows = [
        (number, column[code], sure)
        for number, entry in enumerate(entries)
        for code, sure in entry.topics.items()
        if code in column
    ]
    numbers, columns, sure = zip(*rows, strict=True) if rows else ((), (), ())
    return Topics(
        np.array(numbers, dtype=np.int32),
        np.array(columns, dtype=np.int16),
        np.array(sure, dtype=np.float32),
    )
