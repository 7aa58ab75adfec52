"""Advice: another team is asked, and hears nobody's name."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.handovers.actions.others import (
    locked_row,
    move,
    nameless,
    other_team,
    put_answer,
    save,
    tell_of,
)
from omzien.handovers.models import Consult
from omzien.handovers.refusals import NeedsWords, NotAllowed
from omzien.handovers.rules.along import OPEN_CONSULT
from omzien.journal.actions import record
from omzien.kernel.text import clean
from omzien.people.models import Team
from omzien.people.rules.roles import Actor
from omzien.questions.actions.writing import locked, locked_owned, once
from omzien.questions.models import Question
from omzien.questions.terms import terms_of

# What the owner finds on the list.
ADVISED = "Er is antwoord op je vraag om raad. Lees het bij Samen met anderen."
NO_ADVICE = "Op je vraag om raad kwam geen antwoord. Vraag een ander team, of kies zelf wat nu kan."


@transaction.atomic
def ask_advice(
    *,
    question: Question,
    to_team: Team,
    text: str,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
) -> Consult:
    """Ask another team for advice, without telling about whom; by the same `key` it is once.

    Raises NotAllowed, NotLive, SameTeam, TeamArchived, NobodyReads, NeedsWords, NamesSomebody.
    """
    row = locked_owned(question, by=by, verb="question.work")
    other_team(row, to_team, now=now)
    words = clean(text)[:4000]
    if not words:
        raise NeedsWords
    nameless(row, words)
    own = once(row.pk, key, to_team.pk, words)
    if before := Consult.objects.filter(pk=own).first():
        return before
    today, terms = timezone.localdate(now), terms_of(row.municipality_id)
    consult = Consult.objects.create(
        pk=own,
        municipality_id=row.municipality_id,
        question=row,
        from_team_id=row.team_id,
        to_team=to_team,
        text=words,
        remind_on=terms.after(today, terms.remind),
        due_on=terms.after(today, terms.answer),
        asked_at=now,
    )
    note_advice(consult, "ask-advice", by)
    tell_of(consult, to_team, "advice-asked")
    return consult


@transaction.atomic
def move_consult(
    *,
    consult: Consult,
    name: str,
    by: Actor,
    now: datetime,
    answer: str = "",
    version: int | None = None,
) -> Consult:
    """Answer, decline or withdraw. Raises NotAllowed, WrongState, Stale, NeedsWords."""
    question = locked(consult.question_id)
    row = locked_row(consult, version)
    side = row.from_team_id if name == "withdraw" else row.to_team_id
    if by.person is None or by.team != side or not by.may("question.work"):
        raise NotAllowed
    words = clean(answer)[:4000]
    if name == "answer" and not words:
        raise NeedsWords
    move(row, name)
    row.answer, row.ended_at, row.due_on = words, now, None
    save(row)
    note_advice(row, f"{name}-advice", by)
    if name != "withdraw":
        if question.team_id == row.from_team_id:
            put_answer(question, ADVISED, now)
        tell_of(row, row.from_team, "advice-given")
    return row


def withdraw_advice(question: Question, *, by: Actor, now: datetime) -> None:
    """End the questions for advice of a question that ends."""
    rows = question.consults.filter(state__in=OPEN_CONSULT).select_for_update(of=("self",))
    for consult in rows:
        move(consult, "withdraw")
        consult.ended_at, consult.due_on = now, None
        save(consult)
        note_advice(consult, "withdraw-advice", by)


def note_advice(consult: Consult, verb: str, by: Actor) -> None:
    """Write a fact that tells of no question: who advises must not find out which one it was,
    and who reads what happened with the question must not find out who advised.
    """
    record(
        verb=verb,
        subject="consult",
        subject_id=consult.pk,
        by=by.key,
        municipality=consult.municipality_id,
        to=str(consult.to_team_id),
    )
