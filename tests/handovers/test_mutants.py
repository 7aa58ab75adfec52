"""The eight faults that the design was tried with, put into the real actions: each is found.

Found by the walk beside the oracle, or by the database, which refuses what no action may do.
"""

import pytest
from django.db import DatabaseError

from omzien.handovers.actions import clock, offering
from omzien.handovers.models import Handover
from omzien.journal.isolation import working_for
from omzien.people import gates
from omzien.questions.actions import working
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

    def blind(question, team, offer):
        team.has_open = False
        check(question, team, offer)

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
        patch.setattr(module, "end_uncovered_of", lambda **fields: 0)


def no_expiry(patch):
    patch.setattr(clock, "expire", lambda **fields: False)


def sticky_access(patch):
    """Who was offered it once keeps reading it; not while a ground fails, so only after an end."""
    patch.setattr(questions, "OPEN_HANDOVER", ("offered", "accepted", "declined", "returned"))


def repeat_reminder(patch):
    def again(row):
        Handover.objects.filter(pk=row.pk).update(reminded_at=None)

    patch.setattr(clock, "remind", also(clock.remind, again))


MUTANTS = (
    two_open, owner_moves_on_accept, decline_loses_owner, close_leaves_handover, consent_ignored,
    no_expiry, sticky_access, repeat_reminder,
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.__name__)
def test_each_seeded_fault_is_found(world, monkeypatch, mutant):
    Handing.world = world
    gates._kept.cache_clear()
    with monkeypatch.context() as patch, working_for(HERE):
        mutant(patch)
        with pytest.raises((AssertionError, pytest.fail.Exception, DatabaseError)):
            for seed in range(MOST):
                stroll(Handing, seed)
    gates._kept.cache_clear()
