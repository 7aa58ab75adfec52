"""Who signs in with a name that differs from the one given when asking is asked first."""

from html import unescape

import pytest

from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Person
from omzien.people.rules.names import nearly_same
from omzien.people.rules.roles import SYSTEM
from tests.signing import person, wearing

pytestmark = pytest.mark.django_db
HERE, MAIL = "GM1948", "els@voorbeeld.example"
PAGE = "/aanmelden/naam"


@pytest.fixture
def els(world):
    """Somebody signed in as "Jo", at whose address "Els van Tester" asked something."""
    jo = person(world.meierijstad, "Jo", MAIL)
    with working_for(HERE):
        welcome_person(municipality=world.meierijstad, name="Els van Tester", email=MAIL, by=SYSTEM)
    return wearing(jo)


def names():
    with working_for(HERE):
        rows = Person.objects.filter(email=MAIL).exclude(account=None)
        return sorted(rows.values_list("name", flat=True))


def test_another_spelling_is_asked_about_and_yes_makes_no_second_person(els):
    answer = els.post(PAGE, {"name": "Els van Testr"})
    asked = unescape(answer.content.decode())
    assert answer.status_code == 200 and "Ben jij dat?" in asked
    assert "Els van Tester" not in asked and 'value="Els van Testr"' in asked
    assert names() == ["Jo"]
    assert els.post(PAGE, {"name": "Els van Testr", "meant": "same"}).status_code == 302
    assert names() == ["Els van Tester", "Jo"]


def test_who_stands_by_another_spelling_reads_so(els):
    said = "Je staat hier als Els van Tester"
    answer = els.post(PAGE, {"name": "Els van Testr", "meant": "same"}, follow=True)
    assert said in unescape(answer.content.decode())
    assert said not in unescape(els.get("/account").content.decode())


def test_a_shorter_name_keeps_the_fuller_one_and_says_so(els):
    answer = els.post(PAGE, {"name": "Els"}, follow=True)
    assert "Je staat hier als Els van Tester" in unescape(answer.content.decode())
    assert names() == ["Els van Tester", "Jo"]


def test_the_whole_name_takes_the_place_of_a_part_of_it(world):
    """Asked as "Riek", signed in as "Riek van den Heuvel": that is how she is called here."""
    with working_for(HERE):
        welcome_person(municipality=world.meierijstad, name="Riek", email=MAIL, by=SYSTEM)
        client = wearing(person(world.meierijstad, "Jo", MAIL))
    answer = client.post(PAGE, {"name": "Riek van den Heuvel"}, follow=True)
    assert "Je staat hier als" not in unescape(answer.content.decode())
    assert names() == ["Jo", "Riek van den Heuvel"]
    with working_for(HERE):
        assert Fact.objects.filter(verb="name", subject="person").count() == 1


def test_no_makes_a_person_of_their_own_and_takes_nothing(els):
    assert els.post(PAGE, {"name": "Els van Testr", "meant": "new"}).status_code == 302
    assert names() == ["Els van Testr", "Jo"]


def test_a_wholly_other_name_is_asked_about_and_same_cannot_be_said_of_it(els):
    for meant in ({}, {"meant": "x"}):
        asked = els.post(PAGE, {"name": "Mien Jansen"} | meant).content.decode()
        assert "onder een andere naam" in asked and 'value="same"' not in asked
        assert "Els" not in asked and names() == ["Jo"]
    els.post(PAGE, {"name": "Mien Jansen", "meant": "same"})
    assert "Els van Tester" not in names(), "guessing the button does not open what was asked"


def test_the_name_that_was_given_is_not_asked_about(els):
    assert els.post(PAGE, {"name": "els van tester"}).status_code == 302
    assert names() == ["Els van Tester", "Jo"]


def test_one_s_own_name_in_another_spelling_makes_no_second_person(world):
    client = wearing(person(world.meierijstad, "Josefien Bakker", MAIL))
    assert "Ben jij dat?" in client.post(PAGE, {"name": "Josefine Bakker"}).content.decode()
    client.post(PAGE, {"name": "Josefine Bakker", "meant": "same"})
    assert names() == ["Josefien Bakker"]


@pytest.mark.parametrize(
    "one,other,near",
    [
        ("Els Tester", "Els Testers", True),
        ("Piet Jansen", "Piet Janssen", True),
        ("Renée de Wit", "Rene de Witt", True),
        ("Rob Roos", "Rina Roos", False),
        ("Mien Jansen", "Piet Jansen", False),  # one family, one address
        ("Nel", "Nel de Wit", False),  # a shorter way to say it: known without asking
        ("Jan", "Mien", False),
    ],
)
def test_names_that_are_nearly_the_same(one, other, near):
    assert nearly_same(one, other) is nearly_same(other, one) is near
