"""N5: who turned mail off gets nothing but what always goes; the table says why that does."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from omzien.choices.mails import MAILS
from omzien.handovers.actions.answering import accept, decline, meet
from omzien.handovers.actions.offering import offer, withdraw
from omzien.handovers.rules.states import ContactKind, DeclineReason
from omzien.journal.isolation import choose
from omzien.journal.models import Fact
from omzien.kernel.ladder import Rung
from omzien.messages.actions import deliver_waiting
from omzien.messages.always import ALWAYS
from omzien.messages.models import Message
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.actions.teams import form_team
from omzien.people.models import Person
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions.aftercare import run_aftercare
from omzien.questions.actions.discussing import INVITE, Plan, plan_discussion
from omzien.questions.actions.talking import Said, say
from omzien.questions.actions.working import close
from omzien.questions.models import AftercareAnswer, Task
from omzien.questions.rules.states import Result
from tests.casework import WHAT, a_question, an_offer, consent
from tests.questions.test_told_when_sent import WAYS, now
from tests.signing import wearing

pytestmark = pytest.mark.django_db
RINA = "rina@meierijstad.example"


def deliver():
    deliver_waiting()
    choose("GM1948")


def talks(town, question):
    say(question=question, said=Said(text="Dag"), by=town.me, now=now())
    say(question=question, said=Said(text="Dag"), by=town.a.by, now=now())


def hands_over(town, question):
    consent(town, town.b)
    slip = an_offer(question, town.b, town, now=now())
    accept(handover=slip, contact_name="Wim B", by=town.b.by, now=now())


def is_declined(town, question):
    consent(town, town.b)
    slip = an_offer(question, town.b, town, now=now())
    reason = next(iter(DeclineReason))
    decline(handover=slip, reason=reason, text="Vol", suggestion="Team C", by=town.b.by, now=now())


def takes_back(town, question):
    consent(town, town.b)
    withdraw(handover=an_offer(question, town.b, town, now=now()), by=town.a.by, now=now())


ALL = (*WAYS, talks, hands_over, is_declined, takes_back)


def walk(town):
    """Do all that mails, each on a question of its own; return the codes of what was sent."""
    found = set()
    for does in ALL:
        with transaction.atomic():
            does(town, a_question(town, now=now()))
            deliver()
            found |= set(
                Message.objects.filter(state=Message.State.SENT).values_list("code", flat=True)
            )
            transaction.set_rollback(True)
    return found


def test_all_off_only_what_always_goes_is_sent_and_all_on_the_rest_too(town, mailoutbox):
    everything = walk(town)
    assert len(everything) > 15 and everything - ALWAYS.keys()
    Person.objects.update(wants_notices=False)
    assert walk(town) == everything & ALWAYS.keys() != set()


def test_what_always_goes_is_a_mail_of_the_registry_with_its_reason():
    assert ALWAYS.keys() <= MAILS.keys() and all(str(why) for why in ALWAYS.values())


def test_on_the_page_of_the_account_mail_goes_off_and_on_again(town, mailoutbox):
    browser = wearing(town.resident)
    page = browser.get("/account").content.decode()
    assert "Zet mail uit" in page
    assert all(str(why) in page for why in ALWAYS.values())
    said = browser.post("/account/mail", {"notices": "off"}, follow=True).content.decode()
    assert "Zet mail weer aan" in said
    choose("GM1948")
    assert Fact.objects.get(verb="choose-notices").details == {"wants": False}
    question = a_question(town, now=now())
    say(question=question, said=Said(text="Dag"), by=town.a.by, now=now())
    reply = Message.objects.get(recipient=RINA, code="conversation-reply")
    deliver()
    reply.refresh_from_db()
    assert reply.state == Message.State.DROPPED
    assert [one.subject for one in mailoutbox if RINA in one.to], "the receipt goes"
    browser.post("/account/mail", {"notices": "on"})
    choose("GM1948")
    say(question=question, said=Said(text="Nog iets"), by=town.a.by, now=now())
    deliver()
    sent = Message.objects.filter(recipient=RINA, code="conversation-reply", state="sent")
    assert sent.count() == 1


def test_who_asks_again_with_the_same_address_does_not_turn_mail_on(town):
    Person.objects.filter(email=RINA).update(wants_notices=False)
    Person.objects.create(municipality=town.municipality, name="Rina R", email=RINA)
    question = a_question(town, now=now())
    say(question=question, said=Said(text="Dag"), by=town.a.by, now=now())
    deliver()
    assert Message.objects.get(code="conversation-reply", recipient=RINA).state == "dropped"


def test_whom_no_mail_reaches_is_called_as_who_has_no_address(town, mailoutbox):
    """Who turned mail off is invited and asked by phone, and nobody waits for their answer."""
    Person.objects.filter(email=RINA).update(wants_notices=False)
    question = a_question(town, now=now())
    post = say(question=question, said=Said(text="Komt u?", waits=True), by=town.a.by, now=now())
    assert post.answer_by is None, "nobody waits for who does not know"
    plan = Plan(purpose="Wie doet wat?", at=now() + timedelta(days=2), invite_resident=True)
    plan_discussion(question=question, plan=plan, by=town.a.by, now=now())
    assert [task.what for task in Task.objects.open()] == [INVITE]
    close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
          by=town.a.by, now=now() - timedelta(weeks=7))  # fmt: skip
    run_aftercare(town.municipality, now())
    choose("GM1948")
    assert AftercareAnswer.objects.to_call(town.a.by).count() == 1
    assert not Message.objects.filter(code__in=["discussion-resident", "aftercare-mail"]).exists()


def test_who_helps_after_a_talk_without_the_resident_is_told_always(town, mailoutbox):
    Person.objects.filter(email=RINA).update(wants_notices=False)
    consent(town, town.b)
    slip = an_offer(a_question(town, now=now()), town.b, town, now=now())
    accept(handover=slip, contact_name="Wim B", by=town.b.by, now=now())
    meet(handover=slip, met_on=timezone.localdate(), met_by=ContactKind.PHONE,
         resident_was_there=False, by=town.b.by, now=now())  # fmt: skip
    deliver()
    told = Message.objects.get(recipient=RINA, code="resident-handed-over-unseen")
    assert told.state == Message.State.SENT


def test_one_who_turned_mail_off_does_not_silence_the_mailbox_of_a_team(town, mailoutbox):
    """Somebody of the club once signed in with its address: the offer still goes there."""
    club = form_team(
        municipality=town.municipality, name="Wandelclub", email="club@voorbeeld.example", by=SYSTEM
    )
    Person.objects.create(municipality=town.municipality, name="Lid", email=club.email,
                          wants_notices=False)  # fmt: skip
    terms = Terms(purpose="handover", categories=["contact"], teams=[club],
                  starts_on=timezone.localdate())  # fmt: skip
    give_consent(person=town.resident, terms=terms, by=town.me)
    offer(question=a_question(town, now=now()), to_team=club, offer=WHAT, by=town.a.by, now=now())
    deliver()
    assert Message.objects.get(recipient=club.email, code="team-offered").state == "sent"
