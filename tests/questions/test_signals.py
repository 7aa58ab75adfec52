"""Worries about somebody, and early signals of partners."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from omzien.handovers.actions.teams import archive_team, work_of
from omzien.journal.isolation import choose
from omzien.journal.models import Fact
from omzien.messages.models import Message
from omzien.messages.rights import may_still_go
from omzien.people.privacy.registry import subject_of, terms
from omzien.people.rules.roles import PUBLIC, SYSTEM, Actor
from omzien.questions import privacy
from omzien.questions.actions.asking import Contact
from omzien.questions.actions.early import (
    accept_talk,
    end_talk,
    offer_talk,
    run_early,
    take_early_signals,
)
from omzien.questions.actions.signals import (
    Worry,
    end_signal,
    lead_to_contact,
    pick_up_signal,
    report_worry,
    run_signals,
    tell_after_all,
    tell_person,
)
from omzien.questions.models import EarlySignal, Question, Reporter, Signal
from omzien.questions.refusals import (
    NeedsName,
    NeedsReason,
    NeedsStory,
    NeedsTelling,
    NotAllowed,
    Stale,
    TeamOwnsWork,
    WrongState,
)
from omzien.questions.rules.signals import AMOUNTS, EarlyEnd, SignalState, amount_class
from tests.casework import NOW, asked

pytestmark = pytest.mark.django_db
TEXT = "De gordijnen zijn al dagen dicht en de krant ligt er nog."
HIM = Contact(name="Bram Buur", email="bram@buur.example", phone="06-5550 0009")


def report(town, **more):
    fields = {"about": "Mevrouw Jansen", "village": town.village, "worry": TEXT, "reporter": HIM}
    return report_worry(
        municipality=town.municipality, worry=Worry(**(fields | more)),
        by=Actor("GM1948"), now=NOW,
    )  # fmt: skip


def picked(town, **more):
    signal = report(town, **more)
    return pick_up_signal(signal=signal, by=town.a.by, now=NOW)


def test_a_worry_goes_to_a_team_with_a_clock_and_asks_nobody_who_they_are(town):
    signal = report(town, reporter=None)
    assert signal.team == town.a.team and signal.due_on > timezone.localdate(NOW)
    assert not Reporter.objects.exists() and not Question.objects.exists()
    assert set(Message.objects.values_list("recipient", flat=True)) == {
        "wim.a@meierijstad.example", "cor.a@meierijstad.example",
    }  # fmt: skip


def test_sent_twice_is_one_worry(town):
    key = uuid4()
    assert report(town, key=key).pk == report(town, key=key, worry="anders").pk


@pytest.mark.parametrize("more,error", [({"about": " "}, NeedsName), ({"worry": ""}, NeedsStory)])
def test_a_worry_says_about_whom_and_what(town, more, error):
    with pytest.raises(error):
        report(town, **more)


def test_only_the_team_sees_it(town):
    report(town)
    assert Signal.objects.visible_to(town.a.by).exists()
    assert Signal.objects.visible_to(town.a.boss).exists()
    for by in (town.b.by, town.c.by, town.me, PUBLIC):
        assert not Signal.objects.visible_to(by).exists()
    with pytest.raises(NotAllowed):
        pick_up_signal(signal=Signal.objects.get(), by=town.b.by, now=NOW)


def test_the_reporter_hears_only_that_it_was_picked_up(town):
    picked(town)
    mail = Message.objects.get(recipient=HIM.email)
    assert "opgepakt" in mail.body
    assert not any(word in mail.body + mail.subject for word in ("Jansen", "gordijnen", "http"))
    with pytest.raises(WrongState):
        pick_up_signal(signal=Signal.objects.get(), by=town.a.by, now=NOW)
    end = tell_person(signal=Signal.objects.get(), by=town.a.by, now=NOW)
    end_signal(signal=end, why="Zij was op vakantie.", by=town.a.by, now=NOW)
    assert Message.objects.filter(recipient=HIM.email).count() == 1


def test_it_ends_only_when_the_person_knows_or_it_is_said_why_not(town):
    signal = picked(town)
    with pytest.raises(NeedsTelling):
        end_signal(signal=signal, why="Niets aan de hand.", by=town.a.by, now=NOW)
    with pytest.raises(NeedsTelling):
        lead_to_contact(signal=signal, asked=asked(town), by=town.a.by, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signal.objects.update(ended_at=NOW, state=SignalState.CONTACT)
    tell_person(signal=signal, by=town.a.by, now=NOW, not_because="Hij slaat haar.")
    with pytest.raises(NeedsReason):
        end_signal(signal=signal, why="", by=town.a.by, now=NOW)
    ended = end_signal(signal=signal, why="Zij zegt dat het goed gaat.", by=town.a.by, now=NOW)
    assert ended.state == SignalState.NOTHING and ended.told_at is None
    assert not Signal.objects.visible_to(town.a.by).exists()  # ended is nobody's work


def test_who_was_not_told_is_asked_for_each_quarter_and_can_be_told_after_all(town):
    signal, here = picked(town), town.municipality
    with pytest.raises(NotAllowed):  # it is open still: then `tell_person` is the way
        tell_after_all(signal=signal, by=town.a.by, now=NOW)
    tell_person(signal=signal, by=town.a.by, now=NOW, not_because="Haar man leest mee.")
    question = lead_to_contact(signal=signal, asked=asked(town), by=town.a.by, now=NOW)
    theirs = lambda: list(  # noqa: E731
        next(one for one in privacy.SOURCES if one.code == "signal").find(
            subject_of(question.person)
        )
    )
    quarter = timedelta(days=92)
    found = [run_signals(here, NOW + quarter * n) for n in (0, 1, 1, 2)]
    choose(here.code)
    assert found == [0, 1, 0, 1] and theirs() == []
    mails = Message.objects.filter(key__startswith="signal-untold")
    assert {one.recipient for one in mails} == {"cor.a@meierijstad.example"} and mails.count() == 2
    assert all(map(may_still_go, mails))
    assert not any("Jansen" in one.body or "leest mee" in one.body for one in mails)
    for stranger in (town.b.by, town.me, Actor(here.code)):
        with pytest.raises(NotAllowed):
            tell_after_all(signal=signal, by=stranger, now=NOW)
    told = tell_after_all(signal=signal, by=town.a.by, now=NOW)
    assert (told.told_at, told.not_told_because, told.state) == (NOW, "", SignalState.CONTACT)
    assert theirs() == [signal]
    facts = Fact.objects.filter(subject="signal", subject_id=str(signal.pk)).order_by("pk")
    assert [one.verb for one in facts][-1] == "tell"
    with pytest.raises(WrongState):
        tell_after_all(signal=signal, by=town.a.by, now=NOW)
    assert run_signals(here, NOW + quarter * 4) == 0


def test_a_team_does_not_end_while_it_has_a_worry_of_which_the_person_does_not_know(town):
    """What ended without telling still waits to be told, and nobody else could do that."""
    signal = picked(town)
    since = date_format(timezone.localdate(signal.received_at), "j F Y")
    assert work_of(town.a.team) == [("signal", since)]
    tell_person(signal=signal, by=town.a.by, now=NOW, not_because="Haar man leest mee.")
    end_signal(signal=signal, why="Zij zegt dat het goed gaat.", by=town.a.by, now=NOW)
    with pytest.raises(TeamOwnsWork) as caught:
        archive_team(team=town.a.team, by=SYSTEM)
    assert list(caught.value.what) == work_of(town.a.team) == [("untold", since)]
    tell_after_all(signal=signal, by=town.a.by, now=NOW)
    assert work_of(town.a.team) == []


def test_contact_makes_a_question_in_the_persons_own_words(town):
    signal = tell_person(signal=picked(town), by=town.a.by, now=NOW)
    question = lead_to_contact(signal=signal, asked=asked(town), by=town.a.by, now=NOW)
    assert TEXT not in question.story and question.asked_by is None
    assert Signal.objects.get().question == question


def test_a_stale_page_changes_nothing(town):
    with pytest.raises(Stale):
        pick_up_signal(signal=report(town), by=town.a.by, now=NOW, version=7)


def test_a_worry_that_waits_is_told_to_the_coordinator_and_again_each_four_weeks(town):
    signal, here = report(town), town.municipality
    assert run_signals(here, NOW) == 0
    late = NOW + timedelta(days=9)
    assert [run_signals(here, at) for at in (late, late, NOW, late + timedelta(27))] == [1, 0, 0, 0]
    pick_up_signal(signal=signal, by=town.a.by, now=late)
    assert run_signals(here, late) == 0
    again = late + timedelta(days=20)
    assert run_signals(here, again) == 1 and run_signals(here, again + timedelta(weeks=4)) == 1
    tell_person(signal=signal, by=town.a.by, now=again)
    assert run_signals(here, again) == 0 and run_signals(here, again + timedelta(days=15)) == 1
    mails = Message.objects.filter(key__startswith="signal-late")
    assert {m.recipient for m in mails} == {"cor.a@meierijstad.example"} and mails.count() == 4


def test_facts_hold_no_words(town):
    picked(town)
    assert not any("Jansen" in str(f.details) for f in Fact.objects.filter(subject="signal"))


def test_the_person_never_reads_who_reported(town):
    signal = tell_person(signal=picked(town), by=town.a.by, now=NOW)
    question = lead_to_contact(
        signal=signal, asked=asked(town), by=town.a.by, now=NOW
    )  # fmt: skip
    subject = subject_of(question.person)
    by_code = {source.code: list(source.find(subject)) for source in privacy.SOURCES}
    assert by_code["signal"] == [signal] and by_code["reporter"] == []
    names = {field.name for field in Signal._meta.local_fields}
    assert not names & {"name", "email", "phone", "reporter"}


def test_six_months_after_nothing_came_of_it_it_is_due(town):
    signal = tell_person(signal=picked(town), by=town.a.by, now=NOW)
    end_signal(signal=signal, why="Niets.", by=town.a.by, now=NOW)
    term = terms()["signal"]
    day = timezone.localdate(NOW)
    assert not list(term.due(day + timedelta(days=170)))
    assert [one.key for one in term.due(day + timedelta(days=200))] == [str(signal.pk)]
    term.destroy(str(signal.pk))
    assert not Signal.objects.exists() and not Reporter.objects.exists()


# --- early signals ------------------------------------------------------------------------------

HEAD = "partner;soort;adres;plaats;bedrag;contact op;herinnering op;naam;telefoon\n"
LINE = "Area Wonen;huur;Kerkstraat 1;Schijndel;640,50;3-11-2026;17-11-2026;J. Jansen;0612345678\n"


@pytest.fixture
def take(town, tmp_path):
    def read(text, by=None):
        path = tmp_path / "x.csv"
        path.write_text(text, encoding="utf-8")
        return take_early_signals(
            municipality=town.municipality, path=path, by=by or town.b.by, now=NOW
        )

    return read


def test_a_file_comes_in_once_and_the_amount_is_a_class(take, town):
    assert (take(HEAD + LINE).added, take(HEAD + LINE).known) == (1, 1)
    row = EarlySignal.objects.get()
    assert row.amount == "to-1000" and row.team == town.b.team
    assert row.offer_by == timezone.localdate(NOW) + timedelta(weeks=4)
    assert not any(re.search(r"\b640\b", str(value)) for value in vars(row).values())


@pytest.mark.parametrize(
    "change,row,column",
    [
        (("3-11-2026", ""), 3, "contact op"),
        (("17-11-2026", ""), 3, "herinnering op"),
        (("17-11-2026", "1-11-2026"), 3, "herinnering op"),
        (("17-11-2026", "1-1-2099"), 3, "herinnering op"),
        (("3-11-2026", "morgen"), 3, "contact op"),
        (("huur", "boete"), 3, "soort"),
        (("640,50", "veel"), 3, "bedrag"),
        (("640,50", "0"), 3, "bedrag"),
        (("640,50", "-5"), 3, "bedrag"),
        (("Kerkstraat 1", ""), 3, "adres"),
        (("Area Wonen", "x" * 200), 3, "partner"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_comes_in(take, change, row, column):
    same = change[0] == "Kerkstraat 1"
    other = LINE if same else LINE.replace("Kerkstraat 1", "Dorp 2")
    taken = take(HEAD + LINE + other.replace(*change))
    assert [(f.row, f.field) for f in taken.faults] == [(row, column)]
    assert not EarlySignal.objects.exists()


@pytest.mark.parametrize("text", ["", HEAD, "a;b\n1;2\n", "\x00\x01", HEAD.replace("soort", "x")])
def test_a_file_that_is_none_is_refused_in_words(take, text):
    taken = take(text)
    assert taken.faults and all(fault.sentence for fault in taken.faults)


def test_who_may_not_takes_nothing_in(take, town):
    for by in (town.a.by, town.c.by, town.me):  # a connector, a partner, a resident
        with pytest.raises(NotAllowed):
            take(HEAD + LINE, by)


def test_a_conversation_is_offered_and_may_be_refused(take, town):
    take(HEAD + LINE)
    signal = EarlySignal.objects.visible_to(town.b.by).get()
    assert not EarlySignal.objects.visible_to(town.a.by).exists()
    with pytest.raises(WrongState):
        end_talk(signal=signal, end=EarlyEnd.REFUSED, by=town.b.by, now=NOW)
    offer_talk(signal=signal, by=town.b.by, now=NOW)
    end_talk(signal=signal, end=EarlyEnd.REFUSED, by=town.b.by, now=NOW)
    with pytest.raises(WrongState):
        offer_talk(signal=signal, by=town.b.by, now=NOW)
    assert not EarlySignal.objects.visible_to(town.b.by).exists()


def test_who_accepts_gets_a_question(take, town):
    take(HEAD + LINE)
    signal = offer_talk(signal=EarlySignal.objects.get(), by=town.b.by, now=NOW)
    question = accept_talk(signal=signal, asked=asked(town), by=town.b.by, now=NOW)
    assert EarlySignal.objects.get().question == question


def test_four_weeks_without_an_offer_is_told_and_again_four_weeks_later(take, town):
    take(HEAD + LINE)
    here, late = town.municipality, NOW + timedelta(weeks=5)
    assert [run_early(here, at) for at in (NOW, late, late, NOW)] == [0, 1, 0, 0]
    assert run_early(here, late + timedelta(weeks=4)) == 1
    choose(here.code)
    assert Message.objects.filter(key__startswith="early-late").count() == 2


def test_an_offer_that_nobody_answers_is_told_and_then_ends_by_itself(take, town):
    take(HEAD + LINE)
    here = town.municipality
    signal = offer_talk(signal=EarlySignal.objects.get(), by=town.b.by, now=NOW)
    late = NOW + timedelta(weeks=5)
    assert [run_early(here, at) for at in (NOW, late, late)] == [0, 1, 0]
    run_early(here, late + timedelta(days=27))
    choose(here.code)
    signal.refresh_from_db()
    assert signal.ended_at is None
    run_early(here, late + timedelta(weeks=4))
    choose(here.code)
    signal.refresh_from_db()
    assert signal.end == EarlyEnd.NO_ANSWER and signal.ended_at
    assert Fact.objects.filter(subject="early-signal", verb="no-answer", actor=SYSTEM.key).exists()


def test_what_nobody_ends_is_kept_no_longer_than_the_term_after_its_last_step(take, town):
    take(HEAD + LINE)
    signal = report(town)
    day = timezone.localdate(NOW)
    for code, key, short, long in (
        ("early-signal", EarlySignal.objects.get().pk, 80, 100),
        ("signal", signal.pk, 170, 200),
    ):
        assert not list(terms()[code].due(day + timedelta(days=short)))
        assert [one.key for one in terms()[code].due(day + timedelta(days=long))] == [str(key)]
        terms()[code].destroy(str(key))
    assert not EarlySignal.objects.exists() and not Signal.objects.exists()
    assert not Reporter.objects.exists()


def test_three_months_after_it_ended_it_is_gone(take, town):
    take(HEAD + LINE)
    signal = offer_talk(signal=EarlySignal.objects.get(), by=town.b.by, now=NOW)
    end_talk(signal=signal, end=EarlyEnd.NO_ANSWER, by=town.b.by, now=NOW)
    day = timezone.localdate(NOW)
    assert not list(terms()["early-signal"].due(day + timedelta(days=80)))
    assert list(terms()["early-signal"].due(day + timedelta(days=100)))


def test_amounts_have_classes():
    assert [amount_class(x) for x in (0.01, 249.99, 250, 999, 2500)] == [
        AMOUNTS[0], AMOUNTS[0], AMOUNTS[1], AMOUNTS[2], AMOUNTS[4],
    ]  # fmt: skip
    for wrong in (0, -1, float("nan")):
        with pytest.raises(ValueError):
            amount_class(wrong)
