"""Hats: the roles that one account may work in. One hat per session, never a union of rights."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.people.models import Mandate, Membership, Person
from omzien.people.rules.roles import Actor, Role, Scope, needs_second_factor


@dataclass(frozen=True, slots=True)
class Hat:
    """One way to be here. `key` is what a session remembers."""

    key: str  # "person:…", "membership:…" or "mandate:…"
    role: Role
    person_name: str
    organisation: str = ""
    team: str = ""
    for_whom: str = ""
    represents: UUID | None = None

    @property
    def needs_second_factor(self) -> bool:
        """Tell whether a code in the mail is not enough for this hat."""
        return needs_second_factor(self.role)

    @property
    def is_own_life(self) -> bool:
        """Tell whether nobody gave this hat: somebody is here for themselves."""
        return self.key.startswith("person:")


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


def works_elsewhere(account: UUID, *, than: Municipality, on: date) -> list[Municipality]:
    """Return the other municipalities in which an account has a role, and nothing of that role.

    The wall stays as it is: each municipality that is served here is asked by itself, and says
    yes or no. So it is asked at signing in and on the page of hats, not at every request.
    """
    others = Municipality.objects.exclude(pk=than.pk).exclude(host=None)
    return [one for one in others if _works_in(one, account, on)]


def _works_in(municipality: Municipality, account: UUID, on: date) -> bool:
    with working_for(municipality.code):
        return Membership.objects.live(on=on).filter(person__account=account).exists()


def hats_for_others(actor: Actor, *, on: date) -> list[Hat]:
    """Return in whose name somebody may be here too, who is here for their own life now."""
    if Scope.OWN not in actor.may("question.follow"):
        return []
    mandates = Mandate.objects.live(on=on).filter(proxy=actor.person)
    return list(map(_of_mandate, mandates.select_related("proxy", "resident")))


def whom(actor: Actor) -> str:
    """Return the name of whom a proxy speaks for; "" for who speaks for themselves."""
    if actor.represents is None:
        return ""
    return Person.objects.values_list("name", flat=True).get(pk=actor.represents)


def _of_membership(one: Membership) -> Hat:
    team = one.team.name if one.team else ""
    return Hat(f"membership:{one.pk}", Role(one.role), one.person.name, one.organisation.name, team)


def _of_mandate(one: Mandate) -> Hat:
    key, name = f"mandate:{one.pk}", one.resident.name
    return Hat(key, Role.PROXY, one.proxy.name, for_whom=name, represents=one.resident_id)


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
    return None if found and needs_second_factor(found.role) and not is_strong else found


def _resident(account: UUID, key: UUID, municipality: str, on: date) -> Actor | None:
    row = _row("person", account, key, on)
    return Actor(municipality, Role.RESIDENT, person=key) if row else None


def _member(account: UUID, key: UUID, municipality: str, on: date) -> Actor | None:
    row = _row("membership", account, key, on)
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
    row = _row("mandate", account, key, on)
    return Actor(municipality, Role.PROXY, person=row[0], represents=row[1]) if row else None


# Stand-ins for what each request asks after; no row has them.
_KEY, _ACCOUNT, _DAY = UUID(int=1), UUID(int=2), date(1, 1, 3)
_ROWS: dict[str, Callable[[], QuerySet[Any, Any]]] = {
    "person": lambda: Person.objects.filter(pk=_KEY, account=_ACCOUNT).values_list("pk"),
    "membership": lambda: (
        Membership.objects.live(on=_DAY)
        .filter(pk=_KEY, person__account=_ACCOUNT)
        .values_list("role", "person", "organisation", "team", "villages", "team__villages")
    ),
    "mandate": lambda: (
        Mandate.objects.live(on=_DAY)
        .filter(pk=_KEY, proxy__account=_ACCOUNT)
        .values_list("proxy", "resident")
    ),
}


def _row(kind: str, account: UUID, key: UUID, on: date) -> tuple[Any, ...] | None:
    """Return the row of a hat as it stands at this moment, or None."""
    statement, parameters = _statement(kind)
    now: dict[Any, Any] = {_KEY: key, _ACCOUNT: account, _DAY: on}
    with connection.cursor() as cursor:
        cursor.execute(statement, [now.get(one, one) for one in parameters])
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


@cache
def _statement(kind: str) -> tuple[str, tuple[Any, ...]]:
    """Return the text of a query. Writing it cost more than asking it, at every request."""
    statement, parameters = _ROWS[kind]().order_by().query.sql_with_params()
    return statement, tuple(parameters)
