"""How it ends: closed together, asked after, open again, not agreed, or further alone."""

import pytest

from tests.journeys.test_roles import become
from tests.journeys.walking import (
    SMALL,
    ask,
    choose,
    follow,
    looked,
    mailed,
    pick,
    press,
    says,
    unfold,
    work_on,
    write,
)

pytestmark = pytest.mark.journeys
MAIL = "loes.evers@voorbeeld.example"
OTHER_MAIL = "guus.peeters@voorbeeld.example"


def test_a_closed_question_is_not_agreed_with_and_somebody_else_answers(newcomer):
    resident, worker, coordinator = newcomer(**SMALL), newcomer(), newcomer()
    page, at_work, other = resident.page, worker.page, coordinator.page
    story = "Ik zoek iemand die mij leert breien."
    reference = ask(resident, story, "Schijndel", name="Loes Evers", email=MAIL)
    mine = follow(resident, MAIL)
    work_on(worker, "Ans van den Berg", reference)
    press(at_work, "Pak de vraag op")
    unfold(at_work, "Rond de vraag af")
    choose(at_work, "Hoe is het gelopen?", "deels opgelost")
    choose(at_work, "Op welke trede kwam de hulp?", "Buren, vrijwilligers en clubs")
    press(at_work, "Rond af")
    assert at_work.evaluate("document.activeElement.id") == "fouten"  # the resident must know
    looked(worker)
    pick(at_work, "De inwoner weet dat de vraag wordt afgerond")
    press(at_work, "Rond af")
    says(at_work, "De vraag is afgerond.")

    resident.open(mine)
    looked(resident)
    press(page, "Ik ben het niet eens")
    write(page, "Waar ben je het niet mee eens?", "De breiclub is pas in mei.")
    press(page, "Verstuur", kind="submit")
    says(page, "Je krijgt antwoord uiterlijk")
    looked(resident)
    become(coordinator, "Jolanda Bos")
    coordinator.open("/werk/bezwaren")
    press(other, reference)
    write(other, "Je antwoord", "Je hebt gelijk. We zoeken iets dat nu begint.")
    press(other, "Verstuur het antwoord")
    looked(coordinator)
    resident.open(mine + "/niet-eens")
    says(page, "Je hebt gelijk. We zoeken iets dat nu begint.")
    resident.open(mine)
    press(page, "Open mijn vraag weer")
    assert page.locator(".hero").inner_text().count("Gebiedsteam Schijndel")
    looked(resident)


def test_after_six_weeks_somebody_calls_and_no_opens_the_question_again(visitor):
    page = become(visitor, "Ans van den Berg")
    visitor.open("/werk/nazorg")
    says(page, "Lies Verkuijlen")
    looked(visitor)
    press(page, "Nee")
    says(page, "Lies Verkuijlen")  # her question, open again
    assert "/werk/vraag/" in page.url
    visitor.open("/werk/nazorg")
    assert not page.get_by_text("Lies Verkuijlen").count()
    visitor.open("/werk/lijst")
    says(page, "Lies Verkuijlen")


def test_a_resident_can_go_on_alone_and_come_back(newcomer):
    visitor = newcomer(**SMALL)
    page = visitor.page
    story = "Wie kan mijn fiets maken? Ik wil het ook zelf leren."
    reference = ask(visitor, story, "Veghel", name="Guus Peeters", email=OTHER_MAIL)
    mine = follow(visitor, OTHER_MAIL)
    unfold(page, "Ik wil stoppen")
    pick(page, "Ik kan zelf verder")
    press(page, "Stop mijn vraag")
    says(page, "Open mijn vraag weer")
    looked(visitor)
    other = newcomer()
    become(other, "Bram de Laat")
    other.open("/werk/afgerond")
    says(other.page, reference)
    visitor.open(mine)
    press(page, "Open mijn vraag weer")
    says(page, "Ik wil stoppen")


def test_the_link_in_the_mail_asks_whether_it_is_solved_and_no_opens_it_again(newcomer):
    visitor, worker = newcomer(**SMALL), newcomer()
    page = visitor.page
    link = mailed(visitor, "toos.verhagen@voorbeeld.example", r"https?://[^/\s]+(/nazorg/\S+)")
    visitor.open(link)
    says(page, "Een tijd geleden rondden we je vraag af.")
    assert not page.get_by_text("schuur").count()  # who finds the mail reads nothing of it
    looked(visitor)
    press(page, "Nee, ik wil weer hulp")
    says(page, "We pakken het weer op. Gebiedsteam Schijndel neemt binnen 2 werkdagen contact")
    looked(visitor)
    become(worker, "Ans van den Berg")
    worker.open("/werk/lijst")
    says(worker.page, "Toos Verhagen")
    visitor.open(link)  # once is enough: the same link says what was answered
    says(page, "Dank je wel")
    assert not page.get_by_role("button", name="Nee, ik wil weer hulp").count()
