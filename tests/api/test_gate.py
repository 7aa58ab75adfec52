"""The door: methods, limits, cache headers, other sites, and requests that cannot be read."""

import pytest
from django.test import Client

from omzien.api import gate
from omzien.directory.actions import change
from omzien.journal.isolation import working_for
from tests.api.conftest import HOST

pytestmark = pytest.mark.django_db
SERVICES = "/hsds/v3/services"
PROBLEM = "application/problem+json"


PATHS = ["/hsds/v3", SERVICES, "/uk/v3", "/uk/v3/services", "/uk/v3/taxonomies", "/api/v1/areas"]


def test_other_sites_may_read(client):
    for path in PATHS:
        answer = client.get(path)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cache-Control"] == "public, max-age=60"
        assert answer["API-Version"]
        before = client.options(path)
        assert before.status_code == 204 and before["Access-Control-Allow-Origin"] == "*"
        assert "GET" in before["Allow"]
        assert client.head(path).status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_nothing_can_be_written(client, method):
    for path in PATHS:
        answer = getattr(client, method)(path)
        assert answer.status_code == 405 and answer["Content-Type"] == PROBLEM
        assert answer["Allow"] and answer["Access-Control-Allow-Origin"] == "*"


def test_nothing_is_posted_to_one_thing(client, directory):
    assert client.post(f"{SERVICES}/{directory.entries[0].pk}").status_code == 405


def test_what_is_known_is_not_built_again(client, monkeypatch):
    tag = client.get(SERVICES)["ETag"]
    assert tag.startswith('W/"')
    monkeypatch.setattr("omzien.api.hsds.views.page_of", None)
    again = client.get(SERVICES, headers={"If-None-Match": f'"other", {tag}'})
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == tag


def test_a_changed_entry_another_page_and_another_municipality_have_other_tags(client, directory):
    tag = client.get(SERVICES)["ETag"]
    assert client.get(f"{SERVICES}?page=2")["ETag"] != tag
    assert Client(HTTP_HOST="maashorst.localhost").get(SERVICES)["ETag"] != tag
    with working_for("GM1948"):
        change(service=directory.entries[0], changes={"title": "Nieuw"}, by="test")
    changed = client.get(SERVICES, headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed["ETag"] != tag


def test_a_refusal_is_not_kept(client):
    answer = client.get(f"{SERVICES}?page=0")
    assert answer["Cache-Control"] == "no-store" and "ETag" not in answer


def test_who_asks_very_much_must_wait(client, monkeypatch):
    monkeypatch.setattr(gate, "PER_HOUR", 2)
    assert [client.get(SERVICES).status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get("/api/v1/areas")
    assert answer.status_code == 429 and answer["Content-Type"] == PROBLEM
    assert 0 < int(answer["Retry-After"]) <= 3600


def test_the_door_needs_no_cookie_and_gives_none(directory):
    strict = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    answer = strict.post(SERVICES, {"search": "koffie"}, content_type="application/json")
    assert answer.status_code == 200 and not answer.cookies


BAD = {
    "page": ["0", "-1", "1e9", "1.5", "٣", "9" * 30, "x", "1 "],
    "per_page": ["0", "-5", "501", "100000", "alle"],
    "perPage": ["0", "100000"],
    "format": ["xml", "csv"],
    "taxonomy_term_id": ["1", "urn:uuid:" + "0" * 32, "' OR 1=1 --", "\x00", "é"],
    "taxonomy_id": ["zz"],
    "organization_id": ["zz", "{7d1f}"],
    "modified_after": [
        "gisteren",
        "2026-13-01",
        "2026-11-25T25:00",
        "0",
        "0001-01-01T00:00:00+14:00",
    ],
    "minimal": ["ja", "2"],
    "full": ["\x00", "yes"],
    "search": ["x" * 501, "a\x00b"],
    "postcode": ["0123", "548", "5481 ABC", "54 81", "9999"],
    "minimum_age": ["-1", "NaN", "inf", "1e3", "151", "oud"],
    "maximum_age": ["1_0"],
    "start_time": ["25:00", "9:00", "9", "24:00"],
    "end_time": ["12:60"],
    "day": ["XX", "Doensdag", "9"],
    "proximity": ["100"],
}


def test_a_value_that_cannot_be_read_is_named(client):
    path = "/uk/v3/services"
    for name, value in ((n, v) for n, values in BAD.items() for v in values):
        posted = client.post(path, {name: value}, content_type="application/json")
        for answer in (client.get(path, {name: value}), posted):
            assert answer.status_code == 400, (name, value)
            assert answer["Content-Type"] == PROBLEM
            problem = answer.json()
            assert problem["parameter"] == name and problem["status"] == 400
            assert problem["detail"].startswith(f"{name}: ")


def test_a_distance_that_cannot_be_read_is_named(client):
    for value in ("-1", "ver", "400001", "1e3", "NaN"):
        answer = client.get(SERVICES, {"postcode": "5481", "proximity": value})
        assert answer.status_code == 400 and answer.json()["parameter"] == "proximity"


BODIES = [
    (b"{", 400),
    (b"[]", 400),
    (b"1", 400),
    (b"\xff\xfe", 400),
    (b'{"search": "\\ud800"}', 400),
    (b'{"\\ud800": 1}', 400),
    (b'{"search": {"a": 1}}', 400),
    (b'{"search": [["a"]]}', 400),
    (b'{"page": ' + b"9" * 5000 + b"}", 400),
    (b'{"page": 1e999}', 400),
    (b'{"search": null, "page": true}', 400),
    (b"[" * 100_000, 400),
    (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400),
    (b'{"search": "' + b"x" * 5_000_000 + b'"}', 413),
    (b'{"search": "koffie", "unknown": {"a": []}}', 200),
]


def test_a_body_that_cannot_be_read_breaks_nothing(client):
    for body, status in BODIES:
        answer = client.post(SERVICES, body, content_type="application/json")
        assert answer.status_code == status, body[:50]
        assert answer["Content-Type"] == (PROBLEM if status != 200 else "application/json")


def test_no_such_body_breaks_the_other_addresses(client):
    for path in ("/uk/v3/taxonomies", "/api/v1/answer", "/api/v1/feedback"):
        for body, status in BODIES:
            answer = client.post(path, body, content_type="application/json")
            assert answer.status_code in (200, 400, 413), (path, body[:50])
            assert (answer.status_code == 413) == (status == 413)
            assert answer.status_code == 200 or answer["Content-Type"] == PROBLEM


def test_a_body_without_a_length_is_not_taken_for_no_body(client):
    answer = client.post(
        SERVICES, b"", content_type="application/json", HTTP_TRANSFER_ENCODING="chunked",
        CONTENT_LENGTH="",
    )  # fmt: skip
    assert answer.status_code == 411 and answer["Content-Type"] == PROBLEM


def test_a_body_must_be_json(client):
    answer = client.post(SERVICES, {"search": "koffie"})
    assert answer.status_code == 415 and answer["Content-Type"] == PROBLEM


NOWHERE = [
    "/hsds/v3/nergens",
    "/hsds/v3/services/",
    "/hsds/v3/services/x",
    "/hsds/v3/services/%00",
    "/hsds/v3/services/%ff%fe",
    "/hsds/v3/services/00000000-0000-0000-0000-000000000000",
    "/hsds/v3/taxonomies/00000000-0000-0000-0000-000000000000",
    "/uk/v3/organizations",
    "/uk/v3/services/a/b",
    "/api/v1",
    "/api/v1/",
    "/api/v1/areas/",
    "/api/v1/areas/atlantis",
    "/api/v1/areas/%00",
]


def test_an_address_that_leads_nowhere_says_so_in_json(client):
    for path in NOWHERE:
        answer = client.get(path)
        assert answer.status_code == 404 and answer["Content-Type"] == PROBLEM, path


ODD = [
    "search=%ff%fe",
    "search=');DROP TABLE directory_service;--",
    "search=%25%25%25",
    "search=" + "a+" * 200,
    "search=😀",
    "modified_after=0001-01-01T00:00:00Z",
    "modified_after=7493-01-30T19:41:51%2B22:57",
    "&".join(f"x{n}=1" for n in range(400)),
]


def test_odd_but_readable_requests_get_an_answer(client):
    for query in ODD:
        for name in ("services", "organizations", "service_at_locations", "taxonomy_terms"):
            assert client.get(f"/hsds/v3/{name}?{query}").status_code == 200, query


def test_too_many_parameters_are_refused_as_a_problem(client):
    query = "&".join(f"x{n}=1" for n in range(2000))
    answer = client.get(f"{SERVICES}?{query}")
    assert answer.status_code == 400 and answer["Content-Type"] == PROBLEM
