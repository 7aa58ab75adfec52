"""Where somebody who works is reached, by mail or phone, as it is at this moment."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from omzien.areas.models import Municipality
from omzien.areas.queries import chosen
from omzien.people.kept import kept
from omzien.people.models import Membership, Person, Team
from omzien.people.models.closeness import close_ones
from omzien.people.models.organisations import MembershipQuerySet, TeamQuerySet
from omzien.people.queries.covering import stand_ins
from omzien.people.rules.roles import IN_A_TEAM, Actor, Role


def of_team(team: Team, *, on: date) -> list[str]:
    """Return the team's own mailbox, or else that of each person that works there now.

    A volunteer of a team does not work on its questions, and gets no mail about them.
    """
    if team.email:
        return [team.email.casefold()]
    return _sorted(vars(team).get("workers_read") or _of_team(team.pk, on))


def with_mailboxes(teams: TeamQuerySet, *, on: date) -> TeamQuerySet:
    """Return teams, each with what `of_team` asks of it: for a step that reads a team anyway."""
    return teams.annotate(workers_read=ArraySubquery(_in_team(OuterRef("pk"), on)))


def working_in(team: Team, *, on: date) -> set[str]:
    """Return every address by which a team reads mail now: its own, and of each who works there."""
    return {team.email.casefold(), *_sorted(_of_team(team.pk, on))} - {""}


def is_quiet(address: str, *, municipality: str) -> bool:
    """Tell whether who signs in with this address turned notices off: for all who share it. The
    mailbox of a team is of more than who signs in with it.
    """
    of_here = {"municipality": municipality, "email__iexact": address}
    quiet = Person.objects.filter(wants_notices=False, **of_here)
    return quiet.exists() and not Team.objects.filter(**of_here).exists()


def reads_mail(person: Person | None) -> bool:
    """Tell whether a notice by mail reaches somebody; who is not reached so is called."""
    if person is None or not person.email:
        return False
    return not is_quiet(person.email, municipality=person.municipality_id)


def of_coordinators(team: Team, *, on: date) -> list[str]:
    """Return the mailboxes of who coordinates a team now; maybe none."""
    return _sorted(_of_team(team.pk, on, role=Role.COORDINATOR))


def coordinator_to_call(team: Team, *, on: date) -> tuple[str, str]:
    """Return the name and number of somebody who coordinates a team today, or those of the team;
    both may be empty.
    """
    away = [key for key, stand_in in stand_ins(on=on).items() if stand_in is None]
    here = Membership.objects.at_work(on=on).filter(team=team, role=Role.COORDINATOR)
    found = here.exclude(pk__in=away).exclude(person__phone="").order_by("person__name", "pk")
    first = found.values_list("person__name", "person__phone").first()
    return first or (team.name, team.phone)


def whom_to_call(actor: Actor, *, on: date) -> tuple[str, str]:
    """Return the name and number that a volunteer calls: who coordinates the own team; else who
    coordinates a team of the own organisation; else the desk that takes what nobody else does, or
    the municipality itself. Both may be empty.
    """
    here = Team.objects.live().filter(municipality=actor.municipality)
    mine = here.filter(organisation=actor.organisation) if actor.organisation else here.none()
    own = [here.filter(pk=actor.team)] if actor.team else []
    for teams in (*own, mine.order_by("name", "pk"), here.filter(is_default=True)):
        for team in teams:
            name, phone = coordinator_to_call(team, on=on)
            if phone:
                return name, phone
    town = Municipality.objects.filter(pk=actor.municipality).first()
    return (town.name, chosen(town.pk, "contact_phone", "")) if town else ("", "")


def of_privacy_officers(municipality: str, *, on: date, about: Iterable[UUID] = ()) -> list[str]:
    """Return the mailboxes of who oversees privacy in a municipality (CBS code) now; nobody's who
    is close to whom it is `about`.
    """
    return _in_role(Role.PRIVACY_OFFICER, municipality, on, about)


def of_policy_officers(municipality: str, *, on: date, about: Iterable[UUID] = ()) -> list[str]:
    """Return the mailboxes of who decides on rules and terms in a municipality (CBS code) now;
    nobody's who is close to whom it is `about`.
    """
    return _in_role(Role.POLICY_OFFICER, municipality, on, about)


def of_functional_managers(municipality: str, *, on: date) -> list[str]:
    """Return the mailboxes of who keeps Omzien in a municipality (CBS code) now."""
    return _in_role(Role.FUNCTIONAL_MANAGER, municipality, on)


def named_in(role: Role, municipality: str, *, on: date, about: Iterable[UUID]) -> list[str]:
    """Return the names of who has a role in a municipality (CBS code) now, and is not close to
    whom something is `about`.
    """
    rows = _apart(role, municipality, about).at_work(on=on)
    return sorted(set(rows.values_list("person__name", flat=True)))


def _in_role(role: Role, municipality: str, on: date, about: Iterable[UUID] = ()) -> list[str]:
    return _sorted(_addresses(_apart(role, municipality, about), on))


def _apart(role: Role, municipality: str, about: Iterable[UUID]) -> MembershipQuerySet:
    rows = Membership.objects.filter(municipality=municipality, role=role)
    if not (persons := list(about)):
        return rows
    return rows.exclude(person__in=close_ones(rows.values_list("person", flat=True), persons))


def of_holder(holder: Membership | None, *, on: date) -> list[str]:
    """Return where the one who holds something is reached, or who stands in; maybe nowhere."""
    there = stand_ins(on=on).get(holder.pk, holder) if holder else None
    return _sorted(_addresses(Membership.objects.filter(pk=there.pk), on)) if there else []


@kept
def _of_team(team: UUID, on: date, *, role: Role | None = None) -> QuerySet[Membership, str]:
    return _in_team(team, on, role=role)


def _in_team(
    team: UUID | OuterRef, on: date, *, role: Role | None = None
) -> QuerySet[Membership, str]:
    roles = [role] if role else sorted(IN_A_TEAM)
    return _addresses(Membership.objects.filter(team=team, role__in=roles), on)


def _addresses(rows: MembershipQuerySet, on: date) -> QuerySet[Membership, str]:
    """Return the addresses of who is at work: what a mail says waits behind signing in."""
    reached = rows.at_work(on=on).exclude(person__email="").order_by()
    return reached.values_list("person__email", flat=True)


def _sorted(addresses: Iterable[str]) -> list[str]:
    return sorted({one.casefold() for one in addresses})
