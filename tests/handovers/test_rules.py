"""Pure rules around a handover: FHIR, names in a text, answers, links."""

from datetime import UTC, date, datetime, timedelta

import pytest

from omzien.handovers.rules.along import ALONG, CONSULT, REFERRAL
from omzien.handovers.rules.fhir import NEEDS_REASON, STATUS, WHY, WITHDRAWN, status_of
from omzien.handovers.rules.links import is_in, is_taken
from omzien.handovers.rules.mentions import tells
from omzien.handovers.rules.responsiveness import FEWEST, Answered, answers_of, is_fresh
from omzien.handovers.rules.states import BY_RESIDENT, MOVES, DeclineReason, State, WithdrawReason
from omzien.web.handovers.words import DECLINED, OURS, RESIDENTS

# The published states of a Task of the SDOH guide that are used, and the moves between them
# (casework notes 3.0; `ready` and `received` are excluded by the guide).
PUBLISHED = {
    "draft": {"requested", "entered-in-error"},
    "requested": {"accepted", "rejected", "cancelled", "entered-in-error"},
    "accepted": {
        "in-progress", "on-hold", "cancelled", "completed", "failed", "entered-in-error",
    },
    "in-progress": {"on-hold", "cancelled", "completed", "failed", "entered-in-error"},
    "on-hold": {"in-progress", "cancelled", "completed", "failed", "entered-in-error"},
    "rejected": {"entered-in-error"},
    "cancelled": {"entered-in-error"},
    "failed": {"entered-in-error"},
    "completed": {"entered-in-error"},
    "entered-in-error": set(),
}  # fmt: skip


def test_every_state_has_a_published_status():
    assert set(STATUS) == set(State)
    assert set(STATUS.values()) <= set(PUBLISHED)


@pytest.mark.parametrize("name", sorted(MOVES))
def test_every_move_of_ours_is_a_published_move(name):
    move = MOVES[name]
    for start in move.start:
        for result in ("solved", "not") if name == "report-back" else ("",):
            end = status_of(move.end, result)
            assert end in PUBLISHED[status_of(start)], (name, start, end)


def test_a_question_that_came_to_nothing_is_failed():
    assert status_of(State.REPORTED_BACK, "not") == "failed"
    assert status_of(State.REPORTED_BACK, "partly") == "completed"


def test_every_ending_that_needs_a_reason_has_words():
    assert {"rejected", "cancelled", "on-hold", "failed"} == NEEDS_REASON
    assert set(WITHDRAWN) == set(WithdrawReason) and set(DECLINED) == set(DeclineReason)
    cancelled = {state for state, status in STATUS.items() if status == "cancelled"}
    assert cancelled - {State.WITHDRAWN} == set(WHY)


def test_the_two_groups_of_reasons_are_never_mixed():
    assert set(RESIDENTS) == BY_RESIDENT and not set(OURS) & BY_RESIDENT


@pytest.mark.parametrize("table", [REFERRAL, CONSULT, ALONG])
def test_nothing_leaves_an_end(table):
    starts = {state for move in table.values() for state in move.start}
    ends = {move.end for move in table.values()} - starts
    assert ends and starts


NAMES = ["Rina Roos", "Jan van den Berg"]
PHONES, MAILS = ["06-5550 0001", ""], ["rina@voorbeeld.example"]


@pytest.mark.parametrize(
    "text,found",
    [
        ("Iemand van 70 komt de deur niet uit.", ""),
        ("Rina komt de deur niet uit.", "name"),
        ("mevrouw ROOS", "name"),
        ("De heer Berg", "name"),
        ("Een rozenperk van de buurt, den haag", ""),
        ("de Rinakade", ""),
        ("Rína", "name"),
        ("bel 0655500001", "phone"),
        ("bel +31 6 5550 0001", "phone"),
        ("nummer 55500001", "phone"),
        ("sinds 12-03-2021, 4 keer", ""),
        ("een bedrag van 1.250,00 euro", ""),
        ("mail RINA@voorbeeld.example", "mail"),
        ("mail ander@voorbeeld.example", "mail"),
    ],
)
def test_a_text_tells_who_somebody_is_or_not(text, found):
    assert tells(text, names=NAMES, phones=PHONES, mails=MAILS) == found


MONDAY = date(2026, 3, 2)


def rows(count, days=2, *, accepted=True, by_resident=False):
    answered = MONDAY + timedelta(days=days)
    return [Answered(MONDAY, answered, accepted, by_resident) for _ in range(count)]


def test_nothing_is_said_of_few_handovers():
    assert answers_of(rows(FEWEST - 1)) is None
    assert answers_of([*rows(FEWEST - 1), Answered(MONDAY, None, accepted=False)]) is None
    assert answers_of([]) is None


def test_how_a_team_usually_answers():
    found = answers_of([*rows(8), *rows(4, 3, accepted=False)])
    assert (found.days, found.percent) == (2, 67)
    silent = answers_of([*rows(10), *(Answered(MONDAY, None, accepted=False) for _ in range(10))])
    assert (silent.days, silent.percent) == (2, 50)


def test_what_the_resident_wants_says_nothing_of_the_team():
    found = answers_of([*rows(10), *rows(10, accepted=False, by_resident=True)])
    assert found.percent == 100
    few = answers_of([*rows(4), *rows(10, accepted=False, by_resident=True)])
    assert few.percent is None


def test_room_counts_for_two_weeks():
    assert is_fresh(MONDAY, on=MONDAY + timedelta(days=14))
    assert not is_fresh(MONDAY, on=MONDAY + timedelta(days=15))


def test_one_browser_at_a_time():
    now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    later = now + timedelta(hours=1)
    assert is_taken(holder="a", until=later, browser="b", now=now)
    assert not is_taken(holder="a", until=later, browser="a", now=now)
    assert not is_taken(holder="a", until=now, browser="b", now=now)
    assert not is_taken(holder="", until=None, browser="b", now=now)
    assert is_in(holder="a", until=later, browser="a", now=now)
    assert not is_in(holder="", until=later, browser="", now=now)
    assert not is_in(holder="a", until=now, browser="a", now=now)
