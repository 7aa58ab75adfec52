"""What everybody reads of how an organisation answers: of ten or more handovers, and rounded."""

import pytest
from django.urls import reverse

from omzien.directory.models import Provider
from omzien.handovers.actions.answering import accept, decline
from omzien.handovers.rules.responsiveness import FEWEST
from omzien.handovers.rules.states import DeclineReason
from omzien.journal.isolation import choose
from omzien.kernel.ladder import Rung
from omzien.people.models import Organisation
from omzien.people.rules.roles import Role
from tests.casework import NOW, a_question, an_offer, consent
from tests.handovers.conftest import text
from tests.signing import member, wearing
from tests.worlds import a_service

pytestmark = pytest.mark.django_db


def test_an_entry_says_how_its_organisation_answers_and_nothing_of_a_few(town, visitor):
    service = a_service(town.municipality, "Koffie en praten", "De Kring", "organisation",
                        "Elke week.", Rung.COMMUNITY, ["loneliness"], None)  # fmt: skip
    partner = Organisation.objects.get(sort_name="welzijn de kring")
    Provider.objects.filter(pk=service.provider_id).update(organisation=partner)
    consent(town, town.c)
    page = f"/aanbod/{service.slug}"
    for n in range(FEWEST):
        assert "Vraagt een hulpteam" not in text(visitor().get(page))
        slip = an_offer(a_question(town), town.c, town)
        if n < 3:
            decline(handover=slip, reason=DeclineReason.FULL, text="Vol.", suggestion="Later.",
                    by=town.c.by, now=NOW)  # fmt: skip
        else:
            accept(handover=slip, contact_name="Cas", by=town.c.by, now=NOW)
    shown = text(visitor().get(page))
    assert "meestal binnen 1 werkdag antwoord" in shown
    assert "Ongeveer 7 van de 10 keer is dat een ja" in shown


def test_the_manager_says_which_provider_an_organisation_is(town):
    own = town.c.team.organisation
    manager = member(Role.FUNCTIONAL_MANAGER, town.municipality, name="Fien Beheer")
    choose("GM1948")
    kring, other = (
        a_service(
            town.municipality, f"Hulp van {name}", name, "welfare", "Hulp.", Rung.GENERAL,
            ["loneliness"], town.village,
        ).provider
        for name in (own.name, "De Andere")
    )  # fmt: skip
    unseen = Provider.objects.create(
        municipality=town.municipality, name="Nog Niet", sort_name="nog niet", kind="welfare"
    )
    browser, path = wearing(manager), reverse("organisation", args=[own.pk])
    page = browser.get(path).content.decode()
    assert f'value="{kring.pk}" selected' in page and f'value="{other.pk}"' in page
    assert str(unseen.pk) not in page  # the site does not show it yet
    assert "Kies een aanbieder." in browser.post(path, {"tie": "ja"}).content.decode()
    sent = {"tie": "ja", "tie-provider": kring.pk}
    said = browser.post(path, sent, follow=True).content.decode()
    choose("GM1948")
    kring.refresh_from_db()
    assert kring.organisation == own and "hoort nu hierbij" in said
    assert browser.post(path, sent).status_code == 400  # it is nobody's to choose any more
    browser.post(path, {"untie": kring.pk})
    choose("GM1948")
    kring.refresh_from_db()
    assert kring.organisation is None
    assert browser.post(path, {"untie": "x"}).status_code == 404
