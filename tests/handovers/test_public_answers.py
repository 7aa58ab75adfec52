"""What everybody reads of how an organisation answers: of ten or more handovers, and rounded."""

import pytest

from omzien.directory.models import Provider
from omzien.handovers.actions.answering import accept, decline
from omzien.handovers.rules.responsiveness import FEWEST
from omzien.handovers.rules.states import DeclineReason
from omzien.kernel.ladder import Rung
from omzien.people.models import Organisation
from tests.casework import NOW, a_question, an_offer, consent
from tests.handovers.conftest import text
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
