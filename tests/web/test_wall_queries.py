"""What the wall asks of the database for who is signed in, and that nothing of it is remembered."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from omzien.journal.isolation import choose, working_for
from omzien.people.models import Membership, Session
from omzien.people.rules.roles import Role
from tests.signing import member, wearing

pytestmark = pytest.mark.django_db
PAGE = "/vandaag"


@pytest.fixture
def hat(world):
    return member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer")


def asked(client):
    """Return the queries of a page before its view asks anything of its own."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PAGE).status_code == 200
    texts = [one["sql"] for one in captured.captured_queries]
    return [one for one in texts if not one.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]


def test_who_is_signed_in_costs_one_query_more_than_session_and_account(hat):
    client = wearing(hat)
    asked(client)
    first, second, third, *others = asked(client)
    assert "people_session" in first and "set_config" in first
    assert '"people_account"' in second and "people_membership" not in second
    assert "people_membership" in third
    assert not any("people_session" in one or "set_config" in one for one in others)


def test_a_session_that_was_ended_is_over_at_the_next_request(hat):
    client = wearing(hat)
    assert client.get(PAGE).status_code == 200
    Session.objects.all().delete()
    assert client.get(PAGE).status_code == 302


def test_a_role_that_was_taken_is_gone_at_the_next_request(hat):
    client = wearing(hat)
    assert client.get("/beheer/mensen").status_code != 403
    with working_for("GM1948"):
        Membership.objects.filter(pk=hat.pk).update(ended_at="2026-01-01T00:00Z")
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("key", ["", "kort", "x" * 4000, "a'b", "\x00" * 32, "ééééééééé", "0" * 32])
def test_nonsense_for_a_session_is_nobody(world, key):
    client = Client(headers={"host": "meierijstad.localhost"})
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/").status_code == 200
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("code", ["GM1948' --", "x; SELECT 1", "GM 1948", "é"])
def test_what_is_no_code_is_no_municipality(code):
    with pytest.raises(ValueError, match="no code"):
        choose(code)


def test_every_policy_asks_which_municipality(world):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE policyname = 'municipality_reads'"
            " AND qual NOT LIKE '%omzien.municipality%'"
        )
        assert cursor.fetchall() == []
