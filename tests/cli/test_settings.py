"""`omzien settings`: the file by the command line, with a trial before anything changes."""

import json

import pytest

from omzien.areas.models import Municipality
from omzien.cli.main import main

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    return main(["settings", *words, "--municipality", "gm1948"])


def test_out_and_in_again(world, tmp_path, capsys):
    file = tmp_path / "settings.json"
    assert run("export", "--file", str(file)) == 0
    content = json.loads(file.read_text())
    assert content["municipality"] == {"code": "GM1948", "name": "Meierijstad"}
    content["settings"]["contact_phone"] = "14 0413"
    file.write_text(json.dumps(content))
    assert run("import", "--file", str(file)) == 0
    assert "Telefoon: – → 14 0413" in capsys.readouterr().out
    assert Municipality.objects.get(pk="GM1948").settings == {}
    assert run("import", "--file", str(file), "--write") == 0
    assert Municipality.objects.get(pk="GM1948").settings == {"contact_phone": "14 0413"}
    assert run("export") == 0
    assert '"contact_phone": "14 0413"' in capsys.readouterr().out


def test_what_is_wrong_is_said_and_nothing_changes(world, tmp_path, capsys):
    file = tmp_path / "settings.json"
    assert run("import", "--file", str(file)) == 1
    file.write_text("{")
    assert run("import", "--file", str(file), "--write") == 1
    assert "niet te lezen" in capsys.readouterr().err
    assert run("export", "--file", str(file)) == 0
    file.write_text(file.read_text().replace('"GM1948"', '"GM1991"'))
    assert run("import", "--file", str(file), "--write") == 1
    assert "--from-other" in capsys.readouterr().err
    assert run("import", "--file", str(file), "--write", "--from-other") == 0
    assert main(["settings", "export", "--municipality", "GM9999"]) == 2
    assert Municipality.objects.get(pk="GM1948").settings_version == 0
