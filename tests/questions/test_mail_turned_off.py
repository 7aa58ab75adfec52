"""N5: who turned mail off gets nothing but what always goes; the table says why that does."""

import pytest
from django.db import transaction

from omzien.choices.mails import MAILS
from omzien.handovers.actions.answering import accept, decline
from omzien.handovers.actions.offering import withdraw
from omzien.handovers.rules.states import DeclineReason
from omzien.journal.isolation import choose
from omzien.journal.models import Fact
from omzien.messages.actions import deliver_waiting
from omzien.messages.always import ALWAYS
from omzien.messages.models import Message
from omzien.people.models import Person
from omzien.questions.actions.talking import Said, say
from tests.casework import a_question, an_offer, consent
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
