"""One town of helpers, inside a transaction that works for it."""

import pytest

from omzien.journal.isolation import choose


@pytest.fixture
def town(world, kept_town, copied):
    choose("GM1948")
    return copied(kept_town)


@pytest.fixture
def set_choice(world):
    """Choose a setting of the municipality, as the functional manager does."""
    from omzien.areas.queries import forget

    def choose_it(**values):
        world.meierijstad.settings |= values
        world.meierijstad.save()
        forget()

    return choose_it
