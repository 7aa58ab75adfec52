"""A small world of help: three teams with people, a resident, and how a question is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.handovers.actions.offering import Offer, offer
from omzien.handovers.models import Handover
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.memberships import appoint, welcome_person
from omzien.people.actions.same import join_persons
from omzien.people.actions.starting import own_organisation
from omzien.people.actions.teams import form_team, found_organisation
from omzien.people.models import (
    Ground,
    Mandate,
    Membership,
    Organisation,
    Person,
    SamePerson,
    Team,
)
from omzien.people.queries.hats import actor_of
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.asking import Asked, Contact, ask
from omzien.questions.models import Question
from omzien.questions.rules.states import ReachBy
from tests.signing import account
from tests.worlds import TODAY

STORY = "Sinds mijn man weg is kom ik de deur niet meer uit."
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(day: date, hour: int = 10) -> datetime:
    """Return a moment on a day."""
    return datetime.combine(day, time(hour), AMSTERDAM)


# What is withdrawn or given carries the real moment, so that the tests begin a little after it,
# and on the same day: what starts "today" must hold now, also in the last hour before midnight.
NOW = min(
    timezone.now() + timedelta(hours=1),
    datetime.combine(timezone.localdate(), time.max, AMSTERDAM),
)


@dataclass
class Desk:
    """One team with somebody who works there and a coordinator."""

    team: Team
    worker: Membership
    coordinator: Membership

    @property
    def by(self) -> Actor:
        """Return the worker as an actor, looked up anew as a request does."""
        return as_actor(self.worker)

    @property
    def boss(self) -> Actor:
        """Return the coordinator as an actor."""
        return as_actor(self.coordinator)


@dataclass
class Town:
    """Area team A takes what comes from Schijndel; B is an area team, C a partner's desk."""

    municipality: Municipality
    village: Village
    a: Desk
    b: Desk
    c: Desk
    resident: Person
    desks: dict[str, Desk] = field(default_factory=dict)

    @property
    def me(self) -> Actor:
        """Return the resident as an actor."""
        return Actor(self.municipality.code, Role.RESIDENT, person=self.resident.pk)


def as_actor(membership: Membership) -> Actor:
    """Return who a membership lets somebody be."""
    found = actor_of(
        membership.person.account_id,
        f"membership:{membership.pk}",
        municipality=membership.municipality_id,
        is_strong=True,
        on=TODAY,
    )
    assert found is not None
    return found


def build(municipality: Municipality, village: Village) -> Town:
    """Build the town inside a transaction that works for the municipality."""
    own = own_organisation(municipality)
    partner = Organisation.objects.filter(sort_name="welzijn de kring").first()
    partner = partner or found_organisation(
        name="Welzijn De Kring", kind="partner", municipality=municipality.code, by=SYSTEM
    )
    form_team(municipality=municipality, name="Loket", is_default=True, by=SYSTEM)
    a = _desk(municipality, "Team A", None, own, Role.CONNECTOR, [village.pk])
    b = _desk(municipality, "Team B", None, own, Role.TEAM_MEMBER, [])
    c = _desk(municipality, "Bureau C", partner, partner, Role.PARTNER_WORKER, [])
    resident = welcome_person(
        municipality=municipality,
        name="Rina Roos",
        email=f"rina@{municipality.slug}.example",
        phone="06-5550 0001",
        account=account(f"rina@{municipality.slug}.example"),
        by=SYSTEM,
    )
    return Town(municipality, village, a, b, c, resident, {"A": a, "B": b, "C": c})


def _desk(
    municipality: Municipality,
    name: str,
    owner: Organisation | None,
    employer: Organisation,
    role: Role,
    villages: list[int],
) -> Desk:
    team = form_team(
        municipality=municipality, name=name, organisation=owner, villages=villages, by=SYSTEM
    )
    letter = name[-1]
    worker = a_member(municipality, f"Wim {letter}", employer, role, team)
    boss = a_member(municipality, f"Cor {letter}", employer, Role.COORDINATOR, team)
    return Desk(team, worker, boss)


def a_member(
    municipality: Municipality, name: str, employer: Organisation, role: Role, team: Team
) -> Membership:
    """Return somebody new who works for a team."""
    address = f"{name.replace(' ', '.').lower()}@{municipality.slug}.example"
    somebody = welcome_person(
        municipality=municipality, name=name, email=address, account=account(address), by=SYSTEM
    )
    return appoint(
        person=somebody, organisation=employer, role=role, team=team, starts_on=TODAY, by=SYSTEM
    )


def another_name(membership: Membership, team: Team) -> Membership:
    """Return a role in a team that somebody has by another name of the same account."""
    me = membership.person
    name = welcome_person(
        municipality=me.municipality, name="Tweede Naam", email=me.email, account=me.account,
        by=SYSTEM,
    )  # fmt: skip
    return appoint(
        person=name, organisation=own_organisation(me.municipality), role=Role.TEAM_MEMBER,
        team=team, starts_on=TODAY, by=SYSTEM,
    )  # fmt: skip


def asked(town: Town, **more: object) -> Asked:
    """Return what the resident asks, unless said otherwise."""
    fields = {
        "story": STORY,
        "village": town.village,
        "contact": Contact(name="Rina Roos", phone="06-5550 0001"),
        "reach_by": ReachBy.PHONE,
        "topics": ["loneliness"],
    }
    return Asked(**(fields | more))


def a_question(town: Town, *, now: datetime = NOW, **more: object) -> Question:
    """Return a question that the resident asked; it belongs to team A."""
    return ask(
        municipality=town.municipality,
        asked=asked(town, **more),
        person=town.resident,
        by=town.me,
        now=now,
    )


def consent(town: Town, desk: Desk, *, starts_on: date = TODAY, **more: object) -> Ground:
    """Return a ground: the resident lets a team know how to reach her, and her story."""
    terms = Terms(
        purpose="handover",
        categories=more.pop("categories", [Category.CONTACT, Category.STORY]),
        starts_on=starts_on,
        teams=[desk.team],
        **more,
    )
    return give_consent(person=town.resident, terms=terms, by=town.me)


WHAT = Offer(
    asked="Kan zij bij de dagbesteding terecht?",
    tried="Buurvrouw en huiskamer geprobeerd.",
    best_moment="'s ochtends na tien uur",
    resident_knows=True,
)


def an_offer(question: Question, desk: Desk, town: Town, *, now: datetime = NOW) -> Handover:
    """Return an open offer to a desk, from the owner of the question."""
    owner = next(one for one in town.desks.values() if one.team.pk == question.team_id)
    return offer(question=question, to_team=desk.team, offer=WHAT, by=owner.by, now=now)


def _mandate(resident: Person, proxy: Person) -> None:
    Mandate.objects.create(
        municipality_id=resident.municipality_id, resident=resident, proxy=proxy, what=["look"],
        starts_on=TODAY, confirmed_at=NOW,
    )  # fmt: skip


def _one_account(town: Town, me: Person) -> None:
    Person.objects.filter(pk=town.resident.pk).update(account=me.account_id)


def _by_another_name(me: Person) -> Person:
    """Return the private self of a worker: another person on the same account."""
    return Person.objects.create(
        municipality_id=me.municipality_id, name="Privé Persoon", account_id=me.account_id
    )


def _the_same(town: Town, me: Person) -> None:
    """Join a twin without an account, that is who asked, with the person of a worker."""
    Person.objects.filter(pk=town.resident.pk).update(account=None)
    town.resident.refresh_from_db()
    join_persons(person=me, other=town.resident, how=SamePerson.How.ASKED, by=SYSTEM, now=NOW)


def _joined_before(town: Town, me: Person) -> None:
    """Join the worker with who asked, before the worker had an account of their own."""
    Person.objects.filter(pk=me.pk).update(account=None)
    join_persons(person=town.resident, other=me, how=SamePerson.How.ASKED, by=SYSTEM, now=NOW)
    Person.objects.filter(pk=me.pk).update(account=me.account_id)


def _for_a_twin(town: Town, me: Person) -> None:
    """Let the worker speak for a twin, in the books, of who asked."""
    twin = Person.objects.create(municipality_id=me.municipality_id, name="Rina R.")
    join_persons(person=town.resident, other=twin, how=SamePerson.How.ASKED, by=SYSTEM, now=NOW)
    _mandate(twin, me)


# How a worker may be close to the resident of a question: then it is not theirs to work on.
CLOSE: dict[str, Callable[[Town, Person], None]] = {
    "themselves": lambda town, me: setattr(town, "resident", me),  # before they ask
    "one account": _one_account,
    "speaks for them": lambda town, me: _mandate(town.resident, me),
    "spoken for by them": lambda town, me: _mandate(me, town.resident),
    "speaks for them by another name": lambda town, me: _mandate(
        town.resident, _by_another_name(me)
    ),
    "spoken for by them by another name": lambda town, me: _mandate(
        _by_another_name(me), town.resident
    ),
    "the same person": _the_same,
    "the same person, by two accounts": _joined_before,
    "speaks for who is the same person": _for_a_twin,
}


def later(moment: datetime, **more: int) -> datetime:
    """Return a later moment."""
    return moment + timedelta(**more)
