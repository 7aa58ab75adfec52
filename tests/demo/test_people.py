"""The people of the demonstration: five partners, in two municipalities."""

import tomllib
from importlib import resources

import pytest
from django.utils import timezone

from omzien.demo.people import invite_everybody
from omzien.journal.isolation import working_for
from omzien.people.models import Membership, Organisation
from omzien.people.queries.hats import works_elsewhere
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns(world):
    """The two municipalities with all villages that the demonstration names."""
    text = resources.files("omzien.demo.data").joinpath("people.toml").read_text(encoding="utf-8")
    towns = (world.meierijstad, world.maashorst)
    for town in towns:
        named = {slug for team in tomllib.loads(text)[town.code]["teams"]
                 for slug in team.get("villages", [])}  # fmt: skip
        for slug in named - set(town.villages.values_list("slug", flat=True)):
            town.villages.create(slug=slug, name=slug.title(), lat=51.6, lon=5.4)
    return towns


def test_five_partners_work_in_two_municipalities_and_one_person_in_both(towns):
    partners = Organisation.objects.filter(kind="partner")
    others = set(partners.values_list("pk", flat=True))  # tests with threads leave theirs
    invite_everybody(on=TODAY)
    assert partners.exclude(pk__in=others).count() == 5
    on, working = timezone.localdate(), {}
    for town in towns:
        with working_for(town.code):
            live = Membership.objects.live(on=on).filter(organisation__kind="partner")
            working[town] = set(live.values_list("person__account", flat=True))
    assert all(working.values())
    first, second = towns
    both = working[first] & working[second]
    assert both
    assert works_elsewhere(both.pop(), than=first, on=on) == [second]
