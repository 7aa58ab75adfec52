"""The wall for who comes by a link in a mail: one handover, and nobody at every other address."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.linking import browser_hash, link_of, token_for
from omzien.handovers.models import Handover, HandoverLink, Meeting
from omzien.handovers.rules.links import OPEN_FOR
from omzien.journal.isolation import working_for
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.teams import form_team
from omzien.people.logs.models import AccessLine
from omzien.people.models import Person
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.web.handovers.links import BROWSER
from tests.broken import break_log
from tests.wall.hidden import HIDDEN, Kind
from tests.wall.rows import OWN, ROWS
from tests.wall.test_lines import known_in, quiet, told_since
from tests.wall.test_non_interference import difference, records
from tests.wall.test_walk import HOST, allowed, answer, outcome, ways
from tests.wall.town import SIDES, a_case

pytestmark = pytest.mark.slow
__all__ = ["quiet"]  # a fixture
SECRET = "the secret of this browser"


@dataclass
class Door:
    """A link of a team without accounts, and what is behind it."""

    link: HandoverLink
    resident: Person

    @property
    def paths(self) -> list[str]:
        """Return the page and the file."""
        token = token_for(self.link)
        return [reverse(name, args=[token]) for name in ("handover-link", "link-calendar")]


@pytest.fixture(autouse=True)
def _no_demonstration(settings):
    settings.DEMO = False


@pytest.fixture
def door(town):
    """A question of the own side, accepted by a club, with a talk of three; a code was typed."""
    side, now, today = town["own"], timezone.now(), timezone.localdate()
    own = {"municipality": side.municipality}
    with working_for(side.municipality.code):
        club = form_team(**own, name="Wandelclub", email="club@voorbeeld.example", by=SYSTEM)
        terms = Terms(
            purpose="handover", categories=[Category.CONTACT], starts_on=today, teams=[club]
        )
        me = Actor(side.municipality.code, Role.RESIDENT, person=side.resident.pk)
        give_consent(person=side.resident, terms=terms, by=me)
        row = Handover.objects.create(
            **own, question=a_case(side), from_team=side.team, to_team=club, state="accepted",
            asked="Loopt zij mee?", tried="Niets", best_moment="Middag", told_resident_on=today,
            capacity="unknown", offered_at=now, offered_by="x", remind_on=today, due_on=today,
            answered_at=now, contact_name="Toos",
        )  # fmt: skip
        Meeting.objects.create(
            **own, handover=row, place="Bij haar thuis", planned_by="x", planned_at=now,
            starts_at=now + timedelta(days=1),
        )  # fmt: skip
        link = link_of(row)
        link.browser_hash, link.open_until = browser_hash(link, SECRET), now + OPEN_FOR
        link.save()
    return Door(link, side.resident)


@pytest.fixture
def inside():
    """The browser in which the code was typed."""
    client = Client(HTTP_HOST=HOST)
    session = client.session
    session[BROWSER] = SECRET
    session.save()
    return client


def test_by_a_link_somebody_is_nobody_at_every_other_address(town, door, inside):
    assert [inside.get(path).status_code for path in door.paths] == [200, 200]
    wrong = []
    for name, row in ROWS.items():
        sides = SIDES if row.thing else SIDES[:1]
        for side, way in product(sides, ways(name, row)):
            found = outcome(answer(inside, name, row, town[side], Role.PUBLIC, way))
            if found not in allowed(row, Role.PUBLIC, side, "", way):
                wrong.append(f"{way} {name} {side}: {found}")
    assert wrong == []
    for name in OWN:
        samples = {"end-session": ["x"], "mfa_remove_webauthn": [1]}
        assert inside.get(reverse(name, args=samples.get(name, []))).status_code == 302, name


def seen(town, client, path) -> tuple[int, set, set]:
    """Return the status, who is named, and about whom lines were written; nothing stays."""
    code = town["own"].municipality.code
    with transaction.atomic():
        with working_for(code):
            known, last = known_in(code), AccessLine.objects.count()
        found = client.get(path)
        with working_for(code):
            told = told_since(last, known)
        transaction.set_rollback(True)
    return found.status_code, known.named(found.content.decode()), told - {None}


def test_who_stands_behind_a_link_has_a_line_while_somebody_is_in_and_is_hidden_else(
    town, door, inside
):
    page, file = door.paths
    her = {door.resident.pk}
    assert seen(town, inside, page) == (200, her, her)
    status, named, told = seen(town, inside, file)
    assert status == 200 and named <= her and told == her
    waiting = Client(HTTP_HOST=HOST)
    assert seen(town, waiting, page) == (200, set(), set())
    assert seen(town, waiting, file)[:2] == (404, set())
    with working_for(town["own"].municipality.code):
        Handover.objects.filter(pk=door.link.handover_id).update(
            state="withdrawn", withdraw_reason="owner", ended_at=timezone.now(), due_on=None,
            remind_on=None,
        )  # fmt: skip
    for path in door.paths:
        status, named, _told = seen(town, inside, path)
        assert status == 410 and not named


def test_without_a_log_nothing_is_shown_by_a_link(town, door, inside, monkeypatch, quiet):
    break_log(monkeypatch)
    for path in door.paths:
        with transaction.atomic():
            found = inside.get(path)
            transaction.set_rollback(True)
        assert found.status_code == 503
        assert door.resident.name not in found.content.decode()
        assert b"haar thuis" not in found.content


def test_what_is_hidden_changes_nothing_behind_a_link(town, door, inside):
    hidden = records(Role.PUBLIC)
    assert len(hidden) > 100 and inside.get(door.paths[0]).status_code == 200
    for client in (inside, Client(HTTP_HOST=HOST)):
        assert difference(client, town, Role.PUBLIC, hidden, door.paths) == []


def test_the_comparison_sees_what_a_link_may_show(town, door, inside, monkeypatch):
    """The control: a telephone number that the ground covers does change the page."""
    phone = Kind(lambda side: Person.objects.filter(pk=side.resident.pk).update(phone="0413-1"))
    monkeypatch.setitem(HIDDEN, "phone", phone)
    found = difference(inside, town, Role.PUBLIC, [("phone", "own")], door.paths[:1])
    assert found == [f"{door.paths[0]} (page)"]
