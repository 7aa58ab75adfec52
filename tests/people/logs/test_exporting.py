"""Either log as a file: the words of the standard, no readable person, the reading logged."""

import csv
import hashlib
import io
import json

import pytest
from django.test import override_settings

from omzien.cli.main import main
from omzien.people.logs.exporting import export
from omzien.people.logs.reading import Foreign, Operator, note, subject_id
from omzien.people.rules.looking import Result

pytestmark = pytest.mark.django_db
OTHER = Foreign("b" * 32, "c" * 16, "https://buren.example/org/7")


@pytest.fixture
def logged(world, els, moe, bep):
    more = {"object": ("question", "42"), "purpose": "help", "result": Result.ALLOWED}
    note(els, about=[moe], foreign=OTHER, **more)
    note(els, about=[moe, bep], **more)
    return world.meierijstad


def exported(municipality, log, form="ndjson"):
    stream = io.StringIO()
    count = export(Operator(municipality.code), municipality, log, form, stream)
    lines = stream.getvalue().splitlines()
    assert count == len(lines) - (form == "csv" and count > 0)
    return lines


def test_the_processing_log_speaks_the_words_of_the_standard(logged, moe):
    first, top, second, third, own = map(json.loads, exported(logged, "processing"))
    assert {
        "trace_id", "operation_id", "status_code", "name", "start_time", "end_time", "resource",
        "attributes",
    } <= set(first)  # fmt: skip
    assert (len(first["trace_id"]), len(first["operation_id"])) == (32, 16)
    assert first["foreign_operation"] == {
        "trace_id": OTHER.trace_id, "operation_id": OTHER.operation_id, "entity": OTHER.entity
    }  # fmt: skip
    assert first["status_code"] == "STATUS_CODE_OK"
    attributes = first["attributes"]
    assert attributes["dpl.core.processing_activity_id"].endswith("meierijstad.localhost:8000"
        "/privacy/register#help")  # fmt: skip
    assert attributes["dpl.core.data_subject_id"] == subject_id("GM1948", moe)
    assert attributes["dpl.core.data_subject_id_type"]
    assert "dpl.core.data_subject_id" not in top["attributes"]
    assert second["parent_operation_id"] == third["parent_operation_id"] == top["operation_id"]
    assert own["name"] == "processing-log.export"


def test_no_user_is_in_the_processing_log(logged, els, moe, bep):
    for form in ("ndjson", "csv"):
        text = "\n".join(exported(logged, "processing", form))
        for word in (els.key, "connector", str(moe), str(bep)):
            assert word not in text


def test_reading_the_log_is_its_last_line(logged):
    last = json.loads(exported(logged, "access")[-1])
    assert (last["action"], last["object_kind"]) == ("export", "access-log")
    assert (last["actor"], last["purpose"], last["channel"]) == ("system", "oversight", "export")


def test_the_chain_can_be_checked_outside(logged):
    rows = [json.loads(line) for line in exported(logged, "access")]
    hashes = ["0" * 64, *(row["hash"] for row in rows)]
    assert [row["previous"] for row in rows] == hashes[:-1]


@pytest.mark.parametrize("log", ["access", "processing"])
def test_a_table_has_a_row_per_line_and_nothing_that_runs(logged, log):
    rows = list(csv.reader(exported(logged, log, "csv"), delimiter=";"))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))]


@override_settings(REGISTER="https://avg.example/{activity}")
def test_a_municipality_has_its_register_elsewhere(logged):
    first = json.loads(exported(logged, "processing")[0])
    assert first["attributes"]["dpl.core.processing_activity_id"] == "https://avg.example/help"


def test_another_municipality_gets_its_own_lines_only(logged, world):
    (only,) = exported(world.maashorst, "access")
    assert json.loads(only)["object_kind"] == "access-log"


def test_the_command_writes_a_file_for_its_owner_only(logged, tmp_path, capsys):
    out = tmp_path / "log.ndjson"
    code = main(["log", "export", "access", str(out), "--municipality", "GM1948"])
    assert code == 0 and "3 regels" in capsys.readouterr().out
    assert out.stat().st_mode & 0o777 == 0o600
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
    nowhere = str(tmp_path / "weg" / "log.csv")
    assert main(["log", "export", "access", nowhere, "--municipality", "GM1948"]) == 1
    assert "kan niet worden geschreven" in capsys.readouterr().err


def test_the_docs_tell_how_a_hash_is_made(logged):
    """As in docs/operations/logs.md, from an exported access line alone."""
    row = json.loads(exported(logged, "access")[0])
    from datetime import datetime

    at = datetime.fromisoformat(row["at"])
    micros = int(at.timestamp()) * 1_000_000 + at.microsecond
    values = [
        row["previous"], "GM1948", row["number"], micros, row["action"], row["object_kind"],
        row["object_id"], row["result"], row["channel"], row["address_hash"], row["actor"],
        row["role"], row["organisation"], row["purpose"], row["on_behalf_of"] or "~",
        row["about"] or "~", row["operation_id"],
    ]  # fmt: skip
    text = "\n".join(map(str, values))
    assert hashlib.sha256(text.encode()).hexdigest() == row["hash"]
