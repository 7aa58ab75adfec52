"""A coordinator proposes another route; nothing changes until the policy officer says yes."""

import re
from uuid import uuid4

import pytest

from omzien.areas.models import Village
from omzien.handovers.actions.teams import form_team
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.people.models import Team
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.proposals import propose_route, take_proposal
from omzien.questions.actions.routes import add_route
from omzien.questions.models import RouteProposal, RoutingRule
from omzien.questions.queries.routing import routes_of
from omzien.questions.refusals import NotAllowed, NotAWorkingTeam, OwnProposal
from omzien.questions.rules.proposals import Why
from tests.casework import NOW, another_name
from tests.signing import member, wearing

pytestmark = pytest.mark.django_db
HERE = "GM1948"
PROPOSE = "/beheer/routes/voorstel"


@pytest.fixture
def officer(world):
    return wearing(member(Role.POLICY_OFFICER, world.meierijstad, name="Bea Beleid"))


@pytest.fixture
def coordinator(world, town):
    return wearing(member(Role.COORDINATOR, world.meierijstad, team=town.a.team, name="Co Ordi"))


def text(answer):
    return answer.content.decode()


def wanted(town, world, **more):
    return {
        "team": town.b.team.pk, "villages": [world.schijndel.pk], "topics": ["debt"],
        "why": "fits", **more,
    }  # fmt: skip


def the_one():
    with working_for(HERE):
        return RouteProposal.objects.get()


def rules():
    with working_for(HERE):
        return list(RoutingRule.objects.order_by("position"))


def test_a_coordinator_proposes_and_the_policy_officer_says_yes(coordinator, officer, town, world):
    assert "Stel een andere route voor" in text(coordinator.get("/vandaag"))
    page = text(coordinator.post(PROPOSE, wanted(town, world), follow=True))
    assert "Er verandert niets tot er ja op gezegd is." in page and "wacht op antwoord" in page
    assert rules() == []
    assert "1 voorstel wacht op antwoord." in text(officer.get("/vandaag"))
    page = text(officer.get(f"{PROPOSE}len"))
    assert "Voorstellen van coördinatoren" in page and "Naar Team B" in page
    assert "Deze vragen passen beter bij dit team" in page and town.a.team.name in page
    page = text(officer.post(f"{PROPOSE}/{the_one().pk}", {"answer": "take"}, follow=True))
    assert "De regel geldt nu voor nieuwe vragen." in page and "Er wacht geen voorstel." in page
    (rule,) = rules()
    assert (rule.team_id, rule.villages, rule.topics) == (
        town.b.team.pk,
        [world.schijndel.pk],
        ["debt"],
    )
    assert "overgenomen" in text(coordinator.get(PROPOSE))
    with working_for(HERE):
        verbs = Fact.objects.filter(subject="route-proposal").order_by("pk")
        assert [one.verb for one in verbs] == ["propose", "take"]
        told = {one.recipient for one in Message.objects.all()}
        assert {"bea@meierijstad.example", "co@meierijstad.example"} <= told


def test_a_refusal_has_a_reason_and_the_coordinator_reads_it(coordinator, officer, town, world):
    coordinator.post(PROPOSE, wanted(town, world))
    path = f"{PROPOSE}/{the_one().pk}"
    for wrong in ({}, {"why_not": "zomaar"}, {"why_not": "x\0"}):
        assert "Kies waarom" in text(officer.post(path, wrong, follow=True))
    officer.post(path, {"why_not": "no-room"})
    page = text(coordinator.get(PROPOSE))
    assert "niet overgenomen" in page and "Dat team heeft geen ruimte" in page and rules() == []
    page = text(officer.post(path, {"answer": "take"}, follow=True))
    assert "Hierover is al besloten." in page and rules() == []


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({"team": ""}, "Kies een team."),
        ({"villages": []}, "Kies een dorp."),
        ({"villages": ["999999"]}, "villages"),
        ({"topics": ["qqq"]}, "topics"),
        ({"why": ""}, "Kies waarom."),
        ({"why": "zomaar"}, "zomaar"),
        ({"why": "x\0"}, "Fout:"),
    ],
)
def test_a_wrong_proposal_is_explained(coordinator, town, world, wrong, said):
    answer = coordinator.post(PROPOSE, wanted(town, world) | wrong)
    assert answer.status_code == 400 and said in text(answer)


def test_the_same_twice_is_once(coordinator, town, world):
    assert coordinator.post(PROPOSE, wanted(town, world)).status_code == 302
    answer = coordinator.post(PROPOSE, wanted(town, world))
    assert answer.status_code == 400 and "al voorgesteld" in text(answer) and the_one()


@pytest.mark.parametrize("answer", [{"answer": "take"}, {"why_not": "no-room"}])
def test_a_form_that_is_sent_twice_is_one(coordinator, officer, town, world, answer):
    page = text(coordinator.get(PROPOSE))
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page)[1]
    for _ in range(2):
        found = coordinator.post(PROPOSE, wanted(town, world, key=key), follow=True)
        assert "Je voorstel is verstuurd." in text(found)
    path, told = f"{PROPOSE}/{the_one().pk}", []
    for _ in range(2):
        told.append(text(officer.post(path, answer, follow=True)))
        assert "al besloten" not in told[-1]
    assert len(rules()) == ("answer" in answer)
    assert "al besloten" in text(officer.post(path, {"why_not": "not-now"}, follow=True))
    with working_for(HERE):
        assert Fact.objects.filter(subject="route-proposal").count() == 2
        sent = list(Message.objects.values_list("key", "recipient"))
        assert len(sent) == len(set(sent)) > 1


def test_a_proposal_that_is_withdrawn_twice_is_withdrawn_once(coordinator, town, world):
    kept = wanted(town, world, key=str(uuid4()))
    coordinator.post(PROPOSE, kept)
    for _ in range(2):
        page = text(coordinator.post(f"{PROPOSE}/{the_one().pk}/trek-in", follow=True))
        assert "Je voorstel is ingetrokken. Er verandert niets." in page
    with working_for(HERE):
        verbs = Fact.objects.filter(subject="route-proposal").order_by("pk")
        assert [one.verb for one in verbs] == ["propose", "withdraw"]
    coordinator.post(PROPOSE, kept)  # the page that the browser kept
    assert "wacht op antwoord" in text(coordinator.get(PROPOSE))


def test_nobody_answers_their_own_proposal_and_others_may_not(town, world):
    person = member(Role.COORDINATOR, world.meierijstad, team=town.a.team, name="Twee Petten")
    proposer = Actor(HERE, Role.COORDINATOR, person=person.person_id, team=town.a.team.pk)
    officer = Actor(HERE, Role.POLICY_OFFICER, person=person.person_id)
    common = {"municipality": world.meierijstad, "now": NOW}
    with working_for(HERE):
        other_name = another_name(person, town.b.team)
        by_another_name = Actor(HERE, Role.POLICY_OFFICER, person=other_name.person_id)
        row = propose_route(
            team=town.b.team, villages=[world.schijndel.pk], why=Why.FITS, by=proposer, **common
        )
        for own in (officer, by_another_name):
            with pytest.raises(OwnProposal):
                take_proposal(key=row.pk, by=own, **common)
        with pytest.raises(NotAllowed):
            take_proposal(key=row.pk, by=proposer, **common)
        with pytest.raises(NotAllowed):
            propose_route(
                team=town.b.team, villages=[world.schijndel.pk], why=Why.FITS, by=officer, **common
            )
    other = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))
    assert other.get(PROPOSE).status_code == 403
    assert other.post(f"{PROPOSE}/{row.pk}", {"answer": "take"}).status_code == 403
    elsewhere = wearing(member(Role.POLICY_OFFICER, world.maashorst, name="Els Elders"))
    assert elsewhere.post(f"{PROPOSE}/{row.pk}", {"answer": "take"}).status_code == 404


def test_a_village_or_team_that_is_gone_never_becomes_a_rule_for_all(officer, town, world):
    proposer = Actor(HERE, Role.COORDINATOR, person=None, team=town.a.team.pk)
    with working_for(HERE):
        gone = propose_route(
            municipality=world.meierijstad, team=town.b.team, villages=[999_999], why=Why.FITS,
            by=proposer, now=NOW,
        )  # fmt: skip
        assert not Village.objects.filter(pk=999_999).exists()
    page = text(officer.post(f"{PROPOSE}/{gone.pk}", {"answer": "take"}, follow=True))
    assert "is er niet meer" in page and rules() == []
    with working_for(HERE):
        Team.objects.filter(pk=town.b.team.pk).update(archived_at=NOW)
        with pytest.raises(NotAWorkingTeam):
            propose_route(
                municipality=world.meierijstad, team=town.b.team,
                villages=[world.schijndel.pk], why=Why.FITS, by=proposer, now=NOW,
            )  # fmt: skip


def test_one_approves_and_another_keeps_the_rules(officer, coordinator, town, world):
    """The policy officer decides on proposals; who keeps Omzien orders and removes the rules."""
    coordinator.post(PROPOSE, wanted(town, world))
    officer.post(f"{PROPOSE}/{the_one().pk}", {"answer": "take"})
    (rule,) = rules()
    assert officer.get("/beheer/routes").status_code == 403
    assert officer.post(f"/beheer/routes/{rule.pk}/weg").status_code == 403 and rules() == [rule]
    for role, name in ((Role.FUNCTIONAL_MANAGER, "Fien"), (Role.TECHNICAL_ADMIN, "Tim")):
        keeper = wearing(member(role, world.meierijstad, name=name))
        assert "/beheer/routes" in text(keeper.get("/vandaag"))
        page = text(keeper.get("/beheer/routes"))
        assert "Naar Team B" in page and ("/beheer/teams" in page) == (name == "Fien")
        assert keeper.get(f"{PROPOSE}len").status_code == 403
    assert keeper.post(f"/beheer/routes/{rule.pk}/weg").status_code == 302 and rules() == []


def by_boss(town, world, team, topics=(), villages=None):
    """Propose as the coordinator of Team A."""
    proposer = Actor(HERE, Role.COORDINATOR, person=None, team=town.a.team.pk)
    with working_for(HERE):
        return propose_route(
            municipality=world.meierijstad, team=team, villages=villages or [world.schijndel.pk],
            topics=topics, why=Why.FITS, by=proposer, now=NOW,
        )  # fmt: skip


def goes_to(world, topics=()):
    with working_for(HERE):
        desk = Team.objects.get(is_default=True, municipality=world.meierijstad)
        routes = routes_of(world.meierijstad, default=desk.pk)
        return routes.team_for(world.schijndel.pk, topics, NOW)


def test_a_new_rule_stands_above_what_would_catch_its_questions(officer, town, world):
    with working_for(HERE):
        other = Village.objects.filter(municipality=world.meierijstad).exclude(
            pk=world.schijndel.pk
        )
        common = {"municipality": world.meierijstad, "by": SYSTEM}
        add_route(team=town.c.team, villages=[other[0].pk], topics=["work"], **common)
        add_route(team=town.c.team, villages=[world.schijndel.pk, other[0].pk], **common)
    row = by_boss(town, world, town.b.team, ["debt"])
    assert "al een regel" not in text(officer.get(f"{PROPOSE}len"))
    page = text(officer.post(f"{PROPOSE}/{row.pk}", {"answer": "take"}, follow=True))
    assert "De regel geldt nu voor nieuwe vragen." in page
    assert [one.position for one in rules()] == [1, 2, 3]
    assert [one.team_id for one in rules()] == [town.c.team.pk, town.b.team.pk, town.c.team.pk]
    assert goes_to(world, ["debt"]) == town.b.team.pk and goes_to(world) == town.c.team.pk
    wide = by_boss(town, world, town.a.team)  # stays under the narrower rule
    page = text(officer.get(f"{PROPOSE}len"))
    assert "een preciezere regel naar Team B. Die blijft voorgaan." in page
    officer.post(f"{PROPOSE}/{wide.pk}", {"answer": "take"})
    assert goes_to(world, ["debt"]) == town.b.team.pk and goes_to(world) == town.a.team.pk


def test_an_equal_rule_is_told_before_the_yes(officer, town, world):
    with working_for(HERE):
        add_route(
            municipality=world.meierijstad, team=town.c.team, villages=[world.schijndel.pk],
            topics=["debt"], by=SYSTEM,
        )  # fmt: skip
    row = by_boss(town, world, town.b.team, ["debt"])
    assert "al een regel naar Bureau C. Zeg je ja" in text(officer.get(f"{PROPOSE}len"))
    officer.post(f"{PROPOSE}/{row.pk}", {"answer": "take"})
    assert goes_to(world, ["debt"]) == town.b.team.pk


def test_what_is_so_already_becomes_no_rule(coordinator, officer, town, world):
    answer = coordinator.post(PROPOSE, wanted(town, world, team=town.a.team.pk, topics=[]))
    assert answer.status_code == 400 and "gaan nu al naar dit team" in text(answer)
    row = by_boss(town, world, town.b.team, ["debt"])  # and became so while it waited
    with working_for(HERE):
        add_route(
            municipality=world.meierijstad, team=town.b.team, villages=[world.schijndel.pk],
            by=SYSTEM,
        )  # fmt: skip
    assert "gaan nu al naar dit team" in text(officer.get(f"{PROPOSE}len"))
    page = text(officer.post(f"{PROPOSE}/{row.pk}", {"answer": "take"}, follow=True))
    assert "gaan nu al naar dit team" in page and len(rules()) == 1
    officer.post(f"{PROPOSE}/{row.pk}", {"why_not": "already"})
    assert the_one().state == "refused"


def told(what):
    with working_for(HERE):
        # Who coordinates in every town of the tests ("Cor A" and so on) is left out.
        keys = Message.objects.filter(key__startswith=f"{what}:").exclude(
            recipient__startswith="cor."
        )
        return sorted(keys.values_list("recipient", flat=True))


@pytest.fixture
def sides(world, town):
    """Give the coordinators of the team that loses the questions and of the one that gets them."""
    names = {"a": "Aad Verlies", "b": "Bep Winst", "c": "Cor Buiten"}
    found = {}
    for letter, name in names.items():
        team = getattr(town, letter).team
        found[letter] = wearing(
            member(
                Role.COORDINATOR, world.meierijstad, team=team, name=name,
                organisation=team.organisation,
            )
        )  # fmt: skip
    return found


def test_who_loses_and_who_gets_by_a_yes_hears_it(coordinator, officer, sides, town, world):
    keeper = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))
    coordinator.post(PROPOSE, wanted(town, world))
    assert not told("route-changed") and "een regel" not in text(keeper.get("/vandaag"))
    officer.post(f"{PROPOSE}/{the_one().pk}", {"answer": "take"})
    assert told("route-changed") == [f"{name}@meierijstad.example" for name in ("aad", "bep", "co")]
    assert told("route-taken") == ["fien@meierijstad.example"]
    loses, gets, other = (text(sides[one].get("/vandaag")) for one in "abc")
    assert "Je team krijgt sommige vragen niet meer, sinds" in loses
    assert "Je team krijgt er vragen bij, sinds" in gets and "Er is een route" not in other
    page = text(sides["a"].get(PROPOSE))
    assert "nieuwe regel, naar Team B" in page and "Je team krijgt deze vragen niet meer." in page
    assert "Wat veranderde voor je team" not in text(sides["c"].get(PROPOSE))
    page = text(keeper.get("/vandaag"))
    assert "werd 1 voorstel van een coördinator een regel" in page
    assert "nieuwe regel, naar Team B" in text(keeper.get("/beheer/routes"))
    with working_for(HERE):
        bodies = [one.body for one in Message.objects.filter(key__startswith="route-")]
    assert not any("Team" in body or "Schijndel" in body for body in bodies)


def test_a_rule_of_the_manager_is_told_too_once_a_day(sides, town, world):
    keeper = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))
    new = {"team": town.b.team.pk, "villages": [world.schijndel.pk], "topics": ["debt"]}
    keeper.post("/beheer/routes/nieuw", new)
    keeper.post("/beheer/routes/nieuw", new | {"team": town.c.team.pk})
    assert told("route-changed") == [f"{name}@meierijstad.example" for name in ("aad", "bep")]
    second = rules()[1]
    keeper.post(f"/beheer/routes/{second.pk}/schuif", {"way": "up"})
    keeper.post(f"/beheer/routes/{second.pk}/weg")
    assert told("route-changed") == [
        f"{name}@meierijstad.example" for name in ("aad", "bep", "cor")
    ]
    with working_for(HERE):
        facts = Fact.objects.filter(subject="route").order_by("pk")
        keys = {str(getattr(town, one).team.pk): one for one in "abc"}
        found = [
            (one.verb, *(keys[key] for side in ("loses", "gets") for key in one.details[side]))
            for one in facts
        ]
    assert found == [("add", "a", "b"), ("add",), ("move", "b", "c"), ("remove", "c", "b")]
    page = text(sides["b"].get(PROPOSE))
    assert "regel verplaatst, naar Bureau C" in page and "regel weggehaald, naar Bureau C" in page
    assert "werd" not in text(keeper.get("/vandaag"))  # no proposal was taken over


def test_who_proposed_takes_it_back_and_nobody_else_does(coordinator, officer, sides, town, world):
    coordinator.post(PROPOSE, wanted(town, world))
    path = f"{PROPOSE}/{the_one().pk}/trek-in"
    assert "Trek het voorstel in" in text(coordinator.get(PROPOSE))
    assert "Trek het voorstel in" not in text(sides["a"].get(PROPOSE))
    refused = text(sides["a"].post(path, follow=True))
    assert "Alleen wie een voorstel deed, trekt het in." in refused
    assert the_one().state == "waiting" and officer.post(path).status_code == 403
    page = text(coordinator.post(path, follow=True))
    assert "Je voorstel is ingetrokken." in page and "Trek het voorstel in" not in page
    assert "Je voorstel is ingetrokken." in text(coordinator.post(path, follow=True))
    answered = text(officer.post(f"{PROPOSE}/{the_one().pk}", {"answer": "take"}, follow=True))
    assert "Dit voorstel is ingetrokken." in answered and rules() == []
    assert coordinator.post(PROPOSE, wanted(town, world)).status_code == 302  # and once more


def test_who_oversees_privacy_advises_and_changes_nothing(coordinator, officer, town, world):
    adviser = wearing(member(Role.PRIVACY_OFFICER, world.meierijstad, name="Nel Privacy"))
    assert "/beheer/routes/advies" in text(adviser.get("/vandaag"))
    coordinator.post(PROPOSE, wanted(town, world))
    assert told("route-advice") == ["nel@meierijstad.example"]
    assert "Over 1 voorstel kun je advies geven." in text(adviser.get("/vandaag"))
    path = f"/beheer/routes/advies/{the_one().pk}"
    for wrong in ({}, {"advice": "zomaar"}, {"advice": "x\0"}):
        answer = adviser.post(path, wrong)
        assert answer.status_code == 400 and "<title>Fout: " in text(answer)
        assert f'href="#advies-{the_one().pk}"' in text(answer)
    page = text(adviser.post(path, {"advice": "who-reads"}, follow=True))
    assert "Je advies staat bij het voorstel." in page and rules() == []
    for reader, place in ((officer, f"{PROPOSE}len"), (coordinator, PROPOSE)):
        assert "Kijk eerst wie er in dat team meelezen" in text(reader.get(place))
    assert "kun je advies geven" not in text(adviser.get("/vandaag"))
    for other in (officer, coordinator):
        assert other.get("/beheer/routes/advies").status_code == 403
        assert other.post(path, {"advice": "fine"}).status_code == 403
    officer.post(f"{PROPOSE}/{the_one().pk}", {"why_not": "not-now"})
    for late in ({"advice": "fine"}, {}):
        assert "al besloten" in text(adviser.post(path, late, follow=True))
    assert the_one().advice == "who-reads"


def test_an_answer_without_a_reason_leads_to_its_field(coordinator, officer, town, world):
    coordinator.post(PROPOSE, wanted(town, world))
    answer = officer.post(f"{PROPOSE}/{the_one().pk}", {})
    assert answer.status_code == 400 and "<title>Fout: " in text(answer)
    field = f"waarom-niet-{the_one().pk}"
    assert f'href="#{field}"' in text(answer) and f'id="{field}" name="why_not" aria-' in text(
        answer
    )


def area_facts():
    with working_for(HERE):
        names = {str(key): name for key, name in Team.objects.values_list("pk", "name")}
        facts = Fact.objects.filter(subject="route", verb="area").order_by("pk")
        return [
            [names[key] for side in ("loses", "gets") for key in one.details[side]] for one in facts
        ]


def test_other_villages_of_a_team_are_told_too(sides, world, town):
    keeper = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))
    b = town.b.team
    form = {"name": b.name, "villages": b.villages, "phone": "0413-555 000", "email": b.email}
    keeper.post(f"/beheer/teams/{b.pk}", form)
    assert area_facts() == [] and not told("route-changed"), "only the number changed"
    keeper.post(f"/beheer/teams/{b.pk}", form | {"villages": [world.schijndel.pk]})
    assert area_facts() == [], "of two teams the first by name has the village"
    keeper.post(f"/beheer/teams/{b.pk}", form | {"villages": [], "name": "Noord"})
    keeper.post(f"/beheer/teams/{b.pk}", form | {"villages": [world.schijndel.pk], "name": "Noord"})
    assert area_facts() == [["Team A", "Noord"]]
    assert told("route-changed") == ["aad@meierijstad.example", "bep@meierijstad.example"]
    assert "Je team krijgt sommige vragen niet meer" in text(sides["a"].get("/vandaag"))
    page = text(sides["b"].get(PROPOSE))
    assert "andere dorpen voor een team, Noord. Dorpen: Schijndel" in page
    assert "Je team krijgt er vragen bij." in page
    assert "Er is een route" not in text(sides["c"].get("/vandaag"))


def test_a_new_team_a_team_that_ends_and_another_desk_are_told_too(sides, world, town):
    keeper = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))
    form = {"name": "Noord", "villages": [world.schijndel.pk]}
    page = keeper.post("/beheer/teams/nieuw", form, follow=True).content.decode()
    assert "Bij Noord werkt nog niemand die vragen leest" in page
    with working_for(HERE):
        new = Team.objects.get(name="Noord")
    assert area_facts() == [["Team A", "Noord"]]
    keeper.post(f"/beheer/teams/{new.pk}/archiveer")
    assert area_facts()[1:] == [["Noord", "Team A"]]
    assert told("route-changed") == ["aad@meierijstad.example"]
    with working_for(HERE):
        old = Team.objects.get(municipality=world.meierijstad, is_default=True)
    member(Role.COORDINATOR, world.meierijstad, team=old, name="Els Loket")
    with working_for(HERE):
        form_team(municipality=world.meierijstad, name="Ander loket", is_default=True, by=SYSTEM)
    assert area_facts()[2:] == [[old.name, "Ander loket"]]
    assert told("route-changed") == ["aad@meierijstad.example", "els@meierijstad.example"]
