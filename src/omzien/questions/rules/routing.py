"""Which team gets a question. Total: every village, topic and moment leads to one team.

Rules stand in order and the first that fits wins. Where none fits, the area team of the
village takes it, and where a village has none, the default desk of the municipality. Rules and
area teams of which nobody reads are left out before (`queries/routing.py`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import product
from uuid import UUID


@dataclass(frozen=True)
class Rule:
    """One rule; an empty set fits everything. Days: 1 is Monday. A span past midnight fits."""

    team: UUID
    villages: frozenset[int] = frozenset()
    topics: frozenset[str] = frozenset()
    days: frozenset[int] = frozenset()
    starts: time | None = None
    ends: time | None = None

    def fits_moment(self, at: datetime) -> bool:
        """Tell whether the rule works on the day and time of `at` (local time)."""
        if self.days and at.isoweekday() not in self.days:
            return False
        if self.starts is None or self.ends is None:
            return True
        now = at.time()
        if self.starts <= self.ends:
            return self.starts <= now < self.ends
        return now >= self.starts or now < self.ends

    @property
    def has_moment(self) -> bool:
        """Tell whether it works on some days or hours only."""
        return bool(self.days) or self.starts is not None

    @property
    def narrowness(self) -> tuple[bool, bool, int, bool, int]:
        """Return how precise the rule is; higher is narrower. A moment counts most, then topics."""
        topics, villages = len(self.topics), len(self.villages)
        return (self.has_moment, topics > 0, -topics, villages > 0, -villages)

    def meets(self, other: "Rule") -> bool:
        """Tell whether some question, at some moment, fits both rules."""
        here = not self.villages or not other.villages or self.villages & other.villages
        about = not self.topics or not other.topics or self.topics & other.topics
        return bool(here and about)


@dataclass(frozen=True)
class Routes:
    """The routes of one municipality. `default` is the desk that takes what nobody else does."""

    default: UUID
    rules: tuple[Rule, ...] = ()
    area_teams: Mapping[int, UUID] = field(default_factory=dict)
    _by_village: dict[int, tuple[tuple[int, Rule], ...]] = field(
        default_factory=dict, compare=False
    )

    def team_for(self, village: int, topics: Iterable[str], at: datetime) -> UUID:
        """Return the team for a question; `at` in local time."""
        return self.team_at(self.place_of(village, topics, at), village)

    def place_of(self, village: int, topics: Iterable[str], at: datetime) -> int:
        """Return the place of the rule that a question follows; past the last when none fits."""
        rules = self._by_village.get(village)
        if rules is None:
            fitting = (
                (place, one)
                for place, one in enumerate(self.rules)
                if not one.villages or village in one.villages
            )
            rules = self._by_village[village] = tuple(fitting)
        wanted = frozenset(topics)
        for place, rule in rules:
            if (not rule.topics or rule.topics & wanted) and rule.fits_moment(at):
                return place
        return len(self.rules)

    def team_at(self, place: int, village: int) -> UUID:
        """Return the team to which the rule at a place leads a question from a village."""
        if place < len(self.rules):
            return self.rules[place].team
        return self.area_teams.get(village, self.default)

    def takers(self, village: int, topic: str) -> set[UUID]:
        """Return the teams that get questions about one topic, "" for none, at any moment."""
        found = set()
        for rule in self.rules:
            here = not rule.villages or village in rule.villages
            if here and (not rule.topics or topic in rule.topics):
                found.add(rule.team)
                if not rule.has_moment:
                    return found
        return found | {self.area_teams.get(village, self.default)}

    def changes_nothing(self, new: Rule) -> bool:
        """Tell whether all that a rule without a moment is for goes to its team already."""
        topics = new.topics or {"", *(one for rule in self.rules for one in rule.topics)}
        return all(self.takers(v, topic) == {new.team} for v in new.villages for topic in topics)


def place_for(new: Rule, rules: Iterable[Rule]) -> int | None:
    """Return the index of the rule above which a new one works: the first that takes some of its
    questions and is no narrower. None: it may stand last.
    """
    for index, one in enumerate(rules):
        if one.meets(new) and one.narrowness <= new.narrowness:
            return index
    return None


@dataclass(frozen=True)
class Shift:
    """The teams that get questions by other routes which went elsewhere, and that lose them."""

    gets: frozenset[UUID]
    loses: frozenset[UUID]


def shift(before: Routes, after: Routes, villages: Iterable[int]) -> Shift:
    """Return who gets and who loses questions, about any topics and at any moment.

    A question about more topics follows the first of the rules that each of these follows. So
    the places of single topics tell all, and two topics at a time are enough.
    """
    rules = (*before.rules, *after.rules)
    named = {"", *(topic for rule in rules for topic in rule.topics)}
    gets, loses = set(), set()
    for village, at in product(villages, _moments(rules)):
        places = {
            (before.place_of(village, {topic}, at), after.place_of(village, {topic}, at))
            for topic in named
        }
        for was, now in {(min(a, c), min(b, d)) for (a, b), (c, d) in product(places, places)}:
            teams = before.team_at(was, village), after.team_at(now, village)
            if teams[0] != teams[1]:
                loses.add(teams[0])
                gets.add(teams[1])
    return Shift(frozenset(gets), frozenset(loses))


def _moments(rules: Iterable[Rule]) -> list[datetime]:
    """Return a moment of each stretch in a week within which no rule begins or stops to fit."""
    spans = [rule for rule in rules if rule.starts is not None]
    times = {time.min, *(one for rule in spans for one in (rule.starts, rule.ends) if one)}
    days = range(1, 8) if any(rule.days for rule in rules) else (1,)
    return [datetime.combine(date(2024, 1, day), one) for day, one in product(days, times)]
