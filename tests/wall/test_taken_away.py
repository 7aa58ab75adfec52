"""A form that was open while its right was taken away: nothing is written, and that is said.

Every form that asks for a role is opened and filled in; then the role ends or the account is
closed, and the form is sent.
"""

import copy
from html import unescape

import pytest
from django.db import transaction

from omzien.journal.isolation import working_for
from omzien.people.actions.memberships import end_membership
from omzien.people.actions.sessions import close_account
from omzien.people.rules.roles import SYSTEM, Role
from tests.kept import kept
from tests.wall.rows import ROWS
from tests.wall.test_mass_assignment import HOST, at_work, everybody, forms_of
from tests.wall.town import build
from tests.wall.writes import counted, touched

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SENTENCE = "Wat je deed, is niet verstuurd en niet bewaard"


def role_ends(town, role):
    end_membership(membership=town["own"].people[role], by=SYSTEM)


def account_closes(town, role):
    own = town["own"]
    person = own.resident if role == Role.RESIDENT else own.people[role].person
    close_account(account=person.account, by=SYSTEM)


@pytest.fixture(scope="module")
def kept_forms(request, kept_world):
    """A town, the browser of each role, and the forms of its pages, filled in."""
    with kept(request):
        town = build(kept_world)
        clients = everybody(town["own"])
        forms = [one for one in forms_of(at_work(town["own"], clients)) if one[0] in ROWS]
        yield town, clients, forms


@pytest.mark.parametrize("taken", [role_ends, account_closes])
def test_a_form_that_was_open_writes_nothing_and_says_so(kept_forms, world, taken):
    town, clients, forms = kept_forms
    role_of = {id(client): role for role, client in clients.items()}
    assert len(forms) > 80
    wrong = []
    for name, client, path, fields in forms:
        role, cookies = role_of[id(client)], copy.deepcopy(client.cookies)
        if taken is role_ends and role == Role.RESIDENT:
            continue  # nobody gives one's own life, and nobody ends it
        with transaction.atomic():
            with working_for("GM1948"):
                taken(town, role)
            since = counted()
            answer = client.post(path, fields, HTTP_HOST=HOST)
            if touched(since):
                wrong.append((name, role, "wrote"))
            after = client.get(answer.headers.get("Location", "/"), HTTP_HOST=HOST)
            if answer.status_code != 302 or SENTENCE not in unescape(after.content.decode()):
                wrong.append((name, role, answer.status_code, answer.headers.get("Location")))
            transaction.set_rollback(True)
        client.cookies = cookies
    assert wrong == []
