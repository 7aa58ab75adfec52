"""Rows that are written by plain statements."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from omzien.handovers.models import Room
from omzien.journal.isolation import choose
from omzien.journal.models import Fact
from omzien.journal.rows import insert, prepared, remembered, write_changes
from omzien.messages.models import Message
from omzien.people.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(world):
    choose("GM1948")
    return Team.objects.create(municipality=world.meierijstad, name="Team", villages=[1])


def test_rows_go_in_by_one_statement(team, django_assert_num_queries):
    mails = [
        Message(municipality=team.municipality, key="k", recipient=one, subject="x%s", body="y")
        for one in ("a@b.example", "c@d.example")
    ]
    with django_assert_num_queries(1):
        insert(mails)
    again = [Message(municipality=team.municipality, key="k", recipient="a@b.example")]
    insert(again, once=True)
    insert([])
    assert set(Message.objects.values_list("recipient", "subject", "state")) == {
        ("a@b.example", "x%s", "waiting"),
        ("c@d.example", "x%s", "waiting"),
    }
    insert([Fact(verb="v", subject="s", subject_id="1", actor="system", details={"a": [1, None]},
                 municipality="GM1948")])  # fmt: skip
    fact = Fact.objects.get(verb="v")
    assert (fact.details, fact.at is not None, fact.pk is not None) == (
        {"a": [1, None]},
        True,
        True,
    )


def test_only_what_changed_is_written(team, django_assert_num_queries):
    row = remembered(Team.objects.get(pk=team.pk))
    Team.objects.filter(pk=team.pk).update(email="x@y.example", phone="06")
    row.villages.append(2)
    row.phone = "07"
    with django_assert_num_queries(1):
        write_changes(row)
    with django_assert_num_queries(0):
        write_changes(row)
    found = Team.objects.get(pk=team.pk)
    assert (found.villages, found.phone, found.email) == ([1, 2], "07", "x@y.example")


def test_a_new_row_goes_in_and_one_that_is_gone_is_told(team):
    room = Room(municipality=team.municipality, team=team, capacity="yes", said_on="2026-11-25")
    write_changes(room)
    assert Room.objects.get().pk == room.pk
    room.note = "vol"
    write_changes(room)
    assert Room.objects.get().note == "vol"
    room.note = "leeg"
    Room.objects.all().delete()
    with pytest.raises(DatabaseError):
        write_changes(room)


def test_a_row_that_was_not_remembered_is_saved(team):
    row = Team.objects.get(pk=team.pk)
    row.name = "Anders"
    write_changes(row)
    assert Team.objects.get(pk=team.pk).name == "Anders"


def test_what_is_asked_can_be_captured_and_no_other_text_is_remembered(world):
    with CaptureQueriesContext(connection) as captured, prepared() as cursor:
        cursor.execute("SELECT %s::text", ["één"])
        assert cursor.fetchall() == [("één",)]
    assert [q["sql"] for q in captured.captured_queries] == ["SELECT 'één'::text"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text", ["geheim"])
    remembered = connection.connection._prepared
    assert "geheim" not in str([*remembered._counts, *remembered._names])
