"""The benches write rows in SQL of their own: a new column must not break them unseen."""

import re

import pytest
from django.db import connection

from bench import inbox

REQUIRED = """
    SELECT column_name FROM information_schema.columns
    WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
"""


@pytest.mark.django_db
@pytest.mark.parametrize("statement", [inbox.PERSONS, inbox.QUESTIONS, inbox.TASKS])
def test_the_rows_of_the_bench_have_every_column_that_must_be_there(statement):
    table, columns = re.search(r"INSERT INTO (\w+)\s+\(([^)]+)\)", statement).groups()
    named = {column.strip(' \n"') for column in columns.split(",")}
    with connection.cursor() as cursor:
        cursor.execute(REQUIRED, [table])
        required = {name for (name,) in cursor.fetchall()}
    assert required and required <= named
