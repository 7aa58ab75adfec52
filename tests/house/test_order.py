"""Every list has one order: two rows alike never change places by chance, between one look and
the next or between one page of a list and the next.
"""

import pytest
from django.apps import apps

ORDERED = [one for one in apps.get_models() if one.__module__.startswith("omzien.")]


def _one_of(model) -> list[set[str]]:
    """Return the sets of fields of which the database holds every value once."""
    alone = [{one.name} for one in model._meta.fields if one.unique]
    return [
        {"pk"}, *alone, *map(set, model._meta.unique_together),
        *({*one.fields} for one in model._meta.constraints if getattr(one, "fields", ())),
    ]  # fmt: skip


@pytest.mark.parametrize("model", ORDERED, ids=lambda model: model.__name__)
def test_the_order_of_rows_is_whole(model):
    by = {str(one).lstrip("-") for one in model._meta.ordering}
    within = {"municipality"}  # the wall: a list is of one municipality
    assert not by or any(one - within <= by for one in _one_of(model))
