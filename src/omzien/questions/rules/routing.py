"""Which team gets a question. Total: every village, topic and moment leads to one team.

Rules stand in order and the first that fits wins. Where none fits, the area team of the
village takes it, and where a village has none, the default desk of the municipality.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
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
