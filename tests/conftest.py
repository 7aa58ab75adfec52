"""The suite runs as the app role, against a database that the owner role migrated."""

import copy
import gc
import hashlib
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.management import call_command
from django.db import connections
from django.utils.translation import activate
from hypothesis import settings as hypothesis

from omzien.config.database import grant
from omzien.journal.isolation import working_for
from tests import casework, worlds
from tests.journeys.site import demonstration as demonstration
from tests.kept import how_many, kept, others

# Much is made once and stays: models, templates, word lists. Looking for rubbish among it is slow.
gc.set_threshold(100_000, 50, 100)
# A machine may be busy: no example fails for having taken long.
hypothesis.register_profile("omzien", deadline=None)
hypothesis.load_profile("omzien")
ROOT = Path(__file__).parents[1]
TEMPLATE = "test_omzien_template"
# What a migrated database follows from; when none of it changed, the template is used again.
MADE_BY = ("src/omzien/*/migrations/*.py", "src/omzien/journal/isolation.py",
           "src/omzien/config/database.py", "requirements.lock", "tests/conftest.py")  # fmt: skip


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_blocker):
    """Let the app role use a copy of a database that the owner migrated."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    owner = connections["owner"]
    name = f"test_{owner.settings_dict['NAME']}_{worker}"
    with django_db_blocker.unblock():
        real = owner.settings_dict["NAME"]
        with _one_at_a_time():
            _ensure_template()
            _as_owner_on_postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            _as_owner_on_postgres(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
        _use(name)
    yield
    with django_db_blocker.unblock():
        _use(real)
        _as_owner_on_postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def nothing_goes_wrong_unseen(caplog):
    """What may go wrong without holding up the rest fails the test, unless that clears the log."""
    yield
    for when in ("setup", "call"):
        faults = [one for one in caplog.get_records(when) if one.name == "omzien.journal.each"]
        assert not faults, faults[0].getMessage()


def _use(name: str) -> None:
    for alias in ("owner", "default", "log"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


@contextmanager
def _one_at_a_time():
    with _on_postgres() as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATE])
        yield


def _ensure_template() -> None:
    mark = hashlib.sha256()
    for pattern in MADE_BY:
        for path in sorted(ROOT.glob(pattern)):
            mark.update(path.read_bytes())
    with _on_postgres() as connection:
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [TEMPLATE],
        ).fetchone()
    if found == (mark.hexdigest(),):
        return
    owner = connections["owner"]
    real = owner.settings_dict["NAME"]
    _as_owner_on_postgres(f'DROP DATABASE IF EXISTS "{TEMPLATE}" WITH (FORCE)')
    _as_owner_on_postgres(f'CREATE DATABASE "{TEMPLATE}"')
    _use(TEMPLATE)
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    call_command("createcachetable", database="owner", verbosity=0)
    grant(owner.connection, connections["default"].settings_dict["USER"])
    _use(real)
    _as_owner_on_postgres(f"COMMENT ON DATABASE \"{TEMPLATE}\" IS '{mark.hexdigest()}'")


def _as_owner_on_postgres(statement: str) -> None:
    for wait in (0.2, 0.5, 1, 2, 5, 10, 0):
        try:
            with _on_postgres() as connection:
                connection.execute(statement)
            break
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            # Autovacuum belongs to the administrator and may not be stopped: it ends by itself.
            if not wait:
                raise
            time.sleep(wait)


def _on_postgres():
    owner = connections["owner"].settings_dict
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    )


def pytest_collection_modifyitems(items):
    """Put the slow files first, so that the workers end together; in a file, what uses most last.

    What uses a kept world runs after what uses none, or fewer (tests/kept.py).
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    place = {}
    for item in items:
        place.setdefault(item.path, len(place))
    items.sort(key=lambda one: (one.path not in slow, place[one.path], how_many(one)))


@pytest.fixture(autouse=True)
def sees_no_other_world(request):
    """A test that would see the rows of a kept world that it does not use says so."""
    assert not others(request), f"use {others(request)} in each test of this file that uses as much"


@pytest.fixture(autouse=True)
def _forget_hosts(monkeypatch):
    """Municipalities, names and indexes are kept in memory; each test starts without them.

    Each test begins in Dutch, whatever the last page of the test before it spoke.

    A test looks once for changes of other processes: by the clock, a slow machine would ask
    the database one thing more than a fast one.
    """
    from omzien.areas import queries
    from omzien.areas.queries import choices
    from omzien.directory.queries import indexes

    monkeypatch.setattr(choices, "CHECK_EVERY", 3600.0)
    queries.forget()
    indexes.forget()
    activate(settings.LANGUAGE_CODE)
    monkeypatch.setattr(ScryptPasswordHasher, "work_factor", 2**6)  # slow on purpose, elsewhere
    yield


@pytest.fixture(scope="module")
def kept_world(request):
    """The small named world of tests/worlds.py."""
    with kept(request):
        yield worlds.build()


@pytest.fixture(scope="module")
def kept_town(request, kept_world):
    """The three teams of tests/casework.py, in Meierijstad."""
    with kept(request):
        with working_for("GM1948"):
            town = casework.build(kept_world.meierijstad, kept_world.schijndel)
        yield town


@pytest.fixture
def copied():
    """Copy what a kept fixture holds: what two of them share is one thing in a test too."""
    return partial(copy.deepcopy, memo={})


@pytest.fixture
def world(kept_world, db, copied):
    return copied(kept_world)
