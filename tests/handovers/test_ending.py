"""A question ends: what other teams do for it stands in the way, or ends with it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.advising import ask_advice
from omzien.handovers.actions.along import give_task, involve, move_involvement
from omzien.handovers.actions.clock import run_clock
from omzien.handovers.actions.consenting import ByLaw, let_share, take_back
from omzien.handovers.actions.ending import stop_question
from omzien.handovers.actions.leaving import resident_died
from omzien.handovers.actions.offering import withdraw_ground
from omzien.handovers.actions.referring import refer
from omzien.handovers.models import Consult, Involvement, Referral
from omzien.journal.isolation import choose
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.people.models import AccessLine, Ground
from omzien.people.queries.grounds import standing_of
from omzien.people.rules.grounds import Category, GroundKind, What
from omzien.questions.actions.discussing import Plan, decide, plan_discussion
from omzien.questions.actions.tasks import finish_task
from omzien.questions.actions.working import close, pick_up, reopen
from omzien.questions.models import Discussion, Question, Task
from omzien.questions.queries.history import history_of
from omzien.questions.refusals import NotAllowed, StillOpen
from omzien.questions.rules.states import Result
from tests.casework import a_question, consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    """Return a moment after what the fixtures write, so that their grounds hold."""
    return timezone.now() + timedelta(minutes=1)


@pytest.fixture
def question(town, now):
    return a_question(town, now=now)


@pytest.fixture
def shared(town, question, now):
    """Return the question with a part, a task and a discussion of team B, and advice asked of C."""
    consent(town, town.b, categories=[Category.CONTACT, Category.STORY])
    common = {"by": town.a.by, "now": now}
    part = involve(question=question, team=town.b.team, part="De papieren", **common)
    move_involvement(involvement=part, name="join", by=town.b.by, now=now)
    day = timezone.localdate(now)
    give_task(involvement=part, what="Brief lezen", due_on=day, **common)
    plan = Plan(purpose="Wie doet wat?", at=now + timedelta(days=3), teams=[town.b.team.pk])
    talk = plan_discussion(question=question, plan=plan, **common)
    decide(discussion=talk, what="Huisarts bellen", due_on=day, **common)
    ask_advice(question=question, to_team=town.c.team, text="Wat past bij iemand?", **common)
    refer(question=question, name="Huiskamer", what="Koffie", **common)
    return question


def closing(town, question, now):
    return close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
                 by=town.a.by, now=now)  # fmt: skip


def mailed(code, **who):
    return Message.objects.filter(key__contains=code, **who)


def test_the_owner_cannot_close_what_others_still_do(town, shared, now, at_desk):
    with pytest.raises(StillOpen) as found, transaction.atomic():
        closing(town, shared, now)
    assert found.value.what == ("along", "advice", "task")
    page = at_desk(town.a.worker).get(reverse("question", args=[shared.pk])).content.decode()
    assert "Afronden kan nog niet" in page and "(Team B)" in page and "(Brief lezen)" in page
    assert f'href="{reverse("along", args=[shared.pk])}">Ga daarheen' in page


@pytest.mark.parametrize("held", [True, False])
def test_a_task_of_another_team_is_in_the_way_whoever_holds_the_question(town, question, now, held):
    if held:
        pick_up(question=question, by=town.a.by, now=now)
    Task.objects.create(municipality=town.municipality, question=question, what="Brief lezen",
                        team=town.b.team, due_on=timezone.localdate(now), made_at=now)  # fmt: skip
    with pytest.raises(StillOpen) as found:
        closing(town, question, now)
    assert found.value.what == ("task",)


def test_the_own_tasks_of_the_team_are_not_in_the_way_and_are_not_done(town, question, now):
    common = {"by": town.a.by, "now": now}
    plan = Plan(purpose="Wie doet wat?", at=now + timedelta(days=3))
    talk = plan_discussion(question=question, plan=plan, **common)
    day = timezone.localdate(now)
    undone = decide(discussion=talk, what="Huisarts bellen", due_on=day, **common)
    done = decide(discussion=talk, what="Folder sturen", due_on=day, **common)
    finish_task(task=done, **common)
    row = closing(town, question, now)
    reopen(question=row, **common)
    ours = Task.objects.filter(kind=Task.Kind.OWN)
    found = {one.pk: one.is_dropped for one in ours}
    assert found == {undone.pk: True, done.pk: False}
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=undone.pk).update(done_at=None)


def test_a_decision_that_nobody_did_does_not_read_as_done(town, question, now, at_desk):
    common = {"by": town.a.by, "now": now}
    plan = Plan(purpose="Wie doet wat?", at=now + timedelta(days=3))
    talk = plan_discussion(question=question, plan=plan, **common)
    decide(discussion=talk, what="Huisarts bellen", due_on=timezone.localdate(now), **common)
    reopen(question=closing(town, question, now), **common)
    page = at_desk(town.a.worker).get(reverse("discussions", args=[question.pk]))
    assert "niet gedaan: de vraag stopte" in page.content.decode()
    assert "ging niet door" in page.content.decode()


def _withdraw(town, question, now):
    return stop_question(question=question, name="withdraw", by=town.me, now=now)


def _die(town, question, now):
    return resident_died(question=question, by=town.a.by, now=now)


@pytest.mark.parametrize("ends", [_withdraw, _die])
def test_what_others_do_ends_with_the_question(town, shared, now, ends):
    ends(town, shared, now)
    assert Involvement.objects.get().state == "ended"
    assert Consult.objects.get().state == "withdrawn"
    assert Referral.objects.get().state == "stopped"
    assert Discussion.objects.get().cancelled_at == now
    assert not Task.objects.open().exists()
    assert set(Task.objects.filter(kind="own").values_list("is_dropped", flat=True)) == {True}
    assert standing_of(Ground.objects.get(), at=timezone.now()) == What.EXPIRED
    facts = set(Fact.objects.filter(subject="question").values_list("verb", flat=True))
    assert {"end-along", "call-off-discussion", "stop-referral"} <= facts
    assert mailed("along-ended").count() == 2 and mailed("discussion-off:").count() == 2
    told = mailed("discussion-off-resident", recipient=town.resident.email).count()
    assert told == (ends is _withdraw)


def test_who_may_not_stop_it_ends_nothing(town, shared, now):
    with pytest.raises(NotAllowed):
        stop_question(question=shared, name="withdraw", by=town.b.by, now=now)
    assert Involvement.objects.get().state == "along" and not mailed("along-ended").exists()


def test_the_other_team_reads_that_it_ended_and_nothing_is_read(town, shared, now, at_desk):
    _withdraw(town, shared, now)
    lines = AccessLine.objects.count()
    answer = at_desk(town.b.worker).get(reverse("along", args=[shared.pk]))
    assert answer.status_code == 410 and "Het meedoen is klaar" in answer.content.decode()
    assert "Rina" not in answer.content.decode() and AccessLine.objects.count() == lines
    assert at_desk(town.c.worker).get(reverse("along", args=[shared.pk])).status_code == 404


def test_a_ground_that_another_question_needs_goes_on(town, shared, now):
    other = a_question(town)
    involve(question=other, team=town.b.team, part="Ook dit", by=town.a.by, now=now)
    _withdraw(town, shared, now)
    assert standing_of(Ground.objects.get(), at=timezone.now()) == What.GIVEN
    assert Question.objects.visible_to(town.b.by, verb="story.read").get() == other
    _withdraw(town, other, now)
    assert standing_of(Ground.objects.get(), at=timezone.now()) == What.EXPIRED


def test_a_ground_for_a_team_without_a_part_in_it_goes_on_too(town, question, now):
    a_question(town)
    consent(town, town.c)
    _withdraw(town, question, now)
    assert standing_of(Ground.objects.get(), at=timezone.now()) == What.GIVEN


def test_advice_stands_nowhere_in_what_happened(town, shared):
    verbs = {one.verb for one in history_of(shared, town.a.by)}
    assert verbs and not any("advice" in verb for verb in verbs)


def _shares_no_more(town, question, now):
    (ground,) = Ground.objects.filter(recipients__team=town.b.team)
    take_back(question=question, ground=ground, by=town.me, now=now)


def test_who_stops_sharing_ends_the_part_and_the_seat_of_that_team(town, shared, now, at_desk):
    _shares_no_more(town, shared, now)
    part, talk = Involvement.objects.get(), Discussion.objects.get()
    assert part.state == "ended" and part.ended_at is not None
    assert [one.team for one in talk.teams.all()] == [town.a.team] and talk.cancelled_at is None
    task = Task.objects.get(what="Brief lezen")
    assert task.team == town.a.team and task.done_at is None
    step = Task.objects.get(kind=Task.Kind.NEXT_STEP)
    assert (step.team, step.done_at) == (town.a.team, None)
    assert mailed(":along-ended").count() == mailed("discussion-without:").count() == 2
    told = mailed("along-stopped:")
    assert {one.recipient for one in told} == {
        "wim.a@meierijstad.example", "cor.a@meierijstad.example"
    }  # fmt: skip
    assert not any("Rina" in one.body or "Team B" in one.body for one in told)
    page = at_desk(town.a.worker).get(reverse("along", args=[shared.pk])).content.decode()
    assert "Doet mee" not in page and "Geef dit team een taak" not in page
    inbox = at_desk(town.a.worker).get(reverse("inbox")).content.decode()
    assert "ging niet door, kies een volgende stap" in inbox
    sharing = at_desk(town.resident).get(reverse("my-sharing", args=[shared.pk]))
    assert "Teams die meedoen" not in sharing.content.decode()
    answer = at_desk(town.b.worker).get(reverse("along", args=[shared.pk]))
    assert answer.status_code == 410 and "Rina" not in answer.content.decode()


def test_after_that_only_what_others_still_do_is_in_the_way(town, shared, now):
    _shares_no_more(town, shared, now)
    with pytest.raises(StillOpen) as found:
        closing(town, shared, now)
    assert found.value.what == ("advice",)


def test_a_law_that_lets_share_keeps_the_part_and_the_seat(town, shared, now):
    law = ByLaw(kind=GroundKind.LEGAL_TASK, article="2.3.2 Wmo", explanation="Nodig.",
                categories=(Category.STORY,), is_informed=True)  # fmt: skip
    let_share(question=shared, team=town.b.team, ground=law, by=town.a.by, now=now)
    ground = Ground.objects.get(kind=GroundKind.CONSENT)
    take_back(question=shared, ground=ground, by=town.me, now=now)
    assert Involvement.objects.get().state == "along"
    assert Discussion.objects.get().teams.count() == 2 and not mailed("along-stopped:").exists()


def test_without_the_story_a_team_does_its_part_and_is_in_no_discussion(town, shared, now):
    consent(town, town.b, categories=[Category.CONTACT])
    whole = Ground.objects.get(categories__contains=[Category.STORY])
    withdraw_ground(ground=whole, by=town.me, now=now)
    assert Involvement.objects.get().state == "along"
    assert [one.team for one in Discussion.objects.get().teams.all()] == [town.a.team]
    assert mailed("discussion-without:").count() == mailed("along-stopped:").count() == 2


def test_what_a_ground_that_ran_out_let_ends_at_the_next_round_and_once(town, question, now):
    consent(town, town.b, until_on=timezone.localdate(now))
    involve(question=question, team=town.b.team, part="x", by=town.a.by, now=now)
    plan = Plan(purpose="Wie doet wat?", at=now + timedelta(days=3), teams=[town.b.team.pk])
    plan_discussion(question=question, plan=plan, by=town.a.by, now=now)
    run_clock(municipality=town.municipality, now=now)
    assert Involvement.objects.get().state == "asked"
    for _ in range(2):
        run_clock(municipality=town.municipality, now=now + timedelta(days=1))
        choose("GM1948")
        assert Involvement.objects.get().state == "ended"
        assert Discussion.objects.get().teams.count() == 1
        assert mailed("along-stopped:").count() == 2
