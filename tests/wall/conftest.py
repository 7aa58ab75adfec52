"""The town of the wall, built once per file: each test, and each request, undoes what it did."""

import pytest
from django.db import transaction

from tests import worlds
from tests.kept import kept
from tests.wall.town import build


@pytest.fixture(scope="module")
def kept_sides(request):
    """The town. Tests here need no mark for the database."""
    with kept(request):
        yield build(worlds.build(), is_wide=True)


@pytest.fixture
def town(kept_sides):
    """The town as it was built, whatever the test before did with it."""
    with transaction.atomic():
        yield kept_sides
        transaction.set_rollback(True)
