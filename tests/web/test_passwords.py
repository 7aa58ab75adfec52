"""A password that others would try first is refused, in the language of the page."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from omzien.journal.isolation import working_for
from omzien.messages.invitations import invite
from omzien.people.actions.invitations import token_for
from omzien.people.actions.memberships import welcome_person
from omzien.people.rules.roles import SYSTEM
from tests.signing import person

GUESSED = (
    "welkom12345678", "wachtwoord123", "Wachtw00rd!!", "W3lk0m2026!!", "zomer2026zomer",
    "Meierijstad2026!", "nora-nieuw-2026", "gemeente12345",
)  # fmt: skip
GOOD = (
    "een heel lang wachtwoord", "welkom bij de paarse olifant", "juist paard batterij nietje",
    "839201748592", "x7#Kq2!vB9$t", "meierijstad is mooi in de sneeuw",
)  # fmt: skip


@pytest.fixture
def nora(world):
    return person(world.meierijstad, "Nora Nieuw")


@pytest.mark.parametrize("password", GUESSED)
def test_what_others_try_first_is_refused(nora, password):
    for who in (nora, nora.account):
        with working_for("GM1948"), pytest.raises(ValidationError):
            validate_password(password, who)


@pytest.mark.parametrize("password", GOOD)
def test_a_known_word_is_no_fault_by_itself(nora, password):
    with working_for("GM1948"):
        validate_password(password, nora.account)
    validate_password(password)


def test_who_is_invited_reads_in_dutch_what_is_wrong(world):
    with working_for("GM1948"):
        somebody = welcome_person(
            municipality=world.meierijstad, name="Ina Vos", email="ina@vos.example", by=SYSTEM
        )
        token = token_for(invite(person=somebody, by=SYSTEM))
    client = Client(HTTP_HOST="meierijstad.localhost", headers={"accept-language": "nl-NL"})
    for password, why in (("kort", "te kort"), ("inavos123456", "makkelijk te raden")):
        answer = client.post(f"/uitnodiging/{token}", {"password": password})
        page = answer.content.decode()
        assert answer.status_code == 400 and why in page and "too short" not in page
    assert client.post(f"/uitnodiging/{token}", {"password": GOOD[0]}).status_code == 200
