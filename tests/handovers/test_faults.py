"""One fault holds up nothing else: not in a job of the day, a clock, a row or a mail."""

from datetime import timedelta

import pytest

from omzien.cli.commands import worker
from omzien.cli.commands.worker import do_the_day, one_round
from omzien.handovers.actions import clock, offering, silence
from omzien.handovers.actions.advising import ask_advice
from omzien.handovers.models import Consult, Handover
from omzien.journal.each import on_its_own
from omzien.journal.isolation import choose, working_for
from omzien.journal.models import Fact
from omzien.messages import rights
from omzien.messages.actions import deliver_waiting
from omzien.messages.models import Message
from omzien.people.actions.grounds import withdraw
from omzien.people.actions.memberships import welcome_person
from omzien.people.models import Ground
from omzien.people.privacy import retaining
from omzien.people.privacy.daily import clean_up
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions import clock as clocks
from omzien.questions.actions import crisis, objecting
from omzien.questions.actions.crisis import flag_crisis
from omzien.questions.actions.objecting import object_to
from omzien.questions.models import Crisis, Objection, Question
from tests.casework import NOW, a_question, an_offer, at, consent
from tests.worlds import TODAY

pytestmark = pytest.mark.django_db
HERE = "GM1948"
WORDS = "Rina Roos"
LATE = NOW + timedelta(days=40)


def stuck(*_words, **_more):
    raise RuntimeError(WORDS)


def stuck_at(first, real, key=lambda row: row.pk):
    """Return what a function does, but for the row that comes first."""

    def odd(row, *words, **more):
        return stuck() if key(row) == first else real(row, *words, **more)

    return odd


def went_wrong(caplog, *words):
    """Look whether the log says what went wrong, without the words of the error, and clear it."""
    assert all(word in caplog.text for word in words), caplog.text
    assert "RuntimeError" in caplog.text and WORDS not in caplog.text
    caplog.clear()


@pytest.fixture
def two(town):
    """Two open offers, the one that is due first in front."""
    consent(town, town.b)
    consent(town, town.c)
    rows = [an_offer(a_question(town), desk, town) for desk in (town.b, town.c)]
    Handover.objects.filter(pk=rows[0].pk).update(offered_at=NOW - timedelta(hours=2))
    return rows


def test_a_job_of_the_day_that_fails_stops_no_clock_no_mail_and_no_other_municipality(
    town, monkeypatch, caplog
):
    ran = []
    monkeypatch.setattr(
        "omzien.people.actions.reviews.open_due_reviews",
        lambda municipality, on: stuck() if municipality.code == HERE else ran.append("other"),
    )
    monkeypatch.setattr(worker, "watch_the_clocks", lambda now: ran.append("clocks") or [])
    monkeypatch.setattr("omzien.messages.actions.deliver_waiting", lambda: ran.append("mail") or 0)
    monkeypatch.setattr(
        "omzien.people.privacy.daily.clean_up", lambda **_: ran.append("clean-up") or 0
    )
    one_round()
    assert ran[:2] == ["clocks", "mail"]  # before the work of the day
    assert ran.count("clean-up") == 2 and "other" in ran
    went_wrong(caplog, HERE, "toegang")
    one_round()
    assert ran.count("clocks") == 2 and ran.count("other") == 1
    went_wrong(caplog, HERE)
    with working_for(HERE):  # it is not called done, so that it is tried again
        assert not Fact.objects.filter(verb="work", municipality=HERE).exists()
    monkeypatch.setattr("omzien.people.actions.reviews.open_due_reviews", lambda **_: 0)
    do_the_day(on=TODAY)
    with working_for(HERE):
        assert Fact.objects.filter(verb="work", municipality=HERE).count() == 1


@pytest.mark.parametrize("part", ["watch_the_clocks", "_deliver", "do_the_day"])
def test_a_part_of_a_round_that_fails_stops_no_other_part(town, monkeypatch, caplog, part):
    parts = ("watch_the_clocks", "_deliver", "do_the_day", "_read_files")
    ran = []
    for one in parts:
        monkeypatch.setattr(worker, one, lambda one=one, **_: ran.append(one) or [])
    monkeypatch.setattr(worker, part, stuck)
    one_round()
    assert set(ran) == set(parts) - {part}
    went_wrong(caplog)


def test_without_its_database_a_round_ends(monkeypatch):
    monkeypatch.setattr("omzien.journal.each.connection", type("Lost", (), {"is_usable": bool})())
    with pytest.raises(RuntimeError), on_its_own("something"):
        stuck()


def test_a_list_that_cannot_be_run_holds_up_no_other(town, monkeypatch, caplog):
    ran = []
    kinds = [kind for kind in retaining.terms() if retaining.KINDS[kind].by_clock]
    monkeypatch.setattr(
        retaining, "_destroy_due", lambda code, kind, on: stuck() if kind == kinds[0] else 1
    )
    monkeypatch.setattr(retaining, "propose", lambda **_: ran.append("propose"))
    assert clean_up(municipality=town.municipality, on=TODAY) == len(kinds) - 1
    assert ran == ["propose"]
    went_wrong(caplog, kinds[0])


@pytest.mark.parametrize("name", ["expire", "remind"])
def test_a_handover_that_fails_holds_up_no_other(two, town, monkeypatch, caplog, name):
    first, second = two
    what = "tell_coordinators" if name == "expire" else "tell_team"
    monkeypatch.setattr(clock, what, stuck_at(first.pk, getattr(clock, what)))
    moment = LATE if name == "expire" else at(first.remind_on)
    for _ in range(2):
        clock.run_clock(municipality=town.municipality, now=moment)
        choose(HERE)
        went_wrong(caplog, str(first.pk), name)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (
        ("offered", "expired") if name == "expire" else ("offered", "offered")
    )
    if name == "remind":
        assert first.reminded_at is None and second.reminded_at is not None


def test_what_no_ground_covers_ends_also_when_another_fails(two, town, monkeypatch, caplog):
    for one in Ground.objects.all():
        withdraw(ground=one, by=town.me)
    other = welcome_person(municipality=town.municipality, name="Oda", email="", by=SYSTEM)
    Question.objects.filter(pk=two[1].question_id).update(person=other)
    bare = offering.persons_uncovered(at=NOW)
    assert len(bare) == 2
    first = Handover.objects.get(question__person=bare[0])
    monkeypatch.setattr(
        offering, "_end_by_withdrawing", stuck_at(first.pk, offering._end_by_withdrawing)
    )
    for _ in range(2):
        clock.run_clock(municipality=town.municipality, now=NOW)
        choose(HERE)
        went_wrong(caplog, str(bare[0]))
    assert offering.persons_uncovered(at=NOW) == bare[:1]


def test_advice_that_fails_holds_up_no_other(town, monkeypatch, caplog):
    rows = [
        ask_advice(
            question=a_question(town), to_team=team, text="Weet iemand een maatje?",
            by=town.a.by, now=NOW,
        )
        for team in (town.b.team, town.c.team)
    ]  # fmt: skip
    first = rows[0].pk
    monkeypatch.setattr(
        silence, "tell_of", lambda row, *words, **more: stuck() if row.pk == first else None
    )
    for _ in range(2):
        silence.run_silence(municipality=town.municipality, now=LATE)
        choose(HERE)
        went_wrong(caplog, str(first))
    assert [Consult.objects.get(pk=one.pk).state for one in rows] == ["asked", "expired"]


def test_a_crisis_that_fails_holds_up_no_other_crisis_and_no_other_clock(town, monkeypatch, caplog):
    questions = [a_question(town) for _ in range(2)]
    for one in questions:
        flag_crisis(question=one, by=town.a.by, now=NOW)
        object_to(question=one, why="Nee.", key=one.pk, by=town.me, now=NOW)
    first = questions[0].pk
    monkeypatch.setattr(crisis, "note", stuck_at(first, crisis.note))
    monkeypatch.setattr(
        objecting, "_remind", stuck_at(first, objecting._remind, lambda row: row.question_id)
    )
    for _ in range(2):
        clocks.run_clocks(town.municipality, LATE)
        choose(HERE)
        went_wrong(caplog, "alarm-crisis", "remind")
    alarmed = Crisis.objects.filter(alarmed_at__isnull=False)
    assert list(alarmed.values_list("question", flat=True)) == [questions[1].pk]
    reminded = Objection.objects.filter(reminded_at__isnull=False)
    assert list(reminded.values_list("question", flat=True)) == [questions[1].pk]


def test_a_clock_that_fails_whole_holds_up_no_other(town, monkeypatch, caplog):
    ran = []
    monkeypatch.setattr(clocks, "CLOCKS", (stuck, lambda *_: ran.append(1) or 1))
    monkeypatch.setattr(stuck, "__name__", "stuck")
    monkeypatch.setattr(clocks.CLOCKS[1], "__name__", "other")
    assert clocks.run_clocks(town.municipality, NOW) == 1 and ran == [1]
    went_wrong(caplog, "stuck")


def test_a_mail_whose_check_fails_waits_and_the_others_go(town, monkeypatch, mailoutbox, caplog):
    a_question(town)
    deliver_waiting()
    choose(HERE)
    Message.objects.update(state="waiting", key="odd:1")
    odd = Message.objects.count()
    assert odd
    a_question(town)
    Message.objects.filter(key="odd:1").update(next_try_at=NOW - timedelta(days=1))
    monkeypatch.setitem(rights._known, "odd", stuck)
    for _ in range(2):
        deliver_waiting()
        choose(HERE)
    left = Message.objects.filter(state="waiting")
    assert {one.key for one in left} == {"odd:1"} and left.count() == odd
    assert {one.tries for one in left} == {1}
    assert Message.objects.filter(state="sent").exists()
    assert WORDS not in caplog.text and "RuntimeError" in caplog.text
