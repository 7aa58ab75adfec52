"""An administrator (bewindvoerder) sees what is about money alone, and decides nothing here."""

import pytest
from django.urls import reverse
from django.utils import timezone

from omzien.directory.language.topics import all_topics
from omzien.journal.isolation import working_for
from omzien.kernel.ladder import Rung
from omzien.messages.mandates import ask_proxy
from omzien.messages.models import Message
from omzien.people import refusals as people
from omzien.people.actions.mandates import Proxy, accept_proxy
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Ground, Mandate, MandateInvitation
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import SYSTEM, Actor, Role
from omzien.questions.actions.asking import ask
from omzien.questions.actions.correcting import correct
from omzien.questions.actions.network import share_network
from omzien.questions.actions.talking import Said, say
from omzien.questions.actions.working import close
from omzien.questions.models import Question
from omzien.questions.refusals import NotAllowed
from omzien.questions.rules.money import MONEY
from omzien.questions.rules.states import Result
from omzien.web.doors import HAT
from tests.casework import a_question, asked, consent
from tests.signing import account, wearing
from tests.web.test_mine_pages import HERE, helped, page, text

pytestmark = pytest.mark.django_db
BO = "bo@bewind.example"
OTHER = "Er is ook iets met haar hoofd."


@pytest.fixture
def money(town):
    with working_for(HERE):
        return a_question(town, topics=["debt", "benefits"], now=timezone.now())


@pytest.fixture
def others(town):
    """Return a question about money and more, one about something else, and one about nothing."""
    with working_for(HERE):
        return [
            a_question(town, topics=topics, story=OTHER, now=timezone.now())
            for topics in (["debt", "low-mood"], ["loneliness"], [])
        ]


def recorded(town, question, **more):
    given = {"name": "Bo Bewind", "email": BO, "kind": "administrator", "evidence": "register",
             "what": ["look", "talk", "receive"]}  # fmt: skip
    path = f"/werk/vraag/{question.pk}/machtigingen"
    return wearing(town.a.worker).post(path, given | more)


@pytest.fixture
def bo(town, money):
    """Return the browser of the administrator, who was recorded by the team and said yes."""
    assert recorded(town, money).status_code == 302
    with working_for(HERE):
        somebody = welcome_person(
            municipality=town.municipality, name="Bo Bewind", email=BO, account=account(BO),
            by=SYSTEM,
        )  # fmt: skip
        own = Actor(HERE, Role.RESIDENT, person=somebody.pk)
        mandate = accept_proxy(
            invitation=MandateInvitation.objects.get(), by=own, now=timezone.now()
        )
    client = wearing(somebody)
    session = client.session
    session[HAT] = f"mandate:{mandate.pk}"
    session.save()
    client.person, client.mandate = somebody, mandate
    return client


def as_bo(town, bo):
    return Actor(HERE, Role.PROXY, person=bo.person.pk, represents=town.resident.pk)


def test_money_is_the_domain_money_of_the_topics():
    assert set(MONEY) == {code for code, one in all_topics().items() if one.domain == "money"}


def test_an_administrator_who_would_decide_is_not_recorded(town, money):
    answer = recorded(town, money, what=["look", "act"])
    assert answer.status_code == 400 and "beslist alleen over geld" in text(answer)
    with working_for(HERE):
        assert not MandateInvitation.objects.exists()


def test_only_what_is_about_money_alone_is_there(town, bo, money, others):
    seen = text(bo.get("/mijn-vragen"))
    assert money.reference in seen
    assert bo.get(page(money)).status_code == 200
    for one in others:
        assert one.reference not in seen and OTHER not in seen
        for end in ("", "/plan", "/delen", "/niet-eens"):
            assert bo.get(page(one) + end).status_code in (403, 404)
        with working_for(HERE), pytest.raises(NotAllowed):
            say(question=one, said=Said(text="Hallo"), by=as_bo(town, bo), now=timezone.now())
    with working_for(HERE):
        own = as_bo(town, bo)
        for verb in ("story.read", "plan.read", "question.follow"):
            assert list(Question.objects.visible_to(own, verb=verb)) == [money]
        say(question=money, said=Said(text="Hallo"), by=own, now=timezone.now())


def test_a_topic_more_shuts_it_at_once(town, bo, money):
    with working_for(HERE):
        correct(question=money, topics=["debt", "addiction"], village=money.village,
                by=town.a.by)  # fmt: skip
    assert bo.get(page(money)).status_code == 404


def test_with_whom_something_is_shared_and_whom_she_knows_are_not_about_money(town, bo, money):
    with working_for(HERE):
        consent(town, town.c, categories=[Category.CONTACT])
        assert not Ground.objects.visible_to(as_bo(town, bo)).exists()
    for end in ("", "/delen"):
        assert "Bureau C" not in text(bo.get(page(money) + end))
        assert "Bureau C" in text(wearing(town.resident).get(page(money) + end))
    with working_for(HERE), pytest.raises(NotAllowed):
        share_network(question=money, proxy=bo.person, by=town.me, now=timezone.now())


def test_an_administrator_asks_and_decides_nothing(town, bo, money):
    own = as_bo(town, bo)
    with working_for(HERE), pytest.raises(NotAllowed):
        ask(municipality=town.municipality, asked=asked(town), person=town.resident, by=own,
            now=timezone.now())  # fmt: skip
    bo.post(page(money) + "/stop", {"way": "withdraw"})
    with working_for(HERE):
        assert Question.objects.get(pk=money.pk).is_live


def test_mail_is_about_money_too(town, bo, money, others):
    def told():
        return set(Message.objects.filter(recipient=BO).values_list("key", flat=True))

    with working_for(HERE):
        before = told()
        solved = {"result": Result.SOLVED, "rung_reached": Rung.SELF, "is_told": True}
        for one in others:
            say(question=one, said=Said(text="Dag"), by=town.a.by, now=timezone.now())
            close(question=one, by=town.a.by, now=timezone.now(), **solved)
        assert told() == before
        say(question=money, said=Said(text="Dag"), by=town.a.by, now=timezone.now())
        close(question=money, by=town.a.by, now=timezone.now(), **solved)
        assert len(told() - before) == 2


def test_who_asks_reads_that_an_administrator_reads_along_only_where_that_is_so(town, bo):
    from omzien.people.queries.mandates import who_reads_along

    today = timezone.localdate()
    with working_for(HERE):
        for money, names in ((True, ["Bo Bewind"]), (False, [])):
            assert who_reads_along(town.resident.pk, on=today, about_money=money) == names


def test_a_mandate_of_the_resident_is_more_and_stays(town, others):
    client, mandate = helped(town, "look", "talk", name="Bo Bewind")
    assert client.get(page(others[0])).status_code == 200
    with working_for(HERE):
        email = mandate.proxy.email
    assert recorded(town, others[0], email=email).status_code == 302
    with working_for(HERE):
        own = Actor(HERE, Role.RESIDENT, person=mandate.proxy_id)
        invitation = MandateInvitation.objects.get(ended_at=None)
        with pytest.raises(people.AlreadyHas):
            accept_proxy(invitation=invitation, by=own, now=timezone.now())
    assert client.get(page(others[0])).status_code == 200


def test_a_mandate_of_the_resident_takes_the_place_of_it(town, bo, others):
    with working_for(HERE):
        proxy = Proxy(name="Bo Bewind", email=BO, what=["look"])
        row = ask_proxy(resident=town.resident, proxy=proxy, by=town.me, now=timezone.now())
        own = Actor(HERE, Role.RESIDENT, person=bo.person.pk)
        mandate = accept_proxy(invitation=row, by=own, now=timezone.now())
        assert Mandate.objects.get(revoked_at=None) == mandate
        assert Question.objects.visible_to(as_bo(town, bo)).count() == len(others) + 1


def test_the_words_say_that_it_is_about_money(town, bo, money):
    where = reverse("question-mandates", args=[money.pk])
    assert "alleen bij vragen over geld" in text(wearing(town.a.worker).get(where))
