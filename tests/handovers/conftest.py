"""A town with three teams, in a transaction that works for it; and a desk without accounts."""

import pytest
from django.test import Client

from omzien.journal.isolation import choose
from omzien.people.actions.teams import form_team
from omzien.people.rules.roles import SYSTEM
from tests.signing import wearing

HOST = "meierijstad.localhost"


@pytest.fixture
def town(world, kept_town, copied):
    choose("GM1948")
    return copied(kept_town)


@pytest.fixture
def club(town):
    """A team with a mailbox and nobody who can sign in."""
    return form_team(
        municipality=town.municipality, name="Wandelclub", email="club@voorbeeld.example", by=SYSTEM
    )


@pytest.fixture
def inside(town):
    """Work for the municipality again after a request of a test closed its own."""

    def again():
        choose("GM1948")

    return again


@pytest.fixture
def at_desk(town, inside):
    """Return the browser of a membership or of the resident; the wall stays open around it."""

    def open_(who):
        client = wearing(who)
        inside()
        return Steady(client, inside)

    return open_


@pytest.fixture
def visitor(town, inside):
    """Return a browser in which nobody signed in."""
    return lambda: Steady(Client(HTTP_HOST=HOST), inside)


class Steady:
    """A browser after whose requests the test's own transaction works for the municipality."""

    def __init__(self, client, inside):
        self.client, self.inside = client, inside

    def get(self, path, **more):
        found = self.client.get(path, **more)
        self.inside()
        return found

    def post(self, path, data=None, **more):
        found = self.client.post(path, data or {}, **more)
        self.inside()
        return found


def text(answer):
    """Return a page as a reader gets it."""
    import html
    import re

    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())
