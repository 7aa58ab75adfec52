"""HSDS in and out: examples of the standard, round trips, half files, any JSON at all."""

import json
import os
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omzien.directory.actions.importing import import_file
from omzien.directory.exporting.export import export
from omzien.directory.hsds.write import service_out
from omzien.directory.models import Place, Schedule, Service, ServicePlace
from omzien.journal.isolation import working_for

pytestmark = pytest.mark.django_db
HSDS = Path(os.environ.get("OMZIEN_SHARED", "/nowhere")) / "data" / "hsds" / "hsds-3.1"
needs_shared = pytest.mark.skipif(
    not HSDS.exists(), reason="OMZIEN_SHARED is not set: the HSDS examples are not checked"
)

SERVICE = {
    "id": "9c2a2f0e-6f0b-4a65-8a3e-0a2f2f6f2f01",
    "name": "Koffie in de buurt",
    "description": "Elke woensdag koffie.",
    "status": "active",
    "alternate_name": "De Koffiepot",
    "organization": {
        "id": "9c2a2f0e-6f0b-4a65-8a3e-0a2f2f6f2f02",
        "name": "Stichting De Linde",
        "description": "Wij zijn er.",
    },
    "contacts": [{"id": "9c2a2f0e-6f0b-4a65-8a3e-0a2f2f6f2f03", "name": "Jan Jansen"}],
    "phones": [{"id": "9c2a2f0e-6f0b-4a65-8a3e-0a2f2f6f2f04", "number": "0413-555 120",
                "type": "voice"}],
    "schedules": [{"id": "9c2a2f0e-6f0b-4a65-8a3e-0a2f2f6f2f05", "freq": "WEEKLY", "byday": "WE",
                   "dtstart": "2026-01-07", "opens_at": "10:00", "closes_at": "12:00"}],
}  # fmt: skip


@pytest.fixture
def bring(world, tmp_path):
    def run(data, name="aanbod.json", dry_run=False, municipality=None):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        return import_file(
            municipality=municipality or world.meierijstad, path=path, by="system", dry_run=dry_run
        )

    return run


def out(with_persons=False, **lookup):
    with working_for("GM1948"):
        service = Service.objects.with_hsds().get(**lookup)
        return service_out(service, with_persons=with_persons)


def said(report):
    return "\n".join(map(str, report.faults))


def test_a_service_comes_in_and_what_we_have_no_column_for_goes_out_again(bring):
    assert bring(SERVICE).new == 1
    found = out(title="Koffie in de buurt")
    assert found["alternate_name"] == "De Koffiepot"
    assert found["phones"][0]["type"] == "voice"
    with working_for("GM1948"):
        service = Service.objects.get(title="Koffie in de buurt")
        assert service.schedules.get().rule == "FREQ=WEEKLY;BYDAY=WE"
        assert service.provider.kind == "foundation"


def test_names_of_contact_persons_stay_behind_unless_asked_for(bring):
    bring(SERVICE)
    assert "Jan Jansen" not in json.dumps(out(title="Koffie in de buurt"))
    assert "Jan Jansen" in json.dumps(out(with_persons=True, title="Koffie in de buurt"))


def test_an_editor_wins_from_what_was_kept(bring):
    bring(SERVICE)
    with working_for("GM1948"):
        Service.objects.get(title="Koffie in de buurt").phones.update(number="0413-555 999")
    assert out(title="Koffie in de buurt")["phones"] == [
        {
            "id": out(title="Koffie in de buurt")["phones"][0]["id"],
            "service_id": out(title="Koffie in de buurt")["id"],
            "number": "0413-555 999",
        }
    ]


def test_what_was_kept_of_a_place_that_is_hidden_now_does_not_go_out(bring):
    address = {"address_1": "Geheimlaan 1", "city": "Veghel"}
    place = {"location": {"name": "Huis", "alternate_name": "Hof", "addresses": [address]}}
    bring(SERVICE | {"service_at_locations": [place]})
    assert "Geheimlaan" in json.dumps(out(title="Koffie in de buurt"))
    with working_for("GM1948"):
        Place.objects.filter(street="Geheimlaan 1").update(is_hidden=True)
    assert "Geheimlaan" not in json.dumps(out(title="Koffie in de buurt"))


@pytest.mark.parametrize(
    "data,name",
    [
        (SERVICE, "een.json"),
        ([SERVICE], "lijst.json"),
        ({"total_items": 1, "contents": [SERVICE]}, "pagina.json"),
        (json.dumps(SERVICE).encode() + b"\n\n", "regels.ndjson"),
        (f"{json.dumps(SERVICE)}\n{json.dumps(SERVICE | {'id': '2'})}".encode(), "regels.json"),
        ({**SERVICE["organization"], "services": [{k: v for k, v in SERVICE.items()
                                                   if k != "organization"}]}, "organisatie.json"),
        ({"id": "x", "location": {"name": "Huis"}, "service": SERVICE}, "op-een-plek.json"),
        ("\ufeff".encode() + json.dumps(SERVICE).encode(), "bom.json"),
    ],
)  # fmt: skip
def test_every_shape_comes_in(bring, data, name):
    report = bring(data, name=name)
    assert said(report) == "" and report.new >= 1


def test_a_faulty_value_stays_out_is_told_and_is_not_lost(bring):
    report = bring(SERVICE | {"email": "bel maar", "minimum_age": "vanaf 12"})
    assert not report.refused
    assert {note.field for note in report.notes} == {"e-mail", "leeftijd van"}
    with working_for("GM1948"):
        kept = Service.objects.get(title="Koffie in de buurt")
        assert (kept.email, kept.age_min) == ("", None)
        assert kept.extra["left_out"] == {"email": "bel maar", "age_min": "vanaf 12"}
    assert out(title="Koffie in de buurt")["email"] == "bel maar"


def test_a_service_without_provider_or_name_is_refused(bring):
    report = bring([{"id": "1", "status": "active"}])
    assert "regel 1, titel: Dit veld is leeg" in said(report)
    assert "regel 1, aanbieder: Dit veld is leeg" in said(report)


def test_half_a_file_is_refused_whole(bring):
    whole = json.dumps([SERVICE, SERVICE | {"id": "2", "name": "Twee"}]).encode()
    for end in range(1, len(whole) - 1, 97):
        report = bring(whole[:end])
        assert report.refused and said(report), end
    with working_for("GM1948"):
        assert not Service.objects.filter(title="Koffie in de buurt").exists()


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a":' * 5000,
        b"[1,2]",
        b"null",
        b'"x"',
        b"[1e999]",
        b"{}",
        b'{"status": "active", "name": "\\ud800\\u0000"}',
        b"\xff\xff",
    ],
)
def test_broken_json_is_refused_in_words(bring, data):
    report = bring(data)
    assert report.refused and all(fault.sentence for fault in report.faults)


ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = sorted(
    {*SERVICE, "service_at_locations", "languages", "capacities", "attributes", "url", "email"}
    | {"minimum_age", "fees_description", "assured_date", "omzien_slug", "omzien_village"}
    | {"omzien_audience", "service_areas", "assurer_email"}
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(KEYS), ANY, max_size=4), nested=ANY)
def test_no_json_whatever_makes_it_fall(bring, changes, nested):
    odd = {**SERVICE, "id": "odd", **changes}
    if isinstance(odd.get("phones"), list):
        odd["phones"] = [*odd["phones"], {"number": nested, "extension": nested}]
    odd["schedules"] = [{**SERVICE["schedules"][0], "byday": nested, "opens_at": nested}]
    odd.setdefault("service_at_locations", [{"location": {"name": nested, "addresses": [nested]}}])
    report = bring([odd])
    if not report.refused:
        json.dumps(out(external_id=Service_external()))


def Service_external():
    with working_for("GM1948"):
        return Service.objects.exclude(external_id="").latest("changed_at").external_id


def contains(got, wanted, path=""):
    """Return where `got` does not say what `wanted` says (ids and our own date aside)."""
    if isinstance(wanted, dict):
        if not isinstance(got, dict):
            return [f"{path}: {wanted!r} != {got!r}"]
        return [
            line
            for key, value in wanted.items()
            if not (key == "id" or key.endswith("_id") or key == "last_modified")
            for line in contains(got.get(key), value, f"{path}.{key}")
        ]
    if isinstance(wanted, list):
        return [
            f"{path}[{n}]: {min((contains(g, item) for g in got or []), key=len, default=item)}"
            for n, item in enumerate(wanted)
            if not any(contains(g, item) == [] for g in got or [])
        ]
    return [] if got == wanted else [f"{path}: {wanted!r} != {got!r}"]


@needs_shared
@pytest.mark.parametrize(
    "name", ["service_full", "organization_full", "service_at_location_full", "service_list"]
)
def test_the_examples_of_the_standard_come_out_as_they_went_in(bring, name):
    example = json.loads((HSDS / "examples" / f"{name}.json").read_text())
    report = bring(example)
    assert said(report) == "" and report.new >= 1
    with working_for("GM1948"):
        found = [
            service_out(s, with_persons=True)
            for s in Service.objects.exclude(external_id="").with_hsds()
        ]
    if "services" in example:
        wanted = [
            {**s, "organization": {k: v for k, v in example.items() if k != "services"}}
            for s in example["services"]
        ]
    elif "service" in example:
        link = {k: v for k, v in example.items() if k != "service"}
        wanted = [{**example["service"], "service_at_locations": [link]}]
    else:
        wanted = example.get("contents", [example])
    assert contains(found, wanted) == []


@needs_shared
@pytest.mark.parametrize("name", ["taxonomy", "location", "base", "taxonomy_term_list"])
def test_what_holds_no_services_is_refused(bring, name):
    report = bring((HSDS / "examples" / f"{name}.json").read_bytes())
    assert report.refused and said(report)


def bare(value):
    """Return a value without what must differ between two municipalities: ids and moments."""
    if isinstance(value, dict):
        return {
            k: bare(v)
            for k, v in value.items()
            if k not in ("id", "last_modified") and not k.endswith(("_id", "_ids"))
        }
    return [bare(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("form,name", [("ndjson", "uit.ndjson"), ("hsds-json", "uit.json")])
def test_a_round_trip_to_another_municipality_is_equal_but_for_ids(world, tmp_path, form, name):
    with working_for("GM1948"):
        for rule in ("FREQ=DAILY", "FREQ=YEARLY", "", "FREQ=MONTHLY;BYDAY=1TH"):
            Schedule.objects.create(
                municipality=world.meierijstad, service=world.geldzaken, rule=rule, note="x",
                first_on=date(2026, 1, 1), starts="22:00", ends="02:00",
                except_on=[date(2026, 2, 1)], also_on=[date(2026, 2, 2)],
            )  # fmt: skip
        Service.objects.filter(pk=world.huiskamer.pk).update(
            audience=["ouderen"], eligibility="Wie wil", keywords=["thee"], reach="villages",
            age_min=12, capacity=3, capacity_on=date(2026, 11, 1), waiting="een week",
            needs_referral=True, extra={"suggested": ["topics"]},
        )  # fmt: skip
        place = Place.objects.create(
            municipality=world.meierijstad, name="De Kersentuin", street="Kersenlaan 1",
            postcode="5481 AB", town="Schijndel", lat=51.6, lon=5.4, wheelchair=True,
        )  # fmt: skip
        ServicePlace.objects.create(
            municipality=world.meierijstad, service=world.huiskamer, place=place
        )
    first, second = tmp_path / f"1{name}", tmp_path / f"2{name}"
    assert export(municipality=world.meierijstad, form=form, out=first) == 2
    report = import_file(municipality=world.maashorst, path=first, by="system", dry_run=False)
    assert said(report) == "" and report.new == 2
    with working_for("GM1991"):
        Service.objects.filter(pk=world.udense_koffie.pk).delete()
    export(municipality=world.maashorst, form=form, out=second)

    def read(path):
        text = path.read_text()
        return bare(
            [json.loads(line) for line in text.splitlines()]
            if form == "ndjson"
            else json.loads(text)
        )

    assert read(first) == read(second)
    again = import_file(municipality=world.maashorst, path=first, by="system", dry_run=False)
    assert (again.same, again.new, again.changed) == (2, 0, 0)


def test_a_public_export_has_no_hidden_place_no_draft_and_no_owner(world, tmp_path):
    with working_for("GM1948"):
        place = Place.objects.create(
            municipality=world.meierijstad, street="Geheimlaan 1", town="Veghel", is_hidden=True
        )
        ServicePlace.objects.create(
            municipality=world.meierijstad, service=world.geldzaken, place=place
        )
        Service.objects.filter(pk=world.huiskamer.pk).update(status="draft")
    for form in ("ndjson", "hsds-json", "csv"):
        path = tmp_path / f"uit.{form}"
        assert export(municipality=world.meierijstad, form=form, out=path) == 1
        text = path.read_text()
        assert "Geheimlaan" not in text and "eigenaar@voorbeeld.example" not in text


@needs_shared
def test_what_goes_out_is_valid_hsds(world, bring, tmp_path):
    bring(json.loads((HSDS / "examples" / "service_full.json").read_text()))
    schema = json.loads((HSDS / "schema" / "compiled" / "service.json").read_text())
    export(municipality=world.meierijstad, form="ndjson", out=tmp_path / "uit.ndjson")
    lines = (tmp_path / "uit.ndjson").read_text().splitlines()
    assert len(lines) == 3
    for line in lines:
        jsonschema.validate(json.loads(line), schema)
