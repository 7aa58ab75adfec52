"""A warm handover: to neighbours without an account, and a partner that says no."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from tests.journeys.test_roles import become
from tests.journeys.walking import (
    SMALL,
    ask,
    choose,
    follow,
    looked,
    mailed,
    pick,
    press,
    says,
    unfold,
    work_on,
    write,
)

pytestmark = pytest.mark.journeys
TEAM, TEAM_MAIL = "Kookploeg De Pollepel", "pollepel@voorbeeld.example"
MAIL = "tiny.romeijn@voorbeeld.example"
STORY = "Ik eet elke avond alleen en ik kook eigenlijk niet meer."


@pytest.fixture
def neighbours(newcomer):
    """A small initiative of neighbours, as a team with a mailbox and no accounts."""
    manager = newcomer()
    page = become(manager, "Mo Bakkali")
    manager.open("/beheer/teams/nieuw")
    write(page, "Naam", TEAM)
    choose(page, "Loket van", "Werkgroep De Derde Stoel")
    write(page, "Mailadres voor inwoners", TEAM_MAIL)
    press(page, "Bewaar", kind="submit")
    return TEAM


def offer(page, team, *, knows=True):
    """Fill in the page of an offer, from the page of the question."""
    press(page, "Overdragen")
    pick(page, team)
    write(page, "Wat vraag je dit team?", "Is er een plek aan jullie tafel?")
    write(page, "Wat is er al geprobeerd?", "De buurvrouw kookt op maandag.")
    write(page, "Wanneer kan het team het beste bellen?", "’s middags")
    pick(page, "De inwoner zei ja. Ik leg dat hier vast.")
    pick(page, "Het verhaal, in de eigen woorden")
    pick(page, "Dat zei de inwoner tegen mij")
    pick(page, "De inwoner weet dat ik dit team vraag")


def test_neighbours_without_an_account_take_a_question_over_warmly(newcomer, neighbours):
    resident, worker, neighbour = newcomer(**SMALL), newcomer(), newcomer(**SMALL)
    page, at_work, by_link = resident.page, worker.page, neighbour.page
    reference = ask(resident, STORY, "Schijndel", name="Tiny Romeijn", email=MAIL)
    mine = follow(resident, MAIL)

    work_on(worker, "Ans van den Berg", reference)
    press(at_work, "Pak de vraag op")
    offer(at_work, neighbours)
    press(at_work, "Bekijk wat het team ziet")
    says(at_work, f"Dit ziet {TEAM}")
    looked(worker)
    press(at_work, "Verstuur", kind="submit")
    says(at_work, "Tot het eerste gesprek blijft die van je team.")
    looked(worker)
    of_offer = urlsplit(at_work.url).path

    # The mail has a link and no story; behind it a code, then only what was shared.
    link = mailed(neighbour, TEAM_MAIL, r"https?://[^/\s]+(/overdracht/\S+)")
    neighbour.open(link)
    looked(neighbour)
    assert not by_link.get_by_text(STORY).count()
    press(by_link, "Stuur de code naar de mail van mijn team")
    write(by_link, "Code uit de mail", mailed(neighbour, TEAM_MAIL, r"vraagt: (\d{6})"))
    press(by_link, "Bekijk de vraag")
    says(by_link, STORY)
    says(by_link, "De buurvrouw kookt op maandag.")
    looked(neighbour)
    other = newcomer()
    other.open(link)
    press(other.page, "Stuur de code naar de mail van mijn team")
    says(other.page, "Iemand anders is hiermee bezig")
    looked(other)
    other.errors.clear()  # Chromium calls an answer of 409 an error
    write(by_link, "Wie belt de inwoner?", "Cor van de Pollepel")
    press(by_link, "Ja, aannemen")
    looked(neighbour)

    # A talk of three; the resident sees who calls, and when they meet.
    worker.open(of_offer)
    unfold(at_work, "Plan een gesprek met z’n drieën")
    write(at_work, "Welke dag?", f"{timezone.localdate() + timedelta(days=1):%d-%m-%Y}")
    write(at_work, "Hoe laat?", "14:30")
    write(at_work, "Waar?", "Aan de keukentafel")
    press(at_work, "Plan het gesprek")
    looked(worker)
    resident.open(mine + "/delen")
    says(page, "Cor van de Pollepel neemt contact met je op")
    says(page, "Aan de keukentafel")
    looked(resident)

    by_link.reload()
    says(by_link, "Aan de keukentafel")
    write(by_link, "Welke dag?", f"{timezone.localdate():%d-%m-%Y}")
    pick(by_link, "Bij de inwoner thuis")
    pick(by_link, "Ja")
    write(by_link, "Je naam", "Cor van de Pollepel")
    press(by_link, "Leg het gesprek vast")
    says(by_link, "Hoe liep het af?")
    looked(neighbour)
    resident.open(mine)
    assert TEAM in page.locator(".hero").inner_text()
    looked(resident)
    worker.open("/werk/lijst")
    assert not at_work.locator("li.card", has_text=reference).count()


def test_a_partner_says_no_with_a_better_idea_and_the_question_comes_back(newcomer):
    worker, partner = newcomer(), newcomer()
    at_work, page = worker.page, partner.page
    become(worker, "Ans van den Berg")
    worker.open("/werk/lijst")
    press(at_work, "Noor Haddad")
    path = urlsplit(at_work.url).path
    offer(at_work, "Loket Dommelbocht")
    press(at_work, "Verstuur", kind="submit")
    become(partner, "Ivo Kuijpers")
    partner.open("/werk/overdrachten")
    press(page, "Van Gebiedsteam Schijndel")
    pick(page, "Dit doen we niet")
    write(page, "Waarom, in één zin?", "Wij hebben geen tafel.")
    press(page, "Nee, afwijzen")
    says(page, "Wie kan wel helpen?")
    assert page.evaluate("document.activeElement.id") == "fouten"
    looked(partner)
    write(page, "Wie kan wel helpen?", TEAM)
    press(page, "Nee, afwijzen")
    looked(partner)
    worker.open("/werk")
    says(at_work, "een overdracht of meedoen ging niet door, kies een volgende stap")
    looked(worker)
    worker.open(path)
    says(at_work, "Een overdracht of meedoen ging niet door, kies een volgende stap")
