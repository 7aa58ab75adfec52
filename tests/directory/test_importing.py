"""Entries from our own template: what comes in, what is refused, and in which words."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from omzien.directory.actions.edits import edit_entry
from omzien.directory.actions.entries import change, withdraw
from omzien.directory.actions.importing import import_file
from omzien.directory.exporting.export import export
from omzien.directory.exporting.sheets import write_template
from omzien.directory.importing.columns import COLUMNS
from omzien.directory.importing.values import languages
from omzien.directory.models import (
    ImportRun,
    IndexVersion,
    Place,
    Provider,
    SearchTokens,
    Service,
    ServicePlace,
)
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]

ROW = {
    "nummer": "A-1",
    "titel": "Koffie-inloop De Linde",
    "omschrijving": "Elke woensdag koffie met buren. Loop gewoon binnen.",
    "aanbieder": "Stichting De Linde",
    "soort aanbieder": "stichting",
    "onderwerpen": "loneliness; Ontmoetingsplek en inloop",
    "trede": "buurt",
    "telefoon": "0413-555 120 (ma en wo) | +31 (0)413 555 121",
    "e-mail": "koffie@delinde.example",
    "website": "https://www.delinde.example",
    "straat": "Lindestraat 1",
    "postcode": "5481ab",
    "plaats": "Schijndel",
    "rolstoel": "ja",
    "tijden": "agenda wo 10:00-12:00 | vr 22:00-02:00 (dansen)",
    "kosten": "gratis",
    "kern": "Schijndel",
}


@pytest.fixture
def bring(world, tmp_path):
    """Write rows to a file and import it into Meierijstad."""

    def run(*changes, name="aanbod.csv", delimiter=";", encoding="utf-8", dry_run=False, raw=None):
        path = tmp_path / name
        if raw is None:
            rows = [{**ROW, "nummer": f"A-{n}", **c} for n, c in enumerate(changes or [{}], 1)]
            out = io.StringIO()
            names = list(dict.fromkeys(key for row in rows for key in row))
            writer = csv.DictWriter(out, names, delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
            raw = out.getvalue().encode(encoding)
        path.write_bytes(raw)
        return import_file(municipality=world.meierijstad, path=path, by="system", dry_run=dry_run)

    return run


def ours():
    with working_for("GM1948"):
        return list(
            Service.objects.filter(external_id__startswith="A-").with_hsds().order_by("external_id")
        )


def said(report):
    return "\n".join(map(str, report.faults))


def test_a_row_becomes_an_entry_with_all_its_parts(bring, world):
    report = bring()
    assert (report.refused, report.new, said(report)) == (False, 1, "")
    (entry,) = ours()
    assert entry.provider.name == "Stichting De Linde"
    assert entry.topics == ["loneliness", "meeting-place"]
    assert entry.rung == "community" and entry.is_free and entry.wheelchair
    assert entry.village == world.schijndel
    assert [(p.number, p.note) for p in entry.phones.all()] == [
        ("0413-555 120", "ma en wo"),
        ("+31 (0)413 555 121", ""),
    ]
    first, second = entry.schedules.all()
    assert first.is_activity and first.rule == "FREQ=WEEKLY;BYDAY=WE"
    assert f"{second.starts:%H:%M}-{second.ends:%H:%M}" == "22:00-02:00"
    place = entry.serviceplace_set.all()[0].place
    assert (place.postcode, place.village) == ("5481 AB", world.schijndel)


def test_the_entry_can_be_found_and_the_run_is_kept_with_one_fact(bring):
    bring()
    with working_for("GM1948"):
        tokens = SearchTokens.objects.get(service__external_id="A-1")
        assert "koffie" in tokens.tokens and tokens.topics == {
            "loneliness": 1.0,
            "meeting-place": 1.0,
        }
        assert IndexVersion.objects.get(municipality="GM1948").version == tokens.version
        run = ImportRun.objects.get()
        assert (run.state, run.rows, run.report["new"]) == ("done", 1, 1)
        fact = Fact.objects.get(verb="import")
        assert fact.subject_id == str(run.pk) and fact.details["new"] == 1


def test_a_trial_writes_nothing_but_its_report(bring):
    report = bring(dry_run=True)
    assert (report.new, report.dry_run) == (1, True)
    assert ours() == []
    with working_for("GM1948"):
        assert ImportRun.objects.get().state == "checked"
        assert not Provider.objects.filter(name="Stichting De Linde").exists()


def test_a_second_time_changes_only_what_changed(bring):
    bring({}, {"titel": "Eettafel"})
    with working_for("GM1948"):
        before = {s.external_id: s.changed_at for s in ours()}
    report = bring({}, {"titel": "Eettafel van de buurt"})
    assert (report.new, report.changed, report.same) == (0, 1, 1)
    first, second = ours()
    assert first.changed_at == before["A-1"]
    assert second.title == "Eettafel van de buurt" and second.slug == "eettafel"
    assert second.phones.count() == 2
    with working_for("GM1948"):
        assert ServicePlace.objects.filter(service=second).count() == 1
        assert Provider.objects.filter(name="Stichting De Linde").count() == 1


def test_what_an_editor_changed_here_stays_unless_the_source_changed_it_too(bring):
    bring()
    with working_for("GM1948"):
        change(service=ours()[0], changes={"cost": "een euro"}, by="system")
    assert bring({"wachttijd": "geen"}).changed == 1
    (entry,) = ours()
    assert (entry.cost, entry.waiting) == ("een euro", "geen")
    bring({"kosten": "twee euro", "wachttijd": "geen"})
    assert ours()[0].cost == "twee euro"


def test_what_the_source_lost_is_told_and_stays(bring):
    bring({}, {"titel": "Eettafel"})
    report = bring({})
    assert [m.title for m in report.missing_entries] == ["Eettafel"]
    assert len(ours()) == 2


def test_topics_and_rung_that_are_missing_are_suggested_and_marked(bring):
    bring({"onderwerpen": "", "trede": "", "omschrijving": "Hulp bij schulden en rekeningen."})
    (entry,) = ours()
    assert entry.rung == "general" and "debt" in entry.topics
    assert set(entry.extra["suggested"]) == {"topics", "rung"}
    with working_for("GM1948"):
        assert max(SearchTokens.objects.get(service=entry).topics.values()) < 1
        change(service=entry, changes={"topics": ["debt"]}, by="system")
    assert ours()[0].extra["suggested"] == ["rung"]


def test_a_hidden_address_comes_in_hidden_and_an_editors_hiding_lasts(bring):
    bring({"geheim adres": "ja"})
    with working_for("GM1948"):
        assert Place.objects.get(street="Lindestraat 1").is_hidden
    bring({"geheim adres": "nee", "straat": "Lindestraat 2"})
    with working_for("GM1948"):
        assert Place.objects.get(street="Lindestraat 2").is_hidden


def test_one_fault_and_nothing_comes_in(bring):
    report = bring({}, {"e-mail": "geen adres"}, {})
    assert report.refused and ours() == []
    assert said(report) == (
        'regel 3, e-mail: "geen adres" is geen e-mailadres. '
        "Een e-mailadres ziet eruit als naam@voorbeeld.nl."
    )
    with working_for("GM1948"):
        assert ImportRun.objects.get().state == "refused"


@pytest.mark.parametrize(
    "field,value,words",
    [
        ("titel", "", "Dit veld is leeg"),
        ("titel", "x" * 201, "201 tekens. Er passen er 200"),
        ("aanbieder", " ", "Vul in wie dit aanbiedt"),
        ("website", "javascript:alert(1)", "geen webadres"),
        ("website", "ftp://x.nl", "begint met https://"),
        ("telefoon", "bel maar", "geen telefoonnummer"),
        ("postcode", "ABCD 12", "5481 AB"),
        ("leeftijd van", "twaalf", "geen heel getal"),
        ("leeftijd van", "300", "0 tot en met 130"),
        ("onderwerpen", "schuldn", "(debt)?"),
        ("onderwerpen", "zzzzqqqq", "lijst met onderwerpen"),
        ("onderwerpen", "Geld en rondkomen", "is een leefgebied"),
        ("trede", "hoog", "Kies uit: zelf"),
        ("kern", "Schijndl", "Bedoel je Schijndel?"),
        ("rolstoel", "misschien", "geen ja of nee"),
        ("tijden", "woensdags in de ochtend", "kan ik niet lezen"),
        ("tijden", "wo 25:00-26:00", "bestaat niet"),
        ("tijden", "wo 10:00-10:00", "allebei 10:00"),
        ("tijden", "elke 2 weken wo 10:00-11:00", "hoort een eerste dag"),
        ("tijden", "op 2026-02-30 10:00-11:00", "bestaat niet"),
        ("tijden", "vanaf 2026-01-01 regel FREQ=SECONDLY 10:00-11:00", "herhaling"),
        ("talen", "Klingoons?", "geen taal die ik ken"),
        ("gecontroleerd op", "gisteren", "bestaat niet"),
        ("gecontroleerd op", "2199-01-01", "moet nog komen"),
        ("status", "weg", "Kies uit: actief"),
        ("geheim adres", "soms", "geen ja of nee"),
    ],
)
def test_a_wrong_value_is_told_with_row_and_field(bring, field, value, words):
    report = bring({}, {field: value})
    assert report.refused and ours() == []
    assert any(
        fault.row == 3 and fault.field == field and words in fault.sentence
        for fault in report.faults
    ), said(report)


def test_ages_the_wrong_way_round(bring):
    report = bring({"leeftijd van": "60", "leeftijd tot en met": "12"})
    assert "Draai ze om" in said(report)


def test_the_same_number_twice(bring):
    report = bring({"nummer": "A-9"}, {"nummer": "A-9"})
    assert 'regel 3, nummer: Nummer "A-9" staat ook op regel 2' in said(report)


def test_without_numbers_provider_and_title_tell_entries_apart(bring):
    assert bring({"nummer": ""}, {"nummer": "", "titel": "Eettafel"}).new == 2
    assert bring({"nummer": ""}, {"nummer": "", "titel": "Eettafel"}).same == 2
    assert "Geef ze een nummer" in said(bring({"nummer": ""}, {"nummer": ""}))


def test_a_missing_and_an_unknown_column(bring):
    report = bring(raw=b"titel;omschrijving;aanbeider\nA;B;C\n")
    assert 'De kolom "aanbieder" ontbreekt. Heet "aanbeider" misschien zo?' in said(report)
    report = bring({"lievelingskleur": "blauw"})
    assert not report.refused and report.notes[0].field == "lievelingskleur"


@pytest.mark.parametrize(
    "delimiter,encoding", [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")]
)
def test_any_delimiter_and_encoding(bring, delimiter, encoding):
    assert not bring({"titel": "Café België"}, delimiter=delimiter, encoding=encoding).refused
    assert ours()[0].title == "Café België"


def test_half_a_file(bring, tmp_path):
    bring({}, {}, dry_run=True)
    whole = (tmp_path / "aanbod.csv").read_bytes()
    for end in range(len(whole) - 60, len(whole) - 2, 7):
        report = bring(raw=whole[:end], dry_run=True)
        assert report.refused or "laatste regel heel" in str(report.notes[0]), end
        assert report.refused or whole[end - 1 : end] == b";"


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"titel", b"\x00\x01\x02", b"PK\x03\x04broken", b"\xff\xfe\xff"]
)
def test_no_file_at_all(bring, raw):
    report = bring(raw=raw)
    assert report.refused and report.faults and ours() == []


NASTY = [
    "=cmd|' /C calc'!A0",
    "+SUM(1;2)",
    "@import",
    "'); DROP TABLE directory_service; --",
    "<script>alert(1)</script>",
    "مرحبا بكم في المركز",
    "a\u202eb\u0007c\x00d",
    "${7*7} {{7*7}} %s %(x)s {0}",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_only_text(bring, text, tmp_path):
    as_written = f"'{text}" if text.startswith("=") else text  # a formula is refused
    names = ("titel", "omschrijving", "aanbieder")
    place = {"naam plek": as_written.replace("|", "/")}  # which divides places
    report = bring(dict.fromkeys(names, as_written) | place)
    assert not report.refused, said(report)
    (entry,) = ours()
    assert entry.title == "".join(c for c in text if c not in "\u202e\u0007\x00").strip()
    from omzien.directory.exporting.sheets import write_entries

    for name in ("uit.csv", "uit.xlsx"):
        with working_for("GM1948"):
            write_entries(tmp_path / name, ours())
        again = bring(raw=(tmp_path / name).read_bytes(), name=name)
        assert not again.refused, said(again)
        assert ours()[0].title == entry.title
    assert (
        "\n=cmd" not in (tmp_path / "uit.csv").read_text()
        and ";=cmd" not in (tmp_path / "uit.csv").read_text()
    )


def test_nasty_text_in_every_field_is_told_or_kept(bring):
    for text in NASTY:
        for field in [*ROW, "status", "talen", "leeftijd van", "bereik", "webnaam", "geheim adres"]:
            report = bring({field: text}, dry_run=True)
            assert all(f.row == 2 and f.sentence for f in report.faults), (field, text)


def test_a_spreadsheet_comes_in_and_its_formulas_do_not(bring, tmp_path):
    def book(*cells):
        workbook = Workbook()
        workbook.active.append(list(ROW))
        workbook.active.append([{**ROW, **dict(cells)}[key] for key in ROW])
        workbook.save(tmp_path / "x.xlsx")
        return (tmp_path / "x.xlsx").read_bytes()

    report = bring(raw=book(("titel", "=1+1")), name="aanbod.xlsx")
    assert "regel 2, titel: Hier staat een formule" in said(report)
    report = bring({"titel": "=1+1"})
    assert said(report) == "regel 2, titel: " + said(report).split(": ", 1)[1]
    assert "Hier staat een formule" in said(report)
    assert bring(raw=book(), name="aanbod.xlsx").new == 1


def a_book(path, **sheets):
    workbook = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path.read_bytes()


def test_a_spreadsheet_with_more_sheets_says_which_one_is_meant(bring, tmp_path):
    full, told = [list(ROW), list(ROW.values())], [["Lees dit eerst"], ["Vul alles in."]]
    report = bring(raw=a_book(tmp_path / "x.xlsx", Uitleg=told, Aanbod=full), name="aanbod.xlsx")
    assert (said(report), report.new) == ("", 1)
    assert [(n.field, n.sentence) for n in report.notes] == [
        ('blad "Aanbod"', "Er zijn meer bladen. Alleen dit blad is gelezen.")
    ]
    report = bring(raw=a_book(tmp_path / "x.xlsx", Uitleg=told, Lijst=full), name="aanbod.xlsx")
    assert report.refused and [f.field for f in report.faults] == ['blad "Uitleg"']
    assert 'De kolom "titel" ontbreekt' in said(report)
    report = bring(raw=a_book(tmp_path / "x.xlsx", Leeg=[]), name="aanbod.xlsx")
    assert 'Het blad "Leeg" is leeg.' in said(report)


@pytest.mark.parametrize(
    ("cell", "number"),
    [(413555120, "0413555120"), (612345678, "0612345678"), ("413555120 (ma)", "0413555120"),
     (140413, "140413"), (112, "112"), ("+31413555120", "+31413555120"), (8000113, "08000113")],
)  # fmt: skip
def test_the_nought_that_a_spreadsheet_takes_off_comes_back(bring, tmp_path, cell, number):
    row = ROW | {"telefoon": cell}
    raw = a_book(tmp_path / "x.xlsx", aanbod=[list(row), list(row.values())])
    report = bring(raw=raw, name="aanbod.xlsx")
    with working_for("GM1948"):
        assert [phone.number for phone in ours()[0].phones.all()] == [number]
    assert len(report.notes) == (number not in str(cell))
    assert bring(raw=raw, name="aanbod.xlsx").same == 1


@pytest.mark.parametrize(
    ("cell", "said"),
    [(4, "€ 4"), (2.5, "€ 2,50"), ("2,50", "€ 2,50"), (0, "gratis"), ("2026", "€ 2026"),
     ("4 per keer", "4 per keer"), ("12345", "12345")],
)  # fmt: skip
def test_a_bare_number_is_an_amount(bring, tmp_path, cell, said):
    row = ROW | {"kosten": cell}
    bring(raw=a_book(tmp_path / "x.xlsx", aanbod=[list(row), list(row.values())]), name="a.xlsx")
    with working_for("GM1948"):
        assert (ours()[0].cost, ours()[0].is_free) == (said, said == "gratis")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_in_which_excel_tells_its_divider_is_no_row(bring, end):
    lines = ["sep=|", "titel|omschrijving|aanbieder", "Soep|Warm.|De Kring", "|x|y"]
    report = bring(raw=end.join([*lines, ""]).encode())
    assert [(f.row, f.field) for f in report.faults] == [(4, "titel")]


def test_what_is_typed_on_two_lines_of_a_cell_is_one_line_and_a_description_keeps_both(bring):
    twice = {"titel": "Koffie\nmet koek", "aanbieder": "De\r\nKring", "straat": "Markt\n1",
             "omschrijving": "Elke week.\nLoop binnen.", "kosten": "€ 2\nper keer"}  # fmt: skip
    assert said(bring(twice)) == ""
    (found,) = ours()
    with working_for("GM1948"):
        place = found.places.get()
    assert (found.title, found.provider.name) == ("Koffie met koek", "De Kring")
    assert (place.street, found.cost) == ("Markt 1", "€ 2 per keer")
    assert found.description == "Elke week.\nLoop binnen."


def test_a_formula_under_no_heading_is_found_by_its_column(bring, tmp_path):
    rows = [list(ROW), [*ROW.values(), "=1+1"]]
    report = bring(raw=a_book(tmp_path / "x.xlsx", aanbod=rows), name="aanbod.xlsx")
    assert [(f.row, f.field) for f in report.faults] == [(2, "kolom R")]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_that_goes_out_says_who_keeps_each_entry(bring, world, tmp_path, form):
    bring({"e-mail beheerder": "linde@voorbeeld.example"}, {"titel": "Soep"})
    out = tmp_path / f"uit.{form}"
    export(municipality=world.meierijstad, form=form, out=out)
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig")), delimiter=";"))
    else:
        head, *cells = load_workbook(out).active.iter_rows(values_only=True)
        rows = [dict(zip(head, row, strict=True)) for row in cells]
    kept = {row["nummer"]: row["bijgehouden door"] for row in rows}
    assert (kept["A-1"], kept["A-2"]) == ("aanbieder", "redactie")
    report = import_file(municipality=world.meierijstad, path=out, by="system", dry_run=False)
    assert (said(report), report.changed, report.notes) == ("", 0, ())


def test_a_cell_that_is_far_too_long_is_called_too_long_and_nothing_else(bring):
    report = bring({"omschrijving": "a" * 140_000}, {"e-mail": "x"})
    assert [fault.row for fault in report.faults] == [2, 3]
    assert "140000 tekens: veel te lang" in said(report) and "aanhalingsteken" not in said(report)


def test_half_a_row_hides_no_other_fault(bring, tmp_path):
    bring({}, {}, {"e-mail": "x"}, dry_run=True)
    rows = (tmp_path / "aanbod.csv").read_text().splitlines()
    rows[2] = "A-2;Soep"
    report = bring(raw="\n".join(rows).encode(), dry_run=True)
    assert [fault.row for fault in report.faults] == [3, 4]
    assert "meer of minder velden" in said(report) and "geen e-mailadres" in said(report)


def test_a_zip_bomb_is_not_unpacked(bring, tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    report = bring(raw=(tmp_path / "b.zip").read_bytes(), name="aanbod.xlsx")
    assert "veel te groot" in said(report)


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_spreadsheet_that_misses_a_part_or_half_of_it_is_told(bring, tmp_path, member):
    whole = tmp_path / "heel.xlsx"
    write_template(whole)
    for cut in (0, 40):
        with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(tmp_path / "x.xlsx", "w") as half:
            for name in archive.namelist():
                body = archive.read(name)
                half.writestr(name, body[:cut] if name == member else body)
        report = bring(raw=(tmp_path / "x.xlsx").read_bytes(), name="aanbod.xlsx")
        assert report.refused and "beschadigd" in said(report)


def test_a_zip_that_is_no_spreadsheet_is_told(world, tmp_path):
    path = tmp_path / "aanbod.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("brief.txt", "Hallo")
    report = import_file(municipality=world.meierijstad, path=path, by="x", form="table")
    assert report.refused and "geen spreadsheet" in said(report)


def test_an_xml_bomb_is_refused(bring, tmp_path):
    Workbook().save(tmp_path / "x.xlsx")
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY a{n} "{("&a%s;" % (n - 1 if n else "")) * 10}">' for n in range(1, 9))
        + "]><workbook>&a8;</workbook>"
    )
    with (
        zipfile.ZipFile(tmp_path / "x.xlsx") as good,
        zipfile.ZipFile(tmp_path / "bomb.xlsx", "w") as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, bomb if name == "xl/workbook.xml" else good.read(name))
    report = bring(raw=(tmp_path / "bomb.xlsx").read_bytes(), name="aanbod.xlsx")
    assert report.refused and said(report)


def test_a_sheet_that_claims_a_million_rows_ends_soon(bring, tmp_path):
    workbook = Workbook()
    workbook.active.append(list(ROW))
    workbook.active["XFD1048576"] = "x"
    workbook.save(tmp_path / "x.xlsx")
    report = bring(raw=(tmp_path / "x.xlsx").read_bytes(), name="aanbod.xlsx")
    assert "Er staat geen aanbod" in said(report)


@pytest.mark.parametrize("name", ["sjabloon.csv", "sjabloon.xlsx"])
def test_the_template_itself_comes_in(bring, tmp_path, name):
    write_template(tmp_path / name)
    report = bring(raw=(tmp_path / name).read_bytes(), name=name)
    assert (said(report), report.new) == ("", 1)


def test_at_most_200_faults_are_listed_and_all_are_counted(bring):
    report = bring(*[{"postcode": "x"}] * 230)
    assert (len(report.faults), report.more_faults) == (200, 30)


def test_another_municipality_is_not_touched(bring, world):
    bring()
    with working_for("GM1991"):
        assert Service.objects.filter(external_id="A-1").count() == 0


def test_the_manual_names_every_column():
    page = (ROOT / "docs/handboek/importeren.md").read_text(encoding="utf-8").replace("\\|", "|")
    for column in COLUMNS:
        required = "ja" if column.is_required else ""
        assert f"| {column.name} | {required} | {column.example} | {column.help} |" in page


def test_half_a_spreadsheet_or_package_is_told(bring, tmp_path):
    write_template(tmp_path / "x.xlsx")
    whole = (tmp_path / "x.xlsx").read_bytes()
    for end in range(1, len(whole), 401):
        for name in ("half.xlsx", "half.zip"):
            report = bring(raw=whole[:end], name=name)
            assert report.refused and said(report), (name, end)


def test_a_locked_zip_and_one_with_strange_folders(bring, tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("../services.csv", "id,name\n1,x\n")
    report = bring(raw=(tmp_path / "b.zip").read_bytes(), name="pakket.zip")
    assert "vreemde map" in said(report)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for number in range(600):
            archive.writestr(f"{number}.csv", "")
    report = bring(raw=(tmp_path / "b.zip").read_bytes(), name="pakket.zip")
    assert "Meer dan 500" in said(report)


@pytest.mark.parametrize(
    "cell,phones",
    [
        ("(0413) 55 51 20", [("(0413) 55 51 20", "")]),
        ("(410) 837-0209 (Phone 1)", [("(410) 837-0209", "Phone 1")]),
        ("+31 (0)413 555 121 (ma; wo)", [("+31 (0)413 555 121", "ma; wo")]),
        ("112; 0413-1 23 45 6 tst. 12 (balie)", [("112", ""), ("0413-1 23 45 6 tst. 12", "balie")]),
        ("", []),
    ],
)
def test_numbers_with_notes(bring, cell, phones):
    report = bring({"telefoon": cell})
    assert said(report) == ""
    assert [(p.number, p.note) for p in ours()[0].phones.all()] == phones


def test_an_address_over_the_border(bring):
    assert "5481 AB" in said(bring({"postcode": "47551"}))
    assert said(bring({"postcode": "47551", "land": "Duitsland"})) == ""


# Two lists, one number; and what stands here already


def titles():
    return sorted(entry.title for entry in ours())


def test_a_number_of_another_list_is_another_entry(bring):
    bring({"nummer": "A-1"})
    other = {"nummer": "A-1", "titel": "Rolstoelen te leen", "aanbieder": "Uitleen Veghel"}
    for new, same in ((1, 0), (0, 1)):  # the second time it is known
        report = bring(other, name="uitleen.csv")
        assert (report.new, report.changed, report.same) == (new, 0, same)
    assert titles() == ["Koffie-inloop De Linde", "Rolstoelen te leen"]
    assert report.missing == 0  # what another provider offers was never in this list
    renamed = bring({"nummer": "A-1", "titel": "Koffie bij De Linde"})
    assert (renamed.new, renamed.changed) == (0, 1)
    assert titles() == ["Koffie bij De Linde", "Rolstoelen te leen"]


def test_a_changed_row_is_named_with_old_and_new(bring):
    bring({})
    (line,) = bring({"kosten": "€ 2 per keer"}, dry_run=True).lines
    assert (line.what, line.title) == ("changed", "Koffie-inloop De Linde")
    (cost,) = line.differences
    assert (cost.name, cost.here, cost.file) == ("cost", "gratis", "€ 2 per keer")


def test_a_secret_address_and_an_owner_stand_in_no_report(bring):
    bring({"geheim adres": "ja"})
    private = {"straat": "Geheimeweg 1", "geheim adres": "ja", "e-mail beheerder": "jan@x.example"}
    report = bring(private, dry_run=True)
    assert {d.name for d in report.lines[0].differences} == {"places", "owner_email"}
    assert "Geheimeweg" not in str(report.as_json()) and "jan@" not in str(report.as_json())


def test_what_an_editor_changed_or_took_off_is_told_when_the_list_comes_again(bring, world):
    bring({}, {"titel": "Soep"})
    with working_for("GM1948"):
        first, second = ours()
        change(service=first, changes={"cost": "€ 6"}, by="editor")
        withdraw(service=second, on=date(2026, 11, 20), by="editor")
    report = bring({}, {"titel": "Soep"})
    assert (report.changed, report.same, report.changed_here) == (0, 2, 2)
    told = {line.title: (line.what, [d.name for d in line.differences]) for line in report.lines}
    assert told["Koffie-inloop De Linde"] == ("here", ["cost"])
    assert [line.title for line in report.lines if line.is_off] == ["Soep"]
    new_text = bring({}, {"titel": "Soep", "kosten": "€ 9"})  # it changes, and it stays off
    assert ("changed", True) in [(one.what, one.is_off) for one in new_text.lines]
    assert ours()[0].cost == "€ 6"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_our_own_table_brought_back_changes_nothing(bring, world, tmp_path, ending):
    bring({}, {"geheim adres": "ja", "titel": "Blijf", "onderwerpen": "", "doelgroep": "a, b;"})
    assert ours()[1].audience == ["a, b"]
    export(municipality=world.meierijstad, form=ending, out=tmp_path / f"uit.{ending}")
    report = import_file(
        municipality=world.meierijstad, path=tmp_path / f"uit.{ending}", by="system"
    )
    assert (said(report), report.new, report.changed) == ("", 0, 0)
    assert report.same == report.rows


def test_our_own_open_data_brought_back_changes_nothing(bring, world, tmp_path, client):
    bring({}, {"geheim adres": "ja", "titel": "Blijf", "onderwerpen": ""})
    answer = client.get(
        "/hsds/v3/services?format=ndjson&full=true", headers={"host": "meierijstad.localhost"}
    )
    path = tmp_path / "open.ndjson"
    path.write_bytes(b"".join(answer))
    for _time in range(2):
        report = import_file(municipality=world.meierijstad, path=path, by="system", dry_run=False)
        assert (said(report), report.new, report.changed) == ("", 0, 0), report.lines
        assert report.elsewhere == 1  # the national helpline stands here once
        assert report.same + report.elsewhere == report.rows


def test_a_national_entry_is_suggested_as_a_double(bring, world):
    report = bring({"titel": "De Luisterlijn", "aanbieder": "De Luisterlijn"}, dry_run=True)
    named = {key for pair in report.duplicates for key in (pair.first, pair.second)}
    assert str(world.luisterlijn.pk) in named


def places(number="A-1"):
    with working_for("GM1948"):
        found = Place.objects.filter(services__external_id=number).order_by("street", "town")
        return [(p.name, p.street, p.postcode, p.town, p.is_hidden) for p in found]


TWO = {
    "naam plek": "Zaal | Hal",
    "straat": "Kerkstraat 1 | Markt 2",
    "postcode": "5461 aa | 5469BB",
    "plaats": "Veghel | Erp",
}


def test_more_places_stand_in_one_row(bring):
    assert said(bring(TWO)) == ""
    assert places() == [
        ("Zaal", "Kerkstraat 1", "5461 AA", "Veghel", False),
        ("Hal", "Markt 2", "5469 BB", "Erp", False),
    ]
    assert bring(TWO).same == 1


def test_what_one_cell_says_holds_for_all_and_a_piece_may_be_empty(bring):
    more = {"straat": "Kerkstraat 1 | ", "postcode": "", "plaats": "Veghel"}
    assert said(bring(TWO | more)) == ""
    assert places() == [
        ("Hal", "", "", "Veghel", False),
        ("Zaal", "Kerkstraat 1", "", "Veghel", False),
    ]


def test_one_of_the_places_may_be_hidden(bring):
    assert said(bring(TWO | {"geheim adres": "nee | ja"})) == ""
    assert [(street, hidden) for _n, street, _p, _t, hidden in places()] == [
        ("Kerkstraat 1", False),
        ("Markt 2", True),
    ]


@pytest.mark.parametrize("cell", ["Kerkstraat 1", "Kerkstraat 1 | Markt 2 | Plein 3"])
def test_places_that_do_not_match_in_number_are_told_by_row(bring, cell):
    report = bring({}, TWO | {"straat": cell}, {})
    assert report.refused and [(f.row, f.field) for f in report.faults] == [(3, "plekken")]
    assert '"straat"' in said(report) and "evenveel plekken" in said(report)


def villages(number="A-1"):
    with working_for("GM1948"):
        home = Service.objects.get(external_id=number).village
        there = Place.objects.filter(services__external_id=number).order_by("street", "town")
        return home and home.name, [p.village and p.village.name for p in there]


def test_each_of_more_places_has_a_village_and_the_first_is_home(bring):
    assert said(bring(TWO | {"kern": "Veghel | Schijndel"})) == ""
    assert villages() == ("Veghel", ["Veghel", "Schijndel"])
    again = bring(TWO | {"kern": "Veghel | Schijndel"})
    assert (again.same, again.changed, again.changed_here) == (1, 0, 0)
    assert bring(TWO | {"kern": "Veghel | Veghel"}).changed == 1
    assert villages() == ("Veghel", ["Veghel", "Veghel"])


def test_villages_alone_are_places(bring):
    bare = {"naam plek": "", "straat": "", "postcode": "", "plaats": ""}
    assert said(bring(bare | {"kern": "Veghel|Schijndel"})) == ""
    assert villages() == ("Veghel", ["Schijndel", "Veghel"])


def test_of_more_villages_the_unknown_one_is_named(bring):
    report = bring(TWO | {"kern": "Veghel | Schijndle"})
    assert report.refused and 'Kern "Schijndle" ken ik niet' in said(report)
    assert "Bedoel je Schijndel?" in said(report)


@pytest.mark.parametrize(
    ("cell", "of_all", "of_each"),
    [
        ("ja | nee", None, [True, False]),
        ("ja|", None, [True, None]),
        ("ja | ja |", True, [True, True]),
        ("ja", True, [True, True]),
        ("|nee", None, [None, False]),
    ],
)
def test_a_wheelchair_fits_in_one_place_and_not_in_the_other(bring, cell, of_all, of_each):
    assert said(bring(TWO | {"rolstoel": cell})) == ""
    with working_for("GM1948"):
        service = Service.objects.get(external_id="A-1")
        found = list(service.places.order_by("street").values_list("wheelchair", flat=True))
    assert (service.wheelchair, found) == (of_all, of_each)


def test_a_wheelchair_that_fits_elsewhere_since_is_changed_and_goes_round(bring, world, tmp_path):
    bring(TWO | {"rolstoel": "ja | nee"})
    assert bring(TWO | {"rolstoel": "ja | nee"}).same == 1
    assert bring(TWO | {"rolstoel": "nee | ja"}).changed == 1
    out = tmp_path / "uit.csv"
    export(municipality=world.meierijstad, form="csv", out=out)
    report = import_file(municipality=world.meierijstad, path=out, by="system", dry_run=False)
    assert (said(report), report.changed) == ("", 0)
    bring(TWO | {"nummer": "A-1", "straat": "Markt 1", "naam plek": "", "postcode": "",
                 "plaats": "Veghel", "rolstoel": "ja"})  # fmt: skip
    with working_for("GM1948"):
        Place.objects.filter(services__external_id="A-1").update(wheelchair=False)
    export(municipality=world.meierijstad, form="csv", out=out)
    report = import_file(municipality=world.meierijstad, path=out, by="system", dry_run=False)
    assert (said(report), report.changed) == ("", 0)


def test_what_is_no_yes_or_no_of_one_place_is_named(bring):
    report = bring(TWO | {"rolstoel": "ja | soms"})
    assert report.refused and [f.field for f in report.faults] == ["rolstoel"]
    assert '"soms" is geen ja of nee' in said(report)


def test_a_divider_too_many_at_the_end_is_no_place(bring):
    assert said(bring(TWO | {"straat": "Kerkstraat 1 | Markt 2 |"})) == ""
    assert len(places()) == 2


def test_places_of_one_village_stand_by_name_here_and_in_an_export(bring, world, tmp_path):
    names = {"naam plek": "A | B | C", "straat": "", "postcode": "", "plaats": "Veghel"}
    bring(names)
    with working_for("GM1948"):
        service = Service.objects.with_details().get(external_id="A-1")
        assert [place.name for place in service.places.all()] == ["A", "B", "C"]
    export(municipality=world.meierijstad, form="csv", out=tmp_path / "uit.csv")
    assert "A | B | C" in (tmp_path / "uit.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("where", [{"plaats": "Erp"}, {"naam plek": "Hal"}])
def test_a_village_or_a_name_alone_is_a_place(bring, where):
    bare = {"straat": "", "postcode": "", "plaats": ""}
    assert said(bring(bare | where)) == ""
    assert places() == [(where.get("naam plek", ""), "", "", where.get("plaats", ""), False)]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_places_go_round_and_the_hidden_one_stays(bring, world, tmp_path, form):
    bring(TWO | {"geheim adres": "nee | nee"}, {"straat": "", "postcode": "", "plaats": "Erp"})
    with working_for("GM1948"):
        service = Service.objects.get(external_id="A-1")
        hidden = Place.objects.create(
            municipality=world.meierijstad, street="Geheimlaan 1", town="Veghel", is_hidden=True
        )
        service.places.add(hidden, through_defaults={"municipality": world.meierijstad})
    before = places(), places("A-2")
    out = tmp_path / f"uit.{form}"
    export(municipality=world.meierijstad, form=form, out=out)
    report = import_file(municipality=world.meierijstad, path=out, by="system", dry_run=False)
    assert (said(report), report.new, report.changed) == ("", 0, 0)
    assert (places(), places("A-2")) == before
    # Also when another place is changed in the file, which this source gave before.
    report = bring(TWO | {"straat": "Kerkstraat 9 | Markt 2"}, {"plaats": "Erp"})
    assert [(street, is_hidden) for _n, street, _p, _t, is_hidden in places()] == [
        ("Geheimlaan 1", True),
        ("Kerkstraat 9", True),  # new beside a hidden one: hidden until an editor shows it
        ("Markt 2", False),
    ]
    assert (report.kept_secret, [line.is_kept_secret for line in report.lines]) == (
        1,
        [True, False],
    )
    assert "Kerkstraat 9" not in str(report.as_json())  # it may be as secret as the other


def test_an_address_that_stays_secret_is_told_and_what_is_meant_so_is_not(bring):
    shelter = {"nummer": "A-1", "geheim adres": "ja"}
    other = {"nummer": "A-2", "titel": "Eettafel", "straat": "Markt 2"}
    assert bring(shelter, other).kept_secret == 0
    assert bring(shelter | {"straat": "Lindestraat 2"}).kept_secret == 0  # the file says so
    moved = bring(shelter | {"straat": "Lindestraat 3", "geheim adres": ""}, dry_run=True)
    assert (moved.kept_secret, [line.is_kept_secret for line in moved.lines]) == (1, [True])
    assert bring(other | {"straat": "Markt 3"}).kept_secret == 0
    # Something new at the address that is hidden here.
    guest = {"nummer": "A-3", "titel": "Breien", "straat": "Lindestraat 2"}
    found = bring({"nummer": "A-4", "titel": "Soep", "straat": "Markt 4"}, guest)
    assert found.kept_secret == 1
    assert [(line.title, line.is_kept_secret) for line in found.lines] == [
        ("Breien", True), ("Soep", False),
    ]  # fmt: skip
    assert [hidden for *_all, hidden in places("A-3")] == [True]
    assert bring({"nummer": "A-4", "titel": "Soep", "straat": "Markt 4"}, guest).kept_secret == 0


def test_an_address_that_another_row_makes_secret_is_told_too(bring):
    shelter = {"nummer": "A-1", "geheim adres": "ja"}
    guest = {"nummer": "A-2", "titel": "Breien", "geheim adres": ""}
    for order in ([shelter, guest], [guest, shelter]):
        report = bring(*order, dry_run=True)
        assert report.kept_secret == 1
        assert {line.title: line.is_kept_secret for line in report.lines} == {
            "Koffie-inloop De Linde": False, "Breien": True,
        }  # fmt: skip
    bring(shelter | {"geheim adres": ""}, guest)
    # Now both stand here openly; the file hides one, and so the other, which it does not change.
    report = bring(shelter, guest)
    assert (report.kept_secret, report.changed) == (1, 1)
    assert {line.title: line.is_kept_secret for line in report.lines} == {
        "Koffie-inloop De Linde": False, "Breien": True,
    }  # fmt: skip
    assert "Lindestraat" not in str(report.as_json())
    assert [hidden for *_all, hidden in places("A-2")] == [True]
    assert bring(shelter, guest).kept_secret == 0  # it is so already


def test_an_address_that_becomes_secret_by_another_row_stands_in_no_report(bring):
    shelter = {"nummer": "A-1", "geheim adres": "ja"}
    guest = {"nummer": "A-2", "titel": "Breien"}
    bring(guest | {"straat": "Markt 1"})
    report = bring(guest, shelter)
    assert (report.kept_secret, report.new, report.changed) == (1, 1, 1)
    assert "Lindestraat" not in str(report.as_json())


def test_an_address_that_is_secret_and_not_in_one_row_is_secret(bring):
    twice = {"straat": "Markt 1 | Markt 1", "postcode": "", "geheim adres": "ja | nee"}
    assert said(bring(twice)) == ""
    assert [hidden for *_all, hidden in places()] == [True]


def test_a_place_that_was_changed_here_is_told_with_both_addresses(bring):
    bring({"straat": "", "postcode": "", "plaats": "Erp", "naam plek": ""})
    with working_for("GM1948"):
        edit_entry(
            service=ours()[0], by="system", seen="",
            changes={"places": [{"key": None, "name": "Hal", "street": "Markt 2", "postcode": "",
                                 "town": "Erp", "is_hidden": False, "village": None}]},
        )  # fmt: skip
    report = bring({"straat": "", "postcode": "", "plaats": "Erp", "naam plek": ""})
    (line,) = report.lines
    told = {d.name: (d.here, d.file) for d in line.differences}
    assert told["places"] == ("Hal, Markt 2, Erp", "Erp")


def test_a_language_is_named_once():
    assert languages("Nederlands; nl; Dutch; Pools") == ["nl", "pl"]
