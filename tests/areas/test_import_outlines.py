import gzip
import io
import json
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omzien.areas.actions import ImportRefused, import_outlines, reading
from omzien.areas.models import Buurt, Municipality, Wijk
from omzien.journal.isolation import SHARED, current, working_for
from omzien.journal.models import Fact
from tests.areas.conftest import buurt, collection, sentences, square

pytestmark = pytest.mark.django_db


def load(source, **more):
    return import_outlines(source=source, **({"year": 2024, "by": "system"} | more))


def refused(source, **more):
    before = (Buurt.objects.count(), Municipality.objects.count())
    with pytest.raises(ImportRefused) as caught:
        load(source, **more)
    assert caught.value.report.refused
    assert (Buurt.objects.count(), Municipality.objects.count()) == before
    with working_for(SHARED):
        assert not Fact.objects.filter(verb="imported").exists()
    return caught.value.report


def test_an_outline_comes_in_with_a_point_inside_it_and_its_municipality():
    report = load(collection(buurt()))
    assert (report.added, report.changed, report.unchanged, report.skipped) == (1, 0, 0, 0)
    row = Buurt.objects.get(code="BU19480225", year=2024)
    assert (row.name, row.wijk_code) == ("Schijndel Centrum 1", "WK194802")
    assert row.municipality.name == "Meierijstad"
    assert 51.62 < row.lat < 51.63 and 5.43 < row.lon < 5.44


def test_a_second_run_changes_nothing():
    source = [buurt(), buurt("BU19480226", "Centrum 2", square(5.45))]
    load(collection(*source))
    report = load(collection(*source))
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)


def test_a_moved_outline_is_changed_and_its_figures_stay():
    load(collection(buurt()))
    Buurt.objects.update(figures={"inhabitants": 920})
    report = load(collection(buurt(geometry=square(5.44))))
    assert (report.added, report.changed) == (0, 1)
    row = Buurt.objects.get()
    assert row.figures == {"inhabitants": 920}
    assert row.outline["coordinates"][0][0][0] == 5.44


def test_editions_stand_side_by_side():
    load(collection(buurt()))
    load(collection(buurt(name="Nieuwe naam")), year=2025)
    assert list(Buurt.objects.order_by("year").values_list("year", "name")) == [
        (2024, "Schijndel Centrum 1"),
        (2025, "Nieuwe naam"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        {"BUURTCODE": "BU19480225", "BuurtNaam": "Plein", "GM_NAAM": "Meierijstad"},
        {"statcode": "BU19480225", "statnaam": "Plein", "jrstatcode": "2024BU19480225"},
        {"bu_code": "BU19480225", "bu_naam": "Plein", "gm_naam": "Meierijstad", "water": "NEE"},
    ],
)
def test_the_names_of_cbs_and_pdok_are_understood(words):
    feature = {"type": "Feature", "properties": words, "geometry": square()}
    assert load(collection(feature)).added == 1
    assert Buurt.objects.get().name == "Plein"


def test_a_wijk_is_told_from_its_code_and_kind_narrows():
    wijk = buurt()
    wijk["properties"] = {"wijkcode": "WK194802", "wijknaam": "Schijndel"}
    assert load(collection(wijk)).added == 1
    assert Wijk.objects.get().name == "Schijndel"


def test_a_municipality_that_the_file_does_not_name_gets_its_name_later():
    nameless = {"type": "Feature", "properties": {"statcode": "BU19480225"}, "geometry": square()}
    load(collection(nameless))
    assert Municipality.objects.get().name == "GM1948"
    load(collection(buurt()))
    assert Municipality.objects.get().name == "Meierijstad"


def test_a_served_municipality_keeps_its_own_name_and_host(world):
    load(collection(buurt(gemeentenaam="Iets anders")))
    world.meierijstad.refresh_from_db()
    assert (world.meierijstad.name, world.meierijstad.host) == (
        "Meierijstad",
        "meierijstad.localhost",
    )


def test_one_municipality_can_be_taken_from_a_wider_file():
    other = buurt("BU03550101", "Carré", square(5.24, 52.08), gemeentenaam="Zeist")
    report = load(collection(buurt(), other), municipality="GM0355")
    assert (report.added, report.skipped, report.faults) == (1, 1, ())
    assert Municipality.objects.get().name == "Zeist"


def test_a_dry_run_reports_the_same_and_writes_nothing():
    report = load(collection(buurt()), dry_run=True)
    assert (report.added, report.dry_run) == (1, True)
    assert not Buurt.objects.exists()
    assert not Municipality.objects.exists()
    with working_for(SHARED):
        assert not Fact.objects.exists()


def test_one_fact_is_written_and_the_wall_stands_as_before(world):
    with working_for("GM1948"):
        load(collection(buurt("BU19480226")), by="abc")
        assert current() == "GM1948"
        fact = Fact.objects.get(verb="imported")
    assert (fact.subject_id, fact.actor, fact.municipality) == ("outlines-2024", "abc", None)
    assert fact.details["added"] == 1
    assert current() == ""


def test_progress_is_told():
    told = []
    load(collection(buurt(), buurt("BU19480226")), progress=told.append)
    assert told == [2]


def test_packed_files_and_a_byte_order_mark_are_read():
    text = b"\xef\xbb\xbf" + collection(buurt()).getvalue()
    assert load(io.BytesIO(gzip.compress(text))).added == 1


@pytest.mark.parametrize("cut", [1, 40, 200, 300])
def test_a_cut_off_file_is_refused_with_the_row(cut):
    text = collection(buurt(), buurt("BU19480226")).getvalue()
    report = refused(io.BytesIO(text[:-cut]))
    assert "beschadigd of afgebroken" in sentences(report)[-1]
    assert report.faults[-1].row in (1, 2, 3)


@pytest.mark.parametrize(
    "data", [b"", b"hallo", b"\xff\xfe\x00", b"[1,2", b"\x89PNG\r\n", b'{"features":[{"a":\xff}]}']
)
def test_what_is_no_json_is_refused(data):
    assert "GeoJSON" in sentences(refused(io.BytesIO(data)))[-1]


@pytest.mark.parametrize("data", [b"{}", b"[]", b'{"features": []}', b'{"features": 5}', b"null"])
def test_a_file_without_areas_is_refused(data):
    assert "geen buurten of wijken" in sentences(refused(io.BytesIO(data)))[-1]


def test_rijksdriehoek_metres_are_named():
    metres = {
        "type": "Polygon",
        "coordinates": [[[160000, 400000], [160100, 400000], [160100, 400100], [160000, 400000]]],
    }
    report = refused(collection(buurt(), buurt("BU19480226", geometry=metres)))
    assert "Rijksdriehoek" in sentences(report)[-1]
    assert (report.faults[-1].row, report.faults[-1].field) == (2, "geometry")


def test_swapped_coordinates_are_named():
    assert "verwisseld" in sentences(refused(collection(buurt(geometry=square(51.62, 5.43)))))[-1]


def test_faulty_rows_are_left_out_and_named():
    rows = [buurt(f"BU194801{n:02}", geometry=square(5.3 + n / 50)) for n in range(10)]
    point = {"type": "Point", "coordinates": [5.4, 51.6]}
    rows += [
        buurt("BU19480100"),
        buurt("BU1948"),
        buurt("BU19480230", geometry=point),
        buurt("BU19480231", geometry=square(40.0)),
        {"type": "Feature", "properties": None, "geometry": square()},
        "geen gebied",
        {**buurt("BU19480232"), "geometry": None},
    ]
    report = load(collection(*rows))
    assert (report.added, report.skipped) == (10, 7)
    assert [(f.row, f.field) for f in report.faults] == [
        (11, "code"), (12, "code"), (13, "geometry"), (14, "geometry"),
        (15, "properties"), (16, "properties"), (17, "geometry"),
    ]  # fmt: skip
    assert "staat dubbel" in sentences(report)[0]
    assert "niet in Nederland" in sentences(report)[3]


def test_mostly_faulty_is_refused():
    report = refused(collection(buurt(), *(buurt("BU1") for _ in range(6))))
    assert "Meer dan de helft" in sentences(report)[-1]


def test_the_list_of_faults_ends_at_200_and_the_rest_is_counted():
    good = [buurt(f"BU1948{n:04}") for n in range(300)]
    report = load(collection(*good, *good[:250]))
    assert (len(report.faults), report.more_faults, report.skipped) == (200, 50, 250)


def test_big_waters_without_people_are_passed_over():
    report = load(collection(buurt(), buurt("BU19489999", "", water="JA")))
    assert (report.added, report.skipped, report.faults) == (1, 1, ())


def test_a_file_that_is_too_big_is_refused(monkeypatch):
    monkeypatch.setattr("omzien.areas.actions.outlines.MOST_GEOJSON", 100_000)
    many = collection(*(buurt(f"BU1948{n:04}") for n in range(900)))
    assert "groter dan" in sentences(refused(many))[-1]


def test_a_zip_bomb_is_refused_before_it_unfolds(monkeypatch):
    monkeypatch.setattr("omzien.areas.actions.outlines.MOST_GEOJSON", 1_000_000)
    bomb = gzip.compress(b'{"features": [' + b" " * 50_000_000 + b"]}")
    assert len(bomb) < 100_000
    assert "groter dan 1 MB" in sentences(refused(io.BytesIO(bomb)))[-1]


def test_a_damaged_packed_file_is_refused():
    packed = gzip.compress(collection(*(buurt(f"BU1948{n:04}") for n in range(200))).getvalue())
    assert "beschadigd" in sentences(refused(io.BytesIO(packed[:-20])))[-1]
    assert zlib.crc32(packed)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "kan niet worden gelezen" in sentences(refused(tmp_path / "weg.geojson"))[-1]
    assert "kan niet worden gelezen" in sentences(refused(tmp_path))[-1]


def test_control_characters_html_and_sql_in_a_name_are_only_text():
    name = "<b>x</b>'; DROP TABLE areas_buurt;--\x00\u202e" + "é" * 300
    load(collection(buurt(name=name)))
    kept = Buurt.objects.get().name
    assert kept.startswith("<b>x</b>'; DROP TABLE") and "\x00" not in kept and len(kept) == 120


def test_nesting_without_end_is_refused_not_raised():
    deep = "[" * 50_000 + "]" * 50_000
    area = '{"properties": {"buurtcode": "BU19480225"}, "geometry": {"coordinates": %s}}'
    report = refused(io.BytesIO((f'{{"features": [{area % deep}]}}').encode()))
    assert "beschadigd" in sentences(report)[-1]


_anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-(10**20), 10**20) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_numbers = st.lists(st.floats(-1e6, 1e6) | st.sampled_from([5.4, 51.6, 5.5, 51.7]), max_size=3)
_geometries = _anything | st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Polygon", "MultiPolygon", "GeometryCollection", "Point", "x"]),
        "coordinates": _anything
        | st.lists(st.lists(_numbers, max_size=6), max_size=3)
        | st.lists(st.lists(st.lists(_numbers, max_size=6), max_size=3), max_size=3),
    }
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(_geometries, _anything)
def test_no_geometry_or_property_raises_anything_but_a_refusal(db, geometry, value):
    feature = buurt(name="x")
    feature["geometry"] = geometry
    feature["properties"]["buurtnaam"] = value
    try:
        load(io.BytesIO(json.dumps({"features": [feature, value]}).encode()), dry_run=True)
    except ImportRefused as refusal:
        assert refusal.report.faults


def test_the_limits_are_above_the_official_files():
    assert reading.MOST_GEOJSON >= 500_000_000
