"""A team that mediates, with a coordinator and volunteers, and two neighbours."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from omzien.areas.queries import forget
from omzien.mediation.actions.agreeing import say_yes_for, write_agreement
from omzien.mediation.actions.deciding import join, suit
from omzien.mediation.actions.mediators import accept, ask_mediators, keep_mediator
from omzien.mediation.actions.reporting import Neighbour, Report, report
from omzien.mediation.actions.talks import hold_talk
from omzien.mediation.models import Case, Party, Seat
from omzien.mediation.rules.states import Side, State, Subject
from omzien.people.actions.starting import own_organisation
from omzien.people.actions.teams import form_team
from omzien.people.models import Membership, Team
from omzien.people.rules.roles import PUBLIC, SYSTEM, Actor, Role
from tests.casework import NOW, Town, a_member, as_actor

WORDS = "De muziek staat elke nacht hard. Ik wil weer kunnen slapen."
FIRST = Neighbour(
    name="Rina Roos", street="Lindelaan 4", postcode="5481 AB", phone="06-5550 0001",
    email="rina@meierijstad.example",
)  # fmt: skip
SECOND = Neighbour(name="Otto Okker", street="Lindelaan 6", postcode="5481 AB")
OTHERS_MAIL = "otto@meierijstad.example"


@dataclass
class Mediation:
    """The team that mediates: a coordinator, and volunteers by their name."""

    town: Town
    team: Team
    coordinator: Membership
    volunteers: dict[str, Membership] = field(default_factory=dict)

    @property
    def boss(self) -> Actor:
        """Return the coordinator as an actor."""
        return as_actor(self.coordinator)

    def by(self, name: str) -> Actor:
        """Return a volunteer as an actor."""
        return as_actor(self.volunteers[name])

    def as_party(self, party: Party) -> Actor:
        """Return a neighbour as an actor."""
        return Actor(party.municipality_id, Role.RESIDENT, person=party.person_id)


def build(town: Town) -> Mediation:
    """Build the team inside a transaction that works for the municipality."""
    place, own = town.municipality, own_organisation(town.municipality)
    team = form_team(municipality=place, name="Buurtbemiddeling", by=SYSTEM)
    place.settings |= {"mediation_team": "buurtbemiddeling"}
    place.save()
    forget()
    boss = a_member(place, "Cor M", own, Role.COORDINATOR, team)
    found = Mediation(town, team, boss)
    homes = {
        "Eva Eik": ("Kerkstraat", "5466 AA", True),
        "Lea Laan": ("Molenweg", "5466 BB", False),
        "Els Elzen": ("Dorpsplein", "5467 CC", True),
        "Bas Buur": ("Lindelaan", "5481 AC", True),  # in the street of both
        "Pim Post": ("Achterom", "5481 AB", False),  # round the corner, same postcode
    }
    for name, (street, postcode, is_experienced) in homes.items():
        volunteer = a_member(place, name, own, Role.VOLUNTEER, team)
        keep_mediator(
            membership=volunteer, street=street, postcode=postcode,
            is_experienced=is_experienced, by=found.boss,
        )  # fmt: skip
        found.volunteers[name] = volunteer
    return found


def a_report(town: Town, **more: object) -> Report:
    """Return what a neighbour reports, unless said otherwise."""
    fields = {
        "village": town.village, "subject": Subject.NOISE, "words": WORDS,
        "first": FIRST, "second": SECOND, "key": uuid4(),
    }  # fmt: skip
    return Report(**(fields | more))


def a_case(
    here: Mediation, *, by: Actor | None = None, now: datetime = NOW, **more: object
) -> Case:
    """Return a new case: the resident reported it."""
    return report(
        municipality=here.town.municipality,
        report=a_report(here.town, **more),
        by=by or here.town.me,
        now=now,
    )


def day(moment: datetime) -> date:
    """Return the Dutch day of a moment."""
    return timezone.localdate(moment)


def suited(here: Mediation, case: Case, *, now: datetime = NOW) -> None:
    """Let the intake be held."""
    suit(case=case, met_on=day(now), by=here.boss, now=now)


def seated(here: Mediation, case: Case, *names: str, now: datetime = NOW) -> list[Seat]:
    """Let two volunteers say yes."""
    chosen = names or ("Eva Eik", "Lea Laan")
    seats = ask_mediators(
        case=case, memberships=[here.volunteers[one].pk for one in chosen], by=here.boss, now=now
    )
    for name, seat in zip(chosen, seats, strict=True):
        accept(seat=seat, knows_nobody=True, by=here.by(name), now=now)
    return seats


def party(case: Case, side: Side) -> Party:
    """Return the file of one side."""
    return Party.objects.select_related("case").get(case=case, side=side)


def up_to(here: Mediation, state: State, *, now: datetime = NOW, **more: object) -> Case:
    """Return a case that came to a state by the steps of people."""
    case = a_case(here, now=now, **more)
    steps = {
        State.CHOOSING: lambda: suited(here, case, now=now),
        State.FIRST_TALK: lambda: seated(here, case, now=now),
        State.INVITING: lambda: hold_talk(case=case, name="talk-first", by=here.boss, now=now),
        State.SECOND_TALK: lambda: join(
            case=case, was_told=True, email=OTHERS_MAIL, phone="06-5550 0002", by=here.boss, now=now
        ),
        State.JOINT: lambda: hold_talk(case=case, name="talk-second", by=here.boss, now=now),
        State.AGREEING: lambda: hold_talk(case=case, name="talk-joint", by=here.boss, now=now),
        State.AFTERCARE: lambda: agreed(here, case, now=now),
    }
    for reached, do in steps.items():
        if case.state == state:
            break
        do()
        case.refresh_from_db()
        assert case.state == reached
    return case


def agreed(here: Mediation, case: Case, *, now: datetime = NOW) -> None:
    """Let both say yes to some words."""
    write_agreement(case=case, words="Na elf uur gaat de muziek uit.", by=here.boss, now=now)
    for side in Side:
        say_yes_for(case=case, side=side, by=here.boss, now=now)


def later(moment: datetime, **more: int) -> datetime:
    """Return a later moment."""
    return moment + timedelta(**more)


VISITOR = PUBLIC
