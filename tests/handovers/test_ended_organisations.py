"""An organisation ends when nothing of it lives; what it did keeps its name."""

import pytest
from django.utils import timezone

from omzien.directory.models import Provider, Service
from omzien.handovers.actions.organisations import end_organisation
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.actions.grounds import Terms, ask_consent
from omzien.people.actions.groups import follow_groups
from omzien.people.actions.memberships import appoint, end_membership
from omzien.people.actions.teams import (
    archive_team,
    form_team,
    found_organisation,
    rename_organisation,
    reopen_organisation,
)
from omzien.people.models import Membership, Organisation, Team
from omzien.people.refusals import (
    HasEnded,
    NameTaken,
    NotAllowed,
    OrganisationWorks,
    WorksElsewhere,
)
from omzien.people.rules.grounds import Category
from omzien.people.rules.municipal import Given
from omzien.people.rules.roles import SYSTEM, Actor, Role
from tests.casework import a_question, build
from tests.signing import member, person, wearing
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
HERE, PAGE = "GM1948", "/beheer/organisaties"


@pytest.fixture
def here(world):
    with working_for(HERE):
        yield world


@pytest.fixture
def bridge(here):
    return found_organisation(name="De Brug", kind="partner", municipality=HERE, by=SYSTEM)


def end(organisation, world, by=SYSTEM):
    return end_organisation(organisation=organisation, municipality=world.meierijstad, by=by)


def text(answer):
    return answer.content.decode()


def test_what_lives_keeps_an_organisation_and_is_listed(here, bridge):
    desk = form_team(
        municipality=here.meierijstad, name="Loket De Brug", organisation=bridge, by=SYSTEM
    )
    wim = member(Role.PARTNER_WORKER, here.meierijstad, organisation=bridge, team=desk, name="Wim")
    Provider.objects.filter(pk=here.geldzaken.provider_id).update(organisation=bridge)
    with pytest.raises(OrganisationWorks) as caught:
        end(bridge, here)
    assert set(caught.value.what) == {
        ("role", "1"), ("team", "Loket De Brug"), ("entry", here.geldzaken.title),
    }  # fmt: skip
    end_membership(membership=wim, by=SYSTEM)
    archive_team(team=desk, by=SYSTEM)
    with pytest.raises(OrganisationWorks) as caught:
        end(bridge, here)
    assert caught.value.what == (("entry", here.geldzaken.title),)
    Service.objects.filter(pk=here.geldzaken.pk).update(left_on=TODAY)
    assert end(bridge, here).ended_at
    assert Membership.objects.get(pk=wim.pk).organisation.name == "De Brug"  # history stays
    with pytest.raises(HasEnded):
        end(bridge, here)
    facts = Fact.objects.filter(subject="organisation", subject_id=bridge.pk)
    assert [one.verb for one in facts.order_by("pk")] == ["found", "end"]


def test_an_organisation_with_a_question_of_a_resident_stays(here):
    town = build(here.meierijstad, here.schijndel)
    bridge = found_organisation(name="De Brug", kind="partner", municipality=HERE, by=SYSTEM)
    question = a_question(town)
    Team.objects.filter(pk=question.team_id).update(organisation=bridge)
    with pytest.raises(OrganisationWorks) as caught:
        end(bridge, here)
    assert ("question", question.reference) in caught.value.what


def test_an_ended_organisation_is_chosen_nowhere_and_comes_back(here, bridge):
    ans = person(here.meierijstad, "Ans Anders")
    end(bridge, here)
    role = {"person": ans, "organisation": bridge, "role": Role.EDITOR, "starts_on": TODAY}
    terms = Terms(
        purpose="handover", categories=[Category.STORY], starts_on=TODAY, organisations=[bridge]
    )
    for tried in (
        lambda: appoint(by=SYSTEM, **role),
        lambda: form_team(
            municipality=here.meierijstad, name="Loket", organisation=bridge, by=SYSTEM
        ),
        lambda: rename_organisation(
            organisation=bridge, name="Kaap", municipality=here.meierijstad, by=SYSTEM
        ),
        lambda: ask_consent(person=ans, terms=terms, by=Actor(HERE, Role.CONNECTOR)),
    ):
        with pytest.raises(HasEnded):
            tried()
    with pytest.raises(NameTaken):
        found_organisation(name="de brug", kind="partner", municipality=HERE, by=SYSTEM)
    follow_groups(person=ans, given=[Given(Role.EDITOR, "De Brug")])
    assert not Membership.objects.filter(person=ans).exists()
    assert bridge not in Organisation.objects.given_by(SYSTEM)
    for _twice in range(2):
        reopen_organisation(organisation=bridge, municipality=here.meierijstad, by=SYSTEM)
    assert appoint(by=SYSTEM, **role).organisation == bridge
    assert Fact.objects.filter(verb="reopen", subject="organisation").count() == 1


def test_another_municipality_keeps_what_works_there(here, bridge):
    with working_for("GM1991"):
        there = member(Role.EDITOR, here.maashorst, name="Els Elders", organisation=bridge)
    with pytest.raises(WorksElsewhere):
        end(bridge, here)
    with working_for("GM1991"):
        end_membership(membership=there, by=SYSTEM)
        Provider.objects.filter(pk=here.udense_koffie.provider_id).update(organisation=bridge)
    with pytest.raises(WorksElsewhere):
        end(bridge, here)
    with working_for("GM1991"):
        Provider.objects.update(organisation=None)
    assert end(bridge, here).ended_at


def test_who_may_not_and_the_municipality_itself(here, bridge):
    for by in (Actor(HERE, Role.COORDINATOR), Actor(HERE, Role.POLICY_OFFICER)):
        with pytest.raises(NotAllowed):
            end(bridge, here, by=by)
        with pytest.raises(NotAllowed):
            reopen_organisation(organisation=bridge, municipality=here.meierijstad, by=by)
    own = member(Role.EDITOR, here.meierijstad).organisation
    Membership.objects.update(ended_at=timezone.now())
    with pytest.raises(NotAllowed):
        end(own, here)


def test_the_manager_ends_one_on_the_page_and_takes_it_back(world):
    manager = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))
    with working_for(HERE):
        bridge = found_organisation(name="De Brug", kind="partner", municipality=HERE, by=SYSTEM)
        ed = member(Role.EDITOR, world.meierijstad, organisation=bridge, name="Ed Redactie")
    page = f"{PAGE}/{bridge.pk}"
    assert "Hef deze organisatie op" in text(manager.get(page))
    refused = manager.post(f"{page}/hef-op")
    assert refused.status_code == 409
    assert "De Brug kan nog niet weg" in text(refused) and "Mensen met een rol" in text(refused)
    assert "Ed Redactie" not in text(refused)  # who they are stands on a page that is logged
    with working_for(HERE):
        end_membership(membership=ed, by=SYSTEM)
    assert "is opgeheven" in text(manager.post(f"{page}/hef-op", follow=True))
    assert "opgeheven op" in text(manager.get(PAGE)) and "Sla op" not in text(manager.get(page))
    for form in ("/beheer/mensen/nieuw", "/beheer/teams/nieuw"):
        assert "De Brug" not in text(manager.get(form)), form
    assert "weer te kiezen" in text(manager.post(f"{page}/neem-weer", follow=True))
    assert "De Brug" in text(manager.get("/beheer/mensen/nieuw"))
