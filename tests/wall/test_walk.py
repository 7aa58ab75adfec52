"""Every address x every role x own team, other team and other municipality, against the table.

Each request is made inside a transaction that is rolled back, so that the order is nothing.
"""

from collections import Counter
from itertools import product

import pytest
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from omzien.people.rules.roles import IN_A_TEAM, WITHOUT_MEMBERSHIP, Role, table
from omzien.web.doors import HAT
from tests.journeys.pages import every_pattern
from tests.signing import member, wearing
from tests.wall.rows import API, OWN, PUBLIC, ROWS, Row, reaches, some
from tests.wall.town import MANDATES, SIDES
from tests.wall.writes import written
from tests.web.test_hardening import TAKES_POST

pytestmark = [pytest.mark.proofs, pytest.mark.slow]
HOST = "meierijstad.localhost"


def test_every_address_has_a_row_and_every_row_an_address():
    names = {one.name for one in every_pattern()}
    assert names == set(ROWS) | set(PUBLIC) | set(OWN), "add a row to tests/wall/rows.py"
    assert not set(ROWS) & set(PUBLIC)


def test_every_address_of_an_api_is_public_and_named():
    found = {str(one.pattern): one for one in every_pattern("omzien.api.urls")}
    assert set(found) == set(API), "add it to tests/wall/rows.py"
    assert {getattr(one.callback, "verb", None) for one in found.values()} == {None}
    both = [*every_pattern(), *found.values()]
    assert len(list(every_pattern("omzien.config.urls"))) == len(both), "addresses of neither"


def test_every_view_needs_the_verb_of_its_row():
    asked = {one.name: getattr(one.callback, "verb", None) for one in every_pattern()}
    own = dict.fromkeys(OWN, "account.manage")
    assert asked == {n: row.verb for n, row in ROWS.items()} | own | dict.fromkeys(PUBLIC)


def test_ones_own_account_is_for_who_is_signed_in(town):
    samples = {"end-session": ["x"], "mfa_remove_webauthn": [1]}
    for name in OWN:
        path = reverse(name, args=samples.get(name, []))
        for ask in ("get", "post"):
            answer = getattr(Client(HTTP_HOST=HOST), ask)(path)
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/aanmelden?next="), name
    for role in ROLES[1:]:
        assert browser(town, role).get("/account").status_code == 200, role


def browser(town, role, side="own", *, mandate="acts"):
    """Return the browser of a role of a side; of a proxy with one of the `MANDATES`."""
    if role == Role.PROXY:
        held = town[side].proxies[mandate]
        client = wearing(held.proxy)
        session = client.session
        session[HAT] = f"mandate:{held.pk}"
        session.save()
        return client
    if role == Role.PUBLIC:
        return Client(HTTP_HOST=HOST)
    if role == Role.RESIDENT:
        return wearing(town[side].resident)
    return wearing(town[side].people[role])


def ways(name, row) -> tuple[str, ...]:
    """Return how an address is asked: by looking, and by sending a form where it takes one."""
    if row.posts:
        return ("post",)
    return ("get", "post") if name in TAKES_POST else ("get",)


def answer(client, name, row, side, role, way=""):
    """Ask for an address about a thing of a side, and let nothing of it stay.

    Who only looks changes nothing.
    """
    key, way = row.key(side, role), way or ways(name, row)[0]
    more = [*([key] if row.thing else []), *row.more]
    with transaction.atomic():
        ask = getattr(client, way)
        reset_queries()  # or the log of queries is full and captures none
        with CaptureQueriesContext(connection) as seen:
            found = ask(
                reverse(name, args=more), {"answer": "stays", "what": "all"}, HTTP_HOST=HOST
            )
        assert way == "post" or written(seen.captured_queries) == [], (role, name)
        transaction.set_rollback(True)
    return found


def outcome(found):
    """Say in one word what an answer means."""
    where = found.headers.get("Location", "")
    if found.status_code == 302 and where.startswith(("/aanmelden", "/rol?")):
        return "outside"
    if found.status_code in (403, 404):
        return {403: "refused", 404: "not there"}[found.status_code]
    return "in" if found.status_code in (200, 302, 400, 409) else str(found.status_code)


def expected(row: Row, role: Role, side: str, mandate: str = "acts") -> str:
    """Say what the role table makes of it, and for a proxy the mandate."""
    scopes = table()[role][row.verb]
    if role == Role.PUBLIC and not scopes:
        return "outside"
    if not scopes:
        return "refused"
    if (row.thing or row.whole) and not reaches(row, side, scopes):
        return "not there"
    asks_more = mandate == "receives" or (row.acts and mandate != "acts")
    if role == Role.PROXY and row.thing and asks_more:
        return "refused"
    return "in"


ROLES = list(Role)
# Who reaches a team or an organisation: for them, another team of the own organisation is tried.
BESIDE = IN_A_TEAM | {Role.EDITOR, Role.INITIATOR}
GIVEN = [role for role in Role if role not in WITHOUT_MEMBERSHIP]
HATS = [(role, "") for role in Role if role != Role.PROXY]
HATS += [(Role.PROXY, mandate) for mandate in MANDATES]


def allowed(row: Row, role: Role, side: str, mandate: str, way: str) -> set[str]:
    """Return what an answer may be: a form asks for more than looking where it has to."""
    wanted = expected(row, role, side, mandate)
    may_ask_more = way == "post" and wanted != "outside"
    if may_ask_more and (mandate == "receives" or (wanted == "in" and not row.posts)):
        return {wanted, "refused", "not there"}
    return {wanted}


def test_a_role_gets_what_the_table_says_and_nothing_more(town):
    wrong, seen = [], Counter()
    for role, mandate in HATS:
        client = browser(town, role, mandate=mandate)
        sides = [*SIDES, "colleague"] if role in BESIDE else SIDES
        for name, row in some(ROWS.items(), role):
            for side, way in product(sides if row.thing else SIDES[:1], ways(name, row)):
                found = outcome(answer(client, name, row, town[side], role, way))
                seen[found] += 1
                if found not in allowed(row, role, side, mandate, way):
                    wrong.append(f"{role} {mandate} {way} {name} {side}: {found}")
    assert wrong == [], "\n".join(wrong)
    assert min(seen[what] for what in ("in", "refused", "not there", "outside")) > 30


def test_a_partner_of_another_organisation_in_the_team_gets_what_the_team_does(town):
    """An area team has people of several organisations: what one works on, each works on."""
    role, side = Role.PARTNER_WORKER, town["own"]
    guest = wearing(
        member(
            role, side.municipality, name="Gast-own Bakker", team=side.team,
            organisation=town["other"].organisation,
        )
    )  # fmt: skip
    host = browser(town, role)
    for name, row in some(ROWS.items(), role):
        if not row.thing or row.thing in ("absence", "filter"):  # these are each one's own
            continue
        for where, way in product(SIDES, ways(name, row)):
            both = [
                outcome(answer(one, name, row, town[where], role, way)) for one in (guest, host)
            ]
            assert both[0] == both[1], (name, where, way)


def test_a_role_of_another_municipality_is_nobody_here(town):
    for role in GIVEN:
        client = browser(town, role, "elsewhere")
        for name, row in some(ROWS.items(), role):
            for side in ("own", "elsewhere") if row.thing else ("own",):
                found = outcome(answer(client, name, row, town[side], role))
                wanted = "in" if table()[Role.PUBLIC][row.verb] else "outside"
                assert found == wanted, (role, name, side)


def test_what_is_public_is_public_for_every_role_and_shows_nothing_of_elsewhere(town):
    for role in ROLES:
        client = browser(town, role)
        for name, path in some(PUBLIC.items(), role):
            if name == "sign-out":
                continue
            found = client.get(path.format(slug=town["own"].things["slug"]), HTTP_HOST=HOST)
            assert found.status_code < 500 and found.status_code != 403, (role, name)
            elsewhere = path.format(slug=town["elsewhere"].things["slug"])
            there = client.get(elsewhere, HTTP_HOST=HOST, follow=True)  # a form leads to its page
            if "{slug}" in path:
                assert there.status_code in (404, 405, 410), (role, name)
            assert "elsewhere" not in there.content.decode(errors="ignore"), (role, name)
