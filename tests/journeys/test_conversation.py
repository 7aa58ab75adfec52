"""A resident and the one who helps them talk; the team writes notes and tasks beside it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.test_roles import become
from tests.journeys.walking import (
    SMALL,
    choose,
    looked,
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
ASKED = "Past woensdag je om kennis te maken?"
ANSWER = "Woensdag na tienen past goed."
NOTE = "Belt liever niet; een bericht is beter."


def test_a_worker_asks_something_and_the_resident_answers(newcomer):
    resident, worker = newcomer(**SMALL), newcomer()
    page = become(resident, "Sjaan van Esch")
    resident.open("/mijn-vragen")
    press(page, "Vraag van")
    mine = page.url
    reference = number_of(page)

    at_work = worker.page
    work_on(worker, "Ans van den Berg", reference)
    press(at_work, "Gesprek")
    write(at_work, "Je bericht", ASKED)
    pick(at_work, "Ik vraag iets en wacht op antwoord")
    press(at_work, "Verstuur", kind="submit")
    says(at_work, "We wachten op een antwoord")
    write(at_work, "Nieuwe notitie", NOTE)
    press(at_work, "Bewaar de notitie")
    looked(worker)

    page.goto(mine)
    says(page, "We vroegen je iets.")
    says(page, ASKED)
    unfold(page, "Wat het team over je vraag opschreef")
    says(page, NOTE)
    page.reload()
    write(page, "Schrijf een bericht", ANSWER)
    press(page, "Verstuur", kind="submit")
    says(page, ANSWER)
    assert not page.get_by_text("We vroegen je iets.").count()
    looked(resident)

    at_work.reload()
    says(at_work, ANSWER)
    assert not at_work.get_by_text("We wachten op een antwoord").count()

    # Her son helps along: he reads what was said, and no notes.
    son = newcomer(**SMALL)
    along = become(son, "Toon van Esch")
    son.open("/rol")
    press(along, "Kies deze rol: naaste met een machtiging")
    son.open("/mijn-vragen")
    press(along, "Vraag van")
    says(along, ANSWER)
    assert not along.get_by_text(NOTE).count()
    assert not along.get_by_text("Je eigen notities").count()
    looked(son)


def test_a_task_is_made_and_done(visitor):
    page = become(visitor, "Bram de Laat")
    visitor.open("/werk/lijst")
    press(page, "Truus Aarts")
    unfold(page, "Schrijf een taak op")
    write(page, "Wat moet er gebeuren?", "De logeeropvang bellen")
    write(page, "Voor welke dag?", f"{timezone.localdate():%d-%m-%Y}")
    choose(page, "Wie doet het?", "Gerda Peters")
    press(page, "Bewaar de taak")
    says(page, "De taak is bewaard.")
    looked(visitor)
    become(visitor, "Gerda Peters")
    visitor.open("/werk")
    says(page, "De logeeropvang bellen")
    to(page, "Klaar: De logeeropvang bellen")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    says(page, "De taak is klaar.")
    # Text that is there when a page comes in is read out by no screen reader; this is.
    expect(page.locator("#voorgelezen")).to_have_text("De taak is klaar.")


def test_on_a_narrow_screen_what_stands_above_the_questions_folds(visitor, newcomer):
    """Also without JavaScript; on a wide screen all of it is there at once."""
    worker = newcomer(java_script_enabled=False, **SMALL)
    page = become(worker, "Bram de Laat")
    worker.open("/werk")
    lists = page.get_by_role("link", name="Alle vragen van het team")
    expect(lists.first).to_be_hidden()
    unfold(page, "Meer lijsten en pagina's")
    press(page, "Alle vragen van het team")
    expect(page.get_by_label("Dorp")).to_be_hidden()
    unfold(page, "Filters")
    choose(page, "Dorp", "Veghel")
    press(page, "Laat zien")
    says(page, "Filters (Dorp: Veghel)")

    at_desk = become(visitor, "Bram de Laat")
    visitor.open("/werk")
    expect(at_desk.locator("summary")).to_be_hidden()
    press(at_desk, "Alle vragen van het team")
    expect(at_desk.get_by_label("Dorp")).to_be_visible()
    looked(visitor)
