"""Topics: the list, and what a question or an entry is about."""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from omzien.directory.language.model import Floats, load, softmax

MOST_SUGGESTED = 4
LEAST_OF_BEST = 0.2  # a suggestion with less than this part of the best one's share is left out
SHARPNESS = 2.5  # the model is too modest: sharper shares rank better on questions it never saw
# But what is said beside the main thing, often half a sentence ("and I cannot go on like this"),
# would then be lost: from NOTICED on, it counts for its modest share, this many times.
NOTICED, ASIDE = 0.04, 2.0


@dataclass(frozen=True)
class TopicInfo:
    """A topic with its domain and its labels."""

    code: str
    domain: str
    nl: str
    en: str


@dataclass(frozen=True)
class DomainInfo:
    """A life domain with its labels."""

    code: str
    nl: str
    en: str


class Suggestion(NamedTuple):
    """A topic with its share (0..1)."""

    topic: str
    share: float


@lru_cache(maxsize=1)
def all_topics() -> dict[str, TopicInfo]:
    """Return the shipped topics by code, in their order (data/topics.json)."""
    return {
        topic["code"]: TopicInfo(topic["code"], domain["code"], topic["nl"], topic["en"])
        for domain in _shipped()
        for topic in domain["topics"]
    }


@lru_cache(maxsize=1)
def all_domains() -> dict[str, DomainInfo]:
    """Return the shipped life domains by code, in their order."""
    return {d["code"]: DomainInfo(d["code"], d["nl"], d["en"]) for d in _shipped()}


def _shipped() -> list[dict[str, Any]]:
    text = files("omzien.directory").joinpath("data", "topics.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["domains"]
    return found


@lru_cache(maxsize=1)
def codes() -> tuple[str, ...]:
    """Return the topic codes in the order of the model's labels."""
    return load().labels["topics"]


def shares(scores: Floats) -> Floats:
    """Return for each of `codes()` how far a question is about it (0..1): chiefly, or also.

    `scores` are those of the model "topics" for the question.
    """
    modest = softmax(scores)
    beside = np.where(modest >= NOTICED, np.minimum(ASIDE * modest, 1.0), 0.0)
    return np.maximum(chiefly(scores), beside).astype(np.float32)


def chiefly(scores: Floats) -> Floats:
    """Return for each of `codes()` the share of a question that is chiefly about it (sum 1)."""
    return softmax(SHARPNESS * scores)


def suggest(*, title: str, description: str) -> list[Suggestion]:
    """Return the topics that an entry without topics is probably about, best first.

    Title and sentences speak each for themselves, so that one long paragraph about
    opening times does not drown what the entry is for.
    """
    model = load()
    sentences = [s for s in description.replace("\n", ". ").split(". ") if len(s) > 20][:12]
    said = [title, f"{title} {description[:1500]}", *sentences[:6]]
    parts = [model.scores(text)["topics"] for text in said]
    weights = np.array([1.0, 2.5, *([0.35] * (len(parts) - 2))], dtype=np.float32)
    stacked = np.stack([softmax(scores) for scores in parts])
    found = (weights @ stacked) / weights.sum()
    return best_of(found, MOST_SUGGESTED, LEAST_OF_BEST * float(found.max()))


def best_of(found: Floats, most: int = 5, least: float = 0.03) -> list[Suggestion]:
    """Return the topics with the largest shares, best first."""
    order = np.argsort(-found)[:most]
    names = codes()
    return [Suggestion(names[i], round(float(found[i]), 4)) for i in order if found[i] >= least]
