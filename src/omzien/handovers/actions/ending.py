"""A question ends while other teams do something for it: that ends in the same transaction."""

from datetime import datetime

from django.db import transaction

from omzien.handovers.actions.along import stop_asking
from omzien.handovers.actions.offering import end_because
from omzien.handovers.models import Handover
from omzien.people.rules.roles import Actor
from omzien.questions.actions.working import stop
from omzien.questions.actions.writing import locked
from omzien.questions.models import Question


@transaction.atomic
def stop_question(*, question: Question, name: str, by: Actor, now: datetime) -> Question:
    """End a question by the resident's own move, with all that other teams do for it.

    Raises NotAllowed, WrongState, StillOpen of questions/refusals.py.
    """
    end_parts(locked(question), by=by, now=now)
    return stop(question=question, name=name, by=by, now=now)  # who may not undoes it all


def end_parts(question: Question, *, by: Actor, now: datetime) -> None:
    """End handovers, parts, questions for advice and referrals; each team that waits hears it."""
    for handover in Handover.objects.open().filter(question=question):
        end_because(handover, by=by, now=now)
    stop_asking(question, by=by, now=now)
