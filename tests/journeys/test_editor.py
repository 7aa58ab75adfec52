"""An editor signs in, looks at what waits and teaches the search a word."""

import re

import pytest

from tests.journeys.test_walk import look

pytestmark = pytest.mark.journeys


def test_an_editor_signs_in_and_teaches_a_word(visitor, site):
    mail, password = re.search(r"/redactie met (\S+) en wachtwoord (\S+)", site.log).groups()
    visitor.open("/redactie")
    page = visitor.page
    page.get_by_label("Mailadres").fill(mail)
    page.get_by_label("Wachtwoord").fill(password)
    page.get_by_role("button", name="Meld me aan").click()
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
