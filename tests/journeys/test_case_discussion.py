"""Thinking along with others: with the resident, without a name, and by asking advice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.test_roles import become
from tests.journeys.walking import choose, looked, pick, press, says, unfold, write

pytestmark = pytest.mark.journeys


def soon():
    return f"{timezone.localdate() + timedelta(days=2):%d-%m-%Y}"


def test_partners_meet_about_a_question_with_the_resident_and_decide_who_does_what(newcomer):
    worker, partner = newcomer(), newcomer()
    page = become(worker, "Ans van den Berg")
    worker.open("/werk/lijst")
    press(page, "Sjef Hurkmans")
    press(page, "Overleg")
    looked(worker)
    write(page, "Waarvoor is het overleg?", "Veilig slapen beneden")
    write(page, "Dag", soon())
    write(page, "Tijd", "10.30")
    write(page, "Waar?", "Bij hem thuis")
    pick(page, "Loket De Haverkist")
    press(page, "Plan het overleg")
    says(page, "De inwoner is uitgenodigd.")
    unfold(page, "Schrijf een besluit op")
    write(page, "Wie doet wat?", "Ans vraagt een leuning aan")
    write(page, "Voor welke dag?", soon())
    press(page, "Zet bij de taken")
    says(page, "Ans vraagt een leuning aan")
    looked(worker)
    press(page, "Overzicht")
    assert "Ans vraagt een leuning aan" in page.get_by_role("region", name="Taken").inner_text()

    invited = become(partner, "Hanneke Smits")
    partner.open("/werk/overleg")
    says(invited, "Veilig slapen beneden")
    looked(partner)


def test_who_wants_to_think_along_without_a_name_leaves_names_out(visitor):
    page = become(visitor, "Ans van den Berg")
    visitor.open("/werk/overleg")
    write(page, "Waarvoor is het overleg?", "Omgaan met stapels post")
    write(page, "Wat speelt er?", "Iemand opent geen post. Bel 06-5550 1234.")
    write(page, "Dag", soon())
    write(page, "Tijd", "9.00")
    pick(page, "Loket Dommelbocht")
    press(page, "Plan het overleg")
    assert page.evaluate("document.activeElement.id") == "fouten"
    looked(visitor)
    write(page, "Wat speelt er?", "Iemand opent geen post en schaamt zich.")
    press(page, "Plan het overleg")
    says(page, "Iemand opent geen post en schaamt zich.")
    says(page, "Zonder naam.")
    looked(visitor)


def test_an_expert_of_a_partner_gives_advice_without_knowing_about_whom(newcomer):
    worker, expert = newcomer(), newcomer()
    page, answering = become(worker, "Ans van den Berg"), expert.page
    worker.open("/werk/lijst")
    press(page, "Ger van Lith")
    press(page, "Samen met anderen")
    unfold(page, "Vraag raad, zonder naam")
    choose(page, "Welk team?", "Loket Dommelbocht")
    write(page, "Je vraag", "Hoe praat je met iemand die wil stoppen met drinken?")
    press(page, "Vraag raad", kind="submit")
    looked(worker)
    become(expert, "Ivo Kuijpers")
    expert.open("/werk/overdrachten")
    press(answering, "Raad voor Gebiedsteam Schijndel")
    assert not answering.get_by_text("Ger van Lith").count()
    looked(expert)
    write(answering, "Je raad", "Vraag wat het hem oplevert, en wat het kost.")
    press(answering, "Verstuur", kind="submit")
    page.reload()
    press(page, "Loket Dommelbocht")
    says(page, "Vraag wat het hem oplevert, en wat het kost.")
    looked(worker)
