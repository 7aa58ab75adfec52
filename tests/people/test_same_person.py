"""The same person twice: M1, who may say so, the way back, and two hands at the same moment."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omzien.handovers.models import Handover
from omzien.handovers.refusals import Refused as HandoverRefused
from omzien.journal.isolation import choose, working_for
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.people import refusals as people
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import AccessLine, LogHead, Person, ProcessingLine, SamePerson
from omzien.people.queries.same import in_order, is_self
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.plans import add_goal
from omzien.questions.actions.same import may_still_go, say_not_same, say_same
from omzien.questions.models import Goal, Question
from omzien.questions.queries.same import alike
from omzien.questions.refusals import NotAllowed
from omzien.questions.rules.references import new_reference
from tests.casework import NOW, STORY, an_offer, later
from tests.questions.test_asking_at_once import at_once
from tests.questions.test_asking_at_once import town as shared_town
from tests.signing import account
from tests.worlds import TODAY

race_town = shared_town
HERE = "GM1948"
EXAMPLES = 12
HOW = SamePerson.How.ASKED
VERBS = ("story.read", "contact.read", "plan.read", "question.work")
MAY_CHANGE = {SamePerson, Fact, Message, AccessLine, ProcessingLine, LogHead}
A_PLAIN_PHONE = "0655500001"


@pytest.fixture
def town(world, kept_town, copied):
    choose(HERE)
    return copied(kept_town)


def again(town, name="Rina Roos", phone="+31 6 5550 0001", **more):
    """Return the same resident once more, as somebody without an account."""
    return welcome_person(municipality=town.municipality, name=name, phone=phone, by=SYSTEM, **more)


def a_question_of(town, person, *, desk=None):
    """Return a question of somebody, at a desk."""
    return Question.objects.create(
        municipality=town.municipality, reference=new_reference(lambda found: False),
        person=person, channel="web", reach_by="phone", story=STORY, topics=["loneliness"],
        village=town.village, state="clarifying", team=(desk or town.a).team, due_on=TODAY,
        asked_at=NOW,
    )  # fmt: skip


def only_at(town, person, desk):
    """Let a person have one question, at a desk: an owner changes by a handover only."""
    Question.objects.filter(person=person).delete()
    return a_question_of(town, person, desk=desk)


@pytest.fixture
def two(town):
    """Rina, who has an account, and Rina once more, each with a question at team A."""
    other = again(town)
    a_question_of(town, town.resident)
    a_question_of(town, other)
    return town.resident, other


def join(town, two, **more):
    person, other = two
    return say_same(**{"person": person, "other": other, "how": HOW, "by": town.a.by,
                       "now": NOW} | more)  # fmt: skip


def own(town, person):
    return Actor(town.municipality.code, Role.RESIDENT, person=person.pk)


# --- M1 ------------------------------------------------------------------------------------------


def workers(town):
    return [one for desk in town.desks.values() for one in (desk.by, desk.boss)]


def read_by(actor):
    """Return all that somebody can read: questions under each verb, plans and handovers."""
    found = {
        (verb, key)
        for verb in VERBS
        for key in Question.objects.visible_to(actor, verb=verb).values_list("pk", flat=True)
    }
    found |= {("goal", key) for key in Goal.objects.filter(
        question__in=Question.objects.visible_to(actor, verb="plan.read")
    ).values_list("pk", flat=True)}  # fmt: skip
    return found | {
        ("handover", key) for key in Handover.objects.visible_to(actor).values_list("pk", flat=True)
    }


def rows():
    """Return every row of every table of ours, but of those that tell that it happened."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models()
        if model.__module__.startswith("omzien.") and model not in MAY_CHANGE
    }


def a_world(town, data):
    """Draw two persons with questions, grounds and open handovers over three teams."""
    both = (town.resident, again(town))
    desks = list(town.desks.values())
    letters = st.sampled_from(sorted(town.desks))
    for person in both:
        wanted = data.draw(st.lists(letters, min_size=1, max_size=2), label="owners")
        questions = [a_question_of(town, person, desk=town.desks[one]) for one in wanted]
        for letter in data.draw(st.sets(letters, max_size=2), label="grounds"):
            categories = data.draw(
                st.sets(st.sampled_from([Category.CONTACT, Category.STORY, Category.PLAN]),
                        min_size=1), label="what",
            )  # fmt: skip
            terms = Terms(purpose="handover", categories=categories, starts_on=TODAY,
                          teams=[town.desks[letter].team])  # fmt: skip
            give_consent(person=person, terms=terms, by=own(town, person))
        for question in questions:
            if data.draw(st.booleans(), label="goal"):
                add_goal(question=question, words="Weer fietsen.", by=own(town, person), now=NOW)
            if data.draw(st.booleans(), label="offered"):
                try:
                    with transaction.atomic():
                        an_offer(question, data.draw(st.sampled_from(desks)), town)
                except HandoverRefused:
                    pass  # to itself, or without a ground
    return both


@given(data=st.data())
@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_merge_widens_no_access_and_undoing_it_is_as_if_it_never_was(town, data):
    with transaction.atomic():
        both = a_world(town, data)
        # One who works for both: the owner of a question of each.
        for person in both:
            a_question_of(town, person)
        actors = [*workers(town), own(town, both[0]), own(town, both[1])]
        read, kept = [read_by(one) for one in actors], rows()
        link = join(town, both)
        merged = [read_by(one) for one in actors]
        assert merged[:-2] == read[:-2], "a worker or a partner reads something else"
        assert merged[-1] == read[-1] and merged[-2] == read[-2] | read[-1]
        assert rows() == kept
        say_not_same(link=link, by=town.a.by, now=later(NOW, hours=1))
        assert [read_by(one) for one in actors] == read
        assert rows() == kept
        transaction.set_rollback(True)


# --- what the resident gets ----------------------------------------------------------------------


def test_an_account_that_the_other_gets_later_ends_what_the_link_opened(town, two):
    join(town, two)
    assert Question.objects.visible_to(town.me).count() == 2 and is_self(town.me, two[1].pk)
    Person.objects.filter(pk=two[1].pk).update(account=account("ander@voorbeeld.example"))
    assert Question.objects.visible_to(town.me).count() == 1 and not is_self(town.me, two[1].pk)


def test_a_worker_who_is_the_resident_works_on_neither(town, two):
    wim = town.a.worker.person
    a_question_of(town, wim)
    link = join(town, (wim, two[1]), by=town.a.boss)
    work = Question.objects.visible_to(town.a.by, verb="question.work")
    assert not work.filter(person=two[1]).exists()
    assert work.filter(person=two[0]).exists()
    with pytest.raises(NotAllowed):
        say_not_same(link=link, by=town.a.by, now=NOW)


def test_a_fact_a_mail_and_no_name(town, two):
    link = join(town, two)
    mail = Message.objects.get(key=f"same-person:{link.pk}")
    assert mail.recipient == two[0].email and may_still_go(mail)
    say_not_same(link=link, by=town.a.by, now=NOW)
    assert not may_still_go(mail)
    assert Message.objects.filter(key=f"two-persons:{link.pk}").exists()
    facts = Fact.objects.filter(subject="person", subject_id=str(two[0].pk))
    found = {one.verb: one.details for one in facts if one.verb in ("merge", "unmerge")}
    assert found == {
        "merge": {"other": str(two[1].pk), "how": "asked"},
        "unmerge": {"other": str(two[1].pk)},
    }
    assert "Rina" not in mail.body and "Roos" not in mail.body


# --- who stays, and what is suggested ------------------------------------------------------------


def test_who_has_others_stays_then_who_signs_in_then_who_was_first(town, two):
    rina, other = two
    assert in_order(other, rina) == in_order(rina, other) == (rina, other)
    third, fourth = again(town, phone=""), again(town, phone="")
    assert in_order(fourth, third) == (third, fourth)
    a_question_of(town, fourth)
    join(town, (fourth, other))
    assert in_order(third, fourth) == (fourth, third)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, True),
        ({"phone": A_PLAIN_PHONE}, True),
        ({"name": "rina  ROOS"}, True),
        ({"phone": "", "email": "rina@meierijstad.example"}, True),
        ({"name": "Ria Roos"}, False),
        ({"phone": "06 5550 0002"}, False),
        ({"phone": ""}, False),
    ],
)
def test_the_same_name_and_number_or_address_is_suggested(
    town, more, found, django_assert_num_queries
):
    question = a_question_of(town, town.resident)
    other = a_question_of(town, again(town, **more))
    by = town.a.by
    with django_assert_num_queries(2):
        seen = alike(question, by)
    assert [one.pk for one in seen.maybe] == ([other.pk] if found else [])
    assert seen.joined == [] == seen.links


def test_only_what_one_works_on_is_suggested_and_nobody_with_another_account(town, two):
    mine = Question.objects.get(person=two[0])
    only_at(town, two[1], town.b)
    assert alike(mine, town.a.by).maybe == []
    only_at(town, two[1], town.a)
    Person.objects.filter(pk=two[1].pk).update(account=account("ander@voorbeeld.example"))
    assert alike(mine, town.a.by).maybe == []


def test_once_joined_it_is_a_link_and_no_suggestion(town, two):
    join(town, two)
    for one, another in (two, two[::-1]):
        seen = alike(Question.objects.get(person=one), town.a.by)
        assert [q.person_id for q in seen.joined] == [another.pk] and seen.maybe == []


# --- refusals ------------------------------------------------------------------------------------


def test_what_cannot_be_one(town, two):
    rina, other = two
    third = again(town)
    a_question_of(town, third)
    with pytest.raises(people.OneAlready):
        join(town, (rina, rina))
    with pytest.raises(people.NeedsReason):
        join(town, two, how="guessed")
    join(town, two)
    for pair in (two, (other, rina)):
        with pytest.raises(people.OneAlready):
            join(town, pair)
    for pair in ((other, third), (third, other), (third, rina)):
        with pytest.raises(people.JoinedAlready):
            join(town, pair)
    assert join(town, (rina, third)).person == rina  # one may have several
    assert Question.objects.visible_to(town.me).count() == 3


def test_another_account_is_another_person(town, two):
    rina, other = two
    Person.objects.filter(pk=other.pk).update(account=account("ander@voorbeeld.example"))
    with pytest.raises(people.OwnAccount):
        join(town, two)
    with pytest.raises(people.OwnAccount):
        join(town, (other, rina))
    Person.objects.filter(pk=other.pk).update(account=rina.account)
    join(town, two)


def test_only_who_works_for_both(town, two):
    for by in (town.b.by, town.c.by, town.me, SYSTEM, Actor(HERE)):
        with pytest.raises((NotAllowed, people.NotAllowed)):
            join(town, two, by=by)
    only_at(town, two[1], town.b)
    for by in (town.a.by, town.b.by):
        with pytest.raises(NotAllowed):
            join(town, two, by=by)
    assert not SamePerson.objects.exists() and not Fact.objects.filter(verb="merge").exists()


def test_nobody_joins_themselves(town, two):
    wim = town.a.worker.person
    a_question_of(town, wim)
    with pytest.raises((NotAllowed, people.NotAllowed)):
        join(town, (wim, two[1]))


def test_two_municipalities_never_meet(town, two, world):
    with working_for("GM1991"):
        far = welcome_person(municipality=world.maashorst, name="Rina Roos", by=SYSTEM)
    with pytest.raises((NotAllowed, people.NotAllowed)):
        join(town, (two[0], far))
    with pytest.raises(IntegrityError), transaction.atomic():
        SamePerson.objects.create(municipality=town.municipality, person=two[0], other=far,
                                  how=HOW, merged_at=NOW, by="x")  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_undone_by_who_works_for_either_once_and_within_thirty_days(town, two):
    link = join(town, two)
    only_at(town, two[1], town.b)
    for by in (town.c.by, town.me, own(town, two[1]), SYSTEM):
        with pytest.raises(NotAllowed):
            say_not_same(link=link, by=by, now=NOW)
    with pytest.raises(people.UndoIsOver) as refusal:
        say_not_same(link=link, by=town.b.by, now=later(NOW, days=31))
    assert refusal.value.last == timezone.localdate(NOW) + timedelta(days=30)
    say_not_same(link=link, by=town.b.by, now=later(NOW, days=30))
    with pytest.raises(people.AlreadyEnded):
        say_not_same(link=link, by=town.a.by, now=later(NOW, days=30))
    only_at(town, two[1], town.a)
    join(town, two)  # and once more, after all


@pytest.mark.parametrize(
    "make",
    [
        lambda a, b, c: [(a, a)],
        lambda a, b, c: [(a, b), (c, b)],
        lambda a, b, c: [(a, b), (b, c)],
        lambda a, b, c: [(a, b), (c, a)],
    ],
)
def test_the_database_keeps_links_flat(town, two, make):
    with pytest.raises(IntegrityError), transaction.atomic():
        for person, other in make(*two, again(town)):
            SamePerson.objects.create(municipality=town.municipality, person=person, other=other,
                                      how=HOW, merged_at=NOW, by="x")  # fmt: skip


@pytest.mark.parametrize("gone", [0, 1])
def test_the_link_goes_with_either_of_them(town, two, gone):
    join(town, two)
    Question.objects.filter(person=two[gone]).delete()
    two[gone].delete()
    assert not SamePerson.objects.exists()


# --- at the same moment --------------------------------------------------------------------------


def test_of_several_who_say_so_at_once_there_is_one_link_and_no_chain(race_town):
    town = race_town
    code = town.municipality.code
    with working_for(code):
        three = [town.resident, *(again(town, name=f"Nel {n}") for n in (1, 2))]
        for one in three:
            a_question_of(town, one)
    rina, nel, ans = three
    for pairs in ([(rina, nel)] * 4, [(rina, nel), (nel, ans), (ans, rina), (ans, nel)]):
        for _ in range(5):
            found = at_once(*[lambda pair=pair: join(town, pair) for pair in pairs])
            odd = [one for one in found if not isinstance(one, SamePerson | people.Refused)]
            assert odd == []
            with working_for(code):
                live = list(SamePerson.objects.live().values_list("person", "other"))
                kept = {person for person, _other in live}
                assert live and not kept & {other for _person, other in live}
                assert len(live) == sum(isinstance(one, SamePerson) for one in found)
                if len(set(pairs)) == 1:
                    assert len(live) == 1
                SamePerson.objects.all().delete()
                Message.objects.all().delete()
