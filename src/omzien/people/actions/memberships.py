"""Persons and their roles: appoint, end, be away."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.actions import record
from omzien.kernel.text import one_line
from omzien.people.ledger_file import note_ended
from omzien.people.models import Absence, Account, Membership, Organisation, Person, Team
from omzien.people.models.closeness import selves
from omzien.people.queries.broken_roles import broken_rule
from omzien.people.refusals import (
    AccountClosed,
    AlreadyAway,
    AlreadyEnded,
    AlreadyHas,
    CannotCover,
    CoverIsAway,
    NeedsTeam,
    NotAllowed,
    NotIndependent,
    WrongDates,
    WrongTeam,
)
from omzien.people.rules.roles import (
    GIVEN_BY_A_TEAM,
    IN_A_TEAM,
    Actor,
    Role,
    Scope,
    excluded_by,
    may_cover,
)


@transaction.atomic
def welcome_person(
    *,
    municipality: Municipality,
    name: str,
    by: Actor,
    email: str = "",
    phone: str = "",
    account: Account | None = None,
) -> Person:
    """Make somebody known in a municipality; with an account they can sign in."""
    name = one_line(name, 120)
    person = Person.objects.create(
        municipality=municipality,
        account=account,
        name=name,
        first_name=name.split(" ")[0][:60] if name else "",
        email=email.strip().casefold(),
        phone=phone.strip(),
    )
    _record("welcome", "person", person.pk, by, municipality.code)
    return person


@transaction.atomic
def appoint_newcomer(
    *,
    municipality: Municipality,
    name: str,
    email: str,
    phone: str,
    by: Actor,
    **role: Any,
) -> Membership:
    """Welcome somebody and give a role, or do neither. Takes and raises what `appoint` does."""
    person = welcome_person(municipality=municipality, name=name, email=email, phone=phone, by=by)
    return appoint(person=person, by=by, **role)


@transaction.atomic
def appoint(
    *,
    person: Person,
    organisation: Organisation,
    role: Role,
    starts_on: date,
    by: Actor,
    team: Team | None = None,
    villages: Iterable[int] = (),
    ends_on: date | None = None,
    from_groups: bool = False,
) -> Membership:
    """Give somebody a role for an organisation.

    Raises NotAllowed, HasEnded, HasNoTeam, NotOwnOrganisation, NeedsTeam, WrongTeam, WrongDates,
    NotIndependent, AccountClosed, AlreadyHas.
    """
    _may_give(by, role, team, person)
    if person.account_id and Account.objects.filter(pk=person.account_id, is_active=False).exists():
        raise AccountClosed
    villages = sorted(set(villages))
    if not by.may_all("membership.manage"):
        _may_place(by, organisation, team, villages)
    if role in IN_A_TEAM and team is None:
        raise NeedsTeam
    organisation = held_open(organisation)
    if rule := broken_rule(role, organisation, team, person.municipality):
        raise rule
    if ends_on and ends_on < starts_on:
        raise WrongDates
    _stays_independent(person, role)
    if team is not None and not held_live(team.pk):
        raise WrongTeam
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                municipality_id=person.municipality_id,
                person=person,
                organisation=organisation,
                team=team,
                role=role,
                villages=villages,
                starts_on=starts_on,
                ends_on=ends_on,
                from_groups=from_groups,
            )
    except IntegrityError:
        raise AlreadyHas from None
    _record("appoint", "membership", membership.pk, by, person.municipality_id, role=role.value)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: Actor) -> Membership:
    """Take a role away; it is gone at the next request of that person.

    Raises NotAllowed, AlreadyEnded.
    """
    locked = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    _may_give(by, Role(locked.role), locked.team, locked.person)
    if locked.ended_at:
        raise AlreadyEnded
    end_now(membership=locked, by=by)
    return locked


def end_now(*, membership: Membership, by: Actor) -> None:
    """End a membership inside the caller's transaction, which has asked whether `by` may."""
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    note_ended("role", membership.pk, membership.municipality_id)
    Absence.objects.filter(cover=membership, last_on__gte=timezone.localdate()).update(cover=None)
    _record(
        "end", "membership", membership.pk, by, membership.municipality_id, role=membership.role
    )


@transaction.atomic
def be_away(
    *,
    membership: Membership,
    first_on: date,
    last_on: date,
    by: Actor,
    cover: Membership | None = None,
) -> Absence:
    """Record that somebody is away in one role, and who takes over.

    Nobody to take over is allowed: the area then shows as one without a connector.
    Raises NotAllowed, WrongDates, AlreadyAway, CannotCover, CoverIsAway.
    """
    # The row is locked, so that two absences of one person cannot both find the period free.
    locked = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if not may_record_absence(by, locked):
        raise NotAllowed
    if last_on < first_on:
        raise WrongDates
    if locked.absences.filter(first_on__lte=last_on, last_on__gte=first_on).exists():
        raise AlreadyAway
    if cover is not None:
        _may_cover(cover, locked, first_on, last_on)
    absence = Absence.objects.create(
        municipality_id=locked.municipality_id,
        membership=locked,
        cover=cover,
        first_on=first_on,
        last_on=last_on,
    )
    _record("be-away", "membership", locked.pk, by, locked.municipality_id)
    return absence


@transaction.atomic
def name_cover(*, absence: Absence, cover: Membership, by: Actor) -> Absence:
    """Say who takes over from somebody whose absence is known already.

    Raises NotAllowed, CannotCover, CoverIsAway.
    """
    away = Membership.objects.select_for_update(of=("self",)).get(pk=absence.membership_id)
    if not may_record_absence(by, away):
        raise NotAllowed
    _may_cover(cover, away, absence.first_on, absence.last_on)
    absence.cover = cover
    absence.save(update_fields=["cover"])
    _record("name-cover", "membership", away.pk, by, absence.municipality_id)
    return absence


@transaction.atomic
def be_back(*, absence: Absence, by: Actor) -> None:
    """Take an absence back. Raises NotAllowed."""
    if not may_record_absence(by, absence.membership):
        raise NotAllowed
    _record("be-back", "membership", absence.membership_id, by, absence.municipality_id)
    absence.delete()


def may_give(by: Actor, role: Role, team: Team | None) -> bool:
    """Tell whether `by` may give or end this role in this team."""
    reach = by.may("membership.manage")
    if Scope.ALL in reach:
        return True
    is_own_team = team is not None and team.pk == by.team
    return Scope.TEAM in reach and is_own_team and role in GIVEN_BY_A_TEAM


def held_live(team: UUID) -> bool:
    """Hold a team as it is until the transaction ends; tell whether it works.

    What comes to a team asks this before it is stored. Much holds one team at the same time; who
    archives it waits for all that, or it for them, and then looks for another team.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM people_team WHERE id = %s AND archived_at IS NULL FOR SHARE", [team]
        )
        return cursor.fetchone() is not None


def held_open(organisation: Organisation) -> Organisation:
    """Return an organisation as it is now, and let it not end before this transaction does."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _may_give(by: Actor, role: Role, team: Team | None, person: Person) -> None:
    # Nobody gives or takes their own roles: four eyes on every right (BIO2 5.18).
    if _is_self(by, person) or not may_give(by, role, team):
        raise NotAllowed


def _stays_independent(person: Person, role: Role) -> None:
    """Keep the privacy officer out of the work that they oversee, by whichever name."""
    clash = excluded_by(role)
    if not clash:
        return
    # The row is locked, so that two roles given at once cannot both find the other away.
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    held = Membership.objects.unended(on=timezone.localdate()).filter(selves(person.pk))
    if held.filter(role__in=sorted(clash)).exists():
        raise NotIndependent


def _is_self(by: Actor, person: Person) -> bool:
    """Tell whether giving to `person` is giving to oneself, by another name or address too."""
    if by.person is None:
        return False
    mine = Person.objects.filter(selves(by.person, "pk")).select_related("account")
    return any(me == person or _addresses(me) & _addresses(person) for me in mine)


def _addresses(person: Person) -> set[str]:
    known = {person.email, person.account.email if person.account else ""}
    return {one.casefold() for one in known if one}


def _may_place(
    by: Actor, organisation: Organisation, team: Team | None, villages: list[int]
) -> None:
    # A role in the own team must not reach past it, by another organisation or other villages.
    outside = team is None or (team.villages and set(villages) - set(team.villages))
    if outside or not Organisation.objects.given_by(by).filter(pk=organisation.pk).exists():
        raise NotAllowed


def may_record_absence(by: Actor, membership: Membership) -> bool:
    """Tell whether `by` may say that somebody is away, and take that back."""
    reach = by.may("absence.record")
    team = Scope.TEAM in reach and membership.team_id is not None and membership.team_id == by.team
    return Scope.ALL in reach or team or membership.person_id == by.person


def _may_cover(cover: Membership, away: Membership, first_on: date, last_on: date) -> None:
    if not may_cover(Role(away.role), Role(cover.role)):
        raise CannotCover
    live = Membership.objects.at_work(on=first_on).live(on=last_on)
    if not live.filter(pk=cover.pk).exclude(selves(away.person_id)).exists():
        raise CoverIsAway
    if cover.absences.filter(first_on__lte=last_on, last_on__gte=first_on).exists():
        raise CoverIsAway


def _record(
    verb: str, subject: str, subject_id: object, by: Actor, code: str, **details: str
) -> None:
    record(
        verb=verb, subject=subject, subject_id=subject_id, by=by.key, municipality=code, **details
    )
