"""An account that somebody closed is opened again by the functional manager."""

import pytest

from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.people.actions.memberships import end_membership
from omzien.people.actions.sessions import close_account, reopen_account
from omzien.people.models import AccessLine, Account, Membership, Session
from omzien.people.privacy.erasing import erase_person
from omzien.people.refusals import NotAllowed
from omzien.people.rules.roles import SYSTEM, Actor, Role
from tests.signing import member, person, wearing
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
HERE = "GM1948"
BY_MAIL = "/beheer/mensen/heropen"
SURE = {"is_sure": "ja"}


@pytest.fixture
def manager(world):
    return wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))


@pytest.fixture
def hat(world):
    """A chief editor who closed their account."""
    found = member(Role.CHIEF_EDITOR, world.meierijstad, name="Riet Redactie")
    close(found.person)
    return found


@pytest.fixture
def resident(world):
    """A resident who closed their account."""
    found = person(world.meierijstad, "Sjaan Inwoner")
    close(found)
    return found


def close(one):
    with working_for(one.municipality_id):
        close_account(account=one.account, by=SYSTEM)


def is_open(one):
    return Account.objects.get(pk=one.account_id).is_active


def text(answer):
    return answer.content.decode()


def page_of(hat):
    return f"/beheer/mensen/{hat.pk}/heropen"


def test_a_manager_opens_the_account_of_a_colleague_again(manager, hat):
    assert f'href="{page_of(hat)}"' in text(manager.get("/beheer/mensen"))
    page = text(manager.get(page_of(hat)))
    assert "Riet Redactie" in page and not is_open(hat.person)  # looking opens nothing
    answer = manager.post(page_of(hat), SURE, follow=True)
    assert "Het account is weer open." in text(answer) and is_open(hat.person)
    assert page_of(hat) not in text(answer)
    # No session begins by it; who wants in signs in.
    assert not Session.objects.filter(account=hat.person.account).exists()
    assert wearing(hat).get("/redactie").status_code == 200


def test_a_resident_is_found_by_the_mail_address_and_nothing_of_them_is_shown(manager, resident):
    email = {"email": " Sjaan@Meierijstad.example "}
    page = text(manager.post(BY_MAIL, email))
    assert "sjaan@meierijstad.example" in page and "Sjaan Inwoner" not in page
    assert not is_open(resident)
    unsure = manager.post(BY_MAIL, email | {"answered": "ja"})
    assert unsure.status_code == 400 and "Controleer eerst" in text(unsure)
    answer = manager.post(BY_MAIL, email | {"answered": "ja"} | SURE)
    assert answer["Location"] == "/beheer/mensen" and is_open(resident)


def test_the_owner_gets_a_mail_without_names(manager, hat):
    manager.post(page_of(hat), SURE)
    with working_for(HERE):
        letter = Message.objects.get()
    assert letter.recipient == hat.person.account.email and "weer open" in letter.subject
    said = letter.subject + letter.body
    assert "/aanmelden" in said and not any(one in said for one in ("Riet", "Fien", "redact"))


def test_it_is_one_fact_and_lines_of_the_log(manager, hat):
    manager.get(page_of(hat))
    manager.post(page_of(hat), SURE)
    with working_for(HERE):
        fact = Fact.objects.get(verb="reopen", subject="account")
        lines = AccessLine.objects.filter(object_kind="account").order_by("at")
        assert [one.action for one in lines] == ["read", "change"]
        assert {one.about for one in lines} == {hat.person_id}
    assert fact.subject_id == str(hat.person.account_id) and fact.details == {}
    assert fact.actor == lines[0].actor != "visitor"


def test_an_ended_role_does_not_come_back(manager, hat):
    with working_for(HERE):
        end_membership(membership=hat, by=SYSTEM)
    assert manager.post(page_of(hat), SURE).status_code == 404
    address = {"email": hat.person.account.email, "answered": "ja"}
    assert manager.post(BY_MAIL, address | SURE).status_code == 302 and is_open(hat.person)
    with working_for(HERE):
        assert Membership.objects.get(pk=hat.pk).ended_at is not None


@pytest.mark.parametrize("who", ["nobody", "open", "erased", "elsewhere"])
def test_unknown_open_erased_and_elsewhere_get_one_answer(manager, resident, world, who):
    other = person(world.maashorst if who == "elsewhere" else world.meierijstad, "Ina Ander")
    if who == "elsewhere":
        close(other)
    if who == "erased":
        close(other)
        with working_for(HERE):
            erase_person(person=other, reason="request", on=TODAY, by=SYSTEM)
    email = "x@voorbeeld.example" if who == "nobody" else other.account.email
    answer = manager.post(BY_MAIL, {"email": email, "answered": "ja"} | SURE)
    assert answer.status_code == 400
    assert "geen gesloten account. Is het gewist? Dan komt het niet terug." in text(answer)
    assert Account.objects.filter(email=email, is_active=True).exists() == (who == "open")


@pytest.mark.parametrize(
    "wrong,said",
    [
        ("", "Vul het mailadres in."),
        ("x", "Dit is geen mailadres."),
        ("a\0@b.example", "fouten"),
        ("a" * 400 + "@b.example", "fouten"),
    ],
)
def test_a_wrong_address_is_explained(manager, wrong, said):
    answer = manager.post(BY_MAIL, {"email": wrong})
    assert answer.status_code == 400 and said in text(answer) and "<title>Fout:" in text(answer)


def test_nobody_opens_their_own_and_no_other_role_opens_any(world, hat, manager):
    for role in (Role.CHIEF_EDITOR, Role.PRIVACY_OFFICER, Role.TECHNICAL_ADMIN):
        client = wearing(member(role, world.meierijstad, name=f"{role} Wie"))
        assert client.post(page_of(hat), SURE).status_code == 403
        assert client.post(BY_MAIL, SURE).status_code == 403
    elsewhere = wearing(member(Role.FUNCTIONAL_MANAGER, world.maashorst, name="Els Elders"))
    assert elsewhere.post(page_of(hat), SURE).status_code == 404
    own = Actor(HERE, Role.FUNCTIONAL_MANAGER, person=hat.person_id)
    with working_for(HERE), pytest.raises(NotAllowed):
        reopen_account(person=hat.person, by=own)
    assert not is_open(hat.person)


def test_twice_is_once(manager, hat):
    assert manager.post(page_of(hat), SURE).status_code == 302
    assert manager.post(page_of(hat), SURE).status_code == 404
    with working_for(HERE):
        assert Fact.objects.filter(verb="reopen").count() == 1


def test_who_opens_it_reads_when_and_why_it_was_closed(manager, world):
    mine = member(Role.CHIEF_EDITOR, world.meierijstad, name="Zelf Dicht")
    with working_for(HERE):
        by = Actor(HERE, Role.CHIEF_EDITOR, person=mine.person_id)
        close_account(account=mine.person.account, by=by)
    assert "De eigenaar sloot het zelf." in text(manager.get(page_of(mine)))
    other = member(Role.CHIEF_EDITOR, world.meierijstad, name="Mis Bruikt")
    with working_for(HERE):
        close_account(
            account=other.person.account, by=Actor(HERE, Role.FUNCTIONAL_MANAGER), reason="misused"
        )
    page = text(manager.get(page_of(other)))
    assert "Misschien gebruikt iemand anders het account" in page and "Gesloten op" in page
    assert "de tweede stap vernieuwen" in page
