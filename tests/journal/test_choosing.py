"""Choosing a municipality on a connection of its own, where transactions really begin and end."""

import pytest
from django.db import OperationalError, connection, connections, transaction
from psycopg.pq import TransactionStatus

from omzien.journal.isolation import choose, current, opened, working_for


@pytest.fixture(autouse=True)
def own_connection(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield
        connections.close_all()


def status():
    return connection.connection.pgconn.transaction_status


def test_choosing_begins_the_transaction_and_nothing_outlives_it():
    with transaction.atomic():
        choose("GM1948")
        assert status() == TransactionStatus.INTRANS
        with transaction.atomic():
            choose("GM1991")
            assert current() == "GM1991"
    assert status() == TransactionStatus.IDLE
    with transaction.atomic():
        assert current() == ""


def test_outside_a_transaction_there_is_nothing_to_choose_for():
    choose("GM1948")
    assert status() == TransactionStatus.IDLE
    assert current() == ""


def test_a_server_that_went_away_is_told_and_the_next_request_goes_on():
    with pytest.raises(OperationalError), transaction.atomic():
        process = connection.connection.info.backend_pid
        with connections["log"].cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
        choose("GM1948")
    connection.close_if_unusable_or_obsolete()
    with working_for("GM1948"):
        assert current() == "GM1948"


def test_a_connection_that_died_in_between_costs_a_request_nothing():
    tried = []

    def choosing():
        tried.append(connection.connection.info.backend_pid)
        choose("GM1948")

    with opened(choosing):
        assert current() == "GM1948"
    with connections["log"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [tried[0]])
    with opened(choosing):
        assert current() == "GM1948"
    assert status() == TransactionStatus.IDLE
    first, died, new = tried
    assert first == died != new


def test_a_server_that_is_away_for_good_is_told():
    tried = []

    def choosing():
        tried.append(True)
        raise OperationalError("away")

    with pytest.raises(OperationalError), opened(choosing):
        raise AssertionError("nothing is asked of a server that is away")
    assert len(tried) == 2
    assert not connection.in_atomic_block


def test_what_goes_wrong_later_is_not_tried_again():
    tried = []
    with pytest.raises(OperationalError), opened(lambda: tried.append(True)):
        raise OperationalError("later")
    assert tried == [True]
