"""A question on its way: a worker opens all its pages, and it goes over warmly to a partner."""

import pytest
from django.utils import timezone

from tests.journeys.test_roles import become
from tests.journeys.test_walk import look
from tests.journeys.walking import looked, pick, press, says, write

pytestmark = pytest.mark.journeys


def links(page, start: str) -> list[str]:
    """Return where the links of a page lead that begin with `start`."""
    found = page.eval_on_selector_all(f"main a[href^='{start}']", "all => all.map(a => a.pathname)")
    return list(dict.fromkeys(found))


def test_a_connector_looks_at_everything_around_a_question(visitor):
    page = become(visitor, "Ans van den Berg")
    visitor.open("/werk")
    question = links(page, "/werk/vraag/")[0]
    visitor.open(question)
    tabs = links(page, question + "/")
    assert {tab.rsplit("/", 1)[1] for tab in tabs} >= {"gesprek", "plan", "overdragen", "overleg"}
    for path in [question, *tabs, question + "/acuut"]:
        assert visitor.open(path).status == 200, path
        look(visitor)


def test_a_resident_looks_at_everything_around_their_question(visitor):
    page = become(visitor, "Sjaan van Esch")
    visitor.open("/mijn-vragen")
    question = next(path for path in links(page, "/mijn-vragen/") if len(path) > 40)
    for more in ("", "/plan", "/delen", "/niet-eens"):
        assert visitor.open(question + more).status == 200, more
        look(visitor)
    visitor.open(question)
    page.get_by_label("Schrijf een bericht").fill("Morgen kan ik niet, donderdag wel.")
    page.get_by_role("button", name="Verstuur").click()
    assert page.get_by_text("Morgen kan ik niet, donderdag wel.").is_visible()


def test_a_question_goes_over_warmly_and_only_then_changes_its_owner(visitor):
    page = become(visitor, "Hanneke Smits")
    visitor.open("/werk/overdrachten")
    for path in links(page, "/werk/overdracht/"):
        visitor.open(path)
        look(visitor)
        if page.get_by_role("button", name="Ja, aannemen").is_visible():
            break
    write(page, "Wie belt de inwoner?", "Hanneke Smits")
    press(page, "Ja, aannemen")
    looked(visitor)
    write(page, "Welke dag?", f"{timezone.localdate():%d-%m-%Y}")
    pick(page, "Telefoon")
    pick(page, "Ja")
    press(page, "Leg het gesprek vast")
    says(page, "De vraag is nu van je team.")
    visitor.open("/demo/post")
    assert page.get_by_text("Een vraag is overgedragen").first.is_visible()
