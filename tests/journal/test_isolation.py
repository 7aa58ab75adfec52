"""The wall between municipalities, walked for every municipality-owned table."""

import uuid
from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction

from omzien.journal.isolation import SAID_TWICE, SHARED, choose, current, working_for
from omzien.journal.models import Fact
from omzien.people.models import Mandate, Person

pytestmark = pytest.mark.django_db


def owned_tables() -> list[tuple[str, str]]:
    """Return (table, column) of every table that carries a municipality of its own."""
    shared = {"areas_wijk", "areas_buurt", "areas_village"}
    found = []
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if field.name == "municipality" and model._meta.db_table not in shared:
                found.append((model._meta.db_table, field.column))
    return found


def test_there_are_owned_tables():
    assert len(owned_tables()) >= 16


@pytest.mark.parametrize("table,column", owned_tables())
def test_every_owned_table_stands_behind_the_wall(table, column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", [table]
        )
        assert cursor.fetchone() == (True, True)
        cursor.execute("SELECT cmd FROM pg_policies WHERE tablename = %s", [table])
        assert {row[0] for row in cursor.fetchall()} == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_the_app_role_has_no_way_around():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table,column", owned_tables())
def test_no_municipality_set_shows_no_rows(world, table, column):
    choose("")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)


def test_another_municipalitys_rows_are_invisible_and_shared_ones_are_not(world):
    from omzien.directory.models import Service

    with working_for("GM1948"):
        seen = set(Service.objects.values_list("title", flat=True))
    assert world.udense_koffie.title not in seen
    assert {world.huiskamer.title, world.luisterlijn.title} <= seen


@pytest.mark.parametrize(
    "owner,chosen", [("GM1991", "GM1948"), ("GM1948", SHARED), (None, "GM1948"), ("GM1948", "")]
)
def test_a_cross_insert_is_refused(world, owner, chosen):
    with pytest.raises(DatabaseError), transaction.atomic():
        choose(chosen)
        Fact.objects.create(
            municipality=owner, verb="x", subject="y", subject_id=str(uuid.uuid4()), actor="system"
        )


def test_a_row_cannot_be_moved_to_another_municipality(world):
    from omzien.directory.models import Service

    with working_for("GM1948"), pytest.raises(DatabaseError), transaction.atomic():
        Service.objects.filter(pk=world.huiskamer.pk).update(municipality_id="GM1991")


def test_another_municipalitys_row_cannot_be_changed_or_removed(world):
    from omzien.directory.models import Service

    with working_for("GM1948"):
        assert Service.objects.filter(pk=world.udense_koffie.pk).update(title="x") == 0
        assert Service.objects.filter(pk=world.luisterlijn.pk).update(title="x") == 0


def test_no_key_and_no_index_says_what_another_one_says():
    with connection.cursor() as cursor:
        cursor.execute(SAID_TWICE)
        twice = [less for (less,) in cursor.fetchall()]
    assert twice == [], "let the migration of these tables end with said_once()"


def test_a_key_of_nothing_is_refused_though_it_stands_once(world):
    choose("GM1948")
    person = Person.objects.create(municipality=world.meierijstad, name="Rina")
    tie = Mandate(municipality=world.meierijstad, resident=person, proxy_id=uuid.uuid4(),
                  what=["look"], starts_on=date(2026, 1, 1))  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        tie.save()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_relation_has_a_key_still():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute"
            " ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f'"
        )
        keyed = set(cursor.fetchall())
    relations = {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.is_relation and field.db_constraint
    }
    assert len(relations) > 150 and relations - keyed == set()


def test_the_outer_municipality_comes_back():
    with working_for("GM1948"):
        with working_for("GM1991"):
            assert current() == "GM1991"
        assert current() == "GM1948"


@pytest.mark.parametrize(
    "statement", ["UPDATE journal_fact SET verb = 'x'", "DELETE FROM journal_fact"]
)
def test_the_journal_is_append_only(statement):
    with (
        working_for("GM1948"),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_what_is_no_code_is_refused():
    with pytest.raises(ValueError):
        choose("GM'; DROP TABLE people_person; --")


def test_an_error_of_the_database_is_not_hidden_and_the_municipality_is_put_back(world):
    with working_for("GM1948"):
        with pytest.raises(DataError), working_for("GM1991"), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert current() == "GM1948"
        with pytest.raises(ZeroDivisionError), working_for("GM1991"):
            raise ZeroDivisionError
        assert current() == "GM1948"
