"""The data package, the spreadsheet, and everything a municipality takes along."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from frictionless import validate
from openpyxl import load_workbook

from omzien.cli.main import main
from omzien.directory.actions.importing import import_file
from omzien.directory.exporting.export import export
from omzien.directory.exporting.leaving import exit_export, owned_tables
from omzien.directory.models import Phone, Place, Reminder, Schedule, Service, ServicePlace
from omzien.journal.isolation import working_for
from tests.journal.test_isolation import owned_tables as tables_of_the_models

pytestmark = pytest.mark.django_db
HSDS = Path(os.environ.get("OMZIEN_SHARED", "/nowhere")) / "data" / "hsds" / "hsds-3.1"
needs_shared = pytest.mark.skipif(
    not HSDS.exists(), reason="OMZIEN_SHARED is not set: the data package is NOT validated"
)


@pytest.fixture
def full(world):
    """The living room with a place, a phone and an odd name; the money desk with a shelter."""
    with working_for("GM1948"):
        place = Place.objects.create(
            municipality=world.meierijstad, name="De Kersentuin", street="Kersenlaan 1",
            town="Schijndel", lat=-51.6, lon=5.4, wheelchair=True,
        )  # fmt: skip
        ServicePlace.objects.create(
            municipality=world.meierijstad, service=world.huiskamer, place=place
        )
        hidden = Place.objects.create(
            municipality=world.meierijstad, street="Geheimlaan 1", town="Veghel", is_hidden=True
        )
        ServicePlace.objects.create(
            municipality=world.meierijstad, service=world.geldzaken, place=hidden
        )
        Phone.objects.create(
            municipality=world.meierijstad, service=world.huiskamer, number="+31 413 555 100"
        )
        Service.objects.filter(pk=world.huiskamer.pk).update(
            title="=HYPERLINK(1)", sort_title="hyperlink", capacity=3, capacity_on="2026-11-01"
        )
    return world


def unzipped(path, folder):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


def standard_package():
    """The standard's own description, without the two tables that it gives no columns."""
    package = json.loads((HSDS / "datapackage.json").read_text())
    package["resources"] = [
        r for r in package["resources"] if r["name"] not in ("unit", "service_capacity")
    ]
    return package


@needs_shared
def test_the_data_package_is_valid_by_the_standard_and_by_its_own_description(full, tmp_path):
    example = (HSDS / "examples" / "service_full.json").read_text()
    (tmp_path / "in.json").write_text(example)
    import_file(
        municipality=full.meierijstad, path=tmp_path / "in.json", by="system", dry_run=False
    )
    export(municipality=full.meierijstad, form="tabular", out=tmp_path / "uit.zip")
    folder = unzipped(tmp_path / "uit.zip", tmp_path / "uit")
    for name in ("own", "standard"):
        if name == "standard":
            (folder / "datapackage.json").write_text(json.dumps(standard_package()))
        report = validate(str(folder / "datapackage.json"))
        faults = [(t.place, e.type, e.message[:150]) for t in report.tasks for e in t.errors]
        assert (report.valid, faults, report.errors) == (True, [], []), name


def test_a_data_package_comes_in_elsewhere_as_it_went_out(full, tmp_path):
    export(municipality=full.meierijstad, form="tabular", out=tmp_path / "1.zip")
    report = import_file(
        municipality=full.maashorst, path=tmp_path / "1.zip", by="system", dry_run=False
    )
    assert (list(map(str, report.faults)), report.new) == ([], 2)
    with working_for("GM1991"):
        room = Service.objects.with_hsds().get(title="=HYPERLINK(1)")
        assert room.topics == ["loneliness"] and room.rung == "community"
        assert room.schedules.get().rule == "FREQ=WEEKLY;BYDAY=WE"
        place = room.serviceplace_set.all()[0].place
        assert (place.street, place.lat, place.wheelchair) == ("Kersenlaan 1", -51.6, True)
        assert [p.number for p in room.phones.all()] == ["+31 413 555 100"]
        Service.objects.filter(pk=full.udense_koffie.pk).delete()
    export(municipality=full.maashorst, form="tabular", out=tmp_path / "2.zip")

    def read(path):
        with zipfile.ZipFile(path) as archive:
            return {
                name: sorted(
                    tuple((k, v) for k, v in row.items() if "id" not in k and k != "last_modified")
                    for row in csv.DictReader(io.StringIO(archive.read(name).decode()))
                )
                for name in archive.namelist()
                if name.endswith(".csv")
            }

    assert read(tmp_path / "1.zip") == read(tmp_path / "2.zip")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_sheet_goes_round_and_nothing_in_it_runs(full, tmp_path, form):
    with working_for("GM1948"):
        Schedule.objects.create(
            municipality=full.meierijstad, service=full.geldzaken, rule="FREQ=MONTHLY;BYDAY=1TH",
            first_on="2026-01-01", starts="22:00", ends="02:00", note="laat",
        )  # fmt: skip
    first, second = tmp_path / f"1.{form}", tmp_path / f"2.{form}"
    export(municipality=full.meierijstad, form=form, out=first)
    assert form == "xlsx" or "Geheimlaan" not in first.read_text()
    report = import_file(municipality=full.maashorst, path=first, by="system", dry_run=False)
    # A village of Meierijstad is none of Maashorst: told, and nothing comes in.
    assert {f.field for f in report.faults} == {"kern"}
    with working_for("GM1948"):
        Service.objects.update(village=None)
        Place.objects.filter(is_hidden=True).delete()  # what is secret never goes along
        Service.objects.update(owner_email="")  # nor who keeps it
    export(municipality=full.meierijstad, form=form, out=first)
    report = import_file(municipality=full.maashorst, path=first, by="system", dry_run=False)
    assert (list(map(str, report.faults)), report.new) == ([], 2)
    with working_for("GM1991"):
        Service.objects.filter(pk=full.udense_koffie.pk).delete()
    export(municipality=full.maashorst, form=form, out=second)
    if form == "csv":
        assert first.read_text() == second.read_text()
        assert "'=HYPERLINK(1)" in first.read_text()
    else:
        cells = [[c.value for c in row] for row in load_workbook(first).active]
        assert cells == [[c.value for c in row] for row in load_workbook(second).active]
        kinds = {c.data_type for row in load_workbook(first).active for c in row}
        assert "f" not in kinds


def test_the_exit_export_holds_every_row_the_municipality_owns(full, tmp_path):
    with working_for("GM1948"):
        Reminder.objects.create(
            municipality=full.meierijstad, service=full.huiskamer, what="all", step=0,
            sent_on="2026-11-25", due_on="2026-11-25",
        )  # fmt: skip
    counted = exit_export(municipality=full.meierijstad, out=tmp_path / "weg.zip", by="system")
    folder = unzipped(tmp_path / "weg.zip", tmp_path / "weg")
    assert {t for t, _column in tables_of_the_models()} <= set(counted)
    assert {t for t, _column in owned_tables()} <= set(counted)
    with working_for("GM1948"):
        assert counted["directory_service"] == Service.objects.filter(municipality="GM1948").count()
    everything = "".join(p.read_text() for p in folder.rglob("*") if p.is_file())
    assert "Geheimlaan" in (folder / "tabellen/directory_place.jsonl").read_text()
    assert "Geheimlaan" not in (folder / "hsds/aanbod.ndjson").read_text()
    assert "Udense" not in everything and "Koffie in Uden" not in everything
    assert "De Luisterlijn" not in everything
    assert "Meierijstad (GM1948)" in (folder / "README.txt").read_text()
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    for path in (folder / "tabellen").glob("*.jsonl"):
        for line in path.read_text().splitlines():
            json.loads(line)


def test_the_commands(full, tmp_path, capsys):
    out = tmp_path / "uit.ndjson"
    words = ["--municipality", "1948"]
    assert main(["export", *words, "--form", "ndjson", "--out", str(out)]) == 0
    assert "2 keer aanbod" in capsys.readouterr().out
    assert main(["import-entries", str(out), "--municipality", "GM1991"]) == 0
    assert "proef" in capsys.readouterr().out
    assert main(["import-entries", str(out), "--municipality", "GM1991", "--write"]) == 0
    assert "2 gelezen: nieuw 2" in capsys.readouterr().out
    assert main(["import-entries", str(tmp_path / "x.csv"), *words]) == 1
    assert "is er niet" in capsys.readouterr().out
    assert main(["import-template", str(tmp_path / "leeg.xlsx")]) == 0
    assert main(["import-template", str(tmp_path / "leeg.doc")]) == 2
    assert main(["exit-export", *words, "--out", str(tmp_path / "weg.zip")]) == 0
    assert main(["exit-export", *words, "--out", str(tmp_path / "weg.pdf")]) == 2
    assert not (tmp_path / "weg.pdf").exists()
    capsys.readouterr()
    assert main(["export", "--municipality", "GM0000", "--form", "csv", "--out", "x"]) == 1
    assert main(["export", *words, "--form", "csv", "--out", str(tmp_path / "nee" / "x")]) == 1
    assert "Bestaat de map" in capsys.readouterr().err


@pytest.mark.parametrize("name,code", [("leeg.csv", 0), ("leeg.xlsx", 0), ("leeg.doc", 2)])
def test_the_template_is_written_by_a_process_of_its_own(tmp_path, name, code):
    command = [sys.executable, "-m", "omzien.cli", "import-template", str(tmp_path / name)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (code, False)
    assert (tmp_path / name).exists() == (code == 0)


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_what_is_exported_comes_back_as_the_same_entries_and_loses_nothing(full, tmp_path, form):
    path = tmp_path / f"uit.{form}"
    with working_for("GM1948"):
        other = Place.objects.create(
            municipality=full.meierijstad, name="De Hoek", street="Hoek 2", town="Veghel"
        )
        ServicePlace.objects.create(
            municipality=full.meierijstad, service=full.huiskamer, place=other
        )
        before = {s.pk: sorted(p.street for p in s.places.all()) for s in Service.objects.all()}
    export(municipality=full.meierijstad, form=form, out=path)
    path.write_text(path.read_text().replace("Loket Geldzaken", "Loket Geld"))
    report = import_file(municipality=full.meierijstad, path=path, by="system", dry_run=False)
    assert (list(map(str, report.faults)), report.new, report.changed) == ([], 0, 1)
    with working_for("GM1948"):
        after = {s.pk: sorted(p.street for p in s.places.all()) for s in Service.objects.all()}
        desk = Service.objects.get(pk=full.geldzaken.pk)
        assert (desk.title, desk.slug) == ("Loket Geld", "loket-geldzaken")
        assert Place.objects.get(street="Geheimlaan 1").is_hidden
        assert Service.objects.get(pk=full.huiskamer.pk).schedules.count() == 1
    assert after == before
    again = import_file(municipality=full.meierijstad, path=path, by="system", dry_run=False)
    assert (again.same, again.changed) == (2, 0)
