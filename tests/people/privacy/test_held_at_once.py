"""A hold and erasing at the same moment, over real connections: what is held is there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omzien.journal.isolation import working_for
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Batch, Hold, Mandate, Person
from omzien.people.privacy import erasing, holds, retaining
from omzien.people.privacy.erasing import erase_person
from omzien.people.refusals import IsHeld, UnknownKey
from omzien.people.rules.roles import SYSTEM, Actor, Role
from tests.handovers.test_at_once import CODE, meanwhile
from tests.handovers.test_at_once import town as town

pytestmark = pytest.mark.proofs
TODAY = timezone.localdate()
ADMIN = Actor(CODE, Role.TECHNICAL_ADMIN)


@pytest.fixture
def somebody(town, monkeypatch):
    for module in (erasing, retaining):  # a tombstone stays, and with it the town of this test
        monkeypatch.setattr(module, "bury", lambda **what: None)
    with working_for(CODE):
        found = welcome_person(municipality=town.municipality, name="Wissel Woord", by=SYSTEM)
    yield found
    with working_for(CODE):
        for model in (Hold, Batch, Mandate):
            model.objects.all().delete()


def a_person(town, somebody):
    def erase():
        with working_for(CODE):
            erase_person(person=somebody, reason="request", on=TODAY, by=ADMIN)

    return Person.objects.filter(pk=somebody.pk), "person", erase


def a_line_of_a_list(town, somebody):
    with working_for(CODE):
        mandate = Mandate.objects.create(
            municipality=town.municipality, resident=town.resident, proxy=somebody, what=["look"],
            starts_on=TODAY - timedelta(days=9000), ends_on=TODAY - timedelta(days=8000),
        )  # fmt: skip
        retaining.propose(municipality=town.municipality, on=TODAY)
        batch = Batch.objects.get(kind="mandate")
        retaining.approve(batch=batch, by=Actor(CODE, Role.POLICY_OFFICER))

    def run():
        with working_for(CODE):
            retaining.run(batch=batch, on=batch.run_from, by=ADMIN)

    return Mandate.objects.filter(pk=mandate.pk), "mandate", run


@pytest.mark.parametrize("is_first", [True, False], ids=["erased first", "held first"])
@pytest.mark.parametrize("thing", [a_person, a_line_of_a_list])
def test_what_a_hold_says_that_stays_stays(town, somebody, thing, is_first):
    rows, kind, erase = thing(town, somebody)
    with working_for(CODE):
        key = str(rows.get().pk)

    def hold():
        try:
            holds.hold(municipality=CODE, kind=kind, key=key, reason="klacht",
                       by=Actor(CODE, Role.PRIVACY_OFFICER))  # fmt: skip
        except UnknownKey:
            return

    def destroy():
        try:
            erase()
        except IsHeld:
            return

    meanwhile(*((destroy, hold) if is_first else (hold, destroy)))
    with working_for(CODE):
        assert Hold.objects.standing().filter(key=key).exists() == rows.exists() == (not is_first)
