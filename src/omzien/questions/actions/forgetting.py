"""Forgetting what a question was about; counts and dates stay, for the figures."""

from django.db import transaction

from omzien.people.refusals import StillLive
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions.writing import note
from omzien.questions.models import Attempt, BreakGlass, Note, Post, Question, Task
from omzien.questions.rules.states import State


@transaction.atomic
def anonymise(*, question: Question) -> None:
    """Take out of an ended question all that is about a human being.

    Whoever calls has asked whether it may. Raises StillLive for a question that lives.
    """
    row = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if row.is_live:
        raise StillLive
    row.person = row.asked_by = row.holder = None
    row.story = row.best_moment = row.next_action = ""
    row.topics = []
    row.state = State.ANONYMISED
    row.version += 1
    row.save()
    Task.objects.filter(question=row).delete()
    Attempt.objects.filter(question=row, reason="").update(offer="", service=None)
    Attempt.objects.filter(question=row).exclude(reason="").update(offer="", reason="-")
    BreakGlass.objects.filter(question=row).delete()
    Post.objects.filter(question=row).delete()  # and the files with them
    Note.objects.filter(question=row).delete()
    note(row, "anonymise", SYSTEM)
