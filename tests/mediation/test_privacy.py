"""What mediation holds of a neighbour who left a telephone number only."""

import pytest
from django.utils import timezone

from omzien.mediation.models import Case, Party
from omzien.mediation.rules.states import Side
from omzien.people.actions.memberships import welcome_person
from omzien.people.privacy.erasing import erase_person
from omzien.people.privacy.export import everything_about
from omzien.people.refusals import StillLive
from omzien.people.rules.roles import SYSTEM, Actor, Role
from tests.casework import NOW
from tests.mediation.world import WORDS, Neighbour, a_case, party

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.mark.parametrize("name,is_theirs", [("Fons Fluit", 1), ("F. Fluit", 1), ("Bo", 0)])
def test_a_neighbour_by_phone_is_exported_and_erased(here, name, is_theirs):
    first = Neighbour(name=name, street="Beukenlaan 12", postcode="5481 AB", phone="06-5550 4321")
    case = a_case(here, by=here.town.a.by, first=first)
    Party.objects.filter(case=case, side=Side.FIRST).update(person=None)
    file = party(case, Side.FIRST)
    fons = welcome_person(
        municipality=here.town.municipality, name="Fons Fluit", phone="06 55504321", by=SYSTEM
    )
    me = Actor("GM1948", Role.RESIDENT, person=fons.pk)
    parts = {one.code: one.rows for one in everything_about(person=fons, by=me)}
    assert (WORDS in str(parts["mediation"])) == is_theirs
    if is_theirs:
        with pytest.raises(StillLive):
            erase_person(person=fons, reason="request", on=TODAY, by=SYSTEM)
    Case.objects.filter(pk=case.pk).update(
        state="closed", outcome="withdrawn", due_on=None, escalate_on=None, ends_on=None,
        ended_at=NOW,
    )  # fmt: skip
    erase_person(person=fons, reason="request", on=TODAY, by=SYSTEM)
    assert Party.objects.filter(pk=file.pk).exists() != is_theirs
