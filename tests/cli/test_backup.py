"""A whole installation in one file and back, in folders of their own."""

import os
import subprocess
import sys

import pytest


def _omzien(folder, *words):
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
    done = _omzien(new, "restore", str(saved))
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
    assert (checked.returncode, checked.stdout.count("1 regel, in orde")) == (0, 2)
    assert checked.stdout == _omzien(old, "log", "check").stdout
    assert (new / "secret_key").read_text() == (old / "secret_key").read_text()


def test_a_backup_never_overwrites_what_is_there(folders, saved):
    old, _new = folders
    done = _omzien(old, "restore", str(saved))
    assert done.returncode == 1
    assert "lege map" in done.stdout


def test_another_file_is_refused(folders, tmp_path):
    _old, new = folders
    other = tmp_path / "foto.tar"
    other.write_text("geen tar")
    done = _omzien(new, "restore", str(other))
    assert done.returncode == 1
    assert "niet te lezen" in done.stdout


def test_a_folder_that_is_not_there_is_said(folders, saved):
    old, _new = folders
    done = _omzien(old, "backup", str(old / "weg" / "kopie.tar"))
    assert done.returncode == 1
    assert "kan niet worden geschreven" in done.stdout
