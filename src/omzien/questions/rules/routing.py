"""Which team gets a question. Total: every village, topic and moment leads to one team.

Rules stand in order and the first that fits wins. Where none fits, the area team of the
village takes it, and where a village has none, the default desk of the municipality.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import product, takewhile
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
    _by_village: dict[int, tuple[Rule, ...]] = field(default_factory=dict, compare=False)

    def team_for(self, village: int, topics: Iterable[str], at: datetime) -> UUID:
        """Return the team for a question; `at` in local time."""
        rules = self._by_village.get(village)
        if rules is None:
            fitting = (one for one in self.rules if not one.villages or village in one.villages)
            rules = self._by_village[village] = tuple(fitting)
        wanted = frozenset(topics)
        for rule in rules:
            if (not rule.topics or rule.topics & wanted) and rule.fits_moment(at):
                return rule.team
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

    Only a question that fits a rule which was added, removed or moved can go elsewhere. Two
    topics are enough: of more, two lead to the rules that win before and after.
    """
    changed = _between(before.rules, after.rules)
    rules = (*before.rules, *after.rules)
    named = {topic for rule in rules for topic in rule.topics}
    first = {topic for rule in changed for topic in rule.topics}
    if any(not rule.topics for rule in changed):
        first |= {"", *named}
    subjects = {frozenset({one, other} - {""}) for one, other in product(first, {"", *named})}
    moments = _moments(rules)
    gets, loses = set(), set()
    for village in villages:
        if not any(not rule.villages or village in rule.villages for rule in changed):
            continue
        for topics, at in product(subjects, moments):
            was, now = (one.team_for(village, topics, at) for one in (before, after))
            if was != now:
                loses.add(was)
                gets.add(now)
    return Shift(frozenset(gets), frozenset(loses))


def _between(before: tuple[Rule, ...], after: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules of both between what is the same at the start and at the end."""
    head = _same(before, after)
    tail = _same(before[head:][::-1], after[head:][::-1])
    return before[head : len(before) - tail] + after[head : len(after) - tail]


def _same(one: tuple[Rule, ...], other: tuple[Rule, ...]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _moments(rules: Iterable[Rule]) -> list[datetime]:
    """Return a moment of each stretch in a week within which no rule begins or stops to fit."""
    spans = [rule for rule in rules if rule.starts is not None]
    times = {time.min, *(one for rule in spans for one in (rule.starts, rule.ends) if one)}
    days = range(1, 8) if any(rule.days for rule in rules) else (1,)
    return [datetime.combine(date(2024, 1, day), one) for day, one in product(days, times)]
