"""Questions as rows of a list, for who may see them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from omzien.choices.queries import topic_label
from omzien.handovers.models import Handover
from omzien.people.rules.roles import Actor
from omzien.questions.models import Question
from omzien.questions.queries.inbox import away_among, gone_among, named_among
from omzien.web.logged import shows
from omzien.web.questions.words import GOES_TO, state_text
from omzien.web.request import Request


@dataclass(frozen=True)
class Row:
    """One question in a list. `name` is empty for who may not see it."""

    question: Question
    name: str
    state: str
    topics: str
    is_overdue: bool
    holder: str
    cover: str  # who takes over, when the holder is away
    is_away: bool
    is_gone: bool  # the holder cannot sign in any more
    goes_to: str  # the team to which it is offered, and what that said


def rows_of(request: Request, questions: Sequence[Question], today: date) -> dict[uuid.UUID, Row]:
    """Return a row for each question, and remember whose they are for the log."""
    actor, town = request.actor, request.municipality
    shows(request, (one.person_id for one in questions))
    names = named_among(questions, actor)
    away, offered = away_among(questions, on=today), _offered(questions, actor)
    gone = gone_among(questions, on=today)
    rows = {}
    for one in questions:
        stand_in = away.get(one.holder_id) if one.holder_id else None
        rows[one.pk] = Row(
            question=one,
            name=names.get(one.pk, ""),
            state=state_text(one.state),
            topics=", ".join(topic_label(code, town) for code in one.topics),
            is_overdue=one.due_on is not None and one.due_on < today,
            holder=one.holder.person.name if one.holder else "",
            cover=stand_in.person.name if stand_in else "",
            is_away=one.holder_id in away,
            is_gone=one.holder_id in gone,
            goes_to=offered.get(one.pk, ""),
        )
    return rows


def _offered(questions: Sequence[Question], actor: Actor) -> dict[uuid.UUID, str]:
    """Return, of the questions that another team may take over, which team and what it said."""
    rows = Handover.objects.visible_to(actor).open().filter(question__in=questions)
    found = rows.values_list("question", "state", "to_team__name") if questions else ()
    return {key: GOES_TO[state] % {"team": team} for key, state, team in found}
