"""A place is full: somebody waits for it, knows who helps meanwhile, and may stop waiting."""

import pytest

from tests.journeys.test_roles import become
from tests.journeys.walking import (
    SMALL,
    choose,
    looked,
    number_of,
    pick,
    press,
    says,
    unfold,
    work_on,
    write,
)

pytestmark = pytest.mark.journeys
WHAT = "Een plek in de eetgroep"


def test_who_waits_knows_for_what_and_who_helps_and_may_stop(newcomer):
    resident, worker, partner = newcomer(**SMALL), newcomer(), newcomer()
    page, at_work, there = resident.page, worker.page, partner.page
    become(partner, "Hanneke Smits")
    partner.open("/werk/overdrachten")
    pick(there, "Er is een wachtlijst")
    write(there, "Hoeveel plekken zijn er vrij?", "0")
    looked(partner)
    press(there, "Bewaar")
    says(there, "Er zijn nog 0 plekken vrij.")
    says(there, "Er wacht niemand.")

    become(resident, "Sjaan van Esch")
    resident.open("/mijn-vragen")
    press(page, "Vraag van")
    mine = page.url
    says(page, "Waar je op wacht")
    looked(resident)
    work_on(worker, "Ans van den Berg", number_of(page))
    press(at_work, "Samen met anderen")
    unfold(at_work, "Zet de vraag op een wachtlijst")
    looked(worker)
    choose(at_work, "Van welk team?", "Loket De Haverkist")
    write(at_work, "Waarop wacht de inwoner?", WHAT)
    write(at_work, "Wat helpt tot er plek is?", "Een buurvrouw kookt op maandag")
    pick(at_work, "De inwoner weet dit, en wil wachten")
    press(at_work, "Zet op de lijst")
    says(at_work, "De vraag staat op de lijst.")
    looked(worker)

    partner.open("/werk/overdrachten")
    says(there, WHAT)
    assert not there.get_by_text("Sjaan").count()
    looked(partner)
    # From here on it counts no places, or the clock would call as well.
    write(there, "Hoeveel plekken zijn er vrij?", "")
    there.keyboard.press("Delete")
    press(there, "Bewaar")
    press(there, f"Er is plek voor deze vraag: {WHAT}")
    says(there, "Plek gemeld")
    looked(partner)

    at_work.reload()
    says(at_work, "Er is plek. Bel de inwoner")
    looked(worker)
    page.goto(mine)
    says(page, "Een buurvrouw kookt op maandag")
    looked(resident)
    press(page, "Ik wil hier niet meer op wachten: Loket De Haverkist")
    says(page, "Je wacht hier niet meer op.")
    looked(resident)
    partner.open("/werk/overdrachten")
    says(there, "Er wacht niemand.")
    pick(there, "Er is plek")  # as it was
    press(there, "Bewaar")
