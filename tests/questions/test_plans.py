"""The plan: the resident's words, who does what, tries per rung, the advice and measuring."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from omzien.directory.actions.capacity import NotKept, say_capacity
from omzien.directory.actions.entries import reindex
from omzien.directory.models import Capacity as Room
from omzien.directory.models import Service
from omzien.directory.rules import Capacity
from omzien.handovers.privacy import forget
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.measuring import add_instrument, measure, put_away
from omzien.questions.actions.network import share_network, stop_sharing
from omzien.questions.actions.plans import (
    Doing,
    add_action,
    add_goal,
    change_goal,
    end_action,
    end_goal,
    lock_goal,
    split_goal,
)
from omzien.questions.actions.tries import add_try, finish_try
from omzien.questions.actions.working import stop
from omzien.questions.models import (
    Attempt,
    Goal,
    Instrument,
    Measurement,
    PlanAction,
    StrengthSplit,
)
from omzien.questions.queries.advice import advice
from omzien.questions.queries.measures import instruments_of, measured
from omzien.questions.queries.plans import plan_of
from omzien.questions.refusals import (
    DayIsPast,
    IsLocked,
    NeedsAnswers,
    NeedsReason,
    NeedsResident,
    NeedsResult,
    NeedsRights,
    NeedsWho,
    NeedsWords,
    NotAFirstName,
    NotAHundred,
    NotAllowed,
    NotLive,
    SkipsRungs,
    Stale,
    TooLong,
    UnknownInstrument,
    VersionTaken,
    WrongState,
)
from omzien.questions.rules.advice import Reason
from omzien.questions.rules.measuring import BadInstrument
from omzien.questions.rules.plans import ActionState, GoalState, Moment, Split, Who
from tests.casework import NOW, a_question
from tests.questions.test_network import a_proxy, draw, hand_over
from tests.questions.test_plan_rules import GOOD

pytestmark = pytest.mark.django_db
WORDS = "Ik wil weer buiten komen."


@pytest.fixture
def question(town):
    return a_question(town)


def goal(town, question, by=None, **more):
    return add_goal(question=question, words=WORDS, by=by or town.me, now=NOW, **more)


def doing(**more):
    return Doing(
        **({"who": Who.RESIDENT, "what": "Elke dag een blokje om", "rung": Rung.SELF} | more)
    )


# --- goals


def test_a_resident_writes_and_changes_their_own_words(town, question):
    mine = goal(town, question)
    assert not mine.together and Goal.objects.visible_to(town.a.by).count() == 1
    changed = change_goal(goal=mine, words="Ik wil koffie drinken.", by=town.me, version=1)
    assert changed.version == 2 and changed.words == "Ik wil koffie drinken."
    assert end_goal(goal=mine, state=GoalState.REACHED, by=town.me).state == "reached"
    facts = str(list(Fact.objects.values_list("details", flat=True)))
    assert "buiten" not in facts and "koffie" not in facts


def test_a_worker_writes_only_together(town, question):
    with pytest.raises(NeedsResident):
        goal(town, question, by=town.a.by)
    mine = goal(town, question, by=town.a.by, together=True)
    assert mine.together
    with pytest.raises(NeedsResident):
        change_goal(goal=mine, words="Iets anders", by=town.a.by)
    change_goal(goal=mine, words="Iets anders", by=town.a.by, together=True)
    assert Fact.objects.get(verb="add-goal").details["together"] is True


def test_locked_words_are_changed_by_nobody_else(town, question):
    mine = goal(town, question)
    for by in (town.a.by, town.a.boss, town.b.by):
        with pytest.raises(NotAllowed):
            lock_goal(goal=mine, is_locked=True, by=by)
    lock_goal(goal=mine, is_locked=True, by=town.me)
    proxy = a_proxy(town, ["act"])[2]
    for by, together in ((town.a.by, True), (proxy, False)):
        with pytest.raises(IsLocked):
            change_goal(goal=mine, words="x", by=by, together=together)
        with pytest.raises(IsLocked):
            end_goal(goal=mine, state=GoalState.DROPPED, by=by, together=together)
    change_goal(goal=mine, words="Ik mag dit.", by=town.me)
    lock_goal(goal=mine, is_locked=False, by=town.me)
    change_goal(goal=mine, words="Weer open.", by=proxy)


def test_who_writes_alone_cannot_say_that_a_worker_was_there(town, question):
    proxy = a_proxy(town, ["act"])[2]
    assert [goal(town, question, by=by, together=True).together for by in (town.me, proxy)] == [
        False, False,
    ]  # fmt: skip
    assert goal(town, question, by=town.a.by, together=True).together


@pytest.mark.parametrize("what", [["look"], ["talk"], ["receive"]])
def test_a_proxy_without_a_mandate_to_act_writes_nothing(town, question, what):
    with pytest.raises(NotAllowed):
        goal(town, question, by=a_proxy(town, what)[2])


def test_others_write_nothing(town, question):
    mine = goal(town, question)
    for by in (
        town.b.by,
        town.c.by,
        town.a.boss,
        Actor("GM1948", Role.RESIDENT, person=town.a.worker.person_id),
    ):
        with pytest.raises(NotAllowed):
            goal(town, question, by=by, together=True)
        with pytest.raises(NotAllowed):
            change_goal(goal=mine, words="x", by=by, together=True)


def test_what_a_goal_refuses(town, question):
    mine = goal(town, question)
    with pytest.raises(NeedsWords):
        change_goal(goal=mine, words=" \x00 ", by=town.me)
    with pytest.raises(TooLong):
        change_goal(goal=mine, words="😀" * 2_001, by=town.me)
    change_goal(goal=mine, words="😀" * 2_000, by=town.me, version=1)
    with pytest.raises(Stale):
        change_goal(goal=mine, words="Te laat", by=town.me, version=1)
    stop(question=question, name="withdraw", by=town.me, now=NOW)
    for by in (town.me, town.a.by):
        with pytest.raises(NotLive):
            change_goal(goal=mine, words="x", by=by, together=True)


# --- actions


def test_everybody_can_do_something(town, question):
    mine = goal(town, question)
    bas = draw(town)
    for number, one in enumerate((
        doing(),
        doing(who=Who.TIE, tie=bas),
        doing(who=Who.NEIGHBOUR, name="Toos"),
        doing(who=Who.WORKER, membership=town.a.worker),
        doing(who=Who.WORKER),
        doing(who=Who.PROVIDER, name="De Kersentuin"),
    )):  # fmt: skip
        add_action(goal=mine, doing=one, by=town.me, now=NOW + timedelta(seconds=number))
    lines = plan_of(question, actor=town.me)[0].actions
    assert [line.name for line in lines] == ["", "Bas", "Toos", "Wim", "", "De Kersentuin"]


def test_somebody_of_the_network_is_named_only_to_who_sees_the_map(town, question):
    mine = goal(town, question)
    add_action(goal=mine, doing=doing(who=Who.TIE, tie=draw(town)), by=town.me, now=NOW)
    assert plan_of(question, actor=town.a.by)[0].actions[0].name == ""
    share = share_network(question=question, by=town.me, now=NOW)
    assert plan_of(question, actor=town.a.by)[0].actions[0].name == "Bas"
    stop_sharing(share=share, by=town.me, now=NOW)
    with pytest.raises(NeedsWho):
        add_action(
            goal=mine, doing=doing(who=Who.TIE, tie=PlanAction.objects.get().tie), by=town.a.by,
            now=NOW, together=True,
        )  # fmt: skip


def test_what_an_action_refuses(town, question):
    mine = goal(town, question)
    for wrong, why in (
        (doing(what=" "), NeedsWords),
        (doing(who=Who.TIE), NeedsWho),
        (doing(who=Who.NEIGHBOUR, name="Toos Tak"), NotAFirstName),
        (doing(who=Who.WORKER, membership=town.b.worker), NeedsWho),
        (doing(who=Who.PROVIDER), NeedsWho),
        (doing(due_on=timezone.localdate(NOW) - timedelta(days=1)), DayIsPast),
    ):
        with pytest.raises(why):
            add_action(goal=mine, doing=wrong, by=town.me, now=NOW)
    with pytest.raises(NeedsResident):
        add_action(goal=mine, doing=doing(), by=town.a.by, now=NOW)
    with pytest.raises(NotAllowed):
        add_action(goal=mine, doing=doing(), by=town.b.by, now=NOW, together=True)


def test_who_says_that_an_action_is_done(town, question):
    mine = goal(town, question)
    own = add_action(goal=mine, doing=doing(), by=town.me, now=NOW)
    team = add_action(goal=mine, doing=doing(who=Who.WORKER), by=town.me, now=NOW)
    end_action(action=team, state=ActionState.DONE, by=town.a.by, now=NOW)
    with pytest.raises(NeedsResident):
        end_action(action=own, state=ActionState.DONE, by=town.a.by, now=NOW)
    end_action(action=own, state=ActionState.DONE, by=town.a.by, now=NOW, together=True)
    row = end_action(action=own, state=ActionState.OPEN, by=town.me, now=NOW)
    assert row.ended_at is None
    for by in (town.b.by, town.c.by, town.a.boss):
        with pytest.raises(NotAllowed):
            end_action(action=own, state=ActionState.DONE, by=by, now=NOW, together=True)


def test_a_partner_that_owns_the_question_ends_their_own_actions_only(town, question):
    mine = goal(town, question)
    hand_over(town, question, town.c)
    theirs = doing(who=Who.WORKER, membership=town.c.worker)
    own = add_action(goal=mine, doing=theirs, by=town.me, now=NOW)
    other = add_action(goal=mine, doing=doing(), by=town.me, now=NOW)
    assert Goal.objects.visible_to(town.c.by).count() == 1
    end_action(action=own, state=ActionState.DONE, by=town.c.by, now=NOW)
    with pytest.raises(NotAllowed):
        end_action(action=other, state=ActionState.DONE, by=town.c.by, now=NOW, together=True)


# --- who carries a goal


def test_who_carries_a_goal_is_said_before_and_after(town, question):
    mine = goal(town, question)
    split_goal(goal=mine, moment=Moment.BEFORE, split=Split(10, 20, 70), by=town.me, now=NOW)
    split_goal(goal=mine, moment=Moment.BEFORE, split=Split(20, 20, 60), by=town.me, now=NOW)
    assert plan_of(question, actor=town.me)[0].shift is None
    split_goal(
        goal=mine,
        moment=Moment.AFTER,
        split=Split(50, 30, 20),
        by=town.a.by,
        now=NOW,
        together=True,
    )
    view = plan_of(question, actor=town.a.by)[0]
    assert (view.before, view.shift) == (Split(20, 20, 60), 40)
    assert StrengthSplit.objects.get(moment="after").with_whom == "together"
    for wrong in (Split(50, 50, 50), Split(-10, 60, 50)):
        with pytest.raises(NotAHundred):
            split_goal(goal=mine, moment=Moment.AFTER, split=wrong, by=town.me, now=NOW)
    with pytest.raises(NeedsResident):
        split_goal(goal=mine, moment=Moment.AFTER, split=Split(0, 0, 100), by=town.a.by, now=NOW)
    with pytest.raises(NotAllowed):
        split_goal(goal=mine, moment=Moment.AFTER, split=Split(0, 0, 100), by=town.b.by, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        StrengthSplit.objects.update(own=99)


# --- tries


def test_a_try_has_a_result_and_a_reason(town, question):
    one = add_try(question=question, rung=Rung.SELF, offer="Folder", by=town.a.by, now=NOW)
    assert not one.by_resident
    with pytest.raises(NeedsReason):
        finish_try(attempt=one, result=Attempt.Result.FAILED, by=town.a.by, now=NOW)
    with pytest.raises(NeedsResult):
        finish_try(attempt=one, result=Attempt.Result.SKIPPED, by=town.a.by, now=NOW, reason="x")
    done = finish_try(
        attempt=one, result=Attempt.Result.PARTLY, reason="te druk", by=town.a.by, now=NOW
    )
    assert done.ended_on and done.reason == "te druk"
    with pytest.raises(WrongState):
        finish_try(attempt=one, result=Attempt.Result.WORKED, by=town.a.by, now=NOW)
    own = add_try(question=question, rung=Rung.NETWORK, offer="Buurvrouw", by=town.me, now=NOW)
    assert own.by_resident
    with pytest.raises(NeedsWords):
        add_try(question=question, rung=Rung.SELF, offer=" ", by=town.me, now=NOW)
    for by in (town.b.by, town.c.by):
        with pytest.raises(NotAllowed):
            add_try(question=question, rung=Rung.SELF, offer="x", by=by, now=NOW)
        with pytest.raises(NotAllowed):
            finish_try(attempt=own, result=Attempt.Result.WORKED, by=by, now=NOW)


# --- the ladder


def test_a_worker_goes_past_what_can_work_only_with_a_reason(town, question):
    common = {"question": question, "offer": "Huiskamer", "by": town.a.by, "now": NOW}
    workable = [Rung.NETWORK, Rung.GENERAL]
    with pytest.raises(SkipsRungs) as found:
        add_try(rung=Rung.COMMUNITY, workable=workable, **common)
    assert found.value.rungs == (Rung.NETWORK,)
    assert not Attempt.objects.exists()
    add_try(rung=Rung.COMMUNITY, workable=workable, skipped="Er is niemand.", **common)
    skipped = Attempt.objects.get(result="skipped")
    assert (skipped.rung, skipped.reason) == (Rung.NETWORK, "Er is niemand.")
    add_try(rung=Rung.COMMUNITY, workable=workable, **common)  # said once is enough
    assert Attempt.objects.filter(result="busy").count() == 2


def test_a_resident_tries_what_they_like(town, question):
    assert add_try(question=question, rung=Rung.TEAM, offer="x", by=town.me, now=NOW)


@pytest.fixture
def searchable(world):
    reindex([world.huiskamer, world.geldzaken])
    return world


def find(town, question, by=None):
    return advice(question, actor=by or town.a.by, now=timezone.localtime(NOW))


def options(found, rung):
    return next(one for one in found.rungs if one.rung == rung).options


def test_what_did_not_help_is_not_proposed_again(town, question, searchable):
    Attempt.objects.create(
        municipality=town.municipality, question=question, rung=Rung.COMMUNITY,
        service=searchable.huiskamer.pk, offer="Open huiskamer", by_resident=True,
        started_on=NOW.date(), ended_on=NOW.date(), result=Attempt.Result.FAILED,
    )  # fmt: skip
    found = find(town, question)
    titles = [one.card.title for rung in found.rungs for one in rung.options]
    assert not [title for title in titles if title.startswith("Open huiskamer")]
    Attempt.objects.update(result=Attempt.Result.PARTLY)
    assert options(find(town, question), Rung.COMMUNITY)[0].card.title.startswith("Open huiskamer")


def test_the_lowest_workable_rung_comes_first_with_reasons(town, question, searchable):
    found = find(town, question)
    assert found.lowest == Rung.COMMUNITY
    option = options(found, Rung.COMMUNITY)[0]
    assert option.card.title.startswith("Open huiskamer") and option.topics == ("loneliness",)
    assert option.reasons == (Reason.NEAR, Reason.FREE, Reason.WALK_IN, Reason.UNKNOWN)
    assert [one.rung for one in found.rungs] == list(Rung)


def test_what_is_being_tried_is_not_offered_again(town, question, searchable):
    option = options(find(town, question), Rung.COMMUNITY)[0]
    one = add_try(
        question=question, rung=Rung.COMMUNITY, offer=option.card.title, service=option.card.id,
        by=town.a.by, now=NOW, workable=[Rung.COMMUNITY],
    )  # fmt: skip
    found = find(town, question)
    assert option not in options(found, Rung.COMMUNITY) and found.lowest == Rung.COMMUNITY
    finish_try(attempt=one, result=Attempt.Result.WORKED, by=town.a.by, now=NOW)
    assert option.card.id in {one.card.id for one in options(find(town, question), Rung.COMMUNITY)}


def test_ones_own_people_come_before_the_neighbourhood(town, question, searchable):
    draw(town)
    assert find(town, question, by=town.me).lowest == Rung.NETWORK
    assert find(town, question).lowest == Rung.COMMUNITY  # not shared
    share_network(question=question, by=town.me, now=NOW)
    assert find(town, question).lowest == Rung.NETWORK
    one = add_try(question=question, rung=Rung.NETWORK, offer="Bas", by=town.me, now=NOW)
    finish_try(attempt=one, result=Attempt.Result.FAILED, reason="ziek", by=town.me, now=NOW)
    assert find(town, question).lowest == Rung.COMMUNITY


def test_what_is_full_is_not_workable_and_old_word_is_unknown(town, question, searchable):
    on = timezone.localdate(NOW)
    say_capacity(service=searchable.huiskamer, value=Capacity.NO, by=chief(), on=on)
    found = find(town, question)
    assert found.lowest != Rung.COMMUNITY and options(found, Rung.COMMUNITY)[0].is_full
    Room.objects.update(as_of=on - timedelta(days=15))
    assert options(find(town, question), Rung.COMMUNITY)[0].capacity == Capacity.UNKNOWN
    say_capacity(
        service=searchable.huiskamer, value=Capacity.WAITING_LIST, explanation="twee weken",
        by=chief(), on=on,
    )  # fmt: skip
    option = options(find(town, question), Rung.COMMUNITY)[0]
    assert (option.capacity, option.explanation) == (Capacity.WAITING_LIST, "twee weken")
    say_capacity(service=searchable.huiskamer, value=Capacity.YES, by=chief(), on=on)
    assert Room.objects.get().explanation == "twee weken"  # one click leaves the words


def chief():
    return Actor("GM1948", Role.CHIEF_EDITOR, machine="")


def test_only_who_keeps_an_entry_says_whether_there_is_room(town, searchable):
    on = timezone.localdate(NOW)
    for by in (town.me, town.a.by, Actor("GM1948", Role.EDITOR)):
        with pytest.raises(NotKept):
            say_capacity(service=searchable.huiskamer, value=Capacity.YES, by=by, on=on)
    for service, value in ((searchable.luisterlijn, "yes"), (searchable.huiskamer, "unknown")):
        with pytest.raises(NotKept):
            say_capacity(service=service, value=Capacity(value), by=chief(), on=on)


def test_the_advice_asks_the_same_however_much_there_is(town, question, searchable, monkeypatch):
    from omzien.directory.queries import indexes

    monkeypatch.setattr(indexes, "CHECK_EVERY", 3600.0)  # or a slow machine looks once more
    find(town, question)
    with CaptureQueriesContext(connection) as few:
        find(town, question)
    made = []
    for number in range(20):
        service = Service.objects.get(pk=searchable.huiskamer.pk)
        service.pk, service.slug = None, f"huiskamer-{number}"
        service.title, service._state.adding = f"Huiskamer {number}", True
        service.save()
        made.append(service)
    reindex(made)
    for _n in range(10):
        draw(town)
        add_try(question=question, rung=Rung.SELF, offer="x", by=town.me, now=NOW)
    indexes.forget()
    find(town, question)
    with CaptureQueriesContext(connection) as many:
        found = find(town, question)
    assert len(options(found, Rung.COMMUNITY)) == 4
    assert len(many) <= len(few) <= 9


# --- measuring


def take(town, question, moment="before", by=None, instrument="kort", **more):
    fields = {
        "question": question, "instrument": instrument, "moment": Moment(moment),
        "answers": {"dag": 1, "mensen": 2}, "by": by or town.me, "now": NOW,
    }  # fmt: skip
    return measure(**(fields | more))


def test_before_and_after_are_compared_where_both_were_answered(town, question):
    take(town, question)
    assert measured(question, actor=town.me)[0].changes is None
    take(town, question, "after", answers={"dag": 3, "rust": 0}, by=town.a.by, together=True)
    found = measured(question, actor=town.a.by)[0]
    assert (found.changes.n, found.changes.missing) == (1, 5)
    assert {row.code: row.by for row in found.changes.rows if row.by is not None} == {"dag": 2}
    assert found.after.with_whom == "together" and found.before.with_whom == "self"
    details = Fact.objects.filter(verb="measure").latest("id").details
    assert details["n"] == 2 and details["missing"] == 4 and "answers" not in details


def test_what_measuring_refuses(town, question):
    with pytest.raises(NeedsResident):
        take(town, question, by=town.a.by)
    for by in (town.b.by, town.a.boss, a_proxy(town, ["act"])[2]):
        with pytest.raises(NotAllowed):
            take(town, question, by=by, together=True)
    with pytest.raises(UnknownInstrument):
        take(town, question, instrument="zrm")
    for answers in ({}, {"dag": 9}, {"onzin": 1}):
        with pytest.raises(NeedsAnswers):
            take(town, question, answers=answers)
    stop(question=question, name="withdraw", by=town.me, now=NOW)
    with pytest.raises(NotLive):
        take(town, question)


def test_a_municipality_adds_an_instrument_it_may_use(town, question):
    import json

    here = town.municipality

    def add(version="1", rights=True, by=SYSTEM, **more):
        content = json.dumps(GOOD | {"version": version} | more).encode()
        return add_instrument(
            municipality=here, content=content, holds_rights=rights, by=by, now=NOW
        )

    with pytest.raises(NeedsRights):
        add(rights=False)
    for by in (town.a.by, town.me):
        with pytest.raises(NotAllowed):
            add(by=by)
    with pytest.raises(BadInstrument):
        add(title="")
    first = add()
    take(town, question, instrument="eigen", answers={"a": 0})
    for more in ({}, {"code": "kort"}):
        with pytest.raises(VersionTaken):
            add(**more)
    add("2")
    assert instruments_of("GM1948")["eigen"].version == "2"
    later = NOW + timedelta(seconds=1)
    take(town, question, "after", instrument="eigen", answers={"a": 1}, now=later)
    found = measured(question, actor=town.me)
    assert [one.instrument.version for one in found] == ["1", "2"]
    assert [one.changes for one in found] == [None, None]  # O2: no pair of two versions
    put_away(instrument=first, by=SYSTEM, now=NOW)
    for row in Instrument.objects.all():
        put_away(instrument=row, by=SYSTEM, now=NOW)
    assert list(instruments_of("GM1948")) == ["kort", "zes-kanten"]
    assert instruments_of("GM1991").keys() == instruments_of("GM1948").keys()


# --- forgetting


def test_a_plan_is_forgotten_with_its_question(town, question):
    mine = goal(town, question)
    add_action(goal=mine, doing=doing(who=Who.TIE, tie=draw(town)), by=town.me, now=NOW)
    split_goal(goal=mine, moment=Moment.BEFORE, split=Split(10, 20, 70), by=town.me, now=NOW)
    take(town, question)
    stop(question=question, name="withdraw", by=town.me, now=NOW)
    assert forget(str(question.pk)) == 1
    for model in (Goal, PlanAction, StrengthSplit, Measurement):
        assert not model.objects.exists(), model
