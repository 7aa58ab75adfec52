import pytest

from omzien.areas.actions import ImportRefused, import_postcodes
from omzien.areas.models import Postcode
from tests.areas.conftest import csv_file, sentences

pytestmark = pytest.mark.django_db

CENTRES = [
    "id,postcode,woonplaats,latitude,longitude,soort",
    '1,5480,"Schijndel",51.6190,5.4350,"Postbus"',
    '2,5481,"Schijndel",51.6162,5.4211,"Adres"',
]
BUURTEN = ["postcode,buurtcode", "5481,BU19480225", "5481,BU19480226", "5481,BU19480225"]


def load(centres=CENTRES, buurten=BUURTEN, **more):
    return import_postcodes(
        source=csv_file(*centres), buurten=csv_file(*buurten), by="system", **more
    )


def test_postcodes_come_in_with_their_buurten_and_a_second_run_changes_nothing():
    assert load().added == 2
    assert Postcode.objects.get(pc4="5481").buurt_codes == ["BU19480225", "BU19480226"]
    assert Postcode.objects.get(pc4="5480").buurt_codes == []
    assert load().unchanged == 2


def test_a_dry_run_writes_nothing():
    assert load(dry_run=True).added == 2
    assert not Postcode.objects.exists()


def test_faulty_rows_are_left_out_and_named():
    report = load(
        [
            *CENTRES,
            *(f"9,{n},Veghel,51.6,5.5,x" for n in range(5461, 5468)),
            "3,548,Kort,51,5,x",
            "4,5482,Zee,10.0,5.4,x",
            "5,5481,Dubbel,51,5,x",
        ],
        [*BUURTEN, "54,BU19480225", "5481,WK194802", "9999,BU19480225"],
    )
    assert report.added == 9
    assert [fault.row for fault in report.faults] == [5, 6, 11, 12, 13, 7]
    assert "geen middelpunt" in sentences(report)[-1]


def test_a_file_without_the_columns_is_refused():
    with pytest.raises(ImportRefused) as caught:
        load(["a,b", "1,2"])
    assert caught.value.report.faults[-1].field == "postcode"
    assert not Postcode.objects.exists()
