"""What somebody with a mandate sees and may do: no more than the mandate says, and for whom."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from omzien.journal.isolation import working_for
from omzien.people.models import Mandate
from omzien.questions.actions.objecting import object_to
from omzien.questions.actions.plans import add_goal
from omzien.questions.models import Goal, Objection
from tests.casework import a_question, build, consent
from tests.signing import wearing
from tests.web.test_mine_pages import HERE, helped, page, text

pytestmark = pytest.mark.django_db
COMPLAINT = "Bo bemoeit zich te veel met mij"
WITHOUT_ACT = [("look",), ("look", "talk"), ("talk", "receive")]


@pytest.fixture
def town(world):
    with working_for(HERE):
        return build(world.meierijstad, world.schijndel)


@pytest.fixture
def question(town):
    with working_for(HERE):
        return a_question(town, now=timezone.now())


@pytest.fixture
def rina(town):
    return wearing(town.resident)


@pytest.mark.parametrize("what", [*WITHOUT_ACT, tuple(Mandate.What)])
def test_no_mandate_opens_the_file_of_all_about_a_person(town, question, what):
    client, _ = helped(town, *what)
    for end in ("", ".json", ".html"):
        answer = client.get(f"/beheer/gegevens/{town.resident.pk}{end}")
        assert answer.status_code == 404 and question.story not in text(answer)


@pytest.mark.parametrize("what", WITHOUT_ACT)
def test_who_does_not_act_neither_objects_nor_reads_what_the_resident_objects_to(
    town, question, rina, what
):
    with working_for(HERE):
        object_to(
            question=question, why=COMPLAINT, key=uuid4(), by=town.me, now=timezone.now()
        )  # fmt: skip
    client, _ = helped(town, *what)
    address = page(question) + "/niet-eens"
    assert address not in text(client.get(page(question)))
    assert address in text(rina.get(page(question))) and COMPLAINT in text(rina.get(address))
    for answer in (client.get(address), client.post(address, {"why": "Namens haar"})):
        assert answer.status_code == 404 and COMPLAINT not in text(answer)
    with working_for(HERE):
        assert Objection.objects.count() == 1


def test_who_acts_objects_for_the_resident(town, question):
    client, _ = helped(town, "look", "act")
    address = page(question) + "/niet-eens"
    assert address in text(client.get(page(question)))
    assert client.post(address, {"why": "Zij is het niet eens"}).status_code == 302
    assert "Zij is het niet eens" in text(client.get(address))


@pytest.mark.parametrize("what", [*WITHOUT_ACT, ("look", "act")])
def test_the_plan_and_the_sharing_show_only_what_a_proxy_may_do(town, question, what):
    with working_for(HERE):
        add_goal(question=question, words="Weer buiten komen", by=town.me, now=timezone.now())
        consent(town, town.b)
    client, _ = helped(town, *what)
    acts = "act" in what
    for address in (page(question) + "/plan", page(question) + "/delen"):
        shown = text(client.get(address))
        forms = re.findall(r'name="(?:do|doe)" value="([a-z-]+)"', shown)
        assert bool(forms) is acts, (address, forms)
        assert "/mijn-netwerk" not in shown
    sent = {"do": "add-goal", "add-goal-words": "Een doel voor haar"}
    assert client.post(page(question) + "/plan", sent).status_code == (302 if acts else 404)
    with working_for(HERE):
        assert Goal.objects.count() == 1 + acts
