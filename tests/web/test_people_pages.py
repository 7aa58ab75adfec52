"""The pages on which roles are given, teams kept, absence recorded and access reviewed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omzien.choices.actions import change_settings
from omzien.directory.actions.edits import reject_edit
from omzien.directory.models import Edit, Provider, Service
from omzien.journal.isolation import working_for
from omzien.messages.models import Message
from omzien.people.actions.claiming import claim_persons
from omzien.people.actions.invitations import token_for
from omzien.people.actions.memberships import appoint, be_away, end_membership
from omzien.people.actions.reviews import open_due_reviews
from omzien.people.actions.starting import own_organisation
from omzien.people.actions.teams import form_team, found_organisation, rename_organisation
from omzien.people.models import (
    Absence,
    AccessLine,
    Account,
    Invitation,
    Membership,
    Organisation,
    Person,
    ReviewLine,
    Team,
)
from omzien.people.refusals import WorksElsewhere
from omzien.people.rules.roles import GIVEN_BY_A_TEAM, SYSTEM, WITHOUT_MEMBERSHIP, Actor, Role
from tests.signing import member, person, wearing
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
HERE = "GM1948"


@pytest.fixture
def team(world):
    with working_for(HERE):
        return form_team(
            municipality=world.meierijstad, name="Gebiedsteam Schijndel",
            villages=[world.schijndel.pk], by=SYSTEM,
        )  # fmt: skip


@pytest.fixture
def manager(world):
    return wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))


@pytest.fixture
def coordinator(world, team):
    return wearing(member(Role.COORDINATOR, world.meierijstad, team=team, name="Co Ordinator"))


def text(answer):
    return answer.content.decode()


def form(world, **more):
    return {
        "name": "Nora Nieuw",
        "email": "nora@voorbeeld.example",
        "role": "policy_officer",
        "organisation": str(own_organisation(world.meierijstad).pk),
        **more,
    }


def roles():
    with working_for(HERE):
        return set(Membership.objects.filter(ended_at=None).values_list("person__name", "role"))


def test_the_manager_gives_somebody_new_a_role_and_ends_it(manager, world):
    year = timezone.localdate().year + 1
    answer = manager.post("/beheer/mensen/nieuw", form(world, ends_on=f"31-12-{year}"), follow=True)
    assert "Nora Nieuw" in text(answer) and f"31 december {year}" in text(answer)
    with working_for(HERE):
        key = Membership.objects.get(person__name="Nora Nieuw").pk
    page = text(manager.get(f"/beheer/mensen/{key}/eindig"))
    assert "Wat stopt" in page and "Nora Nieuw" in page and "beleidsmedewerker" in page
    assert len(roles()) == 2  # looking ends nothing
    manager.post(f"/beheer/mensen/{key}/eindig")
    assert roles() == {("Fien Beheer", "functional_manager")}
    assert "al beëindigd" in text(manager.post(f"/beheer/mensen/{key}/eindig", follow=True))


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({"role": ""}, "Kies een rol."),
        ({"role": "king"}, "king"),
        ({"role": "resident"}, "resident"),
        ({"role": "connector"}, "Kies een team."),
        ({"name": ""}, "Kies iemand, of vul een naam en een mailadres in."),
        ({"email": "x"}, "Dit is geen mailadres."),
        ({"email": "nul\0@x.example"}, "#id_email"),
        ({"organisation": ""}, "Kies een organisatie."),
        ({"organisation": "nul\0"}, "organisation"),
        ({"team": "00000000-0000-0000-0000-000000000000"}, "team"),
        ({"ends_on": "gisteren"}, "Vul een datum in"),
        ({"ends_on": "1-1-2020"}, 'href="#id_ends_on">De laatste dag ligt voor de eerste dag.'),
        ({"person": "00000000-0000-0000-0000-000000000000"}, "person"),
    ],
)
def test_a_wrong_form_is_explained_and_nobody_is_half_made(manager, world, wrong, said):
    answer = manager.post("/beheer/mensen/nieuw", form(world, **wrong))
    assert answer.status_code == 400 and said in text(answer) and "<title>Fout:" in text(answer)
    with working_for(HERE):
        assert [one.name for one in Person.objects.all()] == ["Fien Beheer"]


def test_a_coordinator_is_offered_only_what_they_may_give(coordinator, world, team):
    page = text(coordinator.get("/beheer/mensen/nieuw"))
    assert "verbinder" in page and "functioneel beheerder" not in page
    with working_for(HERE):
        other = form_team(municipality=world.meierijstad, name="Ander team", by=SYSTEM)
    more = form(world, role="team_member")
    assert coordinator.post("/beheer/mensen/nieuw", more | {"team": other.pk}).status_code == 400
    assert coordinator.post("/beheer/mensen/nieuw", more | {"team": team.pk}).status_code == 302


@pytest.mark.parametrize("role", sorted(set(Role) - WITHOUT_MEMBERSHIP - GIVEN_BY_A_TEAM))
def test_a_coordinator_is_not_offered_and_cannot_post_a_role_past_the_team(
    coordinator, world, team, role
):
    page = text(coordinator.get("/beheer/mensen/nieuw"))
    assert f'value="{role}"' not in page
    for group in ("", str(team.pk)):
        answer = coordinator.post("/beheer/mensen/nieuw", form(world, role=role, team=group))
        assert answer.status_code == 400
    assert roles() == {("Co Ordinator", "coordinator")}


def test_the_list_of_people_has_names_and_shows_only_who_may_be_seen(coordinator, manager, world):
    member(Role.EDITOR, world.meierijstad, name="Hein Hier")
    person(world.meierijstad, "Rie Inwoner")
    page = text(manager.get("/beheer/mensen/nieuw"))
    assert "Hein Hier, hein@" in page and "Co Ordinator" in page and "Rie Inwoner" not in page
    assert "Hein Hier" not in text(coordinator.get("/beheer/mensen/nieuw"))
    with working_for(HERE):
        seen = AccessLine.objects.filter(object_kind="membership", about=None)
        assert seen.exists()  # names on a page: a line in the log


def test_who_types_somebody_that_is_known_chooses_who_is_meant(manager, world):
    hein = member(Role.EDITOR, world.meierijstad, name="Hein Hier").person
    wanted = form(world, name="H. Hier", email=hein.email.upper(), role="initiator")
    answer = manager.post("/beheer/mensen/nieuw", wanted)
    assert answer.status_code == 400 and "Wie bedoel je?" in text(answer)
    assert str(hein.pk) in text(answer) and len(roles()) == 2
    assert manager.post("/beheer/mensen/nieuw", wanted | {"meant": "x"}).status_code == 400
    answer = manager.post("/beheer/mensen/nieuw", wanted | {"meant": str(hein.pk)})
    assert answer.status_code == 302 and ("Hein Hier", "initiator") in roles()
    answer = manager.post("/beheer/mensen/nieuw", wanted | {"meant": "else"})
    assert answer.status_code == 302 and ("H. Hier", "initiator") in roles()


def test_who_may_not_be_seen_is_not_betrayed_by_their_address(coordinator, world, team):
    rie = person(world.meierijstad, "Rie Inwoner")
    wanted = form(world, email=rie.email, role="connector", team=str(team.pk))
    assert coordinator.post("/beheer/mensen/nieuw", wanted).status_code == 302


def test_nobody_gives_themselves_a_role_under_another_name(manager, world):
    own = "fien@meierijstad.example"
    for address in (own, own.upper()):
        answer = manager.post("/beheer/mensen/nieuw", form(world, email=address, meant="else"))
        assert answer.status_code == 400
    assert roles() == {("Fien Beheer", "functional_manager")}


def test_a_municipal_role_has_no_team(manager, world, team):
    wanted = form(world, role="chief_editor", team=str(team.pk))
    answer = manager.post("/beheer/mensen/nieuw", wanted)
    assert answer.status_code == 400 and "voor de hele gemeente" in text(answer)
    assert manager.post("/beheer/mensen/nieuw", wanted | {"team": ""}).status_code == 302


def test_a_coordinator_is_offered_the_organisations_of_the_team(coordinator, world, team):
    with working_for(HERE):
        stranger = found_organisation(name="Ver Weg", kind="partner", municipality=HERE, by=SYSTEM)
    assert "Ver Weg" not in text(coordinator.get("/beheer/mensen/nieuw"))
    wanted = form(world, role="connector", team=str(team.pk), organisation=str(stranger.pk))
    assert coordinator.post("/beheer/mensen/nieuw", wanted).status_code == 400


def test_a_role_of_another_team_or_municipality_is_not_there(coordinator, world):
    elsewhere = member(Role.EDITOR, world.maashorst, name="Els Elders")
    here = member(Role.EDITOR, world.meierijstad, name="Hein Hier")
    for one in (elsewhere, here):
        assert coordinator.get(f"/beheer/mensen/{one.pk}/eindig").status_code == 404
        assert coordinator.post(f"/beheer/mensen/{one.pk}/eindig").status_code == 404
        assert one.person.name not in text(coordinator.get("/beheer/mensen"))


def test_ending_a_role_says_what_stops_and_what_goes_on(manager, world, team):
    connector = member(Role.CONNECTOR, world.meierijstad, team=team, name="Vera Verbinder")
    away = member(Role.CONNECTOR, world.meierijstad, team=team, name="Wim Weg")
    with working_for(HERE):
        appoint(
            person=connector.person, organisation=own_organisation(world.meierijstad),
            role=Role.EDITOR, starts_on=TODAY, by=SYSTEM,
        )  # fmt: skip
        days = {"first_on": TODAY, "last_on": timezone.localdate() + timedelta(days=9)}
        be_away(membership=away, cover=connector, by=SYSTEM, **days)
    page = text(manager.get(f"/beheer/mensen/{connector.pk}/eindig"))
    assert "De waarneming voor Wim Weg vervalt." in page
    assert "De rol redacteur gaat door." in page
    assert "zien deze verbinder niet meer" in page


def test_the_manager_keeps_teams(manager, world):
    wanted = {"name": "Gebiedsteam Veghel", "villages": [world.veghel.pk], "phone": "0413-555 1"}
    page = text(manager.post("/beheer/teams/nieuw", wanted, follow=True))
    assert "Gebiedsteam Veghel" in page and "Zonder bereikbare verbinder: Schijndel, Veghel" in page
    again = manager.post("/beheer/teams/nieuw", wanted)
    assert again.status_code == 400 and "Deze naam bestaat al" in text(again)
    with working_for(HERE):
        team = Team.objects.get()
    assert "checked" in text(manager.get(f"/beheer/teams/{team.pk}"))
    manager.post(f"/beheer/teams/{team.pk}", wanted | {"name": "Team Noord", "villages": []})
    with working_for(HERE):
        assert (Team.objects.get().name, Team.objects.get().villages) == ("Team Noord", [])
    elsewhere = wanted | {"villages": [world.uden.pk]}
    assert manager.post(f"/beheer/teams/{team.pk}", elsewhere).status_code == 400
    manager.post(f"/beheer/teams/{team.pk}/archiveer")
    assert manager.get(f"/beheer/teams/{team.pk}").status_code == 404


def test_a_team_that_works_cannot_end(manager, coordinator, team):
    page = text(manager.post(f"/beheer/teams/{team.pk}/archiveer", follow=True))
    assert "In dit team werken nog mensen" in page


def test_a_team_on_duty_cannot_end_and_the_page_says_so(manager, world, team):
    with working_for(HERE):
        change_settings(
            municipality=world.meierijstad, raw={"duty_team": team.name},
            by=Actor(HERE, Role.FUNCTIONAL_MANAGER, machine="system"),
        )  # fmt: skip
    answer = manager.post(f"/beheer/teams/{team.pk}/archiveer")
    assert answer.status_code == 409 and "Dienst voor wat acuut is" in text(answer)


def test_the_manager_adds_an_organisation(manager):
    assert manager.post("/beheer/organisaties", {"name": "De Brug"}).status_code == 400
    manager.post("/beheer/organisaties", {"name": "De Brug", "kind": "partner"})
    assert "De Brug" in text(manager.get("/beheer/organisaties"))
    twice = manager.post("/beheer/organisaties", {"name": "de brug", "kind": "partner"})
    assert "Deze naam bestaat al" in text(twice)
    assert Organisation.objects.filter(sort_name__contains="brug").count() == 1


def test_a_connector_is_away_and_somebody_stands_in(world, team):
    ans = member(Role.CONNECTOR, world.meierijstad, team=team, name="Ans Verbinder")
    bas = member(Role.TEAM_MEMBER, world.meierijstad, team=team, name="Bas Team")
    browser = wearing(ans)
    today = timezone.localdate()
    days = {"first_on": f"{today:%d-%m-%Y}", "last_on": f"{today + timedelta(9):%d-%m-%Y}"}
    wrong = browser.post("/beheer/afwezig", days | {"membership": bas.pk})
    assert wrong.status_code == 400  # a connector records only their own absence
    self_cover = browser.post("/beheer/afwezig", days | {"membership": ans.pk, "cover": ans.pk})
    assert list(self_cover.context["form"].errors) == ["cover"]
    turned = {"first_on": days["last_on"], "last_on": days["first_on"], "membership": ans.pk}
    assert list(browser.post("/beheer/afwezig", turned).context["form"].errors) == ["last_on"]
    browser.post("/beheer/afwezig", days | {"membership": ans.pk, "cover": bas.pk})
    assert "Bas Team vervangt." in text(browser.get("/beheer/afwezig"))
    twice = browser.post("/beheer/afwezig", days | {"membership": ans.pk})
    assert "al afwezig gemeld" in text(twice)
    with working_for(HERE):
        key = Absence.objects.get().pk
    assert wearing(bas).post(f"/beheer/afwezig/{key}/terug").status_code == 404
    browser.post(f"/beheer/afwezig/{key}/terug")
    with working_for(HERE):
        assert not Absence.objects.exists()


def test_who_is_away_without_cover_gets_one_later(world, team):
    ans = member(Role.CONNECTOR, world.meierijstad, team=team, name="Ans Verbinder")
    bas = member(Role.TEAM_MEMBER, world.meierijstad, team=team, name="Bas Team")
    boss = wearing(member(Role.COORDINATOR, world.meierijstad, team=team, name="Cor Baas"))
    assert "Kies alsnog een vervanger" not in text(boss.get("/beheer/afwezig"))
    with working_for(HERE):
        days = {"first_on": timezone.localdate(), "last_on": timezone.localdate()}
        key = be_away(membership=ans, by=SYSTEM, **days).pk
    assert 'href="/beheer/afwezig"' in text(boss.get("/vandaag")).split("Zonder bereikbare")[1]
    assert "Kies alsnog een vervanger" in text(boss.get("/beheer/afwezig"))
    for wrong in ({"later-cover": ""}, {"later-cover": ans.pk}, {"later-absence": bas.pk}):
        sent = {"later-absence": key, "later-cover": bas.pk} | wrong
        assert boss.post("/beheer/afwezig", sent).status_code == 400
    theirs = wearing(bas).post("/beheer/afwezig", {"later-absence": key, "later-cover": bas.pk})
    assert theirs.status_code == 400  # a team member records only the own absence
    boss.post("/beheer/afwezig", {"later-absence": key, "later-cover": bas.pk})
    assert "Bas Team vervangt." in text(boss.get("/beheer/afwezig"))


def test_a_volunteer_calls_the_coordinator(world, team):
    volunteer = member(Role.VOLUNTEER, world.meierijstad, team=team, name="Vic Vrijwillig")
    boss = member(Role.COORDINATOR, world.meierijstad, team=team, name="Jo Leidt")
    browser = wearing(volunteer)
    assert "Bel je coördinator" not in text(browser.get("/vandaag"))
    with working_for(HERE):
        Team.objects.update(phone="0413-555 100")
    assert 'href="tel:0413555100"' in text(browser.get("/vandaag"))
    with working_for(HERE):
        Person.objects.filter(pk=boss.person_id).update(phone="06-5550 0042")
    shown = text(browser.get("/vandaag"))
    assert "Bel Jo Leidt: 06-5550 0042" in shown and 'href="tel:0655500042"' in shown
    today = timezone.localdate()
    days = {"first_on": f"{today:%d-%m-%Y}", "last_on": f"{today:%d-%m-%Y}"}
    assert wearing(boss).post("/beheer/afwezig", days | {"membership": boss.pk}).status_code == 302
    assert "Bel Gebiedsteam Schijndel: 0413-555 100" in text(browser.get("/vandaag"))
    assert "Bel je coördinator" not in text(wearing(boss).get("/vandaag"))


def test_a_volunteer_without_a_team_calls_who_is_nearest(world, team):
    """The own organisation first, then the desk that takes what nobody else does."""
    with working_for(HERE):
        club = found_organisation(
            name="Wandelclub", kind="association", municipality=HERE, by=SYSTEM
        )
        desk = form_team(municipality=world.meierijstad, name="Loket", is_default=True, by=SYSTEM)
    quinten = member(Role.VOLUNTEER, world.meierijstad, organisation=club, name="Quinten Klus")
    browser = wearing(quinten)
    assert "Wie kun je bellen?" not in text(browser.get("/vandaag"))
    with working_for(HERE):
        change_settings(
            municipality=world.meierijstad, raw={"contact_phone": "14 0413"},
            by=Actor(HERE, Role.FUNCTIONAL_MANAGER, machine="system"),
        )  # fmt: skip
    assert "Bel Meierijstad: 14 0413" in text(browser.get("/vandaag"))
    with working_for(HERE):
        Team.objects.filter(pk=desk.pk).update(phone="0413-555 300")
    assert "Bel Loket: 0413-555 300" in text(browser.get("/vandaag"))
    with working_for(HERE):
        form_team(
            municipality=world.meierijstad, name="Bestuur", organisation=club,
            phone="0413-555 400", by=SYSTEM,
        )  # fmt: skip
    shown = text(browser.get("/vandaag"))
    assert "Wie kun je bellen?" in shown and "Bel Bestuur: 0413-555 400" in shown
    assert "Waar kun je helpen?" in shown and "?topic=volunteering" in shown
    editor = member(Role.EDITOR, world.meierijstad, organisation=club, name="Eef Aanbod")
    other = text(wearing(editor).get("/vandaag"))
    assert "Wie kun je bellen?" not in other and "Waar kun je helpen?" not in other


def test_only_who_is_missed_at_work_is_away_and_covers(world, team):
    ans = member(Role.CONNECTOR, world.meierijstad, team=team, name="Ans Verbinder")
    bas = member(Role.TEAM_MEMBER, world.meierijstad, team=team, name="Bas Team")
    member(Role.VOLUNTEER, world.meierijstad, team=team, name="Vic Vrijwillig")
    member(Role.PRIVACY_OFFICER, world.meierijstad, name="Nel Privacy")
    member(Role.CHIEF_EDITOR, world.meierijstad, name="Riet Redactie")
    keeper = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))
    page = text(keeper.get("/beheer/afwezig"))
    assert all(page.count(f'value="{one.pk}"') == 2 for one in (ans, bas))  # away, and covers
    assert not any(name in page for name in ("Vic Vrijwillig", "Nel Privacy", "Riet Redactie"))


def test_the_page_of_a_village_says_who_is_away_and_whom_to_call(world, team):
    ans = member(Role.CONNECTOR, world.meierijstad, team=team, name="Ans Verbinder")
    volunteer = member(Role.VOLUNTEER, world.meierijstad, team=team, name="Vic Vrijwillig")
    with working_for(HERE):
        Team.objects.update(phone="0413-555 100")
    browser, today = wearing(ans), timezone.localdate()
    assert "Vic Vrijwillig" not in text(browser.get("/beheer/afwezig"))
    days = {"first_on": f"{today:%d-%m-%Y}", "last_on": f"{today:%d-%m-%Y}", "membership": ans.pk}
    wrong = browser.post("/beheer/afwezig", days | {"cover": volunteer.pk})
    assert wrong.status_code == 400
    village = "/gebied/schijndel"
    visitor = Client(HTTP_HOST=world.meierijstad.host)
    assert "is er nu even niet" not in text(visitor.get(village))
    assert browser.post("/beheer/afwezig", days).status_code == 302
    page = text(visitor.get(village))
    assert "<strong>Ans Verbinder</strong> is er nu even niet." in page
    assert "Bel Gebiedsteam Schijndel: 0413-555 100" in page


def test_the_coordinator_reviews_the_team(coordinator, world, team):
    worker = member(Role.TEAM_MEMBER, world.meierijstad, team=team, name="Wim Werker")
    open_due_reviews(municipality=world.meierijstad, on=TODAY)
    with working_for(HERE):
        line = ReviewLine.objects.get(membership=worker, review__kind="yearly").pk
        own = ReviewLine.objects.filter(membership__role="coordinator")[0].pk
    assert "1 rol" in text(coordinator.get("/vandaag"))
    page = text(coordinator.get("/beheer/toegang"))
    assert "Wim Werker" in page and "Een ander beslist hierover" in page
    assert coordinator.post(f"/beheer/toegang/{own}", {"answer": "stays"}).status_code == 404
    assert coordinator.post(f"/beheer/toegang/{line}", {"answer": "maybe"}).status_code == 404
    stops = text(coordinator.get(f"/beheer/toegang/{line}"))
    assert "Wat stopt" in stops and "Wim Werker" in stops and "/beheer/toegang" in stops
    assert ("Wim Werker", "team_member") in roles()  # looking ends nothing
    coordinator.post(f"/beheer/toegang/{line}", {"answer": "ends"})
    assert ("Wim Werker", "team_member") not in roles()
    twice = coordinator.post(f"/beheer/toegang/{line}", {"answer": "stays"}, follow=True)
    assert "al besloten" in text(twice)
    assert "al besloten" in text(coordinator.get(f"/beheer/toegang/{line}", follow=True))


def test_a_role_in_both_rounds_is_asked_and_answered_once(manager, world, team):
    co = member(Role.COORDINATOR, world.meierijstad, team=team, name="Co Ordinator")
    open_due_reviews(municipality=world.meierijstad, on=TODAY)
    page = text(manager.get("/beheer/toegang"))
    assert page.count("<strong>Co Ordinator</strong>") == 1
    assert "Jaarlijkse ronde" in page and "Kwartaalronde" in page
    assert "Van 1 rol is nog niet" in text(manager.get("/vandaag"))
    with working_for(HERE):
        line = ReviewLine.objects.filter(membership=co)[0].pk
    manager.post(f"/beheer/toegang/{line}", {"answer": "stays"})
    with working_for(HERE):
        answers = ReviewLine.objects.filter(membership=co).values_list("answer", flat=True)
        assert list(answers) == ["stays", "stays"]
    page = " ".join(text(manager.get("/beheer/toegang")).split())
    assert page.count('<th scope="row">Co Ordinator</th>') == 1
    assert "Kwartaalronde, Jaarlijkse ronde" in page or "Jaarlijkse ronde, Kwartaalronde" in page
    assert "Er staat niets open." in text(manager.get("/vandaag"))


def test_a_role_that_breaks_a_rule_is_shown_with_what_to_do_and_cannot_stay(
    manager, coordinator, world, team
):
    held = member(Role.POLICY_OFFICER, world.meierijstad, name="Po Beleid")
    with working_for(HERE):
        partner = found_organisation(name="De Brug", kind="partner", municipality=HERE, by=SYSTEM)
        Membership.objects.filter(pk=held.pk).update(organisation=partner)
    today = text(manager.get("/vandaag"))
    assert "1 rol klopt niet meer" in today and "/beheer/toegang" in today
    assert "klopt niet meer" not in text(coordinator.get("/vandaag"))  # not of that team
    assert "Po Beleid" not in text(coordinator.get("/beheer/toegang"))
    page = text(manager.get("/beheer/toegang"))
    assert "Po Beleid" in page and "Geef de rol opnieuw, voor die organisatie" in page
    assert f"/beheer/mensen/{held.pk}/eindig" in page
    open_due_reviews(municipality=world.meierijstad, on=TODAY)
    with working_for(HERE):
        line = ReviewLine.objects.get(membership=held).pk
        seen = AccessLine.objects.filter(object_kind="review", about=held.person_id)
        assert seen.count() == 1  # whose name was shown outside a round stands in the log too
    page = text(manager.get("/beheer/toegang"))
    assert page.count("<strong>Po Beleid</strong>") == 1 and f"/beheer/toegang/{line}" in page
    no = text(manager.post(f"/beheer/toegang/{line}", {"answer": "stays"}, follow=True))
    assert "kan alleen voor de organisatie van de gemeente" in no and "is bewaard" not in no
    assert ("Po Beleid", "policy_officer") in roles()
    manager.post(f"/beheer/toegang/{line}", {"answer": "ends"})
    assert ("Po Beleid", "policy_officer") not in roles()
    assert "klopt niet meer" not in text(manager.get("/vandaag"))


def test_who_has_the_role_that_breaks_a_rule_reads_that_another_decides(manager, world, team):
    with working_for(HERE):
        Membership.objects.filter(role="functional_manager").update(team=team)
    page = text(manager.get("/beheer/toegang"))
    assert "hoort niet bij een team" in page and "Een ander beslist hierover" in page
    assert "/eindig" not in page


def test_the_role_table_is_public_and_readable(world):
    somebody = person(world.meierijstad)
    page = text(wearing(somebody).get("/rollen"))
    assert "Het verhaal en de notities lezen" in page
    assert "verbinder (van het eigen team, met een grondslag of open overdracht, in nood" in page


def test_who_has_no_right_is_told_so(world, team):
    worker = wearing(member(Role.TEAM_MEMBER, world.meierijstad, team=team))
    for path in ("/beheer/teams", "/beheer/mensen/nieuw", "/beheer/organisaties", "/redactie"):
        answer = worker.get(path)
        assert answer.status_code == 403 and "hoort niet bij de rol" in text(answer)


def test_an_editor_keeps_the_entries_of_the_own_organisation_only(world):
    editor = member(Role.EDITOR, world.meierijstad, name="Petra Redacteur")
    browser = wearing(editor)
    with working_for(HERE):
        Provider.objects.filter(pk=world.huiskamer.provider_id).update(
            organisation=editor.organisation
        )
    page = text(browser.get("/mijn-aanbod"))
    assert "Open huiskamer" in page and "Loket Geldzaken" not in page
    own, other = (f"/mijn-aanbod/{one.pk}" for one in (world.huiskamer, world.geldzaken))
    assert browser.get(other).status_code == browser.post(f"{other}/klopt").status_code == 404
    assert "gecontroleerd" in text(browser.post(f"{own}/klopt", follow=True))
    wanted = {"title": "Huiskamer", "description": "Elke woensdag koffie."}
    assert "redactie kijkt ernaar" in text(browser.post(own, wanted, follow=True))
    with working_for(HERE):
        edit = Edit.objects.get()
        assert edit.proposed_by == str(editor.person_id)
        assert Service.objects.get(pk=world.huiskamer.pk).title == world.huiskamer.title
    assert "ligt bij de redactie" in text(browser.get("/mijn-aanbod"))
    with working_for(HERE):
        reject_edit(edit=edit, reason="Dit is reclame.", by="x")
    assert "wijziging van je niet overgenomen" in text(browser.get("/vandaag"))
    assert "niet overgenomen" in (said := text(browser.get("/mijn-aanbod")))
    assert "Dit is reclame." in said and "ligt bij de redactie" not in said


def test_own_entries_come_a_page_at_a_time_and_a_button_leads_back_to_it(world, monkeypatch):
    """So that a chief editor, who keeps all of them, gets no page of three hundred cards."""
    monkeypatch.setattr("omzien.web.entries.own.PAGE", 1)
    browser = wearing(member(Role.CHIEF_EDITOR, world.meierijstad))
    with working_for(HERE):
        here = Service.objects.filter(municipality=world.meierijstad, left_on=None)
        here.update(checked_on="2026-01-01")
        last = here.order_by("sort_title").last()
        here.filter(pk=last.pk).update(checked_on=None)
        count = here.count()
    first = text(browser.get("/mijn-aanbod"))
    assert f"{count} keer aanbod" in first and f"Pagina 1 van {count}" in first
    assert last.title in first and "Nog nooit gecontroleerd" in first  # longest of all
    second = text(browser.get("/mijn-aanbod?pagina=2"))
    assert last.title not in second and 'href="?pagina=1"' in second
    click = {"value": "yes", "pagina": "2"}
    answer = browser.post(f"/mijn-aanbod/{world.huiskamer.pk}/plek", click)
    assert answer["Location"] == "/mijn-aanbod?pagina=2"
    odd = browser.post(f"/mijn-aanbod/{world.huiskamer.pk}/klopt", {"pagina": "//x"})
    assert odd["Location"] == "/mijn-aanbod"


def test_who_sees_names_and_who_is_refused_stands_in_the_log(coordinator, world, team):
    coordinator.get("/beheer/mensen")
    coordinator.get("/beheer/teams")
    coordinator.post(f"/beheer/mensen/{team.pk}/eindig")
    with working_for(HERE):
        lines = AccessLine.objects.order_by("number").values_list("object_kind", "result")
        assert list(lines) == [
            ("membership", "allowed"),
            ("organisation.manage", "refused"),
            ("membership.manage", "refused"),
        ]
        assert AccessLine.objects.first().role == "coordinator"


def test_a_newcomer_is_invited_by_mail_and_once_more_on_request(manager, world):
    manager.post("/beheer/mensen/nieuw", form(world))
    assert "Nodig uit" in text(manager.get("/beheer/mensen"))
    with working_for(HERE):
        key = Membership.objects.get(person__name="Nora Nieuw").pk
        (mail,) = Message.objects.filter(recipient="nora@voorbeeld.example")
        assert "Nora" not in mail.subject + mail.body
    assert "is onderweg" in text(manager.post(f"/beheer/mensen/{key}/nodig-uit", follow=True))
    with working_for(HERE):
        assert Message.objects.filter(recipient="nora@voorbeeld.example").count() == 2
        Person.objects.filter(name="Nora Nieuw").update(email="")
    answer = manager.post(f"/beheer/mensen/{key}/nodig-uit", follow=True)
    assert "geen mailadres bekend" in text(answer)


def test_who_is_known_here_hears_of_a_new_role(manager, world):
    known = member(Role.POLICY_OFFICER, world.meierijstad, name="Bert Bekend").person
    wanted = form(world, name="", email="", person=str(known.pk), role="chief_editor")
    manager.post("/beheer/mensen/nieuw", wanted)
    assert ("Bert Bekend", "chief_editor") in roles()
    with working_for(HERE):
        told = Message.objects.get(key__startswith="role-given:")
    assert told.recipient == known.email and "/rol" in told.body and "redacteur" not in told.body


def test_a_role_for_the_municipality_is_refused_at_the_organisation(manager, world):
    strange = str(own_organisation(world.maashorst).pk)
    page = text(manager.post("/beheer/mensen/nieuw", form(world, organisation=strange)))
    assert 'href="#id_organisation">Deze rol is voor de hele gemeente.' in page
    known = member(Role.EDITOR, world.meierijstad, name="Ans Anders").person
    for role in ("policy_officer", "privacy_officer"):
        page = text(manager.post("/beheer/mensen/nieuw", form(
            world, name="", email="", person=str(known.pk), role=role), follow=True))  # fmt: skip
    assert "houdt toezicht op het werk" in page
    assert ("Ans Anders", "privacy_officer") not in roles()


def test_the_policy_officer_sees_what_is_missing_and_only_the_figures(world, manager):
    policy = wearing(member(Role.POLICY_OFFICER, world.meierijstad, name="Lotte Beleid"))
    assert "/redactie/vragen" in text(policy.get("/vandaag"))
    page = text(policy.get("/redactie/vragen"))
    assert "Vragen zonder goed antwoord" in page and "Vraag het aan de redactie" in page
    for closed in ("/redactie", "/redactie/woorden", "/redactie/importeren"):
        assert policy.get(closed).status_code == 403 and f'href="{closed}"' not in page
    assert policy.get("/redactie/vragen.csv").status_code == 200
    assert text(manager.get("/vandaag")).count(">Standaardteksten<") == 1


def test_ending_the_last_of_a_role_says_what_nobody_does_any_more(manager, world):
    riet = member(Role.CHIEF_EDITOR, world.meierijstad, name="Riet Redactie")
    page = f"/beheer/mensen/{riet.pk}/eindig"
    assert "wijzigingen van aanbod blijven liggen" in text(manager.get(page))
    member(Role.CHIEF_EDITOR, world.meierijstad, name="Rob Redactie")
    assert "blijven liggen" not in text(manager.get(page))


def test_a_typo_in_the_name_of_an_organisation_is_mended_here_alone(manager, world):
    where = "/beheer/organisaties"
    manager.post(where, {"name": "Stichting Typfuot", "kind": "partner"})
    with working_for(HERE):
        typo = Organisation.objects.get(name="Stichting Typfuot")
        found_organisation(name="Bestaat Al", kind="partner", municipality=HERE, by=SYSTEM)
    page = f"{where}/{typo.pk}"
    assert page in text(manager.get(where)) and "Stichting Typfuot" in text(manager.get(page))
    assert "Deze naam bestaat al" in text(manager.post(page, {"name": "bestaat al"}))
    assert "heet nu anders" in text(manager.post(page, {"name": "Stichting Typfout"}, follow=True))
    own = own_organisation(world.meierijstad)
    assert manager.get(f"{where}/{own.pk}").status_code == 404
    member(Role.EDITOR, world.maashorst, name="Els Elders", organisation=typo)
    assert "Sla op" not in text(manager.get(page))
    assert manager.post(page, {"name": "Kaap"}).status_code == 400
    with working_for(HERE), pytest.raises(WorksElsewhere):
        rename_organisation(
            organisation=typo, name="Kaap", municipality=world.meierijstad, by=SYSTEM
        )
    assert Organisation.objects.get(pk=typo.pk).name == "Stichting Typfout"


@pytest.mark.parametrize("what", ["role", "organisation", "last day"])
def test_an_invitation_ends_with_the_role_it_was_for(manager, world, what):
    with working_for(HERE):
        partner = found_organisation(name="De Brug", kind="partner", municipality=HERE, by=SYSTEM)
    manager.post("/beheer/mensen/nieuw", form(world, role="editor", organisation=str(partner.pk)))
    with working_for(HERE):
        role = Membership.objects.get(person__name="Nora Nieuw")
        link = f"/uitnodiging/{token_for(Invitation.objects.get(person=role.person_id))}"
    visitor = Client(HTTP_HOST=world.meierijstad.host)
    assert visitor.get(link).status_code == 200
    with working_for(HERE):
        if what == "role":
            end_membership(membership=role, by=SYSTEM)
        elif what == "organisation":
            Organisation.objects.filter(pk=partner.pk).update(ended_at=timezone.now())
        else:
            yesterday = timezone.localdate() - timedelta(days=1)
            Membership.objects.filter(pk=role.pk).update(starts_on=yesterday, ends_on=yesterday)
    choice = {"password": "paarse fietsen langs de Aa"}
    for answer in (visitor.get(link), visitor.post(link, choice)):
        assert answer.status_code == 410
        assert "De rol waarvoor je was uitgenodigd, is er niet meer." in text(answer)
        assert "of je weer een rol krijgt" in text(answer)
    account = Account.objects.create_user("nora@voorbeeld.example")
    with working_for(HERE):
        assert claim_persons(municipality=world.meierijstad, account=account) == 0
        assert Person.objects.get(name="Nora Nieuw").account is None
        appoint(
            person=role.person, organisation=own_organisation(world.meierijstad),
            role=Role.EDITOR, starts_on=timezone.localdate(), by=SYSTEM,
        )  # fmt: skip
    assert visitor.get(link).status_code == 200  # a new role: who is asked again may come


def test_only_who_may_take_an_absence_back_has_the_button_for_it(world):
    with working_for("GM1948"):
        team = form_team(municipality=world.meierijstad, name="Team Weg", by=SYSTEM)
    one, other = (
        member(Role.CONNECTOR, world.meierijstad, team=team, name=name) for name in ("Els", "Wim")
    )
    today = timezone.localdate()
    with working_for("GM1948"):
        away = be_away(membership=one, first_on=today, last_on=today, cover=None, by=SYSTEM)
    own, theirs = wearing(one), wearing(other)
    there = reverse("be-back", args=[away.pk])
    assert there in own.get("/beheer/afwezig").content.decode()
    page = theirs.get("/beheer/afwezig").content.decode()
    assert "Els" in page and there not in page
    assert theirs.post(there).status_code == 404
    assert own.post(there).status_code == 302
