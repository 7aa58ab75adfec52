"""Which volunteers can mediate in a case, why others cannot, and who go well together."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from omzien.mediation.models import Case, Mediator, Seat
from omzien.mediation.rules.conflicts import Conflict, Home, conflicts, pair
from omzien.mediation.rules.states import OPEN_SEAT, BackReason
from omzien.people.models import Membership
from omzien.people.models.closeness import close_ones
from omzien.people.rules.roles import Role


@dataclass(frozen=True)
class Candidate:
    """A volunteer of the team, and whether they can be asked for a case."""

    membership: UUID
    name: str
    is_experienced: bool
    cases: int
    conflicts: tuple[Conflict, ...]
    is_suggested: bool


def candidates(case: Case, *, on: date) -> list[Candidate]:
    """Return the volunteers of the team: who can be asked first, the suggested pair on top."""
    found = conflicts_of(case, on=on)
    rows = list(_volunteers(case, on=on))
    seated = dict(
        case.seats.open().values_list("membership", "membership__mediator__is_experienced")
    )
    free = [
        (one.pk, _is_experienced(one), one.cases)  # type: ignore[attr-defined]  # annotated
        for one in rows
        if not found[one.pk] and one.pk not in seated
    ]
    suggested = pair(free, [bool(one) for one in seated.values()])
    made = [
        Candidate(
            one.pk,
            one.person.name,
            _is_experienced(one),
            one.cases,  # type: ignore[attr-defined]  # annotated
            tuple(found[one.pk]),
            one.pk in suggested,
        )
        for one in rows
        if one.pk not in seated
    ]
    return sorted(made, key=lambda one: (bool(one.conflicts), not one.is_suggested, one.name))


def conflicts_of(case: Case, *, on: date) -> dict[UUID, list[Conflict]]:
    """Return, for each volunteer of the team, why they cannot mediate in a case."""
    there = list(case.parties.all())
    parties = [Home(one.street, one.postcode) for one in there]
    knows = Seat.objects.filter(case=case, reason=BackReason.KNOWS)
    said_no = set(knows.values_list("person", flat=True))
    volunteers = _volunteers(case, on=on)
    near = close_ones(
        (one.person_id for one in volunteers), (one.person_id for one in there if one.person_id)
    )
    found = {}
    for one in volunteers:
        home = getattr(one, "mediator", None) or Mediator(street="", postcode="")
        where = Home(home.street, home.postcode)
        is_close, no = one.person_id in near, one.person_id in said_no
        found[one.pk] = conflicts(where, parties, is_close=is_close, said_no=no)
    return found


def _volunteers(case: Case, *, on: date) -> list[Membership]:
    open_ = Count("mediation_seats", filter=Q(mediation_seats__state__in=OPEN_SEAT))
    rows = Membership.objects.at_work(on=on).filter(team=case.team_id, role=Role.VOLUNTEER)
    return list(rows.select_related("person", "mediator").annotate(cases=open_))


def _is_experienced(one: Membership) -> bool:
    mediator = getattr(one, "mediator", None)
    return bool(mediator and mediator.is_experienced)
