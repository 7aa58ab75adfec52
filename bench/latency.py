"""How long a search takes, analysis included, in one municipality of 1,200 services.

The peer is PostgreSQL full text (`dutch`) over the same entries in the same run. Figures
of one noisy machine: read the ratio.
"""

import statistics
import time
from collections.abc import Callable

from bench.relevance import ROOT, corpus, ours, postgres_dutch, read

SERVICES = 1200


def times(rank: Callable[[str], list[str]], texts: list[str], others: list[str]) -> list[float]:
    """Return the milliseconds of each question, in a process that answered `others` before."""
    for text in others:
        rank(text)
    found = []
    for text in texts:
        start = time.perf_counter()
        rank(text)
        found.append((time.perf_counter() - start) * 1000)
    return found


def run() -> None:
    """Print the median and the 95th percentile beside the peer's."""
    base = corpus()
    entries = [{**base[i % len(base)], "id": f"{i}"} for i in range(SERVICES)]
    texts = [q["text"] for q in read(ROOT / "tests" / "data" / "questions_voices.jsonl")]
    others = [q["text"] for q in read(ROOT / "tests" / "data" / "questions_calm.jsonl")]
    rankers: dict[str, Callable[[str], list[str]]] = {"omzien": ours(entries)}
    try:
        rankers["peer: PostgreSQL dutch"] = postgres_dutch(entries)
    except Exception as error:  # the peer needs a database; ours does not
        print(f"peer not available ({type(error).__name__})")
    for label, rank in rankers.items():
        found = times(rank, texts, others)
        p95 = statistics.quantiles(found, n=20)[-1]
        print(f"{label:28} median {statistics.median(found):6.2f} ms  p95 {p95:6.2f} ms")


if __name__ == "__main__":
    run()
