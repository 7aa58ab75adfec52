"""What mediation holds of a neighbour: also of who left a telephone number only; and what stays
when one of the two is erased.
"""

import pytest
from django.utils import timezone

from omzien.mediation.actions.agreeing import say_yes_for, write_agreement
from omzien.mediation.actions.deciding import finish
from omzien.mediation.actions.forgetting import forget_case
from omzien.mediation.models import Agreement, Case, Party
from omzien.mediation.rules.states import Outcome, Side, State
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Person
from omzien.people.privacy.erasing import erase_now, erase_person
from omzien.people.privacy.export import everything_about
from omzien.people.refusals import StillLive
from omzien.people.rules.roles import SYSTEM, Actor, Role
from tests.casework import NOW
from tests.mediation.world import WORDS, Neighbour, a_case, day, later, party, up_to

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.mark.parametrize("name,is_theirs", [("Fons Fluit", 1), ("F. Fluit", 1), ("Bo", 0)])
def test_a_neighbour_by_phone_is_exported_and_erased(here, name, is_theirs):
    first = Neighbour(name=name, street="Beukenlaan 12", postcode="5481 AB", phone="06-5550 4321")
    case = a_case(here, by=here.town.a.by, first=first)
    Party.objects.filter(case=case, side=Side.FIRST).update(person=None)
    file = party(case, Side.FIRST)
    fons = welcome_person(
        municipality=here.town.municipality, name="Fons Fluit", phone="06 55504321", by=SYSTEM
    )
    me = Actor("GM1948", Role.RESIDENT, person=fons.pk)
    parts = {one.code: one.rows for one in everything_about(person=fons, by=me)}
    assert (WORDS in str(parts["mediation"])) == is_theirs
    if is_theirs:
        with pytest.raises(StillLive):
            erase_person(person=fons, reason="request", on=TODAY, by=SYSTEM)
    Case.objects.filter(pk=case.pk).update(
        state="closed", outcome="withdrawn", due_on=None, escalate_on=None, ends_on=None,
        ended_at=NOW,
    )  # fmt: skip
    erase_person(person=fons, reason="request", on=TODAY, by=SYSTEM)
    assert Party.objects.filter(pk=file.pk).exists() != is_theirs


AGREED = (
    "Rina Roos, van Lindelaan 4 (06-5550 0001), zet na elf uur de muziek uit. Otto Okker klopt aan "
    "bij mevrouw Roos en belt niet de politie. Rina's hond blijft van het gras."
)
WITHOUT = (
    "[gewist], van [gewist] ([gewist]), zet na elf uur de muziek uit. Otto Okker klopt aan "
    "bij mevrouw [gewist] en belt niet de politie. [gewist]'s hond blijft van het gras."
)


def ended(here, words=AGREED):
    """Return a case in which both agreed and that is over, and both neighbours as they sign in."""
    case = up_to(here, State.AGREEING)
    write_agreement(case=case, words=words, by=here.boss, now=NOW)
    for side in Side:
        say_yes_for(case=case, side=side, by=here.boss, now=NOW)
    case.refresh_from_db()
    finish(case=case, outcome=Outcome.AGREED, by=here.boss, now=later(NOW, weeks=3))
    return case, *(here.as_party(party(case, side)) for side in Side)


def test_of_who_is_erased_the_other_neighbour_keeps_what_both_agreed_without_a_name(here):
    case, rina, otto = ended(here)
    erase_person(person=here.town.resident, reason="request", on=day(NOW), by=SYSTEM)
    assert not Party.objects.filter(case=case, side=Side.FIRST).exists()
    assert not Agreement.objects.visible_to(rina).exists()
    assert Agreement.objects.visible_to(otto).get().words == WITHOUT
    theirs = Person.objects.get(pk=otto.person)
    parts = {one.code: one.rows for one in everything_about(person=theirs, by=otto)}
    assert WITHOUT in str(parts["mediation"])
    erase_person(person=theirs, reason="request", on=day(NOW), by=SYSTEM)
    assert not Agreement.objects.filter(case=case).exists()


def test_what_only_one_said_yes_to_goes_with_who_is_erased(here):
    """After a restore a case may run in which nothing was agreed yet."""
    case = up_to(here, State.AGREEING)
    write_agreement(case=case, words=AGREED, by=here.boss, now=NOW)
    say_yes_for(case=case, side=Side.SECOND, by=here.boss, now=NOW)
    erase_now(str(here.town.resident.pk))
    assert not Agreement.objects.filter(case=case).exists()


def test_what_both_agreed_goes_with_the_last_of_them_and_after_its_term(here):
    case, *_both = ended(here)
    erase_person(person=here.town.resident, reason="request", on=day(NOW), by=SYSTEM)
    assert forget_case(case.pk) == 1
    assert not Agreement.objects.filter(case=case).exists()
