"""The wall for a worker who is close to a resident of their own team: not theirs to work on."""

import pytest
from django.urls import reverse

from omzien.journal.isolation import working_for
from omzien.people.models import Mandate, Person
from omzien.people.rules.roles import IN_A_TEAM, table
from tests.wall.rows import ROWS
from tests.wall.test_lines import looks
from tests.wall.test_walk import answer, browser, outcome, ways
from tests.worlds import TODAY

pytestmark = pytest.mark.slow
# What stands in an address and is of the resident of the own side.
HERS = {
    "question", "ended", "task", "handover", "discussion", "aftercare", "objection", "consult",
    "mediation",
}  # fmt: skip

THEIR_OWN = {"own-data", "own-file", "own-print"}  # for whom they speak stands there


@pytest.fixture(autouse=True)
def _no_demonstration(settings):
    settings.DEMO = False


def _speaks_for(resident: Person, worker: Person) -> None:
    Mandate.objects.create(
        municipality=worker.municipality, resident=resident, proxy=worker, what=["look"],
        starts_on=TODAY, confirmed_at="2026-11-25T10:00Z",
    )  # fmt: skip


def _one_account(resident: Person, worker: Person) -> None:
    Person.objects.filter(pk=resident.pk).update(account=worker.account_id)


@pytest.mark.parametrize("close", [_speaks_for, _one_account])
@pytest.mark.parametrize("role", sorted(IN_A_TEAM))
def test_who_is_close_to_a_resident_finds_them_at_no_address(town, role, close):
    side = town["own"]
    with working_for(side.municipality.code):
        close(side.resident, side.people[role].person)
    client, opened = browser(town, role), []
    for name, row in ROWS.items():
        if row.thing not in HERS or not table()[role][row.verb]:
            continue
        for way in ways(name, row):
            if outcome(answer(client, name, row, side, role, way)) == "in":
                opened.append(f"{way} {name}")
    lists = [
        (name, "get", reverse(name, args=row.more), {})
        for name, row in ROWS.items()
        if not row.thing and not row.posts and table()[role][row.verb]
    ]
    named = [
        look.name
        for look in looks(town, role, lists)
        if side.resident.pk in look.named | look.referred
    ]
    assert opened == []
    assert set(named) <= THEIR_OWN
