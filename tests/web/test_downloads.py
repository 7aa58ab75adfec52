"""What somebody takes home with its files: each through the gate, safely named, never too much."""

import io
import zipfile

import pytest
from django.utils import timezone

from omzien.journal.isolation import working_for
from omzien.people.models import AccessLine
from omzien.people.rules.roles import Role
from omzien.questions.actions.notes import write_own_note
from omzien.questions.actions.talking import File, Said, say
from omzien.questions.models import Attachment
from omzien.web import downloads
from tests.casework import a_question
from tests.signing import member, person, wearing
from tests.web.test_mine_pages import HERE, helped, page

pytestmark = pytest.mark.django_db
OWN = "/account/gegevens.zip"
NAMES = ["brief.txt", "brief.txt", "../../etc/passwd.txt"]


@pytest.fixture
def question(town):
    """Rina's question, with files of which one kept a name that is a path."""
    with working_for(HERE):
        row = a_question(town, now=timezone.now())
        for number, name in enumerate(NAMES, 1):
            sent = [File(name, f"inhoud {number}".encode())]
            say(question=row, said=Said(text="Zie mijn brief", files=sent), by=town.me,
                now=timezone.now())  # fmt: skip
        Attachment.objects.filter(number=3).update(name=NAMES[2])
    return row


def unpacked(answer):
    """Return path → content of a zip."""
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        return {one.filename: archive.read(one) for one in archive.infolist()}


def papers(question):
    names = ["01-brief.txt", "02-brief.txt", "03-passwd.txt"]
    return {
        f"bijlagen/{question.reference}/{name}": f"inhoud {number}".encode()
        for number, name in enumerate(names, 1)
    }


def test_all_about_me_holds_my_files(town, question):
    found = unpacked(wearing(town.resident).get(OWN))
    assert set(found) == {"gegevens.html", "gegevens.json"} | set(papers(question))
    assert papers(question).items() <= found.items()
    assert question.story in found["gegevens.json"].decode()
    with working_for(HERE):
        line = AccessLine.objects.latest("at")
        assert (line.about, line.action, line.result) == (town.resident.pk, "export", "allowed")


def test_all_about_one_question_holds_its_files_and_the_notes_only_for_the_resident(town, question):
    with working_for(HERE):
        write_own_note(question=question, text="Privé-geheim", key=question.pk, by=town.me,
                       now=timezone.now())  # fmt: skip
    for client, reads_notes in ((wearing(town.resident), True), (helped(town, "look")[0], False)):
        found = unpacked(client.get(page(question) + "/bestand.zip"))
        assert papers(question).items() <= found.items()
        read = found[f"vraag-{question.reference}.html"].decode()
        assert ("Privé-geheim" in read) is reads_notes


def test_nobody_gets_the_files_of_another(town, question):
    stranger = wearing(person(town.municipality, "Vera Vreemd"))
    assert set(unpacked(stranger.get(OWN))) == {"gegevens.html", "gegevens.json"}
    assert stranger.get(page(question) + "/bestand.zip").status_code == 404
    assert helped(town, "receive")[0].get(page(question) + "/bestand.zip").status_code == 403
    assert wearing(town.a.worker).get(page(question) + "/bestand.zip").status_code in (403, 404)


def test_the_privacy_officer_makes_it_with_a_reason(town, question):
    client = wearing(member(Role.PRIVACY_OFFICER, town.municipality, name="Fien F"))
    where = f"/beheer/gegevens/{town.resident.pk}.zip"
    assert client.post(where).status_code == 400
    assert papers(question).items() <= unpacked(client.post(where, {"reden": "asked"})).items()


def test_what_does_not_fit_is_named(town, question, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_BYTES", 20)
    found = unpacked(wearing(town.resident).get(OWN))
    paths = list(papers(question))
    assert paths[1] in found and paths[2] not in found
    assert paths[2] in found["LEES-MIJ.txt"].decode()


@pytest.mark.parametrize("where", ["/account/gegevens", "question"])
def test_the_page_leads_to_it(town, question, where):
    where = page(question) if where == "question" else where
    link = f"{page(question)}/bestand.zip" if "mijn" in where else OWN
    assert f'href="{link}"' in wearing(town.resident).get(where).content.decode()
