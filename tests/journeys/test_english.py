"""Someone who reads English chooses it, and keeps it, with their question."""

import pytest

from tests.journeys.test_walk import look

pytestmark = pytest.mark.journeys


def test_a_newcomer_reads_the_site_in_english(visitor):
    page = visitor.page
    visitor.ask("I have debts and I cannot sleep", "Schijndel")
    assert page.locator("html").get_attribute("lang") == "nl"
    page.get_by_role("button", name="English").click()
    assert page.url.endswith("/antwoord") and page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#vraag").input_value() == "I have debts and I cannot sleep"
    assert "Schijndel" in page.get_by_role("heading", level=1).inner_text()
    look(visitor)
    for path in ("/", "/gebied/schijndel", "/aanbod/kop-boven-water", "/over"):
        visitor.open(path)
        assert page.get_by_role("button", name="Nederlands").is_visible()
        look(visitor)
