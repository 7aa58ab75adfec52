"""The first word: a resident asks and follows it, and a caller's question is written down."""

import json

import pytest

from tests.journeys.test_roles import become
from tests.journeys.walking import (
    SMALL,
    ask,
    choose,
    follow,
    looked,
    mailed,
    number_of,
    pick,
    press,
    says,
    to,
    unfold,
    work_on,
    write,
)

pytestmark = pytest.mark.journeys
MAIL = "gijs.kersten@voorbeeld.example"


def test_a_question_from_a_small_village_goes_to_its_own_team_and_can_be_followed(newcomer):
    visitor = newcomer(**SMALL)
    page = visitor.page
    story = "Ik wil weer naar het dorpshuis maar ik durf niet alleen te gaan."
    reference = ask(visitor, story, "Boerdonk", name="Gijs Kersten", email=MAIL)
    says(page, "Gebiedsteam Erp")
    looked(visitor)
    assert mailed(visitor, MAIL, f"({reference})")
    path = follow(visitor, MAIL)
    looked(visitor)
    says(page, "Uiterlijk:")
    says(page, "Gebiedsteam Erp")
    says(page, "Er wordt niets gedeeld buiten het team dat je helpt.")

    # Somebody of the team reads it; the resident sees that, and takes everything along.
    work_on(newcomer(), "Kees van Dijk", reference)
    visitor.open(path)
    unfold(page, "Laat de lijst zien")
    says(page, "een coördinator, Welzijn De Brede Kring")
    looked(visitor)
    to(page, "Download voor een ander programma")
    with page.expect_download() as found:
        page.keyboard.press("Enter")
    told = json.loads(found.value.path().read_text("utf-8"))
    assert story in json.dumps(told, ensure_ascii=False)


def test_a_connector_writes_down_what_a_caller_asks_and_a_colleague_of_a_partner_takes_it(visitor):
    page = become(visitor, "Ans van den Berg")
    visitor.open("/werk/nieuwe-vraag")
    pick(page, "aan de telefoon")
    write(page, "Waar gaat de vraag over?", "Wie helpt mij de tuin winterklaar te maken?")
    write(page, "Dorp of postcode", "Wijbosch")
    write(page, "Naam", "Dora Kemps")
    write(page, "Telefoon", "06-5550 3344")
    pick(page, "bellen")
    pick(page, "De inwoner weet dat ik dit opschrijf")
    press(page, "Verstuur de vraag")
    looked(visitor)
    says(page, "Lees dit voor aan wie belt of bij je staat.")
    reference = number_of(page)

    work_on(visitor, "Ans van den Berg", reference)
    press(page, "Pak de vraag op")
    says(page, "De vraag is nu bij jou.")
    work_on(visitor, "Jolanda Bos", reference)
    unfold(page, "Geef aan een collega")
    choose(page, "Wie neemt de vraag?", "Esra Yildiz")
    press(page, "Geef de vraag")
    says(page, "De vraag is bij iemand anders.")
    looked(visitor)
    become(visitor, "Esra Yildiz")
    visitor.open("/werk/lijst?holder=me")
    says(page, "Dora Kemps")
