"""Suggestions of entries that may be the same thing. Nothing is ever merged by a machine.

Entries are only compared when they share something (a block): a rare word of the title, a
telephone number, a web or mail address, or postcode and house number. Within a block the
titles and providers are compared with rapidfuzz.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from omzien.kernel.text import fold

MOST_IN_BLOCK = 40  # a bigger block (the number of the town hall) tells nothing
# Words that say what kind of thing it is, not which one.
EMPTY = frozenset({
    "de", "het", "een", "en", "van", "voor", "in", "te", "op", "stichting", "vereniging",
    "gemeente", "team", "the", "of", "and", "inc", "llc", "center", "centrum", "project",
    "groep", "bij", "met",
})  # fmt: skip
ALIKE, CLEARLY_ALIKE = 0.72, 0.9  # of titles; chosen on the test of tests/directory
SAME_PROVIDER = 0.8
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Candidate:
    """What is compared of an entry."""

    id: str
    title: str
    provider: str = ""
    postcode: str = ""
    street: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()
    is_hidden: bool = False
    """Whether its address is secret: it is compared, and never shown."""


@dataclass(frozen=True)
class Pair:
    """Two entries that look alike, how much (0..1), and why, in words."""

    first: str
    second: str
    first_title: str
    second_title: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True)
class _Ready:
    """A candidate, normalised once."""

    given: Candidate
    title: str
    provider: str
    signs: frozenset[tuple[str, str]]


def find_pairs(
    candidates: Sequence[Candidate], *, new: frozenset[str] | None = None, most: int = 200
) -> list[Pair]:
    """Return the likeliest pairs, best first; with `new` only pairs that hold one of these."""
    ready = [_ready(candidate) for candidate in candidates]
    found: dict[tuple[str, str], Pair] = {}
    for one, other in _neighbours(ready):
        ids = {one.given.id, other.given.id}
        if new is not None and not ids & new:
            continue
        first, second = sorted((one, other), key=lambda r: r.given.id)
        key = (first.given.id, second.given.id)
        if key not in found:
            pair = _judge(first, second)
            if pair:
                found[key] = pair
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.first, pair.second))[:most]


def _ready(given: Candidate) -> _Ready:
    house = _NUMBER.search(given.street)
    signs = {("telefoon", _digits(number)) for number in given.phones if _digits(number)}
    signs |= {("e-mail", fold(email)) for email in given.emails if email}
    signs |= {("website", _address(url)) for url in given.websites if url}
    if given.postcode and house:
        signs.add(("adres", f"{given.postcode.replace(' ', '')} {house.group()}"))
    return _Ready(given, _bare(given.title), _bare(given.provider), frozenset(signs))


def _bare(text: str) -> str:
    words = re.findall(r"[^\W_]+", fold(text))
    return " ".join(word for word in words if word not in EMPTY) or " ".join(words)


def bare_name(name: str) -> str:
    """Return what tells a provider from others: its name without words like stichting."""
    return _bare(name)


def are_named_alike(one: str, other: str) -> bool:
    """Tell whether two names say the same, but for words like stichting and a typing error."""
    first, second = _bare(one), _bare(other)
    return not _stranger(first, second) and not _stranger(second, first)


def _digits(number: str) -> str:
    """Return the last nine digits: the same for 0413-555 120 and +31 (0)413 555 120."""
    return "".join(_NUMBER.findall(number))[-9:]


def _address(url: str) -> str:
    parts = urlsplit(url if "//" in url else f"//{url}")
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}".casefold()


def _neighbours(ready: list[_Ready]) -> Iterator[tuple[_Ready, _Ready]]:
    """Yield every two that share a block, each pair possibly more than once."""
    words = Counter(word for one in ready for word in set(one.title.split()))
    blocks: dict[tuple[str, str], list[_Ready]] = defaultdict(list)
    for one in ready:
        for sign in one.signs:
            blocks[sign].append(one)
        for word in set(one.title.split()):
            if words[word] <= MOST_IN_BLOCK:
                blocks[("titel", word)].append(one)
        blocks[("begin", one.title[:5])].append(one)
        blocks[("eind", one.title[-5:])].append(one)
    for block in blocks.values():
        if len(block) <= MOST_IN_BLOCK:
            yield from combinations(block, 2)


def _judge(one: _Ready, other: _Ready) -> Pair | None:
    title = max(
        fuzz.token_sort_ratio(one.title, other.title), fuzz.ratio(one.title, other.title)
    ) / 100  # fmt: skip
    if title < ALIKE:
        return None
    provider = fuzz.token_set_ratio(one.provider, other.provider) / 100
    shared = sorted({kind for kind, _value in one.signs & other.signs})
    if not (
        (title >= CLEARLY_ALIKE and (provider >= SAME_PROVIDER or shared))
        or (shared and provider >= SAME_PROVIDER)
        or len(shared) > 1
    ):
        return None
    # Programmes of one desk share its number and differ in a word: only the title can tell.
    if _differ_in_a_word(one.title, other.title):
        return None
    score = min(1.0, 0.6 * title + 0.2 * provider + 0.1 * len(shared))
    why = ["titel lijkt" if title < 1 else "zelfde titel"]
    why += ["zelfde aanbieder"] if provider >= SAME_PROVIDER else []
    return Pair(
        one.given.id, other.given.id, one.given.title, other.given.title, round(score, 3),
        (*why, *(f"zelfde {kind}" for kind in shared)),
    )  # fmt: skip


def _differ_in_a_word(one: str, other: str) -> bool:
    """Tell whether each has a word that looks like no word of the other."""
    return _stranger(one, other) and _stranger(other, one)


def _stranger(one: str, other: str) -> bool:
    rest = other.split()
    return any(
        max((fuzz.ratio(word, near) for near in rest), default=0) < 75
        for word in one.split()
        if len(word) > 2
    )
