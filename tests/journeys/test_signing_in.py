"""Signing in, in a real browser: a code in the mail, a password with an app, and a passkey."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import hotp_value

from tests.journeys.test_walk import look

pytestmark = pytest.mark.journeys
PASSWORD = "een heel lang wachtwoord"


def press(page, name):
    page.get_by_role("button", name=name).click()


def code_for(visitor, address):
    """Return the code that the demonstration's page of mail shows, in another tab."""
    tab = visitor.context.new_page()
    for _ in range(20):
        tab.goto(f"{visitor.site.address}/demo/post")
        mails = tab.locator("article", has_text=address).all_inner_texts()
        codes = [found[1] for mail in mails if (found := re.search(r"code: (\d{6})", mail))]
        if codes:
            tab.close()
            return codes[0]
        time.sleep(0.3)
    raise AssertionError("the code is not on the page of mail")


def app_code(secret, steps=0):
    return f"{hotp_value(secret, int(time.time()) // 30 + steps):06}"


def sign_in_by_code(visitor, address):
    page = visitor.page
    visitor.open("/aanmelden")
    look(visitor)
    page.get_by_label("Mailadres").fill(address)
    press(page, "Stuur me een code")
    look(visitor)
    page.get_by_label("Code uit de mail").fill(code_for(visitor, address))
    press(page, "Meld me aan")
    return page


def test_a_resident_signs_in_by_mail_also_without_javascript(newcomer):
    visitor = newcomer(java_script_enabled=False)
    page = visitor.page
    visitor.open("/aanmelden")
    page.get_by_label("Mailadres").fill("mien@voorbeeld.example")
    press(page, "Stuur me een code")
    page.get_by_label("Code uit de mail").fill("000000")
    press(page, "Meld me aan")
    assert "klopt niet" in page.locator("#fouten").inner_text()
    page.get_by_label("Code uit de mail").fill(code_for(visitor, "mien@voorbeeld.example"))
    press(page, "Meld me aan")
    page.get_by_label("Je naam").fill("Mien Jansen")
    press(page, "Ga verder")
    assert page.locator("h1").inner_text() == "Wat wacht er vandaag op je?"
    assert "inwoner" in page.get_by_role("navigation", name="Jouw rol").inner_text()


def test_a_professional_uses_a_password_an_app_and_a_passkey(visitor):
    page = sign_in_by_code(visitor, "wout@voorbeeld.example")
    look(visitor)
    page.get_by_label("Je naam").fill("Wil de Werker")
    press(page, "Ga verder")
    visitor.open("/account")
    look(visitor)
    page.get_by_role("link", name="Stel een wachtwoord in").click()
    look(visitor)
    page.get_by_label("Nieuw wachtwoord").fill(PASSWORD)
    page.get_by_label("Nog een keer").fill(PASSWORD)
    press(page, "Bewaar mijn wachtwoord")
    press(page.locator("main"), "Meld me af")

    by_password(visitor)
    visitor.open("/account/app")
    look(visitor)
    assert page.locator("img[alt^='QR-code']").evaluate("image => image.naturalWidth") > 0
    secret = page.locator("main code").inner_text()
    page.get_by_label("Code die de app laat zien").fill(app_code(secret))
    press(page, "Controleer en bewaar")
    look(visitor)
    assert page.locator("main code").count() == 10
    visitor.open("/account/sessies")
    assert page.get_by_text("Chrome, Linux").first.is_visible()
    look(visitor)
    press(page, "Meld me overal af")

    by_password(visitor)
    look(visitor)
    # The next one: the code that set the app up is used, and the half minute may not be over.
    page.get_by_label("Code van de app").fill(app_code(secret, 1))
    press(page, "Ga verder")
    assert page.locator("h1").inner_text() == "Wat wacht er vandaag op je?"

    device = with_authenticator(visitor)
    visitor.open("/account/passkeys/nieuw")
    look(visitor)
    page.get_by_label("Hoe noem je hem?").fill("mijn laptop")
    press(page, "Maak de passkey")
    page.get_by_text("De passkey is toegevoegd.").wait_for()
    assert page.get_by_text("mijn laptop, sinds").is_visible()
    look(visitor)
    press(page.locator("main"), "Meld me af")

    visitor.open("/aanmelden/wachtwoord")
    look(visitor)
    press(page, "Meld me aan met een passkey")
    page.get_by_role("heading", name="Wat wacht er vandaag op je?").wait_for()

    # As the second step after a password, and refused when the finger is not the owner's.
    visitor.open("/account")
    press(page.locator("main"), "Meld me af")
    by_password(visitor)
    look(visitor)
    verified(visitor, device, is_owner=False)
    press(page, "Gebruik mijn passkey")
    page.get_by_text("Het lukt niet met de passkey").wait_for()
    verified(visitor, device, is_owner=True)
    press(page, "Gebruik mijn passkey")
    page.get_by_role("heading", name="Wat wacht er vandaag op je?").wait_for()


def by_password(visitor):
    page = visitor.page
    visitor.open("/aanmelden/wachtwoord")
    page.get_by_label("Mailadres").fill("wout@voorbeeld.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Meld me aan", exact=True).click()


def with_authenticator(visitor):
    """Give the browser a passkey device, as DevTools can."""
    visitor.tools = visitor.context.new_cdp_session(visitor.page)
    visitor.tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return visitor.tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})[
        "authenticatorId"
    ]


def verified(visitor, device, *, is_owner):
    what = {"authenticatorId": device, "isUserVerified": is_owner}
    visitor.tools.send("WebAuthn.setUserVerified", what)


def test_the_other_pages_of_signing_in(visitor):
    page = visitor.page
    visitor.open("/wachtwoord/vergeten")
    page.get_by_label("Mailadres").fill("niemand@voorbeeld.example")
    press(page, "Stuur me een link")
    assert page.locator("h1").inner_text() == "Kijk in je mail"
    look(visitor)
    for path, status in (("/uitnodiging/x", 404), ("/wachtwoord/nieuw/x-y", 410)):
        assert visitor.open(path).status == status
        look(visitor)
    visitor.errors.clear()  # Chromium calls an answer of 404 or 410 an error
