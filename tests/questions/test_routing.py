"""Routing: total, kept in order, and only proposing once a question is there (casework R1)."""

import dataclasses
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.models import Membership, Team
from omzien.people.rules.roles import PUBLIC, SYSTEM
from omzien.questions.actions.correcting import correct
from omzien.questions.actions.proposals import propose_route
from omzien.questions.actions.routes import add_route, move_route, remove_route
from omzien.questions.models import RoutingRule
from omzien.questions.queries.routing import (
    destinations,
    proposed_team,
    routes_of,
    teams_without_reader,
)
from omzien.questions.refusals import HalfASpan, NobodyReads, NotAllowed, NotAWorkingTeam
from omzien.questions.rules.proposals import Why
from omzien.questions.rules.routing import Routes, Rule, Shift, shift
from tests.casework import AMSTERDAM, NOW, a_question
from tests.worlds import TODAY

NOBODY = frozenset()
TEAMS = [UUID(int=n) for n in range(1, 7)]
VILLAGES, TOPICS = range(1, 6), ("debt", "loneliness", "dementia", "paperwork")


def some(values):
    return st.frozensets(st.sampled_from(list(values)), max_size=3)


hours = st.one_of(
    st.just((None, None)), st.tuples(st.times(), st.times()).filter(lambda span: span[0] != span[1])
)
rules = st.builds(
    lambda team, villages, topics, days, span: Rule(team, villages, topics, days, *span),
    st.sampled_from(TEAMS), some(VILLAGES), some(TOPICS), some(range(1, 8)), hours,
)  # fmt: skip
many = st.lists(rules, max_size=8).map(tuple)
homes = st.dictionaries(st.sampled_from(list(VILLAGES)), st.sampled_from(TEAMS), max_size=5)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda at: at.replace(tzinfo=AMSTERDAM)
)


@given(many, homes, st.integers(0, 9), some(TOPICS), moments)
def test_every_village_topic_and_moment_leads_to_one_known_team(rows, home, village, topics, at):
    routes = Routes(TEAMS[0], rows, home)
    team = routes.team_for(village, topics, at)
    assert team in {TEAMS[0], *home.values(), *(one.team for one in rows)}
    assert team == routes.team_for(village, sorted(topics, reverse=True), at)


@given(many, homes, rules, st.integers(0, 8), st.integers(0, 9), some(TOPICS), moments)
def test_a_rule_more_leads_to_its_team_or_changes_nothing(
    rows, home, extra, place, village, topics, at
):
    before = Routes(TEAMS[0], rows, home).team_for(village, topics, at)
    more = (*rows[:place], extra, *rows[place:])
    after = Routes(TEAMS[0], more, home).team_for(village, topics, at)
    assert after in (before, extra.team)
    if place >= len(rows) and any(_fits(one, village, topics, at) for one in rows):
        assert after == before  # who stands above, wins


def _fits(rule, village, topics, at):
    here = not rule.villages or village in rule.villages
    about = not rule.topics or bool(rule.topics & topics)
    return here and about and rule.fits_moment(at)


@given(many, many, homes, st.integers(1, 5), some(TOPICS), moments)
def test_who_gets_or_loses_a_question_by_other_rules_is_always_named(
    before, after, home, village, topics, at
):
    old, new = Routes(TEAMS[0], before, home), Routes(TEAMS[0], after, home)
    found = shift(old, new, VILLAGES)
    was, now = (one.team_for(village, topics, at) for one in (old, new))
    assert was == now or (was in found.loses and now in found.gets)


def test_nobody_is_named_by_a_rule_that_changes_nothing():
    first = Rule(TEAMS[1], frozenset({1}))
    wide = Rule(TEAMS[2], days=frozenset({6}), starts=time(17), ends=time(8))
    narrow = Rule(TEAMS[3], frozenset({1}), frozenset({"debt"}))
    old = Routes(TEAMS[0], (first,))
    assert shift(old, Routes(TEAMS[0], (first, narrow)), VILLAGES) == Shift(NOBODY, NOBODY)
    assert shift(old, old, VILLAGES) == Shift(NOBODY, NOBODY)
    found = shift(old, Routes(TEAMS[0], (first, wide)), VILLAGES)
    assert found == Shift(frozenset({TEAMS[2]}), frozenset({TEAMS[0]}))


def test_two_rules_that_change_places_matter_for_who_asks_about_both():
    one, other = (
        Rule(team, frozenset({1}), frozenset({topic}))
        for team, topic in ((TEAMS[1], "debt"), (TEAMS[2], "dementia"))
    )
    found = shift(Routes(TEAMS[0], (one, other)), Routes(TEAMS[0], (other, one)), VILLAGES)
    assert found == Shift(frozenset({TEAMS[2]}), frozenset({TEAMS[1]}))


def test_an_evening_may_run_through_the_night():
    late = Rule(TEAMS[1], starts=time(17), ends=time(8))
    routes = Routes(TEAMS[0], (late,))
    found = [
        routes.team_for(1, (), datetime(2026, 11, 25, hour, tzinfo=AMSTERDAM))
        for hour in (7, 8, 16, 17, 23)
    ]
    assert found == [TEAMS[1], TEAMS[0], TEAMS[0], TEAMS[1], TEAMS[1]]


# --- in the database ----------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world, kept_town, copied):
    with working_for("GM1948"):
        yield copied(kept_town)


def order(town):
    rows = RoutingRule.objects.filter(municipality=town.municipality).order_by("position")
    return [(one.position, one.team.name) for one in rows]


def add(town, desk, **more):
    return add_route(municipality=town.municipality, team=desk.team, by=SYSTEM, **more)


def test_rules_are_added_moved_and_removed_and_stay_numbered(town):
    first, second, third = add(town, town.a), add(town, town.b, topics=["debt"]), add(town, town.c)
    assert order(town) == [(1, "Team A"), (2, "Team B"), (3, "Bureau C")]
    assert move_route(municipality=town.municipality, key=third.pk, up=True, by=SYSTEM)
    assert order(town) == [(1, "Team A"), (2, "Bureau C"), (3, "Team B")]
    assert not move_route(municipality=town.municipality, key=first.pk, up=True, by=SYSTEM)
    remove_route(municipality=town.municipality, key=first.pk, by=SYSTEM)
    assert order(town) == [(1, "Bureau C"), (2, "Team B")]
    verbs = Fact.objects.filter(subject="route").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["add", "add", "add", "move", "remove"]
    with pytest.raises(RoutingRule.DoesNotExist):
        remove_route(municipality=town.municipality, key=town.me.person, by=SYSTEM)
    assert second.topics == ["debt"]


def test_who_may_not_change_routes_does_not(town):
    rule = add(town, town.a)
    elsewhere = dataclasses.replace(SYSTEM, machine="", municipality="GM1991")
    for by in (PUBLIC, town.a.by, town.a.boss, town.me, elsewhere):
        with pytest.raises(NotAllowed):
            add_route(municipality=town.municipality, team=town.a.team, by=by)
        with pytest.raises(NotAllowed):
            move_route(municipality=town.municipality, key=rule.pk, up=True, by=by)
        with pytest.raises(NotAllowed):
            remove_route(municipality=town.municipality, key=rule.pk, by=by)
    assert order(town) == [(1, "Team A")]


def test_a_rule_leads_to_a_team_that_works_and_has_a_whole_span(town):
    Team.objects.filter(pk=town.b.team.pk).update(archived_at=NOW)
    with pytest.raises(NotAWorkingTeam):
        add(town, town.b)
    for span in ({"starts": time(9)}, {"ends": time(9)}, {"starts": time(9), "ends": time(9)}):
        with pytest.raises(HalfASpan):
            add(town, town.a, **span)


def test_the_table_names_a_team_for_every_village(town, world):
    add(town, town.c, topics=["debt"])
    add(town, town.b, villages=[world.veghel.pk], topics=["dementia"])
    found = {one.village: one for one in destinations(town.municipality, at=NOW)}
    assert set(found) == {"Schijndel", "Veghel"}
    assert (found["Schijndel"].team, found["Schijndel"].is_default) == (town.a.team, False)
    assert found["Schijndel"].topics == {town.c.team: ("debt",)}
    assert found["Veghel"].team.is_default == found["Veghel"].is_default
    assert found["Veghel"].topics[town.b.team] == ("dementia",)
    Team.objects.filter(is_default=True).update(is_default=False)
    assert destinations(town.municipality, at=NOW) is None


def test_a_rule_of_a_team_that_ended_does_not_count(town):
    add(town, town.b)
    Team.objects.filter(pk=town.b.team.pk).update(archived_at=NOW)
    desk = Team.objects.get(is_default=True).pk
    assert routes_of(town.municipality, default=desk).rules == ()


def test_another_topic_or_village_only_proposes_another_team(town, world):
    question = a_question(town)
    assert question.team == town.a.team and proposed_team(question) is None
    add(town, town.c, topics=["debt"])
    changed = correct(
        question=question, topics=["debt"], village=world.schijndel, by=town.a.by,
        version=question.version,
    )  # fmt: skip
    assert changed.team == town.a.team and proposed_team(changed) == town.c.team
    with pytest.raises(NotAllowed):
        correct(question=question, topics=[], village=world.veghel, by=town.b.by)


def test_the_hour_of_today_does_not_propose_another_team(town):
    question = a_question(town)
    local = question.asked_at.astimezone(AMSTERDAM)
    later = (local + timedelta(hours=2)).time().replace(microsecond=0)
    add(town, town.b, starts=later, ends=(local + timedelta(hours=3)).time().replace(microsecond=0))
    assert proposed_team(question) is None


def test_villages_of_a_team_that_nobody_reads_go_to_who_reads(town):
    """An area team that lost its last reader: another one of that village, or else the desk."""
    desk = Team.objects.get(is_default=True)
    assert a_question(town).team == town.a.team
    Membership.objects.filter(team=town.a.team).update(ended_at=NOW)
    assert a_question(town).team == desk
    there = {one.village: one for one in destinations(town.municipality, at=NOW)}
    assert there[town.village.name].team == desk and there[town.village.name].is_default
    Team.objects.filter(pk=town.b.team.pk).update(organisation=None, villages=[town.village.pk])
    assert a_question(town).team == town.b.team
    unread = teams_without_reader("GM1948", on=TODAY)
    assert town.a.team in unread and town.b.team not in unread


def test_a_rule_to_a_team_that_nobody_reads_falls_through_and_is_not_made(town):
    rule = add(town, town.c)
    desk = Team.objects.get(is_default=True).pk
    goes = routes_of(town.municipality, default=desk).team_for
    assert goes(town.village.pk, (), NOW) == town.c.team.pk
    Team.objects.filter(pk=town.c.team.pk).update(email="bureau@meierijstad.example")
    Membership.objects.filter(team=town.c.team).update(ended_at=NOW)
    goes = routes_of(town.municipality, default=desk).team_for
    assert goes(town.village.pk, (), NOW) == town.a.team.pk
    assert a_question(town).team == town.a.team
    remove_route(municipality=town.municipality, key=rule.pk, by=SYSTEM)
    with pytest.raises(NobodyReads):
        add(town, town.c)
    with pytest.raises(NobodyReads):
        propose_route(
            municipality=town.municipality, team=town.c.team, villages=[town.village.pk],
            why=Why.FITS, by=town.a.boss, now=NOW,
        )  # fmt: skip
