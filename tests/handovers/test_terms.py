"""The terms of casework 3.9 by exact days, on a fixed calendar: over Easter, and over summer time.

Wednesday 24 March 2027: Good Friday is the 26th, Easter Monday the 29th. No day here is taken
from a row or from the rules; each was counted by hand.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.advising import ask_advice
from omzien.handovers.actions.along import involve
from omzien.handovers.actions.answering import (
    accept,
    decline,
    dispute,
    meet,
    report_back,
    return_question,
)
from omzien.handovers.actions.clock import run_clock
from omzien.handovers.actions.offering import offer, withdraw
from omzien.handovers.actions.referring import move_referral, refer
from omzien.handovers.rules.states import ContactKind, DeclineReason
from omzien.journal.isolation import choose
from omzien.kernel.ladder import Rung
from omzien.messages.models import Message
from omzien.people.actions.grounds import Terms, give_consent
from omzien.people.models import Team
from omzien.questions.actions.silence import run_silence
from omzien.questions.actions.talking import Said, say
from omzien.questions.actions.working import close, reopen
from omzien.questions.models import Post, Task
from omzien.questions.refusals import TooLate
from omzien.questions.rules.states import Result
from tests.casework import AMSTERDAM, WHAT, a_question, an_offer, at, consent
from tests.handovers.conftest import text

pytestmark = pytest.mark.django_db
WEDNESDAY, THURSDAY, TUESDAY = date(2027, 3, 24), date(2027, 3, 25), date(2027, 3, 30)


@pytest.fixture
def clock(monkeypatch):
    """Return a function that sets the time, also for what asks it itself."""

    def set_to(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        return moment

    set_to(at(WEDNESDAY))
    return set_to


@pytest.fixture
def question(town, clock):
    return a_question(town, now=at(WEDNESDAY))


@pytest.fixture
def slip(town, question):
    consent(town, town.b, starts_on=WEDNESDAY)
    return an_offer(question, town.b, town, now=at(WEDNESDAY))


@pytest.fixture
def accepted(town, slip, clock):
    return accept(handover=slip, contact_name="Wim B", by=town.b.by, now=clock(at(THURSDAY)))


@pytest.fixture
def met(town, accepted, clock):
    return meet(
        handover=accepted, met_on=TUESDAY, met_by=ContactKind.PHONE, resident_was_there=True,
        by=town.b.by, now=clock(at(TUESDAY)),
    )  # fmt: skip


# the days themselves


def test_a_person_replies_in_two_working_days(question):
    assert question.due_on == date(2027, 3, 30)


def test_an_offer_is_reminded_after_two_and_ends_after_five(slip):
    assert (slip.remind_on, slip.due_on) == (date(2027, 3, 30), date(2027, 4, 2))


@pytest.mark.parametrize(
    "urgent,reminded,last",
    [(False, date(2027, 3, 31), date(2027, 4, 7)), (True, date(2027, 3, 25), date(2027, 3, 25))],
)
def test_by_a_link_a_team_has_two_weeks_and_is_reminded_after_one(
    town, club, question, urgent, reminded, last
):
    terms = Terms(purpose="handover", categories=["contact"], starts_on=WEDNESDAY, teams=[club])
    give_consent(person=town.resident, terms=terms, by=town.me)
    what = replace(WHAT, is_urgent=urgent)
    row = offer(question=question, to_team=club, offer=what, by=town.a.by, now=at(WEDNESDAY))
    assert (row.remind_on, row.due_on) == (reminded, last)
    for days, state in ((0, "offered"), (1, "expired")):
        run_clock(municipality=town.municipality, now=at(last + timedelta(days=days)))
        choose("GM1948")
        row.refresh_from_db()
        assert row.state == state


def test_what_is_accepted_asks_a_first_talk_in_ten_and_is_reminded_after_five(accepted):
    assert (accepted.remind_on, accepted.due_on) == (date(2027, 4, 5), date(2027, 4, 12))


def test_the_new_owner_takes_a_step_in_two_and_tells_after_six_weeks(met, question):
    question.refresh_from_db()
    assert question.due_on == date(2027, 4, 1)
    assert met.report_on == date(2027, 5, 11)


@pytest.mark.parametrize("ask", ["advice", "part"])
def test_another_team_is_reminded_after_two_and_answers_in_five(town, question, ask):
    consent(town, town.b, starts_on=WEDNESDAY)
    common = {"question": question, "by": town.a.by, "now": at(WEDNESDAY)}
    row = (
        ask_advice(to_team=town.b.team, text="Hoe?", **common)
        if ask == "advice"
        else involve(team=town.b.team, part="Post", **common)
    )
    assert (row.remind_on, row.due_on) == (date(2027, 3, 30), date(2027, 4, 2))


def test_of_a_referral_is_asked_after_ten_how_it_went(town, question):
    row = refer(question=question, name="Eetclub", what="Eten", by=town.a.by, now=at(WEDNESDAY))
    assert row.due_on == date(2027, 4, 9)
    row = move_referral(referral=row, name="accept", by=town.a.by, now=at(TUESDAY))
    assert row.due_on == date(2027, 4, 13)


def test_a_resident_is_silent_after_five_working_days(town, question):
    said = Said(text="Komt u?", waits=True)
    say(question=question, said=said, by=town.a.by, now=at(WEDNESDAY))
    assert Post.objects.get().answer_by == date(2027, 4, 2)
    for day, count in ((date(2027, 4, 2), 0), (date(2027, 4, 3), 1)):
        run_silence(municipality=town.municipality, now=at(day))
        choose("GM1948")
        assert Task.objects.filter(kind="silent").count() == count
    assert Task.objects.get(kind="silent").due_on == date(2027, 4, 6)


@pytest.mark.parametrize("day,opens", [(date(2027, 5, 5), True), (date(2027, 5, 6), False)])
def test_a_question_opens_again_for_six_weeks(town, question, clock, day, opens):
    close(question=question, result=Result.SOLVED, rung_reached=Rung.SELF, is_told=True,
          by=town.a.by, now=at(WEDNESDAY))  # fmt: skip
    moment = clock(at(day))
    if opens:
        assert reopen(question=question, by=town.me, now=moment).is_live
    else:
        with pytest.raises(TooLate):
            reopen(question=question, by=town.me, now=moment)


def test_the_clock_does_each_thing_on_its_day(town, slip):
    """The last day counts; what ends, ends on the day after it."""
    seen = {}
    for number in range(20):
        day = WEDNESDAY + timedelta(days=number)
        run_clock(municipality=town.municipality, now=at(day))
        choose("GM1948")
        slip.refresh_from_db()
        for name, moment in (("reminded", slip.reminded_at), ("ended", slip.ended_at)):
            if moment:
                seen.setdefault(name, day)
    assert seen == {"reminded": date(2027, 3, 30), "ended": date(2027, 4, 3)}
    assert slip.state == "expired"


# urgent


@pytest.fixture
def urgent(town, question):
    consent(town, town.b, starts_on=WEDNESDAY)
    what = replace(WHAT, is_urgent=True)
    return offer(
        question=question, to_team=town.b.team, offer=what, by=town.a.by, now=at(WEDNESDAY)
    )


def test_what_is_urgent_has_one_working_day(urgent):
    assert (urgent.remind_on, urgent.due_on) == (THURSDAY, THURSDAY)


def test_what_is_urgent_is_reminded_before_it_ends(town, urgent):
    for day, state, reminded in (
        (WEDNESDAY, "offered", False),
        (THURSDAY, "offered", True),
        (date(2027, 3, 26), "expired", True),
    ):
        run_clock(municipality=town.municipality, now=at(day))
        choose("GM1948")
        urgent.refresh_from_db()
        assert (urgent.state, urgent.reminded_at is not None) == (state, reminded), day
    keys = Message.objects.filter(key__startswith="handover:").values_list("key", flat=True)
    assert {key.rpartition(":")[2] for key in keys} == {"offered", "reminded", "expired"}


def test_an_urgent_offer_that_is_accepted_has_ten_days_as_any_other(town, urgent):
    row = accept(handover=urgent, contact_name="Wim B", by=town.b.by, now=at(THURSDAY))
    assert row.due_on == date(2027, 4, 12)


@pytest.mark.parametrize("is_urgent", [True, False])
def test_what_is_urgent_says_so_in_the_inbox_in_the_list_and_on_its_page(town, at_desk, is_urgent):
    consent(town, town.b)
    now = timezone.now()  # a browser has the time of today
    row = offer(
        question=a_question(town, now=now), to_team=town.b.team,
        offer=replace(WHAT, is_urgent=is_urgent), by=town.a.by, now=now,
    )  # fmt: skip
    browser = at_desk(town.b.worker)
    for address, sign in (
        (reverse("inbox"), "Spoed"),
        (reverse("handovers"), "dringend"),
        (reverse("handover", args=[row.pk]), "Dringend"),
    ):
        page = browser.get(address)
        assert (sign in text(page)) is is_urgent, address
        assert ("card--urgent" in page.content.decode()) is (is_urgent and sign != "Dringend")


# summer time

SPRING = {  # on Sunday 26 March 2028 the clock goes forward
    "2028-03-26T21:30Z": (date(2028, 3, 28), date(2028, 3, 31)),  # Sunday, half past eleven
    "2028-03-26T22:30Z": (date(2028, 3, 29), date(2028, 4, 3)),  # Monday, half past twelve
    "2028-03-24T22:30Z": (date(2028, 3, 28), date(2028, 3, 31)),  # Friday, half past eleven
    "2028-03-23T23:30Z": (date(2028, 3, 28), date(2028, 3, 31)),  # Friday, half past twelve
    "2028-03-23T22:30Z": (date(2028, 3, 27), date(2028, 3, 30)),  # Thursday, half past eleven
}
AUTUMN = {  # on Sunday 29 October 2028 it goes back
    "2028-10-29T22:30Z": (date(2028, 10, 31), date(2028, 11, 3)),  # Sunday, half past eleven
    "2028-10-29T23:30Z": (date(2028, 11, 1), date(2028, 11, 6)),  # Monday, half past twelve
    "2028-10-27T21:30Z": (date(2028, 10, 31), date(2028, 11, 3)),  # Friday, half past eleven
    "2028-10-26T22:30Z": (date(2028, 10, 31), date(2028, 11, 3)),  # Friday, half past twelve
    "2028-10-26T21:30Z": (date(2028, 10, 30), date(2028, 11, 2)),  # Thursday, half past eleven
}


@pytest.mark.parametrize("moment,days", [*SPRING.items(), *AUTUMN.items()])
def test_around_midnight_the_day_is_that_of_here_also_when_the_clock_changes(
    town, clock, moment, days
):
    now = clock(datetime.fromisoformat(moment))
    consent(town, town.b, starts_on=now.astimezone(AMSTERDAM).date())
    question = a_question(town, now=now)
    slip = an_offer(question, town.b, town, now=now)
    assert (question.due_on, slip.remind_on, slip.due_on) == (days[0], *days)
    row = accept(handover=slip, contact_name="Wim B", by=town.b.by, now=now)
    assert row.remind_on == days[1], "half of ten is five, as the answer"


@pytest.mark.parametrize(
    "offered,last,first",
    [  # when it was offered, the last moment of its last day, and the first after it
        (date(2028, 3, 17), "2028-03-24T22:59Z", "2028-03-24T23:00Z"),
        (date(2028, 3, 20), "2028-03-27T21:59Z", "2028-03-27T22:00Z"),
        (date(2028, 10, 20), "2028-10-27T21:59Z", "2028-10-27T22:00Z"),
        (date(2028, 10, 23), "2028-10-30T22:59Z", "2028-10-30T23:00Z"),
    ],
)
def test_what_ends_ends_at_midnight_of_here(town, clock, offered, last, first):
    now = clock(at(offered))
    consent(town, town.b, starts_on=offered)
    slip = an_offer(a_question(town, now=now), town.b, town, now=now)
    for moment, state in ((last, "offered"), (first, "expired")):
        run_clock(municipality=town.municipality, now=clock(datetime.fromisoformat(moment)))
        choose("GM1948")
        slip.refresh_from_db()
        assert slip.state == state, moment


# who is told, and who gets what to do (3.2)

A, B, BOSS, RESIDENT = {"team-a"}, {"team-b"}, {"cor.a"}, {"rina"}
STEP = ("next-step", "A", date(2027, 4, 1))
LOOK = ("coordinator", "A", date(2027, 4, 1))


def _declines(town, slip):
    decline(handover=slip, reason=DeclineReason.FULL, text="Vol", suggestion="?", by=town.b.by,
            now=at(TUESDAY))  # fmt: skip


def _declines_again(town, slip):
    decline(handover=slip, reason=DeclineReason.FULL, text="Vol", suggestion="?", by=town.b.by,
            now=at(WEDNESDAY))  # fmt: skip
    Task.objects.all().delete()
    Message.objects.all().delete()
    _declines(town, an_offer(slip.question, town.b, town, now=at(THURSDAY)))


def _accepts(town, slip):
    return accept(handover=slip, contact_name="Wim B", by=town.b.by, now=at(THURSDAY))


def _expires(town, slip):
    run_clock(municipality=town.municipality, now=at(date(2027, 4, 3)))
    choose("GM1948")


def _no_first_talk(town, slip):
    _accepts(town, slip)
    Message.objects.all().delete()
    run_clock(municipality=town.municipality, now=at(date(2027, 4, 13)))
    choose("GM1948")


def _gives_back(town, slip):
    return_question(handover=_accepts(town, slip), reason="Past niet", by=town.b.by,
                    now=at(TUESDAY))  # fmt: skip


def _withdrawn_by(who):
    def withdraws(town, slip):
        by = {"owner": town.a.by, "resident": town.me}[who]
        withdraw(handover=slip, by=by, now=at(TUESDAY))

    return withdraws


def _meets(town, slip):
    row = _accepts(town, slip)
    return meet(handover=row, met_on=TUESDAY, met_by=ContactKind.PHONE, resident_was_there=True,
                by=town.b.by, now=at(TUESDAY))  # fmt: skip


def _reports(town, slip):
    report_back(handover=_meets(town, slip), result=Result.SOLVED, by=town.b.by, now=at(TUESDAY))


def _disputes(town, slip):
    dispute(handover=_meets(town, slip), text="Nee", by=town.me, now=at(TUESDAY))


LATE_STEP = [("next-step", "A", date(2027, 4, 6)), ("coordinator", "A", date(2027, 4, 6))]
LATER_STEP = [("next-step", "A", date(2027, 4, 15)), ("coordinator", "A", date(2027, 4, 15))]
ENDS = {
    # how it ends: what it does, the tasks (kind, team, day), the last word and who hears it
    "declined": (_declines, [STEP], {"declined": A}),
    "declined again": (_declines_again, [STEP, LOOK], {"declined": A | BOSS}),
    "expired": (_expires, LATE_STEP, {"expired": A | BOSS}),
    "no first talk": (_no_first_talk, LATER_STEP, {"contact-expired": A | BOSS}),
    "given back": (_gives_back, [STEP], {"accepted": A, "returned": A}),
    "withdrawn by the owner": (_withdrawn_by("owner"), [], {"withdrawn": B | RESIDENT}),
    "withdrawn by the resident": (_withdrawn_by("resident"), [STEP], {"withdrawn": A | B}),
    "met": (_meets, [], {"accepted": A, "handed-over": A | RESIDENT}),
    "reported": (
        _reports,
        [],
        {"accepted": A, "handed-over": A | RESIDENT, "reported-back": A},
    ),
    "disputed": (
        _disputes,
        [("coordinator", "B", date(2027, 4, 1))],
        {"accepted": A, "handed-over": A | RESIDENT, "disputed": {"cor.b"}},
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_each_end_has_its_tasks_and_its_mails_and_no_other(town, slip, clock, name):
    do, tasks, mails = ENDS[name]
    # A mailbox of the team, so that it shows who is told as a coordinator.
    for desk, address in ((town.a, "team-a"), (town.b, "team-b")):
        Team.objects.filter(pk=desk.team.pk).update(email=f"{address}@meierijstad.example")
    Message.objects.all().delete()
    clock(at(TUESDAY))
    do(town, slip)
    teams = {town.a.team.pk: "A", town.b.team.pk: "B"}
    found = Task.objects.open().values_list("kind", "team", "due_on")
    assert sorted((kind, teams[team], day) for kind, team, day in found) == sorted(tasks)
    heard = {}
    for one in Message.objects.filter(key__startswith="handover:"):
        heard.setdefault(one.key.split(":")[2], []).append(one.recipient.partition("@")[0])
    assert {word: sorted(who) for word, who in heard.items() if word != "offered"} == {
        word: sorted(who) for word, who in mails.items()
    }
