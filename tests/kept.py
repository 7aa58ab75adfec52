"""Worlds that are built once for a file: each test undoes only what it did itself.

A fixture that holds one is named `kept_…`, has the scope of a module and is used through a copy
(the fixture `copied`), so that no test finds what another did to its objects. The tests that use
most of them run last (tests/conftest.py): one that uses fewer would see rows of the others.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

KEPT = "kept_"
_open: list[str] = []


@contextmanager
def kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold a transaction open that is never kept, for a fixture that builds a world in it."""
    request.getfixturevalue("django_db_setup")
    blocker = request.getfixturevalue("django_db_blocker")
    name = request.fixturename or ""
    in_a_test = any(one._from_testcase for one in connection.atomic_blocks)
    assert not in_a_test, f"{name} is asked for too late: name it among the arguments of the test"
    with blocker.unblock(), transaction.atomic():
        _open.append(name)
        try:
            yield
        finally:
            _open.remove(name)
            transaction.set_rollback(True)


def how_many(item: pytest.Item) -> int:
    """Return of how many kept worlds a test makes use."""
    return sum(name.startswith(KEPT) for name in getattr(item, "fixturenames", ()))


def others(request: pytest.FixtureRequest) -> list[str]:
    """Return the worlds that are open and that a test does not use: it would see their rows."""
    return [name for name in _open if name not in request.fixturenames]
