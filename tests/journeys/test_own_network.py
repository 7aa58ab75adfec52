"""The own people: a map that only the resident shares, and who cares for somebody."""

import pytest

from tests.journeys.test_roles import become
from tests.journeys.walking import (
    SMALL,
    choose,
    looked,
    number_of,
    pick,
    press,
    says,
    work_on,
    write,
)

pytestmark = pytest.mark.journeys


def test_a_resident_draws_the_own_people_and_decides_who_sees_them(newcomer):
    resident, worker = newcomer(**SMALL), newcomer()
    page, at_work = become(resident, "Sjaan van Esch"), worker.page
    resident.open("/mijn-netwerk")
    says(page, "Niemand ziet hem, tot jij hem deelt.")
    write(page, "Voornaam", "Bep de Wit")
    choose(page, "Wie is dit?", "buur")
    choose(page, "Hoe dichtbij staat deze persoon?", "dichtbij")
    choose(page, "Hoe vaak is er contact?", "elke week")
    press(page, "Bewaar", kind="submit")
    says(page, "Schrijf alleen een voornaam op")
    looked(resident)
    write(page, "Voornaam", "Bep")
    pick(page, "gezelschap")
    press(page, "Bewaar", kind="submit")
    assert "gezelschap" in page.get_by_role("row", name="Bep").inner_text()
    looked(resident)

    resident.open("/mijn-vragen")
    press(page, "Vraag van")
    reference = number_of(page)
    work_on(worker, "Ans van den Berg", reference)
    press(at_work, "Netwerk")
    says(at_work, "De kaart is van de inwoner en wordt niet gedeeld.")
    looked(worker)

    resident.open("/mijn-netwerk")
    press(page, "Deel je kaart met Gebiedsteam Schijndel")
    says(page, "Gebiedsteam Schijndel ziet je kaart.")
    at_work.reload()
    says(at_work, "Wie zou de inwoner kunnen vragen?")
    says(at_work, "Bep")
    looked(worker)

    press(page, "Stop met delen: Gebiedsteam Schijndel")
    at_work.reload()
    assert not at_work.get_by_text("Bep").count()


def test_who_cares_for_somebody_sees_where_to_go_and_nothing_is_kept(newcomer, site):
    visitor = newcomer(**SMALL)
    page = visitor.page
    before = _about_questions(site)
    visitor.open("/zorg-je-voor-iemand")
    for _statement in range(6):
        pick(page, "altijd")
    choose(page, "In welk dorp woon je?", "Veghel")
    press(page, "Laat zien waar ik terechtkan")
    says(page, "Dit is te veel voor één mens.")
    says(page, "We bewaren je antwoorden niet.")
    assert page.locator("article").count() > 0
    looked(visitor)
    assert _about_questions(site) == before


def test_a_school_hears_of_a_young_carer_only_with_a_yes(visitor):
    page = become(visitor, "Bram de Laat")
    visitor.open("/werk/lijst")
    press(page, "Kim van Roosmalen")
    press(page, "Plan")
    press(page, "Mag een school dit horen?")
    write(page, "School, en wie je belt", "Het Dommelcollege, de mentor")
    write(page, "Wat mag de school horen?", "Dat Kim thuis voor haar moeder zorgt.")
    write(page, "Hoe oud is de jongere?", "15")
    pick(page, "De jongere vindt dit goed.")
    press(page, "Leg vast")
    says(page, "Dan moet ook een ouder het goed vinden.")
    looked(visitor)
    pick(page, "Een ouder vindt dit goed.")
    press(page, "Leg vast")
    says(page, "Een ouder ook.")
    looked(visitor)


def _about_questions(site):
    """Return all rows of questions, plans and networks; the mails of other journeys go on."""
    return {name: rows for name, rows in site.contents().items() if name.startswith("questions_")}
