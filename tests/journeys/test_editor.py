"""An editor signs in, looks at what waits and teaches the search a word."""

import re

import pytest

from tests.journeys.test_walk import look

pytestmark = pytest.mark.journeys


def sign_in(visitor, site, path, person="Riet van de Redactie"):
    """Open a page as somebody of the demonstration, chosen on its page of roles."""
    visitor.open(f"/demo/rollen?next={path}")
    page = visitor.page
    page.get_by_role("button", name=person).first.click()
    return page


def test_an_editor_signs_in_and_teaches_a_word(visitor, site):
    page = sign_in(visitor, site, "/redactie")
    assert page.locator("h1").inner_text() == "Redactie"
    look(visitor)
    page.get_by_role("link", name="Zoekwoorden").click()
    page.get_by_label("Wat mensen typen").fill("kletspot")
    page.get_by_label("Wat het betekent").fill("koffie, gezelschap")
    page.get_by_role("button", name="Voeg toe").click()
    assert page.get_by_text("Het woord doet nu mee").first.is_visible()
    look(visitor)
    page.get_by_role("button", name=re.compile("Haal weg.*kletspot")).click()
    assert page.get_by_text("Het woord is weggehaald.").first.is_visible()


def test_an_editor_brings_in_a_file_and_looks_at_the_questions(visitor, site):
    page = sign_in(visitor, site, "/redactie/importeren")
    look(visitor)
    _send(page, "titel;omschrijving;aanbieder;kern\n;Koffie;De Linde;Schijndeel\n")
    assert page.get_by_text("Bedoel je Schijndel?").is_visible()
    look(visitor)
    page.get_by_role("link", name="Stuur het verbeterde bestand").click()
    rows = "Koffie op de reis;Elke dag;De Linde;Schijndel\nKoffie op reis;Elke dag;De Linde;Eerde\n"
    _send(page, f"titel;omschrijving;aanbieder;kern\n{rows}")
    look(visitor)
    page.get_by_role("button", name="Zet deze 2 op de site").click()
    assert page.locator("h1").inner_text() == "Het staat op de site"
    look(visitor)
    visitor.open("/redactie/vragen")
    assert page.get_by_text("geen aantallen mensen").is_visible()
    look(visitor)


def _send(page, text):
    file = {"name": "aanbod.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("Je bestand").set_input_files(file)
    page.get_by_role("button", name="Kijk mijn bestand na").click()


def test_an_editor_puts_something_on_the_site_mends_it_and_takes_it_off(visitor, site):
    page = sign_in(visitor, site, "/redactie/aanbod")
    page.get_by_role("link", name="Zet er iets bij").click()
    look(visitor)
    page.get_by_label("Wie biedt het aan?").fill("Breikring Tante Truus")
    page.get_by_label("Naam", exact=True).fill("Breien bij Truus")
    page.get_by_label("Wat is het?").fill("Elke maandag breien met koffie.")
    page.get_by_text("Ontmoeten").first.click()
    page.get_by_label("Dagen en tijden").fill("soms")
    page.get_by_role("button", name="Zet op de site").click()
    assert page.get_by_text("kan ik niet lezen").first.is_visible()
    look(visitor)
    page.get_by_label("Dagen en tijden").fill("ma 10:00-12:00")
    page.get_by_role("button", name="Zet op de site").click()
    assert page.get_by_text("Het staat op de site.").first.is_visible()
    page.get_by_label("Straat en huisnummer").fill("Markt 1")
    page.get_by_role("button", name="Sla op").click()
    assert page.get_by_label("Straat en huisnummer").first.input_value() == "Markt 1"
    page.get_by_role("button", name="Nog een plek").click()
    look(visitor)
    page.get_by_label("Straat en huisnummer").nth(1).fill("Plein 2")
    page.get_by_label("Haal deze plek weg").first.check()
    page.get_by_role("button", name="Sla op").click()
    assert page.get_by_label("Straat en huisnummer").first.input_value() == "Plein 2"
    page.get_by_role("link", name="Haal het van de site").click()
    look(visitor)
    page.get_by_role("button", name="Ja, haal het van de site").click()
    look(visitor)
    page.get_by_role("button", name="Zet weer op de site").click()
    assert page.get_by_text("Het staat weer op de site").first.is_visible()
    page.get_by_role("link", name="Haal het van de site").click()
    page.get_by_role("button", name="Ja, haal het van de site").click()
