"""One link or one code, used by several people at the same moment, over real connections."""

import threading

import pytest
from django.db import connection, connections

from omzien.journal.isolation import working_for
from omzien.people.actions.codes import MOST_TRIES, Outcome, ask_code, use_code
from omzien.people.actions.invitations import accept_with_password, open_invitation, token_for
from omzien.people.actions.memberships import appoint, welcome_person
from omzien.people.actions.teams import end_organisation, found_organisation
from omzien.people.models import Account, Membership, Organisation, Person, SignInCode
from omzien.people.refusals import HasEnded, LinkUsed, OrganisationWorks
from omzien.people.rules.roles import SYSTEM, Role
from tests.worlds import TODAY

CODE, ADDRESS = "GM9997", "tegelijk@voorbeeld.example"
PARTNER = "Partner van Proef"


@pytest.fixture
def town(django_db_setup, django_db_blocker):
    """A municipality that other connections can see."""
    from omzien.areas.models import Municipality

    with django_db_blocker.unblock():
        own = Municipality.objects.create(
            code=CODE, name="Proef", slug="proef-9997", host="proef-9997.localhost"
        )
        yield own
        with working_for(CODE):
            Person.objects.all().delete()
        Organisation.objects.filter(name=PARTNER).delete()
        Account.objects.filter(email=ADDRESS).delete()
        own.delete()
        connection.close()


def at_once(many, do):
    """Let `do(n)` run in many threads that begin at the same moment; return what they found."""
    ready, found = threading.Barrier(many), []

    def one(number):
        ready.wait()
        try:
            found.append(do(number))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[number]) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == many
    return found


def test_of_people_with_one_link_at_the_same_moment_one_gets_in(town):
    with working_for(CODE):
        somebody = welcome_person(municipality=town, name="Anna", email=ADDRESS, by=SYSTEM)
        token = token_for(open_invitation(person=somebody, by=SYSTEM))

    def take(number):
        try:
            with working_for(CODE):
                accept_with_password(token=token, password=f"wachtwoord nummer {number}")
        except LinkUsed:
            return None
        return number

    winners = [number for number in at_once(4, take) if number is not None]
    assert len(winners) == 1
    owner = Account.objects.get(email=ADDRESS)
    assert owner.check_password(f"wachtwoord nummer {winners[0]}")


def test_a_right_code_typed_at_the_same_moment_signs_in_once(town):
    row, digits = ask_code(email=ADDRESS)
    found = at_once(4, lambda _number: use_code(key=row.pk, typed=digits)[0])
    assert sorted(found) == [Outcome.RIGHT, *[Outcome.USED] * 3]


def test_ten_guesses_at_the_same_moment_are_three(town):
    row, digits = ask_code(email=ADDRESS)
    wrong = f"{(int(digits) + 1) % 1_000_000:06}"
    found = at_once(10, lambda _number: use_code(key=row.pk, typed=wrong)[0])
    assert found.count(Outcome.WRONG) == MOST_TRIES - 1
    assert SignInCode.objects.get(pk=row.pk).tries == MOST_TRIES


@pytest.mark.parametrize("_round", range(4))
def test_an_organisation_that_ends_while_a_role_is_given_keeps_no_role(town, _round):
    with working_for(CODE):
        somebody = welcome_person(municipality=town, name="Anna", email=ADDRESS, by=SYSTEM)
        partner = found_organisation(name=PARTNER, kind="partner", municipality=CODE, by=SYSTEM)

    def end():
        end_organisation(organisation=partner, municipality=town, by=SYSTEM)

    def give():
        appoint(person=somebody, organisation=partner, role=Role.EDITOR, starts_on=TODAY, by=SYSTEM)

    def tried(number):
        try:
            with working_for(CODE):
                (end, give)[number]()
        except (HasEnded, OrganisationWorks) as refusal:
            return type(refusal)
        return None

    assert sorted(map(str, at_once(2, tried)))[1] == "None"  # one of the two is refused
    partner.refresh_from_db()
    with working_for(CODE):
        held = Membership.objects.filter(organisation=partner, ended_at=None)
        assert held.exists() != bool(partner.ended_at)
