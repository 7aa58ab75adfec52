import pytest
from django.db import transaction

from omzien.areas import queries
from omzien.areas.actions import load_shipped
from omzien.areas.models import Municipality, Village
from omzien.areas.queries import Resolved, Unresolved, resolve

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker):
    """All that is shipped, once for this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_shipped(by="system")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def meierijstad(shipped, db):
    return Municipality.objects.get(code="GM1948")


@pytest.fixture
def maashorst(meierijstad):
    return Municipality.objects.get(code="GM1991")


def seen(text, municipality):
    """Return (label, village, elsewhere) of each text, or the near names."""
    found = resolve(text, municipality)
    if isinstance(found, Unresolved):
        return found.near
    return found.label, found.village.name if found.village else None, found.elsewhere


def test_a_resident_finds_the_village_however_it_is_written(meierijstad):
    for text, village in {
        "Schijndel": "Schijndel", "schijndle": "Schijndel", "SCHYNDEL": "Schijndel",
        "Skendel": "Schijndel", "in Schijndel": "Schijndel", "Rooi": "Sint-Oedenrode",
        "St. Oedenrode": "Sint-Oedenrode", "sint oedenrode": "Sint-Oedenrode",
        "Sint Odenroden": "Sint-Oedenrode", "Vechel": "Veghel", "veghol": "Veghel",
        "Erp": "Erp", "Keldonl": "Keldonk", "boerdonck": "Boerdonk", "Zijtart": "Zijtaart",
        "mariaheiden": "Mariaheide", "Maria-Heide": "Mariaheide", "wybosch": "Wijbosch",
        "'t Wijbosch": "Wijbosch", "Kerkstraat 3 in Veghel": "Veghel",
        "Wijk 02 Schijndel": "Schijndel", "  Olland\t": "Olland",
    }.items():  # fmt: skip
        assert seen(text, meierijstad) == (village, village, ""), text


def test_every_name_and_old_name_in_the_file_is_found_from_both_sides(maashorst, meierijstad):
    for village in Village.objects.all():
        for name in (village.name, *village.also_called):
            if name == "Landerd":
                continue
            for municipality in (maashorst, meierijstad):
                found = resolve(name, municipality)
                assert isinstance(found, Resolved) and found.village.id == village.id, name
                at_home = village.municipality_id == municipality.code
                assert bool(found.elsewhere) is not at_home


def test_a_postcode_is_its_village(meierijstad):
    for text in ("5482", "5482ab", "5482 AB", "Steeg 1, 5482 AB Schijndel", " 5482 "):
        found = resolve(text, meierijstad)
        assert (found.label, found.village.name, found.postcode) == (
            "5482 Schijndel",
            "Schijndel",
            "5482",
        )
    assert resolve("5480", meierijstad).village.name == "Schijndel"  # post boxes only
    assert resolve("5466", meierijstad).village.name == "Eerde"


def test_a_postcode_elsewhere_says_where(meierijstad):
    assert seen("5411 AA", meierijstad) == ("5411 Zeeland", "Zeeland", "Maashorst")
    assert seen("3701", meierijstad) == ("3701 Zeist", None, "Zeist")
    assert seen("9712", meierijstad) == ("9712 Groningen", None, "Groningen")


def test_a_postcode_that_does_not_exist_offers_near_ones(meierijstad):
    found = resolve("5489 XX", meierijstad)
    assert isinstance(found, Unresolved)
    assert set(found.near) <= {"5480", "5481", "5482"} and found.near


def test_a_point_is_its_village_and_buurt(meierijstad):
    for text in ("51.62,5.43", "51.62, 5.43", "51,62;5,43", "51,62 5,43"):
        found = resolve(text, meierijstad)
        assert (found.village.name, found.buurt_code) == ("Schijndel", "BU19480228")


def test_a_point_elsewhere_says_where(meierijstad):
    assert seen("51.66,5.616", meierijstad) == ("Uden", "Uden", "Maashorst")
    assert seen("52.09,5.24", meierijstad) == ("Zeist", None, "Zeist")
    assert seen("51.44,5.47", meierijstad) == ("Eindhoven", None, "Eindhoven")


@pytest.mark.parametrize("text", ["50.0,9.0", "0.0,0.0", "5.43,51.62", "999.9,999.9", "54.5,4.0"])
def test_a_point_in_no_place_is_not_understood(meierijstad, text):
    assert resolve(text, meierijstad) == Unresolved()


def test_larger_and_smaller_places_resolve(meierijstad):
    assert seen("Meierijstad", meierijstad) == ("Meierijstad", None, "")
    assert seen("gemeente Meierijstad", meierijstad) == ("Meierijstad", None, "")
    found = resolve("de beemd 1", meierijstad)
    assert (found.label, found.buurt_code) == ("De Beemd 1 (Schijndel)", "BU19480210")
    zeist = Municipality.objects.get(code="GM0355")
    assert resolve("Zeist-Noord", zeist).wijk_code == "WK035502"


def test_places_of_another_municipality_say_which(meierijstad, maashorst):
    assert seen("Uden", meierijstad) == ("Uden", "Uden", "Maashorst")
    assert seen("Schijndel", maashorst) == ("Schijndel", "Schijndel", "Meierijstad")
    assert seen("Den Bosch", meierijstad) == ("'s-Hertogenbosch", None, "'s-Hertogenbosch")
    assert seen("eindhofen", meierijstad) == ("Eindhoven", None, "Eindhoven")
    assert seen("Zeeland", maashorst) == ("Zeeland", "Zeeland", "")


def test_an_ambiguous_name_asks_which(meierijstad, maashorst):
    for municipality in (meierijstad, maashorst):
        assert seen("Landerd", municipality) == ("Reek", "Schaijk", "Zeeland")
    assert seen("Plein", meierijstad) == (
        "Plein 1 (Schijndel)",
        "Plein 2 (Schijndel)",
        "Plein 3 (Schijndel)",
    )


def test_what_is_not_understood_offers_near_names(meierijstad):
    assert "Boskant" in seen("Boskantstraatje", meierijstad)
    assert seen("Week", meierijstad)[0] == "Reek"


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00\x01", "😀", "x" * 5_000_000, "5481 " * 100_000, "\u202e\u202d",
     "'; DROP TABLE--", "<script>", "%s%s", "1234567", "-",
     "999999999999999999999.1,1.1", "١٢٣٤ AB"],
)  # fmt: skip
def test_rubbish_is_not_understood_and_never_raises(meierijstad, text):
    assert isinstance(resolve(text, meierijstad), Unresolved)


def test_the_number_of_queries_is_pinned(meierijstad, django_assert_num_queries):
    queries.forget()
    with django_assert_num_queries(4):
        resolve("Schijndel", meierijstad)
    with django_assert_num_queries(1):
        resolve("5481 AB", meierijstad)
    with django_assert_num_queries(1):
        resolve("51.62,5.43", meierijstad)
    with django_assert_num_queries(2):  # all villages, the names of municipalities
        resolve("Uden", meierijstad)
    with django_assert_num_queries(0):
        for text in ("Schijndel", "schijndle", "5481 AB", "51.62,5.43", "Uden", "rubbish", "x y z"):
            resolve(text, meierijstad)
