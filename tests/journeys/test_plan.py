"""A plan in the resident's own words, and help as near by as it can be."""

import pytest
from django.utils import timezone

from tests.journeys.test_roles import become
from tests.journeys.walking import (
    SMALL,
    choose,
    looked,
    number_of,
    pick,
    press,
    says,
    unfold,
    work_on,
    write,
)

pytestmark = pytest.mark.journeys
WORDS = "Ik wil elke zaterdag zelf mijn bloemen kopen op de markt."


def test_a_goal_stays_in_the_residents_own_words(newcomer):
    resident, worker = newcomer(**SMALL), newcomer()
    page, at_work = become(resident, "Sjaan van Esch"), worker.page
    resident.open("/mijn-vragen")
    press(page, "Vraag van")
    reference = number_of(page)
    press(page, "Het plan")
    looked(resident)
    mine = page.url
    write(page, "Nieuw doel", WORDS)
    press(page, "Zet in het plan")
    press(page, "Zet mijn tekst vast")
    says(page, "vastgezet: alleen jij verandert dit")
    looked(resident)

    work_on(worker, "Ans van den Berg", reference)
    press(at_work, "Plan")
    says(at_work, WORDS)
    says(at_work, "vastgezet door de inwoner")
    assert not at_work.get_by_text("Verander de tekst").count()
    unfold(at_work, "Voeg een actie toe")
    write(at_work, "Wat gebeurt er?", "Samen een rondje over de markt")
    choose(at_work, "Wie doet dit?", "Een buur of vrijwilliger")
    write(at_work, "Naam, als die er nog niet bij staat", "Bep")
    choose(at_work, "Wat voor soort hulp is dit?", "Buren, vrijwilligers en clubs")
    pick(at_work, "De inwoner zat erbij. We spraken dit samen af.")
    press(at_work, "Voeg toe")
    says(at_work, "Samen een rondje over de markt")

    # Who carries the goal: at the start the professionals, later the own people.
    page.goto(mine)
    for moment, shares in (("aan het begin", (10, 20, 70)), ("achteraf", (40, 40, 20))):
        unfold(page, "Wie draagt dit doel?")
        choose(page, "Wanneer is dit?", moment)
        for label, share in zip(("Eigen kracht", "Eigen mensen", "Beroeps"), shares, strict=True):
            write(page, label, str(share))
        press(page, "Bewaar", kind="submit")
    says(page, "Verschil in eigen kracht en eigen mensen samen: 50 procentpunt")
    says(page, "Samen een rondje over de markt")
    looked(resident)


def test_who_goes_up_the_ladder_says_why_the_lower_rungs_are_passed(visitor):
    page = become(visitor, "Bram de Laat")
    visitor.open("/werk/lijst")
    press(page, "Ahmed Yilmaz")
    press(page, "Plan")
    says(page, "laagste trede die nu kan")
    looked(visitor)
    press(page, "Overzicht")
    unfold(page, "Kies een volgende stap")
    choose(page, "Op welke trede?", "Hulp met een besluit of verwijzing")
    write(page, "Wat gebeurt er nu?", "Bijzondere bijstand aanvragen")
    write(page, "Op welke dag?", f"{timezone.localdate():%d-%m-%Y}")
    press(page, "Bewaar de stap")
    says(page, "Hier is nog niets geprobeerd")
    assert page.evaluate("document.activeElement.id") == "fouten"
    looked(visitor)
    write(page, "Sla je een trede over?", "De rekening moet deze week betaald zijn.")
    press(page, "Bewaar de stap")
    says(page, "De volgende stap is bewaard.")
    says(page, "De rekening moet deze week betaald zijn.")
