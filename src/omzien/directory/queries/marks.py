"""Which filters an entry passes: one number for each entry, with one bit for each filter.

So a whole index is filtered, and an answer counted, by a few sums of arrays.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from omzien.directory.rules import GROUPS
from omzien.directory.search.entries import Entry
from omzien.kernel.ladder import LADDER

WEEKDAYS = frozenset({"mo", "tu", "we", "th", "fr"})
WHEN = ("now", "weekday", "evening", "weekend")
ONLY = ("free", "wheelchair", "walk_in")
LANGUAGES = ("nl", "en", "pl", "tr", "ar", "uk")
FILTERS: dict[str, tuple[str, ...]] = {
    "when": WHEN,
    "only": ONLY,
    "audience": tuple(GROUPS),
    "language": LANGUAGES,
    "rung": tuple(LADDER),
}
ORDER = [(group, value) for group, values in FILTERS.items() for value in values]
BIT = {filter_: 1 << number for number, filter_ in enumerate(ORDER)}
BITS = {g: np.array([BIT[g, v] for v in vs], np.uint64) for g, vs in FILTERS.items()}
ALL_BITS = np.concatenate(list(BITS.values()))
NOW = BIT["when", "now"]
On = Mapping[str, Collection[str]]
"""The filters that are on, by group."""
Marks = NDArray[np.uint64]


def mark(entry: Entry) -> int:
    """Return the bits of the filters that an entry passes, but for the one of this moment."""
    return (
        _times(entry.times)
        | _audience(entry.audience)
        | _among("language", entry.languages)
        | (BIT["rung", entry.rung] if entry.rung else 0)
        | (BIT["only", "free"] if entry.is_free else 0)
        | (BIT["only", "wheelchair"] if entry.wheelchair else 0)
        | (BIT["only", "walk_in"] if entry.without_appointment else 0)
    )


def marks(entries: Iterable[Entry]) -> Marks:
    """Return the bits of each entry."""
    return np.fromiter(map(mark, entries), np.uint64)


def with_now(found: Marks, entries: Iterable[Entry], is_open: Callable[[Entry], bool]) -> Marks:
    """Return `found` with the bit of this moment for the entries that are open."""
    return found | np.fromiter((NOW if is_open(e) else 0 for e in entries), np.uint64)


def passing(found: Marks, on: On) -> list[bool]:
    """Tell which entries pass: every group counts; within a group any value will do.

    "Only" is the exception: gratis and zonder afspraak must both hold.
    """
    passes: list[bool] = _passing(found, on).tolist()
    return passes


def _passing(found: Marks, on: On) -> NDArray[np.bool_]:
    passes = np.ones(len(found), dtype=bool)
    for group, values in on.items():
        if values:
            bits = np.uint64(sum(BIT[group, value] for value in values))
            passes &= (found & bits == bits) if group == "only" else (found & bits != 0)
    return passes


def counts(found: Marks, on: On) -> list[int]:
    """Return for each filter (in their ORDER) how many of the entries it would leave."""
    if not any(on.values()):
        return _counted(found, ALL_BITS)
    left: list[int] = []
    for group, bits in BITS.items():
        # Within "only" all must hold, so what is on there narrows the counts of its own group.
        others = {name: on[name] for name in on if name != group or group == "only"}
        left += _counted(found[_passing(found, others)], bits)
    return left


def _counted(found: Marks, bits: Marks) -> list[int]:
    each: list[int] = (found[:, None] & bits != 0).sum(0).tolist()
    return each


@lru_cache(maxsize=10_000)
def _times(times: frozenset[str]) -> int:
    return _among("when", times & {"evening", "weekend"}) | (
        BIT["when", "weekday"] if times & WEEKDAYS else 0
    )


@lru_cache(maxsize=10_000)
def _audience(audience: frozenset[str]) -> int:
    return _among("audience", audience or frozenset(GROUPS))


@lru_cache(maxsize=10_000)
def _among(group: str, values: frozenset[str]) -> int:
    return sum(BIT[group, value] for value in values if (group, value) in BIT)
