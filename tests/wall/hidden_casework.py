"""How each record of a help question comes into being, with a word in it that may stand nowhere.

By the action of the product where that asks for nothing more than the town has, so that its
facts and its mails are there too.
"""

import uuid
from datetime import date, timedelta

from django.utils import timezone

from omzien.handovers.actions.linking import link_of
from omzien.handovers.actions.referring import refer
from omzien.handovers.actions.rooms import say_room
from omzien.handovers.models import Consult, Handover, Involvement, Meeting, OfferDraft, Wait
from omzien.handovers.rules.states import Capacity
from omzien.kernel.ladder import Rung
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Person, Team
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.crisis import flag_crisis, take_code_step
from omzien.questions.actions.discussing import Plan, decide, plan_anonymous, plan_discussion
from omzien.questions.actions.filters import save_filter
from omzien.questions.actions.measuring import measure
from omzien.questions.actions.network import ForSchool, Known, allow_school, draw_tie, share_network
from omzien.questions.actions.notes import write_note, write_own_note
from omzien.questions.actions.objecting import object_to
from omzien.questions.actions.plans import Doing, add_action, add_goal, split_goal
from omzien.questions.actions.reaching import try_to_reach
from omzien.questions.actions.routes import add_route
from omzien.questions.actions.talking import File, Said, say
from omzien.questions.actions.tasks import add_task
from omzien.questions.actions.texts import write_text
from omzien.questions.actions.tries import add_try
from omzien.questions.models import (
    AftercareAnswer,
    BreakGlass,
    EarlySignal,
    Question,
    Reporter,
    RouteProposal,
    Signal,
)
from omzien.questions.rules.filters import Filter
from omzien.questions.rules.network import Often, Relation
from omzien.questions.rules.plans import Moment, Split, Who
from omzien.questions.rules.reaching import By
from omzien.questions.rules.states import State
from omzien.questions.rules.support import Support
from tests.casework import as_actor
from tests.wall.town import Side, a_case, mediated
from tests.worlds import TODAY

WORD = "Zwaluwnest"  # stands in each hidden record, and may stand in no answer


def worker(side: Side) -> Actor:
    """Return who works in the team of a side."""
    return as_actor(side.people[Role.TEAM_MEMBER])


def resident(side: Side) -> Actor:
    """Return the resident of a side."""
    return Actor(side.municipality.code, Role.RESIDENT, person=side.resident.pk)


def _on(side: Side) -> dict[str, object]:
    """Return the question of a side that stands in both worlds, and who works on it, now."""
    question = Question.objects.get(pk=side.things["question"])
    return {"question": question, "by": worker(side), "now": timezone.now()}


def _hers(side: Side) -> dict[str, object]:
    return _on(side) | {"by": resident(side)}


def _soon() -> date:
    return timezone.localdate() + timedelta(days=2)


def _desk(side: Side) -> Team:
    return Team.objects.get(pk=side.things["desk"])


def question(side: Side) -> Question:
    """Return a question that nobody picked up yet."""
    return a_case(side, story=WORD, state=State.NEW, is_acute=False, best_moment=WORD)


def crisis(side: Side) -> None:
    """Make a question acute, and write down a step of the reporting code."""
    now = timezone.now()
    flag_crisis(question=a_case(side, story=WORD), by=worker(side), now=now)
    take_code_step(**_on(side), step=1)


def post(side: Side) -> None:
    """Let the resident say something, with a file."""
    files = [File(f"{WORD}.txt", b"Geachte")]
    say(**_hers(side), said=Said(text=WORD, files=files))


def answer(side: Side) -> None:
    """Let the team ask the resident something."""
    say(**_on(side), said=Said(text=WORD, waits=True))


def note(side: Side) -> None:
    """Write a note of the team."""
    write_note(**_on(side), text=WORD, key=uuid.uuid4())


def own_note(side: Side) -> None:
    """Write a note that the resident keeps for herself."""
    write_own_note(**_hers(side), text=WORD, key=uuid.uuid4())


def task(side: Side) -> None:
    """Add a task of the team."""
    add_task(**_on(side), what=WORD, due_on=_soon())


def attempt(side: Side) -> None:
    """Write down what was tried."""
    add_try(**_on(side), rung=Rung.SELF, offer=WORD)


def contact_attempt(side: Side) -> None:
    """Write down that somebody tried to reach the resident."""
    try_to_reach(**_on(side), channel=By.PHONE, day=TODAY, reached=False)


def tie(side: Side) -> None:
    """Draw somebody on the map that the team looks at too."""
    _draw(side.resident, side)


def unshared_tie(side: Side) -> None:
    """Draw somebody on a map that is shared with nobody."""
    name = f"Zus {WORD}"
    _draw(welcome_person(municipality=side.municipality, name=name, by=SYSTEM), side)


def _draw(whose: Person, side: Side) -> None:
    known = Known(
        name=WORD, relation=Relation.FRIEND, kinds=[Support.COMPANY], closeness=1,
        how_often=Often.DAILY,
    )  # fmt: skip
    by = Actor(side.municipality.code, Role.RESIDENT, person=whose.pk)
    draw_tie(person=whose, known=known, by=by, now=timezone.now())


def share(side: Side) -> None:
    """Let the resident show her map to who may act for her."""
    share_network(**_hers(side), proxy=side.proxies["acts"].proxy)


def goal(side: Side) -> None:
    """Put a goal in the plan, with an action, and who carries it."""
    row, more = add_goal(**_hers(side), words=WORD), _hers(side)
    del more["question"]
    doing = Doing(who=Who.RESIDENT, what=WORD, rung=Rung.SELF)
    add_action(goal=row, doing=doing, **more)
    split_goal(goal=row, moment=Moment.BEFORE, split=Split(20, 30, 50), **more)


def measurement(side: Side) -> None:
    """Measure how it goes."""
    measure(**_hers(side), instrument="kort", moment=Moment.BEFORE, answers={"dag": 4})


def school(side: Side) -> None:
    """Let a school know that a pupil cares for somebody."""
    told = ForSchool(school=WORD, what=WORD, age=17, young_agrees=True, parent_agrees=True)
    allow_school(**_on(side), told=told)


def emergency(side: Side) -> None:
    """Let somebody of the team have read a question in an emergency."""
    now = timezone.now()
    BreakGlass.objects.create(
        municipality=side.municipality, question=a_case(side), reason=WORD, opened_at=now,
        membership=side.people[Role.CONNECTOR], until=now + timedelta(seconds=1), review_by=TODAY,
    )  # fmt: skip


def signal(side: Side) -> None:
    """Keep a worry about somebody, and who said it."""
    village = side.municipality.villages.order_by("slug").first()
    row = Signal.objects.create(
        municipality=side.municipality, team=side.team, village=village, about=WORD, worry=WORD,
        received_at=timezone.now(), due_on=TODAY,
    )  # fmt: skip
    Reporter.objects.create(municipality=side.municipality, signal=row, name=WORD)


def mediation(side: Side) -> None:
    """Let neighbour mediation begin."""
    mediated(side, WORD)


def early_signal(side: Side) -> None:
    """Keep what a partner said about arrears."""
    EarlySignal.objects.create(
        municipality=side.municipality, team=side.team, partner=f"{WORD} {side.team.name}",
        kind="rent", address=WORD, town="Hier", amount="to-250", contacted_on=TODAY,
        reminded_on=TODAY, offer_by=TODAY, received_at=timezone.now(),
    )  # fmt: skip


def discussion(side: Side) -> None:
    """Plan a discussion, and write down what was decided."""
    now = timezone.now()
    plan = Plan(purpose=WORD, at=now + timedelta(days=1), place=WORD)
    row = plan_discussion(**_on(side), plan=plan)
    decide(discussion=row, what=WORD, due_on=_soon(), by=worker(side), now=now)


def anonymous(side: Side) -> None:
    """Plan a discussion about nobody in particular."""
    now = timezone.now()
    plan = Plan(purpose=WORD, at=now + timedelta(days=1), text=WORD)
    plan_anonymous(team=side.team, plan=plan, by=worker(side), now=now)


def objection(side: Side) -> None:
    """Let the resident not agree."""
    object_to(**_hers(side), why=WORD, key=uuid.uuid4())


def aftercare(side: Side) -> None:
    """Ask the resident how it went, by calling."""
    now = timezone.now()
    done = a_case(
        side, story=WORD, state=State.CLOSED, result="solved", rung_reached="team", told_at=now,
        ended_at=now, due_on=None,
    )  # fmt: skip
    AftercareAnswer.objects.create(
        municipality=side.municipality, question=done, ended_at=now, asked_at=now, call_by=TODAY
    )


def ground(side: Side) -> None:
    """Let the resident share with the desk what it needs, by word."""
    terms = Terms(
        purpose="help", categories=[Category.CONTACT], teams=[_desk(side)], starts_on=TODAY,
        explanation=WORD, how="spoken",
    )  # fmt: skip
    give_consent(person=side.resident, terms=terms, by=as_actor(side.people[Role.CONNECTOR]))


def handover(side: Side) -> None:
    """Offer another question to the desk, with a talk of three and a link."""
    now, own = timezone.now(), {"municipality": side.municipality}
    row = Handover.objects.create(
        **own, question=a_case(side, story=WORD), from_team=side.team, to_team=_desk(side),
        state="accepted", asked=WORD, tried=WORD, best_moment=WORD, told_resident_on=TODAY,
        capacity="unknown", offered_at=now, offered_by="x", remind_on=TODAY, due_on=TODAY,
        answered_at=now, contact_name=WORD,
    )  # fmt: skip
    starts = now + timedelta(days=1)
    Meeting.objects.create(
        **own, handover=row, place=WORD, planned_by="x", starts_at=starts, planned_at=now
    )
    link_of(row)


def draft(side: Side) -> None:
    """Keep what was typed of an offer."""
    OfferDraft.objects.create(
        municipality=side.municipality, question=a_case(side), to_team=_desk(side),
        words={"asked": WORD}, made_at=timezone.now(),
    )  # fmt: skip


def referral(side: Side) -> None:
    """Write down where the resident goes for a part."""
    refer(**_on(side), name=WORD, what=WORD)


def consult(side: Side) -> None:
    """Ask the desk for advice."""
    Consult.objects.create(
        municipality=side.municipality, question=a_case(side), from_team=side.team,
        to_team=_desk(side), text=WORD, due_on=TODAY, asked_at=timezone.now(),
    )  # fmt: skip


def involvement(side: Side) -> None:
    """Ask the desk to do a part."""
    Involvement.objects.create(
        municipality=side.municipality, question=a_case(side), team=_desk(side), part=WORD,
        due_on=TODAY, asked_at=timezone.now(),
    )  # fmt: skip


def wait(side: Side) -> None:
    """Let a question wait for a place in the desk."""
    _wait(side, a_case(side), _desk(side))


def waited_for(side: Side) -> None:
    """Let a question of the desk wait for a place in the team."""
    _wait(side, a_case(side, team=_desk(side)), side.team)


def _wait(side: Side, question: Question, team: Team) -> None:
    now = timezone.now()
    Wait.objects.create(
        municipality=side.municipality, question=question, team=team, what=WORD, bridge=WORD,
        since=now, entered_at=now, contact_weeks=6, heard_on=TODAY,
        remind_on=TODAY + timedelta(days=900), due_on=TODAY + timedelta(days=907),
    )  # fmt: skip


def room(side: Side) -> None:
    """Say how much room the team has."""
    say_room(team=side.team, capacity=Capacity.NO, note=WORD, by=worker(side), on=TODAY)


def text(side: Side) -> None:
    """Write a text that the team answers with."""
    write_text(
        municipality=side.municipality, title=WORD, body=WORD, team=side.team, by=SYSTEM
    )  # fmt: skip


def saved_filter(side: Side) -> None:
    """Keep a filter of one's own."""
    save_filter(name=WORD, wanted=Filter(), by=worker(side))


def route(side: Side) -> None:
    """Let questions about being alone go to the team."""
    add_route(municipality=side.municipality, team=side.team, topics=["loneliness"], by=SYSTEM)


def route_proposal(side: Side) -> None:
    """Propose a route."""
    village = side.municipality.villages.order_by("slug").last()
    RouteProposal.objects.create(
        municipality=side.municipality, team=side.team, villages=[village.pk], why="room",
        topics=["debt"],
        from_team=side.team, proposed_by="x", proposed_at=timezone.now(),
    )  # fmt: skip
