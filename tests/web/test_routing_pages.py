"""The pages of the routes, and a team that still owns work."""

import re
from uuid import uuid4

import pytest

from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.models import Membership, Team
from omzien.people.rules.roles import SYSTEM, Role
from omzien.questions.models import RoutingRule
from tests.casework import NOW, a_question, an_offer, consent
from tests.signing import member, wearing

pytestmark = pytest.mark.django_db
HERE = "GM1948"


@pytest.fixture
def manager(world):
    return wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))


def text(answer):
    return answer.content.decode()


def rules():
    with working_for(HERE):
        return list(RoutingRule.objects.order_by("position"))


def test_the_manager_adds_moves_and_removes_rules(manager, town, world):
    assert "Er zijn nog geen regels" in text(manager.get("/beheer/routes"))
    form = {
        "team": town.b.team.pk, "villages": [world.schijndel.pk], "topics": ["debt"],
        "days": ["6", "7"], "starts": "17:00", "ends": "08:00",
    }  # fmt: skip
    page = text(manager.post("/beheer/routes/nieuw", form, follow=True))
    assert "Naar Team B" in page and "zaterdag, zondag" in page and "17:00–08:00" in page
    manager.post("/beheer/routes/nieuw", {"team": town.c.team.pk})
    first, second = rules()
    manager.post(f"/beheer/routes/{second.pk}/schuif", {"way": "up"})
    assert [one.pk for one in rules()] == [second.pk, first.pk]
    page = text(manager.get("/beheer/routes"))
    assert "Bureau C" in page and "Waar gaat een vraag nu heen?" in page
    manager.post(f"/beheer/routes/{second.pk}/weg")
    assert [one.pk for one in rules()] == [first.pk]
    assert manager.post(f"/beheer/routes/{uuid4()}/weg").status_code == 404
    assert manager.post(f"/beheer/routes/{second.pk}/schuif").status_code == 404


def test_a_form_that_is_sent_twice_is_done_once(manager, town):
    """The second answer is that of the first."""

    def twice(path, form):
        first, second = [manager.post(path, form, follow=True) for _ in range(2)]
        told = [
            re.findall(r"<div[^>]*notice[^>]*>.*?</div>", text(one), re.S)
            for one in (first, second)
        ]
        assert first.redirect_chain == second.redirect_chain and told[0] == told[1], path

    new = "/beheer/routes/nieuw"
    for desk in (town.a, town.b, town.c):
        key = re.search(r'name="key" value="([0-9a-f-]{36})"', text(manager.get(new)))[1]
        twice(new, {"team": desk.team.pk, "key": key})
    first, second, third = rules()
    twice(f"/beheer/routes/{third.pk}/schuif", {"way": "up", "was": 3})
    assert [one.pk for one in rules()] == [first.pk, third.pk, second.pk]
    twice(f"/beheer/routes/{first.pk}/schuif", {"way": "down", "was": 1})
    assert [one.pk for one in rules()] == [third.pk, first.pk, second.pk]
    twice(f"/beheer/routes/{first.pk}/schuif", {"way": "up", "was": 1})  # an old page
    assert 'name="was" value="2"' in text(manager.get("/beheer/routes"))
    twice(f"/beheer/routes/{first.pk}/weg", {})
    assert [one.pk for one in rules()] == [third.pk, second.pk]
    with working_for(HERE):
        verbs = Fact.objects.filter(subject="route").order_by("pk")
        assert [one.verb for one in verbs] == ["add", "add", "add", "move", "move", "remove"]
    # The same on a fresh page is another rule; other words on a kept page too.
    manager.post(new, {"team": town.a.team.pk, "key": str(uuid4())})
    manager.post(new, {"team": town.a.team.pk, "key": key, "topics": ["debt"]})
    assert len(rules()) == 4


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({"team": ""}, "Kies een team."),
        ({"team": "00000000-0000-0000-0000-000000000000"}, "team"),
        ({"starts": "vijf uur"}, "Vul een tijd in"),
        ({"starts": "17:00"}, "Vul twee verschillende tijden in"),
        ({"topics": ["qqq"]}, "topics"),
        ({"days": ["9"]}, "days"),
        ({"villages": ["999999"]}, "villages"),
    ],
)
def test_a_wrong_rule_is_explained(manager, town, wrong, said):
    answer = manager.post("/beheer/routes/nieuw", {"team": town.a.team.pk} | wrong)
    assert answer.status_code == 400 and said in text(answer) and rules() == []


def test_the_table_shows_the_desk_where_nobody_else_takes_it(manager, town):
    page = text(manager.get("/beheer/routes"))
    row = page[page.rindex("Veghel") :]
    assert "Loket" in row[: row.index("</tr>")] and "vangt alles op" in row


def test_a_team_with_live_work_stays_and_says_what(manager, town):
    with working_for(HERE):
        question = a_question(town)
        consent(town, town.b)
        an_offer(question, town.b, town)
        RoutingRule.objects.create(municipality=town.municipality, position=1, team=town.b.team)
        Membership.objects.filter(team__in=[town.a.team, town.b.team]).update(ended_at=NOW)
    page = manager.post(f"/beheer/teams/{town.a.team.pk}/archiveer")
    assert page.status_code == 409 and question.reference in text(page)
    assert "Vragen van inwoners" in text(page) and "Rina" not in text(page)
    page = text(manager.post(f"/beheer/teams/{town.b.team.pk}/archiveer"))
    assert "Overdrachten die nog lopen" in page and "Regels die naar dit team wijzen" in page
    with working_for(HERE):
        assert not Team.objects.exclude(archived_at=None).exists()


def test_a_team_without_work_ends(manager, town):
    with working_for(HERE):
        Membership.objects.filter(team=town.c.team).update(ended_at=NOW)
    assert manager.post(f"/beheer/teams/{town.c.team.pk}/archiveer").status_code == 302
    with working_for(HERE):
        assert Team.objects.get(pk=town.c.team.pk).archived_at


def test_the_page_asks_the_database_little(manager, town, django_assert_max_num_queries):
    from omzien.questions.actions.routes import add_route

    with working_for(HERE):
        for _ in range(12):
            add_route(municipality=town.municipality, team=town.b.team, topics=["debt"], by=SYSTEM)
    manager.get("/beheer/routes")
    with django_assert_max_num_queries(16):
        manager.get("/beheer/routes")


def test_a_village_in_which_somebody_asked_stays_and_says_what(manager, town, world):
    with working_for(HERE):
        question = a_question(town)
    page = manager.post("/beheer/instellingen/dorpen/schijndel/weg", {"into": "veghel"})
    assert page.status_code == 409
    for part in (question.reference, "Team A", "Open huiskamer"):
        assert part in text(page)
    assert manager.get("/beheer/instellingen/dorpen/schijndel").status_code == 200


def test_a_village_without_anything_goes_and_its_buurten_move(manager, town, world):
    from omzien.areas.models import Village

    Village.objects.create(
        municipality=world.meierijstad, slug="leeg", name="Leeg", buurt_codes=["BU19480299"]
    )
    start = "/beheer/instellingen/dorpen/leeg"
    for into in ("", "leeg", "uden", "nergens"):
        answer = manager.post(f"{start}/weg", {"into": into})
        assert answer.status_code == 400 and "<title>Fout: " in text(answer)
        assert 'href="#id_into"' in text(answer) and 'by="id_into-fout"' in text(answer)
    assert manager.post(f"{start}/weg", {"into": "veghel"}).status_code == 302
    assert not Village.objects.filter(slug="leeg").exists()
    assert "BU19480299" in Village.objects.get(slug="veghel").buurt_codes
    assert manager.post(f"{start}/weg", {"into": "veghel"}).status_code == 404
