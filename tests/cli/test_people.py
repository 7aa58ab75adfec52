"""`omzien editor` and `omzien worker --once`."""

import io

import pytest

from omzien.cli.main import main
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.people.models import Account
from omzien.people.queries import is_editor

pytestmark = pytest.mark.django_db


def make(monkeypatch, email, code, password):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return main(["editor", email, "--municipality", code])


def test_the_command_makes_an_editor_of_one_municipality(world, monkeypatch):
    assert make(monkeypatch, "Anna@voorbeeld.example", "gm1948", "een lang wachtwoord") == 0
    account = Account.objects.get(email="anna@voorbeeld.example")
    assert account.check_password("een lang wachtwoord")
    assert is_editor(account, "GM1948") and not is_editor(account, "GM1991")
    with working_for("GM1948"):
        assert Fact.objects.get(verb="make-editor").subject_id == str(account.pk)


@pytest.mark.parametrize(
    "email,code,password,exit_code,said",
    [
        ("geen adres", "GM1948", "een lang wachtwoord", 2, "geen mailadres"),
        ("anna@voorbeeld.example", "GM0000", "een lang wachtwoord", 2, "niet bekend"),
        ("anna@voorbeeld.example", "GM1948", "kort", 1, "minstens 12"),
    ],
)
def test_wrong_use_is_explained(world, monkeypatch, capsys, email, code, password, exit_code, said):
    assert make(monkeypatch, email, code, password) == exit_code
    assert said in capsys.readouterr().err
    assert Account.objects.count() == 0


def test_one_round_of_the_worker(world, capsys):
    assert main(["worker", "--once"]) == 0
    with working_for("GM1948"):
        assert Fact.objects.filter(verb="work", subject="day").count() == 1
