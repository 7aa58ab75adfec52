"""The demonstration is made in a small world: every state, and a row of every kind of thing."""

import tomllib
from importlib import resources

import pytest
from django.apps import apps
from django.utils import timezone

from omzien.areas.models import Municipality, Village
from omzien.cli.commands.worker import watch_the_clocks
from omzien.demo.people import invite_everybody
from omzien.demo.questions import ask_everything
from omzien.handovers.models import Handover, Meeting
from omzien.handovers.rules.states import State as Stage
from omzien.journal.isolation import choose
from omzien.people.models import Mandate, Person
from omzien.questions.models import Crisis, Post, Question
from omzien.questions.rules.states import State

CODES = ("GM1948", "GM1991")
PEOPLE = tomllib.loads(
    resources.files("omzien.demo.data").joinpath("people.toml").read_text("utf-8")
)
# Only forgetting leads there, and a question of today is not old enough for that.
LATER = {State.ANONYMISED}


@pytest.fixture
def built(world):
    """The people and questions of the demonstration, in a world with only its villages."""
    for code in CODES:
        municipality = Municipality.objects.get(code=code)
        for slug in {slug for team in PEOPLE[code]["teams"] for slug in team.get("villages", ())}:
            name = slug.replace("-", " ").title()
            Village.objects.get_or_create(
                municipality=municipality, slug=slug, defaults={"name": name}
            )
    today = timezone.localdate()
    invite_everybody(on=today)
    asked = ask_everything(on=today)
    choose("GM1948")
    return asked


def test_every_state_and_every_kind_of_thing_is_in_it(built, caplog):
    assert 40 <= built <= 50
    watch_the_clocks(now=timezone.now())  # nobody sees it before the first round of the worker
    assert not caplog.records
    choose("GM1948")
    assert set(Question.objects.values_list("state", flat=True)) == set(State) - LATER
    assert set(Handover.objects.values_list("state", flat=True)) == set(Stage)
    models = [*apps.get_app_config("questions").get_models()]
    models += apps.get_app_config("handovers").get_models()
    assert len(models) > 35
    assert [one.__name__ for one in models if not one._default_manager.exists()] == []
    # Both sides talk, a crisis goes up and down, and a talk of three was held or is to come.
    assert set(Post.objects.values_list("side", flat=True)) >= {"worker", "resident"}
    crises = Crisis.objects.exclude(acknowledged_at=None)
    assert crises.filter(ended_at=None).exists() and crises.exclude(ended_at=None).exists()
    assert Handover.objects.exclude(disputed_at=None).exists()
    assert Meeting.objects.planned().exists() and Meeting.objects.exclude(held_at=None).exists()
    assert Mandate.objects.filter(resident__name="Dora van Rooij").exists()
    # Everybody is invented: an address ends in .example, a number is one of those for stories.
    for person in Person.objects.all():
        assert not person.email or person.email.endswith(".example"), person.pk
        assert not person.phone or person.phone.startswith(("06-5550", "0413-555")), person.pk


def test_a_second_run_asks_nothing_again(built):
    before = Question.objects.count(), Post.objects.count(), Person.objects.count()
    invite_everybody(on=timezone.localdate())
    assert ask_everything(on=timezone.localdate()) == 0
    choose("GM1948")
    assert before == (Question.objects.count(), Post.objects.count(), Person.objects.count())
