"""The municipality's own sign-on, against a real provider on this machine; and how it may break."""

import logging
import re
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.utils import timezone

from omzien.journal.isolation import working_for
from omzien.messages.invitations import NoAddress, invite
from omzien.messages.models import Message
from omzien.people.actions.invitations import token_for
from omzien.people.actions.memberships import welcome_person
from omzien.people.actions.sessions import close_account
from omzien.people.actions.teams import form_team
from omzien.people.logs.models import AccessLine
from omzien.people.models import Account, Invitation, Membership, Person
from omzien.people.refusals import NotAllowed
from omzien.people.rules.municipal import BadSignOn, read
from omzien.people.rules.roles import PUBLIC, SYSTEM, Role
from omzien.web.doors import STRONG
from tests.certificates import own_certificate
from tests.provider import OTHER, dripping, running
from tests.signing import account, member

pytestmark = pytest.mark.django_db
HOST = "meierijstad.localhost"
PASSWORD = "een heel lang wachtwoord"


@pytest.fixture(scope="module")
def served():
    with running() as provider:
        yield provider


@pytest.fixture
def provider(served, settings, world):
    """The provider of Meierijstad, well behaved."""
    served.claims, served.asked, served.answers, served.moved = {}, [], True, ""
    served.odd, served.slow, served.drips = {}, "", ""
    served.key, served.algorithm = type(served).key, "RS256"
    served.discovery = {"jwks_uri": f"{served.address}/jwks"}
    settings.ADDRESS = "http://{host}"
    settings.SIGN_ON = sign_on(served)
    return served


def sign_on(provider, more="", groups=""):
    return read(
        f"""
[GM1948]
name = "Gemeente Meierijstad"
server_url = "{provider.address}"
client_id = "omzien"
secret = "geheim"
{more}
[GM1948.groups]
"omzien-redactie" = {{ role = "chief_editor" }}
"omzien-noord" = {{ role = "team_member", team = "Gebiedsteam Noord" }}
"omzien-weg" = {{ role = "team_member", team = "Opgeheven" }}
{groups}
"""
    )


@pytest.fixture
def somebody(world):
    """A person that has no way to sign in yet."""
    with working_for("GM1948"):
        return welcome_person(
            municipality=world.meierijstad, name="Anna", email="anna@voorbeeld.example", by=SYSTEM
        )


def browser(address="10.1.1.1"):
    return Client(HTTP_HOST=HOST, REMOTE_ADDR=address)


def leave(client, **form):
    """Press the button; return the provider's address that the page goes on to."""
    answer = client.post("/aanmelden/gemeente", form)
    assert answer.status_code == 200, answer.content.decode()
    page = answer.content.decode()
    return re.search(r'url=([^"]+)"', page)[1].replace("&amp;", "&")


def sign_in(provider, client, sub, *, form=None, **claims):
    return client.get(provider.agree(leave(client, **(form or {})), sub, **claims))


def invited(person, by=SYSTEM):
    with working_for("GM1948"):
        return token_for(invite(person=person, by=by))


def known(provider, person, sub="anna-1"):
    """Bind somebody to a subject, by an invitation."""
    sign_in(provider, browser(), sub, form={"invitation": invited(person)})
    with working_for("GM1948"):
        person.refresh_from_db()
        return person.account


def roles(person):
    with working_for("GM1948"):
        live = Membership.objects.live(on=timezone.localdate()).filter(person=person)
        return sorted(live.values_list("role", flat=True))


# What goes well


def test_an_invited_person_signs_on_and_is_known_from_then_on(provider, somebody):
    client = browser()
    page = client.get(f"/uitnodiging/{invited(somebody)}").content.decode()
    assert "Meld me aan met Gemeente Meierijstad" in page
    answer = sign_in(provider, client, "anna-1", form={"invitation": invited(somebody)})
    assert answer["Location"] == "/rol" and client.session[STRONG]
    with working_for("GM1948"):
        somebody.refresh_from_db()
    assert somebody.account.email is None  # of the address that the provider gave nothing is kept
    kept = SocialAccount.objects.get()
    assert kept.uid == f"{provider.address} anna-1" and kept.extra_data == {}
    assert not SocialToken.objects.exists()
    again = browser()
    assert sign_in(provider, again, "anna-1", form={"next": "/over"})["Location"] == "/over"
    assert again.session["_auth_user_id"] == str(somebody.account_id)


def test_the_talk_with_the_provider_is_guarded(provider, somebody):
    client = browser()
    found = urlsplit(leave(client, next="/redactie"))
    asked = parse_qs(found.query)
    assert asked["code_challenge_method"] == ["S256"] and asked["state"][0]
    assert asked["redirect_uri"] == [f"http://{HOST}/aanmelden/gemeente/terug"]
    assert "geheim" not in found.query
    assert client.get("/aanmelden/gemeente")["Location"] == "/aanmelden"  # never by a link


def test_the_host_and_the_address_line_choose_nothing(provider, settings):
    client = Client(HTTP_HOST=f"{HOST}:6666")
    answer = client.post(
        "/aanmelden/gemeente?auth_params=redirect_uri%3Dhttps://elders.example&scope=offline",
        {"next": "https://elders.example/"},
    )
    page = answer.content.decode()
    assert (
        "elders.example" not in page.split("<main")[1] and "offline" not in page.split("<main")[1]
    )
    assert "6666" not in re.search(r'url=([^"]+)"', page)[1]


def test_groups_give_roles_and_take_them_back_at_each_sign_in(provider, somebody, world):
    with working_for("GM1948"):
        form_team(municipality=world.meierijstad, name="Gebiedsteam Noord", by=SYSTEM)
    owner = known(provider, somebody)
    assert roles(somebody) == []
    groups = ["omzien-redactie", "omzien-noord", "omzien-weg", "iets-anders"]
    client = browser()
    sign_in(provider, client, "anna-1", groups=groups)
    assert roles(somebody) == ["chief_editor", "team_member"]
    sign_in(provider, browser(), "anna-1", groups=groups)  # twice is once
    assert roles(somebody) == ["chief_editor", "team_member"]
    client.get("/rol")
    page = client.get("/rol").content.decode()
    assert "hoofdredacteur" in page
    sign_in(provider, browser(), "anna-1", groups=["omzien-noord"])
    assert roles(somebody) == ["team_member"]
    sign_in(provider, browser(), "anna-1")
    assert roles(somebody) == []
    assert owner == somebody.account


def test_a_role_that_a_person_gave_is_left_alone(provider, world):
    hat = member(Role.POLICY_OFFICER, world.meierijstad, name="Piet")
    hat.person.email = "piet@voorbeeld.example"
    with working_for("GM1948"):
        hat.person.save()
    known(provider, hat.person, "piet")
    sign_in(provider, browser(), "piet", groups=["omzien-redactie"])
    sign_in(provider, browser(), "piet", groups=[])
    assert roles(hat.person) == ["policy_officer"]


@pytest.mark.parametrize("groups", [None, "omzien-redactie", 5, {"a": 1}, [1, None], []])
def test_odd_groups_break_nothing(provider, somebody, groups):
    known(provider, somebody)
    answer = sign_in(provider, browser(), "anna-1", groups=groups)
    assert answer.status_code == 302
    assert roles(somebody) == (["chief_editor"] if groups == "omzien-redactie" else [])


def test_the_providers_check_may_be_too_weak_for_work(provider, somebody, settings):
    settings.SIGN_ON = sign_on(provider, 'acr = ["twee-stappen"]')
    known(provider, somebody)
    for acr, strong in (("een-stap", False), ("twee-stappen", True)):
        provider.claims = {"acr": acr}
        client = browser()
        sign_in(provider, client, "anna-1")
        assert client.session[STRONG] is strong
    settings.SIGN_ON = sign_on(provider, "strong = false")
    client = browser()
    sign_in(provider, client, "anna-1")
    assert client.session[STRONG] is False


def test_new_people_come_in_only_where_the_municipality_wants_it(provider, settings):
    client = browser()
    answer = sign_in(provider, client, "nieuw", groups=["omzien-redactie"])
    page = answer.content.decode()
    assert answer.status_code == 403 and "nog geen rol" in page and "uitnodiging" in page
    assert not Account.objects.exists() and "_auth_user_id" not in client.session
    settings.SIGN_ON = sign_on(provider, "create_users = true")
    answer = sign_in(provider, client, "nieuw", groups=["omzien-redactie"], name="Nina Nieuw")
    assert answer.status_code == 302
    with working_for("GM1948"):
        somebody = Person.objects.get()
    assert somebody.name == "Nina Nieuw" and roles(somebody) == ["chief_editor"]


# Who is who


def test_two_people_with_one_address_are_two(provider, world):
    with working_for("GM1948"):
        people = [
            welcome_person(
                municipality=world.meierijstad, name=name, email=f"{name}@voorbeeld.example",
                by=SYSTEM,
            )
            for name in ("anna", "bart")
        ]  # fmt: skip
    for one in people:
        sign_in(
            provider, browser(), one.name, form={"invitation": invited(one)},
            email="balie@gemeente.example", email_verified=True,
        )  # fmt: skip
    with working_for("GM1948"):
        found = {one.account_id for one in Person.objects.all()}
    assert len(found) == 2 and None not in found


def test_an_address_at_the_provider_never_opens_an_account_here(provider, settings, world):
    mine = account("burgemeester@gemeente.example")
    mine.set_password(PASSWORD)
    mine.save()
    for more in ("", "create_users = true"):
        settings.SIGN_ON = sign_on(provider, more)
        client = browser()
        sign_in(provider, client, "dief", email=mine.email, email_verified=True)
        assert client.session.get("_auth_user_id") != str(mine.pk)
    assert not SocialAccount.objects.filter(user=mine).exists()


def test_the_same_subject_at_another_provider_is_somebody_else(provider, somebody):
    known(provider, somebody, "anna-1")
    SocialAccount.objects.update(uid="https://vorige.example anna-1")
    assert sign_in(provider, browser(), "anna-1").status_code == 403


def test_a_closed_account_stays_out(provider, somebody):
    owner = known(provider, somebody)
    close_account(account=owner, by=SYSTEM)
    client = browser()
    answer = sign_in(provider, client, "anna-1", groups=["omzien-redactie"])
    assert answer.status_code == 403 and "gesloten" in answer.content.decode()
    assert roles(somebody) == [] and "_auth_user_id" not in client.session


def test_another_municipality_has_no_such_button(provider):
    client = Client(HTTP_HOST="maashorst.localhost")
    assert "Meld me aan met" not in client.get("/aanmelden").content.decode()
    assert client.post("/aanmelden/gemeente").status_code == 404
    assert client.get("/aanmelden/gemeente/terug?code=x&state=y").status_code == 404


# A provider that is broken


def refused(answer, client, caplog, *private):
    """Tell that a page says it in plain words and that nothing leaked."""
    page = answer.content.decode()
    assert answer.status_code in (400, 403) and "is niet gelukt" in page
    assert "_auth_user_id" not in client.session
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("werk", "urllib3"))]
    for text in (*private, "geheim", "Traceback"):
        assert text not in page.split("<main")[1] and text not in str(ours)
    assert "ging mis" in str(ours)
    with working_for("GM1948"):
        lines = AccessLine.objects.filter(object_kind="by-sign-on", result="refused").count()
    assert lines or "gestopt" in page  # who says no at the provider was refused nothing
    return page


def test_a_provider_that_is_away(provider, caplog):
    provider.answers = False
    client = browser()
    refused(client.post("/aanmelden/gemeente"), client, caplog)
    provider.answers = True
    address = leave(client)
    back = provider.agree(address, "anna-1")
    provider.answers = False
    refused(client.get(back), client, caplog, "anna-1")


def test_nothing_listens_there(provider, settings, caplog):
    settings.SIGN_ON = read(
        '[GM1948]\nname = "x"\nserver_url = "http://localhost:9"\nclient_id = "omzien"'
    )
    client = browser()
    refused(client.post("/aanmelden/gemeente"), client, caplog)


@pytest.mark.parametrize(
    "discovery", [{"issuer": "https://elders.example"}, {"issuer": None}, {"token_endpoint": 5}]
)
def test_a_provider_that_is_not_who_it_says(provider, caplog, discovery):
    provider.discovery |= discovery
    client = browser()
    refused(client.post("/aanmelden/gemeente"), client, caplog)


@pytest.mark.parametrize("name", ["jwks_uri", "token_endpoint", "authorization_endpoint"])
@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.2:{port}/x", "http://127.0.0.1:{port}/x", "https://elders.example/x",
     "http://localhost:{port}@127.0.0.2/x", "http://localhost:5432/x", "file:///etc/passwd",
     "ftp://localhost:{port}/x", "//localhost:{port}/x", "http://[", 5, None],
)  # fmt: skip
def test_an_endpoint_that_is_elsewhere_is_never_asked(provider, caplog, name, address):
    if isinstance(address, str):
        address = address.format(port=provider.port)
    client = browser()
    back = provider.agree(leave(client), "anna-1")
    provider.discovery |= {name: address}
    provider.asked.clear()
    refused(client.post("/aanmelden/gemeente"), client, caplog)
    refused(client.get(back), client, caplog, "anna-1")
    assert set(provider.asked) == {"/.well-known/openid-configuration"}


def test_a_second_host_of_the_provider_is_named_in_the_file(provider, settings, somebody, caplog):
    known(provider, somebody)
    settings.SIGN_ON = sign_on(provider, f'hosts = ["127.0.0.1:{provider.port}"]')
    provider.discovery |= {"jwks_uri": f"http://127.0.0.1:{provider.port}/jwks"}
    assert sign_in(provider, browser(), "anna-1").status_code == 302
    with pytest.raises(BadSignOn, match="hosts"):
        sign_on(provider, 'hosts = ["https://elders.example/"]')


JSON = {"Content-Type": "application/json"}
DISCOVERY, TOKEN, JWKS = "/.well-known/openid-configuration", "/oauth2/token", "/jwks"


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, JWKS])
@pytest.mark.parametrize(
    "answer",
    [
        ("200 OK", {"Content-Type": "text/html"}, b"<h1>Onderhoud</h1>"),
        ("200 OK", {}, b"niets"),
        ("200 OK", JSON, b'{"access_token": '),
        ("200 OK", JSON, b'"access_token"'),
        ("200 OK", JSON, b'{"access_token": "x", "expires_in": "straks"}'),
        ("200 OK", JSON, b'{"keys": []}'),
        ("200 OK", JSON, b'["' + b"x" * 2_000_000 + b'"]'),
        ("500 Internal Server Error", JSON, b"{}"),
    ],
    ids=["html", "no-type", "cut-off", "a-word", "no-time", "no-keys", "huge", "broken"],
)
def test_a_provider_that_answers_nonsense(provider, somebody, caplog, path, answer):
    known(provider, somebody)
    client = browser()
    back = provider.agree(leave(client), "anna-1")
    provider.odd = {path: answer}
    refused(client.get(back), client, caplog, "anna-1", "access_token")


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, JWKS])
def test_a_provider_that_hangs_is_not_waited_for(provider, somebody, settings, caplog, path):
    known(provider, somebody)
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.5
    client = browser()
    back = provider.agree(leave(client), "anna-1")
    provider.slow = path
    begun = time.monotonic()
    refused(client.get(back), client, caplog, "anna-1")
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN, JWKS])
def test_a_provider_that_answers_byte_by_byte_is_cut_off(
    provider, somebody, settings, caplog, path
):
    known(provider, somebody)
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.5
    client = browser()
    back = provider.agree(leave(client), "anna-1")
    provider.drips = path
    begun = time.monotonic()
    refused(client.get(back), client, caplog, "anna-1")
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("at_once", [b"HTTP/1.1 200 ", b"HTTP/1.1 200 OK\r\n\r\n{}"])
def test_an_answer_that_drips_is_cut_off_in_its_head_and_after_its_end(settings, at_once):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.5
    with dripping(at_once, b" " * 40) as address:
        begun = time.monotonic()
        with (
            get_adapter().get_requests_session() as session,
            pytest.raises(requests.RequestException),
        ):
            session.get(address)
        assert time.monotonic() - begun < 2


def test_a_provider_with_a_certificate_that_nobody_knows_is_not_asked(tmp_path):
    context, _file = own_certificate(tmp_path, "localhost")
    got = []
    with socket.create_server(("localhost", 0)) as server:

        def serve():
            caller, _from = server.accept()
            with caller, suppress(OSError), context.wrap_socket(caller, server_side=True) as it:
                got.append(it.recv(64))

        thread = threading.Thread(target=serve)
        thread.start()
        address = f"https://localhost:{server.getsockname()[1]}"
        with (
            get_adapter().get_requests_session() as session,
            pytest.raises(requests.exceptions.SSLError, match="certificate"),
        ):
            session.get(address)
        thread.join(5)
    assert got == []


def test_leaving_for_the_provider_again_and_again_is_stopped(provider):
    client = browser()
    provider.odd = {DISCOVERY: ("503 Service Unavailable", JSON, b"{}")}
    answers = [client.post("/aanmelden/gemeente").status_code for _ in range(122)]
    assert answers == [400] * 120 + [429] * 2
    assert browser("10.1.1.2").post("/aanmelden/gemeente").status_code == 400


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/oauth2/token", "/jwks"])
def test_a_provider_that_sends_us_elsewhere_is_not_followed(provider, somebody, caplog, path):
    known(provider, somebody)
    client = browser()
    if path == "/oauth2/token":
        back = provider.agree(leave(client), "anna-1")
        provider.moved = path
        answer = client.get(back)
    else:
        back = provider.agree(leave(client), "anna-1") if path == "/jwks" else ""
        provider.moved = path
        answer = client.get(back) if back else client.post("/aanmelden/gemeente")
    refused(answer, client, caplog, "anna-1")
    assert path in provider.asked and f"/elders{path}" not in provider.asked


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elders.example"},
        {"aud": "een-ander"},
        {"aud": None},
        {"azp": "een-ander"},
        {"nonce": None},
        {"nonce": "van-een-ander"},
        {"sub": None},
        {"sub": ""},
        {"sub": "  "},
        {"exp": None},
        {"iat": None},
    ],
)
def test_a_token_that_is_not_for_us(provider, somebody, caplog, claims):
    known(provider, somebody)
    provider.claims = claims
    client = browser()
    refused(sign_in(provider, client, "anna-1"), client, caplog, "anna-1")


@pytest.mark.parametrize(
    "exp,iat,status",
    [(-30, -330, 302), (-90, -390, 400), (300, 30, 302), (300, 90, 400), (-90_000, 0, 400)],
)
def test_clocks_may_differ_a_minute(provider, somebody, exp, iat, status):
    known(provider, somebody)
    now = int(time.time())
    provider.claims = {"exp": now + exp, "iat": now + iat}
    assert sign_in(provider, browser(), "anna-1").status_code == status


@pytest.mark.parametrize(
    "hours,status", [(0, 302), (9.9, 302), (10.1, 400), (-0.1, 400), (None, 400), ("x", 400)]
)
def test_who_proved_long_ago_who_they_are_does_so_again(provider, somebody, caplog, hours, status):
    """A provider may keep people signed on for days; we ask for a proof of today (ASVS 7.6.1)."""
    known(provider, somebody)
    client = browser()
    asked = parse_qs(urlsplit(leave(client)).query)
    assert asked["max_age"] == [str(10 * 3600)]
    is_number = isinstance(hours, int | float)
    provider.claims = {"auth_time": int(time.time() - hours * 3600) if is_number else hours}
    answer = sign_in(provider, client, "anna-1")
    assert answer.status_code == status
    if status == 400:
        refused(answer, client, caplog, "anna-1")


def test_a_signature_of_somebody_else(provider, somebody, caplog):
    known(provider, somebody)
    provider.key = OTHER
    client = browser()
    refused(sign_in(provider, client, "anna-1"), client, caplog, "anna-1")


@pytest.mark.parametrize("algorithm,key", [("none", None), ("HS256", "geheim" * 8)])
def test_a_token_without_a_real_signature(provider, somebody, caplog, algorithm, key):
    known(provider, somebody)
    provider.algorithm, provider.key = algorithm, key
    client = browser()
    refused(sign_in(provider, client, "anna-1"), client, caplog, "anna-1")


def test_somebody_who_says_no(provider, caplog):
    client = browser()
    page = refused(client.get(provider.refuse(leave(client))), client, caplog)
    assert "gestopt" in page


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=y", "?error=%3Cb%3E"])
def test_coming_back_without_having_left(provider, caplog, query):
    client = browser()
    answer = client.get(f"/aanmelden/gemeente/terug{query}")
    refused(answer, client, caplog)
    assert "<b>" not in answer.content.decode()


def test_a_way_back_works_once_and_in_the_browser_that_left(provider, somebody, caplog):
    known(provider, somebody)
    client, thief = browser(), browser("10.6.6.6")
    back = provider.agree(leave(client), "anna-1")
    refused(thief.get(back), thief, caplog)
    assert client.get(back).status_code == 302
    again = browser()
    refused(again.get(back), again, caplog)
    assert client.get(back).status_code in (302, 400)


def test_a_code_of_another_sign_on_is_refused(provider, somebody, caplog):
    known(provider, somebody)
    client, other = browser(), browser()
    mine, theirs = leave(client), leave(other)
    code = parse_qs(urlsplit(provider.agree(theirs, "anna-1")).query)["code"][0]
    state = parse_qs(urlsplit(mine).query)["state"][0]
    answer = client.get(f"/aanmelden/gemeente/terug?code={code}&state={state}")
    refused(answer, client, caplog, "anna-1")


# Invitations


def test_an_invitation_says_nothing_about_who_is_invited(somebody, world):
    path = f"/uitnodiging/{invited(somebody)}"
    with working_for("GM1948"):
        letter = Message.objects.get()
    assert letter.recipient == somebody.email and path in letter.body
    assert somebody.name not in letter.body + letter.subject and somebody.email not in letter.body
    page = browser().get(path).content.decode()
    assert somebody.name not in page and somebody.email not in page


def test_an_invited_person_chooses_a_password(somebody):
    path = f"/uitnodiging/{invited(somebody)}"
    client = browser()
    for method in ("get", "head"):
        assert getattr(client, method)(path).status_code == 200  # a mail scanner changes nothing
    assert client.post(path, {"password": "kort"}).status_code == 400
    assert client.post(path, {"password": PASSWORD}).status_code == 200
    answer = client.post("/aanmelden/wachtwoord", {"login": somebody.email, "password": PASSWORD})
    assert answer.status_code == 302
    with working_for("GM1948"):
        somebody.refresh_from_db()
    assert client.session["_auth_user_id"] == str(somebody.account_id)
    for again in (client.get(path), client.post(path, {"password": "nog een wachtwoord"})):
        assert again.status_code == 410 and "al gebruikt" in again.content.decode()


def test_a_newer_invitation_replaces_the_older_one(somebody):
    first, second = invited(somebody), invited(somebody)
    assert browser().get(f"/uitnodiging/{first}").status_code == 404
    assert browser().get(f"/uitnodiging/{second}").status_code == 200


def test_an_old_invitation_is_refused(somebody):
    token = invited(somebody)
    with working_for("GM1948"):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = browser().post(f"/uitnodiging/{token}", {"password": PASSWORD})
    assert answer.status_code == 410 and "ouder dan zeven dagen" in answer.content.decode()
    assert browser().post("/aanmelden/gemeente", {"invitation": token}).status_code in (404, 410)


@pytest.mark.parametrize("token", ["x", "x:y", "0" * 32, "%00", "a:b:c:d"])
def test_a_broken_invitation_is_refused(world, token):
    assert browser().get(f"/uitnodiging/{token}").status_code == 404


def test_an_invitation_works_in_its_own_municipality_only(somebody):
    client = Client(HTTP_HOST="maashorst.localhost")
    assert (
        client.post(f"/uitnodiging/{invited(somebody)}", {"password": PASSWORD}).status_code == 404
    )


def test_who_may_invite(somebody, world):
    with working_for("GM1948"):
        with pytest.raises(NotAllowed):
            invite(person=somebody, by=PUBLIC)
        nobody = welcome_person(municipality=world.meierijstad, name="Zonder", by=SYSTEM)
        with pytest.raises(NoAddress):
            invite(person=nobody, by=SYSTEM)
    assert not Invitation.objects.exists()


def test_an_invitation_that_was_used_cannot_be_bound_to_another_subject(provider, somebody):
    token = invited(somebody)
    first, second = browser(), browser()
    one = provider.agree(leave(first, invitation=token), "anna-1")
    two = provider.agree(leave(second, invitation=token), "dief")
    assert first.get(one).status_code == 302
    answer = second.get(two)
    assert answer.status_code == 410 and "al gebruikt" in answer.content.decode()
    assert [kept.uid.split()[1] for kept in SocialAccount.objects.all()] == ["anna-1"]


def test_links_and_addresses_stay_out_of_the_log(somebody, caplog):
    from omzien.config.logs import without_links

    path = f"/uitnodiging/{invited(somebody)}"
    record = logging.LogRecord("x", 30, "", 0, "Gone: %s", (path,), None)
    assert without_links(record) and path not in record.getMessage()
