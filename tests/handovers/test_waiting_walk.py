"""Any order of moves by people and the clock, on the real actions: what holds of a wait, holds."""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omzien.handovers.actions.answering import accept, decline, meet, return_question
from omzien.handovers.actions.clock import run_clock
from omzien.handovers.actions.ending import stop_question
from omzien.handovers.actions.offering import Offer, offer, withdraw, withdraw_ground
from omzien.handovers.actions.rooms import say_room
from omzien.handovers.actions.waiting import call, keep_contact, put_on_list, take_off
from omzien.handovers.models import Handover, Room, Wait
from omzien.handovers.queries.rooms import capacity_on, counted
from omzien.handovers.refusals import Refused
from omzien.handovers.rules.states import OPEN, TAKEN, Capacity, ContactKind, DeclineReason
from omzien.handovers.rules.waiting import OPEN_WAIT
from omzien.journal.isolation import choose
from omzien.people.models import Ground
from omzien.people.refusals import Refused as NotThere
from omzien.questions.actions.working import close, reopen
from omzien.questions.models import Question
from omzien.questions.rules.states import Result
from tests.casework import NOW, WHAT, a_question, at, consent

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
EXAMPLES = int(os.environ.get("OMZIEN_WALK_EXAMPLES", "15"))
ANYWAY = Offer(**{**vars(WHAT), "capacity_reason": "Kan niet wachten"})


class World:
    """A town in which two questions can wait for team B, and the days go by."""

    def __init__(self, town):
        self.town, self.day = town, TODAY
        self.questions = [a_question(town), a_question(town)]
        self.say(1)

    @property
    def now(self):
        return NOW + timedelta(days=(self.day - TODAY).days)

    def say(self, places):
        say_room(
            team=self.town.b.team, capacity=Capacity.WAITING_LIST, note="", by=self.town.b.by,
            on=self.day, places=places,
        )  # fmt: skip

    def wait_of(self, number):
        found = Wait.objects.filter(question=self.questions[number]).order_by("-entered_at").first()
        return found or Wait()

    def slip_of(self, number):
        found = Handover.objects.filter(question=self.questions[number]).order_by("-offered_at")
        return found.first() or Handover()

    def do(self, name, number):
        town, asked, now = self.town, self.questions[number], self.now
        wait, slip = self.wait_of(number), self.slip_of(number)
        b, common = town.b.by, {"by": town.a.by, "now": now}
        moves = {
            "list": lambda: put_on_list(
                question=asked, team=town.b.team, what="Een plek", bridge="Koffie", is_told=True,
                **common,
            ),
            "contact": lambda: keep_contact(wait=wait, **common),
            "off": lambda: take_off(wait=wait, by=town.me, now=now),
            "call": lambda: call(wait=wait, by=b, now=now, reason="Past beter"),
            "ground": lambda: consent(town, town.b),
            "no ground": lambda: [
                withdraw_ground(ground=one, by=town.me, now=now)
                for one in Ground.objects.holding(at=timezone.now())
            ],
            "offer": lambda: offer(question=asked, to_team=town.b.team, offer=ANYWAY, **common),
            "accept": lambda: accept(handover=slip, contact_name="Wim", by=b, now=now),
            "decline": lambda: decline(
                handover=slip, reason=DeclineReason.FULL, text="Vol", suggestion="Weet niet",
                by=b, now=now,
            ),
            "withdraw": lambda: withdraw(handover=slip, **common),
            "return": lambda: return_question(handover=slip, reason="Ziek", by=b, now=now),
            "meet": lambda: meet(
                handover=slip, met_on=self.day, met_by=ContactKind.PHONE, resident_was_there=True,
                by=b, now=now,
            ),
            "close": lambda: close(
                question=asked, result=Result.SOLVED, rung_reached="self", is_told=True, **common
            ),
            "stop": lambda: stop_question(question=asked, name="withdraw", by=town.me, now=now),
            "reopen": lambda: reopen(question=asked, **common),
            "room": lambda: self.say(number),
            "days": lambda: self.later(4),
            "weeks": lambda: self.later(30),
        }  # fmt: skip
        moves[name]()

    def later(self, days):
        self.day += timedelta(days=days)
        run_clock(municipality=self.town.municipality, now=at(self.day, 23))
        choose("GM1948")


MOVES = (
    "list", "contact", "off", "call", "ground", "no ground", "offer", "accept", "decline",
    "withdraw", "return", "meet", "close", "stop", "reopen", "room", "days", "weeks",
)  # fmt: skip


def holds(world):
    """Check what is so after every move."""
    for wait in Wait.objects.select_related("question"):
        is_open = wait.state in OPEN_WAIT
        assert is_open == (wait.due_on is not None) == (wait.ended_at is None)
        assert not is_open or wait.question.is_live
        tied = set(wait.handovers.filter(state__in=OPEN).values_list("state", flat=True))
        assert tied == {"offered": {"offered"}}.get(wait.state, tied - {"offered"})
        taken = wait.handovers.filter(state__in=[*TAKEN, "accepted"])
        assert (wait.state == "placed") == taken.exists()
        assert wait.question.team_id == world.town.a.team.pk or wait.state in ("placed", "lapsed")
    live = Wait.objects.filter(state__in=OPEN_WAIT)
    pairs = list(live.values_list("question", "team"))
    assert len(pairs) == len(set(pairs))
    for question in Question.objects.exclude(team=world.town.a.team):
        assert Handover.objects.taken().filter(question=question, to_team=F("question__team"))
    room = counted(Room.objects.all()).get()
    shown = capacity_on(room, on=world.day)
    if room.places <= room.held:
        assert shown not in (Capacity.YES, Capacity.ASK_FIRST)


# What leads on comes more often, so that a walk gets somewhere.
CHOSEN = (
    *MOVES,
    *("list", "ground", "offer", "accept") * 5,
    *("meet", "meet", "reopen", "return") * 2,
)


@given(
    st.lists(
        st.tuples(st.sampled_from(CHOSEN), st.sampled_from((0, 0, 0, 1))), min_size=10, max_size=24
    )
)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_happens(town, moves):
    with transaction.atomic():
        world = World(town)
        consent(town, town.b)
        for name, number in [("list", 0), ("list", 1), *moves]:
            try:
                with transaction.atomic():
                    world.do(name, number)
            except (Refused, NotThere, Question.DoesNotExist, Handover.DoesNotExist,
                    Wait.DoesNotExist):  # fmt: skip
                continue
            holds(world)
        transaction.set_rollback(True)
