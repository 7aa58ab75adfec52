"""The connector of each area, with cover: a village without a reachable one must be seen."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from omzien.areas.models import Village
from omzien.people.kept import kept
from omzien.people.models import Absence, Membership, Team
from omzien.people.queries.covering import stand_ins
from omzien.people.rules.roles import Role


@dataclass(frozen=True, slots=True)
class Connector:
    """Who listens in a village today. This is the work address, made to be public."""

    membership: UUID
    name: str
    phone: str
    email: str
    team: str
    organisation: str
    stands_in_for: str = ""

    @property
    def is_reachable(self) -> bool:
        """Tell whether a resident can call or write."""
        return bool(self.phone or self.email)


def connectors(villages: list[int], *, on: date) -> dict[int, list[Connector]]:
    """Return for each village (key) who is reachable as its connector on a day; maybe nobody.

    Somebody away is replaced by their cover, and by the cover of that cover; a circle of
    people who are all away ends with nobody. One query, and one more where somebody is away.
    """
    found: dict[int, dict[UUID, Connector]] = {village: {} for village in villages}
    rows = [row for row in _live(on) if any(_covers(row, village) for village in villages)]
    away = stand_ins(on=on) if any(row.is_away for row in rows) else {}
    # Who is there for themselves comes first, so that nobody stands twice in a list.
    for row in sorted(rows, key=lambda row: row.is_away):
        connector = _stand_in(away[row.pk], row) if row.is_away else _connector(row)
        for village in villages:
            if connector and connector.is_reachable and _covers(row, village):
                found[village].setdefault(connector.membership, connector)
    return {village: list(people.values()) for village, people in found.items()}


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Who is away in a village without a connector, and the team to call; both may be empty."""

    away: list[str]
    team: str = ""
    phone: str = ""
    email: str = ""


def meanwhile(village: int, *, municipality: str, on: date) -> Meanwhile:
    """Return what a village (key) without a reachable connector can be told: who is away, and the
    team of that person, of the village, or of the whole municipality.
    """
    theirs = [row for row in _live(on) if row.is_away and _covers(row, village)]
    teams = Team.objects.live().filter(municipality=municipality, organisation=None)
    near = [team for team in teams if village in team.villages]
    desk = [team for team in teams if team.is_default]
    names = [row.name for row in theirs]
    own = [(row.team, row.team_phone, row.team_email) for row in theirs]
    for name, phone, email in [*own, *((t.name, t.phone, t.email) for t in [*near, *desk])]:
        if phone or email:
            return Meanwhile(names, name, phone, email)
    return Meanwhile(names)


def without_connector(municipality: str, *, on: date) -> list[str]:
    """Return the names of the villages of a municipality (CBS code) that have none that day."""
    names = dict(Village.objects.filter(municipality=municipality).values_list("pk", "name"))
    found = connectors(list(names), on=on)
    return [names[village] for village, people in found.items() if not people]


class _Row(NamedTuple):
    """A connector at work, with the team: what a page needs, as one narrow row."""

    pk: UUID
    villages: list[int]
    name: str
    phone: str
    email: str
    team: str
    team_villages: list[int]
    team_phone: str
    team_email: str
    organisation: str
    is_away: bool


def _live(on: date) -> list[_Row]:
    return [_Row(*row) for row in _at_work(on)]


@kept
def _at_work(on: date) -> QuerySet[Membership, tuple[Any, ...]]:
    absent = Absence.objects.on(on).filter(membership=OuterRef("pk"))
    rows = Membership.objects.at_work(on=on).filter(role=Role.CONNECTOR, team__isnull=False)
    return rows.order_by("person__name", "pk").values_list(
        "pk", "villages", "person__name", "person__phone", "person__email", "team__name",
        "team__villages", "team__phone", "team__email", "organisation__name", Exists(absent),
    )  # fmt: skip


def _covers(row: _Row, village: int) -> bool:
    covered = row.villages or row.team_villages
    return not covered or village in covered


def _connector(row: _Row) -> Connector:
    return Connector(
        membership=row.pk,
        name=row.name,
        phone=row.phone or row.team_phone,
        email=row.email or row.team_email,
        team=row.team,
        organisation=row.organisation,
    )


def _stand_in(present: Membership | None, absent: _Row) -> Connector | None:
    if present is None or present.team is None:
        return None
    return Connector(
        membership=present.pk,
        name=present.person.name,
        phone=present.person.phone or present.team.phone,
        email=present.person.email or present.team.email,
        team=present.team.name,
        organisation=present.organisation.name,
        stands_in_for=absent.name,
    )
