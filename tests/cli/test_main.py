"""The command itself: what someone reads when the database is not ready."""

import subprocess
import sys

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError

from omzien.cli import commands, main
from omzien.journal.isolation import working_for
from omzien.people.logs.writing import LogUnavailable
from omzien.people.models import AccessLine


def failing(error):
    def add(subparsers):
        subparsers.add_parser("faal").set_defaults(run=lambda options: (_ for _ in ()).throw(error))

    return add


@pytest.fixture
def fail(monkeypatch):
    def with_error(error):
        monkeypatch.setattr(commands, "ALL", [failing(error)])
        return main.main(["faal"])

    return with_error


def test_an_old_database_is_told_what_to_do(fail, capsys):
    error = ProgrammingError("column does not exist")
    error.__cause__ = psycopg.errors.UndefinedColumn()
    assert fail(error) == 1
    assert "omzien migrate" in capsys.readouterr().err


def test_a_database_that_is_away_is_named(fail, capsys):
    assert fail(OperationalError("connection refused")) == 1
    assert "De database antwoordt niet" in capsys.readouterr().err


def test_an_error_of_our_own_is_not_hidden(fail):
    with pytest.raises(ProgrammingError):
        fail(ProgrammingError("syntax error"))
    with pytest.raises(ValueError, match="fout"):
        fail(ValueError("fout"))


def test_a_stopped_command_says_so(fail, capsys):
    assert fail(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == "Gestopt.\n"


MUCH = """
from omzien.cli import commands, main
def run(options): print("regel\\n" * 100_000); return 0
commands.ALL[:] = [lambda s: s.add_parser("veel").set_defaults(run=run)]
raise SystemExit(main.main(["veel"]))
"""


def test_a_reader_that_has_seen_enough_is_no_error():
    command = [sys.executable, "-W", "ignore", "-c", MUCH]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.django_db
def test_who_looks_in_the_database_itself_leaves_a_line_in_each_municipality(world, monkeypatch):
    ran = []
    monkeypatch.setattr("django.core.management.execute_from_command_line", ran.append)
    assert main.main(["manage", "shell", "-c", "pass"]) == 0
    for code in ("GM1948", "GM1991"):
        with working_for(code):
            (line,) = AccessLine.objects.filter(object_kind="shell")
            assert (line.actor, line.role, line.channel) == ("system", "technical_admin", "command")
    assert main.main(["manage", "check"]) == 0
    with working_for("GM1948"):
        assert AccessLine.objects.filter(channel="command").count() == 1
    assert [one[1] for one in ran] == ["shell", "check"]


@pytest.mark.django_db
def test_without_a_log_who_mends_the_database_is_told_to_write_it_down(world, monkeypatch, capsys):
    def broken(*_more, **_named):
        raise LogUnavailable

    monkeypatch.setattr("django.core.management.execute_from_command_line", lambda words: None)
    monkeypatch.setattr("omzien.people.logs.operators.note", broken)
    assert main.main(["manage", "dbshell"]) == 0
    assert "Noteer het zelf" in capsys.readouterr().err
