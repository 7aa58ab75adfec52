"""A wider world for the wall: each role twice in one town, once elsewhere, and something of each.

`own` is what belongs to the team or the organisation of who looks, `other` to another team of
the same municipality, `elsewhere` to another municipality. `colleague` is of the own organisation
and another team.
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.choices.actions import change_settings
from omzien.directory.actions.edits import propose_edit
from omzien.directory.actions.importing.files import keep_file, work_on
from omzien.directory.actions.reports import report_wrong
from omzien.directory.actions.thesaurus import add_words
from omzien.directory.models import Edit, Provider, Report, Service, Synonym
from omzien.handovers.models import Consult, Handover, Meeting
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from omzien.mediation.models import Agreement, Case, Mediator, Party, Seat, Talk
from omzien.messages.models import Message
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.memberships import be_away
from omzien.people.actions.reviews import open_due_reviews
from omzien.people.actions.sessions import close_account
from omzien.people.actions.teams import form_team, found_organisation
from omzien.people.models import (
    Batch,
    Hold,
    Mandate,
    Membership,
    Organisation,
    Person,
    ReviewLine,
    Team,
)
from omzien.people.rules.roles import IN_A_TEAM, MUNICIPAL, SYSTEM, WITHOUT_MEMBERSHIP, Actor, Role
from omzien.questions.actions.network import share_network
from omzien.questions.actions.routes import add_route
from omzien.questions.actions.talking import File, Said, say
from omzien.questions.actions.texts import write_text
from omzien.questions.models import (
    AftercareAnswer,
    BreakGlass,
    Discussion,
    EarlySignal,
    Objection,
    Question,
    RouteProposal,
    SavedFilter,
    Signal,
    Task,
)
from omzien.questions.rules.references import new_reference
from omzien.questions.rules.states import State
from tests.signing import member, person
from tests.worlds import TODAY, World, a_service

SIDES = ("own", "other", "elsewhere")
# What a mandate lets somebody do, by the name of who has it.
MANDATES = {
    "acts": ["look", "talk", "act", "receive"],
    "looks": ["look"],
    "receives": ["receive"],
}


@dataclass
class Side:
    """One team with its organisation, its people and its things."""

    municipality: Municipality
    organisation: Organisation
    team: Team
    people: dict[Role, Membership] = field(default_factory=dict)
    resident: Person | None = None
    proxies: dict[str, Mandate] = field(default_factory=dict)
    """Who speaks for the resident, by what they may do: a key of `MANDATES`."""
    things: dict[str, object] = field(default_factory=dict)


def build(world: World, *, is_wide: bool = False) -> dict[str, Side]:
    """Return the three sides of the town; a wide one has a colleague's team and proxies too."""
    towns = {
        "own": (world.meierijstad, world.huiskamer),
        "other": (world.meierijstad, world.geldzaken),
        "elsewhere": (world.maashorst, world.udense_koffie),
    }
    sides = {name: _side(name, *town) for name, town in towns.items()}
    if is_wide:
        _widen(sides, world)
    for municipality in (world.meierijstad, world.maashorst):
        open_due_reviews(municipality=municipality, on=TODAY)
        ours = "own" if municipality == world.meierijstad else "elsewhere"
        chosen = {"contact_phone": "14 0413", "mediation_team": f"Team {ours}"}
        with working_for(municipality.code):
            change_settings(municipality=municipality, raw=chosen, by=SYSTEM)
    for side in sides.values():
        with working_for(side.municipality.code):
            worker = side.people[Role.TEAM_MEMBER]
            side.things["answer-review"] = ReviewLine.objects.get(
                membership=worker, review__kind="yearly"
            ).pk
    return sides


def _widen(sides: dict[str, Side], world: World) -> None:
    """Bring into the town a team beside the own, and who speaks for each resident."""
    with working_for(world.meierijstad.code):
        coffee = a_service(
            world.meierijstad, "Koffie om tien uur", "Koffieploeg", "informal", "Koffie met buren.",
            Rung.COMMUNITY, ["loneliness"], world.veghel,
        )  # fmt: skip
    sides["colleague"] = _side("colleague", world.meierijstad, coffee, sides["own"].organisation)
    for side in sides.values():
        with working_for(side.municipality.code):
            side.proxies = {
                one: Mandate.objects.create(
                    municipality=side.municipality, resident=side.resident, what=what,
                    proxy=person(side.municipality, f"{one.title()}-{side.team.name[5:]} Mol"),
                    starts_on=TODAY, confirmed_at="2026-11-25T10:00Z",
                )
                for one, what in MANDATES.items()
            }  # fmt: skip


def _side(
    name: str, municipality: Municipality, service: Service, of: Organisation | None = None
) -> Side:
    with working_for(municipality.code):
        organisation = of or found_organisation(
            name=f"Stichting {name}", kind="partner", municipality=municipality.code, by=SYSTEM
        )
        team = form_team(municipality=municipality, name=f"Team {name}", by=SYSTEM)
        side = Side(municipality, organisation, team)
        Provider.objects.filter(pk=service.provider_id).update(organisation=organisation)
        for role in Role:
            if role not in WITHOUT_MEMBERSHIP:
                side.people[role] = member(
                    role,
                    municipality,
                    name=f"{role.title()}-{name} Bakker",  # an account for each
                    organisation=None if role in MUNICIPAL else organisation,
                    team=team if role in IN_A_TEAM else None,
                )
        side.resident = person(municipality, f"Rie-{name} Smit")
        side.things |= _things(side, service) | _kept(side) | {"organisation": organisation.pk}
        side.things["closed-account"] = _closed(side)
        side.things |= _casework(side) | _asked(side) | _talked(side) | mediated(side)
    return side


def _closed(side: Side) -> object:
    """Return the role of somebody who closed their account."""
    name = f"Dicht{side.team.pk} Vanzelf"
    closed = member(Role.POLICY_OFFICER, side.municipality, name=name)
    close_account(account=closed.person.account, by=SYSTEM)
    return closed.pk


def a_case(side: Side, **more: object) -> Question:
    """Return a question of this side's resident that its team works on."""
    fields = {
        "municipality": side.municipality, "reference": new_reference(lambda found: False),
        "person": side.resident, "channel": "web", "reach_by": "phone",
        "story": "Ik zoek gezelschap.", "topics": ["loneliness"],
        "village": side.municipality.villages.order_by("slug").first(), "state": "clarifying",
        "team": side.team, "due_on": TODAY, "asked_at": "2026-11-25T10:00Z",
    }  # fmt: skip
    return Question.objects.create(**(fields | more))


def _question(side: Side) -> Question:
    """Return a question of the team, with a shared map."""
    question = a_case(side)
    resident = Actor(side.municipality.code, Role.RESIDENT, person=side.resident.pk)
    share_network(question=question, by=resident, now=timezone.now())
    return question


def _asked(side: Side) -> dict[str, object]:
    """Return a question that ended, a task, and each worker's own list."""
    ended, live = _question(side), _question(side)
    Question.objects.filter(pk=ended.pk).update(
        state=State.CLOSED, result="solved", rung_reached="self", told_at=timezone.now(),
        ended_at=timezone.now(), due_on=None,
    )  # fmt: skip
    task = Task.objects.create(
        municipality=side.municipality, question=live, what="bellen", team=side.team,
        due_on=TODAY, made_at=timezone.now(),
    )  # fmt: skip
    kept = {
        role: SavedFilter.objects.create(
            municipality=side.municipality, membership=one, name="nieuw", wanted={"state": "new"}
        ).pk
        for role, one in side.people.items()
    }
    return {"ended": ended.pk, "task": task.pk, "filter": kept}


def _handed(side: Side, question: Question) -> dict[str, object]:
    """Return the handover of a question of the team, with a talk of three planned."""
    desk = form_team(municipality=side.municipality, name=f"Bureau {side.team.name}", by=SYSTEM)
    terms = Terms(
        purpose="handover", categories=["contact"], teams=[desk], starts_on=TODAY, how="spoken"
    )
    give_consent(
        person=side.resident, terms=terms, by=Actor(side.municipality.code, Role.CONNECTOR)
    )
    handover = Handover.objects.create(
        municipality=side.municipality, question=question, from_team=side.team, to_team=desk,
        state="accepted", asked="x", tried="y", best_moment="z", told_resident_on=TODAY,
        capacity="unknown", offered_at=timezone.now(), offered_by="x", remind_on=TODAY,
        due_on=TODAY, answered_at=timezone.now(), contact_name="Iemand",
    )  # fmt: skip
    Meeting.objects.create(
        municipality=side.municipality, handover=handover, place="Buurthuis", planned_by="x",
        starts_at=timezone.now() + timedelta(days=1), planned_at=timezone.now(),
    )  # fmt: skip
    consult = Consult.objects.create(
        municipality=side.municipality, question=question, from_team=side.team, to_team=desk,
        text="Hoe?", due_on=TODAY, asked_at=timezone.now(),
    )  # fmt: skip
    return {"handover": handover.pk, "consult": consult.pk, "desk": desk.pk}


def _kept(side: Side) -> dict[str, object]:
    """Return what is kept of a resident, for the pages about privacy."""
    made = {"municipality": side.municipality, "kind": "person"}
    batch = Batch.objects.filter(**made).first() or Batch.objects.create(
        **made, proposed_on=TODAY, run_from=TODAY
    )
    held = Hold.objects.create(**made, key=str(side.resident.pk), reason="klacht", placed_by="x")
    village = side.municipality.villages.order_by("slug").first()
    proposal = RouteProposal.objects.create(
        municipality=side.municipality, team=side.team, villages=[village.pk], why="fits",
        from_team=side.team, proposed_by="x", proposed_at=timezone.now(),
    )  # fmt: skip
    return {
        "route-proposal": proposal.pk,
        "route": add_route(
            municipality=side.municipality, team=side.team, topics=["debt"], by=SYSTEM
        ).pk,
        "village": village.slug,
        "resident": side.resident.pk,
        "list": batch.pk,
        "hold": held.pk,
    }


def _casework(side: Side) -> dict[str, object]:
    """Return what lies around a question of the side: of its resident, for its team."""
    now, own = timezone.now(), {"municipality": side.municipality}
    question, done = _question(side), _question(side)
    Question.objects.filter(pk=done.pk).update(
        state=State.CLOSED, result="solved", rung_reached="team", told_at=now, ended_at=now,
        due_on=None,
    )  # fmt: skip
    common = own | {"team": side.team}
    village = side.municipality.villages.order_by("slug").first()
    reader = side.people[Role.TEAM_MEMBER]
    made = {
        "question": question,
        "emergency": BreakGlass.objects.create(
            **own, question=question, membership=reader, reason="nood", opened_at=now,
            until=now + timedelta(seconds=1), review_by=TODAY,
        ),
        "signal": Signal.objects.create(
            **common, village=village, about=f"De buurman {side.team.name}", worry="x",
            received_at=now, due_on=TODAY,
        ),
        "early-signal": EarlySignal.objects.create(
            **common, partner=side.team.name, kind="rent", address="Kerkstraat 1", town="Hier",
            amount="to-250", contacted_on=TODAY, reminded_on=TODAY, received_at=now,
            offer_by=TODAY,
        ),
        "discussion": Discussion.objects.create(
            **common, question=question, purpose="Samen", at=now, made_at=now
        ),
        "aftercare": AftercareAnswer.objects.create(
            **own, question=done, ended_at=now, asked_at=now, call_by=TODAY
        ),
        "objection": Objection.objects.create(
            **common, question=question, why="Nee", made_at=now, due_on=TODAY
        ),
    }  # fmt: skip
    return {name: row.pk for name, row in made.items()}


def mediated(side: Side, word: str = "Stil") -> dict[str, object]:
    """Return a case of neighbour mediation of the team: its resident asked for it, a volunteer
    mediates, and a talk is planned.
    """
    now, own = timezone.now(), {"municipality": side.municipality}
    case = Case.objects.create(
        **own, key=uuid.uuid4(), reference=new_reference(lambda found: False), team=side.team,
        village=side.municipality.villages.order_by("slug").first(), subject="noise",
        state="first-talk", received_at=now, since=TODAY, due_on=TODAY, escalate_on=TODAY,
        ends_on=TODAY,
    )  # fmt: skip
    file = Party.objects.create(
        **own, case=case, side=1, person=side.resident, name=side.resident.name, street=word,
        phone="06-1",
    )  # fmt: skip
    Party.objects.create(**own, case=case, side=2, name=f"Ander {word}", street="Laan 2")
    mediator = side.people[Role.VOLUNTEER]
    Mediator.objects.filter(membership=mediator).delete()
    Mediator.objects.create(**own, membership=mediator, street=word, postcode="5466AA")
    seat = Seat.objects.create(
        **own, case=case, number=1, membership=mediator, person=mediator.person,
        state="accepted", asked_at=now, knows_nobody=True,
    )  # fmt: skip
    Talk.objects.create(
        **own, case=case, kind="first", place=word, planned_at=now,
        starts_at=now + timedelta(days=1),
    )  # fmt: skip
    Agreement.objects.create(**own, case=case, words=word, written_at=now)
    return {"mediation": case.pk, "mediation-file": file.pk, "mediation-seat": seat.pk}


def _talked(side: Side) -> dict[str, object]:
    """Return a question of the team that was talked about, with a file, and a text of the team."""
    actor = Actor(side.municipality.code, Role.RESIDENT, person=side.resident.pk)
    question = _question(side)
    said = Said(text="Hier is de brief.", files=[File("brief.txt", b"Geachte")])
    say(question=question, said=said, by=actor, now=timezone.now())
    text = write_text(
        municipality=side.municipality, title="Welkom", body="Hallo {voornaam}", team=side.team,
        by=SYSTEM,
    )  # fmt: skip
    return {"question": question.pk, "standard-text": text.pk} | _handed(side, question)


def _things(side: Side, service: Service) -> dict[str, object]:
    """Return for each address what it names: a thing of this side."""
    municipality, today = side.municipality, TODAY
    report_wrong(municipality=municipality, service=service, about="times", text="", on=today)
    propose_edit(service=service, changes={"cost": "€ 9"}, by="owner")
    add_words(municipality=municipality, word=f"woord{service.slug}", means="koffie", by="test")
    upload = f"titel;omschrijving;aanbieder\n;{service.slug};De Linde\n".encode()  # a fault
    file = keep_file(
        municipality=municipality, name="aanbod.csv", content=upload, language="nl", by="test"
    )
    work_on(file=file)
    mail = Message.objects.create(
        municipality=municipality, key=f"remind:{service.pk}", recipient="a@b.example",
        subject="x", body="y", state=Message.State.FAILED,
    )  # fmt: skip
    worker = side.people[Role.TEAM_MEMBER]
    away = {
        role: be_away(
            membership=side.people[role], first_on=today, last_on=today + timedelta(900), by=SYSTEM
        ).pk
        for role in (Role.CONNECTOR, Role.TEAM_MEMBER, Role.PARTNER_WORKER)
    }
    edit = Edit.objects.get(service=service, state=Edit.State.WAITING)
    report = Report.objects.get(service=service)
    return {
        "end-membership": worker.pk,
        "team": side.team.pk,
        "absence": away,
        "report": report.pk,
        "edit": edit.pk,
        "entry": service.pk,
        "slug": service.slug,
        "word": Synonym.objects.order_by("-pk").first().pk,
        "file": file.pk,
        "mail": mail.pk,
    }


NOBODY = uuid.UUID(int=0)
