"""The town of the wall, built once per file: each test, and each request, undoes what it did."""

import pytest
from django.db import transaction

from tests import worlds
from tests.wall.town import build


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The town, in a transaction that is never kept. Tests here need no mark for the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(worlds.build(), is_wide=True)
        transaction.set_rollback(True)


@pytest.fixture
def town(built):
    """The town as it was built, whatever the test before did with it."""
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)
