import pytest

from omzien.areas.models import Buurt
from omzien.cli.main import main
from tests.areas.conftest import buurt, collection

pytestmark = pytest.mark.django_db


@pytest.fixture
def outlines(tmp_path):
    path = tmp_path / "buurten.geojson"
    path.write_bytes(collection(buurt()).getvalue())
    return str(path)


def run(*words):
    return main(["import-areas", *words])


def test_a_file_comes_in_with_a_report(outlines, capsys):
    assert run(outlines, "--kind", "outlines", "--year", "2024", "--municipality", "1948") == 0
    said = capsys.readouterr().out
    assert "1 regels" in said and "nieuw 1, gewijzigd 0" in said
    assert Buurt.objects.count() == 1


def test_a_dry_run_changes_nothing(outlines, capsys):
    assert run(outlines, "--kind", "outlines", "--year", "2024", "--dry-run") == 0
    assert "proef" in capsys.readouterr().out
    assert not Buurt.objects.exists()


def test_a_refused_file_gives_exit_code_1_and_says_why(outlines, capsys):
    assert run(outlines, "--kind", "figures", "--year", "2024") == 1
    said = capsys.readouterr().out
    assert "geweigerd" in said and "buurtcode ontbreekt" in said


def test_wrong_use_gives_exit_code_2(outlines, capsys):
    assert run(outlines, "--kind", "outlines") == 2
    assert run(outlines) == 2
    assert run(outlines, "--kind", "postcodes") == 2
    assert run("--shipped", "--dry-run") == 2
    assert "--year" in capsys.readouterr().err
