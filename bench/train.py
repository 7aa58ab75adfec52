"""Learn the shipped models from the example questions (`make train`).

Reads src/omzien/directory/data/examples, writes topics.npz and language.npz beside them.
`--voices` leaves whole voices out in turn and prints whether the topic model generalises.

`--crisis` writes crisis.npz too.
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

from omzien.directory.language import features, model
from omzien.directory.language.topics import all_topics

DATA = Path(__file__).parents[1] / "src" / "omzien" / "directory" / "data"
ALSO_WEIGHT = 0.25  # what a secondary topic of an example counts in learning


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
        if path.name == "crisis.tsv":
            continue
        lang = path.stem if path.parent.name == "examples" else path.parent.name
        for line in path.read_text(encoding="utf-8").splitlines():
            topic, voice, text, also = [*line.split("\t"), ""][:4]
            extra = tuple(a.strip() for a in also.split(",") if a.strip())
            found.append(Example(lang, topic, voice, text, extra))
    return found


def crisis_examples() -> list[Example]:
    """Return the examples of crisis and near-misses; `topic` holds the kind."""
    rows = (DATA / "examples" / "crisis.tsv").read_text(encoding="utf-8").splitlines()
    return [
        Example(lang, kind, "crisis", text) for lang, kind, text in (r.split("\t") for r in rows)
    ]


@dataclass(frozen=True)
class Space:
    """The features that a model knows, with their rarity."""

    names: list[str]
    rarity: dict[str, float]

    def matrix(self, raws: Iterable[dict[str, float]]) -> csr_matrix:
        """Return the scaled features of texts as a sparse matrix."""
        column = {name: i for i, name in enumerate(self.names)}
        starts, index, values = [0], [], []
        for raw in raws:
            for name, value in features.scaled(raw, self.rarity).items():
                index.append(column[name])
                values.append(value)
            starts.append(len(index))
        shape = (len(starts) - 1, len(self.names))
        return csr_matrix((np.array(values, dtype=np.float32), index, starts), shape=shape)


def space(raws: Sequence[dict[str, float]], least: int = 2, kinds: str = "wbck") -> Space:
    """Return the features that occur in at least `least` of the texts."""
    seen = Counter(name for raw in raws for name in raw if name[0] in kinds)
    names = sorted(
        name for name, count in seen.items() if count >= (least if name[0] != "w" else 1)
    )
    total = len(raws)
    rarity = {n: round(math.log((1 + total) / (1 + seen[n])) + 1.0, 3) for n in names}
    return Space(names, rarity)


def learn(
    rows: csr_matrix, labels: list[str], weights: np.ndarray | None, strength: float
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return (labels, features x labels weights, bias) of a logistic regression."""
    machine = LogisticRegression(C=strength, max_iter=300, tol=1e-3)
    machine.fit(rows, labels, sample_weight=weights)
    if len(machine.classes_) == 2:
        both = np.vstack([-machine.coef_[0], machine.coef_[0]]) / 2
        return (
            list(machine.classes_),
            both.T,
            np.array([-machine.intercept_[0], machine.intercept_[0]]) / 2,
        )
    return list(machine.classes_), machine.coef_.T, machine.intercept_


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


def train_topics(examples: Sequence[Example], strength: float = 5.0) -> model.Linear:
    """Return the topic model learned from `examples`."""
    raws = [features.counts(e.text) for e in examples]
    known = space(raws)
    rows, labels, weights = expand(examples)
    matrix = known.matrix(raws)[rows]
    names, learned, bias = learn(matrix, labels, weights, strength)
    return model.unpack(_pack(known, names, learned, bias))


def _pack(known: Space, labels: list[str], weights: np.ndarray, bias: np.ndarray) -> bytes:
    rarity = np.array([known.rarity[n] for n in known.names])
    return model.pack(labels, known.names, rarity, weights.astype(np.float32), bias)


def write(
    name: str, known: Space, labels: list[str], weights: np.ndarray, bias: np.ndarray
) -> None:
    """Write one shipped model and say how large it is."""
    data = _pack(known, labels, weights, bias)
    (DATA / f"{name}.npz").write_bytes(data)
    print(f"{name}: {len(known.names)} features, {len(labels)} labels, {len(data) / 1e6:.1f} MB")


def main() -> None:
    """Learn and write the models."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", action="store_true", help="leave whole voices out in turn")
    parser.add_argument("--crisis", action="store_true", help="learn the crisis model too")
    options = parser.parse_args()
    examples = topic_examples()
    if options.voices:
        leave_voices_out(examples)
        return
    raws = [features.counts(e.text) for e in examples]
    known = space(raws)
    rows, labels, weights = expand(examples)
    write("topics", known, *learn(known.matrix(raws)[rows], labels, weights, 5.0))

    write_language([*crisis_examples(), *examples])
    if options.crisis:
        write_crisis(examples)


def write_crisis(examples: Sequence[Example]) -> None:
    """Learn and write the crisis model."""
    dangers = crisis_examples()
    # Questions about suicide and violence stand between calm and crisis: they teach neither.
    between = ("suicide", "domestic-violence")
    calm = [Example(e.lang, "none", e.voice, e.text) for e in examples if e.topic not in between]
    both = dangers + calm
    raws = [features.counts(e.text) for e in both]
    known = space(raws)
    emphasis = np.array([_emphasis(e) for e in both])
    write("crisis", known, *learn(known.matrix(raws), [e.topic for e in both], emphasis, 5.0))


def _emphasis(example: Example) -> float:
    """Return what an example counts: dangers are few, and a long calm story must stay calm."""
    own = (6.0 if example.topic == "none" else 10.0) if example.voice == "crisis" else 1.0
    return own * 2.5 if example.topic == "none" and len(example.text.split()) > 22 else own


def write_language(examples: Sequence[Example]) -> None:
    """Learn and write the model of the languages in Latin letters."""
    latin = [e for e in examples if e.lang in ("nl", "en", "pl", "tr")]
    raws = [features.counts(e.text) for e in latin]
    known = space(raws, least=4, kinds="wc")
    share = Counter(e.lang for e in latin)
    even = np.array([len(latin) / share[e.lang] / 4 for e in latin])
    write("language", known, *learn(known.matrix(raws), [e.lang for e in latin], even, 20.0))


def leave_voices_out(examples: Sequence[Example]) -> None:
    """Print, for each Dutch voice, how often its topic is first or in the first three."""
    for voice in sorted({e.voice for e in examples if e.lang == "nl"} - {"label"}):
        machine = train_topics([e for e in examples if e.voice != voice])
        asked = [e for e in examples if e.voice == voice and e.lang == "nl"]
        ranks = [_rank(machine, e) for e in asked]
        first = sum(r == 0 for r in ranks) / len(ranks)
        three = sum(r < 3 for r in ranks) / len(ranks)
        print(f"{voice:10} n={len(asked):4} first={first:.3f} in three={three:.3f}")


def _rank(machine: model.Linear, example: Example) -> int:
    order = np.argsort(-machine.scores(example.text))
    return [machine.labels[i] for i in order].index(example.topic)


if __name__ == "__main__":
    main()
