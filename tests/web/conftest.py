"""The towns of the pages."""

import pytest
from django.test import Client

from omzien.directory.actions import load_topics, reindex
from omzien.directory.models import Service
from omzien.directory.queries import indexes
from omzien.journal.isolation import SHARED, working_for
from tests.kept import kept


@pytest.fixture(scope="module")
def kept_index(request, kept_world):
    """Topics, and what the search finds entries by."""
    with kept(request):
        load_topics()
        for code in ("GM1948", "GM1991", SHARED):
            with working_for(code):
                owner = None if code == SHARED else code
                reindex(Service.objects.filter(municipality_id=owner).select_related("provider"))
        yield
    indexes.forget()


@pytest.fixture
def resident(kept_index, world):
    """The browser of somebody who asks, where the entries of the world can be found."""
    return Client(HTTP_HOST="meierijstad.localhost")


@pytest.fixture
def town(kept_town, world, copied):
    """Three teams of Meierijstad and a resident; no transaction works for anybody yet."""
    return copied(kept_town)
