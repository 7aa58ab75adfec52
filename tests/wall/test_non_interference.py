"""Two worlds that differ only in what somebody may not see look the same to them, to the byte.

Goguen and Meseguer's non-interference, over all pages, lists, counts, files, feeds, the API,
and the error pages of things that are hidden or not there at all. Tokens, times and ids that
are made anew at each request are taken out before answers are compared.
"""

import os
import re
import uuid
from difflib import unified_diff

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omzien.journal.isolation import working_for
from omzien.people.privacy.classes import of_model
from omzien.people.rules.roles import Role, table
from tests.wall.hidden import HIDDEN, WORD, is_hidden
from tests.wall.rows import API, PUBLIC, ROWS
from tests.wall.test_walk import HOST, ROLES, browser

pytestmark = [pytest.mark.proofs, pytest.mark.slow]
EXAMPLES = int(os.environ.get("OMZIEN_WALL_EXAMPLES", "4"))
ADDS = re.compile(r'INSERT INTO "(\w+)"')
# Tables about people of which no row is seen to be made here, and why.
NO_KIND = {
    "people.AccessLine": "kind `log line`, by a function of the database",
    "people.ProcessingLine": "kind `log line`, by a function of the database",
}
MADE_ANEW = (
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'),
    re.compile(rb'name="(?:[a-z-]+-)?key" value="[^"]+"'),  # of a form that is not sent yet
    re.compile(rb'href="/nazorg/[^"]+"'),  # a link that is signed with the time
    re.compile(rb"\(\w+ \d\d\.\d\d uur\)"),  # the moment at which a page about routes was made
    re.compile(rb"DTSTAMP:\d+T\d+Z"),
    re.compile(rb"<updated>[^<]+</updated>"),
)


@pytest.fixture(autouse=True)
def _no_demonstration(settings):
    settings.DEMO = False  # there everybody may read the demonstration's mail


def plain(found) -> tuple[int, str, bytes]:
    """Return what a reader gets: status, where to, and the page without what is made anew."""
    body = b"".join(found.streaming_content) if found.streaming else found.content
    for one in MADE_ANEW:
        body = one.sub(b"", body)
    return found.status_code, found.headers.get("Location", ""), body


def addresses_of(town, role) -> list[str]:
    """Return every address that can be looked at, with a thing of the own side in it."""
    addresses = [path.format(slug=town["own"].things["slug"]) for path in PUBLIC.values()]
    addresses += [path.format(entry=town["own"].things["entry"]) for path in API.values()]
    for name, row in ROWS.items():
        key = row.key(town["own"], role)
        more = [*([key] if row.thing else []), *row.more]
        addresses += [] if row.posts else [reverse(name, args=more)]
    return addresses


def looks(client, town, role, addresses=None) -> dict[str, tuple[int, str, bytes]]:
    """Return every answer that a role gets by looking, or those of some addresses."""
    found = {}
    for address in addresses or [*addresses_of(town, role), "koffie in de buurt", WORD]:
        with transaction.atomic():
            if address.startswith("/"):
                found[address] = plain(client.get(address, HTTP_HOST=HOST))
            else:
                asked = client.post("/antwoord", {"text": address}, HTTP_HOST=HOST)
                found[address] = plain(asked)
            transaction.set_rollback(True)
    return found


def difference(client, town, role, changes, addresses=None) -> list[str]:
    """Return the addresses that answer otherwise once the hidden records are there."""
    before = looks(client, town, role, addresses)
    with transaction.atomic():
        for kind, side in changes:
            with working_for(town[side].municipality.code):
                HIDDEN[kind].make(town[side])
        after = looks(client, town, role, addresses)
        transaction.set_rollback(True)
    found = [
        address
        for address in before
        if before[address] != after[address]
        or (address != WORD and WORD.encode() in after[address][2])
    ]
    for address in found[:3]:  # shown where a test fails
        one, other = (repr(answers[address]).split("\\n") for answers in (before, after))
        print(address, *list(unified_diff(one, other, n=0))[:12], sep="\n  ")  # noqa: T201
    return found


def records(role: Role) -> list[tuple[str, str]]:
    """Return (kind, side) of all that is hidden from a role."""
    sides = ("own", "other", "elsewhere")
    return [(k, s) for k in HIDDEN for s in sides if is_hidden(k, s, role)]


@given(data=st.data())
@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_hidden_changes_no_answer(town, data):
    role = data.draw(st.sampled_from(ROLES), label="role")
    chosen = st.lists(st.sampled_from(records(role)), min_size=1, max_size=4, unique=True)
    changes = data.draw(chosen, label="hidden records")
    with transaction.atomic():
        assert difference(browser(town, role), town, role, changes) == []
        transaction.set_rollback(True)


def test_everything_hidden_at_once_changes_no_answer(town):
    found = {role: difference(browser(town, role), town, role, records(role)) for role in ROLES}
    assert {role: one for role, one in found.items() if one} == {}


def test_everything_about_people_has_a_kind(town):
    """A new table about people fails here: make a row of it in hidden.py, or say why not."""
    personal = {
        model._meta.db_table: model._meta.label
        for model in apps.get_models()
        if {field.name for field in model._meta.fields} & {"municipality"}
        and any(one.is_personal for one in of_model(model._meta.label).values())
    }
    made = set()
    for kind in HIDDEN.values():
        with transaction.atomic(), CaptureQueriesContext(connection) as seen:
            with working_for(town["own"].municipality.code):
                kind.make(town["own"])
            transaction.set_rollback(True)
        made |= {name for one in seen.captured_queries for name in ADDS.findall(one["sql"])}
    assert {name for made_in, name in personal.items() if made_in not in made} == set(NO_KIND)


@pytest.mark.parametrize(
    "role,kind,side,where",
    [
        (Role.CHIEF_EDITOR, "report", "other", "/redactie"),
        (Role.CHIEF_EDITOR, "edit", "own", "/redactie"),
        (Role.FUNCTIONAL_MANAGER, "membership", "other", "/beheer"),
        (Role.COORDINATOR, "membership", "own", "/beheer"),
        (Role.TEAM_MEMBER, "absence", "own", "/beheer"),
    ],
)
def test_the_comparison_sees_what_may_be_seen(town, role, kind, side, where):
    """The control: a record that is not hidden does change an answer."""
    assert difference(browser(town, role), town, role, [(kind, side)], [where]) != []


def test_a_hidden_thing_and_a_thing_that_is_not_there_answer_the_same(town):
    for role in ROLES:
        client = browser(town, role)
        for name, row in ROWS.items():
            if not row.thing or not table()[role][row.verb]:
                continue  # who has not the verb is refused before a thing is looked up
            hidden = row.key(town["elsewhere"], role)
            absent = {int: 999_999, str: "nergens"}.get(type(hidden)) or uuid.uuid4()
            answers = []
            for key in (hidden, absent):
                ask = client.post if row.posts else client.get
                with transaction.atomic():
                    found = plain(ask(reverse(name, args=[key, *row.more]), {"answer": "stays"}))
                    transaction.set_rollback(True)
                answers.append([str(part).replace(f"/{key}", "/KEY") for part in found])
            assert answers[0] == answers[1], (role, name)
