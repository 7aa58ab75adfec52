"""The clock of what a resident was asked: silence is told to the owner, and changes no state."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from omzien.areas.models import Municipality
from omzien.journal.each import one_by_one
from omzien.journal.isolation import working_for
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions.notices import tell_owner
from omzien.questions.actions.writing import bring_forward, locked, note, put_task
from omzien.questions.models import Post, Task
from omzien.questions.terms import terms_of


def run_silence(*, municipality: Municipality, now: datetime) -> int:
    """Tell owners which residents do not answer; return how many that were now. Twice is once.

    Each has its own transaction, so that a worker that is killed leaves all or nothing of it.
    """
    with working_for(municipality.code):
        waiting = Post.objects.to_fall_silent(on=timezone.localdate(now))
        rows = list(waiting.filter(municipality=municipality).values_list("pk", "question"))
    return one_by_one(
        municipality.code,
        "fall-silent",
        rows,
        lambda row: fall_silent(post=row[0], question=row[1], now=now),
    )


@transaction.atomic
def fall_silent(*, post: UUID, question: UUID, now: datetime) -> bool:
    """Give the owner a task when a resident did not answer in time; tell if that was done now.

    The question is locked first, so that an answer in the same moment comes before or after.
    """
    row = locked(question)
    today = timezone.localdate(now)
    found = Post.objects.to_fall_silent(on=today).filter(pk=post).first()
    if found is None:
        return False
    found.silent_at = now
    found.save(update_fields=["silent_at"])
    terms = terms_of(row.municipality_id)
    due = terms.after(today, terms.next_step)
    put_task(row, Task.Kind.SILENT, due=due, now=now)
    bring_forward(row, due)
    note(row, "fall-silent", SYSTEM, post=str(found.pk))
    tell_owner(found, "silent")
    return True
