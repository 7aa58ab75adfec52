"""A municipality that says "u" says it on every page and in every mail; nobody else does."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.translation import get_language

from bench.messages import INFORMAL
from omzien.choices import mails
from omzien.choices.actions import change_settings
from omzien.directory.actions.freshness import remind
from omzien.directory.actions.reports import report_wrong
from omzien.directory.language import crisis
from omzien.journal.isolation import working_for
from omzien.messages.mails import shipped
from omzien.messages.models import Message
from omzien.people.rules.roles import SYSTEM, Role
from tests.casework import build
from tests.journeys import pages
from tests.signing import member, wearing
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
HERE = "GM1948"
KNOWN = {
    "/aanbod/kop-boven-water": "/aanbod/loket-geldzaken",
    "/aanbod/kop-boven-water/klopt-niet": "/aanbod/loket-geldzaken/klopt-niet",
    "/gebied/boerdonk": "/gebied/veghel",
}


@pytest.fixture
def formal(world):
    with working_for(HERE):
        change_settings(municipality=world.meierijstad, raw={"address_form": "u"}, by=SYSTEM)
    world.meierijstad.refresh_from_db()
    return world


def words(answer) -> str:
    """Return what a page says, also in attributes that are read aloud."""
    page = re.sub(r"<(script|style)\b.*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    said = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', page)
    return unescape(" ".join([*said, re.sub(r"<[^>]+>", " ", page)]))


def informal(text: str) -> list[str]:
    return [text[max(0, m.start() - 40) : m.end() + 40] for m in INFORMAL.finditer(text)]


def test_every_public_page_says_u(formal):
    browser = Client(HTTP_HOST="meierijstad.localhost")
    found = {}
    for path in pages.paths():
        answer = browser.get(KNOWN.get(path, path))
        if "html" in answer.get("Content-Type", ""):
            found[path] = informal(words(answer))
    assert len(found) > 20
    assert {path: said for path, said in found.items() if said} == {}


def test_a_page_is_right_dutch_and_dutch_to_the_browser(formal):
    browser = Client(HTTP_HOST="meierijstad.localhost")
    answer = browser.get("/")
    page = answer.content.decode()
    assert "Waar kan ik u bij helpen?" in page and "Stel uw vraag" in page
    assert "U hebt geen account nodig. We volgen u niet. Wat u zoekt, bewaren we niet." in page
    assert '<html lang="nl"' in page and answer["Content-Language"] == "nl" and ">English<" in page
    empty = browser.post("/antwoord", {"text": ""}).content.decode()
    assert "Typ eerst uw vraag, of kies een onderwerp." in empty
    thanks = browser.post("/mening", {"page": "/over", "score": 4}, follow=True)
    assert "Dank u wel voor uw mening." in thanks.content.decode()
    assert get_language() == "nl"  # nothing stays behind for another request


def test_other_languages_and_municipalities_do_not_change(formal):
    browser = Client(HTTP_HOST="meierijstad.localhost")
    browser.cookies["language"] = "en"
    assert '<html lang="en"' in browser.get("/").content.decode()
    browser.cookies["language"] = "nl-formal"  # nobody can choose it
    assert "Waar kan ik u bij helpen?" in browser.get("/").content.decode()
    elsewhere = Client(HTTP_HOST="maashorst.localhost")
    elsewhere.cookies["language"] = "nl-formal"
    assert "Waar kan ik je bij helpen?" in elsewhere.get("/").content.decode()


def test_the_pages_of_the_manager_say_u(formal):
    browser = wearing(member(Role.FUNCTIONAL_MANAGER, formal.meierijstad))
    start = browser.get("/beheer/instellingen")
    links = re.findall(r'href="(/beheer/instellingen/[^"]+)"', start.content.decode())
    for path in ["/vandaag", "/beheer/mensen", "/beheer/teams", *links]:
        said = informal(words(browser.get(path)).replace("Je of u", "").replace("je en jij", ""))
        assert said == [], path


def test_every_mail_says_u_and_its_own_words_stay(formal):
    for code, mail in mails.MAILS.items():
        letter = shipped(mail, formal.meierijstad)
        assert informal(letter.subject + letter.body) == [], code
        letter = mails.example(code, letter.subject, letter.body, formal.meierijstad)
        assert informal(letter.subject + letter.body) == [], code
    remind(municipality=formal.meierijstad, on=TODAY.replace(year=2028))
    with working_for(HERE):
        report_wrong(
            municipality=formal.meierijstad, service=formal.geldzaken, about="times", text="",
            on=TODAY,
        )  # fmt: skip
        sent = list(Message.objects.all())
    assert len(sent) >= 2
    assert [informal(m.subject + m.body) for m in sent if informal(m.subject + m.body)] == []
    assert any("U hebt geen account nodig." in m.body for m in sent)
    plain = shipped(mails.MAILS["reminder-3"], formal.maashorst)
    assert "staat je aanbod lager" in plain.body


def test_the_lines_in_need_say_u_only_in_dutch():
    for kind in crisis.Kind:
        formal_lines = crisis.lines(kind, "nl-formal", desk="0413-555", desk_name="Opvang")
        # A child keeps being called "je".
        texts = [line.text for line in formal_lines if "jonger dan 18" not in line.text]
        assert [text for text in texts if informal(text)] == []


def test_every_place_with_danger_gives_the_municipality_s_own_number_and_form(world):
    with working_for(HERE):
        wanted = {"crisis_desk": "0413-555 112", "crisis_desk_name": "Opvang", "address_form": "u"}
        change_settings(municipality=world.meierijstad, raw=wanted, by=SYSTEM)
        worker = wearing(build(world.meierijstad, world.schijndel).a.worker)
    danger = "ik heb vannacht geen slaapplaats en sta op straat"
    story = {"story": danger, "place": "Schijndel"}
    visitor = Client(HTTP_HOST="meierijstad.localhost")
    answers = [
        visitor.post("/antwoord", {"text": danger}),
        visitor.post("/vraag", story | {"at": "about", "key": str(uuid4())}),
        worker.post("/werk/nieuwe-vraag", story | {"key": str(uuid4())}),
        visitor.post("/api/v1/answer", {"text": danger}, content_type="application/json"),
    ]
    for answer in answers:
        shown = answer.content.decode()
        assert "0413-555 112" in shown and "Bel uw gemeente" in shown, answer.request["PATH_INFO"]
