"""What ends with a question: its clock, its tasks, its coming discussions, the yes given for it."""

from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db.models import F, QuerySet
from django.utils import timezone

from omzien.people.actions.grounds import let_go
from omzien.people.models import Ground
from omzien.people.rules.grounds import LET_ALONG
from omzien.people.rules.roles import Actor
from omzien.questions.actions.discussing import call_off
from omzien.questions.actions.writing import note
from omzien.questions.models import Discussion, Question, Task
from omzien.questions.models.questions import ALONG, OPEN_HANDOVER, WAITING
from omzien.questions.rules.states import Left


def end(question: Question, *, by: Actor, now: datetime) -> None:
    """Stop the clock, and end in the caller's transaction what has no meaning any more.

    The caller came by `lock_all_of` before it locked the question: what the others of the same
    person need is known only when nobody is busy with them.
    Tasks that nobody did are dropped, and not done. Who is invited to a discussion hears that it
    is off, but nobody mails who died. A ground lasts no longer than the question (casework 3.3).
    """
    question.ended_at = now
    question.due_on = None
    Task.objects.open().filter(question=question).update(done_at=now, is_dropped=True)
    _wait_no_more(question, by=by, now=now)
    for one in Discussion.objects.coming(at=now).filter(question=question):
        call_off(one, question, by=by, now=now, tell_resident=question.left != Left.DIED)
    for ground in _grounds(question, at=max(now, timezone.now())):
        let_go(ground=ground, by=by)


def _wait_no_more(question: Question, *, by: Actor, now: datetime) -> None:
    """Take the question off the waiting lists; these live in a room above, so asked by name."""
    rows = apps.get_model("handovers", "Wait")._default_manager.filter(
        question=question, state=WAITING
    )
    found = list(rows.values_list("pk", flat=True))
    if found:
        rows.filter(pk__in=found).update(
            state="lapsed", lapse="ended", ended_at=now, due_on=None, remind_on=None,
            called_at=None, call_until=None, version=F("version") + 1,
        )  # fmt: skip
    for wait in found:
        note(question, "wait-lapse", by, wait=str(wait), why="ended")


def _grounds(question: Question, *, at: datetime) -> QuerySet[Ground]:
    """Return what lets this question be shared, as far as no other of the resident needs it.

    A ground is for a person, a purpose and teams. With another question alive only those of the
    teams with a part in this one, and in no other, can be told to be for this one.
    """
    rows = Ground.objects.unended(at=at).filter(person=question.person_id, purpose__in=LET_ALONG)
    others = list(
        Question.objects.live()
        .filter(person=question.person_id)
        .exclude(pk=question.pk)
        .values_list("pk", "team")
    )
    if not others:
        return rows
    theirs = {team for _, team in others} | _teams([key for key, _ in others], only_open=True)
    ours = {question.team_id} | _teams([question.pk], only_open=False)
    return rows.filter(recipients__team__in=ours - theirs).exclude(recipients__team__in=theirs)


def _teams(questions: list[UUID], *, only_open: bool) -> set[UUID]:
    """Return the teams with a part. Handovers live in a room above, so they are asked by name."""
    found: set[UUID] = set()
    for model, field, states in (
        ("Handover", "to_team", OPEN_HANDOVER),
        ("Involvement", "team", ALONG),
    ):
        rows = apps.get_model("handovers", model)._default_manager.filter(question__in=questions)
        if only_open:
            rows = rows.filter(state__in=states)
        found |= set(rows.values_list(field, flat=True))
    return found
