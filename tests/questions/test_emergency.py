"""Reading in an emergency: with a reason, four hours, told and looked over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omzien.messages.models import Message
from omzien.people.models import Person
from omzien.people.rules.roles import Role, Scope, table
from omzien.questions.actions.emergency import (
    LASTS,
    break_glass,
    reading_now,
    review_emergency,
    run_reviews,
)
from omzien.questions.models import BreakGlass, Question, Task
from omzien.questions.refusals import AlreadyReads, NeedsReason, NotAllowed, WrongState
from tests.casework import CLOSE, a_question, another_name, as_actor
from tests.signing import member

pytestmark = pytest.mark.django_db
WHY = "Haar zus belt: zij reageert nergens op."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def officer(world, town):
    return as_actor(member(Role.PRIVACY_OFFICER, world.meierijstad, name="Fien Functionaris"))


def press(town, question, now, **more):
    more = {"reason": WHY, "by": town.b.by} | more
    return break_glass(reference=question.reference, now=now, **more)


def test_it_opens_for_four_hours_and_not_a_minute_longer(town, now):
    question = a_question(town)
    assert not Question.objects.visible_to(town.b.by).exists()
    row = press(town, question, now)
    assert row.until - row.opened_at == LASTS == timedelta(hours=4)
    assert Question.objects.visible_to(town.b.by).get() == question
    assert not Question.objects.visible_to(town.b.by, "contact.read").exists()
    assert not Question.objects.visible_to(town.b.boss).exists()  # of who pressed, not of a team
    BreakGlass.objects.update(opened_at=now - LASTS, until=now - timedelta(seconds=1))
    assert not Question.objects.visible_to(town.b.by).exists()
    assert reading_now(town.b.by, question.pk, at=now) is None


def test_without_a_reason_it_stays_shut(town, now):
    with pytest.raises(NeedsReason):
        press(town, a_question(town), now, reason=" ")


def test_only_the_roles_of_the_table_have_the_button(town, now, officer):
    question = a_question(town)
    button = {role for role in Role if Scope.BREAK_GLASS in table()[role]["story.read"]}
    assert button == {Role.CONNECTOR, Role.TEAM_MEMBER}
    assert button == {role for role in Role if table()[role]["story.emergency"]}
    for by in (town.c.by, town.b.boss, officer, town.me):
        with pytest.raises(NotAllowed):
            press(town, question, now, by=by)


def test_a_wrong_reference_says_the_same_as_one_that_is_not_theirs(town, now):
    question = a_question(town)
    with pytest.raises(NotAllowed):
        break_glass(reference="AAAA-AAAA", reason=WHY, by=town.b.by, now=now)
    Question.objects.update(person=town.b.worker.person)
    with pytest.raises(NotAllowed):
        press(town, question, now)


def test_who_reads_it_anyhow_needs_no_button(town, now):
    with pytest.raises(AlreadyReads):
        press(town, a_question(town), now, by=town.a.by)
    assert not BreakGlass.objects.exists()


def test_coordinator_officer_and_resident_hear_at_once_without_content(town, now, officer):
    row = press(town, a_question(town), now)
    mails = Message.objects.exclude(key__startswith="crisis")
    assert {m.recipient for m in mails} == {
        "cor.a@meierijstad.example", "fien@meierijstad.example", "rina@meierijstad.example",
    }  # fmt: skip
    assert not any(word in m.body for m in mails for word in ("Rina", "zus", "reageert", "Wim"))
    assert row.told_at == now


def test_danger_is_a_recorded_reason_not_to_tell(town, now):
    row = press(town, a_question(town), now, danger="De partner leest haar mail.")
    assert row.told_at is None and row.activity == "danger"
    told = Message.objects.filter(recipient="rina@meierijstad.example")
    assert not told.exclude(key__startswith="asked:").exists()
    review_emergency(reading=row, was_right=True, words="Goed", tell=True, by=town.a.boss, now=now)
    assert Message.objects.filter(recipient="rina@meierijstad.example").exists()


def test_without_an_address_the_team_has_the_task_to_tell(town, now):
    Person.objects.filter(pk=town.resident.pk).update(email="")
    press(town, a_question(town), now)
    assert Task.objects.get().team == town.a.team


def test_the_review(town, now, officer):
    row = press(town, a_question(town), now)
    assert row.review_by > timezone.localdate(now)
    for by in (town.b.boss, town.b.by, town.a.by, town.me):
        with pytest.raises(NotAllowed):
            review_emergency(reading=row, was_right=True, words="ja", by=by, now=now)
    with pytest.raises(NeedsReason):
        review_emergency(reading=row, was_right=True, words="", by=officer, now=now)
    review_emergency(reading=row, was_right=False, words="Bellen had gekund.", by=officer, now=now)
    with pytest.raises(WrongState):
        review_emergency(reading=row, was_right=True, words="ja", by=town.a.boss, now=now)


def test_nobody_looks_over_their_own(town, now, world):
    row = press(town, a_question(town), now)
    BreakGlass.objects.filter(pk=row.pk).update(membership=town.a.coordinator)
    with pytest.raises(NotAllowed):
        review_emergency(reading=row, was_right=True, words="ja", by=town.a.boss, now=now)


def test_nobody_looks_over_their_own_by_another_name(town, now):
    other = another_name(town.a.coordinator, town.b.team)
    row = break_glass(
        reference=a_question(town).reference, reason="Nu", by=as_actor(other), now=now
    )
    assert not BreakGlass.objects.visible_to(town.a.boss).exists()
    with pytest.raises(NotAllowed):
        review_emergency(reading=row, was_right=True, words="ja", by=town.a.boss, now=now)


@pytest.mark.parametrize("how", CLOSE)
def test_nobody_looks_over_a_reading_about_somebody_close_to_them(town, now, officer, how):
    CLOSE[how](town, town.a.coordinator.person)
    row = press(town, a_question(town), now)
    assert not BreakGlass.objects.visible_to(town.a.boss).exists()
    with pytest.raises(NotAllowed):
        review_emergency(reading=row, was_right=True, words="ja", by=town.a.boss, now=now)
    assert review_emergency(reading=row, was_right=True, words="ja", by=officer, now=now)


def test_a_late_review_is_reminded_once(town, now, officer):
    press(town, a_question(town), now)
    here = town.municipality
    assert run_reviews(here, now) == 0
    late = now + timedelta(days=20)
    assert run_reviews(here, late) == 1
    assert [run_reviews(here, at) for at in (late, late + timedelta(900), now)] == [0, 0, 0]
    assert Message.objects.filter(key__startswith="emergency-late").count() == 2
