"""Terms as calendar periods, and destroying: on a list, once, never early, and a hold wins."""

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from omzien.agenda.models import PageFeedback
from omzien.directory.models import Edit, ImportFile, Report, Service
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.erasing import officers_for
from omzien.messages.models import Message
from omzien.people.actions.memberships import end_membership
from omzien.people.models import Account, Batch, BatchLine, Membership, Person, Session, Tombstone
from omzien.people.privacy import own, retaining
from omzien.people.privacy.holds import hold, lift, who_hold
from omzien.people.refusals import NotAllowed, NotYet, WrongMove
from omzien.people.rules.retention import (
    ANNOUNCED_DAYS,
    KINDS,
    Period,
    Refusal,
    State,
    is_due,
    last_day,
    run_from,
    state,
)
from omzien.people.rules.roles import SYSTEM, Actor, Role
from tests.casework import CLOSE, as_actor
from tests.people.privacy.conftest import long_ago
from tests.signing import member, person

POLICY = Actor("GM1948", Role.POLICY_OFFICER)
ADMIN = Actor("GM1948", Role.TECHNICAL_ADMIN)
OFFICER = Actor("GM1948", Role.PRIVACY_OFFICER)
TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=ANNOUNCED_DAYS)

DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))
CODES = st.sampled_from(sorted(KINDS))


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        (Period(years=5), date(2024, 2, 29), date(2029, 2, 28)),
        (Period(years=4), date(2024, 2, 29), date(2028, 2, 29)),
        (Period(years=5), date(2023, 3, 1), date(2028, 3, 1)),
        (Period(months=3), date(2026, 11, 30), date(2027, 2, 28)),
        (Period(months=1), date(2024, 1, 31), date(2024, 2, 29)),
        (Period(years=1), date(2023, 2, 28), date(2024, 2, 28)),
        (Period(days=1), date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_term_is_a_calendar_period(period, start, end):
    assert period.after(start) == end


def test_five_years_from_29_february_ends_with_28_february_and_that_day_counts():
    start = date(2024, 2, 29)
    assert last_day("ground", start) == date(2029, 2, 28)
    assert not is_due("ground", start, on=date(2029, 2, 28))
    assert is_due("ground", start, on=date(2029, 3, 1))


@given(CODES, DAYS, DAYS, st.none() | DAYS, st.booleans())
def test_never_before_the_term_and_a_hold_wins(kind, start, on, proposed, approved):
    args = {"on": on, "proposed_on": proposed, "is_approved": approved}
    held = state(kind, start, is_held=True, **args)
    assert held in (State.HELD, State.ACTIVE)
    if state(kind, start, **args) == State.DESTROYED:
        assert on > last_day(kind, start) or kind == "request"
        assert KINDS[kind].by_clock or (approved and proposed and on >= run_from(kind, proposed))


@given(CODES, DAYS, DAYS)
def test_later_starts_end_later_and_due_stays_due(kind, first, second):
    first, second = sorted((first, second))
    assert last_day(kind, first) <= last_day(kind, second)
    end = last_day(kind, first)
    assert not is_due(kind, first, on=end)
    assert all(is_due(kind, first, on=end + timedelta(days=n)) for n in (1, 40, 4000))


@given(CODES, DAYS, DAYS)
def test_the_coarse_filter_loses_nothing(kind, start, on):
    if is_due(kind, start, on=on):
        assert start < own.before(kind, on)


def test_every_kind_has_a_term_a_start_and_a_source():
    assert all(kind.name and kind.starts and kind.source for kind in KINDS.values())


# In the database


@pytest.fixture
def inside():
    with working_for("GM1948"):
        yield


@pytest.fixture
def old(world, inside):
    """Return a report that was settled long ago, and one of yesterday."""

    def make(days):
        return Report.objects.create(
            municipality=world.meierijstad,
            service=world.huiskamer,
            about="other",
            text="oud",
            due_on=TODAY,
            closed_at=long_ago(days),
            outcome="correct",
        )

    return [make(4000), make(1)]


def propose(world, on=TODAY):
    return retaining.propose(municipality=world.meierijstad, on=on)


def test_proposed_approved_run_and_gone_once(world, old):
    [batch] = propose(world)
    assert (batch.kind, batch.lines.count(), batch.run_from) == ("report", 1, LATER)
    assert propose(world) == []
    with pytest.raises(NotYet):
        retaining.run(batch=batch, on=LATER, by=ADMIN)
    retaining.approve(batch=batch, by=POLICY)
    with pytest.raises(WrongMove):
        retaining.approve(batch=batch, by=POLICY)
    with pytest.raises(NotYet):
        retaining.run(batch=batch, on=LATER - timedelta(days=1), by=ADMIN)
    assert Report.objects.count() == 2
    assert retaining.run(batch=batch, on=LATER, by=ADMIN) == 1
    assert [one.pk for one in Report.objects.all()] == [old[1].pk]
    assert retaining.run(batch=batch, on=LATER, by=ADMIN) == 0
    assert Tombstone.objects.filter(kind="report", batch=batch.pk).count() == 1
    assert propose(world, LATER) == []
    verbs = set(Fact.objects.filter(subject="batch").values_list("verb", flat=True))
    assert verbs == {"retention-propose", "retention-approve", "retention-run"}


@pytest.mark.parametrize("role", list(Role))
def test_who_decides_does_not_run_and_who_runs_does_not_decide(world, old, role):
    [batch] = propose(world)
    actor = Actor("GM1948", role)
    if role == Role.POLICY_OFFICER:
        retaining.approve(batch=batch, by=actor)
        with pytest.raises(NotAllowed):
            retaining.run(batch=batch, on=LATER, by=actor)
        return
    with pytest.raises(NotAllowed):
        retaining.approve(batch=batch, by=actor)
    if role != Role.TECHNICAL_ADMIN:
        with pytest.raises(NotAllowed):
            retaining.run(batch=batch, on=LATER, by=actor)


def test_a_hold_on_one_thing_keeps_it_and_it_comes_back_when_lifted(world, old):
    [batch] = propose(world)
    retaining.approve(batch=batch, by=POLICY)
    held = hold(municipality="GM1948", kind="report", key=str(old[0].pk), reason="zaak", by=OFFICER)
    assert retaining.run(batch=batch, on=LATER, by=ADMIN) == 0
    assert Report.objects.count() == 2
    assert batch.lines.get().state == BatchLine.State.HELD
    assert propose(world, LATER) == []
    lift(held=held, by=OFFICER)
    assert len(propose(world, LATER)) == 1


def test_what_is_due_no_more_stays(world, old):
    [batch] = propose(world)
    retaining.approve(batch=batch, by=POLICY)
    Report.objects.filter(pk=old[0].pk).update(closed_at=timezone.now())
    assert retaining.run(batch=batch, on=LATER, by=ADMIN) == 0
    assert batch.lines.get().state == BatchLine.State.KEPT
    assert Report.objects.count() == 2


def test_the_worker_runs_what_was_approved_and_nothing_else(world, old):
    [batch] = propose(world)
    assert retaining.run_approved(municipality=world.meierijstad, on=LATER) == 0
    retaining.approve(batch=batch, by=POLICY)
    assert retaining.run_approved(municipality=world.meierijstad, on=TODAY) == 0
    assert retaining.run_approved(municipality=world.meierijstad, on=LATER) == 1
    assert retaining.run_approved(municipality=world.meierijstad, on=LATER) == 0


@pytest.fixture
def three(world, inside):
    """Return an approved list of three reports, in the order in which it is run."""
    for text in "abc":
        Report.objects.create(
            municipality=world.meierijstad, service=world.huiskamer, about="other", text=text,
            due_on=TODAY, closed_at=long_ago(4000), outcome="correct",
        )  # fmt: skip
    [batch] = propose(world)
    retaining.approve(batch=batch, by=POLICY)
    return batch


def goes_wrong_at(batch, monkeypatch, error, number):
    """Let the line with this number on the list go wrong, after it removed its thing."""
    lines = list(batch.lines.order_by("last_day", "pk"))
    real = retaining._destroy

    def odd(batch, line, *words):
        real(batch, line, *words)
        if line.pk == lines[number].pk:
            raise error

    monkeypatch.setattr(retaining, "_destroy", odd)
    return lines[number]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_line_that_goes_wrong_stops_no_other_and_is_tried_again(
    world, three, monkeypatch, caplog, number
):
    with monkeypatch.context() as patch:
        odd = goes_wrong_at(three, patch, RuntimeError("Rina Roos"), number)
        for gone in (2, 0):
            assert retaining.run_approved(municipality=world.meierijstad, on=LATER) == gone
    assert caplog.text.count(str(odd.pk)) == 2 and "Rina" not in caplog.text
    caplog.clear()
    three.refresh_from_db()
    assert (three.state, three.destroyed) == (Batch.State.APPROVED, 2)
    assert [str(one.pk) for one in Report.objects.all()] == [odd.key]
    assert Tombstone.objects.filter(batch=three.pk).count() == 2
    assert retaining.run(batch=three, on=LATER, by=ADMIN) == 1
    three.refresh_from_db()
    assert (three.state, three.destroyed) == (Batch.State.DONE, 3)
    assert not Report.objects.exists()


def test_what_the_database_refuses_at_the_end_only_goes_wrong_in_its_own_line(
    world, three, monkeypatch, caplog
):
    odd, real = three.lines.order_by("last_day", "pk")[1], retaining._destroy

    def breaks(batch, line, *words):
        real(batch, line, *words)
        if line.pk == odd.pk:  # a key of nothing, which is asked when all is done
            BatchLine.objects.create(
                municipality=world.meierijstad, batch_id=uuid4(), key="x", last_day=TODAY
            )

    monkeypatch.setattr(retaining, "_destroy", breaks)
    assert retaining.run_approved(municipality=world.meierijstad, on=LATER) == 2
    assert str(odd.pk) in caplog.text and "IntegrityError" in caplog.text
    caplog.clear()
    assert not BatchLine.objects.filter(key="x").exists()
    assert [str(one.pk) for one in Report.objects.all()] == [odd.key]


def test_who_is_stopped_halfway_goes_on_where_it_was(world, three, monkeypatch):
    with monkeypatch.context() as patch:
        goes_wrong_at(three, patch, KeyboardInterrupt(), 1)
        with pytest.raises(KeyboardInterrupt):
            retaining.run_approved(municipality=world.meierijstad, on=LATER)
    assert Report.objects.count() == 2
    assert Tombstone.objects.filter(batch=three.pk).count() == 1
    assert retaining.run_approved(municipality=world.meierijstad, on=LATER) == 2
    three.refresh_from_db()
    assert (three.state, three.destroyed) == (Batch.State.DONE, 3)


def test_a_part_of_a_list_at_a_time(three):
    assert [retaining.run(batch=three, on=LATER, by=ADMIN, most=2) for _ in range(3)] == [2, 1, 0]
    three.refresh_from_db()
    assert (three.state, three.destroyed) == (Batch.State.DONE, 3)


def test_what_goes_by_the_clock_and_goes_wrong_stops_no_other(world, inside, monkeypatch, caplog):
    for key in "abc":
        Message.objects.create(
            municipality=world.meierijstad, key=key, recipient="x@x.example", subject="s",
            body="b", state="sent", sent_at=long_ago(200), next_try_at=long_ago(200),
        )  # fmt: skip
    odd, real = str(Message.objects.get(key="a").pk), retaining.is_held
    with monkeypatch.context() as patch:
        patch.setattr(
            retaining, "is_held", lambda kind, key, **of: 1 / 0 if key == odd else real(kind, key)
        )
        assert retaining.by_clock(municipality=world.meierijstad, on=TODAY) == 2
    assert odd in caplog.text
    caplog.clear()
    assert [one.key for one in Message.objects.all()] == ["a"]
    assert retaining.by_clock(municipality=world.meierijstad, on=TODAY) == 1


def test_a_list_holds_no_content(world, old):
    [batch] = propose(world)
    line = batch.lines.get()
    assert line.key == str(old[0].pk)
    assert "oud" not in str(vars(line)) + str(vars(batch))


def test_mail_and_files_go_by_the_clock_but_never_what_waits(world, inside):
    town = world.meierijstad
    for key, state_, days in (("a", "sent", 200), ("b", "sent", 20), ("c", "waiting", 200)):
        Message.objects.create(
            municipality=town,
            key=key,
            recipient="x@x.example",
            subject="s",
            body="b",
            state=state_,
            sent_at=long_ago(days),
            next_try_at=long_ago(days),
        )
    for digest, state_, days in (("1", "gone", 3), ("2", "gone", 0), ("3", "done", 3)):
        ImportFile.objects.create(
            municipality=town,
            file_name="x.csv",
            ending=".csv",
            digest=digest * 64,
            state=state_,
            asked_by="x",
            created_at=long_ago(days),
        )
    assert retaining.by_clock(municipality=town, on=TODAY) == 3
    assert retaining.by_clock(municipality=town, on=TODAY) == 0
    assert set(Message.objects.values_list("key", flat=True)) == {"b", "c"}
    assert ImportFile.objects.count() == 1


def test_a_role_that_ended_goes_and_then_the_person(world):
    gone = member(Role.CHIEF_EDITOR, world.meierijstad, name="Gerda Gone")
    live = member(Role.CHIEF_EDITOR, world.meierijstad, name="Lies Live")
    with working_for("GM1948"):
        end_membership(membership=gone, by=SYSTEM)
        Membership.objects.filter(pk=gone.pk).update(ended_at=long_ago())
        Person.objects.update(created_at=long_ago())
        assert [b.kind for b in propose(world)] == ["membership"]
        run_all(world)
        assert not Membership.objects.filter(pk=gone.pk).exists()
        [batch] = propose(world, LATER)
        assert (batch.kind, batch.lines.get().key) == ("person", str(gone.person_id))
        retaining.approve(batch=batch, by=POLICY)
        retaining.run(batch=batch, on=LATER + timedelta(days=40), by=ADMIN)
        assert not Person.objects.filter(pk=gone.person_id).exists()
        assert not Account.objects.filter(pk=gone.person.account_id).exists()
        assert Person.objects.filter(pk=live.person_id).exists()


def run_all(world):
    for batch in Batch.objects.filter(state="proposed"):
        retaining.approve(batch=batch, by=POLICY)
        retaining.run(batch=batch, on=LATER, by=ADMIN)


def test_edits_opinions_and_contacts_of_entries_that_left(world, inside):
    town = world.meierijstad
    Edit.objects.create(
        municipality=town,
        service=world.huiskamer,
        changes={},
        proposed_by="x",
        state="approved",
        decided_at=long_ago(),
    )
    PageFeedback.objects.create(municipality=town, page="/", score=1)
    PageFeedback.objects.update(created_at=long_ago())
    Service.objects.filter(pk=world.geldzaken.pk).update(left_on=date(2020, 1, 1))
    assert {b.kind for b in propose(world)} == {"edit", "page-feedback", "entry"}
    run_all(world)
    assert not Edit.objects.exists() and not PageFeedback.objects.exists()
    left = Service.objects.get(pk=world.geldzaken.pk)
    assert left.owner_email == "" and left.title and not left.phones.exists()
    assert propose(world, LATER) == []


def test_a_request_needs_no_announcement_but_a_decision(world):
    who = person(world.meierijstad, "Vera Vraagt")
    me = Actor("GM1948", Role.RESIDENT, person=who.pk)
    with working_for("GM1948"):
        with pytest.raises(NotAllowed):
            retaining.request_erasure(person=who, on=TODAY, by=ADMIN)
        batch = retaining.request_erasure(person=who, on=TODAY, by=me)
        with pytest.raises(WrongMove):
            retaining.request_erasure(person=who, on=TODAY, by=me)
        with pytest.raises(NotYet):
            retaining.run(batch=batch, on=TODAY, by=ADMIN)
        retaining.approve(batch=batch, by=POLICY)
        held = hold(municipality="GM1948", kind="person", key=str(who.pk), reason="x", by=OFFICER)
        assert retaining.run(batch=batch, on=TODAY, by=ADMIN) == 0
        assert Person.objects.filter(pk=who.pk).exists()
        lift(held=held, by=OFFICER)
        assert retaining.run(batch=batch, on=TODAY, by=ADMIN) == 1
        assert not Person.objects.filter(pk=who.pk).exists()


@pytest.mark.parametrize("how", CLOSE)
def test_nobody_decides_on_erasing_themselves_or_who_is_close_to_them(world, how):
    """Not by whichever name, and not for who they speak for or who speaks for them."""
    mine = member(Role.POLICY_OFFICER, world.meierijstad, name="Bert Beleid")
    other = member(Role.POLICY_OFFICER, world.meierijstad, name="Dora Dossier")
    watches = member(Role.PRIVACY_OFFICER, world.meierijstad, name="Fien Toezicht")
    town = SimpleNamespace(resident=person(world.meierijstad, "Vera Vraagt"))
    with working_for("GM1948"):
        CLOSE[how](town, mine.person)
        asks = Person.objects.get(pk=town.resident.pk)
        me = Actor("GM1948", Role.RESIDENT, person=asks.pk)
        batch = retaining.request_erasure(person=asks, on=TODAY, by=me)
        for act in (approve_it, refuse_it):
            with pytest.raises(NotAllowed):
                act(batch, as_actor(mine))
        assert retaining.who_decide(batch, on=TODAY) == ["Dora Dossier"]
        assert mine.person.email not in officers_for(batch, on=TODAY)
        assert {other.person.email, watches.person.email} <= set(officers_for(batch, on=TODAY))
        retaining.approve(batch=batch, by=as_actor(other))


def test_nobody_holds_or_lets_go_what_is_about_themselves(world):
    mine = member(Role.PRIVACY_OFFICER, world.meierijstad, name="Fien Toezicht")
    other = member(Role.PRIVACY_OFFICER, world.meierijstad, name="Gijs Toezicht")
    mine_too = {"municipality": "GM1948", "kind": "person", "key": str(mine.person_id)}
    with working_for("GM1948"):
        with pytest.raises(NotAllowed):
            hold(**mine_too, reason="x", by=as_actor(mine))
        held = hold(**mine_too, reason="x", by=as_actor(other))
        with pytest.raises(NotAllowed):
            lift(held=held, by=as_actor(mine))
        assert who_hold(held, on=TODAY) == ["Gijs Toezicht"]
        lift(held=held, by=as_actor(other))


def approve_it(batch, by):
    retaining.approve(batch=batch, by=by)


def refuse_it(batch, by):
    retaining.refuse(batch=batch, because=Refusal.LAW, by=by)


def test_a_list_by_its_term_is_approved_by_who_is_on_it_too(world, inside):
    """Nothing is chosen there: who is over the term goes, whoever that is."""
    mine = member(Role.POLICY_OFFICER, world.meierijstad, name="Bert Beleid")
    with working_for("GM1948"):
        batch = Batch.objects.create(
            municipality=world.meierijstad, kind="person", proposed_on=TODAY, run_from=LATER
        )
        BatchLine.objects.create(
            municipality=world.meierijstad, batch=batch, key=str(mine.person_id),
            person=mine.person_id, last_day=TODAY,
        )  # fmt: skip
        retaining.approve(batch=batch, by=as_actor(mine))
        assert batch.lines.exists()


def test_a_dry_run_counts_and_writes_nothing(world, old):
    before = Fact.objects.count()
    counts = {row.kind.code: row for row in retaining.overview(on=TODAY)}
    assert (counts["report"].due, counts["report"].held, counts["report"].listed) == (1, 0, 0)
    assert Fact.objects.count() == before and not Batch.objects.exists()


def test_one_municipality_destroys_nothing_of_another(world, old):
    assert retaining.propose(municipality=world.meierijstad, on=TODAY)
    with working_for("GM1991"):
        assert retaining.propose(municipality=world.maashorst, on=TODAY) == []
        assert {row.due for row in retaining.overview(on=TODAY)} == {0}


def test_accounts_of_nobody_and_old_sessions(world):
    who = person(world.maashorst, "Els Elders")
    idle = Account.objects.create_user("niemand@x.example")
    fresh = Account.objects.create_user("nieuw@x.example")
    Account.objects.exclude(pk=fresh.pk).update(created_at=long_ago())
    assert own.clear_accounts(on=TODAY) == 1
    left = set(Account.objects.values_list("pk", flat=True))
    assert idle.pk not in left and {fresh.pk, who.account_id} <= left
    for key, days in (("a", 1), ("b", -1)):
        Session.objects.create(session_key=key, session_data="x", expire_date=long_ago(days))
    assert own.clear_sessions(now=timezone.now()) == 1
