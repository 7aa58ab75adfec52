"""A resident died or moved: the question ends with care, and nobody gets mail any more."""

import json
from pathlib import Path

import pytest

from tests.journeys.walking import SMALL, ask, looked, pick, press, says, to, work_on

pytestmark = pytest.mark.journeys


def leave(visitor, who, reference):
    """Go from the list to the page on which somebody has left."""
    work_on(visitor, who, reference)
    press(visitor.page, "De inwoner is overleden of verhuisd")
    looked(visitor)
    return visitor.page


def test_a_question_of_who_died_ends_with_care(newcomer):
    resident, worker = newcomer(**SMALL), newcomer()
    email = "nelly.bergmans@voorbeeld.example"
    story = "Ik zoek gezelschap op zondag."
    reference = ask(resident, story, "Schijndel", name="Nelly Bergmans", email=email)
    page = leave(worker, "Ans van den Berg", reference)
    press(page, "Rond de vraag met zorg af")
    says(page, "Zet eerst een vinkje.")
    looked(worker)
    pick(page, "Ja, ik weet dit zeker")
    press(page, "Rond de vraag met zorg af")
    says(page, "De vraag is met zorg afgerond. Er gaat geen mail meer uit.")
    looked(worker)
    worker.open("/werk/lijst")
    assert not page.get_by_text(reference).count()
    worker.open("/werk/afgerond")
    says(page, reference)


def test_who_moved_takes_the_own_file_along(newcomer):
    resident, worker, coordinator = newcomer(**SMALL), newcomer(), newcomer()
    page, other = worker.page, coordinator.page
    numbers = {
        name: ask(resident, "Ik ga verhuizen.", "Schijndel", name=name, email=f"{mail}.example")
        for name, mail in (("Wies Roks", "wies@voorbeeld"), ("Cas Roks", "cas@voorbeeld"))
    }
    leave(worker, "Ans van den Berg", numbers["Wies Roks"])
    press(page, "Rond de vraag af", kind="submit")
    says(page, "weet")  # the resident must know first
    looked(worker)
    pick(page, "De inwoner weet dat we de vraag afronden")
    press(page, "Rond de vraag af", kind="submit")
    says(page, "De inwoner kan de gegevens zelf ophalen.")
    looked(worker)

    # A coordinator gets the file, to give to the resident.
    leave(coordinator, "Jolanda Bos", numbers["Cas Roks"])
    pick(other, "De inwoner weet dat we de vraag afronden")
    to(other, "Rond af en haal het bestand op")
    with other.expect_download() as loading:
        other.keyboard.press("Enter")
    with Path(loading.value.path()).open(encoding="utf-8") as file:
        assert numbers["Cas Roks"] in json.dumps(json.load(file))
