"""The resident decides: what may be shared with whom is asked, read, granted and taken back."""

import re

import pytest

from tests.journeys.test_roles import become
from tests.journeys.walking import (
    SMALL,
    looked,
    number_of,
    pick,
    press,
    says,
    work_on,
    write,
)

pytestmark = pytest.mark.journeys


def test_nothing_is_shared_before_the_resident_says_yes_and_no_more_after_a_no(newcomer):
    resident, worker = newcomer(**SMALL), newcomer()
    page, at_work = become(resident, "Sjaan van Esch"), worker.page
    resident.open("/mijn-vragen")
    press(page, "Vraag van")
    mine = page.url
    work_on(worker, "Ans van den Berg", number_of(page))
    press(at_work, "Overdragen")
    pick(at_work, "Loket De Haverkist")
    write(at_work, "Wat vraag je dit team?", "Kan een fysiotherapeut meekijken?")
    write(at_work, "Wat is er al geprobeerd?", "Elke dag een klein rondje.")
    write(at_work, "Wanneer kan het team het beste bellen?", "’s ochtends")
    pick(at_work, "Ik vraag het de inwoner online.")
    press(at_work, "Verstuur", kind="submit")
    says(at_work, "De inwoner krijgt je vraag.")
    looked(worker)

    page.goto(mine)
    press(page, "Meer over delen")
    says(page, "Precies dit ziet het team")
    says(page, "Kan een fysiotherapeut meekijken?")
    looked(resident)
    press(page, "Ja, dat mag")
    looked(resident)
    page.goto(mine)
    press(page, "Niet meer delen: Loket De Haverkist")
    assert not page.get_by_role("button", name="Niet meer delen: Loket De Haverkist").count()
    looked(resident)
    at_work.reload()
    card = at_work.locator(".card", has_text="Loket De Haverkist")
    assert re.search("De inwoner zei op .* nee", card.first.inner_text())
