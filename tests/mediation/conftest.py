"""A town with a team that mediates, in a transaction that works for it."""

import pytest

from omzien.areas.queries import forget
from omzien.journal.isolation import choose
from tests.casework import build as build_town
from tests.mediation.world import build


@pytest.fixture
def here(world):
    choose("GM1948")
    yield build(build_town(world.meierijstad, world.schijndel))
    forget()


@pytest.fixture
def inside(here):
    """Work for the municipality again after a request of a test closed its own."""
    return lambda: choose("GM1948")
