"""Trouble between neighbours: from the report of one to two volunteers who have to do with none."""

import re

import pytest
from django.utils import timezone

from tests.journeys.test_roles import become
from tests.journeys.walking import SMALL, choose, looked, pick, press, says, write

pytestmark = pytest.mark.journeys


def test_a_neighbour_asks_for_mediation_and_two_volunteers_are_asked(newcomer):
    neighbour, coordinator, mediator = newcomer(**SMALL), newcomer(), newcomer()
    page, at_work, beside = neighbour.page, coordinator.page, mediator.page
    neighbour.open("/buurtbemiddeling")
    looked(neighbour)
    choose(page, "Waar gaat het om?", "Huisdieren")
    write(page, "Wat is er, en wat hoop je?", "De hond blaft de hele dag. Ik wil rust.")
    choose(page, "In welk dorp of welke buurt?", "Schijndel")
    write(page, "Naam", "Gon Ketelaars")
    write(page, "Telefoon", "06-5550 4501")
    write(page, "Straat en huisnummer", "Mezenhof 2")
    write(page, "Straat en nummer van de andere buur", "Mezenhof 4")
    press(page, "Verstuur", kind="submit")
    says(page, "Je bericht is binnen")
    looked(neighbour)
    number = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", page.inner_text("main"))[0]

    become(coordinator, "Marloes Kerkhof")
    coordinator.open("/werk/bemiddeling")
    looked(coordinator)
    press(at_work, f"{number}: Huisdieren, Schijndel")
    says(at_work, "De hond blaft de hele dag.")
    looked(coordinator)
    write(at_work, "Wanneer sprak je de melder?", f"{timezone.localdate():%d-%m-%Y}")
    press(at_work, "Ga verder")
    says(at_work, "Wat de melder schreef, is gewist.")
    assert not at_work.get_by_text("De hond blaft").count()
    looked(coordinator)
    press(at_work, "Vraag wie is aangevinkt")
    says(at_work, "Gevraagd.")
    looked(coordinator)

    become(mediator, "Fatma Demir")
    mediator.open("/bemiddelen")
    looked(mediator)
    press(beside, "Huisdieren, Schijndel")
    says(beside, "Gon Ketelaars, Mezenhof 2")
    assert not beside.get_by_text("06-5550 4501").count()
    looked(mediator)
    pick(beside, "Ik ken deze buren niet")
    press(beside, "Ja", kind="submit")
    says(beside, "06-5550 4501")
    looked(mediator)
