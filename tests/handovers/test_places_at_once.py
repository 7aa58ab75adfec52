"""The last place, over real connections: one gets it, the others are told; and nothing locks up."""

import random
import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import connections
from django.utils import timezone

from omzien.handovers.actions.answering import accept
from omzien.handovers.actions.clock import run_clock
from omzien.handovers.actions.offering import offer, withdraw
from omzien.handovers.actions.rooms import say_room
from omzien.handovers.actions.waiting import call, call_first, put_on_list, take_off
from omzien.handovers.models import Handover, Room, Wait
from omzien.handovers.queries.rooms import counted, free_of
from omzien.handovers.refusals import NoPlace, NotAllowed, OthersWait, WrongState
from omzien.handovers.rules.states import Capacity, State
from omzien.journal.isolation import working_for
from omzien.messages.models import Message
from omzien.questions.models import Question, Task
from tests.casework import NOW, WHAT, a_question, an_offer, at, consent
from tests.handovers.test_at_once import CODE, ROUNDS
from tests.handovers.test_at_once import town as town

pytestmark = pytest.mark.proofs
ENOUGH = max(ROUNDS // 6, 8)
TODAY = timezone.localdate(NOW)


def race(moves):
    """Let moves begin at the same moment; return what came of each: done, or the refusal."""
    ready, found = threading.Barrier(len(moves)), {}

    def one(name, do):
        ready.wait()
        try:
            with working_for(CODE):
                found[name] = do() not in (False, 0)
        except (NoPlace, NotAllowed, OthersWait, WrongState) as refusal:
            found[name] = type(refusal)
        except Exception as error:
            found[name] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=move) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(isinstance(one, Exception) for one in found.values()), found
    return found


def says(town, places):
    say_room(
        team=town.b.team, capacity=Capacity.WAITING_LIST, note="", by=town.b.by, on=TODAY,
        places=places,
    )  # fmt: skip


def free(town):
    return free_of(counted(Room.objects.filter(team=town.b.team)).get(), on=TODAY)


@pytest.fixture
def ready(town):
    with working_for(CODE):
        consent(town, town.b)
    return town


def forget():
    with working_for(CODE):
        for model in (Task, Handover, Wait, Question, Message):
            model.objects.all().delete()


@pytest.mark.parametrize("places", [1, 2])
def test_of_four_who_are_accepted_at_once_as_many_come_in_as_there_are_places(ready, places):
    town = ready
    for _ in range(ENOUGH):
        with working_for(CODE):
            says(town, places)
            slips = [an_offer(a_question(town), town.b, town) for _ in range(4)]
            by = town.b.by
        said = {"contact_name": "Wim B", "by": by, "now": NOW}
        found = race([(one.pk, partial(accept, handover=one, **said)) for one in slips])
        assert sorted(found.values(), key=str) == [NoPlace] * (4 - places) + [True] * places
        with working_for(CODE):
            assert free(town) == 0
            open_ = Handover.objects.filter(state=State.OFFERED).values_list("pk", flat=True)
            assert set(open_) == {key for key, one in found.items() if one is NoPlace}
        forget()


def test_a_place_that_comes_free_and_one_that_is_asked_never_lock_each_other(ready):
    town = ready
    for _ in range(ENOUGH):
        with working_for(CODE):
            says(town, 1)
            said = {"contact_name": "Wim B", "by": town.b.by, "now": NOW}
            first, second = (an_offer(a_question(town), town.b, town) for _ in range(2))
            accept(handover=first, **said)
            owner = town.a.by
        moves = [
            ("withdraw", partial(withdraw, handover=first, by=owner, now=NOW)),
            ("accept", partial(accept, handover=second, **said)),
            ("say", partial(says, town, 0)),
        ]
        random.shuffle(moves)
        found = race(moves)
        assert found["withdraw"] is True and found["say"] is True
        assert found["accept"] in (True, NoPlace)
        with working_for(CODE):
            held = Handover.objects.filter(state=State.ACCEPTED).count()
            assert held <= Room.objects.get().places and free(town) >= 0
        forget()


def listed(town, number):
    common = {"team": town.b.team, "bridge": "Koffie", "is_told": True, "by": town.a.by}
    found = []
    for days in range(number, 0, -1):
        one = put_on_list(question=a_question(town), what="Een plek", now=NOW, **common)
        Wait.objects.filter(pk=one.pk).update(since=NOW - timedelta(days=days))
        found.append(one)
    return found


def test_for_one_place_one_is_called(ready):
    town = ready
    for _ in range(ENOUGH):
        with working_for(CODE):
            says(town, 0)
            first, second, third = listed(town, 3)
            says(town, 1)
            by, me = town.b.by, town.me
        moves = [
            ("clock", partial(call_first, wait=first, now=NOW)),
            ("again", partial(call_first, wait=first, now=NOW)),
            ("other", partial(call, wait=second, by=by, now=NOW, reason="Alleen op maandag")),
            ("off", partial(take_off, wait=third, by=me, now=NOW)),
        ]
        random.shuffle(moves)
        found = race(moves)
        assert sum(found[one] is True for one in ("clock", "again", "other")) == 1, found
        with working_for(CODE):
            assert Wait.objects.filter(called_at__isnull=False).count() == 1
            assert Wait.objects.get(pk=third.pk).state == "lapsed"
        forget()


def test_of_an_offer_and_stepping_off_one_wins_and_the_two_stay_together(ready):
    town = ready
    for _ in range(ENOUGH):
        with working_for(CODE):
            says(town, 0)
            (wait,) = listed(town, 1)
            owner, me = town.a.by, town.me
        common = {"question": wait.question, "to_team": town.b.team, "offer": WHAT, "now": NOW}
        moves = [
            ("offer", partial(offer, by=owner, **common)),
            ("off", partial(take_off, wait=wait, by=me, now=NOW)),
        ]
        random.shuffle(moves)
        found = race(moves)
        assert found["offer"] is True and found["off"] in (True, WrongState)
        with working_for(CODE):
            wait.refresh_from_db()
            tied = Handover.objects.get().wait_id
            assert (wait.state, tied) == (
                ("lapsed", None) if found["off"] is True else ("offered", wait.pk)
            )
        forget()


def test_the_clock_twice_at_once_calls_each_once(ready):
    town = ready
    with working_for(CODE):
        says(town, 0)
        listed(town, 3)
        says(town, 2)

    def clock():
        return run_clock(municipality=town.municipality, now=at(TODAY, 23))

    def alone():
        # The clock opens its own transactions.
        try:
            done.append(clock())
        finally:
            connections.close_all()

    done: list[int] = []
    threads = [threading.Thread(target=alone) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(done) == 2
    with working_for(CODE):
        called = Wait.objects.filter(called_at__isnull=False).order_by("since")
        assert list(called) == list(Wait.objects.order_by("since")[:2])
        assert Message.objects.filter(key__contains="team-wait-called").count() == 4
    forget()
