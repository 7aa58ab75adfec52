"""The site in English: whole, by choice, and honest about what stays Dutch."""

import re
from urllib.parse import urlsplit

import html5lib
import pytest
from django.test import Client
from django.utils.translation import deactivate, override

from omzien.directory.actions.reports import report_wrong
from omzien.journal.isolation import working_for
from omzien.messages.models import Message
from omzien.web.templatetags.omzien import _around_why
from tests.web.test_pages import HOST
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/antwoord",
    "/antwoord?topic=debt&place=Schijndel",
    "/antwoord?topic=loneliness&place=Nergenshuizen",
    "/gebied",
    "/gebied/schijndel",
    "/agenda",
    "/agenda?gebied=schijndel",
    "/bewaard",
    "/over",
    "/privacy",
    "/toegankelijkheid",
    "/open-data",
    "/op-je-eigen-site",
    "/inbedden",
    "/stijlgids",
    "/demo/post",
    "/aanmelden",
    "/nergens",
    "/aanbod/loket-geldzaken",
    "/aanbod/open-huiskamer-de-kersentuin",
    "/aanbod/loket-geldzaken/klopt-niet",
]
# Frequent in Dutch, and no word of English or of a name in the small world.
DUTCH = re.compile(
    r"(?i)\b(de|het|een|en|van|voor|met|niet|je|jouw|wat|wie|waar|hoe|dit|deze|zijn|kun|kunt|naar|"
    r"zoek|laatst|gecontroleerd|gemeente|aanbod|vraag|dorp|dorpen|buurt|buurten|hulp|bellen|kosten|"
    r"wanneer|gratis|redactie|uur|tot|vandaag|morgen|maandag|dinsdag|woensdag|donderdag|vrijdag|"
    r"zaterdag|zondag|januari|februari|maart|mei|juni|juli|augustus|oktober|dichtbij|afstand|"
    r"inwoners|aantal|schulden|eenzaamheid|tevreden|mogelijkheid|mogelijkheden|fout|bron|over)\b"
)
ENGLISH_TOO = {"over", "mei"}
NAMES = ("Omzien", "Bob den Otter", "Open huiskamer De Kersentuin", "Loket Geldzaken")


@pytest.fixture(autouse=True)
def _leave_no_language():
    """A request chooses the language of its thread; what the test client chose would stay."""
    yield
    deactivate()


@pytest.fixture
def visitor(resident):
    resident.cookies["language"] = "en"
    return resident


def english_of(html: str) -> list[str]:
    """Return what stands on a page outside what is marked as another language."""
    found: list[str] = []

    def walk(element, in_english: bool) -> None:
        tag = str(element.tag).rsplit("}", 1)[-1]
        if tag in ("script", "style", "pre", "title"):
            return
        if language := element.get("lang"):
            in_english = language == "en"
        if in_english:
            found.extend(element.get(name, "") for name in ("aria-label", "placeholder", "title"))
            found.append(element.text or "")
        for child in element:
            walk(child, in_english)
            if in_english:
                found.append(child.tail or "")

    walk(html5lib.parse(html), in_english=False)
    return [" ".join(text.split()) for text in found if text.strip()]


def dutch_in(html: str) -> list[str]:
    """Return the texts on an English page that hold a Dutch word."""
    wrong = []
    for text in english_of(html):
        plain = text
        for name in NAMES:
            plain = plain.replace(name, "")
        words = {word.casefold() for word in DUTCH.findall(plain)} - ENGLISH_TOO
        if words:
            wrong.append(f"{sorted(words)}: {text}")
    return wrong


@pytest.mark.parametrize("page", PAGES)
def test_an_english_page_has_no_dutch_words_of_ours(visitor, page):
    answer = visitor.get(page)
    html = answer.content.decode()
    assert answer.status_code == (404 if page == "/nergens" else 200)
    assert re.search(r'<html lang="en"', html)
    assert len(english_of(html)) > 3
    assert dutch_in(html) == []


@pytest.mark.parametrize("page", ["/", "/gebied/schijndel", "/aanbod/loket-geldzaken"])
def test_the_check_sees_dutch_when_it_is_there(resident, page):
    html = resident.get(page).content.decode().replace('<html lang="nl"', '<html lang="en"')
    assert len(dutch_in(html)) > 10


def test_mistakes_are_told_in_english(visitor):
    for path, data in [
        ("/antwoord", {"text": ""}),
        ("/antwoord", {"text": "a" * 2001}),
        ("/antwoord", {"text": "debts", "place": "x" * 101}),
        ("/aanbod/loket-geldzaken/klopt-niet", {"about": ""}),
        ("/mening", {"page": "/over"}),
        ("/aanmelden", {"username": "", "password": ""}),
    ]:
        answer = visitor.post(path, data, follow=True)
        if answer.status_code != 404:
            assert dutch_in(answer.content.decode()) == [], path


def test_an_english_answer_is_whole(visitor):
    answer = visitor.post(
        "/antwoord", {"text": "I have debts and no friends", "place": "Schijndel"}
    )
    html = answer.content.decode()
    assert dutch_in(html) == []
    assert "Fits with: " in html and "Loket Geldzaken" in html


def test_what_an_entry_says_is_marked_as_dutch(visitor):
    html = visitor.get("/aanbod/open-huiskamer-de-kersentuin").content.decode()
    assert re.search(r'<h1[^>]* lang="nl">Open huiskamer', html)
    said = " ".join(english_of(html))
    assert "Iedere woensdag" not in said and "Wednesday, 10:00 to 12:00" in said
    assert "Iedere woensdag" in html


def test_a_dutch_page_needs_no_marks(resident):
    html = resident.get("/aanbod/open-huiskamer-de-kersentuin").content.decode()
    assert html.count('lang="nl"') == 1
    assert "woensdag, 10.00 tot 12.00 uur" in html


def test_the_switch_is_a_plain_form_that_keeps_the_page(resident):
    page = "/agenda?gebied=schijndel"
    html = resident.get(page).content.decode()
    form = re.search(r'<form method="post" action="/taal">.*?</form>', html, re.S).group()
    assert f'name="next" value="{page}"' in form
    assert 'name="taal" value="en" lang="en">English</button>' in form
    answer = resident.post("/taal", {"next": page, "taal": "en"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert resident.cookies["language"].value == "en"
    assert resident.cookies["language"]["httponly"] and resident.cookies["language"]["samesite"]
    html = resident.get(page).content.decode()
    assert "This week in Schijndel" in html and 'value="nl" lang="nl">Nederlands<' in html
    resident.post("/taal", {"next": page, "taal": "nl"})
    assert "Deze week in Schijndel" in resident.get(page).content.decode()


def test_the_switch_keeps_a_question_out_of_the_address(resident):
    html = resident.post("/antwoord", {"text": "ik heb schulden", "only": "free"}).content.decode()
    form = re.search(r'<form method="post" action="/taal">.*?</form>', html, re.S).group()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    assert sent["text"] == "ik heb schulden" and sent["only"] == "free"
    answer = resident.post("/taal", sent | {"taal": "en"})
    assert (answer.status_code, answer["Location"]) == (307, "/antwoord")
    again = resident.post("/antwoord", sent).content.decode()
    assert "This can help" in again and "ik heb schulden" in again


@pytest.mark.parametrize("back", ["https://elders.example/", "//elders.example", "elders", ""])
def test_the_switch_leads_nowhere_else(resident, back):
    answer = resident.post("/taal", {"next": back, "taal": "en"})
    assert urlsplit(answer["Location"]).path == "/" and "elders" not in answer["Location"]


@pytest.mark.parametrize("wanted", ["", "xx", "en-GB", "../nl"])
def test_an_unknown_language_sets_no_cookie(resident, wanted):
    assert "language" not in resident.post("/taal", {"taal": wanted}).cookies


def test_the_switch_needs_a_form_of_ours(resident):
    guarded = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    assert guarded.post("/taal", {"taal": "en"}).status_code == 403
    assert guarded.get("/taal")["Location"] == "/"


def test_reading_sets_no_language_cookie(resident):
    assert "language" not in resident.get("/", HTTP_ACCEPT_LANGUAGE="en").cookies


@pytest.mark.parametrize(
    "header,language",
    [
        ("", "nl"),
        ("pl", "nl"),
        ("en-GB,en;q=0.9", "en"),
        ("nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        ("pl,en;q=0.5,nl;q=0.4", "en"),
        ("*", "nl"),
    ],
)
def test_the_browser_says_which_language_until_the_visitor_does(resident, header, language):
    answer = resident.get("/", HTTP_ACCEPT_LANGUAGE=header)
    assert f'<html lang="{language}"' in answer.content.decode()
    assert "Accept-Language" in answer["Vary"]
    resident.cookies["language"] = "nl"
    chosen = resident.get("/", HTTP_ACCEPT_LANGUAGE=header).content.decode()
    assert '<html lang="nl"' in chosen


def test_an_english_question_does_not_switch_the_page(resident):
    html = resident.post("/antwoord", {"text": "I have debts, who can help me?"}).content.decode()
    assert '<html lang="nl"' in html and "Dit kan helpen" in html


@pytest.mark.parametrize("page", ["nl", "en"])
@pytest.mark.parametrize(
    "text,language,heading",
    [
        ("ik wil niet meer leven", "nl", "Praat nu met iemand"),
        ("I want to kill myself", "en", "Talk to someone now"),
        ("nie chcę już żyć", "pl", "Porozmawiaj z kimś teraz"),
    ],
)
def test_crisis_lines_follow_the_asker(resident, page, text, language, heading):
    resident.cookies["language"] = page
    html = resident.post("/antwoord", {"text": text}).content.decode()
    assert f'<html lang="{page}"' in html
    section = re.search(r'<section class="crisis stack" lang="(\w+)".*?</section>', html, re.S)
    assert section.group(1) == language and heading in section.group()


def test_a_kept_card_is_kept_for_each_language(resident):
    _around_why.cache_clear()
    for language, label in [("nl", "Laatst gecontroleerd:"), ("en", "Last checked:")] * 2:
        resident.cookies["language"] = language
        html = resident.get("/antwoord?topic=debt").content.decode()
        assert "Loket Geldzaken" in html
        card = re.search(r'<article class="card" data-entry.*?</article>', html, re.S).group()
        assert label in card


def test_mail_stays_dutch_whatever_the_page_is_in(world):
    service = world.geldzaken
    service.owner_email = "eigenaar@geldzaken.example"
    world.meierijstad.editors_email = "redactie@meierijstad.example"
    world.meierijstad.save()
    with working_for("GM1948"), override("en"):
        service.save()
        report_wrong(
            municipality=world.meierijstad, service=service, about="times", text="", on=TODAY
        )
        mails = list(Message.objects.all())
    assert len(mails) == 2
    for mail in mails:
        assert "visitor" not in mail.body and "Dagen of tijden" in mail.body
        assert mail.subject.startswith(("Klopt dit niet?", "Melding:"))


def test_the_map_data_differ_by_language(visitor):
    answer = visitor.get("/kaart.json")
    assert answer.json()["source"].startswith("Source:") and "Cookie" in answer["Vary"]


def test_no_command_is_needed_at_run_time():
    """The .mo is shipped, so that a machine without gettext has English too."""
    with override("en"):
        from django.utils.translation import gettext

        assert gettext("Laatst gecontroleerd:") == "Last checked:"
