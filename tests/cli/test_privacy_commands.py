"""The commands about privacy, on a database of their own."""

import csv
import io

import pytest

from omzien.cli.main import main
from omzien.people.privacy.erasing import erase_person
from omzien.people.rules.roles import SYSTEM
from tests.people.privacy.test_erasing import TODAY
from tests.signing import person

pytestmark = pytest.mark.django_db


def test_the_register_as_a_document_and_for_a_spreadsheet(capsys):
    assert main(["register"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# Register van verwerkingen") and "## Mail versturen" in text
    assert main(["register", "--format", "csv", "--language", "en"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out), delimiter=";"))
    assert rows[0][0] == "Processing" and "Sending mail" in {row[0] for row in rows}


def test_retention_counts_and_runs(world, capsys):
    assert main(["retention"]) == 0
    assert "Meierijstad: niets is over zijn termijn" in capsys.readouterr().out
    assert main(["retention", "--municipality", "gm1948", "--run"]) == 0
    assert "Meierijstad: gewist: 0" in capsys.readouterr().out
    assert main(["retention", "--municipality", "GM0000"]) == 2


def test_the_ledger_is_written_and_applied(world, capsys, settings, tmp_path):
    settings.LEDGER = tmp_path / "ledger" / "erased.ndjson"
    from omzien.journal.isolation import working_for

    somebody = person(world.meierijstad, "Weg Ermee")
    with working_for("GM1948"):
        erase_person(person=somebody, reason="request", on=TODAY, by=SYSTEM)
    assert main(["ledger"]) == 0
    assert ": 1" in capsys.readouterr().out
    assert main(["ledger", "--apply", str(settings.LEDGER)]) == 0
    assert "Opnieuw gewist: 0" in capsys.readouterr().out
    assert main(["ledger", "--apply", str(tmp_path / "weg")]) == 1
