"""Two worlds that differ only in what somebody may not see look the same to them, to the byte.

Goguen and Meseguer's non-interference, over all pages, lists, counts, files, feeds, the API,
and the error pages of things that are hidden or not there at all. Tokens, times and ids that
are made anew at each request are taken out before answers are compared.
"""

import os
import re
import uuid
from copy import deepcopy
from difflib import unified_diff
from itertools import product

import pytest
from django.apps import apps
from django.db import connection, reset_queries, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omzien.journal.isolation import working_for
from omzien.people.privacy.classes import of_model
from omzien.people.rules.roles import IN_A_TEAM, Role, table
from omzien.questions.models import Question
from tests.wall.hidden import HIDDEN, WORD, is_hidden
from tests.wall.rows import API, PUBLIC, ROWS, reaches, some
from tests.wall.test_walk import HOST, ROLES, browser, ways

pytestmark = [pytest.mark.proofs, pytest.mark.slow]
EXAMPLES = int(os.environ.get("OMZIEN_WALL_EXAMPLES", "2"))
ADDS = re.compile(r'INSERT INTO "(\w+)"')
# Tables about people of which no row is seen to be made here, and why.
NO_KIND = {
    "people.AccessLine": "kind `log line`, by a function of the database",
    "people.ProcessingLine": "kind `log line`, by a function of the database",
}
# Headers that come anew each time, or follow from a body that does.
OF_ITSELF = {"Date", "Set-Cookie", "ETag", "Content-Length", "Expires"}
# What is written once in so many minutes, counts how often somebody asks, or is looked up again
# after some seconds by each process: municipalities with their villages, the version of the index.
BY_THE_CLOCK = re.compile(
    r'people_session|cache_limits|directory_indexversion|^SELECT (?!.*SELECT).* FROM "areas_'
)
# What everybody reads comes from an index that is read anew after each change of the directory:
# these are asked once before, and how much work they are tells nothing about people.
FROM_THE_INDEX = (
    "/", "/antwoord?topic=debt&place=Schijndel", "/gebied/schijndel", "/kaart.json", "/stijlgids",
)  # fmt: skip
MADE_ANEW = (
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'),
    re.compile(rb'name="(?:[a-z-]+-)?key" value="[^"]+"'),  # of a form that is not sent yet
    re.compile(rb'href="/nazorg/[^"]+"'),  # a link that is signed with the time
    re.compile(rb"DTSTAMP:\d+T\d+Z"),
    re.compile(rb"\([a-z]+dag \d\d\.\d\d uur\)"),  # the minute of now, on the pages of routes
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
    """Return every address that can be looked at, with a thing of the own side in it, and for who
    reaches that one of the other side too.
    """
    own = town["own"]
    addresses = [path.format(slug=own.things["slug"]) for path in PUBLIC.values()]
    addresses += [path.format(entry=own.things["entry"]) for path in API.values()]
    for name, row in ROWS.items():
        if row.posts:
            continue
        # A page about all of somebody tells who reaches it how much there is of them.
        is_one = row.thing and not row.whole
        is_reached = is_one and reaches(row, "other", table()[role][row.verb])
        for side in (own, town["other"]) if is_reached else (own,):
            key = [row.key(side, role)] if row.thing else []
            addresses.append(reverse(name, args=[*key, *row.more]))
    addresses += [
        f"{reverse('work-list')}?{one}" for one in ("due=today", "state=new&holder=nobody")
    ]
    addresses += [f"{reverse('access-log')}?persoon={own.resident.pk}"]
    return [*addresses, *forms(town)]


def forms(town) -> dict[str, tuple[str, dict[str, str]]]:
    """Return what is asked by a form and only looks: (address, fields) by a name of its own.

    A search for the word of the hidden records is not among what everybody tries: who may see a
    record may find it. It is tried for what is elsewhere.
    """
    whole = reverse("file-of", args=[town["own"].resident.pk, "json"])
    return {
        "answer": ("/antwoord", {"text": "koffie in de buurt"}),
        f"answer {WORD}": ("/antwoord", {"text": WORD}),
        "api": ("/api/v1/answer", {"text": "koffie in de buurt"}),
        "file-of": (whole, {"reden": "asked"}),
        "find-person": (reverse("find-person"), {"wie": "Rie-own Smit"}),
        "find-question": (reverse("find-question"), {"wat": "smit"}),
    }


def searches(town) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the searches of those who work here, for the word of the hidden records."""
    same = reverse("same-person", args=[town["own"].things["question"]])
    with working_for(town["elsewhere"].municipality.code):
        reference = Question.objects.get(pk=town["elsewhere"].things["question"]).reference
    return {
        f"find {WORD}": (reverse("find-person"), {"wie": WORD}),
        f"question {WORD}": (reverse("find-question"), {"wat": WORD}),
        "question by number": (reverse("find-question"), {"wat": reference}),
        f"find Zus {WORD}": (reverse("find-person"), {"wie": f"Zus {WORD}"}),
        "find by mail": (reverse("find-person"), {"wie": "zus@voorbeeld.example"}),
        "same": (same, {"reference": reference}),
        "emergency": (reverse("break-glass"), {"reference": reference, "reason": "Het is nodig"}),
        "reopen": (reverse("reopen-by-mail"), {"email": "zus@voorbeeld.example"}),
        f"list {WORD}": (f"{reverse('work-list')}?holder={WORD}", {}),
    }


def asked(client, address, sent) -> tuple:
    """Return all that somebody can notice of an answer: what it says, its headers, its work."""
    cookies = deepcopy(client.cookies)  # a page asked later is not answered for those before it
    with transaction.atomic():
        reset_queries()  # or the log of queries is full and captures none
        with CaptureQueriesContext(connection) as seen:
            if address in sent and sent[address][1]:
                found = client.post(*sent[address], HTTP_HOST=HOST)
            else:
                found = client.get(sent[address][0] if address in sent else address, HTTP_HOST=HOST)
        status, where, body = plain(found)
        headers = {name: value for name, value in found.headers.items() if name not in OF_ITSELF}
        transaction.set_rollback(True)
    client.cookies = cookies
    headers["Vary"] = sorted(headers.get("Vary", "").split(", "))  # pieces that are kept, first
    if address in FROM_THE_INDEX:
        return status, where, body, headers, 0
    work = sum(not BY_THE_CLOCK.search(one["sql"]) for one in seen.captured_queries)
    return status, where, body, headers, work


def looks(client, town, role, addresses=None) -> dict[str, tuple]:
    """Return every answer that a role gets by looking, or those of some addresses."""
    sent = forms(town) | searches(town)
    for address in FROM_THE_INDEX:
        asked(client, address, {})
    return {
        one: asked(client, one, sent) for one in addresses or some(addresses_of(town, role), role)
    }


def difference(client, town, role, changes, addresses=None) -> list[str]:
    """Return the addresses that answer otherwise once the hidden records are there.

    What a process keeps makes a second answer cheaper, so only more work than before tells.
    """
    before = looks(client, town, role, addresses)
    with transaction.atomic():
        for kind, side in changes:
            with working_for(town[side].municipality.code):
                HIDDEN[kind].make(town[side])
        after = looks(client, town, role, addresses)
        transaction.set_rollback(True)
    return [
        f"{address} ({', '.join(parts)})"
        for address in before
        if (parts := told(before[address], after[address], WORD in address))
    ]


def told(before: tuple, after: tuple, says_word: bool) -> list[str]:
    """Return in what an answer tells something, and show it where a test fails."""
    names = ("status", "where", "page", "headers")
    pairs = zip(names, before, after, strict=False)
    parts = [name for name, one, other in pairs if one != other]
    if "page" in parts:
        texts = (repr(one[2]).split("\\n") for one in (before, after))
        print(*list(unified_diff(*texts, n=0))[3:9], sep="\n  ")  # noqa: T201
    if before[-1] < after[-1]:
        parts.append(f"queries {before[-1]} and {after[-1]}")
    if not says_word and WORD.encode() in after[2]:
        parts.append("the word")
    return parts


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


def test_what_is_elsewhere_is_found_by_no_search(town):
    changes = [(kind, "elsewhere") for kind in HIDDEN]
    for role in (*IN_A_TEAM, Role.FUNCTIONAL_MANAGER, Role.PRIVACY_OFFICER, Role.CHIEF_EDITOR):
        client = browser(town, role)
        assert difference(client, town, role, changes, list(searches(town))) == [], role


@pytest.mark.parametrize(
    "role,kind,side,where",
    [
        (Role.CHIEF_EDITOR, "report", "other", "/redactie"),
        (Role.CHIEF_EDITOR, "edit", "own", "/redactie"),
        (Role.FUNCTIONAL_MANAGER, "membership", "other", "/beheer/mensen"),
        (Role.COORDINATOR, "membership", "own", "/beheer/mensen"),
        (Role.TEAM_MEMBER, "absence", "own", "/beheer/afwezig"),
        (Role.TEAM_MEMBER, "question", "own", "/werk"),
        (Role.COORDINATOR, "question", "own", "/werk/werklast"),
        (Role.RESIDENT, "question", "own", "/mijn-vragen"),
        (Role.PROXY, "question", "own", "/mijn-vragen"),
        (Role.PRIVACY_OFFICER, "own note", "own", "file-of"),
        (Role.PRIVACY_OFFICER, "person", "other", f"find Zus {WORD}"),
    ],
)
def test_the_comparison_sees_what_may_be_seen(town, role, kind, side, where):
    """The control: a record that is not hidden does change an answer."""
    assert difference(browser(town, role), town, role, [(kind, side)], [where]) != []


def test_a_hidden_thing_and_a_thing_that_is_not_there_answer_the_same(town):
    for role in ROLES:
        client = browser(town, role)
        for name, row in some(ROWS.items(), role):
            if not row.thing or row.of_nobody or not table()[role][row.verb]:
                continue  # who has not the verb is refused before a thing is looked up
            hidden = row.key(town["elsewhere"], role)
            absent = {int: 999_999, str: "nergens"}.get(type(hidden)) or uuid.uuid4()
            answers = []
            for key, way in product((hidden, absent), ways(name, row)):
                ask = getattr(client, way)
                with transaction.atomic():
                    found = plain(ask(reverse(name, args=[key, *row.more]), {"answer": "stays"}))
                    transaction.set_rollback(True)
                answers.append([str(part).replace(f"/{key}", "/KEY") for part in found])
            half = len(answers) // 2
            assert answers[:half] == answers[half:], (role, name)
