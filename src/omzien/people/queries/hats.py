"""Hats: the roles that one account may work in. One hat per session, never a union of rights."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from omzien.people.models import Mandate, Membership, Person
from omzien.people.rules.roles import STRONG, Actor, Role


@dataclass(frozen=True, slots=True)
class Hat:
    """One way to be here. `key` is what a session remembers."""

    key: str  # "person:…", "membership:…" or "mandate:…"
    role: Role
    person_name: str
    organisation: str = ""
    team: str = ""
    for_whom: str = ""

    @property
    def needs_second_factor(self) -> bool:
        """Tell whether a code in the mail is not enough for this hat."""
        return self.role in STRONG


def hats_of(account: UUID, *, on: date) -> list[Hat]:
    """Return the hats of an account in the municipality of this transaction, own life first."""
    persons = Person.objects.filter(account=account)
    memberships = Membership.objects.live(on=on).filter(person__account=account)
    mandates = Mandate.objects.live(on=on).filter(proxy__account=account)
    return [
        *(Hat(f"person:{one.pk}", Role.RESIDENT, one.name) for one in persons),
        *map(_of_membership, memberships.select_related("person", "organisation", "team")),
        *map(_of_mandate, mandates.select_related("proxy", "resident")),
    ]


def _of_membership(one: Membership) -> Hat:
    team = one.team.name if one.team else ""
    return Hat(f"membership:{one.pk}", Role(one.role), one.person.name, one.organisation.name, team)


def _of_mandate(one: Mandate) -> Hat:
    return Hat(f"mandate:{one.pk}", Role.PROXY, one.proxy.name, for_whom=one.resident.name)


def actor_of(
    account: UUID, hat: str, *, municipality: str, is_strong: bool, on: date
) -> Actor | None:
    """Return who an account is under a hat, in one query; None when the hat is not theirs.

    Asked at every request, so that what is taken away is gone at the next one (ASVS 8.3.2).
    `is_strong`: signed in with a second factor or municipal sign-on.
    """
    kind, _, key = hat.partition(":")
    try:
        identity = UUID(key)
    except ValueError:
        return None
    finder = {"person": _resident, "membership": _member, "mandate": _proxy}.get(kind)
    found = finder(account, identity, municipality, on) if finder else None
    return None if found and found.role in STRONG and not is_strong else found


def _resident(account: UUID, key: UUID, municipality: str, on: date) -> Actor | None:
    if not Person.objects.filter(pk=key, account=account).exists():
        return None
    return Actor(municipality, Role.RESIDENT, person=key)


def _member(account: UUID, key: UUID, municipality: str, on: date) -> Actor | None:
    row = (
        Membership.objects.live(on=on)
        .filter(pk=key, person__account=account)
        .values_list("role", "person", "organisation", "team", "villages", "team__villages")
        .first()
    )
    if row is None:
        return None
    role, person, organisation, team, villages, team_villages = row
    return Actor(
        municipality,
        Role(role),
        person=person,
        membership=key,
        organisation=organisation,
        team=team,
        villages=frozenset(villages or team_villages or ()),
    )


def _proxy(account: UUID, key: UUID, municipality: str, on: date) -> Actor | None:
    row = (
        Mandate.objects.live(on=on)
        .filter(pk=key, proxy__account=account)
        .values_list("proxy", "resident")
        .first()
    )
    return Actor(municipality, Role.PROXY, person=row[0], represents=row[1]) if row else None
