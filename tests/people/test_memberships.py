"""Who gets a role from whom, hats, connectors with cover, and the access review."""

from datetime import date, timedelta
from functools import partial
from importlib import import_module
from itertools import product
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.cli.commands.worker import do_the_day
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.actions.claiming import claim_persons
from omzien.people.actions.invitations import open_invitation
from omzien.people.actions.memberships import appoint, be_away, be_back, end_membership
from omzien.people.actions.reviews import answer_line, open_due_reviews
from omzien.people.actions.starting import own_organisation, start_with
from omzien.people.actions.teams import archive_team, change_team, form_team, found_organisation
from omzien.people.models import (
    Absence,
    AccessReview,
    Account,
    Invitation,
    Mandate,
    Membership,
    Organisation,
    Person,
    ReviewLine,
    SamePerson,
    Team,
)
from omzien.people.models.organisations import GIVEN
from omzien.people.queries.broken_roles import broken_roles, count_broken
from omzien.people.queries.connectors import Meanwhile, connectors, meanwhile, without_connector
from omzien.people.queries.hats import actor_of, hats_of
from omzien.people.queries.mailboxes import of_holder, of_team
from omzien.people.refusals import (
    AlreadyAway,
    AlreadyEnded,
    AlreadyHas,
    CannotCover,
    CoverIsAway,
    HasNoTeam,
    NameTaken,
    NeedsTeam,
    NotAllowed,
    NothingOpen,
    NotIndependent,
    NotOwnOrganisation,
    Refused,
    TeamWorks,
    WrongDates,
    WrongTeam,
)
from omzien.people.rules.roles import (
    IN_A_TEAM,
    MUNICIPAL,
    OVERSEEN,
    PUBLIC,
    SYSTEM,
    WITHOUT_MEMBERSHIP,
    Actor,
    Role,
    Scope,
    table,
)
from tests.casework import another_name
from tests.signing import member, person, wearing
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
HERE = "GM1948"


@pytest.fixture
def here(world):
    with working_for(HERE):
        yield world


@pytest.fixture
def team(here):
    return form_team(
        municipality=here.meierijstad, name="Gebiedsteam Schijndel", phone="0413-555 100",
        villages=[here.schijndel.pk], by=SYSTEM,
    )  # fmt: skip


@pytest.fixture
def partner(here):
    return found_organisation(name="De Brug", kind="partner", municipality=HERE, by=SYSTEM)


def actor(membership, *, strong=True, on=TODAY):
    return actor_of(
        membership.person.account_id, f"membership:{membership.pk}",
        municipality=membership.municipality_id, is_strong=strong, on=on,
    )  # fmt: skip


# Giving and ending


def test_a_coordinator_gives_a_role_in_the_own_team(here, team, partner):
    coordinator = actor(member(Role.COORDINATOR, here.meierijstad, team=team))
    member(Role.CONNECTOR, here.meierijstad, name="Eerste Erbij", team=team, organisation=partner)
    given = appoint(
        person=person(here.meierijstad, "Nora Nieuw"), organisation=partner, team=team,
        role=Role.TEAM_MEMBER, starts_on=TODAY, by=coordinator,
    )  # fmt: skip
    assert given in Membership.objects.visible_to(coordinator)
    assert Fact.objects.get(verb="appoint", subject_id=str(given.pk)).actor == coordinator.key
    assert actor(given).villages == {here.schijndel.pk}


def test_nobody_gives_more_than_they_may(here, team, partner):
    other = form_team(municipality=here.meierijstad, name="Gebiedsteam Veghel", by=SYSTEM)
    coordinator = member(Role.COORDINATOR, here.meierijstad, team=team)
    somebody = person(here.meierijstad, "Nora Nieuw")

    def give(by, role, group, to=somebody):
        return appoint(
            person=to, organisation=partner, team=group, role=role, starts_on=TODAY, by=by
        )

    for role, group in [
        (Role.TEAM_MEMBER, other),
        (Role.COORDINATOR, team),
        (Role.FUNCTIONAL_MANAGER, None),
        (Role.EDITOR, None),
    ]:
        with pytest.raises(NotAllowed):
            give(actor(coordinator), role, group)
    for role in Role:
        holder = Actor(HERE, role)
        if Scope.ALL not in holder.may("membership.manage"):
            with pytest.raises(NotAllowed):
                give(holder, Role.EDITOR, None)
    with pytest.raises(NotAllowed):  # oneself
        give(actor(coordinator), Role.TEAM_MEMBER, team, to=coordinator.person)


def reach_of(role):
    """Return what a role reaches outside a team: in the municipality, or of an organisation."""
    far = {verb for verb, scopes in table()[role].items() if Scope.ALL in scopes}
    own = {"directory.change", "initiative.change"}  # of the organisation, whichever team
    return far | {verb for verb in own if Scope.OWN in table()[role][verb]}


@pytest.mark.parametrize("giver", sorted(set(Role) - WITHOUT_MEMBERSHIP))
def test_nobody_gives_what_their_own_reach_does_not_hold(here, team, partner, giver):
    """Every role × every team × every organisation × villages inside and outside the team."""
    other = form_team(municipality=here.meierijstad, name="Gebiedsteam Veghel", by=SYSTEM)
    desk = form_team(
        municipality=here.meierijstad, name="Loket De Brug", organisation=partner, by=SYSTEM
    )
    by = actor(member(giver, here.meierijstad, team=team if giver in IN_A_TEAM else None))
    own = own_organisation(here.meierijstad)
    places = product([None, team, other, desk], [own, partner], [[], [here.veghel.pk]])
    given = set()
    for role, (group, organisation, villages) in product(GIVEN, places):
        nora = person(here.meierijstad, "Nora Nieuw", email="nora@voorbeeld.example")
        try:
            made = appoint(
                person=nora, organisation=organisation, team=group, role=Role(role),
                villages=villages, starts_on=TODAY, by=by,
            )  # fmt: skip
        except Refused:
            continue
        given.add(Role(role))
        assert role not in MUNICIPAL or group is None
        if Scope.ALL not in by.may("membership.manage"):
            assert Scope.TEAM in by.may("membership.manage") and group == team
            assert organisation == own and not villages
            assert reach_of(Role(role)) <= reach_of(giver)
        assert end_membership(membership=made, by=by).ended_at  # who gives may take
    wanted = {
        Role.COORDINATOR: IN_A_TEAM - {Role.COORDINATOR} | {Role.VOLUNTEER},
        Role.FUNCTIONAL_MANAGER: {Role(one) for one in GIVEN},
    }
    assert given == wanted.get(giver, set())


def test_a_municipal_role_that_once_got_a_team_is_out_of_reach_of_that_team(here, team):
    coordinator = actor(member(Role.COORDINATOR, here.meierijstad, team=team))
    held = member(Role.CHIEF_EDITOR, here.meierijstad, name="Riet Redactie")
    Membership.objects.filter(pk=held.pk).update(team=team)
    with pytest.raises(NotAllowed):
        end_membership(membership=held, by=coordinator)
    assert not Membership.objects.managed_by(coordinator).exists()
    assert of_team(team, on=TODAY) == [Account.objects.get(persons=coordinator.person).email]


@pytest.mark.parametrize("role", [Role.CONNECTOR, Role.TEAM_MEMBER, Role.PARTNER_WORKER])
def test_who_works_on_questions_has_a_team(here, partner, role):
    somebody = person(here.meierijstad)
    more = {"person": somebody, "organisation": partner, "role": role, "starts_on": TODAY}
    with pytest.raises(NeedsTeam):
        appoint(**more, by=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():  # the database says so too
        Membership.objects.create(municipality=here.meierijstad, **more)


def test_a_desk_of_one_partner_takes_no_people_of_another(here, partner):
    other = found_organisation(name="ONS", kind="partner", municipality=HERE, by=SYSTEM)
    desk = form_team(
        municipality=here.meierijstad, name="Loket De Brug", organisation=partner, by=SYSTEM
    )
    somebody = person(here.meierijstad)
    more = {"person": somebody, "role": Role.PARTNER_WORKER, "team": desk, "starts_on": TODAY}
    with pytest.raises(WrongTeam):
        appoint(**more, organisation=other, by=SYSTEM)
    with pytest.raises(WrongDates):
        appoint(**more, organisation=partner, ends_on=TODAY - timedelta(1), by=SYSTEM)
    appoint(**more, organisation=partner, by=SYSTEM)
    with pytest.raises(AlreadyHas):
        appoint(**more, organisation=partner, by=SYSTEM)


def test_a_role_that_ends_is_gone_and_may_come_back(here, team):
    held = member(Role.CONNECTOR, here.meierijstad, team=team)
    for _round in range(3):  # A → B → A → B …, any length
        assert actor(held).role == Role.CONNECTOR
        end_membership(membership=held, by=SYSTEM)
        assert actor(held) is None
        with pytest.raises(AlreadyEnded):
            end_membership(membership=held, by=SYSTEM)
        held = appoint(
            person=held.person, organisation=held.organisation, team=team, role=Role.CONNECTOR,
            starts_on=TODAY, by=SYSTEM,
        )  # fmt: skip


def test_a_role_holds_from_its_first_to_its_last_day(here):
    held = member(Role.POLICY_OFFICER, here.meierijstad, ends_on=TODAY + timedelta(2))
    days = [TODAY + timedelta(days) for days in (-1, 0, 2, 3)]
    assert [actor(held, on=day) is not None for day in days] == [False, True, True, False]


# Hats


def test_a_person_with_two_roles_wears_one_at_a_time(here, team):
    worker = member(Role.CONNECTOR, here.meierijstad, team=team)
    volunteer = appoint(
        person=worker.person, organisation=own_organisation(here.meierijstad),
        role=Role.VOLUNTEER, starts_on=TODAY, by=SYSTEM,
    )  # fmt: skip
    hats = hats_of(worker.person.account_id, on=TODAY)
    assert [hat.role for hat in hats] == [Role.RESIDENT, Role.CONNECTOR, Role.VOLUNTEER]
    assert actor(worker).may("consent.record") and not actor(volunteer).may("consent.record")
    assert actor(volunteer).may("question.ask") and not actor(worker).may("question.ask")


def test_a_code_in_the_mail_is_not_enough_for_work(here, team):
    worker = member(Role.CONNECTOR, here.meierijstad, team=team)
    assert actor(worker, strong=False) is None
    own = f"person:{worker.person_id}"
    ours = actor_of(
        worker.person.account_id, own, municipality=HERE, is_strong=False, on=TODAY
    )  # fmt: skip
    assert ours.role == Role.RESIDENT


@pytest.mark.parametrize("hat", ["", "membership:", "membership:x", "king:1", ":", "person:1"])
def test_a_spoiled_hat_is_nobody(here, hat):
    somebody = person(here.meierijstad)
    assert actor_of(somebody.account_id, hat, municipality=HERE, is_strong=True, on=TODAY) is None


def test_nobody_wears_the_hat_of_another(here, team):
    worker = member(Role.CONNECTOR, here.meierijstad, team=team)
    thief = person(here.meierijstad, "Dirk Dief")
    for hat in (f"membership:{worker.pk}", f"person:{worker.person_id}"):
        found = actor_of(thief.account_id, hat, municipality=HERE, is_strong=True, on=TODAY)
        assert found is None


def test_a_hat_of_another_municipality_does_not_fit(here):
    elsewhere = member(Role.FUNCTIONAL_MANAGER, here.maashorst)
    assert actor(elsewhere) is None  # this transaction works for Meierijstad
    assert hats_of(elsewhere.person.account_id, on=TODAY) == []


def test_two_people_share_an_address_and_see_only_their_own(here):
    shared = Account.objects.create_user("samen@voorbeeld.example")
    people = [
        Person.objects.create(municipality=here.meierijstad, account=shared, name=name)
        for name in ("An", "Bob")
    ]
    assert [hat.person_name for hat in hats_of(shared.pk, on=TODAY)] == ["An", "Bob"]
    an = actor_of(shared.pk, f"person:{people[0].pk}", municipality=HERE, is_strong=False, on=TODAY)
    assert list(Person.objects.visible_to(an)) == [people[0]]


def test_a_mandate_is_a_hat_until_it_is_revoked(here):
    mother, son = person(here.meierijstad, "Mia Moeder"), person(here.meierijstad, "Sam Zoon")
    mandate = Mandate.objects.create(
        municipality=here.meierijstad, resident=mother, proxy=son, what=["look"], starts_on=TODAY
    )
    hat = f"mandate:{mandate.pk}"

    def now():
        return actor_of(son.account_id, hat, municipality=HERE, is_strong=False, on=TODAY)

    assert now() is None  # not confirmed
    Mandate.objects.update(confirmed_at="2026-11-25T10:00Z")
    assert now().represents == mother.pk and now().role == Role.PROXY
    Mandate.objects.update(revoked_at="2026-11-25T11:00Z")
    assert now() is None


# Who sees whom


def test_who_sees_the_names_of_whom(here, team, partner):
    colleague = member(Role.TEAM_MEMBER, here.meierijstad, team=team, name="Cor Collega")
    mine = member(Role.CONNECTOR, here.meierijstad, team=team, name="Ans Verbinder")
    other_team = form_team(municipality=here.meierijstad, name="Gebiedsteam Veghel", by=SYSTEM)
    stranger = member(Role.TEAM_MEMBER, here.meierijstad, team=other_team, name="Stef Vreemd")
    resident = person(here.meierijstad, "Rie Inwoner")
    manager = member(Role.FUNCTIONAL_MANAGER, here.meierijstad, name="Fien Beheer")

    def seen(hat):
        return set(Person.objects.visible_to(actor(hat)))

    assert seen(mine) == {mine.person, colleague.person}
    assert seen(stranger) == {stranger.person}
    # The functional manager sees who has a role, and no resident who has none.
    assert seen(manager) == {m.person for m in (mine, colleague, stranger, manager)}
    assert resident not in seen(manager)
    assert set(Person.objects.visible_to(PUBLIC)) == set()
    assert not Membership.objects.visible_to(PUBLIC).exists()
    assert not Team.objects.visible_to(Actor(HERE, Role.POLICY_OFFICER)).exists()


def test_the_database_refuses_a_row_that_names_one_of_another_municipality(here):
    elsewhere = person(here.maashorst, "Els Elders")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            municipality=here.meierijstad, person_id=elsewhere.pk,
            organisation=own_organisation(here.meierijstad), role=Role.EDITOR, starts_on=TODAY,
        )  # fmt: skip
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# Teams


def test_a_team_with_people_cannot_be_archived(here, team):
    held = member(Role.TEAM_MEMBER, here.meierijstad, team=team)
    with pytest.raises(TeamWorks):
        archive_team(team=team, by=SYSTEM)
    end_membership(membership=held, by=SYSTEM)
    archive_team(team=team, by=SYSTEM)
    assert not Team.objects.live().exists()


def test_the_default_team_cannot_be_archived_and_there_is_one(here):
    make = {"municipality": here.meierijstad, "by": SYSTEM, "is_default": True}
    first = form_team(name="Loket", **make)
    with pytest.raises(TeamWorks):
        archive_team(team=first, by=SYSTEM)
    second = form_team(name="Nieuw loket", **make)
    assert list(Team.objects.filter(is_default=True)) == [second]


def test_a_name_is_given_once(here, team, partner):
    with pytest.raises(NameTaken):
        form_team(municipality=here.meierijstad, name="  Gebiedsteam   Schijndel ", by=SYSTEM)
    with pytest.raises(NameTaken):
        found_organisation(name="DE BRUG", kind="partner", municipality=HERE, by=SYSTEM)
    other = form_team(municipality=here.meierijstad, name="Team Veghel", by=SYSTEM)
    with pytest.raises(NameTaken):
        change_team(team=other, name=team.name, villages=[], email="", phone="", by=SYSTEM)


# Connectors and cover


@pytest.fixture
def trio(here, team):
    """Three connectors of Schijndel."""
    return [
        member(Role.CONNECTOR, here.meierijstad, team=team, name=name)
        for name in ("Ans Een", "Bas Twee", "Cas Drie")
    ]


def listen(here, on=TODAY):
    return [one.name for one in connectors([here.schijndel.pk], on=on)[here.schijndel.pk]]


def away(membership, cover=None, first=TODAY, last=TODAY + timedelta(7)):
    return be_away(membership=membership, first_on=first, last_on=last, cover=cover, by=SYSTEM)


def test_a_village_knows_its_connector_and_who_stands_in(here, team):
    ans = member(Role.CONNECTOR, here.meierijstad, team=team, name="Ans Verbinder")
    bas = member(Role.TEAM_MEMBER, here.meierijstad, team=team, name="Bas Team")
    assert listen(here) == ["Ans Verbinder"]
    absence = away(ans, cover=bas)
    found = connectors([here.schijndel.pk, here.veghel.pk], on=TODAY)
    assert found[here.schijndel.pk][0].name == "Bas Team"
    assert found[here.schijndel.pk][0].stands_in_for == "Ans Verbinder"
    assert found[here.veghel.pk] == []  # the team covers Schijndel only
    assert listen(here, on=TODAY + timedelta(8)) == ["Ans Verbinder"]
    be_back(absence=absence, by=SYSTEM)
    assert listen(here) == ["Ans Verbinder"]


def test_cover_of_cover_counts_and_a_circle_is_nobody(here, trio):
    ans, bas, cas = trio
    end_membership(membership=cas, by=SYSTEM)
    away(ans, cover=bas, last=TODAY + timedelta(1))
    Absence.objects.create(
        municipality=here.meierijstad, membership=bas, cover=ans,
        first_on=TODAY, last_on=TODAY,
    )  # fmt: skip
    assert listen(here) == []
    assert listen(here, on=TODAY + timedelta(1)) == ["Bas Twee"]


def test_an_absence_without_cover_leaves_the_village_without_a_connector(here, trio):
    for one in trio:
        away(one)
    assert listen(here) == []


def test_one_query_for_all_villages_and_one_more_where_somebody_is_away(
    here, trio, django_assert_num_queries
):
    villages = [here.schijndel.pk, here.veghel.pk, here.uden.pk]
    connectors(villages, on=TODAY)
    with django_assert_num_queries(1):
        connectors(villages, on=TODAY)
    away(trio[0], cover=trio[1])
    with django_assert_num_queries(2):
        connectors(villages, on=TODAY)


def test_an_ended_or_closed_account_is_no_connector(here, team):
    ans = member(Role.CONNECTOR, here.meierijstad, team=team)
    Account.objects.filter(pk=ans.person.account_id).update(is_active=False)
    assert listen(here) == []


def test_who_is_only_invited_is_not_reachable_and_who_signs_in_is(here, team):
    """Not on the public page, not for coverage, not for mail, until there is an account."""
    invited = member(Role.CONNECTOR, here.meierijstad, team=team, name="Ina Uitgenodigd")
    account = invited.person.account
    for state in ({"account": None}, {"account": account}):
        Person.objects.filter(pk=invited.person_id).update(**state)
        is_there = state["account"] is not None
        assert listen(here) == (["Ina Uitgenodigd"] if is_there else [])
        assert ("Schijndel" in without_connector(HERE, on=TODAY)) is not is_there
        assert bool(of_team(team, on=TODAY)) is is_there
        assert bool(of_holder(invited, on=TODAY)) is is_there
    Account.objects.update(is_proven=False)
    assert not listen(here) and not of_team(team, on=TODAY)


def test_a_connector_with_a_password_is_reachable_once_the_second_step_is_there(here, team):
    """Who cannot take the role yet is not the connector of a village, nor its cover or mail."""
    ina = member(Role.CONNECTOR, here.meierijstad, team=team, name="Ina Uitgenodigd")
    account = ina.person.account
    account.set_password("juist paard batterij nietje")
    account.save()
    assert actor(ina, strong=False) is None
    assert listen(here) == [] and "Schijndel" in without_connector(HERE, on=TODAY)
    assert not of_team(team, on=TODAY)
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    assert listen(here) == ["Ina Uitgenodigd"] and of_team(team, on=TODAY)


def test_who_was_invited_and_comes_with_a_code_has_the_role(here, team):
    invited = member(Role.CONNECTOR, here.meierijstad, team=team, name="Ina Uitgenodigd")
    somebody, account = invited.person, invited.person.account
    Person.objects.filter(pk=somebody.pk).update(account=None)
    assert claim_persons(municipality=here.meierijstad, account=account) == 0  # nobody invited
    somebody.refresh_from_db()
    invitation = open_invitation(person=somebody, by=SYSTEM)
    stranger = Account.objects.create_user("vreemd@voorbeeld.example")
    assert claim_persons(municipality=here.meierijstad, account=stranger) == 0
    Invitation.objects.update(expires_at=timezone.now() - timedelta(1))
    assert claim_persons(municipality=here.meierijstad, account=account) == 0
    Invitation.objects.update(expires_at=invitation.expires_at)
    assert claim_persons(municipality=here.meierijstad, account=account) == 1
    invited = Membership.objects.select_related("person").get(pk=invited.pk)
    assert actor(invited).role == Role.CONNECTOR
    assert actor(invited, strong=False) is None  # the second step is still asked


def test_only_who_can_do_the_work_covers_a_connector(here, team):
    """By the table: a volunteer and the worker of a partner do not, whatever team they are in."""
    ans = member(Role.CONNECTOR, here.meierijstad, team=team, name="Ans Verbinder")
    able = set()
    for role in sorted(set(Role) - WITHOUT_MEMBERSHIP):
        place = team if role not in MUNICIPAL else None
        cover = member(role, here.meierijstad, name=f"{role} Wie", team=place)
        try:
            be_back(absence=away(ans, cover=cover), by=SYSTEM)
        except CannotCover:
            continue
        able.add(role)
    assert able == {Role.CONNECTOR, Role.TEAM_MEMBER, Role.COORDINATOR}
    invited = member(Role.CONNECTOR, here.meierijstad, team=team, name="Ina Uitgenodigd")
    Person.objects.filter(pk=invited.person_id).update(account=None)
    with pytest.raises(CoverIsAway):
        away(ans, cover=invited)


def test_a_village_whose_connector_is_away_is_told_who_and_whom_to_call(here, team):
    ans = member(Role.CONNECTOR, here.meierijstad, team=team, name="Ans Verbinder")
    away(ans)
    told = meanwhile(here.schijndel.pk, municipality=HERE, on=TODAY)
    assert told.away == ["Ans Verbinder"] and told.phone == "0413-555 100"
    told = meanwhile(here.veghel.pk, municipality=HERE, on=TODAY)
    assert told == Meanwhile([])
    form_team(
        municipality=here.meierijstad, name="Loket", phone="0413-555 1", is_default=True, by=SYSTEM
    )
    told = meanwhile(here.veghel.pk, municipality=HERE, on=TODAY)
    assert told == Meanwhile([], "Loket", "0413-555 1")


def test_what_an_absence_refuses(here, trio):
    ans, bas, _cas = trio
    with pytest.raises(WrongDates):
        away(ans, first=TODAY, last=TODAY - timedelta(1))
    with pytest.raises(CoverIsAway):
        away(ans, cover=ans)
    away(bas)
    with pytest.raises(CoverIsAway):
        away(ans, cover=bas)
    with pytest.raises(AlreadyAway):
        away(bas, first=TODAY + timedelta(7), last=TODAY + timedelta(9))
    stranger = Actor(HERE, Role.POLICY_OFFICER)
    with pytest.raises(NotAllowed):
        be_away(membership=ans, first_on=TODAY, last_on=TODAY, by=stranger)
    be_away(membership=ans, first_on=TODAY, last_on=TODAY, by=actor(ans))


# The access review


def test_reviews_open_once_and_again_after_their_term(here, team):
    member(Role.TEAM_MEMBER, here.meierijstad, team=team)
    member(Role.FUNCTIONAL_MANAGER, here.meierijstad, name="Fien Beheer")

    def opened(on):
        return open_due_reviews(municipality=here.meierijstad, on=on)

    assert opened(TODAY) == 2
    lines = {one.kind: one.lines.count() for one in AccessReview.objects.all()}
    assert lines == {"yearly": 2, "quarterly": 1}
    assert opened(TODAY + timedelta(900)) == 0
    AccessReview.objects.update(closed_at="2026-11-25T12:00Z")
    assert opened(date(2027, 2, 24)) == 0
    assert opened(date(2027, 2, 25)) == 1
    assert AccessReview.objects.filter(kind="quarterly").count() == 2


def test_the_last_answer_closes_a_review_and_nobody_answers_for_themselves(here, team):
    worker = member(Role.TEAM_MEMBER, here.meierijstad, team=team, name="Wim Werker")
    coordinator = member(Role.COORDINATOR, here.meierijstad, team=team, name="Co Coördinator")
    manager = member(Role.FUNCTIONAL_MANAGER, here.meierijstad, name="Fien Beheer")
    officer = member(Role.PRIVACY_OFFICER, here.meierijstad, name="Flo Privacy")
    open_due_reviews(municipality=here.meierijstad, on=TODAY)
    yearly = AccessReview.objects.get(kind="yearly")

    def line(of):
        return ReviewLine.objects.get(review=yearly, membership=of)

    for by, of in [(coordinator, coordinator), (coordinator, manager), (manager, manager)]:
        with pytest.raises(NotAllowed):
            answer_line(line=line(of), stays=True, by=actor(by))
    answer_line(line=line(worker), stays=False, by=actor(coordinator))
    assert actor(worker) is None
    with pytest.raises(NothingOpen):
        answer_line(line=line(worker), stays=True, by=actor(coordinator))
    answer_line(line=line(coordinator), stays=True, by=actor(manager))
    answer_line(line=line(officer), stays=True, by=actor(manager))
    answer_line(line=line(manager), stays=True, by=actor(officer))
    assert not AccessReview.objects.filter(closed_at=None).exists()
    assert not ReviewLine.objects.filter(answer="waiting").exists()  # one answer in both rounds
    assert Fact.objects.filter(subject="review", verb="close").count() == 2


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FUNCTIONAL_MANAGER])
def test_nobody_answers_for_themselves_by_another_name(here, team, role):
    boss = member(role, here.meierijstad, team=None if role in MUNICIPAL else team, name="Co Co")
    other = another_name(boss, team)
    open_due_reviews(municipality=here.meierijstad, on=TODAY)
    (line,) = ReviewLine.objects.filter(membership=other)
    assert not ReviewLine.objects.decided_by(actor(boss)).filter(pk=line.pk).exists()
    with pytest.raises(NotAllowed):
        answer_line(line=line, stays=True, by=actor(boss))


def test_a_review_whose_last_role_ended_elsewhere_is_closed_and_the_next_one_opens(here):
    worker = member(Role.EDITOR, here.meierijstad)
    open_due_reviews(municipality=here.meierijstad, on=TODAY)
    end_membership(membership=worker, by=SYSTEM)
    member(Role.EDITOR, here.meierijstad, name="Ed Opvolger")
    assert open_due_reviews(municipality=here.meierijstad, on=TODAY + timedelta(400)) == 1


# Roles that were given before a rule was there


def given_before(role, town, *, name="Bea Bakker", person=None, **more):
    """Return a role as it may stand in a database that is older than the rules."""
    held = member(Role.EDITOR, town, name=name) if person is None else None
    row = held or Membership(municipality=town, person=person, starts_on=TODAY)
    row.role, row.organisation = role, more.get("organisation", own_organisation(town))
    row.team = more.get("team")
    row.save()
    return row


@pytest.fixture
def broken(here, team, partner):
    """Roles that break each rule, beside some that break none."""
    town = here.meierijstad
    other = form_team(municipality=town, name="Loket De Brug", organisation=partner, by=SYSTEM)
    officer = member(Role.PRIVACY_OFFICER, town, name="Flo Privacy")
    member(Role.TEAM_MEMBER, town, team=team, name="Wim Werker")
    member(Role.EDITOR, town, organisation=partner, name="Ed Redactie")
    foreign = own_organisation(here.maashorst)
    return {
        given_before(Role.POLICY_OFFICER, town, name="P", organisation=partner): NotOwnOrganisation,
        given_before(Role.CHIEF_EDITOR, town, name="R", organisation=foreign): NotOwnOrganisation,
        given_before(Role.TECHNICAL_ADMIN, town, name="Te", team=team): HasNoTeam,
        given_before(Role.TEAM_MEMBER, town, name="We", team=other): WrongTeam,
        given_before(Role.TEAM_MEMBER, town, person=officer.person, team=team): NotIndependent,
        officer: NotIndependent,
    }  # fmt: skip


def test_roles_that_break_a_rule_are_found_and_go_on_until_somebody_ends_them(
    here, broken, django_assert_num_queries
):
    rules = {row.pk: rule for row, rule in broken.items()}
    with django_assert_num_queries(2):  # the roles, and who is one person
        assert broken_roles(here.meierijstad, on=TODAY) == rules
    assert count_broken(municipality=here.meierijstad, on=TODAY) == len(rules)
    assert any("rollen die niet kloppen: 6" in one for one in do_the_day(on=TODAY))
    assert not Membership.objects.exclude(ended_at=None).exists()
    for row in broken:
        end_membership(membership=row, by=SYSTEM)
    assert broken_roles(here.meierijstad, on=TODAY) == {}


def test_a_privacy_officer_who_works_under_another_name_of_the_same_account_is_found(here, team):
    officer = member(Role.PRIVACY_OFFICER, here.meierijstad, name="Flo Privacy")
    worker = member(Role.TEAM_MEMBER, here.meierijstad, team=team, name="Wim Werker")
    assert broken_roles(here.meierijstad, on=TODAY) == {}
    Person.objects.filter(pk=worker.person_id).update(account=officer.person.account)
    assert set(broken_roles(here.meierijstad, on=TODAY)) == {officer.pk, worker.pk}
    end_membership(membership=worker, by=SYSTEM)
    assert broken_roles(here.meierijstad, on=TODAY) == {}


def test_a_role_that_breaks_a_rule_does_not_stay_in_a_review(here, broken):
    manager = actor(member(Role.FUNCTIONAL_MANAGER, here.meierijstad, name="Fien Beheer"))
    open_due_reviews(municipality=here.meierijstad, on=TODAY)
    for row, rule in broken.items():
        line = ReviewLine.objects.filter(membership=row)[0]
        with pytest.raises(rule):
            answer_line(line=line, stays=True, by=manager)
    *others, officer = broken
    for row in others:
        answer_line(line=ReviewLine.objects.filter(membership=row)[0], stays=False, by=manager)
    assert broken_roles(here.meierijstad, on=TODAY) == {}
    line = ReviewLine.objects.filter(membership=officer)[0]
    assert answer_line(line=line, stays=True, by=manager).answer == "stays"


def test_the_command_line_mends_the_role_of_the_only_manager(here, partner):
    held = given_before(Role.FUNCTIONAL_MANAGER, here.meierijstad, organisation=partner)
    address = held.person.account.email
    common = {"municipality": here.meierijstad, "email": address, "name": "Fien Beheer"}
    given = start_with(password="een lang wachtwoord", role=Role.FUNCTIONAL_MANAGER, **common)
    assert given != held and given.organisation == own_organisation(here.meierijstad)
    with pytest.raises(NotIndependent):
        start_with(password="een lang wachtwoord", role=Role.PRIVACY_OFFICER, **common)


# At the next request


def test_what_is_taken_away_is_gone_at_the_next_request(world):
    held = member(Role.CHIEF_EDITOR, world.meierijstad)
    browser = wearing(held)
    assert browser.get("/redactie").status_code == 200
    with working_for(HERE):
        end_membership(membership=held, by=SYSTEM)
    assert browser.get("/redactie")["Location"].startswith("/rol?")
    assert browser.post("/redactie/woorden", {"word": "x", "means": "y"}).status_code == 302


def test_an_account_that_is_closed_in_mid_session_is_out(world):
    held = member(Role.CHIEF_EDITOR, world.meierijstad)
    browser = wearing(held)
    Account.objects.update(is_active=False)
    assert browser.get("/redactie")["Location"].startswith("/aanmelden")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PUBLIC, Role.PROXY, Role.RESIDENT}))
def test_every_role_lands_on_what_needs_it_today(world, role):
    with working_for(HERE):
        team = form_team(municipality=world.meierijstad, name="Team", by=SYSTEM)
    place = team if role in IN_A_TEAM else None
    browser = wearing(member(role, world.meierijstad, team=place))
    page = browser.get("/vandaag")
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert "Je bent hier als" in page.content.decode()


@pytest.mark.parametrize("role", sorted(MUNICIPAL))
def test_a_role_for_the_municipality_is_for_its_own_organisation(here, partner, role):
    manager = Actor(HERE, Role.FUNCTIONAL_MANAGER, machine="system")
    ans = person(here.meierijstad, "Ans Anders")
    for strange in (own_organisation(here.maashorst), partner):
        with pytest.raises(NotOwnOrganisation):
            appoint(person=ans, organisation=strange, role=role, starts_on=TODAY, by=manager)
    own = own_organisation(here.meierijstad)
    assert appoint(person=ans, organisation=own, role=role, starts_on=TODAY, by=manager)


@pytest.mark.parametrize("work", sorted(OVERSEEN))
def test_who_oversees_privacy_has_no_part_in_the_work(here, team, work):
    own = own_organisation(here.meierijstad)
    ans = member(Role.EDITOR, here.meierijstad, name="Ans Anders").person
    common = {"person": ans, "organisation": own, "starts_on": TODAY, "by": SYSTEM}
    officer = {"role": Role.PRIVACY_OFFICER} | common
    working = {"role": work, "team": team if work in IN_A_TEAM else None} | common
    for first, second in ((officer, working), (working, officer)):
        given = appoint(**first)
        with pytest.raises(NotIndependent):
            appoint(**second)
        end_membership(membership=given, by=SYSTEM)
    assert appoint(**officer)


@pytest.mark.parametrize("stays", ["officer", "other"])
def test_who_oversees_privacy_has_no_part_in_it_by_a_second_account_either(here, team, stays):
    """Two rows that turned out to be one: the other one got an account of its own since."""
    town, own = here.meierijstad, own_organisation(here.meierijstad)
    officer = member(Role.PRIVACY_OFFICER, town, name="Flo Privacy")
    other = person(town, "Floor P.")
    kept, same = (officer.person, other) if stays == "officer" else (other, officer.person)
    SamePerson.objects.create(
        municipality=town, person=kept, other=same, how="asked", merged_at=timezone.now(), by="x"
    )
    common = {"role": Role.TEAM_MEMBER, "organisation": own, "team": team, "starts_on": TODAY}
    with pytest.raises(NotIndependent):
        appoint(person=other, by=SYSTEM, **common)
    given = given_before(Role.TEAM_MEMBER, town, person=other, team=team)
    assert broken_roles(town, on=TODAY) == {officer.pk: NotIndependent, given.pk: NotIndependent}


def test_nobody_gives_a_role_to_who_they_turned_out_to_be(here):
    town, own = here.meierijstad, own_organisation(here.meierijstad)
    manager = member(Role.FUNCTIONAL_MANAGER, town, name="Fien Beheer")
    other = person(town, "Josefien B.")
    common = {"person": other, "organisation": own, "role": Role.EDITOR, "starts_on": TODAY}
    by = Actor(HERE, Role.FUNCTIONAL_MANAGER, person=manager.person_id, membership=manager.pk)
    link = SamePerson.objects.create(
        municipality=town, person=other, other=manager.person, how="asked",
        merged_at=timezone.now(), by="x",
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        appoint(by=by, **common)
    held = appoint(by=SYSTEM, **common)
    assert not Membership.objects.managed_by(by).filter(pk=held.pk).exists()
    SamePerson.objects.filter(pk=link.pk).update(undone_at=timezone.now(), undone_by="x")
    assert Membership.objects.managed_by(by).filter(pk=held.pk).exists()


def test_a_new_name_of_the_municipality_breaks_no_role_however_it_came(here):
    held = member(Role.POLICY_OFFICER, here.meierijstad, name="Bea Beleid")
    Municipality.objects.filter(pk=HERE).update(name="Nergens Meer")
    town = Municipality.objects.get(pk=HERE)
    with working_for(HERE):
        assert held.organisation == own_organisation(town) and not broken_roles(town)
    assert Organisation.objects.filter(as_municipality=town).count() == 1


def test_a_partner_with_the_name_of_a_municipality_becomes_that_municipality(here):
    with working_for(HERE):
        known = found_organisation(
            name="Gemeente Meierijstad", kind="partner", municipality=HERE, by=SYSTEM
        )
    own = own_organisation(here.meierijstad)
    assert own == known and own.is_of(here.meierijstad) and own.kind == "municipality"


def test_the_migration_ties_who_had_the_name_and_leaves_others(here):
    with working_for(HERE):
        add = partial(found_organisation, kind="municipality", municipality=HERE, by=SYSTEM)
        own, other = add(name="Gemeente Meierijstad"), add(name="Gemeente Nergens")
    tie = import_module("omzien.people.migrations.0016_admin5_own_organisation").tie
    for _ in range(2):
        tie(apps, SimpleNamespace(connection=connection))
        own.refresh_from_db(), other.refresh_from_db()
        assert own.as_municipality == here.meierijstad and other.as_municipality is None
