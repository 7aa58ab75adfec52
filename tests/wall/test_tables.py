"""The wall in the database itself, table by table, with something in each."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from omzien.journal.isolation import SHARED, choose, working_for
from tests.journal.test_isolation import owned_tables

pytestmark = pytest.mark.django_db
NOW = "( SELECT NULLIF(current_setting('omzien.municipality'::text, true), ''::text) AS \"nullif\")"
OWN = f"((COALESCE({{column}}, '{SHARED}'::character varying))::text = {NOW})"
READS = {
    f"(({{column}})::text = {NOW})",
    f"(({NOW} IS NOT NULL) AND ((({{column}})::text = {NOW}) OR ({{column}} IS NULL)))",
}
# Here a trigger refuses the row before the wall does: its team, question or case is not there.
TRIGGERS = {"questions_question", "handovers_handover", "mediation_seat"}


def _rows(sql, values=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@pytest.mark.parametrize(("table", "column"), owned_tables())
def test_the_four_rules_of_a_table_ask_whose_row_it_is(table, column):
    found = {cmd: rest for cmd, *rest in _rows(
        "SELECT cmd, permissive, roles::text, qual, with_check FROM pg_policies"
        " WHERE tablename = %s", [table])}  # fmt: skip
    own, ever = OWN.format(column=column), ["PERMISSIVE", "{public}"]
    assert found.pop("SELECT")[2] in {one.format(column=column) for one in READS}
    assert found == {
        "INSERT": [*ever, None, own],
        "UPDATE": [*ever, own, own],
        "DELETE": [*ever, own, None],
    }
    count = _rows("SELECT count(*) FROM pg_policies WHERE tablename = %s", [table])
    assert count == [(4,)]


def test_of_each_table_a_row_is_of_one_municipality_and_is_nobody_elses_to_see_or_add(town):
    seen, broken = set(), {}
    for table, column in owned_tables():
        with working_for("GM1948"):
            mine = _rows(f"SELECT row_to_json(t) FROM {table} t WHERE {column} = 'GM1948' LIMIT 1")
        if not mine:  # nothing of it in this town; the test above looks at its rules
            continue
        seen.add(table)
        row = mine[0][0]
        with transaction.atomic():
            choose("")
            assert _rows(f"SELECT count(*) FROM {table}") == [(0,)], table
        with working_for("GM1991"):
            theirs = f"SELECT count(*) FROM {table} WHERE {column} = 'GM1948'"
            assert _rows(theirs) == [(0,)], table
            try:
                with transaction.atomic():
                    _rows(
                        f"INSERT INTO {table} SELECT * FROM json_populate_record(NULL::{table}, %s)"
                        " RETURNING 1", [row if isinstance(row, str) else json.dumps(row)],
                    )  # fmt: skip
                broken[table] = "added"
            except DatabaseError as error:
                if "row-level security" not in str(error):
                    broken[table] = str(error)
    assert broken.keys() == TRIGGERS
    assert len(seen) >= 40
