"""Who has no role: every form that mails somebody or keeps something has a limit."""

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.core.internal import ratelimit
from django.db import transaction
from django.test import Client
from django.urls import reverse

from omzien.directory.actions.links import CHANGE, CONFIRM, STOP, token_for
from omzien.people import limits
from omzien.people.rules.roles import Role, table
from tests.wall.rows import OWN, PUBLIC, ROWS
from tests.wall.test_walk import HOST, browser
from tests.wall.town import Side, build
from tests.web.test_hardening import TAKES_POST

pytestmark = pytest.mark.django_db
SRC = Path(__file__).parents[2] / "src" / "omzien"

MAIL = "rina@meierijstad.example"
# What is filled in, where a form is counted only when there is something to do.
FILLED = {
    "report": {"about": "times", "text": "Dicht op vrijdag"},
    "feedback": {"page": "/over", "score": "4"},
    "account_login": {"email": MAIL},
    "account_signup": {"email": MAIL},
    "password-sign-in": {"login": MAIL, "password": "x"},
    "account_reset_password": {"email": MAIL},
    "worried": {"about": "De buurman", "worry": "Ik zie hem nooit", "knows": "no"},
    "mediation-report": {
        "subject": "noise", "words": "De muziek staat hard", "name": "Rina", "street": "Plein 1",
        "other_street": "Plein 3", "phone": "0413-123456",
    },
}  # fmt: skip
# Nothing is mailed, and nothing is kept in the database but a session.
NOTHING = {
    "answer": "what is asked is not kept; the count of questions has its own guard",
    "choose-language": "a cookie", "keep": "a cookie",
    "sign-out": "the own session ends", "put-on": "the own session",
    "load-check": "what is filled in goes nowhere",
    "demo-roles": "in a demonstration only, where all is invented",
}  # fmt: skip
# Forms that do nothing before there is a thing of one's own, which is made elsewhere: where the
# limit stands, and its name.
WITH_A_THING = {
    "enter-code": ("people/actions/codes.py", "MOST_TRIES"),
    "new-code": ("web/accounts/views.py", '"mail_code"'),
    "mfa_authenticate": ("web/accounts/second_step.py", 'action="second_step"'),
    "municipal-sign-on": ("web/accounts/sign_on.py", 'too_many(request, "sign-on"'),
    "invitation": ("web/accounts/invitations.py", 'too_many(request, "invitation"'),
    "aftercare": ("web/aftercare/views.py", 'too_many(request, "aftercare"'),
    "handover-link": ("web/handovers/links.py", 'too_many(request, "link-forms"'),
}


@pytest.fixture
def counts(monkeypatch):
    """Return the list to which the name of each limit is added that is asked."""
    asked, ours, allauth = [], limits.counted, ratelimit.consume

    def counted(request, what, **more):
        asked.append(what)
        return ours(request, what, **more)

    def consume(request, *, action, **more):
        asked.append(action)
        return allauth(request, action=action, **more)

    monkeypatch.setattr(limits, "counted", counted)
    monkeypatch.setattr(ratelimit, "consume", consume)
    return asked


def forms(side: Side, role: Role, world) -> Iterator[tuple[str, str]]:
    """Yield the name and address of each form that is open to somebody in this role."""
    samples = {"end-session": ["x"], "mfa_remove_webauthn": [1]}
    paths = {name: path.format(slug=side.things["slug"]) for name, path in PUBLIC.items()}
    for purpose, names in ((CONFIRM, ["confirm"]), (CHANGE, ["change"]), (STOP, ["stop"])):
        token = token_for(world.geldzaken, purpose)
        paths |= {name: reverse(name, args=[token]) for name in names}
    if role != Role.PUBLIC:
        paths |= {name: reverse(name, args=samples.get(name, [])) for name in OWN}
        for name, row in ROWS.items():
            if table()[role][row.verb]:
                key = [row.key(side, role)] if row.thing else []
                paths[name] = reverse(name, args=[*key, *row.more])
    yield from ((name, path) for name, path in paths.items() if name in TAKES_POST)


def test_each_form_of_who_has_no_role_is_counted(world, counts):
    """Of each form it is seen that a limit is asked, for one role at least that can send it."""
    side = (town := build(world, is_wide=True))["own"]
    counted: set[str] = set()
    seen: set[str] = set()
    for role in (Role.PUBLIC, Role.RESIDENT, Role.PROXY):
        client = browser(town, role)
        for name, path in forms(side, role, world):
            counts.clear()
            cookies = copy.deepcopy(client.cookies)
            form = {"village": world.schijndel.pk} | FILLED.get(name, {})
            with transaction.atomic():
                client.post(path, form, HTTP_HOST=HOST)
                transaction.set_rollback(True)
            client.cookies = cookies  # or who signed out does nothing more
            seen.add(name)
            counted |= {name} if counts else set()
            # Who is known is counted by who they are: each in their own role.
            if name in ROWS or name in OWN:
                assert counts, (role, name)
    assert seen - counted == {*NOTHING, *WITH_A_THING}
    assert len(seen) > 60


@pytest.mark.parametrize("name", WITH_A_THING)
def test_a_form_about_a_thing_of_ones_own_has_a_limit_where_it_says(name):
    file, words = WITH_A_THING[name]
    assert words in (SRC / file).read_text(encoding="utf-8")


def test_the_limit_holds_and_is_told(world, monkeypatch):
    town = build(world)
    monkeypatch.setattr("omzien.web.accounts.doors.PER_HOUR", 2)
    client = browser(town, Role.RESIDENT)
    answers = [client.post("/account/mail", {"notices": "on"}).status_code for _ in range(4)]
    assert answers == [302, 302, 429, 429]
    other = browser(town, Role.RESIDENT, "other")
    assert other.post("/account/mail", {"notices": "on"}).status_code == 302


def test_who_sends_without_end_by_a_link_from_a_mail_is_stopped(world, monkeypatch):
    monkeypatch.setattr("omzien.web.freshness.views.POSTS_PER_HOUR", 2)
    path = reverse(CONFIRM, args=[token_for(world.geldzaken, CONFIRM)])
    client = Client(HTTP_HOST=HOST)
    assert [client.post(path).status_code for _ in range(3)] == [302, 302, 429]
    assert client.get(path).status_code == 200
