"""Putting right what a question is about and where: the owner stays the owner."""

from collections.abc import Iterable

from django.db import transaction

from omzien.areas.models import Village
from omzien.people.rules.roles import Actor
from omzien.questions.actions.writing import locked_owned, save
from omzien.questions.models import Question
from omzien.questions.models.questions import MOST_TOPICS
from omzien.questions.refusals import NeedsPlace


@transaction.atomic
def correct(
    *,
    question: Question,
    topics: Iterable[str],
    village: Village,
    by: Actor,
    version: int | None = None,
) -> Question:
    """Change topics and village. Another team is only proposed (queries/routing.py): a rule
    must never take a question away from who is in the middle of it.

    Raises NotAllowed, NotLive, NeedsPlace, Stale.
    """
    row = locked_owned(question, by=by, verb="question.work", version=version)
    if village.municipality_id != row.municipality_id:
        raise NeedsPlace
    row.topics = list(dict.fromkeys(topics))[:MOST_TOPICS]
    row.village = village
    save(row, "correct", by)
    return row
