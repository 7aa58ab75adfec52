"""Who else reads the file of a neighbour: who speaks for them, and they by another name."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from omzien.mediation.actions.agreeing import say_yes, write_agreement
from omzien.mediation.actions.deciding import stop
from omzien.mediation.actions.mediators import ask_mediators
from omzien.mediation.actions.notices import tell_party
from omzien.mediation.actions.reporting import report
from omzien.mediation.models import Agreement, Case, Party, Talk
from omzien.mediation.refusals import ConflictOfInterest, NotAllowed
from omzien.mediation.rules.conflicts import Conflict
from omzien.mediation.rules.states import Side, State
from omzien.messages.models import Message
from omzien.messages.rights import may_still_go
from omzien.people.actions.memberships import welcome_person
from omzien.people.actions.same import join_persons, part_persons
from omzien.people.models import Mandate, Person, SamePerson
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.web.doors import HAT
from tests.casework import CLOSE, NOW
from tests.mediation.test_pages import text
from tests.mediation.world import OTHERS_MAIL, a_report, party, up_to
from tests.mediation.world import WORDS as REPORTED
from tests.signing import account, person, wearing
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
WORDS = "Na elf uur gaat de muziek uit."
ALL = ["look", "talk", "act", "receive"]


def a_mandate(resident: Person, proxy: Person, what=ALL, **more) -> Mandate:
    return Mandate.objects.create(
        municipality_id=resident.municipality_id, resident=resident, proxy=proxy, what=list(what),
        starts_on=TODAY, confirmed_at=NOW, **more,
    )  # fmt: skip


def speaking(mandate: Mandate) -> Actor:
    return Actor(
        mandate.municipality_id, Role.PROXY, person=mandate.proxy_id,
        represents=mandate.resident_id,
    )  # fmt: skip


def browser_of(mandate: Mandate) -> Client:
    client = wearing(mandate.proxy)
    session = client.session
    session[HAT] = f"mandate:{mandate.pk}"
    session.save()
    return client


@pytest.fixture
def bo(here):
    return person(here.town.municipality, "Bo Boom")


def agreeing(here):
    case = up_to(here, State.AGREEING)
    write_agreement(case=case, words=WORDS, by=here.boss, now=NOW)
    return case, party(case, Side.FIRST), party(case, Side.SECOND)


def test_who_speaks_for_a_neighbour_reads_the_file_and_never_that_of_the_other(here, bo, inside):
    case, first, second = agreeing(here)
    client = browser_of(a_mandate(first.person, bo, ["look"]))
    path = reverse("my-mediation", args=[first.pk])
    page = text(client.get(path))
    assert WORDS in page and "Je bent hier namens Rina Roos" in page
    assert "Otto Okker" not in page and "Wil je stoppen?" not in page
    assert "De buurtbemiddeling van Rina Roos" in text(client.get("/vandaag"))
    inside()
    case.refresh_from_db()
    answer = client.post(path, {"doe": "yes", "yes-version": case.version})
    assert answer.status_code == 409
    assert client.get(reverse("my-mediation", args=[second.pk])).status_code == 404
    inside()
    assert Agreement.objects.get(case=case).first_yes_at is None


def test_what_was_written_for_the_coordinator_stays_theirs(here, bo):
    case = up_to(here, State.REPORTED)
    first = party(case, Side.FIRST)
    path = reverse("my-mediation", args=[first.pk])
    held = a_mandate(first.person, bo, ["look", "act"])
    assert REPORTED in text(wearing(first.person).get(path))
    assert REPORTED not in text(browser_of(held).get(path))


def test_a_neighbour_reads_who_reads_along(here, bo, inside):
    _case, first, second = agreeing(here)
    path = reverse("my-mediation", args=[first.pk])
    me = wearing(first.person)
    a_mandate(first.person, second.person, ["look"])  # the other neighbour: reads nothing
    assert "Wie leest mee?" not in text(me.get(path))
    inside()
    a_mandate(first.person, bo, ["look"])
    page = text(me.get(path))
    assert "Wie leest mee?" in page and "Bo Boom" not in page and "Otto" not in page
    assert "Het geldt ook voor je dossier" in text(wearing(first.person).get(reverse("mandates")))


def test_who_reports_reads_who_will_follow_it(here, bo, inside):
    me, said = wearing(here.town.resident), "Wie voor je mag meekijken, volgt dit ook."
    assert said not in text(me.get("/buurtbemiddeling"))
    inside()
    a_mandate(here.town.resident, bo, ["look"])
    assert said in text(me.get("/buurtbemiddeling"))
    assert said not in text(wearing(here.town.a.worker).get(reverse("mediation-refer")))


def test_only_who_may_act_says_yes_or_stops_for_a_neighbour(here, bo, inside):
    case, first, _second = agreeing(here)
    held = a_mandate(first.person, bo, ["look", "talk"])
    for act in (say_yes, stop):
        with pytest.raises(NotAllowed):
            act(party=first, by=speaking(held), now=NOW)
    Mandate.objects.update(what=["look", "act"])
    case.refresh_from_db()
    path = reverse("my-mediation", args=[first.pk])
    done = browser_of(held).post(path, {"doe": "yes", "yes-version": case.version})
    assert done.status_code == 302
    inside()
    assert Agreement.objects.get(case=case).first_yes_at
    Mandate.objects.update(revoked_at=NOW)
    assert not Party.objects.own(speaking(held)).exists()


@pytest.mark.parametrize(
    "what,kind,is_open",
    [
        (["look"], "mandate", True),
        (["act"], "curator", True),
        (["receive"], "mandate", False),
        (ALL, "administrator", False),  # money only
    ],
)
def test_a_mandate_opens_no_more_than_it_says(here, bo, what, kind, is_open):
    _case, first, _second = agreeing(here)
    held = a_mandate(first.person, bo, what, kind=kind, evidence="ruling")
    by = speaking(held)
    assert Party.objects.own(by).filter(pk=first.pk).exists() is is_open
    assert Party.objects.visible_to(by).exists() is is_open
    assert Agreement.objects.visible_to(by).exists() is is_open
    assert not Case.objects.visible_to(by).exists()


def test_who_is_close_to_both_neighbours_follows_for_neither(here, bo):
    case, first, second = agreeing(here)
    by_both = [speaking(a_mandate(one.person, bo)) for one in (first, second)]
    assert [Party.objects.own(by).exists() for by in by_both] == [False, False]
    Mandate.objects.all().delete()
    neighbour = speaking(a_mandate(first.person, second.person))
    assert not Party.objects.own(neighbour).exists()
    assert not Talk.objects.visible_to(neighbour).exists()
    assert Party.objects.own(here.as_party(second)).get().case_id == case.pk


def test_mail_goes_along_to_who_gets_it_by_a_mandate_and_reads_the_file(here, bo):
    _case, first, second = agreeing(here)
    a_mandate(first.person, bo)
    a_mandate(first.person, person(here.town.municipality, "Mia Mail"), ["receive"])
    a_mandate(first.person, second.person)
    Message.objects.all().delete()
    tell_party(first, "words", mark="again")
    assert set(Message.objects.values_list("recipient", flat=True)) == {first.email, bo.email}
    assert all(may_still_go(one) for one in Message.objects.all())
    Mandate.objects.filter(proxy=bo).update(revoked_at=NOW)
    left = [one.recipient for one in Message.objects.all() if may_still_go(one)]
    assert left == [first.email]


def test_who_may_act_reports_for_whom_they_speak(here, bo):
    held = a_mandate(here.town.resident, bo)
    case = report(
        municipality=here.town.municipality, report=a_report(here.town, key=uuid4()),
        by=speaking(held), now=NOW,
    )  # fmt: skip
    first = party(case, Side.FIRST)
    assert first.person_id == here.town.resident.pk
    assert Party.objects.own(speaking(held)).get().pk == first.pk


def test_the_way_to_the_other_hat_leads_to_the_file(here, bo):
    _case, first, _second = agreeing(here)
    a_mandate(first.person, bo)
    answer = wearing(bo).get(reverse("my-mediation", args=[first.pk]))
    assert answer.status_code == 404 and "Rina Roos" in text(answer)


# Somebody who stands twice in the books


def twin(here, like: Person) -> Person:
    return welcome_person(
        municipality=here.town.municipality, name=like.name, phone="0655500001", by=SYSTEM
    )


def joined(stays: Person, other: Person) -> SamePerson:
    return join_persons(person=stays, other=other, how=SamePerson.How.ASKED, by=SYSTEM, now=NOW)


def test_the_same_person_reads_the_file_of_the_other_row(here, inside):
    _case, first, second = agreeing(here)
    me, other = here.town.resident, twin(here, here.town.resident)
    Party.objects.filter(pk=first.pk).update(person=other)
    own = here.as_party(first)
    assert own.person == me.pk and not Party.objects.own(own).exists()
    link = joined(me, other)
    client, path = wearing(me), reverse("my-mediation", args=[first.pk])
    page = text(client.get(path))
    assert WORDS in page and "Otto Okker" not in page
    assert client.get(reverse("my-mediation", args=[second.pk])).status_code == 404
    inside()
    first.refresh_from_db()
    say_yes(party=first, by=own, now=NOW)
    part_persons(link=link, by=SYSTEM, now=NOW)
    assert not Party.objects.own(own).exists()


def test_an_account_of_the_other_row_keeps_the_file_theirs(here):
    _case, first, _second = agreeing(here)
    other = twin(here, here.town.resident)
    joined(here.town.resident, other)
    Party.objects.filter(pk=first.pk).update(person=other)
    Person.objects.filter(pk=other.pk).update(account=account("ander@meierijstad.example"))
    assert not Party.objects.own(here.town.me).exists()


def test_two_neighbours_who_are_called_the_same_stay_apart(here):
    _case, first, second = agreeing(here)
    joined(first.person, second.person)
    assert list(Party.objects.own(here.as_party(first))) == [first]
    assert second.email == OTHERS_MAIL


@pytest.mark.parametrize("how", CLOSE)
def test_nobody_is_asked_to_mediate_for_who_is_close(here, how):
    case = up_to(here, State.CHOOSING)
    eva = here.volunteers["Eva Eik"]
    CLOSE[how](here.town, eva.person)
    Party.objects.filter(case=case, side=Side.FIRST).update(person=here.town.resident)
    with pytest.raises(ConflictOfInterest) as refused:
        ask_mediators(case=case, memberships=[eva.pk], by=here.boss, now=NOW)
    assert list(refused.value.found) == [Conflict.CLOSE]


@pytest.mark.parametrize("how", CLOSE)
def test_nobody_coordinates_a_case_of_who_is_close(here, how):
    case, first, _second = agreeing(here)
    assert Case.objects.coordinated_by(here.boss).filter(pk=case.pk).exists()
    CLOSE[how](here.town, here.coordinator.person)
    Party.objects.filter(pk=first.pk).update(person=here.town.resident)
    assert not Case.objects.coordinated_by(here.boss).filter(pk=case.pk).exists()
    assert not Party.objects.visible_to(here.boss).exists()
