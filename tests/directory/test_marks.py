"""Filters: bits tell the same as asking each entry."""

from itertools import product

import numpy as np
import pytest

from omzien.directory.queries.marks import FILTERS, ORDER, counts, marks, passing, with_now
from omzien.directory.search.entries import Entry
from omzien.kernel.ladder import Rung

ENTRIES = [
    Entry(
        id=str(number),
        rung=rung,
        is_free=free,
        wheelchair=wheelchair,
        without_appointment=free,
        times=times,
        audience=audience,
        languages=languages,
    )
    for number, (rung, free, wheelchair, times, audience, languages) in enumerate(
        product(
            (Rung.SELF, Rung.TEAM, None),
            (True, None),
            (True, False),
            (frozenset(), frozenset({"we", "evening"}), frozenset({"sa", "weekend"})),
            (frozenset(), frozenset({"older", "carers"})),
            (frozenset(), frozenset({"nl", "uk", "de"})),
        )
    )
]
OPEN = {entry.id for entry in ENTRIES if int(entry.id) % 7 == 0}
TESTS = {
    "when": lambda e, v: {
        "now": e.id in OPEN,
        "weekday": "we" in e.times,
        "evening": "evening" in e.times,
        "weekend": "weekend" in e.times,
    }[v],
    "only": lambda e, v: {
        "free": e.is_free is True,
        "wheelchair": e.wheelchair is True,
        "walk_in": e.without_appointment is True,
    }[v],
    "audience": lambda e, v: not e.audience or v in e.audience,
    "language": lambda e, v: v in e.languages,
    "rung": lambda e, v: e.rung == v,
}
CHOSEN = [
    {},
    {"when": {"now"}},
    {"when": {"evening", "weekend"}, "only": {"free"}},
    {"only": {"free", "wheelchair"}, "audience": {"older", "young"}},
    {"language": {"uk", "pl"}, "rung": {"team"}, "when": set()},
]


def passes(entry, on):
    return all(
        (all if group == "only" else any)(TESTS[group](entry, value) for value in values)
        for group, values in on.items()
        if values
    )


def all_marks():
    return with_now(marks(ENTRIES), ENTRIES, lambda entry: entry.id in OPEN)


@pytest.mark.parametrize("on", CHOSEN)
def test_entries_pass_as_their_filters_say(on):
    assert passing(all_marks(), on) == [passes(entry, on) for entry in ENTRIES]


@pytest.mark.parametrize("on", CHOSEN)
def test_each_filter_counts_what_it_would_leave(on):
    expected = []
    for group, value in ORDER:
        others = {g: v for g, v in on.items() if g != group or g == "only"}
        left = [entry for entry in ENTRIES if passes(entry, others)]
        expected.append(sum(TESTS[group](entry, value) for entry in left))
    assert counts(all_marks(), on) == expected


def test_no_entries_are_no_answers():
    assert counts(marks([]), {}) == [0] * sum(map(len, FILTERS.values()))
    assert passing(np.zeros(0, np.uint64), {"when": {"now"}}) == []
