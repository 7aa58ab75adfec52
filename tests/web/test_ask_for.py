"""Somebody who works here writes down a question for who calls or stands at the desk."""

import pytest

from omzien.journal.isolation import working_for
from omzien.people.models import AccessLine, Person
from omzien.questions.models import Question
from tests.casework import a_question
from tests.signing import wearing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("resident")]
HERE = "GM1948"
STORY = "Mevrouw zit alleen thuis en zoekt gezelschap."


@pytest.fixture
def worker(town):
    return wearing(town.a.worker)


def text(answer):
    return answer.content.decode()


def form(client, **more):
    page = text(client.get("/werk/nieuwe-vraag"))
    key = page.split('name="key" value="')[1].split('"')[0]
    return {
        "key": key, "channel": "phone", "story": STORY, "place": "5481", "name": "Bep Bakker",
        "phone": "0413-555 010", "reach_by": "phone", "knows": "yes", **more,
    }  # fmt: skip


def questions():
    with working_for(HERE):
        rows = Question.objects.select_related("person", "asked_by", "team").order_by("asked_at")
        return list(rows)


def test_a_worker_asks_for_a_caller_and_reads_out_the_number(worker, town):
    answer = worker.post("/werk/nieuwe-vraag", form(worker), follow=True)
    (one,) = questions()
    assert (one.channel, one.person.name, one.asked_by, one.team) == (
        "phone", "Bep Bakker", None, town.a.team,
    )  # fmt: skip
    assert "loneliness" in one.topics
    assert one.reference in text(answer) and "Lees dit voor" in text(answer)


def test_somebody_calls_for_another(worker):
    more = {"other_name": "Dr. Pil", "other_phone": "0413-555 011", "phone": ""}
    worker.post("/werk/nieuwe-vraag", form(worker, **more, channel="partner"))
    refused = worker.post("/werk/nieuwe-vraag", form(worker, other_phone="0413-555 011"))
    assert "Vul in wie het vraagt" in text(refused)


def test_sent_twice_is_asked_once(worker):
    sent = form(worker)
    worker.post("/werk/nieuwe-vraag", sent)
    worker.post("/werk/nieuwe-vraag", sent)
    assert len(questions()) == 1


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({"channel": ""}, "Kies hoe de vraag binnenkomt"),
        ({"channel": "web"}, "Kies hoe de vraag binnenkomt"),
        ({"knows": ""}, "Vertel de inwoner eerst"),
        ({"story": ""}, "Schrijf op waar de vraag over gaat"),
        ({"place": ""}, "Vul het dorp of de postcode van de inwoner in"),
        ({"reach_by": ""}, "Kies hoe de inwoner contact wil"),
        ({"place": "Uden"}, "hoort bij Maashorst"),
        ({"name": ""}, "Vul de naam van de inwoner in"),
        ({"phone": ""}, "Vul een telefoonnummer in, of kies een andere manier"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(worker, wrong, said):
    answer = worker.post("/werk/nieuwe-vraag", form(worker, **wrong))
    assert answer.status_code == 400 and said in text(answer) and questions() == []
    assert "story" in wrong or STORY in text(answer)


def test_somebody_who_is_known_is_suggested_and_the_worker_decides(worker, town):
    with working_for(HERE):
        before = a_question(town)
    typed = form(worker, name="Rina Roos", phone="+31 6 5550 0001")
    asked = worker.post("/werk/nieuwe-vraag", typed)
    assert asked.status_code == 400 and "Is dit dezelfde persoon?" in text(asked)
    assert before.reference in text(asked) and len(questions()) == 1
    with working_for(HERE):
        line = AccessLine.objects.get(purpose="help")
        assert line.action == "search"
    worker.post("/werk/nieuwe-vraag", typed | {"same": str(before.pk)})
    assert [one.person for one in questions()] == [before.person, before.person]
    worker.post("/werk/nieuwe-vraag", form(worker, phone="06 5550 0001") | {"same": "new"})
    assert len({one.person for one in questions()}) == 2 and len(questions()) == 3
    shared = worker.post("/werk/nieuwe-vraag", form(worker, email=town.resident.email))
    assert "Delen twee mensen dit mailadres?" in text(shared)
    assert "Delen twee mensen dit mailadres?" not in text(asked)
    forged = form(worker, phone="06 5550 0001") | {"same": str(town.resident.pk)}
    assert worker.post("/werk/nieuwe-vraag", forged).status_code == 400


def test_who_is_known_to_another_team_only_is_not_told(town):
    with working_for(HERE):
        a_question(town)
    other = wearing(town.b.worker)
    answer = other.post("/werk/nieuwe-vraag", form(other, phone="06-5550 0001"), follow=True)
    assert "dezelfde persoon" not in text(answer) and len(questions()) == 2
    with working_for(HERE):
        assert Person.objects.filter(name="Bep Bakker").count() == 1


def test_a_worker_on_the_page_of_residents_is_shown_the_way(worker, town):
    page = text(worker.get("/vraag"))
    assert "Je bent hier om te werken" in page and "/werk/nieuwe-vraag" in page
    assert worker.post("/vraag", {"at": "check"}).status_code == 200 and questions() == []
