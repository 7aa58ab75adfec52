"""N2: a mail that waits goes to who may have it when it goes, of every kind of mail."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from omzien.handovers.actions.advising import ask_advice, move_consult
from omzien.handovers.actions.along import involve, stop_uncovered
from omzien.handovers.actions.consenting import answer_consent, ask_along
from omzien.handovers.actions.leaving import resident_died
from omzien.handovers.actions.offering import withdraw_ground
from omzien.messages.models import Message
from omzien.messages.rights import may_still_go, part
from omzien.people.models import Ground, Membership, Person
from omzien.people.rules.grounds import Category
from omzien.people.rules.roles import SYSTEM, Actor
from omzien.questions.actions.crisis import flag_crisis
from omzien.questions.actions.discussing import Plan, plan_discussion
from omzien.questions.actions.emergency import break_glass
from omzien.questions.actions.objecting import answer_objection, object_to
from omzien.questions.actions.signals import Worry, report_worry
from omzien.questions.actions.working import give_to, stop
from tests.casework import a_question, consent

pytestmark = pytest.mark.django_db
RINA = "rina@meierijstad.example"


def now():
    return timezone.now()


def asks_advice(town, question):
    ask_advice(question=question, to_team=town.b.team, text="Hoe?", by=town.a.by, now=now())


def gives_advice(town, question):
    asks_advice(town, question)
    consult = question.consults.get()
    move_consult(consult=consult, name="answer", answer="Zo.", by=town.b.by, now=now())


def joins(town, question):
    consent(town, town.b)
    involve(question=question, team=town.b.team, part="Post", by=town.a.by, now=now())


def says_yes(town, question):
    ground = ask_along(
        question=question, team=town.b.team, part="Post", categories=(Category.STORY,),
        by=town.a.by, now=now(),
    )  # fmt: skip
    answer_consent(question=question, ground=ground, is_given=True, by=town.me, now=now())


def is_acute(town, question):
    flag_crisis(question=question, by=town.a.by, now=now())


def is_opened(town, question):
    break_glass(reference=question.reference, reason="Zij reageert niet.", by=town.b.by, now=now())


def meets(town, question):
    consent(town, town.b)
    joins(town, question)
    plan = Plan(purpose="Wie doet wat?", at=now() + timedelta(days=3), place="Dorpshuis",
                teams=(town.b.team.pk,))  # fmt: skip
    plan_discussion(question=question, plan=plan, by=town.a.by, now=now())


def worries(town, question):
    worry = Worry(about="Mevrouw J", village=town.village, worry="Zij komt niet meer buiten.")
    report_worry(municipality=town.municipality, worry=worry, by=Actor("GM1948"), now=now())


def objects(town, question):
    one = object_to(question=question, why="Nee", key=uuid4(), by=town.me, now=now())
    handler = next(d for d in (town.a.boss, town.b.boss) if d.membership == one.handler_id)
    answer_objection(objection=one, answer="Zo.", by=handler, now=now())


def gives(town, question):
    give_to(question=question, holder=town.a.worker, by=town.a.boss, now=now())


def stops(town, question):
    stop(question=question, name="withdraw", by=town.me, now=now())


WAYS = (
    asks_advice, gives_advice, joins, says_yes, is_acute, is_opened, meets, worries, objects,
    gives, stops,
)  # fmt: skip


@pytest.mark.parametrize("does", WAYS)
def test_who_left_or_has_another_address_gets_nothing_of_what_waits(town, does):
    does(town, a_question(town))
    told = list(Message.objects.all())
    over = {m.key for m in told if not may_still_go(m)}
    assert len(told) > 1 and all(key.endswith("advice-asked") for key in over)
    assert bool(over) is (does is gives_advice), "what is answered is not asked any more"
    Membership.objects.filter(person__email__endswith="@meierijstad.example").update(ended_at=now())
    Person.objects.filter(email=RINA).update(email="nieuw@meierijstad.example")
    assert {m.key for m in told if may_still_go(m)} == set()


def test_a_resident_who_died_gets_nothing_any_more_and_the_team_does(town):
    question, other = a_question(town, now=now()), a_question(town, now=now())
    objects(town, other)
    mails = list(Message.objects.all())
    resident_died(question=question, by=town.a.by, now=now())
    goes = {(part(one, 0), one.recipient) for one in mails if may_still_go(one)}
    assert goes and RINA not in {recipient for _kind, recipient in goes}
    assert {kind for kind, _recipient in goes} == {"objection"}


def test_a_team_whose_ground_is_gone_is_not_asked_along_and_hears_that_it_ended(town):
    question = a_question(town)
    joins(town, question)
    asked = Message.objects.filter(key__startswith="along:", key__endswith=":along-asked")
    assert asked.exists() and all(map(may_still_go, asked))
    withdraw_ground(ground=Ground.objects.get(), by=town.me, now=now())
    stop_uncovered(person=town.resident.pk, by=SYSTEM, now=now())
    assert not any(map(may_still_go, asked.all()))
    ended = Message.objects.filter(key__startswith="along", key__contains="ended")
    assert ended.exists() and all(map(may_still_go, ended))
