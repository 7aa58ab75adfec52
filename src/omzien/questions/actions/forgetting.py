"""Forgetting what a question was about; counts and dates stay, for the figures."""

from datetime import date

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from omzien.people.refusals import StillLive
from omzien.people.rules.roles import SYSTEM
from omzien.questions.actions.writing import note, put_task
from omzien.questions.models import (
    Attempt,
    BreakGlass,
    CodeStep,
    ContactAttempt,
    Crisis,
    Discussion,
    EarlySignal,
    Goal,
    Measurement,
    NetworkShare,
    Note,
    Objection,
    Post,
    Question,
    Signal,
    Task,
    Tie,
    YoungCarerSignal,
)
from omzien.questions.rules.states import State

END = "De inwoner vroeg om alle gegevens te wissen. Rond de vraag samen af: dan kan het."
# What says something about a human being, and goes as a whole; files go with their posts, and
# who reported goes with the worry.
CONTENT: tuple[type[Model], ...] = (
    BreakGlass,
    CodeStep,
    ContactAttempt,
    Discussion,
    EarlySignal,
    Goal,
    Measurement,
    NetworkShare,
    Note,
    Objection,
    Post,
    Signal,
    YoungCarerSignal,
)


def ask_to_end(question: Question, *, on: date) -> None:
    """Put on the list of who works on a live question that its resident waits to be erased.

    Once for each team that owns it.
    """
    task = {"question": question, "team": question.team_id, "what": END}
    if not Task.objects.filter(**task).exists():
        put_task(question, Task.Kind.TOLD, what=END, due=on, now=timezone.now())


@transaction.atomic
def anonymise(*, question: Question) -> None:
    """Take out of an ended question all that is about a human being.

    Whoever calls has asked whether it may. Raises StillLive for a question that lives.
    """
    row = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if row.is_live:
        raise StillLive
    _forget_network(row)
    row.person = row.asked_by = row.holder = None
    row.story = row.best_moment = row.next_action = ""
    row.topics, row.next_on = [], None
    row.state = State.ANONYMISED
    row.version += 1
    row.save()
    Task.objects.filter(question=row).delete()
    Attempt.objects.filter(question=row, reason="").update(offer="", service=None)
    Attempt.objects.filter(question=row).exclude(reason="").update(offer="", reason="-")
    for model in CONTENT:
        model._default_manager.filter(question=row).delete()
    Crisis.objects.filter(question=row).update(end_reason="-")
    note(row, "anonymise", SYSTEM)


def _forget_network(question: Question) -> None:
    """Forget who is on the map, with the last question of who drew it: those never were asked."""
    others = Question.objects.filter(person=question.person_id).exclude(pk=question.pk)
    if question.person_id and not others.exists():
        Tie.objects.filter(person=question.person_id).delete()
