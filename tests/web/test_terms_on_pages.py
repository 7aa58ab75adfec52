"""A page that promises a term says the one that the municipality chose."""

import pytest
from django.test import Client

from omzien.areas.models import Municipality
from omzien.choices.actions import Refused, change_settings
from omzien.journal.isolation import working_for
from omzien.people.actions.teams import form_team
from omzien.people.rules.roles import SYSTEM, Role
from tests.signing import member, wearing

pytestmark = pytest.mark.django_db
HERE = "GM1948"


def choose(**raw):
    with working_for(HERE):
        town = Municipality.objects.get(pk=HERE)
        named = {f"question_{name}": value for name, value in raw.items()}
        return change_settings(municipality=town, raw=named, by=SYSTEM)


def text(answer):
    return " ".join(answer.content.decode().split())


def test_the_page_after_a_worry_says_the_chosen_term(world):
    client = Client(HTTP_HOST="meierijstad.localhost")
    assert "pakt haar binnen 2 werkdagen op" in text(client.get("/zorgen/verstuurd"))
    choose(triage="1")
    assert "pakt haar binnen 1 werkdag op" in text(client.get("/zorgen/verstuurd"))


def test_the_emergency_page_says_the_chosen_term(world):
    with working_for(HERE):
        team = form_team(municipality=world.meierijstad, name="Team", by=SYSTEM)
    worker = wearing(member(Role.TEAM_MEMBER, world.meierijstad, team=team))
    assert "binnen 5 werkdagen na" in text(worker.get("/werk/noodinzage"))
    choose(review="3")
    assert "binnen 3 werkdagen na" in text(worker.get("/werk/noodinzage"))


@pytest.mark.parametrize("name,wrong", [("review", "6"), ("tell", "11"), ("triage", "0")])
def test_outside_its_bounds_nothing_is_kept(world, name, wrong):
    with pytest.raises(Refused):
        choose(**{name: wrong})
