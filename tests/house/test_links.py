"""Nobody has to type an address: what a role may open is reached by links from where it lands."""

import re

import pytest
from django.urls import URLPattern, get_resolver, resolve, reverse

from omzien.journal.isolation import working_for
from omzien.people.actions.teams import form_team
from omzien.people.rules.roles import IN_A_TEAM, SYSTEM, WITHOUT_MEMBERSHIP, Role
from tests.signing import member, person, wearing

pytestmark = pytest.mark.django_db
HREF = re.compile(r'href="(/[^"#?]*)')
# Pages that one comes to by something else than a link, with how.
BY_OTHER_WAYS = {
    "find-question": "by the field above the lists of who works on questions",
    "ask": "from the page of a village, or below an answer",
    "worried-sent": "after sending the form",
    "mediation-reported": "after sending the form",
    "load-check": "of carers: from the map of the own network",
    "embedded": "shown inside another site",
    "style-guide": "for who builds",
    "confirm-by-mail": "a step of signing in",
    "mfa_generate_recovery_codes": "from the second step, once there is one",
    "account_reset_password": "from signing in, by who is signed out",
    "account_reset_password_done": "after asking for a new password",
    "account_reset_password_from_key_done": "after choosing a new password",
}


def addresses():
    """Return name → address of every page that has no key in it."""

    def walk(patterns, before):
        for one in patterns:
            path = before + str(one.pattern)
            if not isinstance(one, URLPattern):
                yield from walk(one.url_patterns, path)
            elif one.name and not set("<^$(") & set(path):
                yield one.name, path

    return dict(walk(get_resolver().url_patterns, "/"))


def reached(client):
    """Return every address without a key to which links lead, from today on."""
    waiting, seen = [reverse("today")], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path, follow=True)
        if answer.streaming or "text/html" not in answer.get("Content-Type", ""):
            continue
        for link in HREF.findall(answer.content.decode()):
            if link not in seen and not link.startswith("/static"):
                waiting += [link] if not resolve(link).kwargs else []
    return seen


@pytest.mark.parametrize("role", sorted(set(Role) - WITHOUT_MEMBERSHIP | {Role.RESIDENT}))
def test_what_a_role_may_open_is_linked(world, role):
    with working_for("GM1948"):
        team = form_team(municipality=world.meierijstad, name="Team", by=SYSTEM)
    if role == Role.RESIDENT:
        client = wearing(person(world.meierijstad))
    else:
        place = team if role in IN_A_TEAM else None
        client = wearing(member(role, world.meierijstad, team=place))
    seen = reached(client)
    open_ = {}
    for name, path in addresses().items():
        if path in seen or name in BY_OTHER_WAYS:
            continue
        answer = client.get(path)
        if answer.status_code == 200 and "text/html" in answer.get("Content-Type", ""):
            open_[name] = path
    assert open_ == {}


def test_every_exception_is_still_a_page():
    assert set(BY_OTHER_WAYS) <= set(addresses())
