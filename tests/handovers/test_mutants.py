"""The eight faults that the design was tried with, put into the real actions, and one for each
thing that goes on around a handover: each is found.

Found by the walk beside the oracle, or by the database, which refuses what no action may do.
"""

import pytest
from django.db import DatabaseError

from omzien.handovers.actions import answering, clock, closing, leaving, meetings, offering
from omzien.handovers.actions.writing import locked
from omzien.handovers.models import Handover
from omzien.handovers.rules.states import TAKEN
from omzien.journal.isolation import working_for
from omzien.people import gates
from omzien.questions.actions import ending, working
from omzien.questions.models import Question, questions
from tests.handovers import test_oracle
from tests.handovers.test_oracle import HERE, Handing, stroll

pytestmark = [pytest.mark.django_db, pytest.mark.proofs, pytest.mark.slow]
MOST = 20  # walks; most are found in the first or the second


def also(do, then):
    """Return an action that does something wrong after it did what it should."""

    def mutated(**fields):
        found = do(**fields)
        then(fields["handover"])
        return found

    return mutated


def of(handover):
    return Question.objects.filter(pk=handover.question_id)


def two_open(patch):
    check = offering._check

    def blind(question, team, offer, *, on):
        team.has_open = False
        check(question, team, offer, on=on)

    patch.setattr(offering, "_check", blind)


def owner_moves_on_accept(patch):
    moved = also(test_oracle.accept, lambda row: of(row).update(team=row.to_team_id))
    patch.setattr(test_oracle, "accept", moved)


def decline_loses_owner(patch):
    lost = also(test_oracle.decline, lambda row: of(row).update(team=None))
    patch.setattr(test_oracle, "decline", lost)


def close_leaves_handover(patch):
    patch.setattr(working, "in_the_way", lambda question: {})


def consent_ignored(patch):
    for module in (offering, clock):
        patch.setattr(module, "end_uncovered", lambda **fields: 0)


def no_expiry(patch):
    patch.setattr(clock, "expire", lambda **fields: False)


def sticky_access(patch):
    """Who was offered it once keeps reading it; not while a ground fails, so only after an end."""
    patch.setattr(questions, "OPEN_HANDOVER", ("offered", "accepted", "declined", "returned"))


def repeat_reminder(patch):
    def again(row):
        Handover.objects.filter(pk=row.pk).update(reminded_at=None)

    patch.setattr(clock, "remind", also(clock.remind, again))


# What goes on around it.


def offers_to_nobody(patch):
    patch.setattr(offering, "_is_read", lambda *_team, **_on: True)


def result_only_to_the_last(patch):
    def only(row, result, by, now):
        if row.question.team_id == row.to_team_id:
            tell(row, result, by, now)

    tell = answering._tell_result
    patch.setattr(answering, "_tell_result", only)


def result_asked_again(patch):
    def again(row):
        Handover.objects.filter(pk=row.pk).update(report_reminded_at=None)

    patch.setattr(clock, "ask_result", also(clock.ask_result, again))


def result_by_whom_it_was_given_to(patch):
    patch.setattr(answering, "_as_new_owner", lambda handover, by, version: locked(handover))


def dispute_is_filed_away(patch):
    patch.setattr(answering, "put", lambda **fields: None)


def dispute_of_any_talk(patch):
    patch.setattr(Handover, "is_theirs", property(lambda row: row.state in TAKEN))


def talk_goes_on(patch):
    for module in (closing, meetings):
        patch.setattr(module, "call_off", lambda *row, **fields: None)


def talk_is_no_contact(patch):
    patch.setattr(meetings, "take_over", lambda *row, **fields: None)


def next_step_is_asked_on(patch):
    patch.setattr(working, "step_taken", lambda *row, **fields: None)


def death_leaves_handover(patch):
    patch.setattr(leaving, "end_parts", lambda *row, **fields: None)


def yes_outlives_question(patch):
    patch.setattr(ending, "let_go", lambda **fields: None)


def anybody_takes_back_a_death(patch):
    patch.setattr(working, "looks_along", lambda *who, **fields: True)


def nobody_looks_when_it_comes_back(patch):
    def quiet(question, *, now, to_coordinator, next_step=True):
        back(question, now=now, to_coordinator=False, next_step=next_step)

    back = answering.give_back
    for module in (answering, clock):
        patch.setattr(module, "give_back", quiet)


# Each with the walk that found it last. That one goes first: where it finds nothing any more, the
# others are walked as before.
MUTANTS = {
    two_open: 1, owner_moves_on_accept: 0, decline_loses_owner: 1, close_leaves_handover: 0,
    consent_ignored: 1, no_expiry: 7, sticky_access: 1, repeat_reminder: 0,
    offers_to_nobody: 3, result_only_to_the_last: 9, result_asked_again: 0,
    result_by_whom_it_was_given_to: 0, dispute_is_filed_away: 1, dispute_of_any_talk: 9,
    talk_goes_on: 2, talk_is_no_contact: 2, next_step_is_asked_on: 1, death_leaves_handover: 16,
    yes_outlives_question: 0, anybody_takes_back_a_death: 6, nobody_looks_when_it_comes_back: 5,
}  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.__name__)
def test_each_seeded_fault_is_found(world, monkeypatch, mutant):
    Handing.world = world
    gates._kept.cache_clear()
    with monkeypatch.context() as patch, working_for(HERE):
        mutant(patch)
        with pytest.raises((AssertionError, pytest.fail.Exception, DatabaseError)):
            for seed in sorted(range(MOST), key=lambda one: one != MUTANTS[mutant]):
                stroll(Handing, seed)
    gates._kept.cache_clear()
