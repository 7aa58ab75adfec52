"""A ground for sharing: events that only grow, and what follows from them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.actions import grounds as act
from omzien.people.actions.starting import own_organisation
from omzien.people.actions.teams import form_team
from omzien.people.models import Ground, GroundEvent
from omzien.people.privacy.ledger import bury
from omzien.people.queries.grounds import covers, holds, standing_of
from omzien.people.refusals import (
    NeedsArticle,
    NeedsReason,
    NeedsRecipient,
    NotAllowed,
    NotConsent,
    TooLong,
    WrongMove,
)
from omzien.people.rules.grounds import (
    MOVES,
    Category,
    GroundKind,
    Happened,
    What,
    effective,
    latest_until,
    standing,
)
from omzien.people.rules.roles import SYSTEM, Actor, Role
from tests.signing import member, person

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
EVENTS = st.lists(
    st.builds(
        Happened,
        st.integers(0, 500).map(lambda hours: START + timedelta(hours=hours)),
        st.sampled_from(What),
    ),
    max_size=8,
)
MOMENT = st.integers(-5, 600).map(lambda hours: START + timedelta(hours=hours))
FROM, UNTIL = date(2026, 1, 1), date(2026, 1, 31)


@given(EVENTS, MOMENT)
def test_nothing_is_shared_without_being_given(events, at):
    if effective(events, starts_on=FROM, until_on=UNTIL, at=at):
        assert any(e.what == What.GIVEN and e.at <= at for e in events)


@given(EVENTS, MOMENT)
def test_an_end_stays_an_end(events, at):
    """After withdrawal, refusal, expiry or replacement no later event opens a ground again."""
    if standing(events, at=at) in (What.REFUSED, What.WITHDRAWN, What.EXPIRED, What.REPLACED):
        later = at + timedelta(days=900)
        assert standing(events, at=later) == standing(events, at=at)
        assert not effective(events, starts_on=FROM, until_on=date(2100, 1, 1), at=later)


@given(EVENTS, MOMENT)
def test_what_happens_later_changes_nothing_now(events, at):
    known = [e for e in events if e.at <= at]
    assert standing(events, at=at) == standing(known, at=at)


@given(st.permutations([Happened(START + timedelta(hours=n), w) for n, w in enumerate(What)]))
def test_the_order_of_the_rows_does_not_matter(events):
    assert standing(events, at=START + timedelta(days=9)) == standing(
        sorted(events), at=START + timedelta(days=9)
    )


@given(EVENTS, MOMENT)
def test_withdrawal_wins_from_its_own_moment(events, at):
    if standing(events, at=at) == What.GIVEN:
        taken = [*events, Happened(at, What.WITHDRAWN)]
        assert not effective(taken, starts_on=FROM, until_on=UNTIL, at=at)


@given(EVENTS)
def test_it_never_holds_after_its_last_day_or_before_its_first(events):
    for day in (date(2025, 12, 31), date(2026, 2, 1)):
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        assert not effective(events, starts_on=FROM, until_on=UNTIL, at=at)


def test_the_last_day_counts_whole_in_dutch_time():
    events = [Happened(START, What.GIVEN)]
    late = datetime(2026, 1, 31, 22, 59, tzinfo=UTC)  # 23:59 in Amsterdam
    assert effective(events, starts_on=FROM, until_on=UNTIL, at=late)
    assert not effective(events, starts_on=FROM, until_on=UNTIL, at=late + timedelta(minutes=1))


def test_every_event_has_its_row_of_moves():
    assert set(MOVES) == {None, *What}
    assert latest_until(date(2024, 2, 29)) == date(2025, 2, 28)


# In the database


@pytest.fixture
def scene(world):
    """A resident, a worker of an area team, and another team that wants to know."""
    with working_for("GM1948"):
        area = form_team(municipality=world.meierijstad, name="Gebiedsteam", by=SYSTEM)
        desk = form_team(
            municipality=world.meierijstad,
            name="Balie ONS",
            organisation=own_organisation(world.meierijstad),
            by=SYSTEM,
        )
    resident = person(world.meierijstad, "Riet Raadsel")
    worker = member(Role.TEAM_MEMBER, world.meierijstad, name="Wim Werker", team=area)
    other = member(Role.TEAM_MEMBER, world.meierijstad, name="Ada Ander", team=desk)
    return Scene(world.meierijstad, resident, worker, other, area, desk)


class Scene:
    def __init__(self, municipality, resident, worker, other, area, desk):
        self.municipality, self.resident, self.area, self.desk = municipality, resident, area, desk
        self.me = Actor("GM1948", Role.RESIDENT, person=resident.pk)
        self.worker, self.other = self.actor(worker), self.actor(other)

    def actor(self, one):
        return Actor(
            "GM1948",
            Role(one.role),
            person=one.person_id,
            membership=one.pk,
            organisation=one.organisation_id,
            team=one.team_id,
        )

    def terms(self, **more):
        base = {
            "purpose": "handover",
            "categories": [Category.CONTACT],
            "starts_on": timezone.localdate(),
            "teams": [self.desk],
        }
        return act.Terms(**(base | more))

    def covered(self, **more):
        base = {
            "person": self.resident.pk,
            "team": self.desk.pk,
            "category": Category.CONTACT,
            "purpose": "handover",
            "at": timezone.now(),
        }
        return covers(**(base | more))


@pytest.fixture
def inside():
    with working_for("GM1948"):
        yield


def test_asked_is_not_given_and_withdrawn_is_gone_at_the_next_request(scene, inside):
    ground = act.ask_consent(person=scene.resident, terms=scene.terms(), by=scene.worker)
    assert not scene.covered()
    act.answer(ground=ground, is_given=True, by=scene.me)
    assert scene.covered() and holds(ground, at=timezone.now())
    act.withdraw(ground=ground, by=scene.me)
    assert not scene.covered()
    assert [e.what for e in ground.events.all()] == ["asked", "given", "withdrawn"]
    with pytest.raises(WrongMove):
        act.answer(ground=ground, is_given=True, by=scene.me)
    assert Fact.objects.filter(subject="ground", subject_id=str(ground.pk)).count() == 3


def test_it_covers_only_what_was_said(scene, inside):
    act.give_consent(person=scene.resident, terms=scene.terms(), by=scene.me)
    assert scene.covered()
    assert not scene.covered(category=Category.STORY)
    assert not scene.covered(purpose="help")
    assert not scene.covered(team=scene.area.pk)
    assert not scene.covered(person=scene.worker.person)
    assert not scene.covered(at=timezone.now() + timedelta(days=400))
    assert not scene.covered(at=timezone.now() - timedelta(days=1))
    # The organisation of the desk is not named: only that one team is.
    assert not scene.covered(team=None, organisation=scene.desk.organisation_id)


def test_a_whole_organisation_can_be_named(scene, inside):
    terms = scene.terms(teams=[], organisations=[scene.desk.organisation])
    act.give_consent(person=scene.resident, terms=terms, by=scene.me)
    assert scene.covered(organisation=scene.desk.organisation_id)
    assert not scene.covered()


def test_refused_stays_refused(scene, inside):
    ground = act.ask_consent(person=scene.resident, terms=scene.terms(), by=scene.worker)
    act.answer(ground=ground, is_given=False, by=scene.me)
    assert standing_of(ground, at=timezone.now()) == What.REFUSED
    with pytest.raises(WrongMove):
        act.withdraw(ground=ground, by=scene.me)


def test_replacing_leaves_one_that_holds(scene, inside):
    old = act.give_consent(person=scene.resident, terms=scene.terms(), by=scene.me)
    wider = scene.terms(categories=[Category.CONTACT, Category.STORY])
    new = act.replace(ground=old, terms=wider, by=scene.me)
    assert not holds(old, at=timezone.now()) and holds(new, at=timezone.now())
    assert old.events.get(what="replaced").replaced_by == new


def test_a_legal_task_names_article_reason_and_whether_the_resident_knows(scene, inside):
    law = scene.terms(kind=GroundKind.LEGAL_TASK, explanation="Melding van onveiligheid")
    give = {"person": scene.resident, "by": scene.worker, "is_informed": True}
    with pytest.raises(NeedsArticle):
        act.record_legal_task(terms=law, article=" ", **give)
    with pytest.raises(NeedsReason):
        act.record_legal_task(terms=law, article="art. 5.2.1 Wmo", **give | {"is_informed": False})
    with pytest.raises(NotConsent):
        act.give_consent(person=scene.resident, terms=law, by=scene.me)
    ground = act.record_legal_task(
        terms=law,
        article="art. 5.2.1 Wmo",
        **give | {"is_informed": False},
        not_informed_because="gevaar voor een kind",
    )
    assert scene.covered()
    with pytest.raises(NotAllowed):
        act.withdraw(ground=ground, by=scene.me)
    act.withdraw(ground=ground, by=scene.worker)
    assert not scene.covered()


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"teams": []}, NeedsRecipient),
        ({"categories": []}, NeedsRecipient),
        ({"until_on": date(2099, 1, 1)}, TooLong),
    ],
)
def test_terms_that_do_not_do(scene, inside, more, refusal):
    with pytest.raises(refusal):
        act.give_consent(person=scene.resident, terms=scene.terms(**more), by=scene.me)


def test_somebody_else_cannot_give_or_take_back(scene, inside):
    stranger = Actor("GM1948", Role.RESIDENT, person=scene.worker.person)
    with pytest.raises(NotAllowed):
        act.give_consent(person=scene.resident, terms=scene.terms(), by=stranger)
    ground = act.give_consent(person=scene.resident, terms=scene.terms(), by=scene.me)
    with pytest.raises(NotAllowed):
        act.withdraw(ground=ground, by=stranger)
    with pytest.raises(NotAllowed):
        act.ask_consent(person=scene.resident, terms=scene.terms(), by=scene.me)


def test_who_reads_grounds(scene, inside):
    ground = act.give_consent(person=scene.resident, terms=scene.terms(), by=scene.me)
    officer = Actor("GM1948", Role.PRIVACY_OFFICER, person=scene.worker.person)
    stranger = Actor("GM1948", Role.RESIDENT, person=scene.worker.person)
    for actor, sees in (
        (scene.me, True),
        (scene.other, True),
        (officer, True),
        (scene.worker, False),
        (stranger, False),
        (Actor("GM1948"), False),
    ):
        assert Ground.objects.visible_to(actor).filter(pk=ground.pk).exists() is sees, actor


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE people_ground SET until_on = '2099-01-01'",
        "DELETE FROM people_groundevent",
        "DELETE FROM people_ground",
        "UPDATE people_groundevent SET what = 'given'",
        "DELETE FROM people_tombstone",
        "SET omzien.erasing = 'on'; DELETE FROM people_tombstone",
        "SET omzien.erasing = 'on'; TRUNCATE people_tombstone",
    ],
)
def test_the_database_lets_nobody_rewrite(scene, inside, change):
    act.give_consent(person=scene.resident, terms=scene.terms(), by=scene.me)
    bury(municipality="GM1948", kind="person", key="x", rule="x", on=FROM)
    with (
        pytest.raises(DatabaseError, match=r"append-only|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_another_municipality_cannot_hang_an_event_on_it(scene, world):
    with working_for("GM1948"):
        ground = act.give_consent(person=scene.resident, terms=scene.terms(), by=scene.me)
    with working_for("GM1991"):
        assert not scene.covered()
        with pytest.raises(DatabaseError), transaction.atomic():
            GroundEvent.objects.create(
                municipality=world.maashorst, ground=ground, number=9, what="given", by="x"
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_sql_and_the_pure_rule_agree(scene, data):
    """`holding` in SQL answers as `effective` does, for any walk through the moves."""
    with working_for("GM1948"), transaction.atomic():
        ground = act.ask_consent(person=scene.resident, terms=scene.terms(), by=scene.worker)
        for _step in range(data.draw(st.integers(0, 2))):
            try:
                if data.draw(st.booleans()):
                    act.answer(ground=ground, is_given=data.draw(st.booleans()), by=scene.me)
                else:
                    act.withdraw(ground=ground, by=scene.me)
            except WrongMove:
                pass
        at = timezone.now() + timedelta(days=data.draw(st.sampled_from([-1, 0, 200, 364, 370])))
        assert Ground.objects.holding(at=at).filter(pk=ground.pk).exists() == holds(ground, at=at)


def test_what_ran_out_is_written_down_once(scene, inside):
    day = timezone.localdate() - timedelta(days=30)
    terms = scene.terms(starts_on=day, until_on=day + timedelta(days=2))
    ground = act.give_consent(person=scene.resident, terms=terms, by=scene.me)
    assert standing_of(ground, at=timezone.now()) == What.EXPIRED
    assert act.expire_grounds(on=timezone.localdate()) == 1
    assert act.expire_grounds(on=timezone.localdate()) == 0
    assert [e.what for e in ground.events.all()] == ["given", "expired"]
