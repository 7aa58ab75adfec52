"""The functional manager signs a colleague out everywhere, or closes their account."""

import pytest
from allauth.mfa.models import Authenticator

from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.messages.rights import may_still_go
from omzien.people.actions.memberships import appoint, end_membership, welcome_person
from omzien.people.actions.sessions import shut_out
from omzien.people.actions.starting import own_organisation
from omzien.people.models import AccessLine, Account, Membership, Session
from omzien.people.refusals import NotAllowed
from omzien.people.rules.closing import Cause, Deed
from omzien.people.rules.roles import SYSTEM, Actor, Role
from tests.signing import member, person, wearing
from tests.web.test_signing_in import PASSWORD, browser
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
HERE = "GM1948"
OUT = {"deed": "sign-out", "cause": "device-gone"}
CLOSE = {"deed": "close", "cause": "misused"}


@pytest.fixture
def manager(world):
    return wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))


@pytest.fixture
def hat(world):
    found = member(Role.CHIEF_EDITOR, world.meierijstad, name="Riet Redactie")
    found.person.account.set_password(PASSWORD)
    found.person.account.save()
    return found


def page_of(hat):
    return f"/beheer/mensen/{hat.pk}/sluit"


def is_open(hat):
    return Account.objects.get(pk=hat.person.account_id).is_active


def text(answer):
    return answer.content.decode()


def test_all_sessions_end_at_once_and_the_account_stays_open(manager, hat):
    inside = [wearing(hat), wearing(hat)]
    assert {one.get("/redactie").status_code for one in inside} == {200}
    assert f'href="{page_of(hat)}"' in text(manager.get("/beheer/mensen"))
    assert "Riet Redactie" in text(manager.get(page_of(hat)))
    assert {one.get("/redactie").status_code for one in inside} == {200}  # looking ends nothing
    answer = manager.post(page_of(hat), OUT, follow=True)
    assert "overal afgemeld" in text(answer) and is_open(hat)
    assert not Session.objects.filter(account=hat.person.account).exists()
    assert {one.get("/redactie").status_code for one in inside} == {302}
    form = {"login": hat.person.account.email, "password": PASSWORD}
    assert browser().post("/aanmelden/wachtwoord", form)["Location"] == "/rol"


def test_a_form_that_was_open_writes_nothing_any_more(manager, hat):
    from omzien.directory.models import Synonym

    def words():
        with working_for(HERE):
            return Synonym.objects.count()

    inside = wearing(hat)
    inside.post("/redactie/woorden", {"word": "poen", "means": "geld"})
    assert words() == 1
    manager.post(page_of(hat), CLOSE)
    answer = inside.post("/redactie/woorden", {"word": "pegels", "means": "geld"}, follow=True)
    assert "_auth_user_id" not in inside.session and "Riet" not in text(answer)
    assert words() == 1


def test_a_closed_account_is_out_and_stays_out_until_it_is_opened_again(manager, hat):
    inside = wearing(hat)
    answer = manager.post(page_of(hat), CLOSE, follow=True)
    assert "Het account is gesloten." in text(answer) and not is_open(hat)
    assert inside.get("/redactie").status_code == 302
    form = {"login": hat.person.account.email, "password": PASSWORD}
    assert browser().post("/aanmelden/wachtwoord", form).status_code == 403
    with working_for(HERE):  # the role stays, and nobody can put it on
        assert Membership.objects.get(pk=hat.pk).ended_at is None
    assert page_of(hat) not in text(manager.get("/beheer/mensen"))
    assert manager.post(page_of(hat), CLOSE).status_code == 404
    manager.post(f"/beheer/mensen/{hat.pk}/heropen", {"is_sure": "ja"})
    assert wearing(hat).get("/redactie").status_code == 200


@pytest.mark.parametrize(
    "form,verb,subject",
    [(OUT, "sign-out", "overal afgemeld"), (CLOSE, "close", "is gesloten")],
)
def test_it_is_one_fact_lines_of_the_log_and_a_mail_that_does_not_say_why(
    manager, hat, form, verb, subject
):
    manager.get(page_of(hat))
    manager.post(page_of(hat), form)
    with working_for(HERE):
        fact = Fact.objects.get(verb=verb, subject="account")
        letter = Message.objects.get()
        lines = AccessLine.objects.filter(object_kind="account").order_by("at")
        assert [one.action for one in lines] == ["read", "change"]
        assert {one.about for one in lines} == {hat.person_id}
    assert fact.subject_id == str(hat.person.account_id)
    assert fact.details == {"reason": form["cause"]} and fact.actor == lines[0].actor != "visitor"
    assert letter.recipient == hat.person.account.email and subject in letter.subject
    said = letter.subject + letter.body
    assert "{" not in said
    assert not any(word in said for word in ("Riet", "Fien", "gestolen", "iemand anders het"))


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({"deed": ""}, "Kies wat je wilt doen."),
        ({"deed": "erase"}, "erase"),
        ({"cause": ""}, "Kies waarom."),
        ({"cause": "zomaar\0"}, "fouten"),
    ],
)
def test_without_a_choice_and_a_reason_nothing_happens(manager, hat, wrong, said):
    inside = wearing(hat)
    answer = manager.post(page_of(hat), CLOSE | wrong)
    assert answer.status_code == 400 and said in text(answer)
    assert is_open(hat) and inside.get("/redactie").status_code == 200
    with working_for(HERE):
        assert not Message.objects.exists()


def test_no_other_role_does_it_and_nobody_does_it_to_themselves(world, manager, hat):
    for role in (Role.CHIEF_EDITOR, Role.PRIVACY_OFFICER, Role.TECHNICAL_ADMIN):
        client = wearing(member(role, world.meierijstad, name=f"{role} Wie"))
        assert client.get(page_of(hat)).status_code == 403
        assert client.post(page_of(hat), CLOSE).status_code == 403
    elsewhere = wearing(member(Role.FUNCTIONAL_MANAGER, world.maashorst, name="Els Elders"))
    assert elsewhere.post(page_of(hat), CLOSE).status_code == 404
    own = member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Mia Zelf")
    assert wearing(own).post(page_of(own), CLOSE).status_code == 404
    with working_for(HERE), pytest.raises(NotAllowed):
        by = Actor(HERE, Role.FUNCTIONAL_MANAGER, person=own.person_id)
        shut_out(person=own.person, deed=Deed.CLOSE, cause=Cause.ASKED, by=by)
    assert is_open(hat) and is_open(own)


def test_who_shares_the_account_does_not_close_it(world, hat):
    shared = member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Riet Redactie")
    assert shared.person.account == hat.person.account
    assert wearing(shared).post(page_of(hat), CLOSE).status_code == 404 and is_open(hat)


def test_who_has_no_role_here_is_not_there(world, manager, hat):
    with working_for(HERE):
        end_membership(membership=hat, by=SYSTEM)
    assert manager.post(page_of(hat), CLOSE).status_code == 404 and is_open(hat)
    resident = person(world.meierijstad, "Sjaan Inwoner")
    assert manager.post(f"/beheer/mensen/{resident.pk}/sluit", CLOSE).status_code == 404


@pytest.fixture
def there(world, hat):
    """The same account has a role in another municipality, which has a manager."""
    boss = member(Role.FUNCTIONAL_MANAGER, world.maashorst, name="Mia Beheer")
    with working_for(world.maashorst.code):
        somebody = welcome_person(
            municipality=world.maashorst, name="Riet R", account=hat.person.account, by=SYSTEM
        )
        appoint(
            person=somebody, organisation=own_organisation(world.maashorst),
            role=Role.CHIEF_EDITOR, starts_on=TODAY, by=SYSTEM,
        )  # fmt: skip
    return boss


def heard(code):
    """Return who hears of it elsewhere, and which facts stand there; nothing of it stands here."""
    with working_for(HERE):
        assert not Message.objects.filter(key__startswith="elsewhere").exists()
        assert not Fact.objects.filter(municipality=HERE, verb=code).exists()
    with working_for("GM1991"):
        mails = list(Message.objects.filter(key__startswith="elsewhere"))
        facts = Fact.objects.filter(municipality="GM1991", verb=code)
        assert all(may_still_go(one) for one in mails)
        assert not any("Meierijstad" in one.subject + one.body for one in mails)
        return [one.recipient for one in mails], list(facts.values_list("actor", flat=True))


def test_another_municipality_where_they_work_hears_that_the_account_is_closed(
    manager, hat, there, world
):
    manager.post(page_of(hat), OUT)
    assert heard("closed-elsewhere") == ([], [])
    manager.post(page_of(hat), CLOSE)
    assert heard("closed-elsewhere") == ([there.person.email], [SYSTEM.key])
    with working_for("GM1991"):
        mail = Message.objects.get(key__startswith="elsewhere")
    assert "/beheer/mensen" in mail.body
    page = text(wearing(there).get("/beheer/mensen"))
    assert "Riet R" in page and "/heropen" in page


def test_and_that_a_second_step_was_taken_away(manager, hat, there):
    Authenticator.objects.create(user=hat.person.account, type="totp", data={})
    form = {"reason": "lost", "is_sure": "ja"}
    manager.post(f"/beheer/mensen/{hat.pk}/tweede-stap", form)
    assert heard("freed-elsewhere") == ([there.person.email], [SYSTEM.key])


@pytest.mark.parametrize("form,said", [
    (CLOSE, "Account gesloten: Misschien gebruikt iemand anders het account"),
    (OUT, "Overal afgemeld: Een telefoon of computer is kwijt of gestolen"),
])  # fmt: skip
def test_who_oversees_privacy_reads_why_in_the_log(world, manager, hat, form, said):
    officer = wearing(member(Role.PRIVACY_OFFICER, world.meierijstad, name="Nel Privacy"))
    assert manager.post(page_of(hat), form).status_code == 302
    log = text(officer.get("/beheer/logboek"))
    assert log.count(said) == 1
    assert log.count("Account gesloten:") + log.count("Overal afgemeld:") == 1


def test_nobody_gives_a_role_to_a_closed_account(world, manager, hat):
    form = {
        "person": hat.person_id, "role": "editor", "organisation": hat.organisation_id,
    }  # fmt: skip
    assert f'value="{hat.person_id}"' in text(manager.get("/beheer/mensen/nieuw"))
    manager.post(page_of(hat), CLOSE)
    assert f'value="{hat.person_id}"' not in text(manager.get("/beheer/mensen/nieuw"))
    typed = form | {
        "person": "", "name": "Riet Redactie", "email": hat.person.account.email,
        "meant": str(hat.person_id),
    }  # fmt: skip
    answer = manager.post("/beheer/mensen/nieuw", typed)
    assert answer.status_code == 400 and "Het account van deze persoon is gesloten." in text(answer)
    with working_for(HERE):
        assert Membership.objects.filter(person=hat.person_id).count() == 1
