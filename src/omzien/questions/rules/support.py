"""Kinds of support, and which of them a topic asks for: whom of one's own people to think of.

The four letters are those of the ecogram as Dutch social work draws it: P, G, A and E.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Support(StrEnum):
    """What somebody can be to another; the value is the letter on the map."""

    PRACTICAL = "P"
    COMPANY = "G"
    ADVICE = "A"
    EMOTIONAL = "E"


_TOPICS = {
    "P": "household-goods food-aid odd-jobs household-help home-adaptation baby childcare-play "
    "respite groceries meals transport falls personal-care aids repair energy-costs "
    "housing-search homelessness newcomer digital-skills family-support paperwork carer-support "
    "dementia chronic",
    "G": "loneliness meeting-place hobby nature companion buddy day-activity volunteering exercise "
    "faith-meaning lgbtqi youth-work newcomer dutch-language eating child-poverty livability "
    "start-initiative hearing-sight transport dementia low-mood grief autism-adhd lvb literacy",
    "A": "debt budgeting paperwork benefits job-search legal independent-support wmo complaint "
    "guardianship divorce parenting school online-safety neighbour-conflict housing-search "
    "digital-skills dutch-language literacy autism-adhd lvb start-initiative energy-costs "
    "addiction child-poverty repair family-support bullying volunteering",
    "E": "carer-support young-carer dementia end-of-life grief low-mood psychiatric addiction "
    "suicide divorce domestic-violence family-support bullying loneliness chronic parenting "
    "faith-meaning lgbtqi homelessness debt buddy",
}
BY_TOPIC: dict[str, frozenset[Support]] = {}
for _letter, _codes in _TOPICS.items():
    for _code in _codes.split():
        BY_TOPIC[_code] = BY_TOPIC.get(_code, frozenset()) | {Support(_letter)}
# A topic at which who cares for somebody is asked how they are holding up themselves.
CARERS = frozenset({"carer-support", "respite", "dementia", "end-of-life", "chronic"})
YOUNG_CARERS = frozenset({"young-carer"})


class OnTheMap(Protocol):
    """Somebody of a network, as far as the rules look."""

    @property
    def kinds(self) -> Sequence[str]:
        """Return the kinds of support, as letters."""

    @property
    def closeness(self) -> int:
        """Return the ring: 1 is the inner one."""

    @property
    def name(self) -> str:
        """Return the first name."""


@dataclass(frozen=True)
class Fit:
    """Somebody one could ask, and the kinds of support that fit."""

    tie: OnTheMap
    kinds: tuple[Support, ...]


def needed(topics: Iterable[str]) -> frozenset[Support]:
    """Return the kinds of support that topics ask for; all four where nothing is known."""
    found: frozenset[Support] = frozenset()
    for topic in topics:
        found |= BY_TOPIC.get(topic, frozenset())
    return found or frozenset(Support)


def who_fits(ties: Iterable[OnTheMap], topics: Iterable[str]) -> list[Fit]:
    """Return whom one could ask: most fitting kinds first, then who is closest."""
    wanted = needed(topics)
    fits = [Fit(one, tuple(kind for kind in Support if kind in wanted & set(one.kinds)))
            for one in ties]  # fmt: skip
    found = [fit for fit in fits if fit.kinds]
    return sorted(found, key=lambda fit: (-len(fit.kinds), fit.tie.closeness, fit.tie.name))
