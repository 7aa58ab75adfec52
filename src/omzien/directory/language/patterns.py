"""Which patterns a text says, tried only where they can begin.

A text is held against the patterns of its own script. In Latin letters a pattern begins where
a word begins, so only those that can begin with the word's first letter are tried there; that
is ten times as fast as trying them all. In the other scripts "and" and "the" are written onto
the word: there a pattern may begin anywhere.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import _parser  # type: ignore[attr-defined]  # how Python itself reads a pattern
from typing import Any

from omzien.kernel.text import ARABIC, CYRILLIC, fold

Named = tuple[tuple[str, re.Pattern[str]], ...]
_SCRIPTS = {"arabic": ARABIC, "cyrillic": CYRILLIC, "latin": re.compile("[a-z0-9]")}
_WORD_START = re.compile(r"\b\w")


@dataclass(frozen=True)
class _Patterns:
    """The patterns of one script: named ones anywhere, or by the first letter of a word."""

    anywhere: Named
    by_letter: dict[str, tuple[re.Pattern[str], Named]]
    """For each letter one pattern of all together, which mostly says no, and those by name."""

    def found(self, plain: str) -> Iterator[tuple[str, re.Match[str]]]:
        """Yield what a text says in these patterns."""
        for name, pattern in self.anywhere:
            for match in pattern.finditer(plain):
                yield name, match
        if self.by_letter:
            for start in _WORD_START.finditer(plain):
                at = start.start()
                together, by_name = self.by_letter.get(plain[at], (None, ()))
                if together and together.match(plain, at):
                    matches = ((name, pattern.match(plain, at)) for name, pattern in by_name)
                    yield from ((name, match) for name, match in matches if match)


@dataclass(frozen=True)
class Patterns:
    """Patterns of all scripts, each with the name of what it says."""

    by_script: dict[str, _Patterns]

    def said(self, plain: str) -> list[tuple[str, re.Match[str]]]:
        """Return what a folded text says, with where it says so."""
        return [
            pair
            for script, letters in _SCRIPTS.items()
            if letters.search(plain)
            for pair in self.by_script[script].found(plain)
        ]


def read(named: Mapping[str, Sequence[str]]) -> Patterns:
    """Return the patterns (regular expressions) of each name.

    Raises ValueError for one in Latin letters that can begin with anything.
    """
    anywhere: dict[str, list[tuple[str, str]]] = {script: [] for script in _SCRIPTS}
    by_letter: dict[str, list[tuple[str, str]]] = {}
    for name, patterns in named.items():
        for pattern in map(fold, patterns):
            script = next(s for s, letters in _SCRIPTS.items() if letters.search(pattern))
            if script != "latin":
                anywhere[script].append((name, pattern))
                continue
            for letter in first_letters(pattern):
                by_letter.setdefault(letter, []).append((name, pattern))
    latin = {
        letter: (re.compile("|".join(f"(?:{p})" for _, p in some)), _joined(some))
        for letter, some in by_letter.items()
    }
    return Patterns(
        {
            script: _Patterns(_joined(anywhere[script]), latin if script == "latin" else {})
            for script in _SCRIPTS
        }
    )


def _joined(pairs: Sequence[tuple[str, str]]) -> Named:
    by_name: dict[str, list[str]] = {}
    for name, pattern in pairs:
        by_name.setdefault(name, []).append(f"(?:{pattern})")
    return tuple((name, re.compile("|".join(some))) for name, some in by_name.items())


def first_letters(pattern: str) -> frozenset[str]:
    """Return the letters with which a pattern can begin.

    Raises ValueError for a pattern that can begin with anything, or is empty: in Latin letters
    such a pattern would be tried at every word.
    """
    letters, may_be_empty = _begins(_parser.parse(pattern))
    if may_be_empty or not letters:
        raise ValueError(f"Dit patroon kan met van alles beginnen: {pattern}")
    return frozenset(letters)


def _begins(parsed: Iterable[tuple[Any, Any]]) -> tuple[set[str], bool]:
    """Return the first letters of a parsed pattern, and whether it can match nothing."""
    letters: set[str] = set()
    for operation, value in parsed:
        some, may_be_empty = _begins_with(str(operation), value)
        letters |= some
        if not may_be_empty:
            return letters, False
    return letters, True


def _begins_with(operation: str, value: Any) -> tuple[set[str], bool]:
    if operation == "LITERAL":
        return {chr(value)}, False
    if operation == "IN":
        return {chr(v) for kind, v in value if str(kind) == "LITERAL"}, False
    if operation == "SUBPATTERN":
        return _begins(value[-1])
    if operation == "BRANCH":
        branches = [_begins(branch) for branch in value[1]]
        return set().union(*(some for some, _ in branches)), any(empty for _, empty in branches)
    if operation in ("MAX_REPEAT", "MIN_REPEAT"):
        some, may_be_empty = _begins(value[2])
        return some, may_be_empty or value[0] == 0
    if operation in ("ASSERT", "ASSERT_NOT", "AT"):
        return set(), True
    raise ValueError(f"Hiermee kan een patroon niet beginnen: {operation}")
