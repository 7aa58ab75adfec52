"""The ladder advice for a question: per rung what could help, lowest workable rung first.

All of it happens in this process: the resident's words go nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from omzien.directory.models import Capacity as Room
from omzien.directory.queries.cards import Card, cards, nearest
from omzien.directory.queries.indexes import kept_for
from omzien.directory.rules import Capacity
from omzien.directory.search.answer import Hit, Where, answer
from omzien.kernel.geo import LatLon
from omzien.kernel.ladder import LADDER, Rung
from omzien.people.rules.roles import Actor
from omzien.questions.models import Attempt, Question, Tie
from omzien.questions.rules.advice import Reason, Step, lowest_workable, reasons
from omzien.questions.rules.support import CARERS, YOUNG_CARERS, Fit, who_fits

MOST, PER_RUNG, MOST_FOR_CARERS = 60, 4, 6
# The words that say best what who cares for somebody looks for, of all that a topic holds.
WORDS_OF = {"carer-support": "mantelzorgconsulent", "respite": "oppas voor wie ik verzorg"}
READ = 2_000  # of a long story this much is read: what it is about stands in its beginning


@dataclass(frozen=True)
class Option:
    """One entry of the social map, and why it is proposed."""

    card: Card
    km: float | None
    topics: tuple[str, ...]
    capacity: Capacity
    explanation: str
    reasons: tuple[Reason, ...]

    @property
    def is_full(self) -> bool:
        """Tell whether there is no room."""
        return self.capacity == Capacity.NO


@dataclass(frozen=True)
class RungAdvice:
    """One rung: what could help, who of the own network, and what was tried."""

    rung: Rung
    options: tuple[Option, ...]
    people: tuple[Fit, ...]
    tries: tuple[Attempt, ...]
    is_lowest: bool
    is_workable: bool
    """Something here has room, or somebody of the own network fits."""


@dataclass(frozen=True)
class Advice:
    """The whole ladder. `map_is_shared` says whether the own network could be looked at."""

    rungs: tuple[RungAdvice, ...]
    lowest: Rung | None
    map_is_shared: bool
    is_about_caring: bool
    """Then who cares is asked how they hold up, before more is asked of the own network."""
    is_about_the_young: bool


def advice(
    question: Question, *, actor: Actor, now: datetime, map_is_shared: bool = True
) -> Advice:
    """Return the ladder for a question, in at most nine queries however many options there are.

    What did not help is not proposed again, as whoever asked was told.
    """
    tries = list(Attempt.objects.filter(question=question))
    failed = {str(one.service) for one in tries if one.result == Attempt.Result.FAILED}
    options = [one for one in _options(question, actor, now) if str(one.card.id) not in failed]
    ties = list(Tie.objects.visible_to(actor).filter(person=question.person_id))
    people = who_fits(ties, question.topics)
    by_rung = {rung: [o for o in options if o.card.rung == rung] for rung in LADDER}
    tried = {one.rung for one in tries if one.result != Attempt.Result.BUSY}
    steps = [
        Step(
            rung,
            workable=sum(not o.is_full for o in by_rung[rung])
            + (len(people) if rung == Rung.NETWORK else 0),
            tried=rung in tried,
        )
        for rung in LADDER
    ]
    lowest = lowest_workable(steps)
    busy = {str(one.service) for one in tries if one.result == Attempt.Result.BUSY}
    workable = {step.rung for step in steps if step.workable}
    topics = set(question.topics)
    return Advice(
        rungs=tuple(
            RungAdvice(
                rung,
                tuple(o for o in by_rung[rung] if str(o.card.id) not in busy)[:PER_RUNG],
                tuple(people) if rung == Rung.NETWORK else (),
                tuple(one for one in tries if one.rung == rung),
                rung == lowest,
                rung in workable,
            )
            for rung in LADDER
        ),
        lowest=lowest,
        map_is_shared=map_is_shared,
        is_about_caring=bool(topics & CARERS),
        is_about_the_young=bool(topics & YOUNG_CARERS),
    )


def _options(question: Question, actor: Actor, now: datetime) -> list[Option]:
    """Return the entries that fit, those with room first on their rung, then as search ranks."""
    kept = kept_for(question.municipality_id, on=now.date())
    village = question.village
    point = None
    if village.lat is not None and village.lon is not None:
        point = LatLon(village.lat, village.lon)
    where = Where(village.slug, point)
    found = answer(
        question.story[:READ],
        kept.index,
        where=where,
        chosen_topics=question.topics,
        most=MOST,
        thesaurus=kept.thesaurus,
    )
    hits = {hit.entry.id: hit for hit in found.hits}
    rows = Room.objects.filter(service__in=list(hits)) if hits else Room.objects.none()
    rooms = {str(row.service_id): row for row in rows}
    shown = [nearest(one, where) for one in cards(list(hits), actor=actor, now=now)]
    made = [_option(card, hits[card.id], rooms.get(card.id), now) for card in shown]
    return sorted(made, key=lambda one: one.is_full)


def _option(card: Card, hit: Hit, room: Room | None, now: datetime) -> Option:
    capacity = room.on(now.date()) if room else Capacity.UNKNOWN
    why = reasons(
        km=hit.km,
        is_free=card.is_free,
        without_appointment=card.without_appointment,
        capacity=capacity,
    )
    said = room.explanation if room and capacity != Capacity.UNKNOWN else ""
    return Option(card, hit.km, hit.topics, capacity, said, why)


def ways_for_carers(
    topics: Sequence[str], *, municipality: str, village: tuple[str, LatLon | None],
    actor: Actor, now: datetime,
) -> list[Card]:  # fmt: skip
    """Return what the social map has for who cares for somebody, near a village.

    The topics take turns, so that each is there: taking over the care, and talking about it.
    """
    kept = kept_for(municipality, on=now.date())
    each = []
    for topic in topics:
        found = answer(
            WORDS_OF.get(topic, ""), kept.index, where=Where(*village), chosen_topics=[topic],
            most=MOST_FOR_CARERS, thesaurus=kept.thesaurus,
        )  # fmt: skip
        each.append([hit.entry.id for hit in found.hits if topic in hit.topics])
    turns = dict.fromkeys(one for turn in zip_longest(*each) for one in turn if one)
    shown = cards(list(turns)[:MOST_FOR_CARERS], actor=actor, now=now)
    return [nearest(one, Where(*village)) for one in shown]
