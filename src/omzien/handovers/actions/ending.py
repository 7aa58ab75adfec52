"""A question ends while other teams do something for it: that ends in the same transaction."""

from datetime import datetime

from django.db import transaction

from omzien.handovers.actions.advising import withdraw_advice
from omzien.handovers.actions.along import end_along
from omzien.handovers.actions.offering import end_because
from omzien.handovers.actions.referring import stop_referrals
from omzien.handovers.models import Handover
from omzien.people.rules.roles import SYSTEM, Actor
from omzien.questions.actions.ending import end
from omzien.questions.actions.working import stop
from omzien.questions.actions.writing import lock_all_of, locked, move, save
from omzien.questions.models import Crisis, Discussion, Question


@transaction.atomic
def stop_question(*, question: Question, name: str, by: Actor, now: datetime) -> Question:
    """End a question by the resident's own move, with all that other teams do for it.

    Raises NotAllowed, WrongState, StillOpen of questions/refusals.py.
    """
    lock_all_of(question.person_id)
    end_parts(locked(question), by=by, now=now)
    return stop(question=question, name=name, by=by, now=now)  # who may not undoes it all


@transaction.atomic
def end_before_forgetting(*, question: Question, now: datetime) -> None:
    """End a question that a restore brought back alive, and that is to be forgotten again.

    Nobody decides anew: that was done. Teams that wait for it hear that it ended; the resident,
    who was told when it was erased, hears nothing.
    """
    lock_all_of(question.person_id)
    Discussion.objects.filter(question=question).delete()  # or the resident hears that it is off
    Crisis.objects.open().filter(question=question).delete()  # only a person may end one
    end_parts(question, by=SYSTEM, now=now)
    row = locked(question)
    move(row, "withdraw")
    end(row, by=SYSTEM, now=now)
    save(row, "withdraw", SYSTEM)


def end_parts(question: Question, *, by: Actor, now: datetime) -> None:
    """End handovers, parts, questions for advice and referrals; each team that waits hears it."""
    for handover in Handover.objects.open().filter(question=question):
        end_because(handover, by=by, now=now)
    end_along(question, by=by, now=now)
    withdraw_advice(question, by=by, now=now)
    stop_referrals(question, by=by, now=now)
