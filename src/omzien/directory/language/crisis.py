"""Crisis first: does a question tell of danger now, and which number belongs to it?

Two independent readers: sentences that people in danger use, as patterns per language
(data/crisis.toml), and a model learned from example questions. Either may raise the
crisis line: a false alarm costs a glance, a miss may cost a life. Nothing is stored.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from omzien.directory.language.features import counts
from omzien.directory.language.model import load, softmax
from omzien.kernel.text import fold

ALARM = 0.3  # share of the model from which a question counts as a crisis


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
def _patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple(
        (Kind(kind), re.compile("|".join(f"(?:{fold(p)})" for p in patterns)))
        for kind, patterns in _data()["patterns"].items()
    )


def kind(text: str, raw: dict[str, float] | None = None) -> Kind | None:
    """Return the kind of danger that a question tells of, or None.

    `raw` holds the feature counts of the text where these were made already.
    """
    plain = " ".join(re.findall(r"[\w']+", fold(text[:4000])))
    if not plain:
        return None
    said = next((k for k, pattern in _patterns() if pattern.search(plain)), None)
    if said:
        return said
    model = load("crisis")
    shares = softmax(model.scores_of_counts(counts(text) if raw is None else raw))
    danger = 1.0 - float(shares[model.labels.index("none")])
    if danger < ALARM:
        return None
    ranked = [model.labels[i] for i in np.argsort(-shares) if model.labels[i] != "none"]
    return Kind(ranked[0])


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
