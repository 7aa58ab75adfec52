"""T1: a deadline is monotone and never on a day off; the terms are what was agreed.

What happens around midnight, and when the clock changes: tests/handovers/test_terms.py.
"""

from dataclasses import fields, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from omzien.areas.models import Municipality
from omzien.choices.checks import wrong_together
from omzien.choices.table import of_group, settings, value_of
from omzien.kernel.ladder import Rung
from omzien.kernel.workdays import is_working_day
from omzien.questions.actions.by_law import research_by
from omzien.questions.actions.tasks import finish_task
from omzien.questions.actions.working import go_on
from omzien.questions.models import Task
from omzien.questions.rules.caseload import ACUTE, is_over, weight
from omzien.questions.rules.filters import read
from omzien.questions.rules.reaching import By, Try, in_vain, lacks
from omzien.questions.rules.states import LIVE
from omzien.questions.rules.terms import STANDARD
from omzien.questions.terms import CHOSEN, FIXED, terms_of
from tests.casework import NOW, a_question

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
COUNTS = st.integers(0, 60)
CLOSED = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@given(DAYS, DAYS, COUNTS, COUNTS, CLOSED)
def test_later_and_longer_never_ends_sooner(start, other, count, more, closed):
    terms = replace(STANDARD, closed=closed)
    first, last = sorted((start, other))
    assert terms.after(first, count) <= terms.after(last, count)
    assert terms.after(start, count) <= terms.after(start, count + more)


@given(DAYS, st.integers(1, 60), CLOSED)
def test_no_term_ends_on_a_day_off(start, count, closed):
    end = replace(STANDARD, closed=closed).after(start, count)
    assert is_working_day(end, closed) and end > start


# The numbers themselves: casework 3.9 unless it says otherwise.
AGREED = {
    "reply": (2, "a human reply; ours, beside Wmo 2.3.2 lid 1"),
    "next_step": (2, "3.2: the task after a decline"),
    "silent": (5, "info question to the resident"),
    "remind": (2, "handover answer: remind"),
    "answer": (5, "handover answer: escalate and expire"),
    "urgent": (1, "handover answer, urgent"),
    "external_days": (14, "external: by a link"),
    "feedback_days": (14, "feedback: the link of aftercare"),
    "contact": (10, "first contact after acceptance"),
    "review": (5, "3.6: reading in an emergency"),
    "triage": (2, "ours"),
    "tell": (5, "ours, within AVG art. 14 lid 3"),
    "objection": (10, "ours, within AVG art. 12 lid 3"),
    "call": (5, "ours"),
    "early_weeks": (4, "debt help first talk: Wgs art. 4 lid 1"),
    "debt_days": (3, "debt help at eviction or cut-off: Wgs art. 4 lid 2"),
    "research_weeks": (6, "investigation: Wmo 2.3.2 lid 1"),
    "plan_days": (7, "personal plan window: Wmo 2.3.2 lid 2"),
    "give_up": (10, "3.1: unreached, ten working days at least"),
    "report_weeks": (6, "feedback loop"),
    "reopen_weeks": (6, "3.1: the same team"),
    "waiting_weeks": (6, "3.4: contact every six weeks"),
    "caseload": (40, "ours: rules/caseload.py"),
}


@pytest.mark.parametrize("name", [one.name for one in fields(STANDARD) if one.name != "closed"])
def test_each_term_is_what_was_agreed(name):
    number, source = AGREED[name]
    assert getattr(STANDARD, name) == number, source


def test_weeks_are_weeks_of_the_calendar():
    day = date(2027, 3, 24)
    assert STANDARD.aftercare(day) == STANDARD.reopens_until(day) == date(2027, 5, 5)
    assert STANDARD.early(day) == date(2027, 4, 21)
    assert STANDARD.closed == frozenset()


# What a municipality chooses


@pytest.mark.django_db
def test_every_term_can_be_chosen_and_holds(world):
    chosen = {f"question_{name}": getattr(STANDARD, name) + 1 for name in CHOSEN}
    assert set(chosen) == {one.code for one in of_group("hulpvragen")}
    assert {one.name for one in fields(STANDARD)} == {*CHOSEN, *FIXED, "closed"}
    assert terms_of("GM1948") == STANDARD
    from omzien.areas.queries import forget

    Municipality.objects.filter(pk="GM1948").update(settings=chosen)
    forget()
    found = terms_of("GM1948")
    assert all(getattr(found, name) == getattr(STANDARD, name) + 1 for name in CHOSEN)


@pytest.mark.parametrize("setting", of_group("hulpvragen"), ids=lambda one: one.code)
def test_the_standard_lies_within_the_bounds_and_giving_up_is_never_sooner(setting):
    limits = setting.limits
    assert limits.least_number <= setting.default <= limits.most_number
    assert settings()["question_give_up"].limits.least_number == 10


@pytest.mark.parametrize(
    "name,most,why",
    [
        ("review", 5, "five at most by design"),
        ("tell", 10, "a month at most by the AVG, art. 14 lid 3"),
        ("objection", 15, "a month at most by the AVG, art. 12 lid 3"),
    ],
)
@given(start=DAYS)
def test_no_choice_goes_over_what_law_or_design_allows(name, most, why, start):
    assert settings()[f"question_{name}"].limits.most_number == most, why
    # Also over Christmas and with a few days of their own a month is enough.
    closed = frozenset(start + timedelta(days=n) for n in (2, 3))
    assert replace(STANDARD, closed=closed).after(start, most) <= start + timedelta(days=30)


def test_what_the_law_fixes_is_on_no_page_and_says_which_law():
    laws = {"early_weeks": "Wgs", "debt_days": "Wgs", "research_weeks": "Wmo", "plan_days": "Wmo",
            "feedback_days": "De mail"}  # fmt: skip
    assert set(FIXED) == set(laws) and all(law in FIXED[name] for name, law in laws.items())
    assert STANDARD.early_weeks == 4
    assert not {f"question_{name}" for name in FIXED} & set(settings())


def test_a_handover_never_comes_back_before_the_reminder():
    values = {
        code: value_of(one, Municipality(code="x", name="x")) for code, one in settings().items()
    }
    assert not [code for code, _why in wrong_together(values) if code == "question_answer"]
    values["question_remind"] = values["question_answer"]
    assert "question_answer" in {code for code, _why in wrong_together(values)}


# Weights, filters, tries


def test_weights_are_those_that_were_agreed():
    assert {state: weight(state) for state in LIVE} == {"new": 1, "clarifying": 2, "running": 1}
    assert weight("running", "team") == 2 == weight("running", "specialist")
    assert weight("new", is_acute=True) == ACUTE == 3
    assert weight("running", "team", is_acute=True) == 4
    assert not is_over(38, 2, 40) and is_over(39, 2, 40) and not is_over(999, 1, 0)


VALUES = st.one_of(st.text("me-today\0", max_size=9), st.integers(), st.none())
NAMES = st.sampled_from(["village", "topic", "state", "holder", "due", "x"])


@given(st.dictionaries(NAMES, VALUES))
def test_whatever_an_address_holds_is_read(values):
    found = read(values)
    assert read(found.as_dict()) == found


PAST = st.dates(date(2026, 9, 1), date(2026, 11, 25))
TRIES = st.lists(
    st.builds(
        Try, st.sampled_from(By), st.dates(date(2026, 9, 1), date(2026, 11, 25)), st.booleans()
    ),
    max_size=8,
)


@given(TRIES, st.sampled_from(By))
def test_one_more_try_in_vain_never_makes_more_lacking(tries, way):
    today = date(2026, 11, 26)
    before = set(lacks(tries, today=today, days=10))
    assert set(lacks([*tries, Try(way, today)], today=today, days=10)) <= before


@given(TRIES)
def test_who_was_reached_today_is_not_given_up(tries):
    today = date(2026, 11, 26)
    found = [*tries, Try(By.PHONE, today, reached=True)]
    assert in_vain(found) == []
    assert lacks(found, today=today, days=10) == ["tries", "ways", "days"]


MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "topics,is_acute,days",
    [
        ((), True, {}),
        (("debt",), False, {"debt": date(2026, 12, 21)}),
        (("debt",), True, {"debt": date(2026, 11, 26)}),
        (("debt", "homelessness"), False, {"debt": date(2026, 11, 26)}),
        (("wmo", "meals"), False, {"wmo": date(2027, 1, 4)}),
    ],
)
def test_a_law_gives_a_last_day_by_topic(topics, is_acute, days):
    assert STANDARD.by_law(topics, MONDAY, is_acute=is_acute) == days
    assert STANDARD.own_plan(MONDAY) == date(2026, 11, 30)


@pytest.mark.django_db
def test_a_question_about_debts_has_its_first_talk_on_the_list(town):
    question = a_question(town, topics=["debt"])
    (task,) = Task.objects.open().filter(question=question)
    assert task.team_id == question.team_id and task.holder_id is None
    assert task.due_on == timezone.localdate(NOW) + timedelta(weeks=4)


@pytest.mark.django_db
def test_on_the_highest_rung_the_research_has_its_last_day_once(town):
    question = a_question(town)
    today = timezone.localdate(NOW)
    common = {"question": question, "next_action": "Huisbezoek", "next_on": today, "skipped": "x",
              "by": town.a.by}  # fmt: skip
    go_on(rung=Rung.TEAM, now=NOW, **common)
    assert not Task.objects.exists()
    for days in range(2):
        go_on(rung=Rung.SPECIALIST, now=NOW + timedelta(days=days),
              **common | {"next_on": today + timedelta(days=days)})  # fmt: skip
    (task,) = Task.objects.open()
    assert task.due_on == research_by(question) == today + timedelta(weeks=6)
    assert "Wmo-onderzoek" in task.what and task.holder_id is None
    finish_task(task=task, by=town.a.by, now=NOW)
    go_on(rung=Rung.SPECIALIST, now=NOW, **common)
    assert not Task.objects.open().exists() and research_by(question) is None


@pytest.mark.django_db
def test_a_question_about_the_wmo_keeps_the_day_of_the_report(town):
    question = a_question(town, topics=["wmo"])
    later = NOW + timedelta(weeks=3)
    go_on(question=question, rung=Rung.SPECIALIST, next_action="x", skipped="x", by=town.a.by,
          next_on=timezone.localdate(later), now=later)  # fmt: skip
    assert research_by(question) == timezone.localdate(NOW) + timedelta(weeks=6)
