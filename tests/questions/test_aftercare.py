"""Six weeks later: is it solved? And what if somebody does not agree."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from omzien.handovers.actions.leaving import resident_died, resident_moved
from omzien.handovers.actions.teams import archive_team
from omzien.handovers.models import Handover
from omzien.handovers.privacy import forget
from omzien.handovers.rules.states import State as HandoverState
from omzien.journal.isolation import choose
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.people.models import Membership, Person, Team
from omzien.people.rules.roles import PUBLIC, SYSTEM, Actor, Role
from omzien.questions.actions.aftercare import (
    LinkBroken,
    LinkOver,
    answer_aftercare,
    open_link,
    resident_of,
    run_aftercare,
    token_for,
)
from omzien.questions.actions.objecting import answer_objection, object_to, run_objections
from omzien.questions.actions.working import close, pick_up, reopen
from omzien.questions.models import AftercareAnswer, Objection, Question, Task
from omzien.questions.refusals import (
    NeedsStory,
    NeedsTelling,
    NotAllowed,
    WrongState,
)
from omzien.questions.rules.states import Result, Solved, State
from tests.casework import (
    CLOSE,
    NOW,
    a_member,
    a_question,
    an_offer,
    another_name,
    as_actor,
    at,
    consent,
)  # fmt: skip

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(weeks=6, hours=1)


def again(question):
    return Question.objects.get(pk=question.pk)


def closed(town, now=NOW, **more):
    question = a_question(town, **more)
    return close(question=question, result=Result.SOLVED, rung_reached=Rung.COMMUNITY,
                 is_told=True, by=town.a.by, now=now)  # fmt: skip


def asked_about(town, **more):
    question = closed(town, **more)
    assert run_aftercare(town.municipality, LATER) == 1
    return question, AftercareAnswer.objects.get()


def test_it_is_asked_once_after_six_weeks_whatever_the_clock_does(town):
    closed(town)
    here = town.municipality
    assert run_aftercare(here, LATER - timedelta(days=1)) == 0
    moments = (LATER, LATER, LATER + timedelta(days=30), NOW, LATER - timedelta(hours=1), LATER)
    assert [run_aftercare(here, at) for at in moments] == [1, 0, 0, 0, 0, 0]
    mail = Message.objects.get(key__startswith="aftercare-mail")
    assert mail.recipient == "rina@meierijstad.example" and "/nazorg/" in mail.body
    assert not any(word in mail.body + mail.subject for word in ("Rina", "deur", "Team A"))


def test_a_worker_that_stood_still_for_months_asks_nobody(town):
    closed(town)
    assert run_aftercare(town.municipality, NOW + timedelta(weeks=15)) == 0


@pytest.mark.parametrize("solved", [Solved.YES, Solved.PARTLY])
def test_yes_and_partly_leave_it_closed(town, solved):
    question, answer = asked_about(town)
    row = answer_aftercare(answer=answer, solved=solved, by=resident_of(answer), now=LATER)
    assert row.answer == solved and again(question).state == State.CLOSED
    # answering again changes nothing
    row = answer_aftercare(answer=answer, solved=Solved.NO, by=resident_of(answer), now=LATER)
    assert row.answer == solved and again(question).state == State.CLOSED


def test_no_opens_it_again_with_the_same_team_also_after_the_six_weeks(town):
    question, answer = asked_about(town)
    row = answer_aftercare(answer=answer, solved=Solved.NO, by=resident_of(answer),
                           now=LATER + timedelta(weeks=2))  # fmt: skip
    assert row.reopened == question
    assert again(question).is_live and again(question).team == town.a.team
    assert Message.objects.filter(key__startswith="reopened").exists()


def test_after_closing_again_it_is_asked_anew(town):
    question, answer = asked_about(town)
    answer_aftercare(answer=answer, solved=Solved.NO, by=resident_of(answer), now=LATER)
    close(question=question, result=Result.SOLVED, rung_reached=Rung.TEAM, is_told=True,
          by=town.a.by, now=LATER)  # fmt: skip
    assert run_aftercare(town.municipality, LATER + timedelta(weeks=7)) == 1
    assert AftercareAnswer.objects.count() == 2


def test_when_the_team_is_gone_a_new_question_follows(town):
    question, answer = asked_about(town)
    Membership.objects.filter(team=town.a.team).update(ended_at=NOW)
    Team.objects.filter(pk=town.a.team.pk).update(archived_at=NOW)
    row = answer_aftercare(answer=answer, solved=Solved.NO, by=resident_of(answer), now=LATER)
    assert row.reopened != question and row.reopened.follows == question
    assert row.reopened.team.name == "Loket" and again(question).state == State.CLOSED


def test_without_an_address_the_team_calls_and_sees_no_story(town):
    Person.objects.filter(pk=town.resident.pk).update(email="")
    question, answer = asked_about(town)
    assert answer.call_by and list(AftercareAnswer.objects.to_call(town.a.by)) == [answer]
    assert not AftercareAnswer.objects.to_call(town.b.by).exists()
    assert not Question.objects.visible_to(town.a.by).exists()  # closed gives no working access
    with pytest.raises(NotAllowed):
        answer_aftercare(answer=answer, solved=Solved.NO, by=town.b.by, now=LATER)
    answer_aftercare(answer=answer, solved=Solved.NO, by=town.a.by, now=LATER)
    assert again(question).is_live and not AftercareAnswer.objects.to_call(town.a.by).exists()


def test_whom_an_ended_team_would_call_the_desk_calls(town):
    Person.objects.filter(pk=town.resident.pk).update(email="")
    desk = Team.objects.get(is_default=True)
    own = town.a.worker.organisation
    lies = as_actor(a_member(town.municipality, "Lies Loket", own, Role.TEAM_MEMBER, desk))
    question, answer = asked_about(town)
    assert not AftercareAnswer.objects.to_call(lies).exists()
    Membership.objects.filter(team=town.a.team).update(ended_at=NOW)
    archive_team(team=town.a.team, by=SYSTEM)
    assert list(AftercareAnswer.objects.to_call(lies)) == [answer]
    row = answer_aftercare(answer=answer, solved=Solved.NO, by=lies, now=LATER)
    assert row.reopened.follows == question and row.reopened.team == desk


def test_of_a_call_that_is_late_the_coordinators_hear_once(town):
    Person.objects.filter(pk=town.resident.pk).update(email="")
    _question, answer = asked_about(town)

    def told():
        return set(
            Message.objects.filter(key__endswith=":late").values_list("recipient", flat=True)
        )

    for days, count in ((0, 0), (1, 1), (2, 0), (40, 0)):
        moment = at(answer.call_by + timedelta(days=days))
        assert run_aftercare(town.municipality, moment) == count
        choose("GM1948")
        assert told() == (set() if not days else {"cor.a@meierijstad.example"})


def test_a_link_is_for_one_thing_and_ends_after_two_weeks(town):
    _question, answer = asked_about(town)
    assert open_link(token_for(answer)) == answer
    for wrong in ("x", token_for(answer)[:-1], "a:b:c"):
        with pytest.raises(LinkBroken):
            open_link(wrong)
    last = timezone.now() - timedelta(days=14)
    AftercareAnswer.objects.filter(pk=answer.pk).update(asked_at=last + timedelta(minutes=1))
    assert open_link(token_for(answer)) == answer
    AftercareAnswer.objects.filter(pk=answer.pk).update(asked_at=last - timedelta(minutes=1))
    with pytest.raises(LinkOver):
        open_link(token_for(answer))


def test_a_link_of_a_question_that_is_open_again_does_nothing(town):
    question, answer = asked_about(town)
    reopen(question=question, by=town.me, now=NOW + timedelta(days=1))
    with pytest.raises(WrongState):
        answer_aftercare(answer=answer, solved=Solved.NO, by=resident_of(answer), now=LATER)


# --- who died, who moved ------------------------------------------------------------------------


def test_who_died_is_never_mailed_again(town):
    earlier = closed(town)
    question = a_question(town)
    consent(town, town.b)
    handover = an_offer(question, town.b, town)
    other = a_question(town)
    before = Message.objects.filter(recipient="rina@meierijstad.example").count()
    row = resident_died(question=question, by=town.a.by, now=NOW)
    assert row.state == State.CLOSED and row.told_at is None and row.left == "died"
    assert Handover.objects.get(pk=handover.pk).state == HandoverState.WITHDRAWN
    assert "overleden" in Task.objects.get(question=other).what
    assert not Task.objects.open().filter(question=question).exists()
    for weeks in range(5, 13):
        run_aftercare(town.municipality, NOW + timedelta(weeks=weeks))
    assert not AftercareAnswer.objects.exists() and earlier.pk
    assert Message.objects.filter(recipient="rina@meierijstad.example").count() == before
    with pytest.raises(WrongState):
        reopen(question=question, by=town.a.by, now=NOW)


def test_a_link_that_was_mailed_before_somebody_died_is_over(town):
    question, answer = asked_about(town)
    Question.objects.filter(pk=question.pk).update(left="died")
    with pytest.raises(LinkOver):
        open_link(token_for(answer))


def test_who_moved_takes_a_package_along(town):
    question = a_question(town)
    with pytest.raises(NeedsTelling):
        resident_moved(question=question, is_told=False, by=town.a.boss, now=NOW)
    row, package = resident_moved(question=question, is_told=True, by=town.a.boss, now=NOW)
    assert row.left == "moved" and row.told_at and "deur" in package.text
    assert len(package.digest) == 64
    run_aftercare(town.municipality, LATER)
    assert not AftercareAnswer.objects.exists()


def test_a_role_that_downloads_no_dossier_closes_without_a_package(town):
    _row, package = resident_moved(question=a_question(town), is_told=True, by=town.a.by, now=NOW)
    assert package is None


def _moved(**more):
    return resident_moved(is_told=True, **more)


@pytest.mark.parametrize("act", [resident_died, _moved])
def test_only_the_owner_ends_it_so(town, act):
    question = a_question(town)
    for by in (town.b.by, town.c.by, town.me, PUBLIC):
        with pytest.raises(NotAllowed):
            act(question=question, by=by, now=NOW)


# --- not agreed ---------------------------------------------------------------------------------


def objected(town, question=None, key=None, why="Ik wil niet naar de dagbesteding.", by=None):
    return object_to(question=question or a_question(town), why=why, key=key or uuid4(),
                     by=by or town.me, now=NOW)  # fmt: skip


def test_the_coordinator_answers_when_somebody_else_holds_it(town):
    question = a_question(town)
    pick_up(question=question, by=town.a.by, now=NOW)
    row = objected(town, question)
    assert row.handler == town.a.coordinator and row.due_on > timezone.localdate(NOW)
    assert Objection.objects.visible_to(town.a.boss).get() == row
    for by in (town.a.by, town.b.boss, town.b.by, town.c.boss, PUBLIC):
        assert not Objection.objects.visible_to(by).exists()
    mails = Message.objects.filter(key__startswith="objection")
    assert [m.recipient for m in mails] == ["cor.a@meierijstad.example"]
    assert "dagbesteding" not in mails.get().body


def test_another_coordinator_answers_when_the_own_one_holds_it(town):
    question = a_question(town)
    pick_up(question=question, by=town.a.boss, now=NOW)
    row = objected(town, question)
    assert row.handler == town.b.coordinator  # and not that of a partner's desk
    assert not Objection.objects.visible_to(town.a.boss).exists()


def test_who_holds_it_by_another_name_does_not_answer(town):
    question = a_question(town)
    held = another_name(town.a.coordinator, town.a.team)
    pick_up(question=question, by=as_actor(held), now=NOW)
    row = objected(town, question)
    assert row.handler == town.b.coordinator
    Objection.objects.update(handler=None, team=town.a.team)
    assert not Objection.objects.visible_to(town.a.boss).exists()
    assert Objection.objects.visible_to(town.a.by).exists()


@pytest.mark.parametrize("how", CLOSE)
def test_who_is_close_to_the_resident_is_not_asked_to_answer(town, how):
    CLOSE[how](town, town.a.coordinator.person)
    me = Actor(town.municipality.code, Role.RESIDENT, person=town.resident.pk)
    row = objected(town, by=me)
    assert row.handler == town.b.coordinator
    assert Objection.objects.visible_to(town.b.boss).get() == row


def test_the_desk_answers_when_there_is_no_other_coordinator(town):
    Membership.objects.filter(team=town.b.team).update(ended_at=NOW)
    question = a_question(town)
    pick_up(question=question, by=town.a.boss, now=NOW)
    row = objected(town, question)
    assert row.handler is None and row.team.is_default


def test_who_comes_to_hold_the_question_answers_no_more(town):
    question = a_question(town)
    row = objected(town, question)
    assert row.handler == town.a.coordinator
    pick_up(question=question, by=town.a.boss, now=NOW)
    assert not Objection.objects.visible_to(town.a.boss).exists()
    assert Objection.objects.visible_to(town.a.by).get() == row  # the team does


def test_the_answer_reaches_the_resident_and_stays(town):
    row = objected(town)
    with pytest.raises(NeedsStory):
        answer_objection(objection=row, answer=" ", by=town.a.boss, now=NOW)
    with pytest.raises(NotAllowed):
        answer_objection(objection=row, answer="Nee", by=town.b.boss, now=NOW)
    answer_objection(objection=row, answer="We bellen je morgen.", by=town.a.boss, now=NOW)
    with pytest.raises(WrongState):
        answer_objection(objection=row, answer="Toch niet", by=town.a.boss, now=NOW)
    mail = Message.objects.get(key__startswith="objection-answered")
    assert mail.recipient == "rina@meierijstad.example" and "morgen" not in mail.body
    assert Objection.objects.visible_to(town.me).get().answer == "We bellen je morgen."


def test_only_the_resident_objects_and_once_per_form(town):
    question, key = a_question(town), uuid4()
    assert objected(town, question, key).pk == objected(town, question, key).pk
    for by in (town.a.by, town.b.by, PUBLIC):
        with pytest.raises(NotAllowed):
            objected(town, question, by=by)
    with pytest.raises(NeedsStory):
        objected(town, question, why="\x00 ")


def test_also_what_is_closed_can_be_objected_to(town):
    assert objected(town, closed(town)).pk


def test_a_late_answer_is_told_once(town):
    objected(town)
    here, late = town.municipality, NOW + timedelta(days=30)
    assert [run_objections(here, at) for at in (NOW, late, late, NOW)] == [0, 1, 0, 0]


def test_forgetting_a_question_forgets_what_lies_around_it(town):
    question = closed(town)
    objected(town, question)
    run_aftercare(town.municipality, LATER)
    forget(str(question.pk))
    assert not Objection.objects.exists()
    assert AftercareAnswer.objects.count() == 1  # a count, without words


def test_the_database_keeps_one_answer_per_closing(town):
    question, answer = asked_about(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        AftercareAnswer.objects.create(municipality=town.municipality, question=question,
                                       ended_at=answer.ended_at, asked_at=LATER)  # fmt: skip
