"""One link or one code, used by several people at the same moment, over real connections."""

import threading

import pytest
from allauth.account.forms import default_token_generator
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from omzien.journal.isolation import working_for
from omzien.messages.models import Message
from omzien.people.actions.codes import MOST_TRIES, Outcome, ask_code, use_code
from omzien.people.actions.invitations import accept_with_password, open_invitation, token_for
from omzien.people.actions.mandates import Proxy, accept_proxy, invite_proxy
from omzien.people.actions.memberships import appoint, welcome_person
from omzien.people.actions.teams import end_organisation, found_organisation
from omzien.people.models import (
    Account,
    Mandate,
    MandateInvitation,
    Membership,
    Organisation,
    Person,
    SignInCode,
)
from omzien.people.refusals import (
    AlreadyEnded,
    HasEnded,
    LinkUsed,
    NotAllowed,
    OrganisationWorks,
)
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.web.accounts.second_step import hash_codes, use_app_code, use_recovery_code
from tests.web.test_signing_in import SECRET, totp_now
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
            Message.objects.all().delete()
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


def test_a_code_of_the_app_typed_at_the_same_moment_is_used_once(town):
    owner = Account.objects.create(email=ADDRESS)
    TOTP.activate(owner, SECRET)
    app, code = Authenticator.objects.get(user=owner), totp_now()
    assert sorted(at_once(4, lambda _number: use_app_code(app, code))) == [False] * 3 + [True]


def test_a_recovery_code_typed_at_the_same_moment_is_used_once(town):
    owner = Account.objects.create(email=ADDRESS)
    codes = RecoveryCodes.activate(owner)
    code = codes.generate_codes()[0]
    codes.mark_as_viewed()
    hash_codes(codes.instance)

    def use(_number):
        return use_recovery_code(Authenticator.objects.get(user=owner), code)

    assert sorted(at_once(4, use)) == [False] * 3 + [True]


def test_a_link_for_a_new_password_used_at_the_same_moment_is_used_once(town):
    owner = Account.objects.create_user(email=ADDRESS, password="een heel lang wachtwoord")
    path = f"/wachtwoord/nieuw/{owner.pk.hex}-{default_token_generator.make_token(owner)}"
    browsers = [Client(HTTP_HOST=town.host, REMOTE_ADDR=f"10.9.9.{n}") for n in range(4)]
    pages = [one.get(path)["Location"] for one in browsers]

    def choose(number):
        password = f"een beter wachtwoord {number}"
        form = {"password1": password, "password2": password}
        return number, browsers[number].post(pages[number], form).status_code

    answers = dict(at_once(4, choose))
    assert sorted(answers.values()) == [302, 410, 410, 410]
    owner.refresh_from_db()
    winner = next(number for number, status in answers.items() if status == 302)
    assert owner.check_password(f"een beter wachtwoord {winner}")


def test_a_yes_to_a_mandate_given_at_the_same_moment_is_one_mandate(town):
    with working_for(CODE):
        resident = welcome_person(municipality=town, name="Anna", email="", by=SYSTEM)
        own = Account.objects.create(email=ADDRESS)
        helper = welcome_person(municipality=town, name="Bo", email=ADDRESS, account=own, by=SYSTEM)
        row = invite_proxy(
            resident=resident, proxy=Proxy(name="Bo", email=ADDRESS, what=["look"]),
            by=Actor(CODE, Role.RESIDENT, person=resident.pk), now=timezone.now(),
        )  # fmt: skip
    bo = Actor(CODE, Role.RESIDENT, person=helper.pk)

    def say_yes(_number):
        try:
            with working_for(CODE):
                return bool(accept_proxy(invitation=row, by=bo, now=timezone.now()))
        except (AlreadyEnded, NotAllowed):
            return False

    assert sorted(at_once(4, say_yes)) == [False] * 3 + [True]
    with working_for(CODE):
        assert Mandate.objects.count() == 1
        Mandate.objects.all().delete()
        MandateInvitation.objects.all().delete()


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
