"""Notes beside the conversation: of the team, and of the resident for nobody else."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from omzien.kernel.text import clean
from omzien.people.queries.same import is_self
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.actions.writing import locked, locked_owned, note
from omzien.questions.models import Note, Question
from omzien.questions.models.conversation import LONGEST_NOTE
from omzien.questions.refusals import NeedsWords, NotAllowed, TooLong


@transaction.atomic
def write_note(*, question: Question, text: str, key: UUID, by: Actor, now: datetime) -> Note:
    """Write something down for the own team. Raises NotAllowed, NotLive, NeedsWords, TooLong.

    The resident can read it; a proxy cannot.
    """
    row = locked_owned(question, by=by, verb="question.work")
    return _write(row, Note.Kind.TEAM, text, key, by, now)


@transaction.atomic
def write_own_note(*, question: Question, text: str, key: UUID, by: Actor, now: datetime) -> Note:
    """Let a resident write something down that only they read, also when the question ended.

    Raises NotAllowed, NeedsWords, TooLong.
    """
    row = locked(question)
    _own(row, by)
    return _write(row, Note.Kind.OWN, text, key, by, now)


@transaction.atomic
def remove_own_note(*, found: Note, by: Actor) -> None:
    """Let a resident throw a note of their own away. Raises NotAllowed."""
    row = locked(found.question_id)
    _own(row, by)
    if found.kind != Note.Kind.OWN:
        raise NotAllowed
    Note.objects.filter(pk=found.pk).delete()
    note(row, "remove-note", by)


def _own(question: Question, by: Actor) -> None:
    if not (Scope.OWN in by.may("note.read") and is_self(by, question.person_id)):
        raise NotAllowed


def _write(row: Question, kind: Note.Kind, text: str, key: UUID, by: Actor, now: datetime) -> Note:
    if before := Note.objects.filter(question=row, key=key).first():
        return before
    words = clean(text)
    if not words:
        raise NeedsWords
    if len(words) > LONGEST_NOTE:
        raise TooLong(LONGEST_NOTE)
    found = Note.objects.create(
        municipality_id=row.municipality_id,
        question=row,
        key=key,
        kind=kind,
        team_id=row.team_id if kind == Note.Kind.TEAM else None,
        author=by.key,
        text=words,
        at=now,
    )
    note(row, f"note-{kind}", by)
    return found
