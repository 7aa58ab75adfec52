"""Looking after each other and being early: a worry, arrears, and what cannot wait."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.test_roles import become
from tests.journeys.walking import SMALL, choose, looked, pick, press, says, to, write

pytestmark = pytest.mark.journeys


def test_a_neighbour_worries_and_the_team_talks_with_the_one_it_is_about(newcomer):
    neighbour, worker = newcomer(**SMALL), newcomer()
    page, at_work = neighbour.page, worker.page
    neighbour.open("/zorgen")
    assert page.locator("main :is(h2, form)").first.inner_text() == "Kan het niet wachten? Bel."
    looked(neighbour)
    write(page, "Om wie gaat het?", "De man op de hoek")
    choose(page, "In welk dorp of welke buurt?", "Schijndel")
    write(page, "Wat zie of hoor je?", "De gordijnen zijn al een week dicht.")
    choose(page, "Weet die persoon dat je dit meldt?", "Nee")
    press(page, "Verstuur", kind="submit")
    says(page, "Dank je wel dat je omkijkt")
    looked(neighbour)

    become(worker, "Ans van den Berg")
    worker.open("/werk/signalen")
    press(at_work, "De man op de hoek")
    says(at_work, "anoniem")
    looked(worker)
    press(at_work, "Ik pak dit op")
    pick(at_work, "Ja, ik heb het verteld")
    press(at_work, "Bewaar", kind="submit")
    looked(worker)
    write(at_work, "Naam van de persoon", "Henk Verbakel")
    write(at_work, "Telefoonnummer", "06-5550 4411")
    choose(at_work, "Hoe was het contact?", "op bezoek")
    write(at_work, "Wat zegt de persoon zelf?", "Ik slaap overdag en ben ’s nachts wakker.")
    press(at_work, "Maak er een vraag van")
    says(at_work, "Er is nu een vraag van deze persoon.")
    says(at_work, "Ik slaap overdag en ben ’s nachts wakker.")
    assert not at_work.get_by_text("gordijnen").count()
    looked(worker)


def test_arrears_lead_early_to_an_offer_to_talk_and_to_a_question(visitor, tmp_path):
    page = become(visitor, "Esra Yildiz")
    visitor.open("/werk/vroegsignalen")
    looked(visitor)
    day = timezone.localdate() - timedelta(days=20)
    heads = "partner;soort;adres;plaats;bedrag;contact op;herinnering op;naam;telefoon\n"
    row = f"Woonstichting Dommelend;huur;Kerkpad 3;Schijndel;640,50;{day:%d-%m-%Y};"
    path = tmp_path / "signalen.csv"
    path.write_text(f"{heads}{row};P. Achterberg;06-5550 4422\n", "utf-8")
    page.get_by_label("Bestand van de partner").set_input_files(path)
    press(page, "Lees in")
    says(page, "Er is niets ingelezen.")  # nobody reminded this person yet
    looked(visitor)
    path.write_text(f"{heads}{row}{day:%d-%m-%Y};P. Achterberg;06-5550 4422\n", "utf-8")
    page.get_by_label("Bestand van de partner").set_input_files(path)
    press(page, "Lees in")
    press(page, "P. Achterberg")
    press(page, "Ik heb een gesprek aangeboden")
    looked(visitor)
    says(page, "De inwoner mag weigeren.")
    write(page, "Naam van de persoon", "Pim Achterberg")
    write(page, "Telefoonnummer", "06-5550 4422")
    choose(page, "Hoe was het contact?", "aan de telefoon")
    write(page, "Wat zegt de persoon zelf?", "Ik wil graag dat iemand meekijkt met mijn geld.")
    press(page, "Maak er een vraag van")
    says(page, "Ik wil graag dat iemand meekijkt met mijn geld.")


def test_what_cannot_wait_is_flagged_taken_up_and_ended_by_the_team(visitor):
    page = become(visitor, "Bram de Laat")
    visitor.open("/werk/lijst")
    press(page, "Fatima El Amrani")
    press(page, "Kan niet wachten")
    press(page, "Maak deze vraag acuut")
    says(page, "Nog niemand heeft het opgepakt.")
    looked(visitor)
    visitor.open("/werk/acuut")
    says(page, "Nog niet opgepakt")
    page.go_back()
    press(page, "Ik pak dit op")
    says(page, "pakt het op, sinds")
    press(page, "Het is niet meer acuut", kind="submit")
    assert page.evaluate("document.activeElement.id") == "fouten"
    looked(visitor)
    write(page, "Waarom niet meer?", "Haar zus is er, en de huisarts weet het.")
    press(page, "Het is niet meer acuut", kind="submit")
    to(page, "Maak deze vraag acuut")
