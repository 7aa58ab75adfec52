"""Who looks, and at whom; and a log on its real second connection, in the open."""

import itertools
import uuid
from dataclasses import dataclass

import pytest
from django.db import connection, connections

from omzien.journal.isolation import working_for
from omzien.people.logs.models import AccessLine, ProcessingLine

_codes = itertools.count(9700)


@dataclass(frozen=True)
class Reader:
    key: str
    municipality: str = "GM1948"
    role: str = "connector"
    organisation: str = "77077"
    represents: uuid.UUID | None = None


@pytest.fixture
def els():
    """A connector."""
    return Reader(str(uuid.UUID(int=11)))


@pytest.fixture
def moe():
    """The key of a resident."""
    return uuid.UUID("7d8f0a7e-21c6-4cc1-9a5e-5f4ab1b4a001")


@pytest.fixture
def bep():
    """The key of another resident."""
    return uuid.UUID("7d8f0a7e-21c6-4cc1-9a5e-5f4ab1b4a002")


@pytest.fixture
def lines():
    """Read both logs of a municipality, in order."""

    def read(municipality="GM1948"):
        with working_for(municipality):
            return (
                list(AccessLine.objects.order_by("number")),
                list(ProcessingLine.objects.order_by("number")),
            )

    return read


@pytest.fixture
def second(django_db_setup, django_db_blocker, settings):
    """The real second connection: what it writes stays, so each test has an own municipality."""
    settings.LOG_DATABASE = "log"
    with django_db_blocker.unblock():
        yield f"GM{next(_codes)}"
        connections["log"].close()
        connection.close()


@pytest.fixture
def administrator(django_db_setup):
    """Run SQL as the database's own administrator, past every wall and trigger."""
    import psycopg

    own = connections["owner"].settings_dict

    def run(statement, *values):
        with psycopg.connect(
            host=own["HOST"], user="postgres", dbname=own["NAME"], autocommit=True
        ) as direct:
            direct.execute("SET session_replication_role = replica")
            return direct.execute(statement, values)

    return run
