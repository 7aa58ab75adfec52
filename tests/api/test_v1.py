"""Our own API: areas, an answer, an opinion."""

import pytest
from jsonschema import Draft202012Validator

from omzien.agenda.models import PageFeedback
from omzien.api.v1 import document
from omzien.api.v1.feedback import PER_HOUR
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from tests.api import oracle

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def ask(client, **body):
    return client.post("/api/v1/answer", body, content_type="application/json")


def rate(client, **body):
    return client.post("/api/v1/feedback", body, content_type="application/json")


def fits(thing, name):
    """Tell what is wrong with a thing after the document's own schema."""
    schema = {"$ref": f"#/components/schemas/{name}"} | {
        "components": document.shipped()["components"]
    }
    validator = Draft202012Validator(schema, format_checker=oracle.FORMATS)
    return [error.message for error in validator.iter_errors(thing)]


def test_the_villages_with_how_much_each_has(client, directory):
    body = client.get("/api/v1/areas").json()
    assert fits(body, "AreaList") == []
    assert [a["name"] for a in body["areas"]] == ["Schijndel", "Veghel"]
    assert body["areas"][0]["entryCount"] == 21  # without what was withdrawn


def test_one_village_with_its_figures(client):
    body = client.get("/api/v1/areas/schijndel").json()
    assert fits(body, "Area") == []
    assert body["figuresYear"] == 2024 and body["figures"][0]["value"]
    assert client.get("/api/v1/areas/uden").status_code == 404


def test_a_question_gets_an_answer_with_why(client):
    answer = ask(client, text="ik ben zo eenzaam, ik ken niemand", place="5481", most=5)
    body = answer.json()
    assert fits(body, "Answer") == []
    assert body["place"]["area"] == "schijndel"
    assert body["topics"][0]["code"] == "loneliness"
    assert "Open huiskamer De Kersentuin" in [e["title"] for e in body["entries"]]
    assert len(body["entries"]) <= 5 and body["entries"][0]["matchedTopics"]
    assert answer["Cache-Control"] == "no-store"
    assert client.get(body["entries"][0]["hsdsUrl"].replace("http://meierijstad.localhost", ""))


def test_a_topic_gets_an_answer_without_words(client):
    body = ask(client, topics=["debt"]).json()
    assert fits(body, "Answer") == []
    assert "Loket Geldzaken" in [e["title"] for e in body["entries"]]


def test_danger_comes_with_the_numbers_to_call(client):
    body = ask(client, text="ik wil niet meer leven, ik wil dood").json()
    assert fits(body, "Answer") == []
    assert body["crisis"]["kind"] == "suicide" and body["crisis"]["lines"]


def test_a_place_that_is_not_understood_says_what_comes_near(client):
    body = ask(client, text="koffie", place="Schijdnelllo").json()
    assert fits(body, "Answer") == []
    assert body["place"]["isUnderstood"] is False


def test_a_question_is_never_asked_in_an_address(client):
    assert client.get("/api/v1/answer?text=alleen").status_code == 405


def test_a_question_leaves_no_trace(client):
    before = Fact.objects.count()
    ask(client, text="zeer bijzondere woorden over mijn buurvrouw Truus")
    assert Fact.objects.count() == before


def test_what_is_wrong_with_a_question_is_named(client):
    wrong = {
        "text": [1, None, {"a": 1}, "x" * 2001, "", "  ", "\x00\x01"],
        "place": [5481, "x" * 101],
        "topics": ["debt", ["nergens"], [1], ["debt"] * 6],
        "most": [0, 41, "3", 1.5],
        "onbekend": [1],
    }
    for field, values in wrong.items():
        for value in values:
            body = {field: value} if field == "text" else {"text": "koffie", field: value}
            answer = ask(client, **body)
            assert answer.status_code == 400, (field, value)
            assert answer["Content-Type"] == PROBLEM
            assert answer.json()["parameter"] == field, (field, value)


def test_an_opinion_is_kept_without_who_gave_it(client):
    answer = rate(client, page="/gebied/schijndel", score=4, remark="fijn")
    assert answer.status_code == 204 and answer["API-Version"] == "1.0.0"
    with working_for("GM1948"):
        kept = PageFeedback.objects.get()
    assert (kept.page, kept.score, kept.remark) == ("/gebied/schijndel", 4, "fijn")


def test_what_is_wrong_with_an_opinion_is_named(client):
    for field, body in {
        "score": {"page": "/", "score": 6},
        "page": {"page": "https://elders.example", "score": 3},
        "remark": {"page": "/", "score": 3, "remark": 4},
    }.items():
        answer = rate(client, **body)
        assert answer.status_code == 400 and answer.json()["parameter"] == field
    assert rate(client, page="/").json()["parameter"] == "score"
    assert rate(client).status_code == 400


def test_opinions_have_a_limit(client):
    codes = [rate(client, page="/", score=3).status_code for _ in range(PER_HOUR + 1)]
    assert codes == [204] * PER_HOUR + [429]
