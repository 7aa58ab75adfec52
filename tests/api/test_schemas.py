"""What we give against schemas that others wrote, with their bad examples as control."""

import pytest

from tests.api import oracle

pytestmark = pytest.mark.django_db
UK = "HSDS-UK-3.0"
LISTS = ["services", "service_at_locations", "taxonomies", "taxonomy_terms"]
HSDS_31 = {  # resource: (schema of a thing in a list, schema of one thing)
    "services": ("compiled/service_list.json", "compiled/service.json"),
    "organizations": ("compiled/organization_list.json", "compiled/organization.json"),
    "service_at_locations": (
        "compiled/service_at_location_list.json",
        "compiled/service_at_location.json",
    ),
    "taxonomies": ("taxonomy.json", "taxonomy.json"),
    "taxonomy_terms": ("taxonomy_term.json", "taxonomy_term.json"),
}


@pytest.fixture
def validator(shared_hsds):
    return shared_hsds / "oruk-validator"


def feed_of(client, start):
    def feed(path):
        answer = client.get(start + path)
        assert answer.status_code == 200, (path, answer.content[:300])
        return answer.json()

    return feed


def test_the_good_mock_passes_and_the_failing_one_fails(validator):
    assert oracle.check_plan(oracle.mock(validator, "Default"), validator, UK) == []
    failing = oracle.check_plan(oracle.mock(validator, "Fail"), validator, UK)
    assert len(failing) >= 11
    assert any(e.startswith("error") for e in failing)


def test_the_page_rules_catch_the_mock_that_miscounts(validator):
    assert oracle.page_errors(oracle.mock(validator, "Default")("/services")) == []
    assert oracle.page_errors(oracle.mock(validator, "Test")("/services")) != []


def test_the_uk_profile_passes_both_levels_of_its_validator(client, validator):
    assert oracle.check_plan(feed_of(client, "/uk/v3"), validator, UK) == []


def test_hsds_passes_the_plan_of_3_0_too(client, validator):
    assert oracle.check_plan(feed_of(client, "/hsds/v3"), validator, "HSDS-3.0") == []


@pytest.mark.parametrize("start", ["/hsds/v3", "/uk/v3"])
@pytest.mark.parametrize("name", LISTS)
def test_the_pages_of_every_list_add_up(client, start, name):
    assert oracle.paging_errors(feed_of(client, start), f"/{name}") == []


def test_the_pages_of_organizations_add_up(client):
    assert oracle.paging_errors(feed_of(client, "/hsds/v3"), "/organizations") == []


@pytest.mark.parametrize("start", ["/uk/v3"])
@pytest.mark.parametrize("name", ["services", "service_at_locations"])
def test_every_single_thing_of_the_uk_profile_is_right(client, validator, start, name):
    feed = feed_of(client, start)
    schema = validator / "Schemas/V3.0-UK" / f"{name.removesuffix('s')}.json"
    things = feed(f"/{name}?per_page=500")["contents"]
    assert len(things) >= 30
    assert [e for t in things for e in oracle.errors(feed(f"/{name}/{t['id']}"), schema)] == []
    full = feed(f"/{name}?per_page=500&full=true")["contents"]
    assert [e for t in full for e in oracle.errors(t, schema)] == []


@pytest.mark.parametrize("name", HSDS_31)
def test_every_thing_is_right_after_hsds_3_1(client, shared_hsds, name):
    in_list, single = (shared_hsds / "hsds-3.1/schema" / path for path in HSDS_31[name])
    feed = feed_of(client, "/hsds/v3")
    things = feed(f"/{name}?per_page=500")["contents"]
    assert things
    assert [e for thing in things for e in oracle.errors(thing, in_list)] == []
    one = [feed(f"/{name}/{thing['id']}") for thing in things]
    assert [e for thing in one for e in oracle.errors(thing, single)] == []


@pytest.mark.parametrize("name", ["services", "organizations", "service_at_locations"])
def test_a_list_holds_one_to_one_fields_only_and_full_holds_all(client, name):
    feed = feed_of(client, "/hsds/v3")
    for thing in feed(f"/{name}?per_page=500")["contents"]:
        inside = [thing, *(v for v in thing.values() if isinstance(v, dict))]
        assert not any(isinstance(v, list) for t in inside for v in t.values()), thing
    full = feed(f"/{name}?per_page=500&full=true")["contents"]
    assert full == [feed(f"/{name}/{thing['id']}") for thing in full]


def test_the_root_names_the_version_that_the_validator_looks_for(client):
    assert client.get("/uk/v3").json()["version"] == "HSDS-UK-3.0"
    assert client.get("/hsds/v3/").json()["version"] == "3.1"
    address = client.get("/hsds/v3").json()["openapi_url"]
    assert address == "http://meierijstad.localhost/hsds/v3/openapi.json"
    assert client.get("/hsds/v3/openapi.json").json()["openapi"] == "3.1.0"
