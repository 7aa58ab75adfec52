"""After a restore all is erased again that was erased since: of each kind, and in any state."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from omzien.directory.models import Edit, ImportRun, Report, Service
from omzien.handovers.models import Handover
from omzien.journal.isolation import working_for
from omzien.mediation.models import Case
from omzien.messages.actions import drop_waiting
from omzien.messages.models import Message
from omzien.people.actions import grounds
from omzien.people.actions.memberships import end_membership
from omzien.people.actions.sessions import close_account, end_all_sessions
from omzien.people.ledger_file import Entry, hash_of, read_file
from omzien.people.models import (
    Account,
    Batch,
    BatchLine,
    Ground,
    Mandate,
    Membership,
    ReviewLine,
    Team,
    Tombstone,
)
from omzien.people.privacy.ended import ENDS, end_again, ended_lines, write_ended
from omzien.people.privacy.erasing import erase_person, reapply
from omzien.people.privacy.ledger import entries, erasing
from omzien.people.privacy.registry import terms
from omzien.people.privacy.retaining import approve, propose, run
from omzien.people.refusals import StillLive
from omzien.people.rules.retention import ANNOUNCED_DAYS, KINDS
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.models import BreakGlass, Crisis, Discussion, Goal, Question
from tests.people.privacy.conftest import long_ago
from tests.people.privacy.test_erasing import hits
from tests.signing import member

pytestmark = pytest.mark.django_db
HERE = "GM1948"
POLICY = Actor(HERE, Role.POLICY_OFFICER)
ADMIN = Actor(HERE, Role.TECHNICAL_ADMIN)
# What goes by the clock is due again by the same clock; a person has a test of their own below.
LISTED = sorted(code for code, kind in KINDS.items() if not kind.by_clock and code in terms())

REACHED = {"question-plan": "team", "question-provision": "specialist"}


@pytest.fixture
def old(world, canary):
    """Let something of each kind be over since long ago."""
    then = long_ago()
    with working_for(HERE):
        gone = member(Role.POLICY_OFFICER, world.meierijstad, name="Gerda Gegaan")
        Membership.objects.filter(pk=gone.pk).update(ended_at=then)
        ReviewLine.objects.filter(membership=gone).delete()
        for line in ReviewLine.objects.all():
            type(line.review).objects.filter(pk=line.review_id).update(closed_at=then)
        Mandate.objects.update(revoked_at=then)
        Service.objects.filter(pk=canary.service.pk).update(left_on=then.date(), status="withdrawn")
        Edit.objects.update(decided_at=then, state="rejected")
        Report.objects.update(closed_at=then, outcome="correct")
        ImportRun.objects.update(ended_at=then)
        Question.objects.filter(reference="PIET-VRG2").update(
            state="closed", result="solved", rung_reached="self", told_at=then
        )
    return canary


def destroyed_by_list(kind: str, municipality) -> list[str]:
    """Destroy what is due of a kind in twenty years, by a list that two people saw."""
    on = timezone.localdate() + timedelta(days=7305)
    propose(municipality=municipality, on=on)
    batch = Batch.objects.get(kind=kind)
    approve(batch=batch, by=POLICY)
    run(batch=batch, on=on + timedelta(days=ANNOUNCED_DAYS), by=ADMIN)
    gone = BatchLine.objects.filter(batch=batch, state=BatchLine.State.DESTROYED)
    return list(gone.values_list("key", flat=True))


@pytest.mark.parametrize("kind", [code for code in LISTED if code != "person"])
def test_what_a_list_destroyed_is_destroyed_again(old, world, kind):
    with working_for(HERE):
        if reached := REACHED.get(kind):
            own = Question.objects.get(reference="PIET-VRG2")
            Team.objects.filter(pk=own.team_id).update(organisation=None)
            Question.objects.filter(pk=own.pk).update(rung_reached=reached)
            Goal.objects.create(
                municipality_id=HERE, question=own, words="Weer fietsen", created_at=long_ago()
            )
        if kind == "mediation-short":
            Case.objects.update(outcome="stopped")
        with transaction.atomic():
            gone = destroyed_by_list(kind, world.meierijstad)
            ledger = entries()
            transaction.set_rollback(True)  # the database of before, with the ledger of after
        assert gone and not Tombstone.objects.exists()
        there = {str(key) for key in terms()[kind].every_key()}
        assert set(gone) <= there
    assert reapply(ledger) == len(gone)
    with working_for(HERE):
        assert not set(gone) & {str(key) for key in terms()[kind].every_key()}
    assert reapply(ledger) == 0


LIVE = {"state": "clarifying", "ended_at": None}
OVER = {"state": "withdrawn", "due_on": None}


def test_somebody_is_erased_again_whose_question_still_lived_in_the_backup(canary):
    today = timezone.localdate()
    mine = Question.objects.filter(person=canary.person.pk)
    now = timezone.now()
    with working_for(HERE):
        own = {"municipality_id": HERE, "question": mine.get()}
        mine.update(**LIVE, due_on=today)
        other = Team.objects.get(name="Gebiedsteam Oost")
        handover = Handover.objects.create(
            **own, from_team=own["question"].team, to_team=other, state="offered", asked="x",
            tried="y", best_moment="z", told_resident_on=today, capacity="yes", offered_at=now,
            offered_by="x", remind_on=today, due_on=today,
        )  # fmt: skip
        Crisis.objects.create(**own, flagged_at=now, flagged_by="system", answer_by=now)
        Discussion.objects.create(
            **own, team=own["question"].team, purpose="Samen", at=now + timedelta(days=2),
            made_at=now,
        )  # fmt: skip
        with transaction.atomic():
            Handover.objects.filter(pk=handover.pk).update(state="withdrawn", due_on=None)
            mine.update(**OVER, ended_at=now)
            erase_person(person=canary.again(), reason="request", on=today, by=SYSTEM)
            ledger = entries()
            transaction.set_rollback(True)
    assert reapply(ledger) == 1
    assert hits() == {}
    with working_for(HERE):
        handover.refresh_from_db()
        assert (handover.state, handover.asked) == ("withdrawn", "")
        assert not Crisis.objects.open().exists()
        assert Question.objects.get(reference="KANA-RIE2").state == "anonymised"


def test_a_question_is_forgotten_again_that_still_lived_in_the_backup(canary):
    question = Question.objects.filter(person=canary.person.pk)
    with working_for(HERE):
        key = str(question.get().pk)
        question.update(**LIVE, due_on=timezone.localdate())
        line = Entry(HERE, "question-short", hash_of("question-short", key), "2026-01-02", "x", "")
    assert reapply([line]) == 1
    with working_for(HERE):
        found = Question.objects.get(pk=key)
        assert (found.state, found.person, found.story) == ("anonymised", None, "")
    assert reapply([line]) == 0


@pytest.fixture
def reader(canary):
    """Let the canary, at work, have read the question of somebody else in an emergency."""
    with working_for(HERE):
        question = Question.objects.get(reference="PIET-VRG2")
        now = timezone.now()
        return BreakGlass.objects.create(
            municipality_id=HERE, question=question, membership=canary.membership,
            reason="Er was brand", opened_at=now, until=now + timedelta(hours=4),
            review_by=now.date(),
        )  # fmt: skip


def erase(canary):
    with working_for(HERE):
        today = timezone.localdate()
        return erase_person(person=canary.again(), reason="request", on=today, by=SYSTEM)


def test_who_read_in_an_emergency_is_erased_when_that_question_is_forgotten(canary, reader):
    with pytest.raises(StillLive) as refused:
        erase(canary)
    assert "noodknop" in refused.value.why
    with working_for(HERE):
        assert terms()["question-short"].destroy(str(reader.question_id)) == 1
    assert erase(canary) and hits() == {}


def test_who_read_in_an_emergency_is_erased_again_after_a_restore(canary, reader):
    with working_for(HERE), transaction.atomic():
        BreakGlass.objects.all().delete()
        erase(canary)
        ledger = entries()
        transaction.set_rollback(True)
    assert reapply(ledger) == 1 and hits() == {}


def test_a_role_that_read_in_an_emergency_is_on_no_list_as_long_as_that_is_kept(canary, reader):
    with working_for(HERE):
        ReviewLine.objects.all().delete()
        Membership.objects.filter(pk=canary.membership.pk).update(ended_at=long_ago())
        due = terms()["membership"].due
        listed = {one.key for one in due(timezone.localdate())}
        assert str(canary.membership.pk) not in listed
        reader.delete()
        listed = {one.key for one in due(timezone.localdate())}
        assert str(canary.membership.pk) in listed


@pytest.fixture
def over(world, canary):
    """Let a consent, a mandate, a role and an account end, and a mandate stand still."""
    with working_for(HERE):
        ground = Ground.objects.filter(person=canary.person).order_by("created_at").first()
        by = Actor(HERE, Role.RESIDENT, person=canary.person.pk)
        grounds.withdraw(ground=ground, by=by)
        given, held = Mandate.objects.order_by("pk")
        now = timezone.now()
        Mandate.objects.filter(pk=given.pk).update(revoked_at=now)
        Mandate.objects.filter(pk=held.pk).update(suspended_at=now)
        end_membership(membership=canary.membership, by=SYSTEM)
        close_account(account=canary.account, by=Actor(HERE, machine="system"))
    return ground, given, held, canary


def standing(ground, given, held, canary):
    """Return which of them hold now."""
    return {
        "ground": Ground.objects.holding(at=timezone.now()).filter(pk=ground.pk).exists(),
        "mandate": Mandate.objects.live(on=timezone.localdate()).filter(pk=given.pk).exists(),
        "suspended": Mandate.objects.live(on=timezone.localdate()).filter(pk=held.pk).exists(),
        "role": Membership.objects.filter(pk=canary.membership.pk, ended_at=None).exists(),
        "closed": Account.objects.filter(pk=canary.account.pk, is_active=True).exists(),
    }


def test_what_ended_since_the_backup_holds_no_more_after_a_restore(over):
    ground, _given, _held, canary = over
    lines = ended_lines()
    assert {one.kind for one in lines} == {f"ended-{kind}" for kind in ENDS}
    with working_for(HERE), erasing():  # as the backup has it
        ground.events.exclude(what="given").delete()
        Mandate.objects.update(revoked_at=None, suspended_at=None)
        Membership.objects.filter(pk=canary.membership.pk).update(ended_at=None)
        Account.objects.filter(pk=canary.account.pk).update(is_active=True)
        assert all(standing(*over).values())
    assert end_again([]) == 0
    assert reapply(lines) == 0, "that nothing was erased"
    assert end_again(lines) == len(ENDS)
    with working_for(HERE):
        assert not any(standing(*over).values())
    assert end_again(lines) == 0


def test_what_ends_is_in_the_file_from_that_moment(
    canary, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.LEDGER = tmp_path / "ledger"
    with django_capture_on_commit_callbacks(execute=True), working_for(HERE):
        end_membership(membership=canary.membership, by=SYSTEM)
    (line,) = read_file(settings.LEDGER)
    assert line.key_hash == hash_of("ended-role", canary.membership.pk)
    assert write_ended() == 0, "it was there"


def test_after_a_restore_nobody_is_signed_in_and_no_old_mail_goes(canary):
    with working_for(HERE):
        Message.objects.update(state="waiting")
        count = Message.objects.count()
    assert count and drop_waiting() == count and end_all_sessions() == 1
    with working_for(HERE):
        assert set(Message.objects.values_list("state", "body")) == {("dropped", "")}
