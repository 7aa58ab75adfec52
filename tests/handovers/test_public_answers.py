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


@pytest.mark.parametrize(
    ("name", "is_chosen"),
    [
        ("Stichting Welzijn De Kring", True),
        ("Welzijn de Krnig", True),
        ("Kring Welzijn", True),
        ("Welzijn De Brug", False),
        ("De Kring", False),
        ("Bewindvoering Welzijn De Kring", False),
    ],
)
def test_a_provider_that_is_called_alike_is_suggested_and_never_tied(town, name, is_chosen):
    own = town.c.team.organisation
    assert own.name == "Welzijn De Kring"
    browser = wearing(member(Role.FUNCTIONAL_MANAGER, town.municipality, name="Fien Beheer"))
    choose("GM1948")
    provider = a_service(town.municipality, "Hulp", name, "welfare", "Hulp.", Rung.GENERAL,
                         ["loneliness"], town.village).provider  # fmt: skip
    page = browser.get(reverse("organisation", args=[own.pk])).content.decode()
    assert (f'value="{provider.pk}" selected' in page) is is_chosen
    listed = text(browser.get(reverse("organisations")))
    assert ("Op de site staat aanbod van" in listed) is (name == "Stichting Welzijn De Kring")
    choose("GM1948")
    provider.refresh_from_db()
    assert provider.organisation is None


def test_of_two_that_are_called_alike_none_is_chosen(town):
    own = town.c.team.organisation
    browser = wearing(member(Role.FUNCTIONAL_MANAGER, town.municipality, name="Fien Beheer"))
    choose("GM1948")
    for name in ("Stichting Welzijn De Kring", "Vereniging Welzijn De Kring"):
        a_service(town.municipality, f"Hulp van {name}", name, "welfare", "Hulp.", Rung.GENERAL,
                  ["loneliness"], town.village)  # fmt: skip
    page = browser.get(reverse("organisation", args=[own.pk])).content.decode()
    assert "Vereniging Welzijn De Kring" in page and " selected" not in page


def test_an_organisation_that_works_elsewhere_too_is_tied_here_and_keeps_its_name(town, world):
    own = town.c.team.organisation
    browser = wearing(member(Role.FUNCTIONAL_MANAGER, town.municipality, name="Fien Beheer"))
    member(Role.EDITOR, world.maashorst, name="Els Elders", organisation=own)
    choose("GM1948")
    provider = a_service(town.municipality, "Hulp", own.name, "welfare", "Hulp.", Rung.GENERAL,
                         ["loneliness"], town.village).provider  # fmt: skip
    path = reverse("organisation", args=[own.pk])
    page = text(browser.get(path))
    assert "werkt ook in een andere gemeente" in page and "Hef deze organisatie op" not in page
    assert browser.post(path, {"name": "Anders"}).status_code == 400
    assert browser.post(f"{path}/hef-op").status_code == 404
    browser.post(path, {"tie": "ja", "tie-provider": provider.pk})
    choose("GM1948")
    provider.refresh_from_db()
    own.refresh_from_db()
    assert provider.organisation == own and own.name == "Welzijn De Kring"
