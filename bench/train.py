"""Learn the shipped models from the example questions (`make train`).

Reads src/omzien/directory/data/examples, writes models.npz beside them: topics, crisis and
language, over the same features. `--voices` leaves whole voices out in turn and prints
whether the topic model generalises.
"""

import argparse
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from omzien.directory.language import crisis, features, model
from omzien.directory.language.topics import all_topics

DATA = Path(__file__).parents[1] / "src" / "omzien" / "directory" / "data"
ALSO_WEIGHT = 0.5  # what a secondary topic of an example counts in learning


@dataclass(frozen=True)
class Example:
    """One example question."""

    lang: str
    topic: str
    voice: str
    text: str
    also: tuple[str, ...] = ()


def topic_examples() -> list[Example]:
    """Return all examples of topics, and the topics' own labels as keywords."""
    found = [
        Example(lang, topic.code, "label", label)
        for topic in all_topics().values()
        for lang, label in (("nl", topic.nl), ("en", topic.en))
    ]
    for path in sorted((DATA / "examples").rglob("*.tsv")):
        if path.name.startswith("crisis"):
            continue
        lang = path.stem if path.parent.name == "examples" else path.parent.name
        for line in path.read_text(encoding="utf-8").splitlines():
            topic, voice, text, also = [*line.split("\t"), ""][:4]
            extra = tuple(a.strip() for a in also.split(",") if a.strip())
            found.append(Example(lang, topic, voice, text, extra))
    return found


def crisis_examples() -> list[Example]:
    """Return the examples of crisis and near-misses; `topic` holds the kind."""
    paths = sorted((DATA / "examples").glob("crisis*.tsv"))
    rows = [row for path in paths for row in path.read_text(encoding="utf-8").splitlines()]
    return [
        Example(lang, kind, "crisis", text) for lang, kind, text in (r.split("\t") for r in rows)
    ]


@dataclass(frozen=True)
class Space:
    """The features that the models know, with their rarity (inverse document frequency)."""

    rarity: dict[str, float]

    def matrix(self, raws: Iterable[dict[str, features.Heard]]) -> csr_matrix:
        """Return the scaled features of texts as a sparse matrix."""
        column = {name: i for i, name in enumerate(self.rarity)}
        starts, index, values = [0], [], []
        for raw in raws:
            known = [(name, one) for name, one in raw.items() if name in column]
            kinds = np.array([features.KINDS[name[0]] for name, _ in known], dtype=np.intp)
            loud, squared = np.array([one for _, one in known]).reshape(-1, 2).T
            rarity = np.array([self.rarity[name] for name, _ in known])
            sizes = np.bincount(kinds, squared * rarity**2, minlength=len(features.KINDS))
            index += [column[name] for name, _ in known]
            values += (loud * rarity * features.factors(sizes)[kinds]).tolist()
            starts.append(len(index))
        shape = (len(starts) - 1, len(column))
        return csr_matrix((np.array(values, dtype=np.float32), index, starts), shape=shape)


def space(raws: Sequence[dict[str, features.Heard]]) -> Space:
    """Return the words of the texts, and what else occurs in at least two of them."""
    seen = Counter(name for raw in raws for name in raw)
    names = sorted(name for name, count in seen.items() if count >= (1 if name[0] == "w" else 2))
    total = len(raws)
    return Space({n: round(math.log((1 + total) / (1 + seen[n])) + 1.0, 3) for n in names})


@dataclass(frozen=True)
class Learned:
    """What one model learned: labels, weights (features x labels) and bias."""

    labels: list[str]
    weights: np.ndarray
    bias: np.ndarray


def learn(
    rows: csr_matrix, labels: list[str], weights: np.ndarray | None, strength: float
) -> Learned:
    """Return what a logistic regression learns."""
    machine = LogisticRegression(C=strength, max_iter=2000, tol=1e-4)
    machine.fit(rows, labels, sample_weight=weights)
    return Learned(list(machine.classes_), machine.coef_.T, machine.intercept_)


def expand(examples: Sequence[Example]) -> tuple[list[int], list[str], np.ndarray]:
    """Return rows, labels and weights with secondary topics as lighter copies."""
    rows, labels, weights = [], [], []
    for number, example in enumerate(examples):
        rows.append(number)
        labels.append(example.topic)
        weights.append(1.0)
        for topic in example.also:
            rows.append(number)
            labels.append(topic)
            weights.append(ALSO_WEIGHT)
    return rows, labels, np.array(weights)


def learn_topics(examples: Sequence[Example], matrix: csr_matrix) -> Learned:
    """Learn what a question is about."""
    rows, labels, weights = expand(examples)
    return learn(matrix[rows], labels, weights, 5.0)


def learn_crisis(examples: Sequence[Example], matrix: csr_matrix) -> Learned:
    """Learn which danger a question tells of, or none."""
    # Questions about suicide and violence stand between calm and crisis, and so does what a
    # pattern recognises: they teach neither.
    between = ("suicide", "domestic-violence")
    rows = [
        n
        for n, e in enumerate(examples)
        if e.voice == "crisis" or (e.topic not in between and crisis.said(e.text) is None)
    ]
    chosen = [examples[n] for n in rows]
    labels = [e.topic if e.voice == "crisis" else "none" for e in chosen]
    return learn(matrix[rows], labels, None, 5.0)


def learn_language(examples: Sequence[Example], matrix: csr_matrix) -> Learned:
    """Learn the languages in Latin letters apart."""
    rows = [n for n, e in enumerate(examples) if e.lang in ("nl", "en", "pl", "tr")]
    labels = [examples[n].lang for n in rows]
    share = Counter(labels)
    even = np.array([len(rows) / share[label] / 4 for label in labels])
    return learn(matrix[rows], labels, even, 20.0)


def packed(known: Space, models: dict[str, Learned]) -> bytes:
    """Return the learned models as the bytes that the product reads."""
    return model.pack(
        {name: learned.labels for name, learned in models.items()},
        known.rarity,
        np.hstack([learned.weights for learned in models.values()]),
        np.concatenate([learned.bias for learned in models.values()]),
    )


def main() -> None:
    """Learn and write the models."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", action="store_true", help="leave whole voices out in turn")
    options = parser.parse_args()
    if options.voices:
        leave_voices_out(topic_examples())
        return
    topics = topic_examples()
    examples = [*topics, *crisis_examples()]
    raws = [features.heard(e.text) for e in examples]
    known = space(raws)
    matrix = known.matrix(raws)
    models = {
        "topics": learn_topics(topics, matrix),
        "crisis": learn_crisis(examples, matrix),
        "language": learn_language(examples, matrix),
    }
    data = packed(known, models)
    (DATA / model.MODELS).write_bytes(data)
    print(f"{len(examples)} examples, {len(known.rarity)} features, {len(data) / 1e6:.1f} MB")


def leave_voices_out(examples: Sequence[Example]) -> None:
    """Print, for each Dutch voice, how often its topic is first or in the first three."""
    for voice in sorted({e.voice for e in examples if e.lang == "nl"} - {"label"}):
        rest = [e for e in examples if e.voice != voice]
        raws = [features.heard(e.text) for e in rest]
        known = space(raws)
        learned = learn_topics(rest, known.matrix(raws))
        machine = model.unpack(packed(known, {"topics": learned}))
        asked = [e for e in examples if e.voice == voice and e.lang == "nl"]
        ranks = [_rank(machine, e) for e in asked]
        first = sum(r == 0 for r in ranks) / len(ranks)
        three = sum(r < 3 for r in ranks) / len(ranks)
        print(f"{voice:10} n={len(asked):4} first={first:.3f} in three={three:.3f}")


def _rank(machine: model.Linear, example: Example) -> int:
    order = np.argsort(-machine.scores(example.text)["topics"])
    return [machine.labels["topics"][i] for i in order].index(example.topic)


if __name__ == "__main__":
    main()
