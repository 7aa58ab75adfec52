"""A form as somebody who may would send it, sent by everybody who may not: it writes nothing.

The forms are those of the pages of each side, filled in as `test_mass_assignment` does.
"""

import copy
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from omzien.people.rules.roles import Role, table
from tests.wall.rows import IN_FULL, ROWS, some
from tests.wall.test_mass_assignment import BARE, at_work, everybody, forms_of
from tests.wall.test_walk import GIVEN, HATS, HOST, allowed, browser, outcome
from tests.wall.town import SIDES, Side
from tests.wall.writes import stayed, written

pytestmark = [pytest.mark.proofs, pytest.mark.slow]
FROM = SIDES if IN_FULL else SIDES[:2]
# What the town holds nothing for in the right state, so that also who may writes nothing.
NOT_NOW = {
    "archive-team", "change-discussion", "close-question", "editor-change", "editor-put-back",
    "end-organisation", "free-step", "give-up-reaching", "import-confirm", "import-undo",
    "my-reopen", "my-wait-off", "refuse-request", "remove-village", "reopen-organisation",
    "run-list",
    "same-person", "withdraw-route",
}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """A form that acts on a thing, and who found it on a page."""

    name: str
    finder: Client
    path: str
    fields: dict[str, str]


def on_pages_of(side: Side) -> list[Filled]:
    """Return the forms about things of a side, also those that stand on no page of it now."""
    clients = everybody(side)
    found = [Filled(*one) for one in forms_of(at_work(side, clients))]
    for name, fields in BARE.items():
        row = ROWS[name]
        role = next(role for role in clients if table()[role][row.verb])
        key = [row.key(side, role)] if row.thing else []
        found.append(Filled(name, clients[role], reverse(name, args=[*key, *row.more]), fields))
    return [one for one in found if one.name in ROWS and ROWS[one.name].thing]


@pytest.fixture(scope="module")
def forms(kept_sides) -> dict[str, list[Filled]]:
    return {name: on_pages_of(kept_sides[name]) for name in FROM}


def some_of(forms: list[Filled], role: Role) -> Iterator[Filled]:
    names = dict(some(ROWS.items(), role))
    return (one for one in forms if one.name in names)


def sent(client: Client, form: Filled) -> tuple[str, list[str]]:
    """Send a form; return what the answer means, and what it wrote. Nothing of it stays."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        reset_queries()
        with CaptureQueriesContext(connection) as seen:
            answer = client.post(form.path, form.fields, HTTP_HOST=HOST)
        transaction.set_rollback(True)
    client.cookies = cookies
    return outcome(answer), written(stayed(seen.captured_queries))


def test_who_may_writes_with_these_forms(forms):
    wrote: dict[str, int] = defaultdict(int)
    for form in forms["own"]:
        found, writes = sent(form.finder, form)
        assert found == "in", form.name
        wrote[form.name] += len(writes)
    assert {name for name, many in wrote.items() if not many} == NOT_NOW
    assert len(wrote) > 80


def test_who_may_not_writes_nothing_with_a_form_of_another(town, forms):
    wrong, seen = [], Counter()
    for role, mandate in HATS:
        client = browser(town, role, mandate=mandate)
        for side in FROM:
            for form in some_of(forms[side], role):
                may_be = allowed(ROWS[form.name], role, side, mandate, "post")
                # Who may look along, or gets mail, changes nothing by that.
                if "in" in may_be and mandate in ("", "acts"):
                    continue
                found, writes = sent(client, form)
                seen[found] += 1
                if writes or ("in" not in may_be and found not in may_be):
                    wrong.append(f"{role} {mandate} {form.name} {side}: {found} {writes[:1]}")
    assert wrong == [], "\n".join(wrong)
    assert min(seen[what] for what in ("refused", "not there", "outside")) > 30


def test_who_works_in_another_municipality_writes_nothing_here(town, forms):
    for role in GIVEN:
        client = browser(town, role, "elsewhere")
        for form in some_of(forms["own"], role):
            assert sent(client, form) == ("outside", []), (role, form.name)
