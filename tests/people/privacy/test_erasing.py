"""Somebody is erased: everywhere, once, and never while it must not be."""

import dataclasses

import pytest
from django.db import connection
from django.utils import timezone

from omzien.directory.models import IndexVersion, Phone, Service
from omzien.journal.isolation import working_for
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.people.ledger_file import Entry, hash_of, read_file
from omzien.people.models import Account, Ground, Mandate, Membership, Person, Session, Tombstone
from omzien.people.privacy import registry
from omzien.people.privacy.erasing import erase_person, reapply
from omzien.people.privacy.holds import hold, lift
from omzien.people.privacy.ledger import entries, write_file
from omzien.people.privacy.mentions import Mentions
from omzien.people.refusals import IsHeld, NeedsReason, NotAllowed, StillLive, UnknownKey
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.models import Question, Reporter
from omzien.web.privacy.sources import SOURCES, TERMS
from tests.people.privacy.conftest import MAIL, NAME, PHONE, SIGN_IN, TOKENS
from tests.signing import person

ADMIN = Actor("GM1948", Role.TECHNICAL_ADMIN)
OFFICER = Actor("GM1948", Role.PRIVACY_OFFICER)
TODAY = timezone.localdate()


def everything() -> dict[str, str]:
    """Return table → all its rows as text, as this role sees them in Meierijstad."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
            found[table] = cursor.fetchone()[0]
            hexed = [token for token in TOKENS if token.encode().hex() in found[table]]
            found[table] += " ".join(hexed)  # bytea is shown as hexadecimals
    return found


def hits() -> dict[str, list[str]]:
    """Return table → which tokens of the canary it holds."""
    return {
        table: left
        for table, text in everything().items()
        if (left := [token for token in TOKENS if token.lower() in text.lower()])
    }


def erase(canary, **more):
    return erase_person(**{"person": canary.person, "reason": "request", "on": TODAY, "by": ADMIN}
                        | more)  # fmt: skip


def test_before_erasing_every_source_has_something(canary, inside):
    subject = registry.subject_of(canary.again())
    empty = {s.code for s in SOURCES if not list(s.find(subject))}
    assert empty == {"file", "import-before", "hold", "emergency"}  # these only erase, or block
    found = hits()
    assert len(found) >= 12, found
    # The session is signed and packed, so that no token can be read in it.
    assert Session.objects.count() == 1
    assert {token for left in found.values() for token in left} == set(TOKENS)


def test_nothing_of_the_person_is_left_but_the_random_key(canary, inside):
    version = IndexVersion.objects.get(municipality="GM1948").version
    assert erase(canary) > 15
    assert hits() == {}
    assert not Session.objects.exists()
    assert not Account.objects.filter(pk=canary.account.pk).exists()
    assert not Person.objects.filter(pk=canary.person.pk).exists()
    assert not Membership.objects.filter(person=canary.person.pk).exists()
    assert not Mandate.objects.exists()
    assert Question.objects.get(reference="PIET-VRG2").asked_by is None
    assert IndexVersion.objects.get(municipality="GM1948").version > version
    assert Fact.objects.filter(actor=str(canary.person.pk)).exists()  # the key, and no more
    kept = Service.objects.get(pk=canary.service.pk)
    assert (kept.title, kept.owner_email, kept.email) == (canary.service.title, "", "")


def test_what_is_of_others_stays(canary, inside):
    erase(canary)
    assert Person.objects.filter(pk=canary.other.pk).exists()
    ground = Ground.objects.get(person=canary.other)
    assert ground.explanation.startswith("Bel [gewist] op [gewist] of mail [gewist]")
    letter = Message.objects.get(recipient="chef@x.example")
    assert "[gewist]" in letter.body and "Bel" in letter.body
    assert Phone.objects.filter(number="0413-555 101").exists()


# What hangs on the row of the person goes with it, also without a source of its own.
HANGS = {
    "person",
    "address",
    "code",
    "invitation",
    "second-step",
    "session",
    "sign-on",
    "account",
    "hold",
    "review",
    "absence",
    "emergency",  # blocks: tests/people/privacy/test_restoring.py
    "filter",
    "edit",
    "mandate",
    "same-person",
    "membership",
    "ground",
    "network",
    # forgotten with the question itself
    "asked-for-another",
    "handover",
    "plan",
    "conversation",
    "note",
    "signal",
    "early-signal",
    "mediating",  # with the role
}


@pytest.mark.parametrize("code", sorted({s.code for s in SOURCES} - HANGS))
def test_a_source_that_is_left_out_is_noticed(canary, inside, code, monkeypatch):
    """The negative control: the test above can fail."""
    monkeypatch.setattr(
        registry._known,
        "sources",
        tuple(dataclasses.replace(s, erase=lambda subject: 0) if s.code == code else s
              for s in SOURCES),
    )  # fmt: skip
    erase(canary)
    assert hits() or Session.objects.exists()


def test_the_sweep_is_needed(canary, inside, monkeypatch):
    monkeypatch.setattr("omzien.people.privacy.erasing.sweep", lambda mentions: 0)
    erase(canary)
    assert {"directory_report", "agenda_pagefeedback", "people_ground"} <= set(hits())


def test_every_table_with_personal_data_has_a_source_or_is_swept():
    from django.apps import apps

    from omzien.people.privacy.classes import DataClass, personal

    sourced = {label for source in SOURCES for label in source.models}
    installed = {m._meta.label for m in apps.get_models()}
    lost = {
        one.model
        for one in personal()
        if one.model in installed and one.model not in sourced and one.kind != DataClass.FREE_TEXT
    }
    # The logs keep a random key, whose link to a person is what erasing destroys (decisions.md).
    assert lost == {"people.AccessLine", "people.ProcessingLine"}, (
        "give the app a Source in its privacy.py"
    )


def test_every_term_has_its_way_of_destroying():
    from omzien.people.rules.retention import KINDS

    done_elsewhere = {"request", "account", "session"}  # a list of one; own.clear_*
    assert {term.kind for term in TERMS} == set(KINDS) - done_elsewhere


def test_two_people_with_one_account_keep_what_cannot_be_told_apart(world, canary):
    with working_for("GM1991"):
        twin = Person.objects.create(
            municipality=world.maashorst, account=canary.account, name="Truus Zangvogel"
        )
    with working_for("GM1948"):
        erase(canary)
        assert Account.objects.filter(pk=canary.account.pk).exists()
        assert Message.objects.filter(recipient=SIGN_IN).exists()
        assert not Message.objects.filter(recipient=MAIL).exists()
        assert not Session.objects.exists()
    with working_for("GM1991"):
        assert Person.objects.filter(pk=twin.pk).exists()


def test_a_hold_wins_until_it_is_lifted(canary, inside):
    key = str(canary.person.pk)
    with pytest.raises(NeedsReason):
        hold(municipality="GM1948", kind="person", key=key, reason=" ", by=OFFICER)
    with pytest.raises(NotAllowed):
        hold(municipality="GM1948", kind="person", key=key, reason="zaak", by=ADMIN)
    for wrong in ("x", str(canary.account.pk)):
        with pytest.raises(UnknownKey):
            hold(municipality="GM1948", kind="person", key=wrong, reason="zaak", by=OFFICER)
    held = hold(municipality="GM1948", kind="person", key=key, reason="klacht", by=OFFICER)
    with pytest.raises(IsHeld):
        erase(canary)
    assert canary.again()
    lift(held=held, by=OFFICER)
    assert erase(canary)


def test_live_work_stands_in_the_way(canary, inside, monkeypatch):
    busy = dataclasses.replace(SOURCES[0], blocks=lambda subject: "Er loopt nog een vraag.")
    monkeypatch.setattr(registry._known, "sources", (busy, *SOURCES[1:]))
    with pytest.raises(StillLive) as refused:
        erase(canary)
    assert refused.value.why == "Er loopt nog een vraag."
    assert canary.again() and Session.objects.exists()


@pytest.mark.parametrize("role", [r for r in Role if r != Role.TECHNICAL_ADMIN])
def test_only_who_runs_erases(canary, inside, role):
    with pytest.raises(NotAllowed):
        erase(canary, by=Actor("GM1948", role, person=canary.person.pk))


def test_after_a_restore_it_is_erased_again(
    canary, inside, tmp_path, django_capture_on_commit_callbacks
):
    ledger = tmp_path / "ledger" / "erased.ndjson"
    erase(canary)
    assert write_file(ledger) == 1
    assert write_file(ledger) == 0
    [line] = read_file(ledger)
    assert line.kind == "person" and line.key_hash == hash_of("person", canary.person.pk)
    text = ledger.read_text()
    assert not any(token in text for token in TOKENS) and str(canary.person.pk) not in text
    # What a restore does: the row is back, under the same key.
    Person.objects.create(
        pk=canary.person.pk, municipality_id="GM1948", name=NAME, email=MAIL, phone=PHONE
    )
    Message.objects.create(
        municipality_id="GM1948", key="z", recipient=MAIL, subject="a", body="eierwens"
    )
    assert reapply(read_file(ledger)) == 1
    assert hits() == {}
    assert reapply(read_file(ledger)) == 0
    assert len(entries()) == 1


def test_a_ledger_of_an_older_database_is_remembered(canary, inside):
    line = Entry("GM1948", "person", hash_of("person", canary.person.pk), "2026-01-02", "x", "")
    assert reapply([line]) == 1
    assert hits() == {}
    assert Tombstone.objects.get().erased_on.isoformat() == "2026-01-02"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("bel kanarie  ZANGVOGEL", True),
        ("mail Zangvogel@Kanarie.example nu", True),
        ("xzangvogel@kanarie.example", False),
        ("06 98 71 23 45", True),
        ("+31 6 98712345", True),
        ("0031698712345", True),
        ("1069871234567", False),
        ("een kanarie zingt", False),
    ],
)
def test_what_is_a_mention(text, named):
    who = Mentions.of(name=NAME, addresses=[MAIL], phone=PHONE)
    assert who.within(text) is named


def test_a_first_name_or_a_short_number_is_no_mention():
    assert Mentions.of(name="Bea", addresses=[], phone="112").pattern == ""


def test_somebody_without_mail_or_number_is_erased_too(world):
    somebody = person(world.meierijstad, "Jo", email="jo@x.example")
    with working_for("GM1948"):
        Person.objects.filter(pk=somebody.pk).update(account=None, email="")
        assert erase_person(person=somebody, reason="request", on=TODAY, by=SYSTEM) == 1


@pytest.mark.parametrize(
    "name,is_theirs", [(NAME, True), ("K. Zangvogel", True), ("", True), ("Zus Zangvogel", False)]
)
def test_a_number_of_a_house_with_the_name_of_another_is_not_taken_for_theirs(
    canary, inside, name, is_theirs
):
    reporter = Reporter.objects.exclude(email=MAIL).get()
    Reporter.objects.filter(pk=reporter.pk).update(name=name)
    source = next(one for one in SOURCES if one.code == "reporter")
    found = {one.pk for one in source.find(registry.subject_of(canary.again()))}
    assert (reporter.pk in found) == is_theirs
    erase(canary)
    left = Reporter.objects.filter(pk=reporter.pk).first()
    assert (left is None) == is_theirs
    assert left is None or (left.name, left.phone) == (name, "[gewist]")
