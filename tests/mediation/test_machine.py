"""The table of moves against the real actions: each move in each state, and walks by chance."""

import os
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from omzien.journal.isolation import choose, working_for
from omzien.journal.models import Fact
from omzien.mediation.actions.agreeing import say_yes_for, write_agreement
from omzien.mediation.actions.clock import run_clock
from omzien.mediation.actions.deciding import (
    ease,
    finish,
    join,
    refer_on,
    refuse,
    stop,
    stop_for,
    suit,
)
from omzien.mediation.actions.mediators import accept, ask_mediators, let_go, say_no
from omzien.mediation.actions.talks import hold_talk, plan_talk
from omzien.mediation.models import Agreement, Case, Mediator, Party, Seat, Talk
from omzien.mediation.refusals import Refused
from omzien.mediation.rules.states import (
    LIVE,
    MOVES,
    TOGETHER,
    BackReason,
    Elsewhere,
    Outcome,
    SeatState,
    Side,
    State,
    Who,
    may_move,
)
from omzien.people.rules.roles import PUBLIC
from tests.casework import NOW
from tests.casework import build as build_town
from tests.mediation.world import (
    OTHERS_MAIL,
    a_case,
    build,
    day,
    party,
    seated,
    suited,
    up_to,
)

pytestmark = [pytest.mark.django_db, pytest.mark.proofs]
HERE = "GM1948"
EXAMPLES = int(os.environ.get("OMZIEN_WALKS", "12"))
# By each move of the table: what does it, as who may.
TRIES = {
    "suit": lambda here, case, now: suit(case=case, met_on=day(now), by=here.boss, now=now),
    "staff": lambda here, case, now: seated(here, case, now=now),
    "talk-first": lambda here, case, now: hold_talk(
        case=case, name="talk-first", by=here.boss, now=now
    ),
    "join": lambda here, case, now: join(
        case=case, was_told=True, email=OTHERS_MAIL, by=here.boss, now=now
    ),
    "talk-second": lambda here, case, now: hold_talk(
        case=case, name="talk-second", by=here.boss, now=now
    ),
    "talk-joint": lambda here, case, now: hold_talk(
        case=case, name="talk-joint", by=here.boss, now=now
    ),
    "agree": lambda here, case, now: _agree(here, case, now),
    "refuse": lambda here, case, now: refuse(case=case, by=here.boss, now=now),
    "refer-on": lambda here, case, now: refer_on(
        case=case, why=Elsewhere.COURT, where="Het Juridisch Loket", by=here.boss, now=now
    ),
    "ease": lambda here, case, now: ease(case=case, by=here.boss, now=now),
    "not-agree": lambda here, case, now: finish(
        case=case, outcome=Outcome.NOT_AGREED, by=here.boss, now=now
    ),
    "coached": lambda here, case, now: finish(
        case=case, outcome=Outcome.ONE_SIDE, by=here.boss, now=now
    ),
    "look-back": lambda here, case, now: finish(
        case=case, outcome=Outcome.PARTLY, by=here.boss, now=now
    ),
    "withdraw": lambda here, case, now: stop_for(
        case=case, side=Side.FIRST, by=here.boss, now=now
    ),
    "leave": lambda here, case, now: stop_for(case=case, side=Side.SECOND, by=here.boss, now=now),
}  # fmt: skip


def _agree(here, case, now):
    write_agreement(case=case, words="Na elf uur stil.", by=here.boss, now=now)
    for side in Side:
        say_yes_for(case=case, side=side, by=here.boss, now=now)


def test_every_move_of_the_table_is_tried_here_but_that_of_the_clock():
    assert set(TRIES) == {name for name, one in MOVES.items() if one.who != Who.CLOCK}


def test_the_table_leads_from_every_state_to_an_end():
    reached, new = {State.CLOSED}, True
    while new:
        new = {s for s in State for m in MOVES.values() if s in m.start and m.end in reached}
        new -= reached
        reached |= new
    assert reached == set(State)
    assert all(MOVES["expire"].start >= {state} for state in LIVE)
    assert not any(State.CLOSED in one.start for one in MOVES.values())


def arrive(here, state):
    """Return a case in a state."""
    if state == State.COACHING:
        case = up_to(here, State.INVITING)
        refuse(case=case, by=here.boss, now=NOW)
    elif state == State.CLOSED:
        case = up_to(here, State.INVITING)
        ease(case=case, by=here.boss, now=NOW)
    else:
        case = up_to(here, state)
    case.refresh_from_db()
    return case


# The same step from elsewhere is another move: stopping, finishing and saying yes again.
SAME_STEP = {
    "leave": {State.INVITING, *TOGETHER},  # then the case goes on with one: "refuse"
    "not-agree": {State.AFTERCARE},  # a class of "look-back" too
}


@pytest.mark.parametrize("state", list(State))
def test_a_move_goes_from_where_the_table_says_and_from_nowhere_else(here, state):
    case = arrive(here, state)
    later = NOW + timedelta(weeks=3) if state == State.AFTERCARE else NOW
    for name, do in TRIES.items():
        if state in SAME_STEP.get(name, ()):
            continue
        sid = transaction.savepoint()
        before = Fact.objects.count()
        if may_move(name, state):
            do(here, case, later)
            case.refresh_from_db()
            assert case.state == MOVES[name].end, (name, state)
        else:
            with pytest.raises(Refused):
                do(here, case, later)
            case.refresh_from_db()
            assert case.state == state
            assert Fact.objects.count() == before, (name, state)
        transaction.savepoint_rollback(sid)
        case.refresh_from_db()


class Mediating(RuleBasedStateMachine):
    """People and the clock do what they can, in any order; what must hold, holds."""

    @initialize()
    def begin(self):
        """A new town with one case."""
        self.savepoint = transaction.savepoint()
        choose(HERE)
        self.now = NOW
        self.here = build(build_town(self.world.meierijstad, self.world.schijndel))
        self.case = a_case(self.here, by=self.here.town.a.by)
        self.was = State.REPORTED

    def teardown(self):
        """Forget all of this example."""
        if hasattr(self, "savepoint"):
            connection.needs_rollback = False
            transaction.savepoint_rollback(self.savepoint)

    def attempt(self, do):
        """Try something; what is refused changes nothing."""
        before = Fact.objects.count()
        sid = transaction.savepoint()
        try:
            do()
        except Refused:
            transaction.savepoint_rollback(sid)
            assert Fact.objects.count() == before
        else:
            transaction.savepoint_commit(sid)
        self.case.refresh_from_db()

    @rule(name=st.sampled_from(sorted(TRIES)))
    def a_step(self, name):
        self.attempt(lambda: TRIES[name](self.here, self.case, self.now))

    @rule(name=st.sampled_from(["Eva Eik", "Lea Laan", "Els Elzen", "Bas Buur", "Pim Post"]))
    def ask(self, name):
        key = self.here.volunteers[name].pk
        self.attempt(
            lambda: ask_mediators(
                case=self.case, memberships=[key], by=self.here.boss, now=self.now
            )
        )

    @rule(
        name=st.sampled_from(["Eva Eik", "Lea Laan", "Els Elzen"]),
        what=st.sampled_from(["yes", "knows", "time", "let go"]),
    )
    def answer(self, name, what):
        seat = Seat.objects.open().filter(membership=self.here.volunteers[name]).first()
        if seat is None:
            return
        by = self.here.by(name)
        if what == "yes":
            self.attempt(lambda: accept(seat=seat, knows_nobody=True, by=by, now=self.now))
        elif what == "let go":
            self.attempt(lambda: let_go(seat=seat, by=self.here.boss, now=self.now))
        else:
            self.attempt(lambda: say_no(seat=seat, reason=BackReason(what), by=by, now=self.now))

    @rule(days=st.integers(1, 40))
    def plan(self, days):
        self.attempt(
            lambda: plan_talk(
                case=self.case,
                starts_at=self.now + timedelta(days=days),
                place="Het buurthuis",
                by=self.here.boss,
                now=self.now,
            )
        )

    @rule(side=st.sampled_from(list(Side)))
    def a_neighbour_stops(self, side):
        mine = Party.objects.filter(case=self.case, side=side, person__isnull=False).first()
        if mine:
            self.attempt(lambda: stop(party=mine, by=self.here.as_party(mine), now=self.now))

    @rule(days=st.integers(1, 30))
    def time_passes(self, days):
        self.now += timedelta(days=days)
        place = self.here.town.municipality
        run_clock(municipality=place, now=self.now)
        assert run_clock(municipality=place, now=self.now) == 0  # twice is once
        choose(HERE)
        self.case.refresh_from_db()

    @invariant()
    def it_went_by_the_table(self):
        if not hasattr(self, "case"):
            return
        state = State(self.case.state)
        if state != self.was:
            reached, before = {self.was}, None
            while reached != before:  # the clock may do several
                before = set(reached)
                reached |= {m.end for m in MOVES.values() if m.start & before}
            assert state in reached
        self.was = state

    @invariant()
    def what_must_hold(self):
        if not hasattr(self, "case"):
            return
        case, state = self.case, State(self.case.state)
        seats = list(Seat.objects.open().filter(case=case))
        assert len({one.person_id for one in seats}) == len(seats) <= 2
        if state in (State.CLOSED, State.AFTERCARE, State.REPORTED):
            assert seats == []
        if state in LIVE:
            assert case.due_on <= case.escalate_on <= case.ends_on
            assert case.ends_on > day(self.now) - timedelta(days=1)  # or the clock ended it
        else:
            assert case.outcome
        by = {one.side: one for one in Party.objects.filter(case=case)}
        other = by[Side.SECOND]
        if state in TOGETHER or state == State.AFTERCARE:
            assert other.agreed_at and other.told_at and not other.left_at
        if other.agreed_at is None:
            assert (other.phone, other.email, other.person_id) == ("", "", None)
        if state != State.REPORTED:
            assert by[Side.FIRST].words == ""
        if state == State.COACHING or (state == State.CLOSED and not other.agreed_at):
            assert other.left_at is not None

    @invariant()
    def nobody_sees_more_than_they_may(self):
        if not hasattr(self, "case"):
            return
        everything = (Case, Party, Seat, Talk, Agreement, Mediator)
        town = self.here.town
        for by in (town.a.by, town.a.boss, town.b.by, PUBLIC):
            assert not any(one.objects.visible_to(by).exists() for one in everything)
        for side, file in {one.side: one for one in Party.objects.all()}.items():
            if file.person_id is None:
                continue
            me = self.here.as_party(file)
            assert [one.side for one in Party.objects.visible_to(me)] == [side]
            assert not Case.objects.visible_to(me).exists()
            assert not Seat.objects.visible_to(me).exists()
        seated_ = set(Seat.objects.open().values_list("membership", flat=True))
        for name, one in self.here.volunteers.items():
            sees = Party.objects.visible_to(self.here.by(name)).exists()
            assert sees == (one.pk in seated_ and self.case.is_live), name


def test_walks_by_chance_keep_what_must_hold(world):
    Mediating.world = world
    with working_for(HERE):
        run_state_machine_as_test(
            Mediating,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=25,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_case_in_which_nobody_does_anything_ends_by_itself(here, state):
    case = arrive(here, state)
    place, moment, months = here.town.municipality, NOW, 0
    while case.is_live:
        moment += timedelta(days=1)
        run_clock(municipality=place, now=moment)
        choose(HERE)
        case.refresh_from_db()
        months = (moment - NOW).days / 30
        assert months < 4
    assert case.outcome == Outcome.UNFINISHED
    verbs = list(
        Fact.objects.filter(subject="mediation", actor="system")
        .exclude(verb="end-seat")
        .order_by("pk")
        .values_list("verb", flat=True)
    )
    assert verbs == ["remind", "escalate", "expire"]


def test_silence_is_heard_first_by_the_coordinator_and_then_by_who_finds_another(here):
    from omzien.messages.models import Message
    from omzien.people.actions.starting import own_organisation
    from omzien.people.rules.roles import Role
    from tests.casework import a_member

    a_member(
        here.town.municipality, "Fem M", own_organisation(here.town.municipality),
        Role.FUNCTIONAL_MANAGER, None,
    )  # fmt: skip
    case = a_case(here)
    place = here.town.municipality

    def told(code):
        return list(Message.objects.filter(code=code).values_list("recipient", flat=True))

    run_clock(municipality=place, now=NOW + timedelta(days=(case.due_on - day(NOW)).days))
    choose(HERE)
    assert told("coordinator-late") == []  # its last day counts
    run_clock(municipality=place, now=NOW + timedelta(days=(case.due_on - day(NOW)).days + 1))
    choose(HERE)
    assert told("coordinator-late") == ["cor.m@meierijstad.example"]
    assert told("manager-stuck") == []
    run_clock(municipality=place, now=NOW + timedelta(days=(case.escalate_on - day(NOW)).days + 1))
    choose(HERE)
    assert told("manager-stuck") == ["fem.m@meierijstad.example"]
    mail = Message.objects.get(code="manager-stuck")
    assert case.reference not in mail.subject + mail.body
    assert str(case.pk) not in mail.body


def test_a_mediator_who_does_not_answer_or_left_makes_room(here):
    case = up_to(here, State.CHOOSING)
    keys = [here.volunteers[one].pk for one in ("Eva Eik", "Lea Laan")]
    eva, _lea = ask_mediators(case=case, memberships=keys, by=here.boss, now=NOW)
    here.volunteers["Eva Eik"].ended_at = NOW - timedelta(hours=2)
    here.volunteers["Eva Eik"].save()
    run_clock(municipality=here.town.municipality, now=NOW)
    choose(HERE)
    eva.refresh_from_db()
    assert eva.state == SeatState.ENDED
    run_clock(municipality=here.town.municipality, now=NOW + timedelta(days=10))
    choose(HERE)
    assert not Seat.objects.open().filter(case=case).exists()
    assert party(case, Side.FIRST).left_at is None
    assert suited  # by the steps of people
