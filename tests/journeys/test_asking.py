"""Asking a person for help, with the keyboard only, on paper-thin screens and without a script."""

import re

import pytest

from tests.journeys.test_roles import become
from tests.journeys.test_walk import look
from tests.journeys.walking import to, write

pytestmark = pytest.mark.journeys
STORY = "Sinds mijn man weg is zit ik alleen thuis. Ik spreek hele dagen niemand."


def tab_to(page, name, *, most=80):
    """Press Tab until what has the focus is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => { const e = document.activeElement;
            return [e.labels && e.labels.length ? e.labels[0].innerText : '', e.innerText || '',
                    e.value || '', e.getAttribute('aria-label') || ''].join('|'); }"""
        )
        if name in focus:
            return
    raise AssertionError(f"Tab never comes to {name}")


def test_somebody_asks_with_the_keyboard_only(visitor):
    page = visitor.page
    visitor.open("/vraag")
    look(visitor)
    tab_to(page, "Waar wil je hulp bij?")
    page.keyboard.type(STORY)
    tab_to(page, "Je dorp of postcode")
    page.keyboard.type("Schijndel")
    page.keyboard.press("Enter")
    page.get_by_text("Stap 2 van 3").wait_for()
    look(visitor)
    tab_to(page, "Voor mezelf")
    page.keyboard.press("Space")
    tab_to(page, "Je naam")
    page.keyboard.type("Rina Roos")
    tab_to(page, "Je telefoonnummer")
    page.keyboard.type("06-5550 0001")
    tab_to(page, "Je mailadres")
    page.keyboard.type("rina.roos@voorbeeld.example")
    tab_to(page, "Bel me")
    page.keyboard.press("Space")
    tab_to(page, "Ga verder")
    page.keyboard.press("Enter")
    page.get_by_text("Stap 3 van 3").wait_for()
    look(visitor)
    assert page.get_by_text("Gebiedsteam Schijndel").first.is_visible()
    assert page.get_by_text(STORY).is_visible()
    tab_to(page, "Verstuur mijn vraag")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vraag/ontvangen")
    look(visitor)
    reference = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", page.inner_text("main"))[0]
    assert page.get_by_text("Gebiedsteam Schijndel").is_visible()
    visitor.open("/demo/post")
    assert page.get_by_text(reference).first.is_visible()
    assert not page.get_by_text("alleen thuis").count()
    page.go_back()
    assert page.get_by_text(reference).is_visible()  # the receipt, for an hour


def test_an_empty_form_says_what_is_missing_and_the_focus_is_there(visitor):
    visitor.open("/vraag")
    visitor.page.get_by_role("button", name="Ga verder").click()
    visitor.page.locator("#fouten").wait_for()
    assert visitor.page.evaluate("document.activeElement.id") == "fouten"
    look(visitor)
    visitor.page.get_by_label("Waar wil je hulp bij?").fill(STORY)
    visitor.page.get_by_label("Je dorp of postcode").fill("Schijndel")
    visitor.page.get_by_role("button", name="Ga verder").click()
    visitor.page.get_by_text("Stap 2 van 3").wait_for()
    visitor.page.get_by_role("button", name="Ga verder").click()
    visitor.page.get_by_role("link", name="Vul je naam in.").wait_for()
    look(visitor)


def test_from_the_answer_to_a_person_without_javascript(newcomer):
    visitor = newcomer(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = visitor.page
    visitor.ask("ik ben eenzaam en wil koffie drinken", "Schijndel")
    page.get_by_role("button", name="Vraag een mens om hulp").click()
    assert page.get_by_label("Waar wil je hulp bij?").input_value().startswith("ik ben eenzaam")
    page.locator("input[name=tried]").first.check()
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_label("Voor iemand anders die dit weet, of voor je kind").check()
    page.get_by_label("Naam van de ander").fill("Piet Roos")
    page.get_by_label("De ander weet dat ik dit vraag").check()
    page.get_by_label("Je naam").fill("Rina Roos")
    page.get_by_label("Je telefoonnummer").fill("06-5550 0001")
    page.get_by_label("Bel me").check()
    page.get_by_role("button", name="Ga verder").click()
    assert page.get_by_text("Al geprobeerd").is_visible()
    page.get_by_role("button", name="Verstuur mijn vraag").click()
    assert page.url.endswith("/vraag/ontvangen")


def test_without_javascript_the_page_s_own_button_leads_back_with_all_that_was_typed(newcomer):
    visitor = newcomer(java_script_enabled=False, viewport={"width": 320, "height": 740})
    page = visitor.page
    visitor.open("/vraag")
    page.get_by_label("Waar wil je hulp bij?").fill(STORY)
    page.get_by_label("Je dorp of postcode").fill("Schijndel")
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_label("Voor iemand anders die dit weet, of voor je kind").check()
    page.get_by_label("Naam van de ander").fill("Piet Roos")
    page.get_by_label("De ander weet dat ik dit vraag").check()
    page.get_by_label("Je naam").fill("Rina Roos")
    page.get_by_label("Je telefoonnummer").fill("06-5550 0001")
    page.get_by_label("Bel me").check()
    page.get_by_label("Wanneer kan het best?").fill("elke ochtend")
    page.get_by_role("button", name="Ga verder").click()
    assert page.get_by_text("Stap 3 van 3").is_visible()
    assert page.locator("noscript p").is_visible()
    page.get_by_role("button", name="Terug naar stap 2").click()
    assert page.locator("noscript p").is_visible()
    assert page.get_by_label("Naam van de ander").input_value() == "Piet Roos"
    assert page.get_by_label("De ander weet dat ik dit vraag").is_checked()
    assert page.get_by_label("Je naam").input_value() == "Rina Roos"
    page.get_by_label("Je naam").fill("Rina de Roos")  # also what is half done goes along
    page.get_by_label("Je telefoonnummer").fill("")
    page.get_by_role("button", name="Terug naar stap 1").click()
    assert page.get_by_label("Waar wil je hulp bij?").input_value() == STORY
    page.get_by_role("button", name="Ga verder").click()
    assert page.get_by_label("Je naam").input_value() == "Rina de Roos"
    assert page.get_by_label("Je telefoonnummer").input_value() == ""
    assert page.get_by_label("Wanneer kan het best?").input_value() == "elke ochtend"
    page.get_by_label("Je telefoonnummer").fill("06-5550 0001")
    page.get_by_role("button", name="Ga verder").click()
    assert page.get_by_text("Rina de Roos").is_visible()
    assert page.url.endswith("/vraag")


def test_danger_comes_before_the_form(visitor):
    visitor.open("/vraag")
    page = visitor.page
    write(page, "Waar wil je hulp bij?", "mijn man slaat mij en de kinderen")
    write(page, "Je dorp of postcode", "Schijndel")
    to(page, "Ga verder", kind="submit")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ga verder met mijn vraag").wait_for()
    first = page.locator("main :is(h1, h2, article, form)").first
    assert first.inner_text() == "Praat nu met iemand"
    look(visitor)
    to(page, "Ga verder met mijn vraag")
    page.keyboard.press("Enter")
    page.get_by_text("Stap 2 van 3").wait_for()


def test_a_connector_writes_down_what_a_caller_asks(visitor):
    become(visitor, "Bram de Laat")
    assert visitor.open("/werk/nieuwe-vraag").status == 200
    look(visitor)


def test_back_shows_the_step_before_as_it_was_left(visitor):
    page = visitor.page
    visitor.open("/vraag")
    page.get_by_label("Waar wil je hulp bij?").fill(STORY)
    page.get_by_label("Je dorp of postcode").fill("Schijndel")
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_text("Stap 2 van 3").wait_for()
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_role("link", name="Vul je naam in.").wait_for()
    page.go_back()  # after an error
    page.get_by_text("Stap 1 van 3").wait_for()
    assert page.get_by_label("Waar wil je hulp bij?").input_value() == STORY
    look(visitor)
    page.go_forward()
    page.get_by_text("Stap 2 van 3").wait_for()
    page.get_by_label("Voor mezelf").check()
    page.get_by_label("Je naam").fill("Rina Roos")
    page.get_by_label("Je telefoonnummer").fill("06-5550 0001")
    page.get_by_label("Bel me").check()
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_text("Stap 3 van 3").wait_for()
    page.go_back()
    page.get_by_text("Stap 2 van 3").wait_for()
    assert page.get_by_label("Je naam").input_value() == "Rina Roos"
    page.go_forward()
    page.get_by_text("Stap 3 van 3").wait_for()
    page.reload()
    page.get_by_text("Stap 3 van 3").wait_for()
    page.get_by_role("link", name="Lees hoe we met je gegevens omgaan").click()
    page.go_back()
    page.get_by_text("Stap 3 van 3").wait_for()
    page.get_by_role("button", name="Verstuur mijn vraag").click()
    page.wait_for_url("**/vraag/ontvangen")
    reference = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", page.inner_text("main"))[0]
    for _step in range(2):  # of what was sent no step comes back
        page.go_back()
        page.get_by_text(reference).wait_for()
    visitor.open("/vraag")
    assert page.get_by_label("Waar wil je hulp bij?").input_value() == ""


def test_what_was_not_sent_waits_and_can_begin_anew(visitor):
    page = visitor.page
    visitor.open("/vraag")
    page.get_by_label("Waar wil je hulp bij?").fill(STORY)
    page.get_by_label("Je dorp of postcode").fill("Schijndel")
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_text("Stap 2 van 3").wait_for()
    page.get_by_role("link", name="Begin opnieuw").click()
    page.get_by_text("Stap 1 van 3").wait_for()
    assert page.get_by_label("Waar wil je hulp bij?").input_value() == ""
