"""Who lost the second step and the recovery codes is helped by the functional manager."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.people.actions.memberships import end_membership
from omzien.people.actions.steps import take_second_step_away
from omzien.people.models import AccessLine, Membership, Session
from omzien.people.refusals import NotAllowed
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.people.rules.steps import Reason
from omzien.web.doors import STRONG
from tests.signing import member, wearing
from tests.web.test_signing_in import PASSWORD, browser, editor, totp_now, with_app

pytestmark = pytest.mark.django_db
__all__ = ["editor", "with_app"]  # fixtures
HERE = "GM1948"
ASKED = {"reason": "lost", "is_sure": "ja"}


@pytest.fixture
def manager(world):
    return wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))


@pytest.fixture
def page(with_app):
    RecoveryCodes.activate(with_app)
    return f"/beheer/mensen/{hat_of(with_app).pk}/tweede-stap"


def hat_of(account):
    with working_for(HERE):
        return Membership.objects.select_related("person").get(person__account=account)


def held(account):
    return Authenticator.objects.filter(user=account).count()


def text(answer):
    return answer.content.decode()


def signed_in(account):
    client = browser()
    client.post("/aanmelden/wachtwoord", {"login": account.email, "password": PASSWORD})
    client.post("/aanmelden/tweede-stap", {"code": totp_now()})
    client.get("/rol")
    return client


def test_a_manager_takes_a_lost_second_step_away_and_it_is_set_up_anew(with_app, manager, page):
    inside = signed_in(with_app)
    assert inside.get("/redactie").status_code == 200
    assert f'href="{page}"' in text(manager.get("/beheer/mensen"))
    assert "herstelcodes" in text(manager.get(page)) and held(with_app) == 2
    answer = manager.post(page, ASKED, follow=True)
    assert "De tweede stap is weg." in text(answer) and held(with_app) == 0
    # Out everywhere, at once.
    assert inside.get("/redactie").status_code == inside.get("/account").status_code == 302
    assert not Session.objects.filter(account=with_app).exists()
    # The password alone is not enough for work; a new second step is.
    again = browser()
    form = {"login": with_app.email, "password": PASSWORD}
    assert again.post("/aanmelden/wachtwoord", form)["Location"] == "/rol"
    assert not again.session[STRONG] and again.get("/redactie").status_code == 302
    assert "tweede stap nodig" in text(again.get("/rol"))
    assert again.get("/account/app").status_code == 200


def test_the_owner_gets_a_mail_that_does_not_say_why(with_app, manager, page):
    manager.post(page, ASKED | {"reason": "stolen"})
    with working_for(HERE):
        letter = Message.objects.get()
    assert letter.recipient == with_app.email and "weggehaald" in letter.subject
    said = letter.subject + letter.body
    assert not any(word in said for word in ("gestolen", "stolen", "kwijt", "Riet", "Fien"))


def test_it_is_one_fact_and_one_line_of_the_log(with_app, manager, page):
    manager.post(page, ASKED)
    owner = hat_of(with_app).person
    with working_for(HERE):
        fact = Fact.objects.get(verb="take-away", subject="second-step")
        line = AccessLine.objects.get(object_kind="second-step", action="change")
    assert fact.subject_id == str(owner.pk) and fact.details == {"reason": "lost"}
    assert line.about == owner.pk and line.role == "functional_manager"
    assert fact.actor == line.actor != "visitor"


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({"reason": ""}, "Kies wat er is gebeurd."),
        ({"reason": "zomaar"}, "zomaar"),
        ({"reason": "lost\0"}, "fouten"),
        ({"is_sure": ""}, "Controleer eerst"),
    ],
)
def test_without_a_reason_and_a_check_nothing_happens(with_app, manager, page, wrong, said):
    answer = manager.post(page, ASKED | wrong)
    assert answer.status_code == 400 and said in text(answer) and held(with_app) == 2


def test_nobody_takes_their_own_away(with_app, world):
    own = member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Mia Zelf")
    client = wearing(own)
    path = f"/beheer/mensen/{own.pk}/tweede-stap"
    assert client.get(path).status_code == client.post(path, ASKED).status_code == 404
    with working_for(HERE), pytest.raises(NotAllowed):
        by = Actor(HERE, Role.FUNCTIONAL_MANAGER, person=own.person_id)
        take_second_step_away(person=own.person, reason=Reason.LOST, by=by)


def test_who_shares_the_account_does_not_take_it_away(with_app, page, world):
    shared = member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Riet Redactie")
    assert shared.person.account == with_app
    assert wearing(shared).post(page, ASKED).status_code == 404 and held(with_app) == 2


def test_a_manager_is_helped_by_another_manager_only(world, manager):
    other = member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Toos Ander")
    RecoveryCodes.activate(other.person.account)
    path = f"/beheer/mensen/{other.pk}/tweede-stap"
    for role in (Role.CHIEF_EDITOR, Role.PRIVACY_OFFICER, Role.TECHNICAL_ADMIN):
        client = wearing(member(role, world.meierijstad, name=f"{role} Wie"))
        assert client.get(path).status_code == client.post(path, ASKED).status_code == 403
    assert held(other.person.account) == 1
    assert manager.post(path, ASKED).status_code == 302 and held(other.person.account) == 0


def test_somebody_of_another_municipality_or_without_a_role_is_not_there(with_app, page, world):
    elsewhere = wearing(member(Role.FUNCTIONAL_MANAGER, world.maashorst, name="Els Elders"))
    assert elsewhere.post(page, ASKED).status_code == 404
    with working_for(HERE):
        end_membership(membership=hat_of(with_app), by=SYSTEM)
    here = wearing(member(Role.FUNCTIONAL_MANAGER, world.meierijstad, name="Fien Beheer"))
    assert here.post(page, ASKED).status_code == 404 and held(with_app) == 2


def test_who_has_none_is_said_so(world, manager):
    hat = member(Role.CHIEF_EDITOR, world.meierijstad, name="Riet Redactie")
    answer = manager.post(f"/beheer/mensen/{hat.pk}/tweede-stap", ASKED)
    assert answer.status_code == 400 and "heeft geen tweede stap" in text(answer)
