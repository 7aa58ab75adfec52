"""Gates and queries whose text is kept: the same rows as without, whoever asks and whenever."""

import re
import sys
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from omzien.areas.queries import forget
from omzien.handovers.models import Handover
from omzien.journal.isolation import choose, working_for
from omzien.people import gates
from omzien.people.gates import NOTHING, by_key, clock, gated, late
from omzien.people.kept import HidesValue, kept, kept_change, planned
from omzien.people.models import Mandate, Membership, Person, Team
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.models import BreakGlass, Note, Post, Question
from omzien.questions.models.questions import CATEGORY
from tests import casework
from tests.casework import NOW, a_question, an_offer, consent
from tests.kept import kept as keep
from tests.wall import town as wall

pytestmark = pytest.mark.django_db
HERE = "GM1948"
KEYS = gates.KEYS
VERBS = (*CATEGORY, "question.work", "handover.offer", "question.close")
# A uuid or a moment in quotes: the value of somebody.
A_VALUE = re.compile(r"'[0-9a-f]{8}-?[0-9a-f]{4}|'\d{4}-\d\d-\d\d")


@pytest.fixture(scope="module")
def kept_help(request, kept_town):
    """A town where everything happened that opens a question to somebody."""
    with keep(request):
        with working_for(HERE):
            _help(kept_town)
        yield kept_town


@pytest.fixture
def help(kept_help, db, copied):
    choose(HERE)
    return copied(kept_help)


def _help(found: casework.Town) -> None:
    for desk in (found.b, found.c):
        consent(found, desk)
    for desk in (found.b, found.c, None):
        question = a_question(found, now=NOW)
        if desk:
            an_offer(question, desk, found)
        Post.objects.create(
            municipality=found.municipality, question=question, side="resident", author="x",
            text="Dag", at=NOW,
        )  # fmt: skip
        Note.objects.create(
            municipality=found.municipality, question=question, kind="team", team=found.a.team,
            author="x", text="Bel", at=NOW,
        )  # fmt: skip
    BreakGlass.objects.create(
        municipality=found.municipality, question=question, membership=found.b.worker,
        reason="nood", opened_at=timezone.now(), until=timezone.now() + timedelta(hours=4),
        review_by=timezone.localdate(),
    )  # fmt: skip
    Question.objects.filter(pk=question.pk).update(is_acute=True)
    Mandate.objects.create(
        municipality=found.municipality, resident=found.resident, proxy=found.c.worker.person,
        what=["look"], starts_on=timezone.localdate(), confirmed_at=timezone.now(),
    )  # fmt: skip
    found.municipality.settings = {"duty_team": "team b"}
    found.municipality.save()
    forget()  # written past the action, which does this: else it counts once five minutes are over


def everybody(found: casework.Town) -> list[Actor]:
    """Return actors of every role and form: with each key missing, and behind a link."""
    desks = [found.a, found.b, found.c]
    actors = [one for desk in desks for one in (desk.by, desk.boss)]
    actors += [replace(found.a.by, role=role) for role in Role]
    actors += [replace(one, **{key: None}) for one in actors[:6:2] for key in KEYS]
    proxy = replace(found.me, role=Role.PROXY, person=found.c.worker.person_id)
    actors += [found.me, proxy, replace(proxy, represents=found.resident.pk)]
    actors += [Actor(HERE), SYSTEM]
    for slip in Handover.objects.all():
        receiver = {"team": slip.to_team_id, "organisation": slip.to_team.organisation_id}
        actors += [Actor(HERE, handover=slip.pk, **receiver)]
    return actors


def guarded() -> list[QuerySet]:
    """Return the rows of every model that has a gate."""
    managers = [getattr(model, "objects", None) for model in apps.get_models()]
    return [one.order_by() for one in managers if hasattr(one, "visible_to")]


def found_by(actor: Actor) -> dict[tuple[str, str], list]:
    """Return the keys that pass each gate for somebody."""
    sets = {(rows.model.__name__, ""): rows.visible_to(actor) for rows in guarded()}
    for verb in VERBS:
        sets["Question", verb] = Question.objects.visible_to(actor, verb=verb)
    sets["Task", "workable"] = apps.get_model("questions.Task").objects.workable_by(actor)
    sets["Question", "ended"] = Question.objects.ended_for(actor)
    return {
        name: sorted(map(str, rows.values_list("pk", flat=True))) for name, rows in sets.items()
    }


def without(monkeypatch) -> None:
    """Let every gate be built and compiled anew, as Django does."""

    def plainly(rows, build, actor, *shape):
        return rows.filter(build(actor, *shape)).distinct()

    for module in list(sys.modules.values()):
        if getattr(module, "gated", None) is gated and module.__name__.startswith("omzien."):
            monkeypatch.setattr(module, "gated", plainly)


def test_a_gate_lets_through_what_its_condition_does(help, monkeypatch):
    the_same_rows(everybody(help), monkeypatch)


def test_a_gate_lets_through_what_its_condition_does_in_the_town_of_the_wall(world, monkeypatch):
    side = wall.build(world)["own"]
    choose(HERE)
    actors = [casework.as_actor(one) for one in side.people.values()]
    the_same_rows([*actors, Actor(HERE, Role.RESIDENT, person=side.resident.pk)], monkeypatch)


def the_same_rows(actors: list[Actor], monkeypatch) -> None:
    """Ask every gate for each of them: twice as it is kept, and once compiled anew."""
    once = [found_by(actor) for actor in actors]
    forget()  # as happens by itself every five minutes: nothing rests on what is remembered
    for actor, first in zip(actors, once, strict=True):
        second = found_by(actor)
        assert first == second, [
            (actor.role, k, first[k], second[k]) for k in first if first[k] != second[k]
        ]
    without(monkeypatch)
    seen = set()
    for actor, kept_rows in zip(actors, once, strict=True):
        plain = found_by(actor)
        assert kept_rows == plain, actor
        seen |= {name for name, keys in plain.items() if keys}
    hot = {"Question", "Handover", "Person", "Membership", "Ground"}
    assert hot <= {name for name, _ in seen}


def test_one_row_is_asked_of_the_same_gate(help):
    for actor in everybody(help):
        for verb in VERBS:
            mine = set(Question.objects.visible_to(actor, verb).values_list("pk", flat=True))
            for key in Question.objects.values_list("pk", flat=True):
                assert Question.objects.lets(actor, verb, key) == (key in mine)


def test_gates_go_into_any_query(help):
    mine = Question.objects.visible_to(help.a.by)
    keys = set(mine.values_list("pk", flat=True))
    assert keys
    inside = Question.objects.visible_to(help.a.by).filter(pk=OuterRef("pk"))
    deeper = Question.objects.visible_to(help.a.by).filter(Exists(inside), pk=OuterRef("pk"))
    slip = Handover.objects.visible_to(help.a.by).filter(question=OuterRef("pk"))
    assert set(mine.filter(Exists(deeper)).values_list("pk", flat=True)) == keys
    assert mine.filter(Exists(slip), pk__in=inside.filter(Exists(deeper)).values("pk")).count() == 2
    assert set(mine.filter(pk__in=mine.filter(pk__in=mine)).values_list("pk", flat=True)) == keys


def test_a_gate_can_be_turned_around_added_joined_and_written(help):
    everything = Question.objects.all()
    mine, theirs = (everything.visible_to(one) for one in (help.a.by, help.c.by))
    assert not everything.exclude(pk__in=mine).exists()
    assert everything.exclude(pk__in=theirs).count() == 3 - theirs.count()
    assert set(mine | theirs) == {*mine, *theirs}
    assert set(theirs & mine) == set(theirs) & set(mine)
    assert set(mine.union(theirs)) == {*mine, *theirs}
    joined = mine.select_related("person", "team").filter(person__name__startswith="R")
    assert joined.order_by("team__name", "pk").count() == 3
    assert mine.values("team").annotate(many=Count("pk"))
    with transaction.atomic():
        assert len(mine.select_for_update(of=("self",))) == 3
    assert mine.filter(is_acute=True).update(language="en") == 1
    assert Post.objects.visible_to(help.c.by).delete()[0] == 0
    assert Post.objects.visible_to(help.a.by).delete()[0] == 3


def test_the_hot_gates_ask_in_place(help):
    """No second look at their own table: what is asked by its key is found by its key."""
    for rows in (Handover.objects.visible_to(help.b.by), Question.objects.visible_to(help.c.by)):
        table = rows.model._meta.db_table
        sql = str(rows.filter(pk=uuid.uuid4()).query)
        assert f'FROM "{table}" WHERE (' in sql
        assert f'"{table}"."id" IN (SELECT' not in sql


def test_time_goes_on(help, monkeypatch):
    held = Question.objects.filter(is_acute=True).visible_to(
        replace(help.b.by, person=uuid.uuid4())
    )
    BreakGlass.objects.all().update(until=timezone.now() + timedelta(hours=1))
    help.municipality.settings = {}
    help.municipality.save()
    forget()
    assert held.all().exists()
    later = timezone.now() + timedelta(hours=5)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert not Question.objects.filter(is_acute=True).visible_to(help.b.by).exists()


def test_another_actor_gets_no_value_of_the_first(help):
    for actor in everybody(help):
        found_by(actor)
    first = {"a": help.a.by, "b": replace(help.a.by, person=uuid.uuid4(), team=uuid.uuid4())}
    texts = []
    for actor in first.values():
        with CaptureQueriesContext(connection) as queries:
            list(Question.objects.visible_to(actor))
        texts.append(queries.captured_queries[-1]["sql"])
    assert str(help.a.by.person.hex) in texts[0]
    assert str(help.a.by.person.hex) not in texts[1]
    assert str(help.a.by.team.hex) not in texts[1]


def test_what_is_kept_holds_no_value_and_is_bounded(help, monkeypatch):
    texts = []
    compiled = gates.the_same
    gates._kept.cache_clear()
    monkeypatch.setattr(
        gates, "the_same", lambda *given: texts.append(compiled(*given)) or texts[-1]
    )
    for actor in everybody(help):
        found_by(actor)
    assert len(texts) > 100
    assert not [one.sql for one in texts if one and A_VALUE.search(one.sql)]
    info = gates._kept.cache_info()
    assert info.maxsize is not None
    assert len(texts) == info.currsize < info.maxsize
    gates._kept.cache_clear()


def _by_word(actor):
    return Q(name=str(actor.person))


def _by_own_day(actor):
    return Q(archived_at__lt=timezone.now() - timedelta(days=1))


def _by_today(actor):
    return Q(memberships__starts_on__lte=timezone.localdate())


def _by_town(actor):
    return Q(municipality=actor.municipality)


def _by_villages(actor):
    return Q(villages__overlap=list(actor.villages))


def _by_shifted_moment(actor):
    return Q(archived_at__lt=clock(actor) - timedelta(days=1))


def _not_by_list(actor):
    return ~Q(villages__contains=[int(actor.team.int % 1000)])


@pytest.mark.parametrize(
    "build",
    [_by_word, _by_own_day, _by_today, _by_town, _by_villages, _by_shifted_moment, _not_by_list],
)
def test_a_gate_that_would_keep_a_value_is_refused(help, build):
    with pytest.raises(HidesValue):
        gated(Team.objects.all(), build, help.a.by)


def _named(actor):
    return Q(name=late(_name, actor)) | Q(name="100% %s 'raak'")


def _name(actor):
    return {HERE: "Team A"}.get(actor.municipality)


def test_what_is_late_is_asked_each_time(help):
    assert gated(Team.objects.all(), _named, help.a.by).get() == help.a.team
    assert not gated(Team.objects.all(), _named, replace(help.a.by, municipality="")).exists()
    Team.objects.filter(pk=help.b.team.pk).update(name="100% %s 'raak'")
    elsewhere = replace(help.a.by, municipality="")
    assert gated(Team.objects.all(), _named, elsewhere).get() == help.b.team


def _everything(actor):
    return Q()


def _nothing(actor):
    return NOTHING


def test_everything_and_nothing(help, django_assert_num_queries):
    assert gated(Team.objects.all(), _everything, help.a.by).count() == Team.objects.count()
    actor = help.a.by
    with django_assert_num_queries(0):
        assert not gated(Team.objects.all(), _nothing, actor)
    assert "omzien_here" not in str(gated(Team.objects.all(), _named, help.a.by).query)


@kept
def _people(team, day, *, name=""):
    rows = Membership.objects.filter(team=team).live(on=day)
    return rows.filter(person__name__startswith=name) if name else rows


@kept
def _locked(key):
    return Person.objects.select_related("account").select_for_update(of=("self",)).filter(pk=key)


@kept
def _with_a_value(key):
    return Person.objects.filter(name=str(key))


def test_a_kept_query_finds_the_rows_of_each_use(help):
    today = timezone.localdate()
    for desk in (help.a, help.b, help.a):
        assert set(_people(desk.team.pk, today)) == {desk.worker, desk.coordinator}
        assert _people(desk.team.pk, today, name="Cor") == [desk.coordinator]
    assert _people(help.a.team.pk, today - timedelta(days=900)) == []
    assert _people(None, today) == list(Membership.objects.filter(team=None))
    assert _people(uuid.uuid4(), today) == []
    choose("GM9999")  # a plan that is kept asks anew for which municipality it works
    assert _people(help.a.team.pk, today) == []
    choose(HERE)
    (person,) = _locked(help.resident.pk)
    assert (person, person.account) == (help.resident, help.resident.account)


def test_a_query_is_asked_once_and_planned_once(help, django_assert_num_queries):
    def team(name):
        return Team.objects.filter(name__startswith=name).order_by("name").values_list("name", "pk")

    _people(help.a.team.pk, timezone.localdate())
    with django_assert_num_queries(1):
        _people(help.a.team.pk, timezone.localdate())
    wanted = list(team(""))
    assert len(wanted) > 1
    with django_assert_num_queries(2):
        assert planned(team("")) == wanted
        assert planned(team("")[:1].union(team("")[1:], all=True)) == wanted
    with django_assert_num_queries(0):
        assert planned(team("").none()) == []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements")
        assert all(custom == 0 for _generic, custom in cursor.fetchall())


def test_a_kept_query_refuses_what_it_cannot_keep(help):
    with pytest.raises(HidesValue):
        _with_a_value(uuid.uuid4())
    with pytest.raises(HidesValue):
        _people([1], timezone.localdate())


def test_a_kept_lock_needs_a_transaction(monkeypatch):
    assert _locked(uuid.uuid4()) == []
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)
    with pytest.raises(TransactionManagementError):
        _locked(uuid.uuid4())


@kept_change
def _renamed(team: uuid.UUID, name: str):
    return Team.objects.filter(pk=team), {"name": name}


@kept_change
def _gone(question: uuid.UUID, since):
    return Note.objects.filter(question=question, at__gt=since), None


@kept_change
def _renamed_to_a_number(team: uuid.UUID):
    return Team.objects.filter(pk=team), {"name": team.hex}


def test_a_kept_change_changes_the_rows_of_each_use(help):
    for desk, name in ((help.a, "Noord"), (help.b, "Zuid")):
        assert _renamed(desk.team.pk, name) == 1
    names = dict(Team.objects.values_list("pk", "name"))
    assert (names[help.a.team.pk], names[help.b.team.pk]) == ("Noord", "Zuid")
    assert names[help.c.team.pk] not in {"Noord", "Zuid"}
    choose("GM9999")
    assert _renamed(help.a.team.pk, "Oost") == 0
    choose(HERE)
    first, *others = Note.objects.values_list("question", flat=True)
    assert _gone(first, NOW) == 0
    assert _gone(first, NOW - timedelta(days=1)) == 1
    assert list(Note.objects.values_list("question", flat=True)) == others
    with pytest.raises(HidesValue):
        _renamed_to_a_number(help.a.team.pk)


ONE = {Question: ("person", "asked_by", "team"), Handover: ("question__person", "to_team")}


def test_one_row_by_its_key_is_the_row_among_those_that_pass(help):
    choose(HERE)
    seen = set()
    for actor in everybody(help):
        for model, related in ONE.items():
            for key in model.objects.values_list("pk", flat=True):
                for rows in (
                    model.objects.visible_to(actor),
                    model.objects.visible_to(actor).select_related(*related),
                    model.objects.visible_to(actor).filter(pk=key),  # more than a gate
                ):
                    found = by_key(rows, key)
                    assert found == rows.filter(pk=key).first() == by_key(rows, key, lock=("self",))
                    seen.add((model, found is not None))
    assert len(seen) == 4  # of both there was somebody who may, and somebody who may not


def test_one_row_by_its_key_is_locked_where_asked(help, monkeypatch):
    choose(HERE)
    rows = Question.objects.visible_to(help.a.by)
    key = rows.values_list("pk", flat=True)[0]
    with CaptureQueriesContext(connection) as seen:
        by_key(rows, key)
        by_key(rows, key, lock=("self",))
    assert [one["sql"].endswith('FOR UPDATE OF "questions_question"') for one in seen] == [
        False,
        True,
    ]
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)
    with pytest.raises(TransactionManagementError):
        by_key(rows, key, lock=("self",))


def test_one_row_by_its_key_is_compiled_once_and_holds_what_was_named(
    help, monkeypatch, django_assert_num_queries
):
    choose(HERE)
    key = Question.objects.visible_to(help.a.by).values_list("pk", flat=True)[0]
    rows = Question.objects.visible_to(help.a.by).select_related("person", "team")
    by_key(rows, key)
    monkeypatch.setattr(SQLCompiler, "as_sql", lambda *_: pytest.fail("compiled again"))
    with django_assert_num_queries(1):
        found = by_key(rows, key)
        assert found.person.name and found.team.name


@pytest.mark.parametrize(
    "more",
    [
        lambda rows: rows.filter(state="new"), lambda rows: rows.exclude(state="new"),
        lambda rows: rows.select_for_update(), lambda rows: rows.annotate(one=Count("pk")),
        lambda rows: rows.only("pk"), lambda rows: rows.select_related(), lambda rows: rows.none(),
    ],
)  # fmt: skip
def test_what_is_more_than_a_gate_is_asked_as_it_stands(help, more):
    choose(HERE)
    assert gates._only_gates(Question.objects.visible_to(help.a.by).query)
    assert gates._only_gates(more(Question.objects.visible_to(help.a.by)).query) is None
