"""All about one person, for who may have it, and nothing about somebody else."""

import json
from uuid import uuid4

import pytest

from omzien.messages.models import Message
from omzien.people.models import Person
from omzien.people.privacy.export import HIDDEN, as_data, everything_about, may_export
from omzien.people.privacy.registry import subject_of
from omzien.people.refusals import NeedsReason, NotAllowed
from omzien.people.rules.looking import WhyWhole
from omzien.people.rules.roles import Actor, Role
from tests.people.privacy.conftest import MAIL, PHONE


def test_everything_that_is_kept_of_me_is_in_it(canary, inside):
    parts = everything_about(person=canary.again(), by=canary.me)
    text = json.dumps(as_data(parts), ensure_ascii=False)
    for mine in (
        "Kanarie Zangvogel",
        MAIL,
        PHONE,
        "connector",
        "nestreden",
        "veertekst",
        "eierwens",
        "kwetterpraat",
        "dagboekzang",
        "teamgefluit",
        "nestzorg",
        "graanschuld",
        "jan@x.example",
    ):
        assert mine in text, mine
    assert {p.code for p in parts if not p.rows} == {"file", "import-before", "hold", "emergency"}


def test_no_secret_and_nobody_else(canary, inside):
    text = json.dumps(as_data(everything_about(person=canary.again(), by=canary.me)))
    assert "vluchtwachtwoord" not in text and json.dumps(HIDDEN)[1:-1] in text
    assert "PIET-VRG2" in text and "pietsverhaal" not in text
    assert "piet@" not in text and str(canary.other.pk) not in text
    assert "Piet Partner" in text  # the other side of the mandate: they gave it themselves
    assert "chef@x.example" not in text


def test_what_is_kept_reads_by_time_whatever_the_order_of_the_table(canary, inside):
    for number, moment in enumerate(("2026-03-01", "2026-01-01", "2026-02-01")):
        one = Message.objects.create(
            municipality=canary.again().municipality, key=f"orde{number}", recipient=MAIL,
            subject=f"orde {moment}", body="x",
        )  # fmt: skip
        Message.objects.filter(pk=one.pk).update(created_at=f"{moment}T10:00:00Z")
    text = json.dumps(as_data(everything_about(person=canary.again(), by=canary.me)))
    found = [text.index(f"orde 2026-0{month}-01") for month in (1, 2, 3)]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("role", "more", "may"),
    [
        (Role.RESIDENT, {"own": True}, True),
        (Role.TEAM_MEMBER, {"own": True}, True),
        (Role.VOLUNTEER, {"own": True}, True),
        (Role.RESIDENT, {}, False),
        (Role.PROXY, {}, False),
        (Role.PROXY, {"represents": True}, False),
        (Role.PRIVACY_OFFICER, {}, False),  # has a mandate, and so is close to them
        (Role.PRIVACY_OFFICER, {"stranger": True}, True),
        (Role.COORDINATOR, {}, False),
        (Role.TEAM_MEMBER, {}, False),
        (Role.FUNCTIONAL_MANAGER, {}, False),
        (Role.TECHNICAL_ADMIN, {}, False),
        (Role.PUBLIC, {}, False),
    ],
)
def test_who_may_have_it(canary, inside, role, more, may):
    key = canary.person.pk
    actor = Actor(
        "GM1948",
        role,
        person=uuid4() if more.get("stranger") else key if more.get("own") else canary.other.pk,
        represents=key if more.get("represents") else None,
    )
    assert may_export(actor, key) is may
    if more.get("stranger"):
        with pytest.raises(NeedsReason):
            everything_about(person=canary.again(), by=actor)
        assert everything_about(person=canary.again(), by=actor, because=WhyWhole.COMPLAINT)
    if not may:
        with pytest.raises(NotAllowed):
            everything_about(person=canary.again(), by=actor)


def test_somebody_new_has_little(canary, inside):
    parts = everything_about(
        person=Person.objects.get(pk=canary.other.pk),
        by=Actor("GM1948", Role.RESIDENT, person=canary.other.pk),
    )
    text = json.dumps(as_data(parts))
    wrote = {"ground", "mandate-invitation"}  # in these Piet named the canary
    assert "Piet" in text and MAIL not in json.dumps(
        {k: v for k, v in as_data(parts).items() if k not in wrote}
    )


@pytest.mark.parametrize("name,is_mine", [("Kanarie", True), ("Iemand Anders", False)])
def test_what_was_sent_to_an_address_given_for_another_too_is_not_told_apart(
    canary, inside, name, is_mine
):
    Person.objects.create(municipality=canary.again().municipality, name=name, email=MAIL)
    assert (MAIL in subject_of(canary.again()).addresses) is is_mine
