"""Talking together: a purpose, only who is involved, the resident there; or no name at all."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from omzien.handovers.actions.teams import archive_team
from omzien.handovers.queries.offered import asked_of
from omzien.journal.isolation import choose
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.messages.rights import may_still_go
from omzien.people.actions.grounds import withdraw
from omzien.people.actions.memberships import end_membership
from omzien.people.models import Person
from omzien.people.rules.roles import PUBLIC, SYSTEM
from omzien.questions.actions.discussing import (
    Plan,
    call_off_anonymous,
    call_off_discussion,
    decide,
    move_discussion,
    plan_anonymous,
    plan_discussion,
    run_discussions,
    tell_of_discussion,
)
from omzien.questions.models import Discussion, DiscussionTeam, Question, Task
from omzien.questions.queries.involved import involved_teams
from omzien.questions.refusals import (
    NamesSomebody,
    NeedsReason,
    NotAllowed,
    NotInvolved,
    WrongState,
)
from omzien.questions.rules.anonymous import leads_to
from tests.casework import CLOSE, NOW, a_question, consent
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=3)
FOR = "Wie doet wat om haar weer naar buiten te krijgen?"


def plan(town, question, by=None, **more):
    fields = {"purpose": FOR, "at": SOON, "place": "Dorpshuis"}
    return plan_discussion(
        question=question, plan=Plan(**(fields | more)), by=by or town.a.by, now=NOW
    )


def test_the_resident_is_invited_and_the_owner_is_there(town):
    row = plan(town, a_question(town))
    assert row.resident_invited and [one.team for one in row.teams.all()] == [town.a.team]
    mail = Message.objects.get(recipient="rina@meierijstad.example", key__startswith="discussion")
    assert FOR not in mail.body and "Dorpshuis" not in mail.body


def test_a_team_takes_part_only_when_a_ground_covers_it(town):
    question = a_question(town)
    with pytest.raises(NotInvolved):
        plan(town, question, teams=[town.b.team.pk])
    ground = consent(town, town.b)
    assert involved_teams(question, at=NOW) == [town.a.team, town.b.team]
    row = plan(town, question, teams=[town.b.team.pk])
    assert Discussion.objects.visible_to(town.b.by).get() == row
    assert not Question.objects.visible_to(town.b.by).exists()  # a discussion opens no story
    for by in (town.c.by, PUBLIC):
        assert not Discussion.objects.visible_to(by).exists()
    withdraw(ground=ground, by=town.me)
    assert not Discussion.objects.visible_to(town.b.by).exists()  # at the next request


@pytest.mark.parametrize("how", CLOSE)
def test_who_is_close_to_the_resident_reads_nothing_of_it_as_a_worker(town, how):
    CLOSE[how](town, town.b.worker.person)
    question = a_question(town)
    consent(town, town.b)
    talk = plan(town, question, teams=[town.b.team.pk])
    assert not Discussion.objects.visible_to(town.b.by).filter(pk=talk.pk).exists()
    assert not asked_of(town.b.by, on=TODAY)
    assert Discussion.objects.visible_to(town.b.boss).filter(pk=talk.pk).exists()
    assert asked_of(town.b.boss, on=TODAY)


def test_not_inviting_the_resident_has_a_reason(town):
    question = a_question(town)
    with pytest.raises(NeedsReason):
        plan(town, question, invite_resident=False)
    row = plan(town, question, invite_resident=False, not_invited_because="Ligt in het ziekenhuis.")
    assert not Message.objects.filter(key__startswith="discussion-resident").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Discussion.objects.filter(pk=row.pk).update(not_invited_because="")


def test_a_talk_without_the_resident_is_asked_after_and_told_later(town):
    question, here, week = a_question(town), town.municipality, timedelta(weeks=1)
    consent(town, town.b)
    row = plan(town, question, invite_resident=False, not_invited_because="Zij lag in coma.",
               teams=[town.b.team.pk])  # fmt: skip
    invited = plan(town, question, purpose="Met haar")
    with pytest.raises(WrongState):  # it is not held yet
        tell_of_discussion(discussion=row, by=town.a.by, now=NOW)
    after = SOON + week
    moments = (SOON, after, after, after + timedelta(days=92))
    found = [run_discussions(here, at) for at in moments]
    choose(here.code)
    assert found == [0, 1, 0, 1]
    mails = Message.objects.filter(key__startswith=f"discussion-untold:{row.pk}")
    assert {one.recipient.split("@")[0] for one in mails} == {"wim.a", "cor.a"}
    assert all(map(may_still_go, mails)) and not any(FOR in one.body for one in mails)
    theirs = lambda who: set(Discussion.objects.visible_to(who))  # noqa: E731
    assert theirs(town.me) == {invited}
    for stranger in (town.b.by, town.c.by, town.me):
        with pytest.raises(NotAllowed):
            tell_of_discussion(discussion=row, by=stranger, now=after)
    tell_of_discussion(discussion=row, by=town.a.by, now=after)
    assert theirs(town.me) == {invited, row}
    assert Fact.objects.filter(verb="tell-discussion", subject_id=str(question.pk)).count() == 1
    for again in (row, invited):
        with pytest.raises(WrongState):
            tell_of_discussion(discussion=again, by=town.a.by, now=after)
    assert run_discussions(here, after + timedelta(days=400)) == 0
    choose(here.code)
    with pytest.raises(IntegrityError), transaction.atomic():
        Discussion.objects.filter(pk=invited.pk).update(told_at=NOW)


def test_without_an_address_somebody_calls(town):
    Person.objects.filter(pk=town.resident.pk).update(email="")
    plan(town, a_question(town))
    assert "nodig uit" in Task.objects.get().what


def test_who_is_invited_hears_that_it_is_moved_or_does_not_go_on(town):
    consent(town, town.b)
    row = plan(town, a_question(town), teams=[town.b.team.pk])
    for by in (town.b.by, town.c.by, town.me):
        with pytest.raises(NotAllowed):
            move_discussion(discussion=row, at=SOON, place="Elders", by=by, now=NOW)
        with pytest.raises(NotAllowed):
            call_off_discussion(discussion=row, by=by, now=NOW)
    move_discussion(
        discussion=row, at=SOON + timedelta(days=1), place="Elders", by=town.a.by, now=NOW
    )
    row.refresh_from_db()
    assert (row.at, row.place) == (SOON + timedelta(days=1), "Elders")
    call_off_discussion(discussion=row, by=town.a.by, now=NOW + timedelta(minutes=1))
    row.refresh_from_db()
    assert row.cancelled_at and not Discussion.objects.coming(at=NOW).exists()
    changed = Message.objects.filter(key__contains="changed")
    resident = changed.filter(recipient="rina@meierijstad.example")
    assert resident.count() == 2 and changed.count() > 2  # the other team too
    assert not any("Elders" in mail.body or FOR in mail.body for mail in changed)


def test_a_discussion_that_is_past_or_off_is_not_called_off(town):
    row = plan(town, a_question(town))
    with pytest.raises(WrongState):
        call_off_discussion(discussion=row, by=town.a.by, now=SOON + timedelta(hours=1))
    call_off_discussion(discussion=row, by=town.a.by, now=NOW)
    with pytest.raises(WrongState):
        call_off_discussion(discussion=row, by=town.a.by, now=NOW)


def test_without_an_address_somebody_calls_that_it_is_moved(town):
    Person.objects.filter(pk=town.resident.pk).update(email="")
    row = plan(town, a_question(town))
    move_discussion(discussion=row, at=SOON, place="Elders", by=town.a.by, now=NOW)
    assert Task.objects.filter(what__contains="verplaatst").count() == 1


def test_without_a_purpose_there_is_no_discussion(town):
    with pytest.raises(NeedsReason):
        plan(town, a_question(town), purpose=" ")


def test_only_the_owner_plans(town):
    question = a_question(town)
    for by in (town.b.by, town.c.by, town.me):
        with pytest.raises(NotAllowed):
            plan(town, question, by=by)


def test_a_decision_is_a_task_of_the_question(town):
    question = a_question(town)
    row = plan(town, question)
    task = decide(discussion=row, what="Anna belt de huisarts", due_on=SOON.date(), by=town.a.by,
                  now=NOW)  # fmt: skip
    assert task.question == question and row.decisions.get().task == task
    with pytest.raises(NotAllowed):
        decide(discussion=row, what="x", due_on=SOON.date(), by=town.b.by, now=NOW)


def anonymous(town, text="", by=None, team=None, **more):
    fields = {"purpose": "Hoe help je iemand die niemand binnenlaat?", "at": SOON, "text": text}
    return plan_anonymous(
        team=(team or town.a).team, plan=Plan(**(fields | more)), by=by or town.a.by, now=NOW
    )


def test_anonymous_leads_to_nobody(town):
    a_question(town)
    row = anonymous(town, "Een oudere vrouw in een dorp.", teams=[town.c.team.pk])
    assert row.question is None
    with pytest.raises(WrongState):
        decide(discussion=row, what="x", due_on=SOON.date(), by=town.a.by, now=NOW)
    assert Discussion.objects.visible_to(town.c.by).get() == row
    assert not Discussion.objects.visible_to(town.b.by).exists()
    # the only ways out of the row are teams and the municipality
    to = {f.related_model.__name__ for f in Discussion._meta.local_fields if f.is_relation}
    assert to == {"Municipality", "Question", "Team"}
    seats = {f.related_model.__name__ for f in DiscussionTeam._meta.local_fields if f.is_relation}
    assert seats == {"Municipality", "Discussion", "Team"}


@pytest.mark.parametrize(
    "text",
    [
        "Het gaat om Rina Roos.",
        "het gaat om rina  roos",
        "Mevrouw Roos uit het dorp",
        "Bel 06-5550 0001",
        "Bel +31 6 5550 0001",
        "mail rina@voorbeeld.nl",
        "5481 AB",
        "BSN 123456782",
        "vraag K7P4-WQ9D",
        "geboren 3-4-1951",
    ],
)
def test_a_text_that_names_somebody_is_refused_with_what_it_was(town, text):
    a_question(town)
    with pytest.raises(NamesSomebody) as refused:
        anonymous(town, text)
    assert refused.value.found
    assert not Discussion.objects.exists()


@pytest.mark.parametrize(
    "text", ["Rina is een mooie naam.", "Er stond een roos in de vaas.", "12 mensen"]
)
def test_a_text_without_a_name_is_fine(town, text):
    a_question(town)
    assert anonymous(town, text).text == text


def test_only_for_the_own_team(town):
    for by, team in ((town.a.by, town.b), (town.me, town.a), (PUBLIC, town.a)):
        with pytest.raises(NotAllowed):
            anonymous(town, by=by, team=team)


def told_off(row):
    mails = Message.objects.filter(key__startswith=f"discussion-changed:{row.pk}")
    return {one.recipient.split("@")[0] for one in mails if may_still_go(one)}


def test_who_planned_one_without_a_name_calls_it_off_and_who_is_invited_hears_it(town):
    form = uuid4()
    row = anonymous(town, teams=[town.b.team.pk], key=form)
    for by in (town.b.by, town.c.by, town.me, PUBLIC):
        with pytest.raises(NotAllowed):
            call_off_anonymous(discussion=row, by=by, now=NOW)
    with pytest.raises(NotAllowed):  # of a question it is called off by who has that
        call_off_anonymous(discussion=plan(town, a_question(town)), by=town.a.by, now=NOW)
    with pytest.raises(WrongState):
        call_off_anonymous(discussion=row, by=town.a.by, now=SOON)
    call_off_anonymous(discussion=row, by=town.a.boss, now=NOW)
    row.refresh_from_db()
    assert row.cancelled_at and told_off(row) == {"wim.b", "cor.b"}
    with pytest.raises(WrongState):  # a kept page does not plan anew what is off
        anonymous(town, teams=[town.b.team.pk], key=form)
    with pytest.raises(WrongState):
        call_off_anonymous(discussion=row, by=town.a.by, now=NOW)
    assert Fact.objects.filter(verb="call-off-anonymous", subject_id=str(row.pk)).count() == 1


def test_what_a_team_that_ends_planned_without_a_name_is_off(town):
    coming = anonymous(town, teams=[town.b.team.pk])
    anonymous(town, by=town.b.by, team=town.b)  # of another team
    held = anonymous(town, teams=[town.b.team.pk], purpose="Vorige week")
    Discussion.objects.filter(pk=held.pk).update(at=NOW - timedelta(days=7))
    was_there = town.a.by
    for one in (town.a.worker, town.a.coordinator):
        end_membership(membership=one, by=SYSTEM)
    archive_team(team=town.a.team, by=SYSTEM)
    assert Discussion.objects.exclude(cancelled_at=None).get() == coming
    assert told_off(coming) == {"wim.b", "cor.b"}
    with pytest.raises(NotAllowed):  # who was busy with it comes too late
        anonymous(town, purpose="Nog een", by=was_there)


@given(st.text(alphabet="abcdef ., \n", max_size=200))
def test_plain_words_lead_nowhere(text):
    assert leads_to(text, ["Rina Roos"]) == []
