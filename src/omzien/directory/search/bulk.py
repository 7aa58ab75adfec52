"""Analysing many entries at once, over both cores when there are many.

A worker process imports no Django and opens no database: it gets texts and gives tokens.
"""

import json
import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from omzien.directory.language.topics import all_topics
from omzien.directory.search.entries import topics_of, weighted_tokens

CHUNK = 500
WORTH_PROCESSES = 500  # below this, starting two processes takes longer than it saves


@dataclass(frozen=True)
class Text:
    """The words of one entry by field, and the topics that somebody chose for it."""

    title: str
    provider: str
    description: str
    keywords: str
    audience: str
    eligibility: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Analysed:
    """An entry's tokens and topic weights as JSON, and topics suggested where none was chosen."""

    tokens: str
    topics: str
    suggested: tuple[str, ...]


def analyse(texts: list[Text]) -> list[Analysed]:
    """Return the analysis of each text."""
    return [_analyse(text) for text in texts]


def _analyse(text: Text) -> Analysed:
    labels = all_topics()
    tokens = weighted_tokens(
        title=text.title,
        provider=text.provider,
        description=text.description,
        keywords=text.keywords,
        audience=text.audience,
        eligibility=text.eligibility,
        topic_labels=" ".join(labels[t].nl for t in text.topics),
    )
    topics = topics_of(list(text.topics), title=text.title, description=text.description)
    return Analysed(
        tokens=json.dumps({token: round(amount, 2) for token, amount in tokens.items()}),
        topics=json.dumps(topics),
        suggested=() if text.topics else tuple(topics),
    )


def analyse_chunks(chunks: Iterable[list[Text]], *, count: int) -> Iterator[list[Analysed]]:
    """Yield the analysis of each chunk in order; `count` is the number of texts in all."""
    if count < WORTH_PROCESSES or (os.cpu_count() or 1) < 2:
        yield from map(analyse, chunks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        yield from pool.map(analyse, chunks)
