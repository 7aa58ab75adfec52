"""The suite runs as the app role, against a database that the owner role migrated."""

import time

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from omzien.config.database import grant
from tests.journeys.site import demonstration as demonstration


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_blocker):
    """Create the test database as the owner, migrate it, and let the app role use it."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    owner = connections["owner"]
    name = f"test_{owner.settings_dict['NAME']}_{worker}"
    with django_db_blocker.unblock():
        real = owner.settings_dict["NAME"]
        _as_owner_on_postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _as_owner_on_postgres(f'CREATE DATABASE "{name}"')
        for alias in ("owner", "default", "log"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
            settings.DATABASES[alias]["NAME"] = name
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        call_command("createcachetable", database="owner", verbosity=0)
        grant(owner.connection, connections["default"].settings_dict["USER"])
        owner.close()
    yield
    with django_db_blocker.unblock():
        for alias in ("owner", "default", "log"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = real
        _as_owner_on_postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _as_owner_on_postgres(statement: str) -> None:
    import psycopg

    owner = connections["owner"].settings_dict
    for wait in (0.2, 0.5, 1, 2, 5, 10, 0):
        try:
            _run_as_owner(owner, statement)
            break
        except psycopg.errors.InsufficientPrivilege:
            # Autovacuum belongs to the administrator and may not be stopped: it ends by itself.
            if not wait:
                raise
            time.sleep(wait)


def _run_as_owner(owner, statement: str) -> None:
    import psycopg

    with psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute(statement)


@pytest.fixture(autouse=True)
def _forget_hosts(monkeypatch):
    """Municipalities, names and indexes are kept in memory; each test starts without them.

    A test looks once for changes of other processes: by the clock, a slow machine would ask
    the database one thing more than a fast one.
    """
    from omzien.areas import queries
    from omzien.areas.queries import choices
    from omzien.directory.queries import indexes

    monkeypatch.setattr(choices, "CHECK_EVERY", 3600.0)
    queries.forget()
    indexes.forget()
    yield


@pytest.fixture
def world(db):
    """The small named world of tests/worlds.py."""
    from tests.worlds import build

    return build()
