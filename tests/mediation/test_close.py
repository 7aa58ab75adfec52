"""Who is close to one of two neighbours neither decides about their case nor mediates in it."""

import pytest
from django.urls import reverse

from omzien.mediation.actions.deciding import suit
from omzien.mediation.actions.mediators import ask_mediators
from omzien.mediation.models import Agreement, Case, Party, Seat, Talk
from omzien.mediation.queries.choosing import candidates
from omzien.mediation.refusals import NotAllowed, Refused
from omzien.mediation.rules.conflicts import Conflict
from omzien.mediation.rules.states import State
from omzien.people.actions.starting import own_organisation
from omzien.people.rules.roles import Role
from tests.casework import CLOSE, NOW, a_member
from tests.mediation.world import a_case, as_actor, day, suited, up_to
from tests.signing import wearing

pytestmark = pytest.mark.django_db
CLOSE = {how: make for how, make in CLOSE.items() if how != "themselves"}  # test_steps.py


@pytest.mark.parametrize("how", CLOSE)
def test_a_coordinator_who_is_close_to_a_neighbour_does_not_have_the_case(here, how):
    other = as_actor(
        a_member(
            here.town.municipality,
            "Tweede M",
            own_organisation(here.town.municipality),
            Role.COORDINATOR,
            here.team,
        )
    )
    case = a_case(here)
    CLOSE[how](here.town, here.coordinator.person)
    for rows in (
        Case.objects.visible_to(here.boss),
        Case.objects.coordinated_by(here.boss),
        Party.objects.visible_to(here.boss),
    ):
        assert not rows.exists()
    assert Case.objects.coordinated_by(other).get() == case  # another coordinator has it
    with pytest.raises(NotAllowed):
        suit(case=case, met_on=day(NOW), by=here.boss, now=NOW)
    browser = wearing(here.coordinator)
    assert browser.get(reverse("mediation", args=[case.pk])).status_code == 404
    assert case.reference not in browser.get(reverse("mediations")).content.decode()


@pytest.mark.parametrize("how", CLOSE)
def test_a_volunteer_who_is_close_to_a_neighbour_is_not_asked(here, how):
    case = a_case(here)
    suited(here, case)
    eva = here.volunteers["Eva Eik"]

    def as_candidate():
        return next(one for one in candidates(case, on=day(NOW)) if one.membership == eva.pk)

    assert not as_candidate().conflicts
    CLOSE[how](here.town, eva.person)
    found = as_candidate()
    assert found.conflicts == (Conflict.CLOSE,) and not found.is_suggested
    with pytest.raises(Refused):
        ask_mediators(case=case, memberships=[eva.pk], by=here.boss, now=NOW)


@pytest.mark.parametrize("how", CLOSE)
def test_a_mediator_who_turns_out_to_be_close_reads_nothing_more(here, how):
    case = up_to(here, State.FIRST_TALK)
    eva = here.by("Eva Eik")
    assert Case.objects.visible_to(eva).get() == case
    CLOSE[how](here.town, here.volunteers["Eva Eik"].person)
    for model in (Case, Party, Talk, Agreement, Seat):
        assert not model.objects.visible_to(eva).exists(), model
