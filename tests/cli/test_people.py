"""`omzien editor` and `omzien worker --once`."""

import io

import pytest
from allauth.mfa.models import Authenticator

from omzien.cli.main import main
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.models import Account, Membership
from omzien.web.accounts.adapters import SecondFactorAdapter

pytestmark = pytest.mark.django_db


def make(monkeypatch, email, code, password, role="functional_manager"):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    words = ["--municipality", code, "--name", "Anna de Wit", "--role", role]
    return main(["appoint", email, *words])


def test_the_command_gives_a_role_in_one_municipality(world, monkeypatch):
    for _again in range(2):
        assert make(monkeypatch, "Anna@voorbeeld.example", "gm1948", "een lang wachtwoord") == 0
    account = Account.objects.get(email="anna@voorbeeld.example")
    assert account.check_password("een lang wachtwoord")
    with working_for("GM1948"):
        held = Membership.objects.get(person__account=account)
        assert (
            held.role == "functional_manager" and held.organisation.name == "Gemeente Meierijstad"
        )
        assert Fact.objects.get(verb="appoint").subject_id == str(held.pk)
    with working_for("GM1991"):
        assert not Membership.objects.exists()


@pytest.mark.parametrize(
    "email,code,password,role,exit_code,said",
    [
        ("geen adres", "GM1948", "een lang wachtwoord", "editor", 2, "geen mailadres"),
        ("anna@voorbeeld.example", "GM0000", "een lang wachtwoord", "editor", 2, "niet bekend"),
        ("anna@voorbeeld.example", "GM1948", "kort", "editor", 1, "minstens 12"),
        ("anna@voorbeeld.example", "GM1948", "een lang wachtwoord", "king", 2, "Kies als rol"),
        ("anna@voorbeeld.example", "GM1948", "een lang wachtwoord", "connector", 2, "Kies als rol"),
    ],
)
def test_wrong_use_is_explained(
    world, monkeypatch, capsys, email, code, password, role, exit_code, said
):
    assert make(monkeypatch, email, code, password, role) == exit_code
    assert said in capsys.readouterr().err
    assert Account.objects.count() == 0


def test_who_oversees_privacy_gets_no_work_from_the_command_either(world, monkeypatch, capsys):
    anna = ("anna@voorbeeld.example", "GM1948")
    assert make(monkeypatch, *anna, "een lang wachtwoord", "privacy_officer") == 0
    assert make(monkeypatch, *anna, "een ander wachtwoord", "policy_officer") == 1
    assert "Beëindig eerst de andere rol" in capsys.readouterr().err
    assert Account.objects.get().check_password("een lang wachtwoord")  # nothing was half done


def test_one_round_of_the_worker(world, capsys):
    assert main(["worker", "--once"]) == 0
    with working_for("GM1948"):
        assert Fact.objects.filter(verb="work", subject="day").count() == 1


KEYS = ["een-oude-sleutel-voor-deze-test", "een-nieuwe-sleutel-voor-deze-test"]


@pytest.fixture
def second_steps(settings):
    """Two second steps and a passkey, encrypted by an old key, with a new one set."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = KEYS[0], []
    account = Account.objects.create(email="stap@voorbeeld.example")
    encrypt = SecondFactorAdapter().encrypt
    for kind, data in (
        ("totp", {"secret": encrypt("JBSWY3DPEHPK3PXP")}),
        ("recovery_codes", {"seed": encrypt("zaad"), "used_mask": 5}),
        ("webauthn", {"name": "sleutel"}),
    ):
        Authenticator.objects.create(user=account, type=kind, data=data)
    settings.SECRET_KEY = KEYS[1]


def steps():
    return dict(Authenticator.objects.values_list("type", "data"))


def test_after_rekey_the_old_key_can_go(second_steps, settings, capsys):
    settings.SECRET_KEY_FALLBACKS = KEYS[:1]
    assert SecondFactorAdapter().decrypt(steps()["totp"]["secret"]) == "JBSWY3DPEHPK3PXP"
    assert main(["rekey"]) == 0
    assert "2 keer opnieuw versleuteld" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    found = steps()
    assert SecondFactorAdapter().decrypt(found["totp"]["secret"]) == "JBSWY3DPEHPK3PXP"
    assert SecondFactorAdapter().decrypt(found["recovery_codes"]["seed"]) == "zaad"
    assert found["recovery_codes"]["used_mask"] == 5 and found["webauthn"] == {"name": "sleutel"}


def test_after_rekey_the_hashes_of_recovery_codes_are_read(settings, capsys):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = KEYS[0], []
    adapter = SecondFactorAdapter()
    for words in (["een", "twee"], []):  # and one who used all of them
        Authenticator.objects.create(
            user=Account.objects.create(email=f"{len(words)}@voorbeeld.example"),
            type="recovery_codes",
            data={"salt": "00", "migrated_codes": [adapter.encrypt(one) for one in words]},
        )
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = KEYS[1], KEYS[:1]
    assert main(["rekey"]) == 0
    assert "2 keer opnieuw versleuteld" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    found = [one.data["migrated_codes"] for one in Authenticator.objects.order_by("pk")]
    assert [[adapter.decrypt(one) for one in row] for row in found] == [["een", "twee"], []]
    settings.SECRET_KEY = "een-sleutel-die-niemand-kent"
    assert main(["rekey"]) == 1
    assert "1 keer niet te lezen" in capsys.readouterr().err


def test_rekey_without_the_old_key_says_so_and_leaves_all_as_it_was(second_steps, capsys):
    before = steps()
    assert main(["rekey"]) == 1
    assert "OMZIEN_OLD_SECRET_KEYS" in capsys.readouterr().err
    assert steps() == before
