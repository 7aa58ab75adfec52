"""Accepting, withdrawing and expiring at the same moment, over real connections: one wins."""

import os
import random
import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone

from omzien.handovers.actions.advising import ask_advice
from omzien.handovers.actions.along import involve
from omzien.handovers.actions.answering import accept, decline, meet, return_question
from omzien.handovers.actions.clock import OVER, expire
from omzien.handovers.actions.ending import stop_question
from omzien.handovers.actions.leaving import DIED, resident_died, resident_moved
from omzien.handovers.actions.linking import ask_code, use_code
from omzien.handovers.actions.offering import offer, withdraw, withdraw_ground
from omzien.handovers.actions.referring import refer
from omzien.handovers.actions.teams import archive_team
from omzien.handovers.models import Consult, Handover, HandoverLink, Involvement, Referral
from omzien.handovers.refusals import NeedsGround, NotAllowed, TeamArchived, WrongState
from omzien.handovers.rules.links import Outcome
from omzien.handovers.rules.states import ContactKind, DeclineReason, State
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.memberships import appoint, welcome_person
from omzien.people.actions.teams import form_team
from omzien.people.models import Account, Ground, Membership, Person, Team
from omzien.people.queries.grounds import holds
from omzien.people.refusals import TeamWorks, WrongMove, WrongTeam
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import SYSTEM, Role
from omzien.questions.actions.discussing import Plan, plan_discussion
from omzien.questions.actions.objecting import put
from omzien.questions.actions.signals import Worry, report_worry
from omzien.questions.actions.tasks import add_task
from omzien.questions.actions.working import close
from omzien.questions.actions.writing import locked as locked_question
from omzien.questions.models import (
    Discussion,
    DiscussionTeam,
    Objection,
    Question,
    Reporter,
    Signal,
    Task,
)
from omzien.questions.refusals import NotInvolved, TeamOwnsWork
from omzien.questions.rules.states import Result
from tests.casework import NOW, WHAT, a_question, an_offer, at, build, consent

CODE = "GM9996"
pytestmark = pytest.mark.proofs
ROUNDS = int(os.environ.get("OMZIEN_RACE_ROUNDS", "60"))


@pytest.fixture
def town(django_db_setup, django_db_blocker):
    """A municipality that other connections can see."""
    from omzien.areas.models import Municipality, Village

    with django_db_blocker.unblock():
        own = Municipality.objects.create(
            code=CODE, name="Proef", slug="proef-9996", host="proef-9996.localhost"
        )
        village = Village.objects.create(
            municipality=own, slug="proef", name="Proef", lat=51.6, lon=5.4
        )
        with working_for(CODE):
            found = build(own, village)
        yield found
        with working_for(CODE):
            forget_work()
        forget(own, village)


def forget_work():
    """Remove the questions of the town, and all that was done for them."""
    for model in (
        Referral, Consult, Involvement, Discussion, Task, Handover, Signal, Reporter, Question,
        Message,
    ):  # fmt: skip
        model.objects.all().delete()


def forget(own, village):
    """Remove the town; grounds are only added, so that erasing must say that it erases."""
    with working_for(CODE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('omzien.erasing', 'on', true)")
        Ground.objects.all().delete()
        Membership.objects.all().delete()
        Person.objects.all().delete()
        Team.objects.all().delete()
    Account.objects.filter(email__endswith="@proef-9996.example").delete()
    village.delete()
    own.delete()
    connection.close()


REFUSED = (
    NeedsGround, NotInvolved, TeamArchived, TeamOwnsWork, TeamWorks, WrongMove, WrongState,
    WrongTeam,
)  # fmt: skip


def race(moves):
    """Let moves begin at the same moment; return which of them were done."""
    ready, done, wrong = threading.Barrier(len(moves)), [], []

    def one(name, do):
        ready.wait()
        try:
            with working_for(CODE):
                is_done = do() not in (False, 0)
            if is_done:
                done.append(name)
        except (NotAllowed, *REFUSED):
            pass
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=move) for move in moves.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong, wrong
    return done


BEFORE = {State.OFFERED: ["offer"], State.ACCEPTED: ["offer", "accept"]}


def moves_of(slip, ground, *, receiver, owner, me):
    """Return what the two sides, the resident and the clock try at the same moment."""
    over = at(slip.due_on + timedelta(days=1))
    day = timezone.localdate(NOW)
    of_receiver = {
        "accept": lambda: accept(handover=slip, contact_name="Wim", by=receiver, now=NOW),
        "decline": lambda: decline(
            handover=slip, reason=DeclineReason.FULL, text="Vol.", suggestion="Geen idee",
            by=receiver, now=NOW,
        ),
    } if slip.state == State.OFFERED else {
        "meet": lambda: meet(
            handover=slip, met_on=day, met_by=ContactKind.PHONE, resident_was_there=True,
            by=receiver, now=NOW,
        ),
        "give-back": lambda: return_question(
            handover=slip, reason="Past niet", by=receiver, now=NOW
        ),
    }  # fmt: skip
    return of_receiver | {
        "withdraw": lambda: withdraw(handover=slip, by=owner, now=NOW),
        "expire": lambda: expire(handover=slip, now=over),
        "ground": lambda: withdraw_ground(ground=ground, by=me, now=NOW),
    }


def test_the_same_form_sent_four_times_at_one_moment_is_done_once(town):
    with working_for(CODE):
        question = a_question(town)
        by = town.a.by
        consent(town, town.b)
        consent(town, town.c)
    day, key = timezone.localdate(NOW), uuid4()
    common = {"by": by, "now": NOW}
    plan = Plan(purpose="Wie doet wat?", at=NOW + timedelta(days=2), key=key)
    deeds = {
        Task: lambda: add_task(question=question, what="Bel", due_on=day, key=key, **common),
        Discussion: lambda: plan_discussion(question=question, plan=plan, **common),
        Consult: lambda: ask_advice(
            question=question, to_team=town.b.team, text="Wat past?", key=key, **common
        ),
        Referral: lambda: refer(question=question, name="Huiskamer", what="x", key=key, **common),
        Involvement: lambda: involve(
            question=question, team=town.c.team, part="x", key=key, **common
        ),
        Handover: lambda: offer(
            question=question, to_team=town.b.team, offer=WHAT, key=key, **common
        ),
    }
    for model, do in deeds.items():
        assert len(race({f"{n}": do for n in range(4)})) == 4, "each is told that it is done"
        with working_for(CODE):
            assert model.objects.count() == 1, model
    with working_for(CODE):
        mails = Message.objects.filter(key__contains="advice-asked")
        assert mails.count() == len(set(mails.values_list("recipient", flat=True))) == 2
        add_task(question=question, what="Bel ook hem", due_on=day, key=key, **common)
        assert Task.objects.count() == 2, "other words on the same page are something else"


def test_a_code_of_a_link_typed_four_times_at_one_moment_opens_it_once(town):
    with working_for(CODE):
        club = form_team(
            municipality=town.municipality, name="Wandelclub", email="club@voorbeeld.example",
            by=SYSTEM,
        )  # fmt: skip
        terms = Terms(
            purpose="handover", categories=[Category.CONTACT], starts_on=timezone.localdate(NOW),
            teams=[club],
        )  # fmt: skip
        give_consent(person=town.resident, terms=terms, by=town.me)
        slip = offer(question=a_question(town), to_team=club, offer=WHAT, by=town.a.by, now=NOW)
        link = HandoverLink.objects.get(handover=slip)
        digits = ask_code(link=link, secret="one", now=NOW)
    outcomes = []

    def use():
        outcomes.append(use_code(link=link, typed=digits, secret="one", now=NOW))

    race({f"{number}": use for number in range(4)})
    assert sorted(outcomes) == sorted([Outcome.RIGHT, *[Outcome.EXPIRED] * 3])
    with working_for(CODE):
        assert Fact.objects.filter(verb="link-opened", subject_id=slip.pk).count() == 1


@pytest.mark.parametrize("start", [State.OFFERED, State.ACCEPTED])
def test_of_all_that_both_sides_and_the_clock_may_do_exactly_one_wins(town, start):
    with working_for(CODE):
        receiver, owner, me = town.b.by, town.a.by, town.me
    seen = set()
    for _ in range(ROUNDS):
        with working_for(CODE):
            ground = consent(town, town.b)
            question = a_question(town)
            slip = an_offer(question, town.b, town)
            if start == State.ACCEPTED:
                slip = accept(handover=slip, contact_name="Wim", by=receiver, now=NOW)
        moves = list(moves_of(slip, ground, receiver=receiver, owner=owner, me=me).items())
        random.shuffle(moves)
        done = race(dict(moves))
        with working_for(CODE):
            now = Handover.objects.get(pk=slip.pk)
            facts = Fact.objects.filter(subject="handover", subject_id=slip.pk).order_by("pk")
            verbs = list(facts.values_list("verb", flat=True))[len(BEFORE[start]) :]
            names = {"ground": "withdraw", "expire": OVER[start][0]}
            assert sorted(verbs) == sorted(names.get(name, name) for name in done)
            # After accepting the owner may still withdraw: that is no loss but the next move.
            ends = [name for name in done if name != "accept"]
            assert done and len(ends) == (not now.is_open)
            is_met = "meet" in done
            assert (now.state == State.HANDED_OVER) is is_met
            assert Question.objects.get(pk=question.pk).team == (town.b if is_met else town.a).team
            assert not Handover.objects.uncovered(at=timezone.now()).exists()
            told = Message.objects.filter(key__startswith="handover:")
            told = list(told.values_list("key", "recipient"))
            assert len(told) == len(set(told))
        seen.update(done)
        with working_for(CODE):
            forget_work()
    assert ROUNDS < 60 or len(seen) > 1, "the same one won each time"


def meanwhile(first, then):
    """Do `then` while the transaction of `first` is still open: it waits for it, or goes beside
    it. Returns whether each was done.
    """
    began, rest, wrong, done = threading.Event(), threading.Event(), [], {}

    def one(name, do):
        try:
            with working_for(CODE):
                do()
                done[name] = True
                if name == "first":
                    began.set()
                    rest.wait(0.3)
        except REFUSED:
            done[name] = False
        except Exception as error:
            wrong.append(error)
        finally:
            (began if name == "first" else rest).set()
            connections.close_all()

    def other():
        began.wait(30)
        one("then", then)

    threads = [threading.Thread(target=one, args=("first", first)), threading.Thread(target=other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not wrong, wrong
    return done["first"], done["then"]


def test_who_waits_for_a_question_holds_nothing_of_its_handover_yet(town):
    """One query locks the two, the question first: who keeps to this never waits in a circle."""
    with working_for(CODE):
        consent(town, town.b)
        question = a_question(town)
        slip = an_offer(question, town.b, town)
    held, done = threading.Event(), []

    def accepts():
        held.wait(30)
        try:
            with working_for(CODE):
                done.append(accept(handover=slip, contact_name="Wim", by=town.b.by, now=NOW))
        finally:
            connections.close_all()

    other = threading.Thread(target=accepts)
    other.start()
    with working_for(CODE):
        locked_question(question)
        held.set()
        for _ in range(200):
            if waits_for_us():
                break
            time.sleep(0.05)
        assert waits_for_us()
        assert Handover.objects.select_for_update(nowait=True).get(pk=slip.pk)
        assert not done
    other.join(60)
    assert [row.state for row in done] == [State.ACCEPTED]


def waits_for_us():
    """Tell whether another connection waits for what this one locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]


def sharing(town, question):
    """Return what begins or goes on under a ground of team B: (what makes it ready, the deed)."""
    receiver, owner = town.b.by, town.a.by
    # As a page does: it took the time before it waited for who takes consent back.
    now = timezone.now()
    today = timezone.localdate(now)

    def slip():
        return Handover.objects.open().get()

    def offered():
        an_offer(question, town.b, town, now=now)

    def accepted():
        offered()
        accept(handover=slip(), contact_name="Wim", by=receiver, now=now)

    with_b = Plan(purpose="Wie doet wat?", at=now + timedelta(days=2), teams=[town.b.team.pk])
    return {
        "offer": (
            lambda: None,
            lambda: offer(question=question, to_team=town.b.team, offer=WHAT, by=owner, now=now),
        ),
        "accept": (
            offered, lambda: accept(handover=slip(), contact_name="Wim", by=receiver, now=now)
        ),
        "meet": (
            accepted,
            lambda: meet(
                handover=slip(), met_on=today, met_by=ContactKind.PHONE, resident_was_there=True,
                by=receiver, now=now,
            ),
        ),
        "involve": (
            lambda: None,
            lambda: involve(question=question, team=town.b.team, part="x", by=owner, now=now),
        ),
        "discuss": (
            lambda: None,
            lambda: plan_discussion(question=question, plan=with_b, by=owner, now=now),
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["offer", "accept", "meet", "involve", "discuss"])
@pytest.mark.parametrize("is_first", [True, False])
def test_what_begins_while_consent_is_taken_back_is_refused_or_ends(town, name, is_first):
    with working_for(CODE):
        ground = consent(town, town.b)
        question = a_question(town, now=timezone.now())
        prepare, do = sharing(town, question)[name]
        prepare()
        me = town.me

    def take():
        return withdraw_ground(ground=ground, by=me, now=timezone.now())

    done, after = meanwhile(take, do) if is_first else meanwhile(do, take)
    with working_for(CODE):
        moment = timezone.now()
        for model in (Handover, Involvement, DiscussionTeam):
            assert not model.objects.uncovered(at=moment).exists(), model
        owner = Question.objects.get(pk=question.pk).team
    assert done and after is (not is_first)
    assert (owner == town.b.team) is (name == "meet" and not is_first)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_team_that_ends_gets_no_offer_at_the_same_moment(town, is_first):
    with working_for(CODE):
        consent(town, town.b)
        question = a_question(town)
        owner = town.a.by
        Membership.objects.filter(team=town.b.team).delete()  # one that is reached by mail alone
        Team.objects.filter(pk=town.b.team.pk).update(email="team.b@proef-9996.example")

    def ends():
        return archive_team(team=town.b.team, by=SYSTEM)

    def offers():
        return offer(question=question, to_team=town.b.team, offer=WHAT, by=owner, now=NOW)

    assert meanwhile(*(ends, offers) if is_first else (offers, ends)) == (True, False)


def the_ends(town):
    """Return what ends a question, by name: what asks its resident, and what asks its owner."""
    owner, me = town.a.by, town.me
    solved = {"result": Result.SOLVED, "rung_reached": Rung.SELF, "is_told": True}
    return {
        "close": lambda one: close(question=one, by=owner, now=timezone.now(), **solved),
        "withdraw": lambda one: stop_question(
            question=one, name="withdraw", by=me, now=timezone.now()
        ),
        "died": lambda one: resident_died(question=one, by=owner, now=timezone.now()),
        "moved": lambda one: resident_moved(
            question=one, is_told=True, by=owner, now=timezone.now()
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["offer", "accept", "meet"])
@pytest.mark.parametrize("is_first", [True, False])
def test_one_question_ends_while_another_of_the_same_person_is_handed_over(town, name, is_first):
    """A yes ends with the question, unless another needs it: what that is, waits for the other."""
    with working_for(CODE):
        ends = the_ends(town)
    for how, end in ends.items():
        with working_for(CODE):
            ground = consent(town, town.b)
            one, other = (a_question(town, now=timezone.now()) for _ in range(2))
            slip = an_offer(one, town.b, town, now=timezone.now())
            withdraw(handover=slip, by=town.a.by, now=timezone.now())
            prepare, do = sharing(town, other)[name]
            prepare()

        def ends_it(end=end, one=one):
            return end(one)

        done, after = meanwhile(ends_it, do) if is_first else meanwhile(do, ends_it)
        is_done = after if is_first else done
        with working_for(CODE):
            assert not Question.objects.get(pk=one.pk).is_live, how
            assert is_done is not (name == "offer" and is_first), (
                "ended, the yes lets nothing begin"
            )
            assert not Handover.objects.uncovered(at=timezone.now()).exists(), how
            assert holds(ground, at=timezone.now()) is is_done
            owner = Question.objects.get(pk=other.pk).team
            assert owner == (town.b if name == "meet" else town.a).team
            tasks = Task.objects.open().filter(what=DIED)
            assert [task.team for task in tasks] == ([owner] if how == "died" else [])
            withdraw_ground(ground=ground, by=town.me, now=timezone.now()) if is_done else None
            forget_work()


def test_two_questions_of_one_person_that_end_at_one_moment_wait_for_each_other(town):
    with working_for(CODE):
        ends, me = the_ends(town), town.me
    for turn in range(max(8, ROUNDS // 4)):
        how = list(ends)[turn % len(ends)]
        with working_for(CODE):
            ground = consent(town, town.b)
            both = [a_question(town, now=timezone.now()) for _ in range(2)]
            for question in both:
                an_offer(question, town.b, town, now=timezone.now())
                if how == "close":
                    withdraw(handover=Handover.objects.open().get(), by=town.a.by, now=NOW)
        moves = {
            "first": lambda one=both[0], how=how: ends[how](one),
            "second": lambda one=both[1]: ends["died"](one),
            "ground": lambda ground=ground: withdraw_ground(
                ground=ground, by=me, now=timezone.now()
            ),
        }
        assert {"first", "second"} <= set(race(moves))
        with working_for(CODE):
            assert not Question.objects.live().exists() and not Handover.objects.open().exists()
            assert not Task.objects.open().exists() and not holds(ground, at=timezone.now())
            forget_work()


def comes_to_b(town, question):
    """Return what lands at team B, by name: the deed, and how many of it B has that is open."""
    now, owner, me, b = timezone.now(), town.a.by, town.me, town.b.team
    somebody = welcome_person(
        municipality=town.municipality, name="Nel", email="nel@proef-9996.example", by=SYSTEM
    )
    own = town.b.team.organisation or town.a.worker.organisation

    def objects():
        return put(question=locked_question(question), why="Nee.", key=uuid4(), by=me, now=now,
                   first=b.pk)  # fmt: skip

    worry = Worry(about="Een man", village=town.village, worry="Hij komt niet meer buiten.")
    common = {"question": question, "by": owner, "now": now}
    return {
        "part": (lambda: involve(team=b, part="x", **common), Involvement.objects.open),
        "advice": (lambda: ask_advice(to_team=b, text="Wat past?", **common), Consult.objects.open),
        "objection": (objects, Objection.objects.open),
        "worry": (
            lambda: report_worry(municipality=town.municipality, worry=worry, by=me, now=now),
            Signal.objects.open,
        ),
        "role": (
            lambda: appoint(person=somebody, organisation=own, role=Role.TEAM_MEMBER, team=b,
                            starts_on=timezone.localdate(now), by=SYSTEM),
            lambda: Membership.objects.filter(ended_at=None),
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["part", "advice", "objection", "worry", "role"])
@pytest.mark.parametrize("is_first", [True, False])
def test_nothing_lands_at_a_team_that_ends_at_the_same_moment(town, name, is_first):
    with working_for(CODE):
        consent(town, town.b)
        question = a_question(town, now=timezone.now())
        if name == "worry":
            Team.objects.filter(pk=town.a.team.pk).update(villages=[])
            Team.objects.filter(pk=town.b.team.pk).update(villages=[town.village.pk])
        do, found = comes_to_b(town, question)[name]

    def ends():
        Membership.objects.filter(team=town.b.team).update(ended_at=timezone.now())
        return archive_team(team=town.b.team, by=SYSTEM)

    done = meanwhile(*(ends, do) if is_first else (do, ends))
    with working_for(CODE):
        of_b = "to_team" if name == "advice" else "team"
        has = found().filter(**{of_b: town.b.team}).exists()
        is_over = Team.objects.get(pk=town.b.team.pk).archived_at is not None
        assert is_over is is_first and has is not is_first
        assert done == (True, name in ("objection", "worry") if is_first else False)
        Objection.objects.all().delete()
