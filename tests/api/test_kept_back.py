"""What must never come out: drafts, what left, hidden places, other municipalities."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
LISTS = ["services", "organizations", "service_at_locations"]


@pytest.fixture
def forbidden(directory):
    """Numbers and words that may stand in no answer of Meierijstad."""
    kept = (directory.draft, directory.withdrawn, directory.left, directory.world.udense_koffie)
    return [
        "Geheimlaan",
        "Blijf",
        str(directory.hidden.pk),
        str(directory.hidden.place_id),
        *(s.title for s in kept),
        *(str(s.pk) for s in kept),
        *(str(s.provider_id) for s in kept),
        "eigenaar@voorbeeld.example",
    ]


def _has(answer, words):
    assert answer.status_code == 200
    text = answer.getvalue().decode() if answer.streaming else answer.content.decode()
    return [word for word in words if word in text]


HOW = [
    "per_page=500",
    "per_page=500&full=true",
    "per_page=500&full_service=true",
    "minimal=true",
    "format=ndjson",
    "format=ndjson&full=true",
    "per_page=500&full=true&search=koffie+gezelschap+geheim",
    "per_page=500&search=Aanbod",
    "per_page=500&full=true&postcode=5481&proximity=400000",
    "per_page=500&postcode=5481",
]


@pytest.mark.parametrize("name", LISTS)
def test_no_list_gives_what_is_kept_back(client, forbidden, name):
    starts = ["/hsds/v3"] if name == "organizations" else ["/hsds/v3", "/uk/v3"]
    for path in (f"{start}/{name}" for start in starts):
        for how in HOW:
            assert _has(client.get(f"{path}?{how}"), forbidden) == [], how
            body = dict(part.split("=") for part in how.replace("+", " ").split("&"))
            posted = client.post(path, body, content_type="application/json")
            assert _has(posted, forbidden) == [], how


def test_nothing_kept_back_is_given_by_its_number(client, directory):
    kept = (directory.draft, directory.withdrawn, directory.left, directory.world.udense_koffie)
    paths = [f"services/{s.pk}" for s in kept] + [f"organizations/{s.provider_id}" for s in kept]
    paths.append(f"service_at_locations/{directory.hidden.pk}")
    for path in paths:
        assert client.get(f"/hsds/v3/{path}").status_code == 404, path
    assert client.get(f"/hsds/v3/service_at_locations/{directory.shown.pk}").status_code == 200


def test_the_service_of_a_hidden_place_is_given_without_it(client, directory, forbidden):
    answer = client.get(f"/hsds/v3/services/{directory.entries[0].pk}")
    assert len(answer.json()["service_at_locations"]) == 1
    assert _has(answer, forbidden) == []


def test_a_filter_on_someone_elses_organization_finds_nothing(client, directory):
    number = str(directory.world.udense_koffie.provider_id)
    assert client.get("/hsds/v3/services", {"organization_id": number}).json()["total_items"] == 0


def test_each_municipality_gives_its_own_and_what_is_national(directory):
    uden = Client(HTTP_HOST="maashorst.localhost")
    names = [s["name"] for s in uden.get("/hsds/v3/services").json()["contents"]]
    assert names == ["Koffie in Uden", "De Luisterlijn"]


def test_without_a_municipality_there_is_nothing(directory):
    nobody = Client(HTTP_HOST="localhost")
    for path in ("/hsds/v3", "/hsds/v3/services", "/uk/v3", "/api/v1/areas"):
        answer = nobody.get(path)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


def test_the_own_api_keeps_them_back_too(client, forbidden):
    for text in ("koffie in Uden", "Aanbod 90", "Geheimlaan Blijf"):
        answer = client.post(
            "/api/v1/answer", {"text": text, "most": 40}, content_type="application/json"
        )
        assert _has(answer, [w for w in forbidden if w != "Blijf"]) == []
