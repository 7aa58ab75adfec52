import json

import pytest

from omzien.areas import queries
from omzien.areas.actions import DATA, ImportRefused, load_shipped, load_villages
from omzien.areas.models import Buurt, Municipality, Postcode, Village, Wijk
from omzien.journal.isolation import SHARED, working_for
from omzien.journal.models import Fact
from tests.areas.conftest import sentences

pytestmark = pytest.mark.django_db

MEIERIJSTAD = [
    "Boerdonk", "Boskant", "Eerde", "Erp", "Keldonk", "Mariaheide", "Nijnsel", "Olland",
    "Schijndel", "Sint-Oedenrode", "Veghel", "Wijbosch", "Zijtaart",
]  # fmt: skip
MAASHORST = ["Odiliapeel", "Reek", "Schaijk", "Uden", "Volkel", "Zeeland"]


TWICE = """
[GM1948.villages.A]
buurten = ['BU19480225', 'BU19480429']
[GM1948.villages.B]
buurten = ['BU19480225']
"""


@pytest.fixture
def shipped(db):
    return load_shipped(by="system")


def test_everything_shipped_comes_in_clean_and_twice_is_once(shipped):
    assert [report.faults for report in shipped] == [()] * 6
    assert (Buurt.objects.count(), Wijk.objects.count()) == (275, 29)
    assert Postcode.objects.count() == 4699
    again = load_shipped(by="system")
    assert [(report.added, report.changed) for report in again] == [(0, 0)] * 6
    with working_for(SHARED):
        assert Fact.objects.filter(verb="imported").count() == 12


@pytest.mark.parametrize("code,names", [("GM1948", MEIERIJSTAD), ("GM1991", MAASHORST)])
def test_every_village_is_there_and_every_buurt_is_in_exactly_one(shipped, code, names):
    villages = queries.villages_of(Municipality.objects.get(code=code))
    assert [village.name for village in villages] == names
    placed = sorted(buurt for village in villages for buurt in village.buurt_codes)
    assert placed == sorted(Buurt.objects.filter(municipality=code).values_list("code", flat=True))
    assert all(village.point for village in villages)


def test_outskirts_go_with_their_village(shipped):
    buurten = dict(Buurt.objects.values_list("code", "name"))
    for village in Village.objects.all():
        names = [buurten[code] for code in village.buurt_codes]
        named = {name.replace("-", " ").split()[-1] for name in buurten.values()}
        if village.name in named:
            assert any(name.endswith(village.name) for name in names)


def test_the_sources_name_every_shipped_file():
    text = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    for path in DATA.iterdir():
        assert path.name in text or path.name == "SOURCES.md"
    assert "Copyright (c) 2014 Bob den Otter" in text and "CBS/Kadaster 2024, bewerkt" in text


def _file(tmp_path, text):
    path = tmp_path / "villages.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text,word",
    [
        ("[GM1948", "niet te lezen"),
        ("titel = 1", "gemeente"),
        ("[GM1948]\nname = 'M'", "gemeente"),
        ("[GM1948.villages.A]\nbuurten = ['BU19489999']", "bestaat niet"),
        (TWICE, "twee dorpen"),
        ("[GM1948.villages.A]\nbuurten = ['BU19480225']", "geen enkel dorp"),
    ],
)
def test_a_faulty_village_file_changes_nothing(world, tmp_path, text, word):
    before = list(Village.objects.values())
    with pytest.raises(ImportRefused) as caught:
        load_villages(by="system", path=_file(tmp_path, text))
    assert word in sentences(caught.value.report)[-1]
    assert list(Village.objects.values()) == before


def test_a_village_keeps_its_row_when_the_file_is_loaded_again(world, tmp_path):
    text = "[GM1948.villages.Schijndel]\nalso_called = ['Skendel']\n"
    text += "buurten = ['BU19480225', 'BU19480429']"
    load_villages(by="system", path=_file(tmp_path, text))
    village = Village.objects.get(slug="schijndel")
    assert (village.pk, village.also_called) == (world.schijndel.pk, ["Skendel"])


def test_a_villages_figures_add_up_with_year_and_unknowns(shipped, django_assert_num_queries):
    municipality = Municipality.objects.get(code="GM1948")
    boerdonk = queries.villages_of(municipality)[0]
    with django_assert_num_queries(1):
        figures = queries.village_page_figures(boerdonk)
    assert (figures.year, figures.buurten) == (2024, 2)
    assert figures.get("inhabitants").value == 575 + 235
    assert figures.get("aged_65_plus").value == 115 + 35
    assert figures.get("inhabitants").unknown == 0
    assert figures.get("single_households") is None


def test_the_newest_edition_with_figures_counts(shipped):
    Buurt.objects.create(
        code="BU19480101", year=2025, name="B", wijk_code="WK194801", municipality_id="GM1948"
    )
    village = next(
        v for v in queries.villages_of(Municipality.objects.get(code="GM1948")) if v.name == "Erp"
    )
    assert queries.village_page_figures(village).year == 2024


def test_a_village_without_figures_says_so(world):
    Buurt.objects.update(figures={})
    village = queries.villages_of(world.meierijstad)[0]
    assert queries.village_page_figures(village) == queries.VillageFigures(None, 1, ())


def test_the_map_has_every_buurt_with_its_village(shipped, django_assert_num_queries):
    municipality = Municipality.objects.get(code="GM1948")
    with django_assert_num_queries(2):
        drawn = json.loads(queries.outlines_geojson(municipality))
    assert len(drawn["features"]) == 93
    assert {f["properties"]["village"] for f in drawn["features"]} >= {"schijndel", "erp"}
    with django_assert_num_queries(0):
        queries.outlines_geojson(municipality)
