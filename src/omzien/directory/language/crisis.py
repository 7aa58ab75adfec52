"""Crisis first: does a question tell of danger now, and which number belongs to it?

Two readers: sentences that people in danger use, as patterns per language
(data/crisis.toml), and a model learned from example questions. Either raises the crisis
line, for a false alarm costs a glance and a miss may cost a life. Only where the model is
sure that all is calm ("mijn broer pleegde zelfmoord, tien jaar geleden; ik zoek lotgenoten")
it overrules a pattern: never in a few plain words, and in a story only when it is as sure
of the words close by, for one sentence of danger drowns in many calm ones. Nothing is stored.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from re import _parser  # type: ignore[attr-defined]  # how Python itself reads a pattern
from typing import Any

import numpy as np

from omzien.directory.language import topics
from omzien.directory.language.analysis import MOST_CHARACTERS
from omzien.directory.language.model import Floats, load, softmax
from omzien.kernel.text import fold

ALARM = 0.35  # danger from which a question counts as a crisis
CALM = 0.05  # below this share not even a pattern makes a longer text one
ELSEWHERE = 0.6  # what danger counts in a question about a hobby, a form or a wheelchair
NEAR_DANGER = (
    "suicide", "domestic-violence", "homelessness", "housing-search", "psychiatric", "addiction",
    "low-mood", "parenting", "legal", "debt", "falls", "chronic", "dementia",
)  # fmt: skip
PLAIN = 7  # so many words can be overruled; who says it in fewer means it
CLOSE = 3  # words before and after a pattern that are close by
NOT_CALM = 0.2  # from this share on the words close by are not calm


class Kind(StrEnum):
    """What kind of danger."""

    SUICIDE = "suicide"
    VIOLENCE = "violence"
    CHILD_ABUSE = "child-abuse"
    ELDER_ABUSE = "elder-abuse"
    DANGER = "danger"
    HOMELESS_TONIGHT = "homeless-tonight"
    EVICTION = "eviction"
    OVERDOSE = "overdose"


# Of two kinds that a text says, the first; where a child is beaten, there is violence as well.
_ORDER = {kind: number for number, kind in enumerate((
    Kind.SUICIDE, Kind.CHILD_ABUSE, Kind.ELDER_ABUSE, Kind.VIOLENCE, Kind.DANGER, Kind.OVERDOSE,
    Kind.HOMELESS_TONIGHT, Kind.EVICTION,
))}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A number to call, as shown and as dialled, with what it is for in the asker's language."""

    number: str
    dial: str
    name: str
    text: str


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = files("omzien.directory").joinpath("data", "crisis.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


_SCRIPTS = {
    "arabic": re.compile("[\u0600-\u06ff]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "latin": re.compile("[a-z]"),
}


_WORD_START = re.compile(r"\b\w")


@dataclass(frozen=True)
class _Patterns:
    """The patterns of one script, in the order of the kinds.

    In Latin letters a pattern begins where a word begins, so only those that can begin with
    the word's first letter are tried there; that is ten times as fast as trying them all. In
    the other scripts "and" and "the" are written onto the word: there a pattern may begin
    anywhere.
    """

    anywhere: tuple[tuple[Kind, re.Pattern[str]], ...]
    by_letter: dict[str, tuple[re.Pattern[str], tuple[tuple[Kind, re.Pattern[str]], ...]]]
    """For each letter one pattern of all together, which mostly says no, and those by kind."""

    def found(self, plain: str) -> Iterator[tuple[Kind, re.Match[str]]]:
        """Yield what a text says in these patterns."""
        for kind, pattern in self.anywhere:
            for match in pattern.finditer(plain):
                yield kind, match
        if self.by_letter:
            for start in _WORD_START.finditer(plain):
                at = start.start()
                together, by_kind = self.by_letter.get(plain[at], (None, ()))
                if together and together.match(plain, at):
                    matches = ((kind, pattern.match(plain, at)) for kind, pattern in by_kind)
                    yield from ((kind, match) for kind, match in matches if match)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, _Patterns]:
    """Return the patterns by script: a text is not held against another script's."""
    anywhere: dict[str, list[tuple[Kind, str]]] = {script: [] for script in _SCRIPTS}
    by_letter: dict[str, list[tuple[Kind, str]]] = {}
    for kind, patterns in _data()["patterns"].items():
        for pattern in map(fold, patterns):
            script = next(name for name, letters in _SCRIPTS.items() if letters.search(pattern))
            if script != "latin":
                anywhere[script].append((Kind(kind), pattern))
                continue
            for letter in first_letters(pattern):
                by_letter.setdefault(letter, []).append((Kind(kind), pattern))
    return {
        script: _Patterns(
            anywhere=_joined(anywhere[script]),
            by_letter={
                letter: (re.compile("|".join(f"(?:{p})" for _, p in some)), _joined(some))
                for letter, some in by_letter.items()
            }
            if script == "latin"
            else {},
        )
        for script in _SCRIPTS
    }


def _joined(pairs: Sequence[tuple[Kind, str]]) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    by_kind: dict[Kind, list[str]] = {}
    for kind, pattern in pairs:
        by_kind.setdefault(kind, []).append(f"(?:{pattern})")
    return tuple((kind, re.compile("|".join(some))) for kind, some in by_kind.items())


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


def said(text: str) -> Kind | None:
    """Return the kind of danger that a text says in one of the patterns, or None."""
    return next((kind for kind, _ in _said(text)), None)


def _said(text: str) -> Iterator[tuple[Kind, str]]:
    """Yield each danger that a text says in a pattern, with the words close by."""
    plain = " ".join(re.findall(r"[\w']+", fold(text[:MOST_CHARACTERS])))
    found = [
        pair
        for script, letters in _SCRIPTS.items()
        if letters.search(plain)
        for pair in _patterns()[script].found(plain)
    ]
    for kind, match in sorted(found, key=lambda pair: _ORDER[pair[0]]):
        before, after = plain[: match.start()].split(), plain[match.end() :].split()
        yield kind, " ".join([*before[-CLOSE:], match.group(), *after[:CLOSE]])


def kind(text: str, scores: Mapping[str, Floats] | None = None) -> Kind | None:
    """Return the kind of danger that a question tells of, or None.

    `scores` are those of the models where these are known already.
    """
    scores = scores or load().scores(text)
    danger, likeliest = _danger(scores)
    is_sure = danger >= CALM or len(text.split()) < PLAIN
    for found, close in _said(text):
        if is_sure or _danger(load().scores(close))[0] >= NOT_CALM:
            return found
    if danger * (ELSEWHERE + (1 - ELSEWHERE) * _where_danger_is(scores["topics"])) < ALARM:
        return None
    return likeliest


def _danger(scores: Mapping[str, Floats]) -> tuple[float, Kind]:
    """Return how sure the model is of danger (0..1), and the likeliest kind."""
    labels = load().labels["crisis"]
    shares = dict(zip(labels, softmax(scores["crisis"]).tolist(), strict=True))
    danger = 1.0 - shares.pop("none")
    return danger, Kind(max(shares, key=lambda label: shares[label]))


def _where_danger_is(scores: Floats) -> float:
    """Return the share of a question that is about matters in which danger is common."""
    return float(topics.shares(scores) @ _near_danger())


@lru_cache(maxsize=1)
def _near_danger() -> Floats:
    return np.isin(topics.codes(), NEAR_DANGER).astype(np.float32)


def lines(found: Kind, language: str, *, desk: str = "", desk_name: str = "") -> list[Line]:
    """Return the numbers for a kind of danger, most urgent first, in the asker's language.

    `desk` is the municipality's own number for "no bed tonight" and evictions.
    """
    data = _data()
    result = []
    for key in data["lines"][found]:
        if key == "desk" and not desk:
            continue
        number = data["numbers"][key]
        result.append(
            Line(
                number=desk if key == "desk" else number["number"],
                dial=re.sub(
                    r"[^0-9+]", "", desk if key == "desk" else number["number"].split(" ")[0]
                ),
                name=desk_name if key == "desk" else number["name"],
                text=number.get(language) or number["nl"],
            )
        )
    return result
