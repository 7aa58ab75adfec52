"""A partner says that there was a first talk; the resident says that there was none."""

from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from tests.journeys.test_receiver_without_account import offer
from tests.journeys.test_roles import become
from tests.journeys.walking import (
    SMALL,
    ask,
    follow,
    looked,
    pick,
    press,
    says,
    unfold,
    work_on,
    write,
)

pytestmark = pytest.mark.journeys
MAIL = "mina.schellekens@voorbeeld.example"


def test_a_resident_says_that_the_first_talk_was_not_there(newcomer):
    resident, worker, partner, coordinator = newcomer(**SMALL), newcomer(), newcomer(), newcomer()
    page, at_work, there = resident.page, worker.page, partner.page
    story = "Ik kan de steunkousen niet meer aan."
    reference = ask(resident, story, "Schijndel", name="Mina Schellekens", email=MAIL)
    mine = follow(resident, MAIL)
    work_on(worker, "Ans van den Berg", reference)
    press(at_work, "Pak de vraag op")
    offer(at_work, "Loket De Haverkist")
    press(at_work, "Bekijk wat het team ziet")
    assert at_work.evaluate("document.activeElement.id") == "voorbeeld"
    press(at_work, "Verstuur", kind="submit")
    of_offer = urlsplit(at_work.url).path

    become(partner, "Hanneke Smits")
    partner.open(of_offer)
    write(there, "Wie belt de inwoner?", "Hanneke Smits")
    press(there, "Ja, aannemen")
    write(there, "Welke dag?", f"{timezone.localdate():%d-%m-%Y}")
    pick(there, "Telefoon")
    pick(there, "Ja")
    press(there, "Leg het gesprek vast")
    says(there, "De vraag is nu van je team.")

    resident.open(mine + "/delen")
    says(page, "Eerste gesprek:")
    looked(resident)
    unfold(page, "Dit gesprek was er niet")
    looked(resident)
    write(page, "Wil je er iets bij zeggen?", "Er heeft niemand gebeld.")
    press(page, "Zeg dat dit gesprek er niet was")
    says(page, "Een coördinator kijkt ernaar en neemt contact met je op.")
    says(page, "Je zei: dit gesprek was er niet")
    looked(resident)
    assert not page.get_by_text("Zeg dat dit gesprek er niet was").count()  # once is enough
    # Who answers is a coordinator of the team that handed over, not who it is about.
    partner.open("/werk")
    assert not there.get_by_text("kijk mee, een overdracht lukt niet").count()
    become(coordinator, "Jolanda Bos")
    coordinator.open("/werk/bezwaren")
    press(coordinator.page, reference)
    says(coordinator.page, "Er heeft niemand gebeld.")
    says(coordinator.page, "Mina Schellekens")
    looked(coordinator)
    coordinator.open(of_offer)
    says(coordinator.page, "De inwoner zegt: dit gesprek was er niet")
    looked(coordinator)
