"""What a question is about and where it plays, as a worker sees it later."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from omzien.areas.models import Village
from omzien.people.rules.roles import Actor
from omzien.questions.actions.writing import locked, owned, save
from omzien.questions.models import Question

MOST_TOPICS = 5


@transaction.atomic
def change_about(
    *,
    question: Question | UUID,
    topics: Iterable[str],
    village: Village,
    by: Actor,
    version: int | None = None,
) -> Question:
    """Set the topics and the village of a question. The team stays: routing only proposes
    another one (queries/routing.py: proposed_team), and the resident knows who is theirs.

    Raises NotAllowed, NotLive, Stale.
    """
    row = locked(question, version=version)
    owned(row, by=by, verb="question.work")
    row.topics, row.village = list(dict.fromkeys(topics))[:MOST_TOPICS], village
    save(row, "change-about", by, topics=row.topics)
    return row
