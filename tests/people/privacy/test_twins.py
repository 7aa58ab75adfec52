"""Two persons in the books who are one: what is theirs is shown, erased and mourned as one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omzien.handovers.actions.leaving import resident_died, resident_lives
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from omzien.people.actions.memberships import welcome_person
from omzien.people.actions.same import join_persons, part_persons
from omzien.people.models import Person, SamePerson, Tombstone
from omzien.people.privacy.erasing import erase_person, in_the_way, reapply
from omzien.people.privacy.export import everything_about
from omzien.people.privacy.holds import hold
from omzien.people.privacy.ledger import entries
from omzien.people.privacy.own import TERMS
from omzien.people.refusals import IsHeld, StillLive
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.aftercare import run_aftercare
from omzien.questions.actions.asking import ask
from omzien.questions.actions.working import close
from omzien.questions.models import Question, Task
from omzien.questions.queries.reached import own_address
from omzien.questions.rules.states import Mistake, Result
from tests.casework import a_question, asked
from tests.handovers.conftest import inside as inside
from tests.handovers.conftest import town as town
from tests.signing import account

pytestmark = pytest.mark.django_db
ADMIN = Actor("GM1948", Role.TECHNICAL_ADMIN)
OFFICER = Actor("GM1948", Role.PRIVACY_OFFICER)
TODAY = timezone.localdate()


@pytest.fixture
def twin(town):
    return welcome_person(
        municipality=town.municipality, name="Rina Roos", email="rina-oud@voorbeeld.example",
        phone="06-5550 0001", account=None, by=SYSTEM,
    )  # fmt: skip


@pytest.fixture
def theirs(town, twin):
    """Return a question of the resident and one of who turned out to be the same."""
    now = timezone.now()
    other = ask(
        municipality=town.municipality, asked=asked(town, story="TWEELINGVERHAAL"), person=twin,
        by=SYSTEM, now=now,
    )  # fmt: skip
    mine = a_question(town, now=now)
    join_persons(person=town.resident, other=twin, how=SamePerson.How.ASKED, by=town.a.by, now=now)
    return mine, other


def close_all(town, questions):
    for one in questions:
        close(question=one, result=Result.SOLVED, rung_reached=Rung.COMMUNITY, is_told=True,
              by=town.a.by, now=timezone.now())  # fmt: skip


def erase(town, **more):
    return erase_person(
        **{"person": town.resident, "reason": "request", "on": TODAY, "by": ADMIN} | more
    )


def test_all_about_a_person_holds_what_was_asked_under_the_other_name(town, theirs):
    def told():
        return str([part.rows for part in everything_about(person=town.resident, by=town.me)])

    assert "TWEELINGVERHAAL" in told() and str(theirs[1].reference) in told()
    rows = [str(row) for part in everything_about(person=town.resident, by=town.me)
            for row in part.rows]  # fmt: skip
    assert len(rows) == len(set(rows)), "each row once"
    link = SamePerson.objects.get()
    part_persons(link=link, by=town.a.by, now=timezone.now())
    assert "TWEELINGVERHAAL" not in told()


def test_erasing_takes_the_other_one_too_and_again_after_a_restore(town, twin, theirs):
    close_all(town, theirs)
    erase(town)
    assert not Person.objects.filter(pk__in=[town.resident.pk, twin.pk]).exists()
    assert set(Question.objects.values_list("story", flat=True)) == {""}
    assert Tombstone.objects.filter(kind="person").count() == 2
    Person.objects.create(pk=twin.pk, municipality=town.municipality, name="Rina Roos")
    lines = entries()
    assert reapply(lines) == 1
    with working_for("GM1948"):
        assert not Person.objects.filter(pk=twin.pk).exists()


def test_live_work_for_the_other_one_and_a_hold_on_them_stand_in_the_way(town, twin, theirs):
    mine, other = theirs
    close_all(town, [mine])
    assert any(other.reference in why for why in in_the_way(town.resident))
    with pytest.raises(StillLive):
        erase(town)
    close_all(town, [other])
    assert in_the_way(town.resident) == []
    hold(municipality="GM1948", kind="person", key=str(twin.pk), reason="klacht", by=OFFICER)
    assert len(in_the_way(town.resident)) == 1
    with pytest.raises(IsHeld):
        erase(town)
    assert Person.objects.filter(pk__in=[town.resident.pk, twin.pk]).count() == 2


def test_who_has_an_account_of_their_own_answers_for_that(town, twin, theirs):
    close_all(town, theirs)
    Person.objects.filter(pk=twin.pk).update(account=account("rina-oud@voorbeeld.example"))
    told = [part.rows for part in everything_about(person=town.resident, by=town.me)]
    assert "TWEELINGVERHAAL" not in str(told)
    erase(town)
    assert Question.objects.get(pk=theirs[1].pk).story == "TWEELINGVERHAAL"


def test_who_stays_is_known_as_long_as_the_other_one_is(town, twin, theirs):
    close_all(town, theirs)
    term = next(one for one in TERMS if one.kind == "person")
    late = TODAY + timedelta(days=4000)
    Question.objects.filter(person=town.resident).update(person=None)
    town.resident.grounds.all().delete()
    assert town.resident.pk not in {one.person for one in term.due(late)}
    Question.objects.all().update(person=None)
    assert town.resident.pk not in {one.person for one in term.due(late)}
    assert twin.pk in {one.person for one in term.due(late)}, "goes first, and with it the link"
    SamePerson.objects.all().delete()
    assert town.resident.pk in {one.person for one in term.due(late)}


@pytest.mark.parametrize("who", ["mine", "twin"])
def test_who_died_is_dead_under_both_names(town, twin, theirs, who):
    mine, other = theirs if who == "mine" else reversed(theirs)
    now = timezone.now()
    resident_died(question=mine, by=town.a.by, now=now)
    told = Task.objects.open().filter(question=other, what__startswith="De inwoner is overleden")
    assert told.count() == 1
    other.refresh_from_db()
    assert own_address(other) == set()
    close_all(town, [other])
    assert run_aftercare(town.municipality, now + timedelta(weeks=7)) == 0


def test_who_lives_after_all_does_so_under_both_names(town, theirs):
    mine, other = theirs
    now = timezone.now()
    resident_died(question=mine, by=town.a.by, now=now)
    mine.refresh_from_db()
    resident_lives(question=mine, mistake=Mistake.WRONG_NEWS, by=town.a.boss, now=now)
    other.refresh_from_db()
    assert not Task.objects.open().filter(question=other, what__startswith="De inwoner").exists()
    assert own_address(other) == {"rina-oud@voorbeeld.example"}
