"""One account that works in two municipalities: a switch, and nothing more across the wall."""

from datetime import timedelta

import pytest

from omzien.areas.models import Municipality
from omzien.journal.isolation import working_for
from omzien.people.actions.memberships import appoint, end_membership, welcome_person
from omzien.people.actions.starting import own_organisation
from omzien.people.actions.teams import form_team, found_organisation
from omzien.people.models import Membership
from omzien.people.rules.roles import SYSTEM, Role
from tests.signing import account, member, wearing
from tests.web.test_signing_in import PASSWORD, browser
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
ADDRESS = "ans@partner.example"
SWITCH, THERE = "Wissel van gemeente", "Ga naar Maashorst"


def works_in(municipality, *, email=ADDRESS, name="Ans", team="", **more):
    """Give the account of an address a role in a municipality."""
    with working_for(municipality.code):
        someone = welcome_person(
            municipality=municipality, name=name, email=email, account=account(email), by=SYSTEM
        )
        partner = found_organisation(
            name=f"Partner {municipality.slug}", kind="partner", municipality=municipality.code,
            by=SYSTEM,
        ) if team else own_organisation(municipality)  # fmt: skip
        role = Role.TEAM_MEMBER if team else Role.CHIEF_EDITOR
        place = form_team(municipality=municipality, name=team, by=SYSTEM) if team else None
        return appoint(
            person=someone, organisation=partner, role=role, team=place, by=SYSTEM,
            **{"starts_on": TODAY} | more,
        )  # fmt: skip


@pytest.fixture
def here(world):
    """A role in Meierijstad, of an account with a password."""
    found = works_in(world.meierijstad)
    found.person.account.set_password(PASSWORD)
    found.person.account.save()
    return found


def page_of(hat):
    return wearing(hat).get("/rol").content.decode()


def test_who_works_in_two_municipalities_finds_the_other_by_name_alone(world, here, settings):
    settings.ADDRESS = "https://{host}"
    works_in(world.maashorst, name="Ans Verborgen", team="Gebiedsteam Uden")
    client = wearing(here)
    page = client.get("/rol").content.decode()
    main = page.split("<main")[1]
    assert THERE in main and 'href="https://maashorst.localhost/rol"' in main
    for hidden in ("Verborgen", "Uden", "Partner maashorst", "gebiedsteam"):
        assert hidden not in page
    assert main.count('name="hat"') == 2  # the own life and the role of here; none of elsewhere
    # From then on in the header of every page.
    assert SWITCH in client.get("/vandaag").content.decode()


def test_signing_in_is_enough_to_have_the_switch(world, here):
    works_in(world.maashorst)
    client = browser()
    form = {"login": ADDRESS, "password": PASSWORD}
    client.post("/aanmelden/wachtwoord", form)
    session = client.session
    session["strong"], session["hat"] = True, f"membership:{here.pk}"
    session.save()
    assert SWITCH in client.get("/vandaag").content.decode()


def test_a_hat_of_one_municipality_is_no_hat_in_the_other(world, here):
    there = works_in(world.maashorst)
    client = wearing(here)
    assert client.get("/redactie").status_code == 200
    other = wearing(there)
    session = other.session
    session["hat"] = f"membership:{here.pk}"
    session.save()
    assert other.get("/redactie").status_code == 302


def test_who_works_in_one_sees_no_switch(world, here):
    works_in(world.maashorst, email="iemand@anders.example")
    assert THERE not in page_of(here) and SWITCH not in page_of(here)
    # Living elsewhere is nobody's business here.
    with working_for("GM1991"):
        welcome_person(
            municipality=world.maashorst, name="Ans", email=ADDRESS, account=account(ADDRESS),
            by=SYSTEM,
        )  # fmt: skip
    assert THERE not in page_of(here)


def test_a_role_that_ended_or_a_place_that_is_not_served_is_no_switch(world, here):
    there = works_in(world.maashorst)
    client = wearing(here)
    assert THERE in client.get("/rol").content.decode()
    Municipality.objects.filter(pk="GM1991").update(host=None)
    assert THERE not in client.get("/rol").content.decode()
    Municipality.objects.filter(pk="GM1991").update(host="maashorst.localhost")
    with working_for("GM1991"):
        end_membership(membership=Membership.objects.get(pk=there.pk), by=SYSTEM)
    page = client.get("/rol").content.decode()
    assert THERE not in page and SWITCH not in page
    assert SWITCH not in client.get("/vandaag").content.decode()


def test_a_role_of_before_or_later_is_none(world, here):
    works_in(world.maashorst, starts_on=TODAY + timedelta(days=400))
    assert THERE not in page_of(here)


def test_who_has_no_role_here_is_shown_where_there_is_one(world):
    works_in(world.maashorst)
    with working_for("GM1948"):
        someone = welcome_person(
            municipality=world.meierijstad, name="Ans", email=ADDRESS, account=account(ADDRESS),
            by=SYSTEM,
        )  # fmt: skip
    assert THERE in page_of(someone)


def test_a_colleague_sees_nothing_of_it(world, here):
    works_in(world.maashorst)
    manager = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))
    page = manager.get("/beheer/mensen").content.decode()
    assert "Ans" in page and "Maashorst" not in page.split("<main")[1]
