"""Signing in with a passkey, by one in software: success, and every way it must not succeed."""

import pytest
from allauth.mfa.models import Authenticator

from omzien.people.rules.roles import Role
from omzien.web.doors import STRONG
from tests.passkeys import Passkey, asked_on
from tests.signing import member
from tests.web.test_signing_in import (
    HOST,
    PASSWORD,
    browser,
    editor,
    later,
    totp_now,
    with_app,
)

pytestmark = pytest.mark.django_db
__all__ = ["editor", "with_app"]  # fixtures
STEP, ALONE, NEW = "/aanmelden/tweede-stap", "/aanmelden/passkey", "/account/passkeys/nieuw"


@pytest.fixture(autouse=True)
def strict(settings):
    """Look where a passkey was used, as everywhere but in the demonstration without https."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False


def with_password(account, address="10.1.1.1"):
    client = browser(address)
    client.post("/aanmelden/wachtwoord", {"login": account.email, "password": PASSWORD})
    return client


def signed_in(account, steps=0):
    client = with_password(account)
    assert client.post(STEP, {"code": totp_now(steps)}).status_code == 302
    return client


def make(client, **how):
    """Make a passkey in a browser; return it and the answer."""
    passkey = Passkey(HOST)
    credential = passkey.made(asked_on(client.get(NEW).content.decode()), **how)
    return passkey, client.post(NEW, {"name": "mijn laptop", "credential": credential})


def challenge(client):
    return client.get(ALONE, HTTP_X_REQUESTED_WITH="XMLHttpRequest").json()["request_options"][
        "publicKey"
    ]


@pytest.fixture
def passkey(with_app):
    return make(signed_in(with_app))[0]


def is_in(client):
    return "_auth_user_id" in client.session


def test_a_passkey_is_made_and_signs_in_alone_and_strong(with_app):
    client = signed_in(with_app)
    passkey, answer = make(client)
    assert answer.status_code == 302
    assert "mijn laptop" in client.get("/account").content.decode()
    fresh = browser("10.2.2.2")
    before = fresh.session.session_key
    answer = fresh.post(ALONE, {"credential": passkey.used(challenge(fresh))})
    assert answer.status_code == 302 and fresh.session["_auth_user_id"] == str(with_app.pk)
    assert fresh.session[STRONG] and fresh.session.session_key != before
    assert fresh.get("/rol?next=/redactie", follow=True).status_code == 200


def test_a_passkey_is_a_second_step_after_a_password(with_app, passkey):
    client = with_password(with_app)
    asked = asked_on(client.get(STEP).content.decode())
    assert client.post(STEP, {"credential": passkey.used(asked)}).status_code == 302
    assert is_in(client) and client.session[STRONG]


def test_what_a_passkey_said_once_is_no_use_again(with_app, passkey):
    client = browser()
    said = passkey.used(challenge(client))
    client.post(ALONE, {"credential": said})
    assert is_in(client)
    client.post("/afmelden")
    client.post(ALONE, {"credential": said})  # nothing was asked
    assert not is_in(client)
    challenge(client)
    client.post(ALONE, {"credential": said})  # something else was asked
    assert not is_in(client)
    thief = browser("10.6.6.6")
    challenge(thief)
    thief.post(ALONE, {"credential": said})
    assert not is_in(thief)
    step = with_password(with_app)
    step.get(STEP)
    assert step.post(STEP, {"credential": said}).status_code == 400 and not is_in(step)


@pytest.mark.parametrize(
    "how",
    [
        {"verified": False},
        {"origin": "https://elders.example"},
        {"origin": f"https://x{HOST}"},
        {"origin": f"https://{HOST}.elders.example"},
        {"origin": "https://maashorst.localhost"},
    ],
)
def test_without_the_owners_finger_or_on_another_site_nothing_opens(with_app, passkey, how):
    client = browser()
    answer = client.post(ALONE, {"credential": passkey.used(challenge(client), **how)})
    assert answer["Location"] == "/aanmelden/wachtwoord" and not is_in(client)
    step = with_password(with_app)
    asked = asked_on(step.get(STEP).content.decode())
    answer = step.post(STEP, {"credential": passkey.used(asked, **how)})
    assert answer.status_code == 400 and not is_in(step)
    # Nor is one made that way.
    _other, answer = make(signed_in(with_app, 1), **how)
    assert answer.status_code == 400
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_a_passkey_works_for_the_host_it_was_made_for(with_app, passkey):
    client = browser()
    passkey.host = "maashorst.localhost"
    said = passkey.used(challenge(client), origin=f"https://{HOST}")
    client.post(ALONE, {"credential": said})
    assert not is_in(client)


def test_somebody_elses_passkey_opens_nothing(world, with_app, passkey):
    other = member(Role.CHIEF_EDITOR, world.meierijstad, name="Mia Ander").person.account
    other.set_password(PASSWORD)
    other.save()
    client = browser()
    mine, passkey.owner = passkey.owner, Passkey(HOST).owner
    for owner in ("", "eA", mine[:-2] + "AA"):
        passkey.owner = owner
        client.post(ALONE, {"credential": passkey.used(challenge(client))})
        assert not is_in(client)
    # A key that was never made here, in the name of the owner.
    stranger = Passkey(HOST)
    stranger.owner = mine
    client.post(ALONE, {"credential": stranger.used(challenge(client))})
    assert not is_in(client)
    stranger.id = passkey.id  # the right name, the wrong key
    client.post(ALONE, {"credential": stranger.used(challenge(client))})
    assert not is_in(client)


def test_who_tries_passkeys_with_a_stolen_password_uses_up_no_try_of_the_owner(with_app, passkey):
    thief, stranger = with_password(with_app, "10.6.6.6"), Passkey(HOST)
    for status in [400] * 8 + [429] * 2:
        asked = asked_on(thief.get(STEP).content.decode())
        answer = thief.post(STEP, {"credential": stranger.used(asked)})
        assert answer.status_code == status and not is_in(thief)
    owner = with_password(with_app, "10.7.7.7")
    asked = asked_on(owner.get(STEP).content.decode())
    assert owner.post(STEP, {"credential": passkey.used(asked)}).status_code == 302


def test_a_passkey_confirms_that_it_is_still_you(with_app, passkey):
    from datetime import timedelta

    client = browser()
    client.post(ALONE, {"credential": passkey.used(challenge(client))})
    later(client, proof=timedelta(minutes=6))
    assert client.get(NEW).status_code == 302
    page = "/account/bevestig/passkey?next=/account/passkeys/nieuw"
    for key, status in ((Passkey(HOST), 302), (passkey, 200)):
        asked = asked_on(client.get(page).content.decode())
        client.post(page, {"credential": key.used(asked)})
        assert client.get(NEW).status_code == status


def test_a_passkey_that_was_taken_away_opens_nothing(with_app, passkey):
    client = browser()
    client.post(ALONE, {"credential": passkey.used(challenge(client))})
    key = Authenticator.objects.get(type="webauthn").pk
    assert client.post(f"/account/passkeys/{key}/weg").status_code == 302
    fresh = browser("10.3.3.3")
    fresh.post(ALONE, {"credential": passkey.used(challenge(fresh))})
    assert not is_in(fresh)


def test_a_closed_account_is_not_opened_by_a_passkey(with_app, passkey):
    type(with_app).objects.filter(pk=with_app.pk).update(is_active=False)
    client = browser()
    answer = client.post(ALONE, {"credential": passkey.used(challenge(client))})
    assert answer.status_code == 403 and not is_in(client)
