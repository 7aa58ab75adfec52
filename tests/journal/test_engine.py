"""Savepoints that cost less, where transactions really begin and end."""

import re
from contextlib import suppress

import pytest
from django.db import (
    DataError,
    InternalError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from omzien.journal.engine.base import DatabaseWrapper


@pytest.fixture(autouse=True)
def table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        ask("CREATE TEMPORARY TABLE said (word text)")
        yield
        connections.close_all()


@pytest.fixture
def told(monkeypatch):
    """What was sent beside Django's own cursors, without the names of savepoints."""
    sent, tell = [], DatabaseWrapper.tell

    def listen(engine, statement):
        sent.append(re.sub(r' "\w+"', "", statement))
        tell(engine, statement)

    monkeypatch.setattr(DatabaseWrapper, "tell", listen)
    return sent


class Refused(Exception):
    """What an action raises to take its own steps back."""


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


def say(word, *, refused=False):
    """Do what an action does: write in a block of its own, and maybe raise."""
    with transaction.atomic():
        ask("INSERT INTO said VALUES (%s)", word)
        if refused:
            raise Refused


def words():
    return ask("SELECT word FROM said ORDER BY word")


def status():
    return connection.connection.pgconn.transaction_status


def test_a_release_goes_along_with_the_next_savepoint_or_with_the_end(told):
    with transaction.atomic():
        say("a")
        say("b")
        say("c")
    assert told == ["SAVEPOINT", *["RELEASE SAVEPOINT; SAVEPOINT"] * 2]
    with transaction.atomic():
        say("d")  # and nothing of the transaction before is released here
    assert told[3:] == ["SAVEPOINT"]
    assert words() == ["a", "b", "c", "d"]


def test_what_is_refused_goes_and_what_was_done_before_and_after_stays():
    with transaction.atomic():
        say("a")
        with pytest.raises(Refused):
            say("b", refused=True)
        say("c")
        with pytest.raises(Refused), transaction.atomic():
            say("d")
            say("e")
            raise Refused
        say("f")
    assert words() == ["a", "c", "f"]


def test_what_is_over_inside_another_block_goes_with_it_or_stays_with_it():
    with transaction.atomic():
        with transaction.atomic():
            say("a")
            with transaction.atomic():
                say("b")
        say("c")
    with pytest.raises(Refused), transaction.atomic():
        say("d")
        with transaction.atomic():
            say("e")
        raise Refused
    with transaction.atomic():
        say("f")
    assert words() == ["a", "b", "c", "f"]


def test_a_savepoint_may_begin_the_transaction(told):
    connection.set_autocommit(False)
    try:
        say("a")
        assert status() == TransactionStatus.INTRANS
        connection.rollback()
        say("b")
        connection.commit()
    finally:
        connection.set_autocommit(True)
    assert words() == ["b"]


def test_an_error_that_somebody_passed_over_is_heard_at_the_end_of_the_block():
    with transaction.atomic():
        say("a")
        with pytest.raises(InternalError), transaction.atomic(), suppress(DataError):
            ask("SELECT 1 / 0")
        say("b")
    assert words() == ["a", "b"]


def test_who_captures_queries_sees_savepoints():
    with transaction.atomic():
        say("a")
        with CaptureQueriesContext(connection) as seen:
            say("b")
    verbs = [one["sql"].split(' "')[0] for one in seen.captured_queries]
    assert verbs == ["SAVEPOINT", "INSERT INTO said VALUES ('b')", "RELEASE SAVEPOINT"]
    assert words() == ["a", "b"]


def test_what_is_over_is_forgotten_with_its_connection():
    with pytest.raises(OperationalError), transaction.atomic():
        say("a")
        connection.close()
        say("b")
    ask("CREATE TEMPORARY TABLE IF NOT EXISTS said (word text)")
    with transaction.atomic():
        say("c")
    assert words() == ["c"]


def test_capturing_may_begin_inside_a_block():
    with transaction.atomic():
        with transaction.atomic():
            say("a")
            seen = CaptureQueriesContext(connection)
            seen.__enter__()
        seen.__exit__(None, None, None)
        say("b")
    assert words() == ["a", "b"]
