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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from omzien.directory.language import patterns, topics
from omzien.directory.language.analysis import MOST_CHARACTERS, shorthand
from omzien.directory.language.model import Floats, load, softmax
from omzien.kernel.text import fold

ALARM = 0.25  # danger from which a question counts as a crisis
CALM = 0.08  # below this share not even a pattern makes a longer text one
TOLD_OF = 0.6  # the same for what is mostly only told of: a course, a film, long ago
ELSEWHERE = 0.6  # what danger counts in a question about a hobby, a form or a wheelchair
NEAR_DANGER = (
    "suicide", "domestic-violence", "homelessness", "housing-search", "psychiatric", "addiction",
    "low-mood", "parenting", "legal", "debt", "falls", "chronic", "dementia",
)  # fmt: skip
# What else may help somebody in danger. The rest of what a model guesses from such words ("ik zie
# geen uitweg", "opgesloten in de badkamer") only stands in the way of the number.
BESIDE_DANGER = (
    *NEAR_DANGER, "loneliness", "carer-support", "respite", "young-carer", "divorce", "benefits",
    "budgeting", "food-aid", "baby", "wmo", "independent-support",
)  # fmt: skip
PLAIN = 7  # so many words can be overruled; who says it in fewer means it
ABOUT = 0.5  # a few plain words that are about suicide by this share are no question about it
CLOSE = 3  # words before and after a pattern that are close by
OVERLAP = 400  # characters that two pieces of a long story share, so that no sentence is cut
NOT_CALM = 0.6  # from this share on the words close by are not calm


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


# What a question about this danger is about, whatever its words say.
TOPICS = {
    Kind.SUICIDE: "suicide",
    Kind.VIOLENCE: "domestic-violence",
    Kind.CHILD_ABUSE: "domestic-violence",
    Kind.ELDER_ABUSE: "domestic-violence",
    Kind.HOMELESS_TONIGHT: "homelessness",
    Kind.OVERDOSE: "addiction",
}

# Topics that frighten who reads that a calm question was taken for them.
FRIGHTENING = ("suicide", "domestic-violence")
CLEAR = 0.5  # from this modest share on the model is clear, also where no word names the topic
SHORT = 15  # in fewer words than this a guess is not enough
FAINT = 0.01  # a topic with a smaller share steers nothing
GUESSED = 0.3  # the chief share from which a longer story is about it

# A body in danger: only a number helps now, and what a list finds for "mouth" or "fall" does not.
BODILY = (Kind.DANGER, Kind.OVERDOSE)


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


@lru_cache(maxsize=1)
def _patterns() -> patterns.Patterns:
    return patterns.read(_data()["patterns"])


@lru_cache(maxsize=1)
def _told_of() -> re.Pattern[str]:
    return re.compile("|".join(map(fold, _data()["told-of"]["patterns"])))


@lru_cache(maxsize=1)
def _named() -> patterns.Patterns:
    return patterns.read(_data()["named"])


def plain_words(text: str) -> str:
    """Return a text as patterns are written: folded words with a space between."""
    return " ".join(re.findall(r"\w+", fold(text[:MOST_CHARACTERS])))


def said(text: str) -> Kind | None:
    """Return the kind of danger that a text says in one of the patterns, or None."""
    return next((kind for kind, _ in _said(text)), None)


def _said(text: str) -> Iterator[tuple[Kind, str]]:
    """Yield each danger that a text says in a pattern, with the words close by.

    Where it says none, it is tried once more with what is written short in full.
    """
    plain = plain_words(text)
    found = _patterns().said(plain)
    if not found and (full := _in_full(plain)) != plain:
        found = _patterns().said(full)
    if not found:
        return
    order = [*_data()["patterns"]]  # of two kinds that a text says, the first of the file
    for name, match in sorted(found, key=lambda pair: order.index(pair[0])):
        before = match.string[: match.start()].split()
        after = match.string[match.end() :].split()
        close = " ".join([*before[-CLOSE:], match.group().lstrip(), *after[:CLOSE]])
        if not _told_of().search(close):
            yield Kind(name), close


def _in_full(plain: str) -> str:
    """Return a text with what people write short on a phone, or as they speak, in full."""
    known = shorthand()
    return " ".join(known.get(word, word) for word in plain.split(" "))


def kind(text: str, scores: Mapping[str, Floats] | None = None) -> Kind | None:
    """Return the kind of danger that a question tells of, or None.

    `scores` are those of the models where these are known already.
    """
    scores = scores or load().scores(text)
    danger, likeliest = _danger(scores)
    told = list(_said(text))
    twice = len({close for _, close in told}) > 1  # two sentences of danger are no figure of speech
    is_plain = len(text.split()) < PLAIN
    is_sure = danger >= CALM or is_plain or twice
    for found, close in told:
        if is_sure or _danger(load().scores(close))[0] >= NOT_CALM:
            return found
    if is_plain and danger >= CALM and _share(scores["topics"], "suicide") >= ABOUT:
        return Kind.SUICIDE
    if danger < ALARM:  # wherever danger is
        return None
    if danger * (ELSEWHERE + (1 - ELSEWHERE) * _where_danger_is(scores["topics"])) < ALARM:
        return None
    is_only_told_of = danger < TOLD_OF and _told_of().search(plain_words(text))
    return None if is_only_told_of else likeliest


def frightens(text: str, found: Kind | None, scores: Mapping[str, Floats]) -> set[str]:
    """Return the topics that would frighten without ground.

    "Hoe neem ik afscheid van mijn oude hond" must not read as thoughts of suicide. There is ground
    where danger was found or half seen, where the words name the topic, and where the model
    is clear of it: in a few words nearly sure, in a longer story chiefly.
    """
    read = scores["topics"]
    modest, chiefly = softmax(read), topics.chiefly(read)
    guessed = GUESSED if len(text.split()) >= SHORT else np.inf
    doubted = {
        code
        for code, at in _frightening()
        if modest[at] < CLEAR
        and chiefly[at] < guessed
        and (modest[at] >= topics.NOTICED or chiefly[at] >= FAINT)
    }
    doubted -= {TOPICS[found]} if found in TOPICS else set()
    if doubted and _danger(scores)[0] >= ALARM:
        return set()
    if doubted:
        doubted -= {name for name, _ in _named().said(plain_words(text))}
    return doubted


@lru_cache(maxsize=1)
def _frightening() -> list[tuple[str, int]]:
    return [(code, topics.codes().index(code)) for code in FRIGHTENING]


def beside(text: str) -> Floats:
    """Return 1 for each of `topics.codes()` that may stand beside a danger, else 0.

    Loss and the last days only where the words name them: nobody who tells that they want to die
    is shown a hospice for it.
    """
    named = {name for name, _ in _named().said(plain_words(text))}
    return np.isin(topics.codes(), [*BESIDE_DANGER, *named]).astype(np.float32)


def anywhere(text: str) -> Kind | None:
    """Return the first danger that a long story tells of; `kind` reads only its beginning."""
    step = MOST_CHARACTERS - OVERLAP
    for start in range(0, max(len(text) - OVERLAP, 1), step):
        if found := kind(text[start : start + MOST_CHARACTERS]):
            return found
    return None


def _danger(scores: Mapping[str, Floats]) -> tuple[float, Kind]:
    """Return how sure the model is of danger (0..1), and the likeliest kind."""
    labels = load().labels["crisis"]
    shares = dict(zip(labels, softmax(scores["crisis"]).tolist(), strict=True))
    danger = 1.0 - shares.pop("none")
    return danger, Kind(max(shares, key=lambda label: shares[label]))


def _where_danger_is(scores: Floats) -> float:
    """Return the share of a question that is about matters in which danger is common."""
    return float(topics.chiefly(scores) @ near_danger())


def _share(scores: Floats, topic: str) -> float:
    return float(topics.chiefly(scores)[topics.codes().index(topic)])


@lru_cache(maxsize=1)
def near_danger() -> Floats:
    """Return 1 for each of `topics.codes()` in which danger is common, else 0."""
    return np.isin(topics.codes(), NEAR_DANGER).astype(np.float32)


@lru_cache(maxsize=len(Kind))
def names(found: Kind) -> str:
    """Return the names of who is on the line for a kind of danger, as words to search for."""
    data = _data()
    return " ".join(data["numbers"][key]["name"] for key in data["lines"][found] if key != "112")


def heading(language: str) -> str:
    """Return what stands above the numbers, in the asker's language."""
    headings: dict[str, str] = _data()["heading"]
    return headings.get(language) or headings["nl"]


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
