"""How long a session lasts, how a browser is called, and what the file of sign-on may say."""

import pytest

from omzien.people.rules.municipal import BadSignOn, Given, read
from omzien.people.rules.roles import Role
from omzien.people.rules.sessions import browser_of, is_over

MINUTE, HOUR = 60, 3600
NOW = 1_800_000_000


@pytest.mark.parametrize(
    "started,seen,at_work,over",
    [
        (0, 0, True, False),
        (5 * HOUR, 30 * MINUTE, True, False),
        (5 * HOUR, 30 * MINUTE + 1, True, True),
        (10 * HOUR, 0, True, False),
        (10 * HOUR + 1, 0, True, True),
        (5 * HOUR, 2 * HOUR, False, False),
        (5 * HOUR, 2 * HOUR + 1, False, True),
        (12 * HOUR, 0, False, False),
        (12 * HOUR + 1, 0, False, True),
        (-HOUR, -HOUR, True, False),  # the clock was put back
    ],
)
def test_a_session_ends_by_doing_nothing_and_by_the_clock(started, seen, at_work, over):
    assert is_over(started=NOW - started, seen=NOW - seen, now=NOW, at_work=at_work) is over


@pytest.mark.parametrize(
    "agent,name",
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox, Linux",
        ),
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"
            ),
            "Edge, Windows",
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
                "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
            ),
            "Safari, iPhone",
        ),
        ("curl/8", ""),
        ("", ""),
        ("<script>Firefox", "Firefox"),
    ],
)
def test_a_browser_is_called_as_its_owner_knows_it(agent, name):
    assert browser_of(agent) == name


GOOD = '[GM1948]\nname = "Gemeente"\nserver_url = "https://login.example/"\nclient_id = "omzien"\n'


def test_the_file_of_sign_on_is_read():
    text = f"""{GOOD}
secret_file = "/run/geheim"
acr = ["2fa"]
[GM1948.groups]
red = {{role = "editor", organisation = "X"}}
"""
    found = read(text, read_file=lambda path: f"uit {path}")["GM1948"]
    assert found.server_url == "https://login.example" and found.secret == "uit /run/geheim"
    assert found.scopes == ("openid", "profile") and not found.create_users and found.strong
    assert found.given_to({"groups": ["red", "y"]}) == {Given(Role.EDITOR, "X")}
    assert found.is_strong({"acr": "2fa"}) and not found.is_strong({})
    assert read("") == {}


@pytest.mark.parametrize(
    "text,said",
    [
        ("[GM", "no valid TOML"),
        ("name = 1", "below a table"),
        (GOOD.replace("client_id", "klant"), "“klant” is unknown"),
        (GOOD.replace('client_id = "omzien"', ""), "client_id is missing"),
        (GOOD.replace("https://login", "http://login"), "must begin with https://"),
        (GOOD + 'strong = "ja"', "strong: must be bool"),
        (GOOD + 'secret_file = "/nergens/geheim"', "secret_file"),
        (GOOD + '[GM1948.groups]\nx = "editor"', "write { role"),
        (GOOD + '[GM1948.groups]\nx = {role = "koning"}', "“koning” is no role"),
        (GOOD + '[GM1948.groups]\nx = {role = "resident"}', "nobody gives"),
        (GOOD + '[GM1948.groups]\nx = {role = "connector"}', "needs a team"),
        (
            GOOD + '[GM1948.groups]\nx = {role = "chief_editor", team = "Loket"}',
            "has no team",
        ),
    ],
)
def test_a_file_that_is_wrong_says_where(text, said):
    with pytest.raises(BadSignOn, match=None) as wrong:
        read(text)
    assert said in str(wrong.value)
