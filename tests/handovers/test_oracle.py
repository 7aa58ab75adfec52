"""The real actions against the reference model, walked by Hypothesis."""

import os
import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from omzien.handovers.actions.answering import accept, decline, meet, return_question
from omzien.handovers.actions.clock import run_clock
from omzien.handovers.actions.offering import offer, withdraw, withdraw_ground
from omzien.handovers.models import Handover
from omzien.handovers.refusals import AlreadyOpen, NeedsGround, NotAllowed, NotLive, SameTeam
from omzien.handovers.rules.states import ContactKind, DeclineReason
from omzien.journal.isolation import choose, working_for
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.people.queries.grounds import holds
from omzien.people.rules.roles import Actor
from omzien.questions.actions.working import close, reopen
from omzien.questions.models import Question
from omzien.questions.refusals import StillOpen, WrongState
from omzien.questions.rules.states import Result
from tests.casework import NOW, WHAT, a_question, build, consent
from tests.handovers.oracle import Model

pytestmark = [pytest.mark.django_db, pytest.mark.proofs, pytest.mark.slow]
HERE = "GM1948"
TEAMS = ("A", "B", "C")
EXAMPLES = int(os.environ.get("OMZIEN_ORACLE_EXAMPLES", "10"))
MOST_TICKS = 14  # a tick is at most two weeks, and a ground holds for twelve months


class Handing(RuleBasedStateMachine):
    """One question between three teams, in the model and in the database."""

    @initialize(to=st.sampled_from("BC"), start=st.sampled_from(["offered", "accepted", "asked"]))
    def begin(self, to, start):
        """Ask; the village of the question belongs to team A. Mostly it is offered already: a walk
        that has to find that by chance hands over in one of five.
        """
        self.savepoint = transaction.savepoint()
        choose(HERE)
        self.now, self.ticks = NOW, 0
        self.town = build(self.world.meierijstad, self.world.schijndel)
        self.grounds = {}
        self.question = a_question(self.town, now=self.now)
        self.model = Model(owner="A")
        if start != "asked":
            self.offer_to_(to, heard=True)
        if start == "accepted":
            self.accept_()

    def teardown(self):
        """Forget all of this example."""
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    # what the rules need

    def desk(self, team):
        """Return a team's people."""
        return self.town.desks[team]

    @property
    def slip(self):
        """Return the open handover of the database."""
        return Handover.objects.open().get()

    def receiver(self):
        """Return the actor of the receiving side."""
        return self.desk(self.model.slip.receiver).by

    def refused(self, kinds, do):
        """Check that an action refuses, and changes nothing."""
        facts = Fact.objects.count()
        with pytest.raises(kinds), transaction.atomic():
            do()
        assert Fact.objects.count() == facts

    # moves

    @rule(team=st.sampled_from(TEAMS))
    def let_share(self, team):
        self.give_ground(team)

    def give_ground(self, team):
        """Let the resident say yes to a team that has no yes."""
        if team not in self.model.grounds and team != self.model.owner:
            self.grounds[team] = consent(self.town, self.desk(team))
            self.model.grounds.add(team)

    @rule(team=st.sampled_from(TEAMS))
    def take_ground(self, team):
        if team in self.model.grounds:
            withdraw_ground(ground=self.grounds.pop(team), by=self.town.me, now=self.now)
            self.model.forbid(team)

    @rule(team=st.sampled_from(TEAMS), heard=st.booleans())
    def offer_to(self, team, heard):
        """Offer, as it mostly goes: the resident says yes in the same talk."""
        self.offer_to_(team, heard=heard)

    def offer_to_(self, team, *, heard):
        """Offer to a team."""
        if heard:
            self.give_ground(team)

        def do():
            owner = self.desk(self.model.owner).by
            to = self.desk(team).team
            offer(question=self.question, to_team=to, offer=WHAT, by=owner, now=self.now)

        if self.model.may("offer", team):
            do()
            self.model.offer(team)
        else:
            self.refused((AlreadyOpen, NeedsGround, NotLive, SameTeam), do)

    @rule(team=st.sampled_from(TEAMS))
    def a_stranger_tries(self, team):
        if not Handover.objects.open().exists() or team == self.model.slip.receiver:
            return
        stranger, slip = self.desk(team).by, self.slip
        self.refused(NotAllowed, lambda: accept(
            handover=slip, contact_name="Wim", by=stranger, now=self.now))  # fmt: skip
        self.refused(NotAllowed, lambda: meet(
            handover=slip, met_on=self.now.date(), met_by=ContactKind.PHONE,
            resident_was_there=True, by=stranger, now=self.now))  # fmt: skip

    @precondition(lambda self: self.model.slip)
    @rule()
    def accept_it(self):
        self.accept_()

    def accept_(self):
        """Accept what is open."""

        def do():
            accept(handover=self.slip, contact_name="Wim", by=self.receiver(), now=self.now)

        if self.model.may("accept"):
            do()
            self.model.accept()
        else:
            self.refused(WrongState, do)

    @precondition(lambda self: self.model.slip)
    @rule(reason=st.sampled_from(DeclineReason))
    def decline_it(self, reason):
        def do():
            decline(handover=self.slip, reason=reason, text="Vol.", suggestion="Weet ik niet",
                    by=self.receiver(), now=self.now)  # fmt: skip

        if self.model.may("decline"):
            do()
            self.model.end("declined")
        else:
            self.refused(WrongState, do)

    @precondition(lambda self: self.model.slip)
    @rule(there=st.booleans())
    def meet_it(self, there):
        def do():
            meet(handover=self.slip, met_on=timezone.localdate(self.now),
                 met_by=ContactKind.VISIT, resident_was_there=there, by=self.receiver(),
                 now=self.now)  # fmt: skip

        if self.model.may("meet"):
            do()
            self.model.end("handed-over")
        else:
            self.refused((WrongState, NeedsGround), do)

    @precondition(lambda self: self.model.slip)
    @rule()
    def give_it_back(self):
        def do():
            return_question(handover=self.slip, reason="Past niet", by=self.receiver(),
                            now=self.now)  # fmt: skip

        if self.model.may("give-back"):
            do()
            self.model.end("returned")
        else:
            self.refused(WrongState, do)

    @precondition(lambda self: self.model.slip)
    @rule(by_resident=st.booleans())
    def withdraw_it(self, by_resident):
        by = self.town.me if by_resident else self.desk(self.model.owner).by
        withdraw(handover=self.slip, by=by, now=self.now)
        self.model.end("withdrawn")

    @precondition(lambda self: self.ticks < MOST_TICKS)
    @rule(steps=st.integers(1, 2))
    def time_passes(self, steps):
        """Let nobody do anything until the next day, or the second, on which a clock does."""
        for _ in range(steps):
            self.go_on_()

    def go_on_(self):
        """Go to the next day on which the clock of the handover does something."""
        self.ticks += 1
        if self.model.slip is None:
            self.now += timedelta(days=3)
            assert run_clock(municipality=self.town.municipality, now=self.now) == 0
            return
        slip = self.slip
        day = slip.remind_on if slip.reminded_at is None else slip.due_on + timedelta(days=1)
        self.now += max(day - timezone.localdate(self.now), timedelta())
        assert run_clock(municipality=self.town.municipality, now=self.now) == 1
        self.model.tick()
        # N4: the clock again, or a clock that went back, brings nothing new.
        for moment in (self.now, self.now - timedelta(days=2)):
            assert run_clock(municipality=self.town.municipality, now=moment) == 0

    @precondition(lambda self: self.model.is_live)
    @rule()
    def close_it(self):
        def do():
            close(question=self.question, result=Result.SOLVED, rung_reached=Rung.COMMUNITY,
                  is_told=True, by=self.desk(self.model.owner).by, now=self.now)  # fmt: skip

        if self.model.may("close"):
            do()
            self.model.close()
            self.grounds.clear()
        else:
            self.refused((StillOpen, NotLive), do)

    @precondition(lambda self: not self.model.is_live)
    @rule()
    def open_again(self):
        reopen(question=self.question, by=self.desk(self.model.owner).by, now=self.now)
        self.model.is_live = True

    # what always holds

    @invariant()
    def the_model_is_right(self):
        if not hasattr(self, "model"):
            return
        row = Question.objects.get(pk=self.question.pk)
        assert row.team == self.desk(self.model.owner).team  # H1, H5
        assert row.is_live == self.model.is_live
        found = list(Handover.objects.open())
        slip = self.model.slip
        assert len(found) == (1 if slip else 0)  # H2, H3
        for one in found:
            assert one.state == slip.state
            assert one.from_team_id == row.team_id  # H4
            assert one.to_team == self.desk(slip.receiver).team
            assert holds(self.grounds[slip.receiver], at=self.now)  # H6
            assert one.due_on and one.remind_on  # H9

    @invariant()
    def who_may_read_is_right(self):
        if not hasattr(self, "model"):
            return
        readers = {
            team
            for team in TEAMS
            if Question.objects.visible_to(self.desk(team).by).filter(pk=self.question.pk)
        }
        assert readers == self.model.readers()  # H7, H8
        me: Actor = self.town.me
        assert Question.objects.visible_to(me).filter(pk=self.question.pk).exists()
        # A coordinator reads what the own team owns, and no more.
        boss = Question.objects.visible_to(self.desk("B").boss).filter(pk=self.question.pk)
        assert boss.exists() == (self.model.is_live and self.model.owner == "B")

    @invariant()
    def everybody_was_told_once(self):
        if not hasattr(self, "model"):
            return
        offers = Fact.objects.filter(subject="handover", verb="offer").order_by("pk")
        keys = offers.values_list("subject_id", flat=True)
        numbers = {key: number for number, key in enumerate(keys, 1)}
        assert len(numbers) == self.model.count
        heard = {}
        sent = Message.objects.filter(key__startswith="handover:").values_list("key", "recipient")
        for key, recipient in sent:
            _, which, word = key.split(":")
            heard.setdefault((numbers[which], word.removesuffix("-unseen")), set()).add(recipient)
        told = {(number, word): team for number, team, word in self.model.sent}
        assert set(heard) == set(told)  # N1: all that the model says, and nothing else
        for what, team in told.items():
            name = team.lower()
            assert {f"{who}.{name}@meierijstad.example" for who in ("wim", "cor")} <= heard[what]


def test_the_actions_do_what_the_reference_model_says(world):
    Handing.world = world
    with working_for(HERE):
        run_state_machine_as_test(
            Handing,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=30,
                suppress_health_check=list(HealthCheck),
            ),
        )


# Hypothesis shrinks what it finds, but in a few dozen walks it seldom offers what is offered
# already. So there is a walk by plain chance beside it, which says what it tried.


def stroll(machine, seed, *, steps=40):
    """Walk by chance, each move as likely as the next; return how often each was tried on what."""
    chance, tried = random.Random(seed), Counter()
    walker = machine()
    try:
        walker.begin(to=chance.choice("BC"), start="asked")
        for _ in range(steps):
            name, more = chance.choice(_possible(walker, chance))
            at = walker.model.slip.state if walker.model.slip else "nothing"
            tried[name, at if walker.model.is_live else "closed"] += 1
            getattr(walker, name)(**more)
            walker.the_model_is_right()
            walker.who_may_read_is_right()
            walker.everybody_was_told_once()
    finally:
        connection.needs_rollback = False  # what the database refused broke the transaction
        walker.teardown()
    return tried


def _possible(walker, chance):
    team, yes = chance.choice(TEAMS), chance.random() < 0.5
    found = [
        ("let_share", {"team": team}),
        ("take_ground", {"team": team}),
        ("offer_to", {"team": team, "heard": yes}),
        ("offer_to", {"team": team, "heard": True}),
    ]
    if walker.ticks < MOST_TICKS:
        found.append(("time_passes", {"steps": chance.choice([1, 2])}))
    if walker.model.slip:
        found += [
            ("a_stranger_tries", {"team": team}),
            *[("accept_it", {})] * (6 if walker.model.slip.state == "offered" else 1),
            ("decline_it", {"reason": chance.choice(list(DeclineReason))}),
            ("meet_it", {"there": yes}),
            ("give_it_back", {}),
            ("withdraw_it", {"by_resident": yes}),
        ]
    if not walker.model.is_live:
        found += [("open_again", {})] * len(found)
    elif walker.model.slip or yes:
        found.append(("close_it", {}))
    return found


def test_walks_by_chance_agree_too_and_try_every_move_in_every_state(world):
    Handing.world, tried = world, Counter()
    with working_for(HERE):
        for seed in range(EXAMPLES):
            tried += stroll(Handing, seed)
    answers = ("accept_it", "decline_it", "meet_it", "give_it_back", "withdraw_it")
    moves = ("let_share", "take_ground", "offer_to", "time_passes", "close_it")
    wanted = {(move, at) for at in ("offered", "accepted") for move in (*answers, *moves)}
    wanted |= {(move, "nothing") for move in moves} | {("open_again", "closed")}
    assert not wanted - set(tried)
