"""Who sends too many forms is stopped, and what runs into a guard of the site is logged."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from omzien.journal.isolation import working_for
from omzien.messages.models import Message
from omzien.people.logs.models import AccessLine
from omzien.people.models import Mandate, MandateInvitation, Person
from omzien.web import doors
from omzien.web.signals import emergency
from tests.casework import a_question
from tests.signing import wearing

pytestmark = pytest.mark.django_db
HERE, HOST = "GM1948", "meierijstad.localhost"
BUTTON = "/werk/noodinzage"


@pytest.fixture(autouse=True)
def _fresh():
    caches["limits"].clear()


def lines():
    with working_for(HERE):
        rows = AccessLine.objects.filter(result="refused").order_by("number")
        return [(one.object_kind, one.object_id, one.actor, one.about) for one in rows]


def test_the_forms_of_ones_own_life_have_an_end_and_that_is_logged(town, monkeypatch):
    monkeypatch.setattr(doors, "OWN_FORMS_PER_HOUR", 3)
    client, other = wearing(town.resident), wearing(town.a.worker)
    with working_for(HERE):
        other_resident = wearing(Person.objects.get(pk=town.b.worker.person_id))
    answers = [client.post("/mijn-netwerk", {"name": ""}).status_code for _ in range(6)]
    assert answers == [400] * 3 + [429] * 3
    assert client.get("/mijn-netwerk").status_code == 200
    # At work one goes on, and who is behind the same address too.
    assert other_resident.post("/mijn-netwerk", {"name": ""}).status_code == 400
    answers = [other.post("/werk/lijst/bewaar", {"name": ""}).status_code for _ in range(5)]
    assert 429 not in answers
    assert [one for one in lines() if one[0].startswith("limit.")] == [
        ("limit.own-forms", "", str(town.resident.pk), None)
    ]


def test_a_resident_lets_the_municipality_mail_ten_strangers_a_day_and_no_more(town):
    client, form = wearing(town.resident), {"name": "Xan", "what": [Mandate.What.LOOK]}
    for number in range(14):
        answer = client.post(
            "/mijn-vragen/machtigingen", form | {"email": f"x{number}@elders.example"}
        )
        with working_for(HERE):
            MandateInvitation.objects.update(ended_at=timezone.now())  # taken back at once
    assert answer.status_code == 400
    assert "Je vroeg vandaag al veel mensen. Vraag de volgende morgen." in answer.content.decode()
    with working_for(HERE):
        assert Message.objects.filter(recipient__endswith="@elders.example").count() == 10
        MandateInvitation.objects.update(created_at=timezone.now() - timedelta(days=1))
    answer = client.post("/mijn-vragen/machtigingen", form | {"email": "morgen@elders.example"})
    assert answer.status_code == 302


def test_who_looks_for_a_question_by_the_emergency_button_is_seen_and_stopped(town, monkeypatch):
    monkeypatch.setattr(emergency, "PRESSES_PER_HOUR", 3)
    with working_for(HERE):
        own = a_question(town)
        Mandate.objects.create(
            municipality=town.municipality, resident=town.resident,
            proxy=town.b.worker.person, what=["look"], starts_on=timezone.localdate(),
            confirmed_at=timezone.now(),
        )  # fmt: skip
    client = wearing(town.b.worker)
    tries = ("AAAA-0001", own.reference, "AAAA-0002", "AAAA-0003", own.reference)
    answers = [
        client.post(BUTTON, {"reference": one, "reason": "Nu."}).status_code for one in tries
    ]
    assert answers == [400] * 3 + [429] * 2
    me = str(town.b.worker.person_id)
    assert lines() == [
        ("question", "", me, None),
        ("question", str(own.pk), me, town.resident.pk),
        ("question", "", me, None),
        ("limit.emergency", "", me, None),
    ]


def test_a_form_without_a_token_stands_in_the_log_once_an_hour(world):
    strict = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    for _ in range(3):
        assert strict.post("/taal", {"language": "en"}).status_code == 403
    assert lines() == [("no-token", "", "visitor", None)]


def test_a_limit_of_a_visitor_is_logged_once_an_hour(world):
    client = Client(HTTP_HOST=HOST)
    answers = [client.post("/aanmelden/gemeente").status_code for _ in range(3)]
    assert answers == [404] * 3 and lines() == []
    for _ in range(33):
        client.post("/mening", {"page": "/over", "score": "1"})
    assert lines() == [("limit.feedback", "", "visitor", None)]


def test_a_page_that_is_not_for_a_role_leaves_a_line_of_the_refusal(town):
    """Also where nothing was looked up yet: who tries doors is seen (BIO2 8.15.01)."""
    client = wearing(town.a.worker)
    for path in ("/beheer/logboek", "/beheer/bewaren"):
        assert client.get(path).status_code == 403
    me = str(town.a.worker.person_id)
    assert lines() == [("log.read", "", me, None), ("retention.read", "", me, None)]
