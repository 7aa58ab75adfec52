"""What a test does to a world that is kept for its file is undone: in the database, in memory."""

import pytest

from omzien.areas.models import Municipality

pytestmark = pytest.mark.django_db
NAME = "Meierijstad"


@pytest.mark.parametrize("_turn", [1, 2])
def test_each_test_finds_the_world_as_it_was_built(world, _turn):
    here = Municipality.objects.get(pk="GM1948")
    assert here.name == world.meierijstad.name == world.schijndel.municipality.name == NAME
    assert world.schijndel.municipality is world.meierijstad
    world.meierijstad.name = "Elders"
    world.meierijstad.save()


def test_who_uses_no_world_sees_none(db):
    assert not Municipality.objects.exists()
