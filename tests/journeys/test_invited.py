"""From an invitation in the mail to a page of one's role: by a password, and by sign-on."""

import re
import time
from urllib.parse import urlsplit

import pytest

from tests.journeys.test_roles import become
from tests.journeys.test_signing_in import PASSWORD, app_code, press
from tests.journeys.test_walk import look
from tests.provider import running

pytestmark = pytest.mark.journeys
TODAY = "Wat wacht er vandaag op je?"


@pytest.fixture
def provider(site):
    """The demonstration, started anew with a municipal sign-on; afterwards as it was."""
    with running() as found:
        site.stop()
        site.more = {
            "OMZIEN_OIDC": f"""
[GM1948]
name = "Gemeente Meierijstad"
server_url = "{found.address}"
client_id = "omzien"
secret = "geheim"
"""
        }
        site.start("demo")
        try:
            yield found
        finally:
            site.stop()
            site.more = {}
            site.start("demo")


def invite(manager, name, address):
    """Let the functional manager give somebody a role; return the link from the mail."""
    page = become(manager, "Mo Bakkali")
    manager.open("/beheer/mensen/nieuw")
    page.get_by_label("Voornaam en achternaam").fill(name)
    page.get_by_label("Mailadres").fill(address)
    page.get_by_label("Rol", exact=True).select_option("policy_officer")
    page.get_by_label("Organisatie").select_option(label="Gemeente Meierijstad")
    press(page, "Geef deze rol")
    assert page.get_by_text("De rol is gegeven.").is_visible()
    for _ in range(60):
        manager.open("/demo/post")
        for mail in page.locator("article", has_text=address).all_inner_texts():
            if link := re.search(r"https?://\S+/uitnodiging/\S+", mail):
                return urlsplit(link[0]).path
        time.sleep(0.5)
    raise AssertionError("the invitation is not on the page of mail")


def put_on_role(visitor):
    """Choose the role; who has only one has it on already."""
    visitor.open("/rol")
    page = visitor.page
    if page.get_by_role("heading", name=TODAY).count() == 0:
        press(page.locator("main"), re.compile("beleidsmedewerker"))
        page.get_by_role("heading", name=TODAY).wait_for()
    assert "beleidsmedewerker" in page.get_by_role("navigation", name="Jouw rol").inner_text()


def test_an_invitation_leads_to_a_page_of_the_role(newcomer):
    path = invite(newcomer(), "Ineke Uitgenodigd", "ineke@voorbeeld.example")
    visitor = newcomer(viewport={"width": 1280, "height": 900})
    page = visitor.page
    visitor.open(path)
    look(visitor)
    page.get_by_label("Kies een wachtwoord").fill(PASSWORD)
    press(page, "Bewaar mijn wachtwoord")
    look(visitor)
    page.get_by_role("link", name="Meld je aan", exact=True).last.click()
    page.get_by_label("Mailadres").fill("ineke@voorbeeld.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Meld me aan", exact=True).click()
    page.get_by_role("heading", name="Mijn account").wait_for()
    visitor.open("/account/app")
    secret = page.locator("main code").inner_text()
    page.get_by_label("Code die de app laat zien").fill(app_code(secret))
    press(page, "Controleer en bewaar")
    page.locator("main code").nth(9).wait_for()  # the ten recovery codes
    put_on_role(visitor)
    assert visitor.open("/beheer/bewaren").status == 200
    look(visitor)
    # The link is used up.
    assert visitor.open(path).status == 410
    visitor.errors.clear()  # Chromium calls an answer of 410 an error


def test_the_municipalitys_sign_on_leads_to_a_page_of_the_role(newcomer, provider):
    path = invite(newcomer(), "Sonja Signon", "sonja@voorbeeld.example")
    for start in (path, "/aanmelden"):
        visitor = newcomer(viewport={"width": 1280, "height": 900})
        _only_here(visitor, provider)
        page = visitor.page
        visitor.open(start)
        look(visitor)
        press(page, "Meld me aan met Gemeente Meierijstad")
        page.wait_for_url(f"{provider.address}/**")
        page.locator("input[name=sub]").fill("sonja-1")
        press(page, "Authorize")
        page.wait_for_url(f"{visitor.site.address}/**")
        put_on_role(visitor)
        assert visitor.open("/beheer/bewaren").status == 200
        look(visitor)
        assert {urlsplit(one).netloc for one in visitor.elsewhere} <= _hosts(provider)
        visitor.elsewhere.clear()
        visitor.errors.clear()  # what the provider's own page complains about


def _hosts(provider):
    return {urlsplit(provider.address).netloc, "cdn.jsdelivr.net"}  # its style; never fetched


def _only_here(visitor, provider):
    """Let nothing of the provider's page be fetched from elsewhere."""
    visitor.context.route(re.compile(r"^https://"), lambda route: route.abort())
