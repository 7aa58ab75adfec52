"""The connector of each area, with cover: a village without a reachable one must be seen."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

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
    people who are all away ends with nobody. Two queries, however many villages.
    """
    away = stand_ins(on=on)
    found: dict[int, dict[UUID, Connector]] = {village: {} for village in villages}
    # Who is there for themselves comes first, so that nobody stands twice in a list.
    for row in sorted(_live(on), key=lambda row: row.pk in away):
        present = away.get(row.pk, row)
        if present is None or present.team is None:
            continue
        connector = _connector(present, row)
        for village in villages:
            if connector.is_reachable and _covers(row, village):
                found[village].setdefault(present.pk, connector)
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
    absent = set(Absence.objects.on(on).values_list("membership", flat=True))
    theirs = [row for row in _live(on) if row.pk in absent and _covers(row, village)]
    teams = Team.objects.live().filter(municipality=municipality, organisation=None)
    near = [team for team in teams if village in team.villages]
    desk = [team for team in teams if team.is_default]
    for team in [*(row.team for row in theirs), *near, *desk]:
        if team and (team.phone or team.email):
            break
    else:
        team = None
    names = [row.person.name for row in theirs]
    return Meanwhile(names, team.name, team.phone, team.email) if team else Meanwhile(names)


def without_connector(municipality: str, *, on: date) -> list[str]:
    """Return the names of the villages of a municipality (CBS code) that have none that day."""
    names = dict(Village.objects.filter(municipality=municipality).values_list("pk", "name"))
    found = connectors(list(names), on=on)
    return [names[village] for village, people in found.items() if not people]


def _covers(row: Membership, village: int) -> bool:
    covered = row.villages or (row.team.villages if row.team else [])
    return not covered or village in covered


@kept
def _live(on: date) -> QuerySet[Membership, Membership]:
    rows = Membership.objects.at_work(on=on).filter(role=Role.CONNECTOR, team__isnull=False)
    return rows.select_related("person", "team", "organisation").order_by("person__name")


def _connector(present: Membership, meant: Membership) -> Connector:
    person, team = present.person, present.team
    return Connector(
        membership=present.pk,
        name=person.name,
        phone=person.phone or (team.phone if team else ""),
        email=person.email or (team.email if team else ""),
        team=team.name if team else "",
        organisation=present.organisation.name,
        stands_in_for="" if present.pk == meant.pk else meant.person.name,
    )
