"""A tired daughter looks for help for her mother: two steps, whatever her means."""

import pytest

pytestmark = pytest.mark.journeys

QUESTION = "mijn moeder vergeet steeds meer en ik trek het niet meer"
NUMBER = "#antwoord a[href^='tel:']"


def test_a_tired_daughter_reaches_a_phone_number_in_two_steps(visitor):
    visitor.ask(QUESTION, "Schijndel")
    assert "Schijndel" in visitor.page.get_by_role("heading", level=1).inner_text()
    assert "Dementie" in visitor.page.locator("#inhoud").inner_text()
    number = visitor.page.locator(NUMBER).first
    assert number.is_visible()
    assert visitor.page.locator("#antwoord article").first.is_visible()
    assert "moeder" not in visitor.page.url


def test_she_does_so_with_the_keyboard_alone(visitor):
    page = visitor.page
    visitor.open("/")
    _tab_to(page, "#vraag", most=15)
    page.keyboard.type(QUESTION)
    _tab_to(page, "#plaats", most=1)
    page.keyboard.type("Schijndel")
    _tab_to(page, "button[type=submit]", most=1)
    assert _has_a_visible_outline(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/antwoord")
    _tab_to(page, "a[href='#inhoud']", most=1)
    page.keyboard.press("Enter")
    _tab_to(page, NUMBER, most=12)
    assert _has_a_visible_outline(page)


def test_she_does_so_without_javascript(newcomer):
    visitor = newcomer(java_script_enabled=False)
    visitor.ask(QUESTION, "Schijndel")
    assert visitor.page.locator(NUMBER).first.is_visible()
    assert visitor.page.locator("[data-map-open]").is_hidden()
    assert "De lijst is volledig" in visitor.page.locator("#antwoord").inner_text()


@pytest.mark.parametrize("typed", ["Schijndl", "schijndel ", "5481", "SCHIJNDEL"])
def test_she_does_so_with_the_place_mistyped(visitor, typed):
    visitor.ask(QUESTION, typed)
    assert "Schijndel" in visitor.page.locator("#inhoud").inner_text()
    assert visitor.page.locator(NUMBER).first.is_visible()


def test_she_does_so_on_a_small_telephone(newcomer):
    visitor = newcomer(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    visitor.ask(QUESTION, "Schijndel")
    number = visitor.page.locator(NUMBER).first
    number.scroll_into_view_if_needed()
    assert number.bounding_box()["width"] <= 320
    assert number.bounding_box()["height"] >= 24  # WCAG 2.2, 2.5.8: a target of 24 pixels


def test_nobody_finds_her_words_in_a_log_or_a_table(visitor, site):
    visitor.ask("mijn moeder heet geheimnaampje en vergeet alles", "Schijndel")
    assert "geheimnaampje" not in site.log
    assert "geheimnaampje" not in str(site.contents())


def _tab_to(page, selector: str, *, most: int) -> None:
    """Press Tab until the focus stands on `selector`; fail when that takes too many."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    where = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(f"{selector} is not reached in {most} steps; the focus is on {where}")


def _has_a_visible_outline(page) -> bool:
    return bool(
        page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 })()"
        )
    )
