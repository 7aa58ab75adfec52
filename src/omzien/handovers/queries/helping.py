"""Who reads a question now, and until when those helped who had it: of rows that were read."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from omzien.handovers.models import Handover, Involvement
from omzien.handovers.rules.states import TAKEN
from omzien.people.models import Ground
from omzien.questions.models import Question


def reading(
    question: Question, handovers: Iterable[Handover], along: Iterable[Involvement]
) -> set[UUID]:
    """Return the teams that a question is open to now, and their organisations: whose it is, who
    is asked to take it over, and who works along. All come with their team.
    """
    if not question.is_live:
        return set()
    teams = [question.team, *(one.to_team for one in handovers if one.is_open)]
    teams += [one.team for one in along]
    return {key for team in teams for key in (team.pk, team.organisation_id) if key}


def reads(ground: Ground, keys: set[UUID]) -> bool:
    """Tell whether one of the receivers of a ground is among `keys`."""
    return any((to.team_id or to.organisation_id) in keys for to in ground.recipients.all())


def helped_until(question: Question, handovers: Iterable[Handover]) -> dict[UUID, datetime]:
    """Return when the help ended of each receiver that took the question over and has it no more:
    when the next one took it, or when the question ended.
    """
    taken = sorted((one for one in handovers if one.state in TAKEN), key=_taken_at)
    ends = [*(_taken_at(one) for one in taken[1:]), question.ended_at]
    return {one.pk: end for one, end in zip(taken, ends, strict=False) if end}


def _taken_at(handover: Handover) -> datetime:
    assert handover.ended_at is not None
    return handover.ended_at
