"""Signing in, refusals and signing out stand in the access log, and nobody's name with them."""

import uuid

import pytest
from django.core import mail
from django.db import connection

from omzien.journal.isolation import working_for
from omzien.people.actions.sessions import close_account, name_of
from omzien.people.logs.models import AccessLine, ProcessingLine
from omzien.people.models import Account
from omzien.people.rules.roles import SYSTEM, Role
from omzien.web.doors import HAT
from tests.signing import account, member, person, wearing
from tests.web.test_signing_in import (
    PASSWORD,
    asked,
    browser,
    code_in,
    editor,
    later,
    totp_now,
    with_app,
)

pytestmark = pytest.mark.django_db
__all__ = ["editor", "with_app"]  # fixtures


def lines():
    """Return what the log says of signing in and out, oldest first."""
    with working_for("GM1948"):
        found = AccessLine.objects.filter(action__startswith="sign-")
        return list(found.order_by("number"))


def processed(**which):
    with working_for("GM1948"):
        return list(ProcessingLine.objects.filter(**which))


def told():
    return [(one.action, one.result, one.object_kind) for one in lines()]


def person_of(owner):
    with working_for("GM1948"):
        return owner.persons.get().pk


def test_signing_in_and_out_with_two_steps_stands_in_the_log(with_app):
    client = browser()
    client.post("/aanmelden/wachtwoord", {"login": with_app.email, "password": PASSWORD})
    assert not told()  # half a sign-in is none
    client.post("/aanmelden/tweede-stap", {"code": totp_now()})
    client.post("/afmelden")
    assert told() == [
        ("sign-in", "allowed", "by-password-second-step"),
        ("sign-out", "allowed", "by-session"),
    ]
    for line in lines():
        assert line.object_id == str(with_app.pk) and line.address_hash
        assert line.actor == str(person_of(with_app)) and line.about == person_of(with_app)
        assert line.purpose == "account" and line.channel == "web"
    assert client.get("/account").status_code == 302


def test_a_code_in_the_mail_stands_in_the_log_with_every_wrong_try(world):
    somebody = person(world.meierijstad, email="jan@voorbeeld.example")
    client = asked()
    digits = code_in()
    client.post("/aanmelden/code", {"code": f"{(int(digits) + 1) % 1_000_000:06}"})
    client.post("/aanmelden/code", {"code": digits})
    assert told() == [("sign-in", "refused", "by-code"), ("sign-in", "allowed", "by-code")]
    assert [one.actor for one in lines()] == ["visitor", str(somebody.pk)]
    assert {one.about for one in lines()} == {somebody.pk}


def test_a_wrong_password_names_the_account_only_where_there_is_one(editor):
    for login in (editor.email.upper(), "niemand@voorbeeld.example"):
        browser().post("/aanmelden/wachtwoord", {"login": login, "password": "fout"})
    known, unknown = lines()
    assert (known.result, known.object_kind, known.actor) == ("refused", "by-password", "visitor")
    assert known.object_id == str(editor.pk) and known.about == person_of(editor)
    assert (unknown.object_id, unknown.about, unknown.actor) == ("", None, "visitor")
    assert not processed(name__endswith="sign-in")


def test_a_known_and_an_unknown_address_cost_equally_many_queries(editor, monkeypatch):
    from django.test.utils import CaptureQueriesContext

    counts = []
    for login in (editor.email, "niemand@voorbeeld.example"):
        client = browser()
        client.get("/aanmelden/wachtwoord")
        with CaptureQueriesContext(connection) as queries:
            client.post("/aanmelden/wachtwoord", {"login": login, "password": "fout"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_wrong_second_step_and_a_closed_account_are_refusals(with_app):
    client = browser()
    client.post("/aanmelden/wachtwoord", {"login": with_app.email, "password": PASSWORD})
    client.post("/aanmelden/tweede-stap", {"code": "000000"})
    shut = account("dicht@voorbeeld.example")
    close_account(account=shut, by=SYSTEM)
    client = asked(shut.email)
    client.post("/aanmelden/code", {"code": code_in()})
    assert told() == [
        ("sign-in", "refused", "by-second-step"),
        ("sign-in", "refused", "by-closed-account"),
    ]


def test_nonsense_for_a_passkey_is_a_refusal_of_nobody(world):
    client = browser()
    client.get("/aanmelden/passkey", HTTP_ACCEPT="application/json")
    client.post("/aanmelden/passkey", {"credential": "{}"})
    assert told() == [("sign-in", "refused", "by-passkey")] and not lines()[0].object_id


def test_confirming_with_a_wrong_password_or_code_is_a_refusal(with_app):
    client = browser()
    client.post("/aanmelden/wachtwoord", {"login": with_app.email, "password": PASSWORD})
    client.post("/aanmelden/tweede-stap", {"code": totp_now()})
    client.post("/account/bevestig", {"password": "fout"})
    client.post("/account/bevestig/code", {"code": "000000"})
    assert told()[1:] == [
        ("sign-in", "refused", "by-password"),
        ("sign-in", "refused", "by-second-step"),
    ]


def test_a_flood_of_tries_is_one_line_an_hour_beside_the_tries_that_counted(editor, monkeypatch):
    monkeypatch.setattr(Account, "check_password", lambda self, raw: raw == PASSWORD)
    guesser = browser("10.6.6.6")
    form = {"login": editor.email, "password": "fout"}
    answers = [guesser.post("/aanmelden/wachtwoord", form).status_code for _ in range(30)]
    kinds = [kind for _, _, kind in told()]
    assert kinds.count("by-password") == answers.count(400) == 8
    assert kinds.count("by-too-many-tries") == 1 and len(kinds) == 9


def test_a_session_that_is_over_or_is_ended_from_elsewhere_is_a_line(with_app, world):
    away = wearing(member(Role.CHIEF_EDITOR, world.meierijstad, name="Ans Weg"))
    away.get("/redactie")
    from datetime import timedelta

    later(away, seen=timedelta(minutes=31))
    away.get("/redactie")
    person(world.meierijstad, email="jan@voorbeeld.example")
    here, there = asked(client=browser("10.2.0.1")), browser("10.2.0.2")
    here.post("/aanmelden/code", {"code": code_in()})
    there.force_login(account("jan@voorbeeld.example"))
    here.post(f"/account/sessies/{name_of(there.session.session_key)}")
    here.post("/account/sessies/alle")
    assert [one for one in told() if one[0] == "sign-out"] == [
        ("sign-out", "allowed", "by-session")
    ] * 3


def test_two_people_on_one_address_are_both_told(world):
    two = [person(world.meierijstad, n, email="samen@voorbeeld.example") for n in ("Jan", "Mien")]
    client = asked("samen@voorbeeld.example")
    client.post("/aanmelden/code", {"code": code_in()})
    (line,) = lines()
    assert line.about is None and line.actor == "visitor"
    below = processed(access_operation_id=line.operation_id, data_subject_id__isnull=False)
    assert len(below) == len(two)


def test_somebody_reads_when_they_signed_in_and_who_tried(world):
    somebody = person(world.meierijstad, email="jan@voorbeeld.example")
    client = asked()
    digits = code_in()
    client.post("/aanmelden/code", {"code": f"{(int(digits) + 1) % 1_000_000:06}"})
    client.post("/aanmelden/code", {"code": digits})
    client.get("/rol")
    assert client.session[HAT] == f"person:{somebody.pk}"
    page = client.get("/account/wie-keek").content.decode()
    assert "meldde zich aan" in page or "meldde je je aan" in page
    assert "zich aanmelden" in page


def test_no_line_of_signing_in_holds_an_address_or_a_name(with_app, world):
    for login in (with_app.email, "niemand@voorbeeld.example"):
        browser().post("/aanmelden/wachtwoord", {"login": login, "password": "geheim woord"})
    client = asked("nieuw@voorbeeld.example")
    client.post("/aanmelden/code", {"code": "123456"})
    client.post("/aanmelden/code", {"code": code_in(mail.outbox[-1])})
    held = " ".join(str(value) for one in lines() for value in vars(one).values())
    assert len(lines()) >= 3 and "@" not in held and "geheim" not in held
    for one in lines():
        assert not one.object_id or uuid.UUID(one.object_id)


def test_without_a_log_nobody_gets_in_but_everybody_gets_out(with_app, monkeypatch):
    from omzien.people.logs import reading
    from omzien.people.logs.writing import LogUnavailable

    def fail(*_, **__):
        raise LogUnavailable

    client = browser()
    client.post("/aanmelden/wachtwoord", {"login": with_app.email, "password": PASSWORD})
    with monkeypatch.context() as broken:
        broken.setattr(reading, "write", fail)
        answer = client.post("/aanmelden/tweede-stap", {"code": totp_now()})
        assert answer.status_code == 503 and client.get("/account").status_code == 302
        form = {"login": with_app.email, "password": "fout"}
        assert browser().post("/aanmelden/wachtwoord", form).status_code == 400
    inside = wearing(person(_town(), "Uit"))
    with monkeypatch.context() as broken:
        broken.setattr(reading, "write", fail)
        assert inside.post("/afmelden").status_code == 302
    assert inside.get("/account").status_code == 302


def _town():
    from omzien.areas.models import Municipality

    return Municipality.objects.get(code="GM1948")
