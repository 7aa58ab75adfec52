"""The answer to a question: what it is about, what helps, in which order, and why.

score = relevance x nearness x rung x trust, where

- relevance = share of the question that the entry's topics explain, plus a part for the
  words that match (BM25 over weighted fields, as a share of the best match);
- nearness falls from 1 to `FAR` with the distance in km (scale `NEAR_KM`);
- rung and trust lower the score a little for higher rungs and for unchecked entries.

So relevance leads, and among what is equally relevant the nearest and the lowest rung
stand first.
"""

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from omzien.directory.language import clauses, crisis, detect, topics
from omzien.directory.language.analysis import sentences, stop_words, token_forms
from omzien.directory.language.analysis import tokens as tokens_of
from omzien.directory.language.model import Floats, load
from omzien.directory.search.entries import Entry
from omzien.directory.search.index import Held, Index, build
from omzien.directory.search.telling import tells
from omzien.directory.search.thesaurus import Thesaurus, expand, shipped
from omzien.kernel.geo import LatLon

ALSO = 0.45  # a topic that is useful too, beside the one the question is about
WORDS = 0.2  # what matching words may add to what the topics say
NEAR_KM, FAR = 7.0, 0.7
RUNG_STEP = 0.015
GOOD = 0.12  # from this relevance on an entry is a good hit
ENOUGH = 3
FITS = 0.15  # what has less than this share of the best relevance is left out
CORRECTION = 0.7
# A part of a story that is at least so clearly about a topic counts for so much of that. Measured
# on three needs in one story (`bench relevance`): a need is among the first ten hits for 82 % and
# was for 56 %. The exams of single needs keep their nDCG to within 0.003, and 0.02 without topics.
CLEAR, IN_PART = 0.5, 0.6
TURN, MORE = 0.95, 20  # what a second hit about a need counts for; how many more may get a turn
UNDERSTOOD = 0.15  # no question of an exam is less about something; "xyzzy" is (0.06)
ANYTHING = ("independent-support", "meeting-place")  # where one may come with any question


@dataclass(frozen=True)
class Where:
    """Where the asker is: the village's slug and a point, as far as known.

    `is_middle`: the point is that of the village, and not of somebody's own.
    """

    village: str = ""
    point: LatLon | None = None
    is_middle: bool = False


class Hit(NamedTuple):
    """One entry of the answer, with what made it match; `number` is its place in the index."""

    number: int
    entry: Entry
    score: float
    relevance: float
    km: float | None
    words: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What a question is about and what helps.

    `widened` says how far we looked beyond the question: "topic" (the whole life domain),
    "area" (beyond what reaches this place). `ask_a_person` is set when that was still
    not enough: offer the connector. Where the words say nothing that we know, it is not
    `is_understood`: the hits are then where one may come with anything.
    """

    hits: tuple[Hit, ...]
    topics: tuple[topics.Suggestion, ...]
    language: str
    crisis: crisis.Kind | None
    corrected: dict[str, str] = field(default_factory=dict)
    widened: tuple[str, ...] = ()
    ask_a_person: bool = False
    is_understood: bool = True


class Question(NamedTuple):
    """A question, understood: its topic shares and its weighted tokens. `needs` are the topics,
    by number, that a story asks for, where these are several; `sources` names the typed word
    behind a token, where that tells why an entry fits.
    """

    shares: Floats
    needs: tuple[int, ...]
    tokens: dict[str, float]
    sources: dict[str, str]
    language: str
    crisis: crisis.Kind | None
    corrected: dict[str, str]


def understand(text: str, index: Index, thesaurus: Thesaurus | None = None) -> Question:
    """Return what `text` asks, in the words that `index` knows."""
    said = sentences(text)
    question_words = [*chain.from_iterable(said)]
    scores, of_parts = _scores(question_words, clauses.parts(said))
    language = detect.language(text, scores["language"])
    corrected: dict[str, str] = {}
    tokens: dict[str, float] = {}
    sources: dict[str, str] = {}
    says_nothing = stop_words()
    for word in question_words if language == "nl" else ():
        if word in says_nothing:
            continue
        forms: Sequence[tuple[str, float]] = token_forms(word)
        known = detect.is_dutch_word(word) or index.knows(word)
        if not known and (better := index.respelled(word)):
            corrected[word] = better
            forms = [(t, w * CORRECTION) for t, w in token_forms(better)]
        read_as = corrected.get(word, word)
        is_told = tells(read_as)
        for token, weight in forms:
            tokens[token] = max(tokens.get(token, 0.0), weight)
            if is_told:
                sources.setdefault(token, read_as)
    for token, weight in expand(question_words, thesaurus or shipped()).items():
        tokens.setdefault(token, weight)
    read, danger = scores, crisis.kind(text, scores)
    if corrected:
        read = load().scores_of([*question_words, *corrected.values()])
        danger = danger or crisis.kind(" ".join(corrected.get(w, w) for w in question_words))
    if danger in crisis.TOPICS and (who := crisis.names(danger)):
        # Words of danger find what only sounds like it ("an end", "man"): look for who is there.
        tokens, sources = dict(tokens_of(who)), {}
    in_parts = _in_parts(of_parts)
    shares = _shares(text, _calm(text, read, danger), in_parts, danger)
    return Question(
        shares=shares,
        needs=() if danger in crisis.TOPICS else _needs(shares, in_parts),
        tokens=tokens,
        sources=sources,
        language=language,
        crisis=danger,
        corrected=corrected,
    )


@cache
def _nothing_asked() -> Question:
    """Return what is understood where only topics were chosen."""
    return understand("", build((), topics.codes()))


def _calm(text: str, read: Mapping[str, Floats], danger: crisis.Kind | None) -> Floats:
    """Return the scores of the topics without those that would frighten without ground."""
    scores = read["topics"]
    frightens = crisis.frightens(text, danger, read)
    return np.where(_chosen([*frightens]) > 0, scores.min(), scores) if frightens else scores


def _shares(text: str, scores: Floats, in_parts: Floats, danger: crisis.Kind | None) -> Floats:
    """Return what a question is about, as a whole and in its parts: chiefly its danger, where it
    tells of one.
    """
    shares = np.maximum(topics.shares(scores), in_parts)
    if danger not in crisis.TOPICS:
        return shares
    beside = shares * crisis.beside(text)
    found: Floats = np.maximum(beside, _chosen([crisis.TOPICS[danger]]))
    return found


def _scores(
    said: Sequence[str], parts: Sequence[tuple[int, int]]
) -> tuple[dict[str, Floats], Floats]:
    """Return the scores of a text, and those of the topics of each of its parts, in one look."""
    found = load().scores_in(said, [(0, len(said)), *parts])
    return {name: one[0] for name, one in found.items()}, found["topics"][1:]


def _in_parts(scores: Floats) -> Floats:
    """Return what single parts of a story are clearly about, for a part of their weight.

    What would frighten needs the whole story.
    """
    most = topics.chiefly(scores).max(axis=0, initial=0.0)
    clear = (most >= CLEAR) & (_chosen(crisis.FRIGHTENING) == 0)
    found: Floats = np.where(clear, IN_PART * most, 0.0).astype(np.float32)
    return found


def _needs(shares: Floats, in_parts: Floats) -> tuple[int, ...]:
    """Return the topics of a story that asks for several things: chiefly, and in its parts."""
    asked = {int(shares.argmax()), *np.flatnonzero(in_parts).tolist()}
    return tuple(sorted(asked)) if len(asked) > 1 else ()


def warm_up() -> None:
    """Read models, word lists and patterns of danger, so that no first asker waits a second."""
    answer("ik zoek gezelschap", build((), topics.codes()))


def answer(
    text: str,
    index: Index,
    *,
    where: Where | None = None,
    chosen_topics: Sequence[str] = (),
    most: int = 30,
    thesaurus: Thesaurus | None = None,
) -> Answer:
    """Return the answer to `text` (or to chosen topics) from the entries of `index`.

    Never empty while the index holds an entry: with fewer than three good hits the topic widens
    to its life domain, then the area, and then a person is offered.
    """
    question = understand(text, index, thesaurus) if text else _nothing_asked()
    shares, needs = question.shares, question.needs
    is_clear = float(shares.max()) >= UNDERSTOOD
    is_understood = not text or question.crisis is not None or is_clear
    if chosen_topics:
        shares, needs, is_understood = _chosen(chosen_topics), (), True
    elif not is_understood:
        shares = GOOD * _chosen(ANYTHING)
    where = where or Where()
    near = index.reaching(where.village)
    km = index.distances_from(where.point) if where.is_middle else index.distances(where.point)
    held = index.holding([*question.tokens])
    relevance = _by_topic(index, shares) + _by_word(held, question)
    widened: list[str] = []
    if _good(relevance, near) < ENOUGH:
        widened.append("topic")
        relevance = np.maximum(relevance, 0.5 * _by_topic(index, _whole_domain(shares)))
    if _good(relevance, near) < ENOUGH:
        widened.append("area")
        near = np.ones_like(near)
    few = not is_understood or _good(relevance, near) < ENOUGH
    score = (relevance + 1e-6) * _nearness(km) * (1 - RUNG_STEP * index.rungs) * index.trust
    score = np.where(near, score, 0.0)
    order = np.argsort(-score, kind="stable")[: most + MORE if needs else most]
    order = order[score[order] > 0]
    # What hardly fits would only tire the reader; but some answer is better than none.
    fits = relevance[order]
    enough = fits >= FITS * float(fits.max(initial=0.0))
    enough[:ENOUGH] = True
    order = order[enough]
    if needs:
        order = _by_turns(index, order, score[order], needs, most)
    told = shares if is_understood else _chosen(())
    return Answer(
        hits=tuple(_hits(index, order, question, held, told, relevance, score, km)),
        topics=tuple(topics.best_of(told)),
        language=question.language,
        crisis=question.crisis,
        corrected=question.corrected,
        widened=tuple(widened),
        ask_a_person=few,
        is_understood=is_understood,
    )


def _by_turns(
    index: Index, order: NDArray[np.intp], score: Floats, needs: Sequence[int], most: int
) -> NDArray[np.intp]:
    """Return an order in which each need of a story has its turn: what is about a need counts a
    little less each time that something about it was shown, and what is about none the least.
    """
    codes, points = [topics.codes()[number] for number in needs], score.tolist()
    about: list[list[int]] = []
    waiting: list[deque[int]] = [deque() for _ in (*codes, "none")]
    for place, number in enumerate(order.tolist()):
        held = index.entries[number].topics
        about.append([n for n, code in enumerate(codes) if code in held] or [len(codes)])
        for need in about[place]:
            waiting[need].append(place)
    turn = [1.0] * len(waiting)
    found: dict[int, None] = {}
    while len(found) < min(most, len(order)):
        turn[-1] = min(turn[:-1])
        heads = [(points[ones[0]] * turn[n], -ones[0]) for n, ones in enumerate(waiting) if ones]
        first = -max(heads)[1]
        found[first] = None
        for need in about[first]:
            turn[need] *= TURN
        for ones in waiting:
            while ones and ones[0] in found:
                ones.popleft()
    return order[[*found]]


def narrowed(found: Answer, allowed: Sequence[bool]) -> Answer:
    """Return what of an answer passes the filters; `allowed` marks entries of the index.

    Nothing comes in its place: who filters would rather have little than what does not fit.
    """
    hits = tuple(hit for hit in found.hits if allowed[hit.number])
    return replace(found, hits=hits, ask_a_person=len(hits) < ENOUGH)


def matching(text: str, index: Index, thesaurus: Thesaurus | None = None) -> list[str]:
    """Return the ids of the entries that fit `text`, best first, and no others.

    For lists that are filtered (the open data): nothing widens, so the result may be empty.
    """
    question = understand(text, index, thesaurus)
    by_word = _by_word(index.holding([*question.tokens]), question)
    relevance = _by_topic(index, question.shares) + by_word
    score = relevance * (1 - RUNG_STEP * index.rungs) * index.trust
    fits = (by_word > 0) | (relevance >= GOOD)
    fits &= relevance >= FITS * float(relevance.max(initial=0.0))
    return [index.entries[int(i)].id for i in np.argsort(-score, kind="stable") if fits[i]]


def _by_word(held: Held, question: Question) -> Floats:
    scores = held.scores([*question.tokens.values()])
    best = float(scores.max(initial=0.0))
    # One weak word should not count as a full match: scale by what all words could give.
    possible = sum(question.tokens.values()) * 4.0
    share: Floats = WORDS * scores / max(best, possible * 0.25, 1e-6)
    return share


def _by_topic(index: Index, shares: Floats) -> Floats:
    best, summed = index.topics.explained(shares, len(index.entries))
    explained: Floats = best + ALSO * (summed - best)
    return explained


def _whole_domain(shares: Floats) -> Floats:
    infos = topics.all_topics()
    domains = [infos[code].domain for code in topics.codes()]
    total: dict[str, float] = {}
    for domain, share in zip(domains, shares, strict=True):
        total[domain] = total.get(domain, 0.0) + float(share)
    return np.array([total[domain] for domain in domains], dtype=np.float32)


def _chosen(codes: Sequence[str]) -> Floats:
    return np.array([code in codes for code in topics.codes()], dtype=np.float32)


def _good(relevance: Floats, mask: np.ndarray) -> int:
    return int(np.count_nonzero((relevance >= GOOD) & mask))


def _nearness(km: Floats) -> Floats:
    return FAR + (1 - FAR) * np.exp(-np.where(np.isnan(km), 3.0, km) / NEAR_KM).astype(np.float32)


def _hits(
    index: Index,
    order: NDArray[np.intp],
    question: Question,
    held: Held,
    shares: Floats,
    relevance: Floats,
    score: Floats,
    km: Floats,
) -> Iterator[Hit]:
    codes = topics.codes()
    weights = {codes[i]: float(shares[i]) for i in np.argsort(-shares)[:5] if shares[i] >= 0.03}
    # Plain numbers first: taking them from the arrays one by one costs as much as the search.
    numbers = order.tolist()
    matched = _matched(held, numbers, question)
    found = (numbers, score[order].tolist(), relevance[order].tolist(), km[order].tolist())
    for number, points, fit, far in zip(*found, strict=True):
        entry = index.entries[number]
        about = [topic for topic in entry.topics if topic in weights]
        if len(about) > 1:
            about.sort(key=weights.__getitem__, reverse=True)
        yield Hit(
            number=number,
            entry=entry,
            score=round(points, 4),
            relevance=round(fit, 4),
            km=None if math.isnan(far) else round(far, 1),
            words=tuple(matched[number]),
            topics=tuple(about),
        )


def _matched(held: Held, order: Sequence[int], question: Question) -> dict[int, dict[str, None]]:
    """Return for each entry of the answer the asker's telling words that it holds, in order."""
    sources = [question.sources.get(token) for token in question.tokens]
    matched: dict[int, dict[str, None]] = {number: {} for number in order}
    for number, token in held.of(order):
        if source := sources[token]:
            matched[number][source] = None
    return matched
