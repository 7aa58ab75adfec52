"""The town of help, for tests of questions."""

import pytest

from omzien.journal.isolation import working_for
from tests.casework import build


@pytest.fixture
def town(world):
    with working_for("GM1948"):
        yield build(world.meierijstad, world.schijndel)
