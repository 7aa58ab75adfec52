"""Which patterns a text says, tried only where the words for them are there.

A text is held against the patterns of its own script. In Latin letters a pattern begins where a
word begins, and it needs words: "ik wil niet meer leven" cannot be said without a word that
begins with "leven". From each pattern we read which words it cannot do without, and a text that
has them not is not held against it. That is many times as fast as trying them all.
In the other scripts "and" and "the" are written onto the word: there all are tried, anywhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, reduce
from operator import or_
from re import _parser  # type: ignore[attr-defined]  # how Python itself reads a pattern
from typing import Any

from omzien.directory.language.analysis import stop_words
from omzien.kernel.text import ARABIC, CYRILLIC, fold

LATIN = "latin"
_SCRIPTS = {"arabic": ARABIC, "cyrillic": CYRILLIC, LATIN: re.compile("[a-z0-9]")}
LONGEST = 5  # letters of a beginning that are looked at
_FIRST = re.compile(r"(?<![\[\\])\^")  # a "^" that is not the "all but" of a set of letters
PLACES = 3  # how many words of a pattern are looked for before it is tried
Way = tuple[frozenset[str], ...]  # to say a pattern: of each place, the beginnings of its word
Parsed = Iterable[tuple[Any, Any]]
Beginning = tuple[str, bool]  # what a match begins with, and whether we know how it goes on
Named = tuple[str, re.Pattern[str]]  # what a pattern says, and the pattern


@dataclass(frozen=True)
class Patterns:
    """Patterns of all scripts, each with the name of what it says."""

    anywhere: dict[str, list[Named]]
    """By script, what is tried on each text in that script."""
    by_beginning: dict[str, list[tuple[int, Named]]]
    """Patterns in Latin letters by the beginning of a word, with the places a text must fill."""
    places: dict[str, int]
    """By the beginning of a word, which places of patterns it fills: a bit for each."""

    def said(self, plain: str) -> list[tuple[str, re.Match[str]]]:
        """Return what folded words with a space between say, with where they say so.

        A space before all of them, as before each: it is found much faster than where words begin.
        """
        tried = [
            one
            for script, patterns in self.anywhere.items()
            if not plain.isascii() and _SCRIPTS[script].search(plain)
            for one in patterns
        ]
        tried += self._likely(plain)
        spaced = f" {plain}"
        return [(name, match) for name, pattern in tried for match in pattern.finditer(spaced)]

    def _likely(self, plain: str) -> list[Named]:
        """Return the patterns in Latin letters for which a text has the words."""
        letters = dict.fromkeys([word[:LONGEST] for word in plain.split(" ")])
        begun = [*map(self._begun, letters)]
        filled = 0
        for places, _ways in begun:
            filled |= places
        found = [one for _, ways in begun for needed, one in ways if needed & filled == needed]
        return list(dict.fromkeys(found))

    @cached_property
    def _begun(self) -> Callable[[str], tuple[int, list[tuple[int, Named]]]]:
        """Return what tells which places the first letters of a word fill, and which patterns
        may begin to be said there.
        """

        def read(letters: str) -> tuple[int, list[tuple[int, Named]]]:
            sizes = [letters[:size] for size in range(1, len(letters) + 1)]
            filled = reduce(or_, (self.places.get(one, 0) for one in sizes), 0)
            return filled, [way for one in sizes for way in self.by_beginning.get(one, ())]

        return lru_cache(maxsize=20_000)(read)


def read(named: Mapping[str, Sequence[str]]) -> Patterns:
    """Return the patterns (regular expressions) of each name.

    Raises ValueError for one in Latin letters that needs no word, or that says by "^" that a text
    begins with it: a space stands before every word, so it would never be found.
    """
    anywhere: dict[str, list[Named]] = {script: [] for script in _SCRIPTS if script != LATIN}
    by_beginning: dict[str, list[tuple[int, Named]]] = {}
    bits: dict[frozenset[str], int] = {}
    for name, patterns in named.items():
        for pattern in map(fold, patterns):
            script = next(s for s, letters in _SCRIPTS.items() if letters.search(pattern))
            if script != LATIN:
                anywhere[script].append((name, re.compile(pattern)))
                continue
            if _FIRST.search(pattern):
                raise ValueError(f"Schrijf het begin van een tekst als (?<!. ): {pattern}")
            one = (name, re.compile(f" (?:{pattern})"))
            for rarest, *others in needs(pattern):
                needed = sum(bits.setdefault(place, 1 << len(bits)) for place in others)
                for beginning in rarest:
                    by_beginning.setdefault(beginning, []).append((needed, one))
    places: dict[str, int] = {}
    for place, bit in bits.items():
        for beginning in place:
            places[beginning] = places.get(beginning, 0) | bit
    return Patterns(anywhere, by_beginning, places)


def needs(pattern: str) -> tuple[Way, ...]:
    """Return for each way to say a pattern what a text needs for it: of up to three places where
    a word must begin, those with the rarest words, what it can begin with.

    Raises ValueError for a way that needs no word: it would be tried at every word of every text.
    """
    ways = tuple(_needed(way) for way in _ways(list(_parser.parse(pattern))))
    if not all(ways):
        raise ValueError(f"Dit patroon kan met van alles beginnen: {pattern}")
    return ways


def _ways(parsed: list[tuple[Any, Any]]) -> Iterator[list[tuple[Any, Any]]]:
    operation: Any = parsed[0][0] if len(parsed) == 1 else ""
    value: Any = parsed[0][1] if len(parsed) == 1 else ()
    if str(operation) == "SUBPATTERN":
        yield from _ways(list(value[-1]))
    elif str(operation) == "BRANCH":
        yield from (way for one in value[1] for way in _ways(list(one)))
    else:
        yield parsed


def _needed(parsed: list[tuple[Any, Any]]) -> Way:
    places = []
    begins_here = True
    for at, item in enumerate(parsed):
        if begins_here:
            found = {text for text, _ in _beginnings(parsed[at:])}
            if all(found):
                places.append(frozenset(found))
        begins_here = _leaves_a_beginning(*item, begins_here=begins_here)
    return tuple(sorted(dict.fromkeys(places), key=_commonness)[:PLACES])


def _commonness(beginnings: frozenset[str]) -> tuple[int, int]:
    """Tell how many texts have one of these, roughly: by short and frequent words, then number."""
    short_or_frequent = sum(len(one) < 3 or one in _frequent() for one in beginnings)
    return short_or_frequent, len(beginnings)


@cache
def _frequent() -> frozenset[str]:
    return frozenset(word[:LONGEST] for word in stop_words())


def _leaves_a_beginning(operation: Any, value: Any, *, begins_here: bool) -> bool:
    """Tell whether a word must begin after this part of a pattern."""
    name = str(operation)
    if name == "LITERAL":
        return bool(value == ord(" "))
    if name in ("ASSERT", "ASSERT_NOT", "AT"):
        return begins_here
    if name == "SUBPATTERN":
        return _all_leave(value[-1], begins_here=begins_here)
    if name == "BRANCH":
        return all(_all_leave(one, begins_here=begins_here) for one in value[1])
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return (begins_here or value[0] > 0) and _all_leave(value[2], begins_here=begins_here)
    return False


def _all_leave(parsed: Parsed, *, begins_here: bool) -> bool:
    for item in parsed:
        begins_here = _leaves_a_beginning(*item, begins_here=begins_here)
    return begins_here


def _beginnings(parsed: Parsed) -> set[Beginning]:
    """Return what a parsed pattern can begin with, each up to the end of its first word."""
    found: set[Beginning] = {("", True)}
    for operation, value in parsed:
        if not any(goes_on for _, goes_on in found):
            break
        more = _beginnings_with(str(operation), value)
        found = {
            one
            for text, goes_on in found
            for one in ([_cut((text + t, o)) for t, o in more] if goes_on else [(text, False)])
        }
    return found


def _cut(beginning: Beginning) -> Beginning:
    text, goes_on = beginning
    word, space, _ = text.partition(" ")
    return word[:LONGEST], goes_on and not space and len(word) < LONGEST


def _beginnings_with(operation: str, value: Any) -> set[Beginning]:
    if operation == "LITERAL":
        return {(chr(value), True)}
    if operation == "IN" and all(str(kind) == "LITERAL" for kind, _ in value):
        return {(chr(letter), True) for _, letter in value}
    if operation == "SUBPATTERN":
        return _beginnings(value[-1])
    if operation == "BRANCH":
        return set().union(*(_beginnings(branch) for branch in value[1]))
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, body = value
        once = {(text, goes_on and most == 1) for text, goes_on in _beginnings(body)}
        return once | {("", True)} if least == 0 else once
    if operation in ("ASSERT", "ASSERT_NOT", "AT"):
        return {("", True)}
    return {("", False)}
