"""Real input: Baltimore CHARMCARE through its mapping file, and out again as valid HSDS."""

import json
import os
from pathlib import Path

import jsonschema
import pytest

from omzien.directory.actions.importing import import_file
from omzien.directory.exporting.export import export
from omzien.directory.importing import mapping
from omzien.directory.importing.rows import Wrong
from omzien.directory.models import Place, Provider, Service
from omzien.journal.isolation import working_for

pytestmark = pytest.mark.django_db
SHARED = Path(os.environ.get("OMZIEN_SHARED", "/nowhere")) / "data" / "hsds"
CHARMCARE = SHARED / "baltimore-charmcare"
needs_shared = pytest.mark.skipif(
    not CHARMCARE.exists(), reason="OMZIEN_SHARED is not set: CHARMCARE is NOT tested"
)


def bring(world, path, name="charmcare", dry_run=False):
    return import_file(
        municipality=world.meierijstad, path=path, mapping=Path(name), by="system", dry_run=dry_run
    )


@needs_shared
def test_charmcare_comes_in_and_goes_out_as_valid_hsds(world, tmp_path):
    report = bring(world, CHARMCARE)
    assert [str(f) for f in report.faults] == []
    assert report.new == 1876
    with working_for("GM1948"):
        assert (
            Provider.objects.filter(external_id__startswith="charmcare:").count() == 710
        )  # of 748: those that offer something
        assert Place.objects.filter(postcode__startswith="21").exists()
    schema = json.loads((SHARED / "hsds-3.1" / "schema" / "compiled" / "service.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    out = tmp_path / "uit.ndjson"
    assert export(municipality=world.meierijstad, form="ndjson", out=out) == 1876 + 2
    faults = [
        (line[:60], error.json_path, error.message[:200])
        for line in out.read_text().splitlines()
        for error in validator.iter_errors(json.loads(line))
    ]
    assert faults == []
    again = bring(world, CHARMCARE)
    assert (again.same, again.new, again.changed, again.missing) == (1876, 0, 0, 0)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "aanbod.csv").write_text(
        "nr,naam,wat,wie,soort,tel\n1,Eettafel,Samen eten,De Linde,eten,0413-555 120\n"
    )
    (tmp_path / "map.toml").write_text(
        'name = "linde"\n[entries]\nfile = "aanbod.csv"\n[service]\nid = "nr"\nname = "naam"\n'
        'description = "wat"\n[organization]\nname = "wie"\n[phone]\nnumber = "tel"\n'
        '[topics]\nname = "soort"\n[topics.codes]\neten = ["eating"]\n'
    )
    return tmp_path


def test_a_table_of_ones_own_comes_in_through_a_small_mapping(world, folder):
    for path in (folder / "a", folder / "a" / "aanbod.csv"):
        report = bring(world, path, name=folder / "map.toml")
        assert report.faults == ()
    with working_for("GM1948"):
        entry = Service.objects.get(external_id="linde:1")
        assert (entry.title, entry.topics) == ("Eettafel", ["eating"])
        assert entry.phones.get().number == "0413-555 120"


@pytest.mark.parametrize(
    "old,new,words",
    [
        ('name = "linde"', 'nam = "linde"', "Bedoel je name?"),
        ('name = "naam"', 'name = "name"', 'De kolom "name" is er niet. Bedoel je'),
        ('"eating"', '"eten"', 'Onderwerp "eten" in de mapping'),
        ("[service]", "[service", "geen geldige TOML"),
        ('file = "aanbod.csv"', 'file = "x.csv"', "x.csv ontbreekt"),
        ("[entries]", '[[join]]\nname="x"\nfile="../map.toml"\nfrom="nr"\n[entries]', "ontbreekt"),
    ],
)  # fmt: skip
def test_a_faulty_mapping_is_told(world, folder, old, new, words):
    path = folder / "map.toml"
    path.write_text(path.read_text().replace(old, new))
    report = bring(world, folder / "a", name=path)
    assert report.refused and words in "\n".join(map(str, report.faults))


def test_a_mapping_that_is_not_there(world, folder):
    assert "is er niet" in str(bring(world, folder / "a", name="nergens").faults[0])
    with pytest.raises(Wrong):
        mapping.load(Path("nergens"))
