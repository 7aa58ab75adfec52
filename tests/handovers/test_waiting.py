"""Waiting for a place: who is next, what is told, and that it ends or somebody looks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from omzien.directory.models import Service
from omzien.handovers.actions.answering import accept, decline, meet, return_question
from omzien.handovers.actions.clock import run_clock
from omzien.handovers.actions.ending import stop_question
from omzien.handovers.actions.leaving import resident_died
from omzien.handovers.actions.offering import Offer, offer, withdraw
from omzien.handovers.actions.receivers import CHECKS
from omzien.handovers.actions.rooms import say_room
from omzien.handovers.actions.teams import archive_team
from omzien.handovers.actions.waiting import (
    HEARS,
    PLACE_FREE,
    call,
    keep_contact,
    put_on_list,
    take_off,
)
from omzien.handovers.models import Handover, Room, Wait
from omzien.handovers.queries.receivers import receivers_for
from omzien.handovers.queries.rooms import counted, free_of
from omzien.handovers.refusals import (
    AlreadyOpen,
    NamesSomebody,
    NeedsReason,
    NeedsTelling,
    NeedsWords,
    NoList,
    NoPlace,
    NoRule,
    NotAllowed,
    OthersWait,
    SameTeam,
    Stale,
    WrongState,
)
from omzien.handovers.rules.states import Capacity, ContactKind, DeclineReason, State
from omzien.handovers.rules.waiting import OPEN_WAIT, WAIT, WaitState, hears_on, room_now
from omzien.journal.isolation import choose
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.people.models import Ground
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions.working import close, reopen
from omzien.questions.models import Question, Task
from omzien.questions.refusals import TeamOwnsWork
from omzien.questions.rules.states import Result
from omzien.questions.terms import terms_of
from tests.casework import NOW, WHAT, a_question, at, consent

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
ANYWAY = Offer(**{**vars(WHAT), "capacity_reason": "Zij kan niet langer wachten"})


# The rules


def test_every_state_is_reached_and_only_a_place_and_a_lapse_end_it():
    assert {move.end for move in WAIT.values()} == set(WaitState)
    starts = {state for move in WAIT.values() for state in move.start}
    assert set(WaitState) - starts == {WaitState.LAPSED}
    assert set(WaitState) - OPEN_WAIT == {WaitState.PLACED, WaitState.LAPSED}
    # Back from a place only when its handover ended; the way to a place is only by an offer.
    assert WAIT["place"].start == {WaitState.OFFERED} and WAIT["lapse"].start == {"waiting"}


@pytest.mark.parametrize(
    "said,places,held,in_line,keeps,found",
    [
        # without a number it is as said, whatever is held
        ("yes", None, 9, 9, True, "yes"), ("no", None, 0, 0, False, "no"),
        ("ask-first", None, 0, 0, True, "ask-first"),
        # with a number it follows from that, and never says more than there is
        ("no", 2, 1, 0, False, "yes"), ("ask-first", 2, 1, 0, False, "ask-first"),
        ("yes", 2, 2, 0, False, "no"), ("yes", 2, 2, 0, True, "waiting-list"),
        ("yes", 2, 3, 0, False, "no"), ("yes", 0, 0, 0, False, "no"),
        # who waits goes before
        ("yes", 2, 1, 1, True, "waiting-list"), ("yes", 2, 1, 1, False, "waiting-list"),
        ("yes", 3, 1, 1, True, "yes"),
    ],
)  # fmt: skip
def test_room_follows_from_the_places(said, places, held, in_line, keeps, found):
    room = room_now(Capacity(said), places=places, held=held, in_line=in_line, keeps_list=keeps)
    assert room == found


def test_the_reminder_comes_a_week_before_the_last_day():
    assert hears_on(TODAY, 6) == (TODAY + timedelta(weeks=5), TODAY + timedelta(weeks=6))


# Counted places


def says(town, desk, capacity=Capacity.WAITING_LIST, **more):
    return say_room(team=desk.team, capacity=capacity, note="", by=desk.by, on=TODAY, **more)


def free(desk, on=TODAY):
    return free_of(counted(Room.objects.filter(team=desk.team)).first(), on=on)


def shown(town, question, desk):
    found = receivers_for(question, now=NOW)
    return next(one.capacity for one in found if one.team == desk.team)


@pytest.fixture
def question(town):
    return a_question(town)


def offered(town, question, desk=None, what=WHAT):
    owner = next(one for one in town.desks.values() if one.team.pk == question.team_id)
    return offer(question=question, to_team=(desk or town.b).team, offer=what, by=owner.by, now=NOW)


def accepted(town, question, what=WHAT):
    slip = offered(town, question, what=what)
    return accept(handover=slip, contact_name="Wim B", by=town.b.by, now=NOW)


def met(town, slip):
    return meet(
        handover=slip, met_on=TODAY, met_by=ContactKind.PHONE, resident_was_there=True,
        by=town.b.by, now=NOW,
    )  # fmt: skip


def test_a_place_is_reserved_taken_and_free_again(town, question):
    consent(town, town.b)
    says(town, town.b, Capacity.YES, places=2)
    slip = offered(town, question)
    assert free(town.b) == 2  # asked is not reserved
    accept(handover=slip, contact_name="Wim B", by=town.b.by, now=NOW)
    assert free(town.b) == 1 and shown(town, question, town.b) == Capacity.YES
    met(town, slip)
    assert free(town.b) == 1
    question.refresh_from_db()
    done = {"result": Result.SOLVED, "rung_reached": Rung.GENERAL, "is_told": True, "now": NOW}
    close(question=question, by=town.b.by, **done)
    assert free(town.b) == 2
    reopen(question=question, by=town.b.by, now=NOW)
    assert free(town.b) == 1


ENDS = {
    "give-back": lambda town, slip: return_question(
        handover=slip, reason="Ziek", by=town.b.by, now=NOW),
    "withdraw": lambda town, slip: withdraw(handover=slip, by=town.a.by, now=NOW),
    "by the resident": lambda town, slip: withdraw(handover=slip, by=town.me, now=NOW),
    "the clock": lambda town, slip: run_clock(
        municipality=town.municipality, now=at(TODAY + timedelta(days=40))),
    "the question": lambda town, slip: stop_question(
        question=slip.question, name="withdraw", by=town.me, now=NOW),
    "death": lambda town, slip: resident_died(question=slip.question, by=town.a.by, now=NOW),
}  # fmt: skip


@pytest.mark.parametrize("how", ENDS)
def test_each_end_without_a_first_contact_gives_the_place_back(town, question, how):
    consent(town, town.b)
    says(town, town.b, Capacity.YES, places=1)
    slip = accepted(town, question)
    assert free(town.b) == 0
    ENDS[how](town, slip)
    choose("GM1948")
    slip.refresh_from_db()
    assert slip.ended_at is not None and free(town.b) == 1


def test_handing_it_on_gives_the_place_back(town, question):
    consent(town, town.b)
    consent(town, town.c)
    says(town, town.b, Capacity.YES, places=1)
    met(town, accepted(town, question))
    question.refresh_from_db()
    slip = offered(town, question, town.c)
    accept(handover=slip, contact_name="Wim C", by=town.c.by, now=NOW)
    assert free(town.b) == 0  # still theirs until the first contact
    meet(
        handover=slip, met_on=TODAY, met_by=ContactKind.PHONE, resident_was_there=True,
        by=town.c.by, now=NOW,
    )  # fmt: skip
    assert free(town.b) == 1


def test_the_last_place_is_given_once_and_the_team_can_say_that_there_is_more(town, question):
    consent(town, town.b)
    says(town, town.b, Capacity.YES, places=1)
    second = a_question(town)
    accepted(town, question)
    assert shown(town, second, town.b) == Capacity.NO
    slip = offered(town, second)
    with pytest.raises(NoPlace), transaction.atomic():
        accept(handover=slip, contact_name="Wim B", by=town.b.by, now=NOW)
    slip.refresh_from_db()
    assert slip.state == State.OFFERED and free(town.b) == 0
    says(town, town.b, Capacity.YES, places=1)  # one more than there was
    accept(handover=slip, contact_name="Wim B", by=town.b.by, now=NOW)
    assert free(town.b) == 0


def test_what_was_said_long_ago_counts_no_more(town, question):
    consent(town, town.b)
    says(town, town.b, Capacity.YES, places=0)
    assert shown(town, question, town.b) == Capacity.NO
    Room.objects.update(said_on=TODAY - timedelta(days=15))
    assert shown(town, question, town.b) == Capacity.UNKNOWN and free(town.b) is None
    accepted(town, question)


def test_without_a_number_nothing_is_counted(town, question):
    consent(town, town.b)
    says(town, town.b, Capacity.YES)
    accepted(town, question)
    assert free(town.b) is None and shown(town, a_question(town), town.b) == Capacity.YES


# On the list


def waits(town, question, desk=None, **more):
    owner = next(one for one in town.desks.values() if one.team.pk == question.team_id)
    fields = {
        "question": question, "team": (desk or town.b).team, "what": "Een plek op de dagbesteding",
        "bridge": "Elke dinsdag koffie in de huiskamer", "is_told": True, "by": owner.by,
        "now": NOW,
    }  # fmt: skip
    return put_on_list(**(fields | more))


@pytest.fixture
def listed(town):
    return says(town, town.b)


@pytest.fixture
def wait(town, question, listed):
    return waits(town, question)


def told(code):
    """Return who got a mail about a list; each once."""
    rows = list(
        Message.objects.filter(key__startswith="wait:", key__contains=code).values_list(
            "recipient", flat=True
        )
    )
    assert len(rows) == len(set(rows))
    return {one.partition("@")[0] for one in rows}


def tasks():
    return sorted(Task.objects.open().values_list("kind", "what", "team__name"))


def test_a_question_waits_and_stays_where_it_is(town, question, wait):
    question.refresh_from_db()
    assert (question.team, wait.state, wait.since) == (town.a.team, "waiting", NOW)
    assert wait.due_on == TODAY + timedelta(weeks=6) and wait.contact_weeks == 6
    assert told("entered:") == set() and told("team-wait-entered") == {"wim.b", "cor.b"}
    assert told("resident-wait-entered") == {"rina"}
    bodies = " ".join(Message.objects.values_list("body", flat=True))
    assert "Rina" not in bodies and "dagbesteding" not in bodies and "huiskamer" not in bodies
    fact = Fact.objects.get(verb="wait")
    assert fact.details["wait"] == str(wait.pk) and "dagbesteding" not in str(fact.details)
    assert Ground.objects.count() == 0  # nothing is shared by waiting


def test_the_same_form_sent_twice_is_once(town, question, listed):
    from uuid import uuid4

    key = uuid4()
    assert waits(town, question, key=key).pk == waits(town, question, key=key).pk
    assert Wait.objects.count() == 1 and told("team-wait-entered") == {"wim.b", "cor.b"}


@pytest.mark.parametrize(
    "change,refusal",
    [
        ({"what": " "}, NeedsWords), ({"bridge": ""}, NeedsWords),
        ({"is_told": False}, NeedsTelling),
        ({"what": "Een plek voor Rina Roos"}, NamesSomebody), ({"goes_first": True}, NoRule),
    ],
)  # fmt: skip
def test_what_a_wait_needs(town, question, listed, change, refusal):
    with pytest.raises(refusal):
        waits(town, question, **change)
    assert not Wait.objects.exists()


def test_who_may_put_on_which_list(town, question, listed):
    with pytest.raises(NotAllowed):
        waits(town, question, by=town.c.by)
    with pytest.raises(NoList):
        waits(town, question, town.c)
    with pytest.raises(SameTeam):
        waits(town, question, town.a)
    waits(town, question)
    with pytest.raises(AlreadyOpen):
        waits(town, question, what="Iets anders")


def test_who_is_offered_there_does_not_wait_there(town, question, listed):
    consent(town, town.b)
    offered(town, question)
    with pytest.raises(AlreadyOpen):
        waits(town, question)


def test_an_entry_of_the_map_bridges_too(world, town, question, listed):
    entry = Service.objects.get(pk=world.huiskamer.pk)
    row = waits(town, question, bridge="", service=entry)
    assert row.service == entry.pk and row.bridge == entry.title


def test_the_rules_are_those_of_the_day_that_it_began(town, question, listed):
    says(town, town.b, first_rule="Wie zijn huis kwijtraakt, gaat voor")
    row = waits(town, question, goes_first=True)
    says(town, town.b, first_rule="Iets anders")
    row.refresh_from_db()
    assert row.goes_first and row.first_rule == "Wie zijn huis kwijtraakt, gaat voor"


def test_a_team_that_is_waited_for_does_not_end(town, wait):
    with pytest.raises(TeamOwnsWork) as found, transaction.atomic():
        archive_team(team=town.b.team, by=SYSTEM)
    assert [kind for kind, _ in found.value.what] == ["wait"]
    assert wait.question.reference not in str(found.value.what)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(town.b.team).objects.filter(pk=town.b.team.pk).update(archived_at=NOW)


# The line


@pytest.fixture
def line(town, listed):
    """Return three waits: the first of the longest ago."""
    return [since(days, waits(town, a_question(town), what=f"Plek {days}")) for days in (9, 6, 3)]


def since(days, row):
    """Let a wait have begun days ago."""
    Wait.objects.filter(pk=row.pk).update(since=NOW - timedelta(days=days))
    row.refresh_from_db()
    return row


def run(town, days=0):
    count = run_clock(municipality=town.municipality, now=at(TODAY + timedelta(days=days), 23))
    choose("GM1948")
    return count


def called():
    return sorted(Wait.objects.filter(called_at__isnull=False).values_list("what", flat=True))


def test_a_free_place_calls_who_waits_longest_and_twice_is_once(town, line):
    assert run(town) == 0
    says(town, town.b, places=1)
    assert run(town) == 1 and called() == ["Plek 9"]
    assert run(town) == 0 and called() == ["Plek 9"]
    assert told("team-wait-called") == {"wim.a", "cor.a"}
    assert ("told", PLACE_FREE, "Team A") in tasks()
    says(town, town.b, places=2)
    assert run(town) == 1 and called() == ["Plek 6", "Plek 9"]
    # For others there is a list still, for both places are meant for somebody.
    assert shown(town, a_question(town), town.b) == Capacity.WAITING_LIST


def test_who_goes_first_by_the_rule_is_called_first(town, line):
    says(town, town.b, first_rule="Wie zijn huis kwijtraakt, gaat voor", places=1)
    waits(town, a_question(town), what="Plek met voorrang", goes_first=True)
    run(town)
    assert called() == ["Plek met voorrang"]


def test_the_receiver_calls_and_says_why_not_the_first(town, line):
    first, second, _third = line
    for by in (town.a.by, town.c.by, town.me):
        with pytest.raises(NotAllowed):
            call(wait=first, by=by, now=NOW)
    with pytest.raises(NeedsReason):
        call(wait=second, by=town.b.by, now=NOW)
    call(wait=second, by=town.b.by, now=NOW, reason="Alleen plek op maandag")
    call(wait=first, by=town.b.by, now=NOW)
    second.refresh_from_db()
    first.refresh_from_db()
    assert second.skip_reason == "Alleen plek op maandag" and first.skip_reason == ""
    with pytest.raises(WrongState):
        call(wait=first, by=town.b.by, now=NOW)


def test_where_places_are_counted_none_is_called_without_one(town, line):
    says(town, town.b, places=1)
    call(wait=line[0], by=town.b.by, now=NOW)
    with pytest.raises(NoPlace):
        call(wait=line[1], by=town.b.by, now=NOW)


def test_others_go_before_who_waits_only_with_a_reason(town, line):
    consent(town, town.b)
    with pytest.raises(OthersWait), transaction.atomic():
        offered(town, a_question(town))
    with pytest.raises(OthersWait), transaction.atomic():
        offered(town, line[1].question)
    says(town, town.b, places=1)
    run(town)
    slip = offered(town, Wait.objects.get(called_at__isnull=False).question)
    assert slip.wait == line[0] and slip.capacity_reason == ""
    assert offered(town, a_question(town), what=ANYWAY).wait is None
    assert offered(town, line[1].question, what=ANYWAY).wait == line[1]


def test_who_is_called_may_come_although_the_team_said_it_is_full(town, question):
    consent(town, town.b)
    says(town, town.b, Capacity.NO, keeps_list=True)
    wait = waits(town, question)
    call(wait=wait, by=town.b.by, now=NOW)
    full = Offer(**{**vars(WHAT), "capacity": Capacity.NO})
    slip = offered(town, question, what=full)
    assert (slip.wait, slip.capacity) == (wait, Capacity.YES)


def test_what_was_forgotten_altogether_is_said_to_both(town, wait):
    run(town, 60)
    assert told("team-wait-remind") == {"wim.a", "cor.a"} and told("team-wait-overdue") == {"cor.a"}


def test_who_waits_alone_needs_no_reason(town, wait):
    consent(town, town.b)
    assert offered(town, wait.question).wait == wait


def test_the_way_to_a_place(town, question, wait):
    consent(town, town.b)
    says(town, town.b, places=1)
    run(town)
    slip = offered(town, question)
    wait.refresh_from_db()
    assert (wait.state, wait.called_at) == ("offered", None)
    assert ("told", PLACE_FREE, "Team A") not in tasks()
    with pytest.raises(WrongState):
        take_off(wait=wait, by=town.me, now=NOW)  # the handover is withdrawn then
    accept(handover=slip, contact_name="Wim B", by=town.b.by, now=NOW)
    wait.refresh_from_db()
    assert (wait.state, wait.due_on) == ("placed", None) and free(town.b) == 0
    met(town, slip)
    wait.refresh_from_db()
    question.refresh_from_db()
    assert wait.state == "placed" and question.team == town.b.team
    assert list(Fact.objects.filter(verb__startswith="wait").values_list("verb", flat=True)) == [
        "wait", "wait-call", "wait-offer", "wait-place",
    ]  # fmt: skip


def no(town, slip):
    decline(
        handover=slip, reason=DeclineReason.WRONG_GROUP, text="Past niet", suggestion="Weet niet",
        by=town.b.by, now=NOW,
    )  # fmt: skip


BACK = {
    "declined": (False, no),
    "withdrawn": (False, ENDS["withdraw"]),
    "withdrawn by the resident": (False, ENDS["by the resident"]),
    "expired": (False, ENDS["the clock"]),
    "returned": (True, ENDS["give-back"]),
    "no contact": (True, ENDS["the clock"]),
}


@pytest.mark.parametrize("how", BACK)
def test_a_handover_that_comes_to_nothing_goes_back_to_the_same_day(town, question, wait, how):
    consent(town, town.b)
    yes, end = BACK[how]
    slip = accepted(town, question) if yes else offered(town, question)
    end(town, slip)
    choose("GM1948")
    wait.refresh_from_db()
    assert (wait.state, wait.since, wait.ended_at) == ("waiting", NOW, None)
    assert wait.paused_at is not None and wait.due_on is not None
    assert wait.heard_on == TODAY and wait.due_on <= TODAY + timedelta(days=60)
    # Its own team looks first; only then a place is called for it.
    says(town, town.b, places=1)
    run(town)
    assert not called()
    keep_contact(wait=wait, by=town.a.by, now=NOW)
    run(town)
    assert called() == [wait.what]


def test_when_the_ground_goes_the_handover_ends_and_the_wait_goes_on(town, question, wait):
    from omzien.handovers.actions.offering import withdraw_ground

    ground = consent(town, town.b)
    slip = offered(town, question)
    withdraw_ground(ground=ground, by=town.me, now=NOW)
    slip.refresh_from_db()
    wait.refresh_from_db()
    assert (slip.state, wait.state) == ("withdrawn", "waiting")


# Off the list


def test_the_resident_steps_off_and_their_team_hears_it(town, wait):
    with pytest.raises(NotAllowed):
        take_off(wait=wait, by=town.c.by, now=NOW)
    with pytest.raises(NotAllowed):
        take_off(wait=wait, by=town.b.by, now=NOW)
    take_off(wait=wait, by=town.me, now=NOW)
    wait.refresh_from_db()
    assert (wait.state, wait.lapse) == ("lapsed", "resident")
    assert told("team-wait-left") == {"wim.a", "cor.a"}


def test_the_own_team_takes_off_with_a_reason_and_the_resident_hears_it(town, wait):
    with pytest.raises(NeedsReason):
        take_off(wait=wait, by=town.a.by, now=NOW)
    with pytest.raises(Stale):
        take_off(wait=wait, by=town.a.by, now=NOW, reason="Elders gelukt", version=9)
    take_off(wait=wait, by=town.a.by, now=NOW, reason="Elders gelukt")
    wait.refresh_from_db()
    assert (wait.state, wait.lapse, wait.reason) == ("lapsed", "owner", "Elders gelukt")
    assert told("resident-wait-ended") == {"rina"}


def ended(town, question):
    close(
        question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
        by=town.a.by, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("offers", [False, True])
@pytest.mark.parametrize("how", ["close", "stop", "death"])
def test_a_question_that_ends_waits_no_more(town, question, wait, how, offers):
    if offers and how != "close":
        consent(town, town.b)
        offered(town, question)
    {
        "close": lambda: ended(town, question),
        "stop": lambda: stop_question(question=question, name="own-way", by=town.me, now=NOW),
        "death": lambda: resident_died(question=question, by=town.a.by, now=NOW),
    }[how]()
    wait.refresh_from_db()
    assert (wait.state, wait.lapse, wait.due_on) == ("lapsed", "ended", None)
    assert Fact.objects.filter(verb="wait-lapse", details__why="ended").count() == 1


def test_a_question_that_opens_again_lost_no_time(town, question, listed):
    before = since(30, waits(town, question))
    ended(town, question)
    reopen(question=question, by=town.a.by, now=NOW)
    assert waits(town, question).since == before.since
    # But who stepped off chose to.
    take_off(wait=Wait.objects.open().get(), by=town.me, now=NOW)
    Wait.objects.filter(pk=before.pk).delete()
    assert waits(town, question).since == NOW


# The clock


def test_h9_nobody_acts_and_somebody_is_told_again_and_again(town, question, wait):
    for day in range(80):
        run(town, day)
    wait.refresh_from_db()
    question.refresh_from_db()
    assert wait.state == "waiting" and question.team == town.a.team and wait.due_on is not None
    assert told("team-wait-remind") == {"wim.a", "cor.a"}
    overdue = Message.objects.filter(key__contains="team-wait-overdue")
    assert set(overdue.values_list("recipient", flat=True)) == {"cor.a@meierijstad.example"}
    assert overdue.count() > 3
    assert [one for one in tasks() if one[0] in ("told", "coordinator")] == [
        ("coordinator", "", "Team A"), ("told", HEARS, "Team A"),
    ]  # fmt: skip


def test_a_word_to_the_resident_starts_the_clock_anew(town, wait):
    run(town, 36)
    assert ("told", HEARS, "Team A") in tasks()
    with pytest.raises(NotAllowed):
        keep_contact(wait=wait, by=town.b.by, now=NOW)
    day = TODAY + timedelta(days=37)
    keep_contact(wait=wait, by=town.a.by, now=at(day), bridge="Elke week bellen")
    wait.refresh_from_db()
    assert (wait.heard_on, wait.due_on) == (day, day + timedelta(weeks=6))
    assert wait.bridge == "Elke week bellen" and ("told", HEARS, "Team A") not in tasks()
    run(town, 60)
    assert told("team-wait-remind") == {"wim.a", "cor.a"}  # of the first clock only


def test_a_place_that_is_not_offered_goes_to_the_next_and_a_coordinator_looks(town, line):
    says(town, town.b, places=1)
    run(town)
    Room.objects.update(said_on=TODAY + timedelta(days=8))
    late = terms_of("GM1948").after(TODAY, terms_of("GM1948").answer) - TODAY
    run(town, late.days)
    assert called() == ["Plek 9"]
    run(town, late.days + 1)
    assert called() == ["Plek 6"]
    first = line[0]
    first.refresh_from_db()
    assert first.state == "waiting" and first.paused_at and first.since == NOW - timedelta(days=9)
    assert told("team-wait-missed") == {"cor.a"}
    assert ("coordinator", "", "Team A") in tasks()


# What the database holds


WRONG = [
    {"due_on": None}, {"ended_at": NOW}, {"state": "lapsed"}, {"state": "placed"},
    {"called_at": NOW}, {"goes_first": True}, {"bridge": ""}, {"lapse": "owner"},
]  # fmt: skip


@pytest.mark.parametrize("change", WRONG, ids=lambda one: "-".join(one))
def test_what_is_never_so(wait, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Wait.objects.filter(pk=wait.pk).update(**change)


def test_a_wait_stands_where_its_handover_stands(town, question, wait):
    consent(town, town.b)
    consent(town, town.c)
    slip = offered(town, question)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=slip.pk).update(state="accepted", contact_name="Wim")
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(state="closed")
    withdraw(handover=slip, by=town.a.by, now=NOW)
    other = offered(town, a_question(town), town.c)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=other.pk).update(wait=wait)


# Who hears of it


@pytest.mark.parametrize(
    "code,end,to,goes",
    [
        ("team-wait-entered", False, "wim.b", True), ("team-wait-entered", False, "wim.a", False),
        ("team-wait-entered", True, "wim.b", False), ("team-wait-called", False, "wim.a", True),
        ("team-wait-called", False, "wim.b", False), ("team-wait-called", True, "wim.a", False),
        ("team-wait-left", True, "wim.a", True), ("resident-wait-entered", False, "rina", True),
        ("resident-wait-entered", True, "rina", False), ("resident-wait-ended", True, "rina", True),
        ("resident-wait-ended", True, "wim.b", False),
    ],
)  # fmt: skip
def test_n2_a_mail_goes_to_who_it_is_for_when_it_goes(town, wait, code, end, to, goes):
    if end:
        take_off(wait=wait, by=town.me, now=NOW)
    mail = Message(
        municipality=town.municipality, key=f"wait:{wait.pk}:{code}",
        recipient=f"{to}@meierijstad.example",
    )  # fmt: skip
    assert CHECKS["wait"](mail) is goes
