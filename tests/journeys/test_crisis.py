"""Someone who does not want to live any more: a number at once, and nothing is kept."""

import pytest

from tests.journeys.walking import look_for

pytestmark = pytest.mark.journeys


def test_the_number_stands_above_everything_and_nothing_is_stored(visitor, site):
    site.settle()  # mails of earlier walks are sent first
    before = site.contents()
    look_for(visitor, "ik wil niet meer leven", "Schijndel")
    page = visitor.page
    call = page.locator(".crisis a[href='tel:08000113'], .crisis a[href='tel:113']").first
    assert call.is_visible()
    first = page.locator("main :is(h1, h2, article, form)").first
    assert first.inner_text() == "Praat nu met iemand"
    box = call.bounding_box()
    assert box["y"] + box["height"] < 900, "the number is on the first screen"
    for other in ("#antwoord", "details", "article"):
        assert page.locator(f"main {other}").first.bounding_box()["y"] > box["y"]
    assert site.contents() == before
    assert "niet meer leven" not in site.log


def test_the_number_is_on_the_first_screen_of_a_small_telephone(newcomer):
    visitor = newcomer(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    look_for(visitor, "ik wil niet meer leven")
    call = visitor.page.locator(".crisis a[href^='tel:']").first.bounding_box()
    assert call["y"] + call["height"] < 740
    assert call["height"] >= 44


def test_the_numbers_are_there_without_javascript_too(newcomer):
    visitor = newcomer(java_script_enabled=False)
    look_for(visitor, "ik wil niet meer leven")
    assert visitor.page.locator(".crisis a[href^='tel:']").first.is_visible()
