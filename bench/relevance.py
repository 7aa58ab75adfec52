"""Relevance: does a question bring what helps? Printed beside PostgreSQL and SQLite full text.

nDCG@5 with gain 2^grade - 1 and discount log2(rank + 1), ideal over the whole corpus; the
grade of a hit is the highest grade among its topics. success@3: a grade-2 hit in the first
three. The questions were not used for learning.
"""

import json
import math
import os
import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain, combinations
from pathlib import Path
from typing import Any

from omzien.cli.commands.answer import _entry
from omzien.directory.language import crisis
from omzien.directory.language.analysis import words
from omzien.directory.language.topics import codes, suggest
from omzien.directory.search.answer import answer
from omzien.directory.search.index import build

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("OMZIEN_SHARED", ROOT.parent / "shared"))
# The exams of danger and of calm, by number, with what is known of them.
CRISIS_EXAMS = {
    "": "read since", "second": "seen by others", "third": "read since", "fourth": "read since",
    "fifth": "seen by others", "sixth": "never read",
}  # fmt: skip
# Harder than life, so without a bar.
HARD_EXAMS = {"mirror": "mirror pairs", "signs": "only signs, never read"}
Line = dict[str, Any]
Ranker = Callable[[str], list[str]]


def read(path: Path) -> list[Line]:
    """Return the objects of a JSON-lines file."""
    return [json.loads(raw) for raw in path.read_text(encoding="utf-8").splitlines() if raw]


def corpus() -> list[Line]:
    """Return the demonstration directory."""
    return read(ROOT / "src" / "omzien" / "demo" / "data" / "meierijstad.jsonl")


def grade(question: Line, line: Line) -> int:
    """Return the grade of an entry for a question."""
    return max((question["grades"].get(t, 0) for t in line["topics"]), default=0)


def measure(rank: Ranker, questions: Sequence[Line], entries: Sequence[Line]) -> Line:
    """Return nDCG@5, success@3 and how many answers were empty."""
    by_id = {e["id"]: e for e in entries}
    gains, found, empty = [], 0, 0
    for question in questions:
        hits = [grade(question, by_id[i]) for i in rank(question["text"])[:5]]
        ideal = sorted((grade(question, e) for e in entries), reverse=True)[:5]
        gains.append(_dcg(hits) / (_dcg(ideal) or 1.0))
        found += any(g == 2 for g in hits[:3])
        empty += not hits
    return {
        "ndcg": sum(gains) / len(gains),
        "success": found / len(questions),
        "empty": empty,
        "n": len(questions),
    }


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**g - 1) / math.log2(rank + 2) for rank, g in enumerate(grades))


def stories(questions: Sequence[Line]) -> list[tuple[str, list[set[str]]]]:
    """Return stories of three short questions of an exam, each about something else, with the
    topics of each: as somebody tells all that is wrong in one breath. The same each time.
    """
    short = [q for q in questions if q["lang"] == "nl" and not q["crisis"]
             and 4 <= len(q["text"].split()) <= 16]  # fmt: skip
    found = []
    for number in range(3 * len(short)):
        three = [short[(number * step + step) % len(short)] for step in (1, 7, 19)]
        asked = [{t for t, g in q["grades"].items() if g == 2} for q in three]
        if not any(one & other for one, other in combinations(asked, 2)):
            between = (" en ", ". ", ", ")[number % 3]
            found.append((between.join(q["text"].rstrip(".!?") for q in three), asked))
    return found


def needs_met(
    rank: Ranker, told: Sequence[tuple[str, list[set[str]]]], entries: Sequence[Line]
) -> float:
    """Return for which share of the needs in stories there is something among the hits."""
    topics_of = {e["id"]: {*e["topics"]} for e in entries}
    met = []
    for text, asked in told:
        shown: set[str] = set().union(*(topics_of[one] for one in rank(text)))
        met += [bool(one & shown) for one in asked]
    return sum(met) / len(met)


def ours(entries: Sequence[Line], *, hide: bool = False, most: int = 5) -> Ranker:
    """Return our ranking; with `hide`, topics and rungs are kept from the engine."""
    shown = [{**e, "topics": [], "rung": None} if hide else e for e in entries]
    index = build([_entry(e) for e in shown], codes())
    return lambda text: [h.entry.id for h in answer(text, index, most=most).hits]


def sqlite_bm25(entries: Sequence[Line]) -> Ranker:
    """Return the ranking of SQLite FTS5 (BM25, any word)."""
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, title, body, tokenize='unicode61 remove_diacritics 2')"
    )
    db.executemany(
        "INSERT INTO t VALUES (?,?,?)", [(e["id"], e["title"], e["description"]) for e in entries]
    )

    def rank(text: str) -> list[str]:
        query = " OR ".join(f'"{w}"' for w in words(text)) or '""'
        rows = db.execute(
            "SELECT id FROM t WHERE t MATCH ? ORDER BY bm25(t, 0, 5, 1) LIMIT 5", [query]
        )
        return [r[0] for r in rows]

    return rank


def postgres_dutch(entries: Sequence[Line]) -> Ranker:
    """Return the ranking of PostgreSQL full text with the `dutch` configuration."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_fts (id text, v tsvector)")
        cursor.executemany(
            "INSERT INTO bench_fts VALUES (%s, setweight(to_tsvector('dutch', %s), 'A') || to_tsvector('dutch', %s))",
            [(e["id"], e["title"], e["description"]) for e in entries],
        )

    def rank(text: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM bench_fts, websearch_to_tsquery('dutch', %s) q WHERE v @@ q"
                " ORDER BY ts_rank(v, q) DESC LIMIT 5",
                [" or ".join(words(text))],
            )
            return [r[0] for r in cursor.fetchall()]

    return rank


def show(label: str, found: Line, bar: str = "") -> None:
    """Print one line of the table."""
    print(
        f"{label:44} nDCG@5 {found['ndcg']:.3f}  success@3 {found['success']:.3f}"
        f"  empty {found['empty']}  n {found['n']}  {bar}"
    )


def run() -> None:
    """Print the tables of relevance, topic suggestion and crisis."""
    entries = corpus()
    own = ROOT / "tests" / "data"
    voices, second, languages = (
        read(own / f"questions_{name}.jsonl") for name in ("voices", "voices_second", "languages")
    )
    dev_path = SHARED / "search" / "queries_dev.jsonl"
    dev_path = dev_path if dev_path.exists() else SHARED / "data" / "search" / "queries_dev.jsonl"
    sets = [
        ("unfamiliar voices (own exam)", voices, ""),
        ("  second exam (seven lines read)", second, ""),
    ]
    if dev_path.exists():
        sets.insert(0, ("development questions", read(dev_path), "bar 0.85 / 0.88"))
    else:
        print(f"OVERGESLAGEN: {dev_path} is er niet, dus geen ontwikkelvragen.")
    engine, hidden = ours(entries), ours(entries, hide=True)
    told, wide = stories([*voices, *second]), cache(ours(entries, most=20))
    for first in (5, 10, 20):
        shown = needs_met(lambda text, most=first: wide(text)[:most], told, entries)
        label = f"three needs in one story, among the first {first}"
        print(f"{label:44} {shown:.3f}  of {len(told)} stories")
    for label, questions, bar in sets:
        show(label, measure(engine, questions, entries), bar)
        show("  topics and rungs hidden", measure(hidden, questions, entries), "bar 0.60 / 0.80")
        show("  peer: SQLite FTS5 BM25", measure(sqlite_bm25(entries), questions, entries))
        try:
            peer = postgres_dutch(entries)
        except Exception as error:  # the peer needs a database; ours does not
            print(f"  peer: PostgreSQL dutch not available ({type(error).__name__})")
        else:
            show("  peer: PostgreSQL dutch", measure(peer, questions, entries))
            from django.db import connection

            connection.cursor().execute("DROP TABLE bench_fts")
    for lang in ("en", "pl", "tr", "ar", "uk"):
        asked = [q for q in languages if q["lang"] == lang]
        show(f"language {lang}", measure(engine, asked, entries), "bar - / 0.80")
    right = [
        bool(
            {s.topic for s in suggest(title=e["title"], description=e["description"])[:3]}
            & set(e["topics"])
        )
        for e in entries
    ]
    print(f"{'topic suggestion right in first three':44} {sum(right) / len(right):.3f}  bar 0.85")
    _crisis(sets, languages)


def _crisis(sets: list[tuple[str, list[Line], str]], languages: list[Line]) -> None:
    """Print recall and false alarms. Who reads an exam to mend what it missed says so here."""
    own = ROOT / "tests" / "data"
    crises, calms = (
        {
            which: read(own / f"questions_{name}{which and '_' + which}.jsonl")
            for which in CRISIS_EXAMS
        }
        for name in ("crisis", "calm")
    )
    development = [q for _l, questions, _b in sets for q in questions if q["crisis"]]
    asked = [q for _l, questions, _b in sets for q in questions if not q["crisis"]]
    _say("crisis recall, development and voices", development)
    for which, known in CRISIS_EXAMS.items():
        _say(f"crisis recall, {which or 'first'} exam ({known})", crises[which])
    _say(
        "false alarms, all other questions",
        [*asked, *languages, *chain.from_iterable(calms.values())],
        calm=True,
    )
    for which, known in CRISIS_EXAMS.items():
        _say(f"  of these: {which or 'first'} exam ({known})", calms[which], calm=True)
    for hard, known in HARD_EXAMS.items():
        for name, label in (("crisis", "danger"), ("calm", "calm")):
            asked = read(own / f"questions_{name}_{hard}.jsonl")
            print(f"{f'{known} (no bar), {label}':44} {_alarms(asked)}/{len(asked)} raised")


def _say(label: str, questions: Sequence[Line], *, calm: bool = False) -> None:
    raised = _alarms(questions)
    share = f"= {raised / (len(questions) or 1):.3f}  bar {'0.02' if calm else 'all'}"
    print(f"{label:44} {raised}/{len(questions)} {share}")


def _alarms(questions: Sequence[Line]) -> int:
    return sum(crisis.kind(q["text"]) is not None for q in questions)
