import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omzien.areas.actions import ImportRefused, import_figures, import_outlines
from omzien.areas.models import Buurt, Municipality, Wijk
from omzien.journal.isolation import SHARED, working_for
from omzien.journal.models import Fact
from tests.areas.conftest import buurt, collection, csv_file, sentences

pytestmark = pytest.mark.django_db

OFFICIAL = [
    "gwb_code_10;gwb_code_8;regio;gm_naam;recs;a_inw;a_00_14;a_65_oo ;a_1p_hh;g_hhgro;p_koopw",
    "NL00;00000000;Nederland;Nederland;Land;17942942;1;2;3;2,1;57",
    "GM1948;1948;Meierijstad;Meierijstad;Gemeente;84300;1;2;3;2,3;66",
    "WK194802;194802;Schijndel;Meierijstad;Wijk;24000;1;2;3;2,2;64",
    "BU19480225;19480225;Schijndel Centrum 1;Meierijstad;Buurt;920;60;425;.;1,6;x",
    "BU19480229;19480229;Wijbosch;Meierijstad;Buurt;1445;0;335;- ;2,4;81",
]
EXTRACT = [
    "buurtcode,buurtnaam,wijkcode,gemeentecode,gemeentenaam,inwoners,inwoners65plus,afstandHuisarts",
    'BU19480225,"Schijndel, Centrum 1",WK194802,GM1948,Meierijstad,920.0,425.0,0.5',
    "BU19480229,Wijbosch,WK194802,GM1948,Meierijstad,1445.0,,3.1",
]


def load(source, **more):
    return import_figures(source=source, **({"year": 2024, "by": "system"} | more))


def refused(source, **more):
    with pytest.raises(ImportRefused) as caught:
        load(source, **more)
    assert not Buurt.objects.exists() and not Municipality.objects.exists()
    with working_for(SHARED):
        assert not Fact.objects.exists()
    return caught.value.report


def test_the_official_file_is_read():
    report = load(csv_file(*OFFICIAL))
    assert (report.added, report.skipped, report.faults) == (3, 2, ())
    assert Buurt.objects.get(code="BU19480225").figures == {
        "inhabitants": 920, "aged_0_14": 60, "aged_65_plus": 425, "household_size": 1.6,
    }  # fmt: skip
    assert Buurt.objects.get(code="BU19480229").figures["aged_0_14"] == 0
    assert Wijk.objects.get().figures["household_size"] == 2.2


def test_the_extract_is_read():
    assert load(csv_file(*EXTRACT)).added == 2
    row = Buurt.objects.get(code="BU19480229")
    assert row.figures == {"inhabitants": 1445, "distance_gp": 3.1}
    assert row.municipality.name == "Meierijstad"


def test_statline_names_are_read_whatever_their_number():
    for number in (5, 88):
        header = "WijkenEnBuurten_1;SoortRegio_2;Codering_3;"
        header += f"AantalInwoners_{number};k_65JaarOfOuder_{number + 7}"
        load(csv_file(header, "Wijbosch;Buurt     ;BU19480229  ;1445;335"), year=2000 + number)
    assert {str(b.figures) for b in Buurt.objects.all()} == {
        "{'inhabitants': 1445, 'aged_65_plus': 335}"
    }


def test_a_second_run_changes_nothing_and_a_new_value_is_a_change():
    load(csv_file(*OFFICIAL))
    assert load(csv_file(*OFFICIAL)).unchanged == 3
    report = load(csv_file(*(line.replace(";920;", ";921;") for line in OFFICIAL)))
    assert (report.changed, report.unchanged) == (1, 2)


def test_figures_join_an_outline_and_leave_its_name_and_each_other_alone():
    import_outlines(source=collection(buurt(name="Een lange naam")), year=2024, by="system")
    load(csv_file(*EXTRACT))
    load(csv_file("buurtcode;g_hhgro;inwoners", "BU19480225;1,6;."))
    row = Buurt.objects.get(code="BU19480225")
    assert row.name == "Een lange naam" and row.outline
    assert row.figures == {"aged_65_plus": 425, "distance_gp": 0.5, "household_size": 1.6}


def test_editions_and_one_municipality_and_dry_run():
    zeist = "BU03550101;03550101;Carré;Zeist;Buurt;500;1;2;3;2,1;50"
    assert load(csv_file(*OFFICIAL, zeist), municipality="GM0355", dry_run=True).added == 1
    assert not Buurt.objects.exists()
    load(csv_file(*OFFICIAL, zeist), municipality="GM0355")
    load(csv_file(*OFFICIAL, zeist), municipality="GM0355", year=2025)
    assert Buurt.objects.count() == 2


def test_western_european_letters_and_utf16_are_read():
    line = "BU03550101;03550101;Carré;Zeist;Buurt;500;1;2;3;2,1;50"
    load(csv_file(OFFICIAL[0], line, encoding="cp1252"))
    assert Buurt.objects.get().name == "Carré"
    assert load(csv_file(OFFICIAL[0], line, encoding="utf-16")).unchanged == 1
    assert load(csv_file(OFFICIAL[0], line, encoding="utf-8-sig")).unchanged == 1


def test_a_spreadsheet_that_ate_leading_zeros_is_understood():
    load(csv_file("gwb_code;recs;a_inw", "3550101;Buurt;500"))
    assert Buurt.objects.get().code == "BU03550101"


def test_half_a_file_is_refused_with_its_line():
    report = refused(csv_file(*OFFICIAL[:-1], "BU19480229;19480229;Wijb"))
    assert report.faults[-1].row == 6
    assert "afgebroken" in sentences(report)[-1]


def test_a_short_line_in_the_middle_is_left_out_and_named():
    report = load(csv_file(*OFFICIAL[:4], "BU19480201;x", *OFFICIAL[4:]))
    assert (report.added, report.skipped) == (3, 3)
    assert (report.faults[0].row, report.faults[0].field) == (5, "")


def test_an_open_quote_is_refused():
    assert "aanhalingsteken" in sentences(refused(csv_file(*EXTRACT, 'BU19480230,"Ooi')))[-1]


def test_bad_cells_are_named_with_line_and_column():
    report = load(
        csv_file(*OFFICIAL, "BU19480230;19480230;X;Meierijstad;Buurt;=cmd|x;veel;1;1;1;1")
    )
    assert [(f.row, f.field) for f in report.faults] == [(7, "a_inw"), (7, "a_00_14")]
    assert "=cmd|x" in sentences(report)[0]
    assert "inhabitants" not in Buurt.objects.get(code="BU19480230").figures


def test_unknown_and_double_codes_are_left_out():
    report = load(csv_file(*OFFICIAL, "XX1;1;X;M;Buurt;1;1;1;1;1;1", OFFICIAL[4]))
    assert (report.added, report.skipped) == (3, 4)
    assert "geen code" in sentences(report)[0]
    assert "dubbel" in sentences(report)[1]
    assert str(report.faults[0]) == "regel 7, gwb_code_10: " + sentences(report)[0]


@pytest.mark.parametrize(
    "data,word",
    [
        (b"", "leeg"),
        (b"\n \n;;\n", "leeg"),
        (b"PK\x03\x04 xlsx", "Excel"),
        (b"<html><body>Niet gevonden</body></html>", "buurtcode ontbreekt"),
        (b"naam;aantal\nx;1", "buurtcode ontbreekt"),
        (b"buurtcode;kleur\nBU19480225;rood", "Geen enkele kolom"),
        (b"buurtcode;a_inw", "geen cijfers"),
        (b"\x81\x8d\x8f\x9d", "niet te lezen"),
        (b"buurtcode;a_inw\n" + b'"' + b"x" * 200_000 + b'";1', "geen cijfers"),
        (b"buurtcode;a_inw\n" + b'"' + b"x" * 200_000 + b";1\n" * 3, "aanhalingsteken"),
    ],
)
def test_what_cannot_be_used_is_refused_in_plain_words(data, word):
    assert word in sentences(refused(io.BytesIO(data)))[-1]


def test_another_municipality_than_the_file_holds_is_refused():
    assert "geen cijfers" in sentences(refused(csv_file(*OFFICIAL), municipality="GM9999"))[-1]


def test_a_double_column_is_said_and_the_first_counts():
    report = load(csv_file("buurtcode;a_inw;a_inw", "BU19480225;1;2"))
    assert report.added == 1 and "dubbel" in sentences(report)[0]
    assert Buurt.objects.get().figures == {"inhabitants": 1}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_but_a_refusal(db, tail):
    data = "\n".join(OFFICIAL).encode() + b"\n" + tail
    for source in (data, tail):
        try:
            load(io.BytesIO(source), dry_run=True)
        except ImportRefused as refusal:
            assert refusal.report.faults
