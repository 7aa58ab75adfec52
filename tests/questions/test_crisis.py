"""What is acute: who flags, who reads along, who ends it; a clock never does (E1)."""

import os
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as walk

from omzien.handovers.actions.clock import run_clock as run_handovers
from omzien.handovers.actions.leaving import resident_died, resident_moved
from omzien.handovers.actions.teams import change_team
from omzien.journal.isolation import choose
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.people.rules.roles import DEMO, SYSTEM, Actor, Role
from omzien.questions.actions.clock import run_clocks
from omzien.questions.actions.crisis import (
    acknowledge_crisis,
    end_crisis,
    flag_crisis,
    run_crisis,
    take_code_step,
)
from omzien.questions.actions.working import close, go_on, pick_up, stop
from omzien.questions.models import CodeStep, Crisis, Question
from omzien.questions.queries.duty import duty_team_of, phone_tree
from omzien.questions.refusals import NeedsReason, NotAllowed, Refused, Stale, StillOpen, WrongState
from omzien.questions.rules.crisis import HOUR, OFFICE, answer_by, is_open, opens_at
from omzien.questions.rules.states import Result
from tests.casework import AMSTERDAM, NOW, a_question, at, build

pytestmark = pytest.mark.django_db
WORKDAY = at(date(2026, 12, 1))  # a Tuesday, ten o'clock
NIGHT = at(date(2026, 12, 1), 22)


def again(question):
    return Question.objects.get(pk=question.pk)


def test_any_worker_of_the_owner_flags_and_both_teams_hear(town, set_choice):
    set_choice(duty_team="team b")
    question = a_question(town)
    crisis = flag_crisis(question=question, by=town.a.by, now=WORKDAY)
    assert again(question).is_acute and crisis.answer_by == WORKDAY + HOUR
    assert flag_crisis(question=question, by=town.a.boss, now=WORKDAY).pk == crisis.pk
    mails = Message.objects.filter(key__startswith="crisis:")
    told = {mail.recipient for mail in mails}
    assert told == {
        "wim.a@meierijstad.example", "cor.a@meierijstad.example",
        "wim.b@meierijstad.example", "cor.b@meierijstad.example",
    }  # fmt: skip


def test_a_question_that_comes_in_acute_has_a_crisis(town):
    question = a_question(town, is_acute=True)
    assert Crisis.objects.open().get().question == question


def test_what_comes_in_acute_is_due_on_the_day_that_somebody_reads_it(town):
    days = [a_question(town, is_acute=True, now=now).due_on for now in (WORKDAY, NIGHT)]
    assert days == [date(2026, 12, 1), date(2026, 12, 2)]


@pytest.mark.parametrize("who", ["b.by", "b.boss", "c.by", "me"])
def test_nobody_else_flags(town, who):
    desk, _, name = who.partition(".")
    by = getattr(getattr(town, desk), name) if name else town.me
    with pytest.raises(NotAllowed):
        flag_crisis(question=a_question(town), by=by, now=WORKDAY)


def test_the_duty_team_reads_acute_questions_and_no_other(town, set_choice):
    calm, acute = a_question(town), a_question(town)
    flag_crisis(question=acute, by=town.a.by, now=WORKDAY)
    for by in (town.b.by, town.c.by):
        assert not Question.objects.visible_to(by).exists()
    set_choice(duty_team="Team B")
    for verb in ("story.read", "contact.read"):
        assert list(Question.objects.visible_to(town.b.by, verb)) == [acute]
    assert not Question.objects.visible_to(town.b.by, "question.work").exists()
    assert not Question.objects.visible_to(town.c.by).exists()
    set_choice(duty_team="Bureau C")  # a partner may be on duty too
    assert list(Question.objects.visible_to(town.c.by)) == [acute]
    assert not Question.objects.visible_to(town.b.by).exists()
    end_crisis(question=acute, reason="Zij is veilig.", by=town.a.by, now=WORKDAY)
    assert not Question.objects.visible_to(town.c.by).exists()  # at the next request
    assert calm.pk


def test_a_team_that_is_renamed_stays_on_duty(town, set_choice):
    set_choice(duty_team="Team B")
    acute = a_question(town, is_acute=True)
    manager = Actor("GM1948", Role.FUNCTIONAL_MANAGER, person=uuid4(), membership=uuid4())
    same = {"villages": town.b.team.villages, "email": "", "phone": "", "by": manager}
    for name in ("Team B-Oost", "team b"):
        changed = change_team(team=town.b.team, name=name, **same)
        assert duty_team_of("GM1948") == changed
        assert list(Question.objects.visible_to(town.b.by)) == [acute]
    change_team(team=town.c.team, name="Bureau D", **same)
    assert duty_team_of("GM1948") == town.b.team


def test_nobody_on_duty_reads_the_question_of_a_relative(town, set_choice):
    set_choice(duty_team="Team B")
    question = a_question(town, is_acute=True)
    Question.objects.filter(pk=question.pk).update(person=town.b.worker.person)
    assert not Question.objects.visible_to(town.b.by).exists()
    assert Question.objects.visible_to(town.b.boss).exists()


def test_the_duty_team_acknowledges_and_does_nothing_else(town, set_choice):
    set_choice(duty_team="Team B")
    question = a_question(town, is_acute=True)
    with pytest.raises(NotAllowed):
        acknowledge_crisis(question=question, by=town.c.by, now=WORKDAY)
    acknowledge_crisis(question=question, by=town.b.by, now=WORKDAY)
    later = acknowledge_crisis(question=question, by=town.a.by, now=WORKDAY + HOUR)
    assert later.acknowledged_by == town.b.by.key and later.acknowledged_at == WORKDAY
    for act in (
        lambda: end_crisis(question=question, reason="x", by=town.b.by, now=WORKDAY),
        lambda: pick_up(question=question, by=town.b.by, now=WORKDAY),
        lambda: take_code_step(question=question, step=1, by=town.b.by, now=WORKDAY),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_ending_needs_a_named_professional_of_the_owner_and_a_reason(town):
    question = a_question(town, is_acute=True)
    for machine in (SYSTEM, DEMO):
        with pytest.raises(NotAllowed):
            end_crisis(question=question, reason="tijd is om", by=machine, now=WORKDAY)
    with pytest.raises(NotAllowed):
        end_crisis(question=question, reason="gaat weer", by=town.me, now=WORKDAY)
    with pytest.raises(NeedsReason):
        end_crisis(question=question, reason="  ", by=town.a.by, now=WORKDAY)
    with pytest.raises(Stale):
        end_crisis(question=question, reason="x", by=town.a.by, now=WORKDAY, version=99)
    end_crisis(question=question, reason="Zij is veilig.", by=town.a.by, now=WORKDAY)
    assert not again(question).is_acute and not Crisis.objects.open().exists()
    with pytest.raises(WrongState):
        end_crisis(question=question, reason="nog eens", by=town.a.by, now=WORKDAY)


@pytest.mark.parametrize("more", [{"ended_by": "system"}, {"end_reason": ""}])
def test_the_database_lets_no_machine_end_a_crisis(town, more):
    a_question(town, is_acute=True)
    fine = {"ended_at": WORKDAY, "ended_by": str(town.resident.pk), "end_reason": "veilig"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Crisis.objects.update(**(fine | more))
    assert Crisis.objects.update(**fine) == 1


def test_an_acute_question_does_not_close_by_any_way(town):
    question = a_question(town, is_acute=True)
    common = {"question": question, "by": town.a.by, "now": WORKDAY}
    for act in (
        lambda: close(result=Result.SOLVED, rung_reached=Rung.TEAM, is_told=True, **common),
        lambda: resident_died(**common),
        lambda: resident_moved(is_told=True, **common),
        lambda: stop(question=question, name="withdraw", by=town.me, now=WORKDAY),
    ):
        with pytest.raises(StillOpen) as found, transaction.atomic():
            act()
        assert "crisis" in found.value.what


def test_the_phone_tree_is_mailed_once_when_nobody_takes_it_up(town, set_choice):
    set_choice(duty_team="Team B", duty_phone="0413-555 112")
    question = a_question(town)
    flag_crisis(question=question, by=town.a.by, now=WORKDAY)
    here = town.municipality
    assert run_crisis(here, WORKDAY + HOUR - timedelta(seconds=1)) == 0
    assert run_crisis(here, WORKDAY + HOUR) == 1
    # again, later, and with a clock that goes back: nothing new (N4)
    for moment in (WORKDAY + HOUR, WORKDAY + 30 * HOUR, WORKDAY, WORKDAY - 300 * HOUR):
        assert run_crisis(here, moment) == 0
    mails = Message.objects.filter(key__startswith="phone-tree:")
    assert {m.recipient for m in mails} == {
        "cor.a@meierijstad.example", "wim.b@meierijstad.example", "cor.b@meierijstad.example",
    }  # fmt: skip
    body = mails.first().body
    assert "0413-555 112" in body
    assert not any(word in body for word in ("Rina", "Roos", "06-5550", "deur"))
    assert again(question).is_acute


def test_who_takes_it_up_in_time_stops_the_alarm(town):
    question = a_question(town)
    flag_crisis(question=question, by=town.a.by, now=WORKDAY)
    acknowledge_crisis(question=question, by=town.a.by, now=WORKDAY)
    assert run_crisis(town.municipality, WORKDAY + 2 * HOUR) == 0


def test_at_night_the_phone_tree_goes_at_once(town):
    flag_crisis(question=a_question(town), by=town.a.by, now=NIGHT)
    assert run_crisis(town.municipality, NIGHT) == 1


def test_the_tree_names_each_number_once_duty_first(town, set_choice):
    set_choice(duty_team="Team B", duty_phone="0413-555 112")
    town.a.team.phone = town.b.team.phone = "0413-555 101"
    town.a.team.save()
    town.b.team.save()
    question = a_question(town)
    assert [one.phone for one in phone_tree(question)] == ["0413-555 112", "0413-555 101"]


def test_a_number_in_the_tree_has_the_name_of_whose_it_is(town, set_choice):
    set_choice(duty_team="Team B", crisis_desk="0413-555 112", crisis_desk_name="Spoedloket")
    town.b.team.phone = "0413-555 202"
    town.b.team.save()
    called = [(one.name, one.phone) for one in phone_tree(a_question(town))]
    assert called[:2] == [("Spoedloket", "0413-555 112"), ("Team B", "0413-555 202")]


def test_a_step_of_the_code_is_only_a_number(town):
    question = a_question(town)
    for _ in range(2):
        take_code_step(question=question, step=3, by=town.a.by, now=WORKDAY)
    assert CodeStep.objects.get().step == 3
    for wrong in (0, 6):
        with pytest.raises(WrongState):
            take_code_step(question=question, step=wrong, by=town.a.by, now=WORKDAY)
    kinds = {field.get_internal_type() for field in CodeStep._meta.local_fields}
    assert "TextField" not in kinds


@given(st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)))
def test_an_acute_question_waits_an_hour_at_most(moment):
    local = moment.replace(tzinfo=AMSTERDAM)
    until = answer_by(local, OFFICE, frozenset())
    assert local <= until <= local + HOUR
    assert (until == local) != is_open(local, OFFICE, frozenset())


def test_office_hours_know_holidays_and_the_town():
    assert is_open(datetime(2026, 12, 1, 9), OFFICE, ())
    assert not is_open(datetime(2026, 12, 1, 17), OFFICE, ())
    assert not is_open(datetime(2026, 12, 25, 10), OFFICE, ())  # Christmas, a Friday
    assert not is_open(datetime(2026, 12, 1, 10), OFFICE, {date(2026, 12, 1)})
    assert is_open(datetime(2026, 12, 5, 10), [["zaterdag", "09:00", "12:00"]], ()) is False


@given(st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)))
def test_the_office_opens_at_the_first_moment_that_somebody_works(moment):
    opens = opens_at(moment, OFFICE, ())
    assert opens >= moment and is_open(opens, OFFICE, ())
    hours = range(int((opens - moment) / HOUR))
    assert not any(is_open(moment + count * HOUR, OFFICE, ()) for count in hours)


def test_an_office_that_never_opens_has_no_moment_soon():
    assert opens_at(datetime(2026, 12, 1), [["zondag", "09:00", "10:00"]], ()).year == 2027


class Acute(RuleBasedStateMachine):
    """Whatever anybody and any clock does, only a named professional of the owner ends it."""

    @initialize()
    def begin(self):
        self.savepoint = transaction.savepoint()
        choose("GM1948")
        self.town = build(self.world.meierijstad, self.world.schijndel)
        self.question = a_question(self.town, is_acute=True)
        self.now, self.is_acute = NOW, True

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    def attempt(self, act, **more):
        try:
            with transaction.atomic():
                act(question=self.question, now=self.now, **more)
        except Refused:
            return False
        return True

    def who(self, name):
        desks = self.town.desks
        actors = {"me": self.town.me, "SYSTEM": SYSTEM, "DEMO": DEMO}
        return actors.get(name) or getattr(desks[name[0]], name[2:])

    actors = st.sampled_from(["A.by", "A.boss", "B.by", "C.by", "me", "SYSTEM", "DEMO"])

    @rule(by=actors, reason=st.sampled_from(["", "Zij is veilig."]))
    def end(self, by, reason):
        done = self.attempt(end_crisis, by=self.who(by), reason=reason)
        assert done == (by in ("A.by", "A.boss") and bool(reason) and self.is_acute)
        self.is_acute = self.is_acute and not done

    @rule(by=actors)
    def flag(self, by):
        done = self.attempt(flag_crisis, by=self.who(by))
        assert not done or by in ("A.by", "A.boss", "SYSTEM", "DEMO")
        self.is_acute = self.is_acute or done

    @rule(by=actors)
    def acknowledge(self, by):
        self.attempt(acknowledge_crisis, by=self.who(by))

    @rule(hours=st.integers(-100, 24 * 60))
    def clocks(self, hours):
        self.now += timedelta(hours=hours)
        run_clocks(self.town.municipality, self.now)
        run_handovers(municipality=self.town.municipality, now=self.now)
        choose("GM1948")

    @rule(by=actors, what=st.sampled_from(["close", "died", "moved", "stop", "pick_up", "go_on"]))
    def others(self, by, what):
        actor = self.who(by)
        acts = {
            "close": (close, {"result": Result.SOLVED, "rung_reached": Rung.TEAM, "is_told": True}),
            "died": (resident_died, {}),
            "moved": (resident_moved, {"is_told": True}),
            "stop": (stop, {"name": "withdraw"}),
            "pick_up": (pick_up, {}),
            "go_on": (go_on, {"rung": Rung.TEAM, "next_action": "bellen", "skipped": "haast",
                              "next_on": self.now.date() + timedelta(days=2)}),
        }  # fmt: skip
        if not self.is_acute and what in ("close", "died", "moved", "stop"):
            return  # that ends the question, which is another story
        act, more = acts[what]
        self.attempt(act, by=actor, **more)

    @invariant()
    def acute_is_what_the_crisis_says(self):
        if not hasattr(self, "question"):
            return
        assert again(self.question).is_acute == self.is_acute
        assert Crisis.objects.open().filter(question=self.question).count() == self.is_acute
        if self.is_acute:
            assert again(self.question).is_live
        ended = Crisis.objects.exclude(ended_at=None).values_list("ended_by", flat=True)
        mine = {str(self.town.a.worker.person_id), str(self.town.a.coordinator.person_id)}
        assert set(ended) <= mine


@pytest.mark.proofs
def test_no_clock_and_no_other_action_clears_a_crisis(world):
    Acute.world = world
    walk(
        Acute,
        settings=settings(
            max_examples=int(os.environ.get("OMZIEN_CRISIS_EXAMPLES", "25")),
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_roles_that_end_a_crisis_work_in_a_team():
    from omzien.people.rules.roles import IN_A_TEAM, table

    assert {role for role in Role if table()[role]["question.work"]} == IN_A_TEAM


def test_only_a_team_that_works_can_be_on_duty(town):
    from omzien.choices.actions import Refused as BadChoice
    from omzien.choices.actions import change_settings

    with pytest.raises(BadChoice):
        change_settings(municipality=town.municipality, raw={"duty_team": "Team Z"}, by=DEMO)
    change_settings(municipality=town.municipality, raw={"duty_team": "team b"}, by=DEMO)
    assert town.municipality.settings is not None


def test_a_team_on_duty_does_not_end(town, set_choice):
    from omzien.handovers.actions.teams import work_of

    assert work_of(town.b.team) == []
    set_choice(duty_team="Team B")
    assert work_of(town.b.team) == [("duty", "Team B")]
