"""What goes the same for each way of asking others while the question stays with its team:
referral, advice, working along, and waiting for a place.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from omzien.handovers.actions.writing import needs_reader
from omzien.handovers.mails import MAILS
from omzien.handovers.models import Consult, Involvement, Referral, Wait
from omzien.handovers.refusals import NamesSomebody, SameTeam, Stale, TeamArchived, WrongState
from omzien.handovers.rules.along import ALONG, CONSULT, REFERRAL, Move
from omzien.handovers.rules.mentions import tells
from omzien.handovers.rules.waiting import WAIT
from omzien.messages.letters import write_to
from omzien.people.actions.memberships import held_live
from omzien.people.models import Team
from omzien.questions.actions.telling import mailboxes
from omzien.questions.actions.writing import locked, put_task
from omzien.questions.models import Question, Task

Row = TypeVar("Row", bound=Referral | Consult | Involvement | Wait)
MOVES: Mapping[type[Model], Mapping[str, Move]] = {
    Referral: REFERRAL,
    Consult: CONSULT,
    Involvement: ALONG,
    Wait: WAIT,
}


def other_team(question: Question, team: Team, *, now: datetime) -> None:
    """Check that a team can be asked along. Raises SameTeam, TeamArchived, NobodyReads."""
    if team.pk == question.team_id:
        raise SameTeam
    if not held_live(team.pk):
        raise TeamArchived
    needs_reader(team, now=now)


def nameless(question: Question, text: str) -> None:
    """Check that a text does not tell who the resident is. Raises NamesSomebody."""
    people = [one for one in (question.person, question.asked_by) if one is not None]
    found = tells(
        text,
        names=[one.name for one in people],
        phones=[one.phone for one in people],
        mails=[one.email for one in people],
    )
    if found or question.reference.casefold() in text.casefold():
        raise NamesSomebody(found or "name")


def locked_row(row: Row, version: int | None) -> Row:
    """Return a row as it is now, locked; its question was locked before. Raises Stale when it
    changed since `version`.
    """
    rows: Any = type(row).objects
    found: Row = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if version is not None and found.version != version:
        raise Stale
    return found


def move(row: Row, name: str) -> None:
    """Set the state that a move leads to. Raises WrongState."""
    step = MOVES[type(row)][name]
    if row.state not in step.start:
        raise WrongState
    row.state = step.end


def save(row: Row) -> None:
    """Write a row with a new version."""
    row.version += 1
    row.save()


def still(rows: Any, row: Row) -> tuple[Question, Row | None]:
    """Return the locked question of a row, and the row, locked, if it is still among `rows`: if
    the clock has something to do with it.
    """
    question = locked(row.question_id)
    found: Row | None = rows.select_for_update(of=("self",)).filter(pk=row.pk).first()
    return question, found


def on_the_list(question: Question, what: str) -> QuerySet[Task]:
    """Return the open tasks of a question that tell its owner this."""
    return Task.objects.open().filter(question=question, kind=Task.Kind.TOLD, what=what)


def put_answer(question: Question, what: str, now: datetime) -> None:
    """Put on the list of who holds a locked question that another team answered."""
    if question.is_live:
        put_task(question, Task.Kind.TOLD, what=what, due=timezone.localdate(now), now=now)


def tell_of(
    row: Referral | Consult | Involvement, team: Team, what: str, *, mark: str = ""
) -> None:
    """Tell a team of a referral, of advice or of a part, with a link to where that stands."""
    kind, path = "along", reverse("along", args=[row.question_id])
    if isinstance(row, Consult):
        kind, path = "advice", reverse("consult", args=[row.pk])
    elif isinstance(row, Referral):
        kind = "referral"
    write_to(
        mailboxes(team),
        MAILS,
        f"team-{what}",
        municipality=row.municipality,
        key=f"{kind}:{row.pk}{mark}:{what}",
        path=path,
    )
