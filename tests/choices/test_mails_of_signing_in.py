"""A municipality writes its own mails about signing in; the code stays in and no link of others."""

import json

import pytest
from django.core import mail as outbox
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from omzien.areas.models import Municipality
from omzien.choices.actions import Refused, change_settings
from omzien.choices.mails import MAILS
from omzien.choices.table import of_group, settings
from omzien.journal.isolation import working_for
from omzien.messages.mails import shipped
from omzien.messages.signing_in import MAILS as OURS
from omzien.messages.signing_in import letter, letter_later
from omzien.people.rules.roles import SYSTEM, Role
from tests.signing import member, wearing
from tests.web.test_signing_in import browser

pytestmark = pytest.mark.django_db
HERE = "GM1948"
PAGE = "/beheer/instellingen/mail-code"


@pytest.fixture
def manager(world):
    return wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))


def town():
    return Municipality.objects.get(pk=HERE)


def choose(**values):
    with working_for(HERE):
        raw = {f"mail.{name.replace('__', '.')}": text for name, text in values.items()}
        return change_settings(municipality=town(), raw=raw, by=SYSTEM)


def wanted(subject="Code van {gemeente}", body="Hoi!\n\nTyp dit over: {code}"):
    return {"mail.code.subject": subject, "mail.code.body": body}


def text(answer):
    return answer.content.decode()


def test_the_mails_of_signing_in_stand_together_on_the_start_page(manager):
    page = text(manager.get("/beheer/instellingen"))
    heading = page.index("Mails over aanmelden")
    assert all(page.index(f"/beheer/instellingen/mail-{code}") > heading for code in OURS)
    assert page.index("/beheer/instellingen/mail-reminder-1") < heading


def test_the_code_goes_out_in_the_words_of_the_municipality_and_back_again(manager, world):
    assert "Bewaard" in text(manager.post(PAGE, wanted(), follow=True))
    browser().post("/aanmelden", {"email": "sjaan@voorbeeld.example"})
    sent = outbox.outbox[-1]
    assert sent.subject == "Code van Meierijstad" and "Typ dit over: " in sent.body
    assert "{" not in sent.subject + sent.body
    manager.post(f"{PAGE}/terug")
    browser().post("/aanmelden", {"email": "sjaan@voorbeeld.example"})
    assert outbox.outbox[-1].subject == "Je code voor Omzien Meierijstad"
    assert "Dit is je code: " in outbox.outbox[-1].body


@pytest.mark.parametrize(
    "fields,said",
    [
        ({"body": "Typ de code over."}, "moet {code} staan"),
        ({"subject": "Je code is {code}"}, "“{code}” is geen invulveld"),
        ({"body": "{code} voor {naam}"}, "“{naam}” is geen invulveld"),
        ({"body": "{code} {email}"}, "geen invulveld"),
        ({"body": "{code.__class__} {code}"}, "geen invulveld"),
        ({"body": "{code}\nhttps://kwaad.example/x"}, "is een webadres of mailadres"),
        ({"body": "{code} HTTP://1.2.3.4/"}, "is een webadres of mailadres"),
        ({"body": "{code} www.kwaad"}, "is een webadres of mailadres"),
        ({"body": "{code} Ga naar kwaad.nl/aanmelden"}, "“kwaad.nl” is een webadres"),
        ({"body": "{code} Mail help@kwaad.nl"}, "is een webadres of mailadres"),
        ({"subject": "Kijk op kwaad.nl"}, "is een webadres of mailadres"),
        ({"body": "{code} <a href=x>"}, "geen HTML"),
        ({"body": "{code} " + "x" * 6000}, "te lang"),
    ],
)
def test_what_is_not_safe_is_refused_also_as_a_preview(manager, fields, said):
    for more in ({}, {"preview": "1"}):
        answer = manager.post(PAGE, wanted(**fields) | more)
        assert answer.status_code == 400 and said in text(answer).replace("&#x27;", "'")
        assert "Zo ziet de mail eruit" not in text(answer)
    assert town().settings == {}


def test_short_words_with_dots_are_no_address(world):
    assert choose(code__body="{code}\n\nBel o.a. op 9.00 of m.u.v. vrijdag. Tot 17.00 uur.")


def test_a_preview_shows_an_example_and_keeps_nothing(manager):
    page = text(manager.post(PAGE, wanted() | {"preview": "1"}))
    assert "Typ dit over: 123456" in page and "Code van Meierijstad" in page
    assert town().settings == {}


def test_it_travels_in_the_same_file_and_a_file_is_checked_as_well(manager):
    choose(code__subject="Code van {gemeente}")
    content = json.loads(manager.get("/beheer/instellingen/bestand/download").content)
    assert content["settings"]["mail.code.subject"] == "Code van {gemeente}"
    content["settings"] |= {"mail.code.body": "Kijk op kwaad.nl: {code}"}
    file = SimpleUploadedFile("x.json", json.dumps(content).encode())
    answer = manager.post("/beheer/instellingen/bestand", {"file": file})
    assert answer.status_code == 400 and "kwaad.nl" in text(answer)


def test_who_reads_in_english_gets_the_mail_in_english(world):
    choose(code__body="Typ dit over: {code}")
    with override("en"):
        assert "Typ dit over" not in letter("code", town(), code="123456").body
        later = letter_later("account-closed", town())
        assert later.subject == "Je account bij Omzien Meierijstad is gesloten"
    assert "Typ dit over: 123456" in letter("code", town(), code="123456").body


@pytest.mark.parametrize("code", OURS)
def test_every_shipped_text_passes_its_own_checks_and_fills_its_places(world, code):
    mail = MAILS[code]
    letter = shipped(mail, world.meierijstad)
    raw = {f"mail.{code}.subject": letter.subject, f"mail.{code}.body": letter.body + "\n\nDag!"}
    with working_for(HERE):
        assert change_settings(municipality=town(), raw=raw, by=SYSTEM) == [f"mail.{code}.body"]
    filled = letter_later(code, town(), code="1", link="L", wat="W")
    assert "{" not in filled.subject + filled.body and "Dag!" in filled.body


@pytest.mark.parametrize("code", OURS)
def test_no_mail_of_signing_in_can_print_anything_of_a_person(world, code):
    known = {name for one in of_group(f"mail-{code}") for name in one.limits.places}
    assert known <= {"code", "link", "wat", "contact", "gemeente"}
    assert settings()[f"mail.{code}.subject"].limits.places == ("gemeente",)
    with pytest.raises(Refused):
        choose(**{f"{code}__body": "Zonder iets"})
