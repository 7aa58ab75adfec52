"""Reading a question of another team in an emergency, and looking over afterwards who did."""

import pytest

from tests.journeys.test_roles import become
from tests.journeys.walking import SMALL, ask, follow, looked, mailed, press, says, write

pytestmark = pytest.mark.journeys
MAIL = "betsie.kanters@voorbeeld.example"
STORY = "Ik durf mijn eigen voordeur niet meer open te doen."


def test_a_worker_reads_in_an_emergency_and_others_look_it_over(newcomer):
    resident, worker, coordinator, officer = newcomer(**SMALL), newcomer(), newcomer(), newcomer()
    page, at_work, other = resident.page, worker.page, coordinator.page
    reference = ask(resident, STORY, "Erp", name="Betsie Kanters", email=MAIL)
    follow(resident, MAIL)

    become(worker, "Ans van den Berg")
    worker.open("/vandaag")
    press(at_work, "Lees in nood")
    says(at_work, "Je leest een vraag van een ander team, vier uur lang.")
    looked(worker)
    press(at_work, "Open de vraag")
    assert at_work.evaluate("document.activeElement.id") == "fouten"  # not without a reason
    looked(worker)
    write(at_work, "Kenmerk van de vraag", reference)
    write(at_work, "Waarom moet je nu lezen?", "Zij belt, en haar team is niet te bereiken.")
    press(at_work, "Open de vraag")
    says(at_work, "Je leest mee tot over vier uur.")
    says(at_work, STORY)
    looked(worker)

    # The resident hears it, and reads in the own log who it was.
    mailed(resident, MAIL, r"(omdat wachten niet kon)")
    resident.open("/account/wie-keek")
    says(page, "met de noodknop")
    looked(resident)

    become(coordinator, "Kees van Dijk")
    coordinator.open("/vandaag")
    press(other, "Kijk ze na")
    says(other, "Zij belt, en haar team is niet te bereiken.")
    assert not other.get_by_text(STORY).count()
    looked(coordinator)
    card = other.locator("form.card", has_text=reference)
    card.locator("input[value=ja]").first.focus()
    other.keyboard.press("ArrowDown")
    write(other, "Licht het kort toe", "Ons noodnummer werkte wel.")
    press(other, "Nagekeken")
    says(other, "De noodinzage is nagekeken.")
    says(other, "niet terecht")
    looked(coordinator)
    become(officer, "Nel Wouters")
    officer.open("/werk/noodinzages")
    says(officer.page, "Ons noodnummer werkte wel.")
    looked(officer)
