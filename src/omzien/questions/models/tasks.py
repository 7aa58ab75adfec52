"""Tasks of a question: what somebody will do, and when."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q

from omzien.areas.models import Municipality
from omzien.people.gates import NOTHING, gated
from omzien.people.models import Membership, Team
from omzien.people.rules.roles import Actor
from omzien.questions.models.questions import Question, readable


class TaskQuerySet(models.QuerySet["Task"]):
    """Named sets of tasks."""

    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """Return the tasks of the questions that `actor` may read."""
        return gated(self, readable, actor)

    def workable_by(self, actor: Actor) -> TaskQuerySet:
        """Return the tasks of the own team, of the questions on which `actor` may work: as the
        owner, or along with the owner while a ground covers it.
        """
        return gated(self, _workable, actor)

    def open(self) -> TaskQuerySet:
        """Return what is still to be done."""
        return self.filter(done_at=None)


def _workable(actor: Actor) -> Q:
    if not actor.may("question.work") or actor.team is None:
        return NOTHING
    # Looked up for each task by its key: a list of all questions would be read as a whole.
    its = {
        verb: Question.objects.visible_to(actor, verb=verb).filter(pk=OuterRef("question"))
        for verb in ("question.work", "contact.read")
    }
    may = Q(Exists(its["question.work"])) | Q(Exists(its["contact.read"]))
    return may & Q(team=actor.team)


class Task(models.Model):
    """Something to do for a question; a team has it, and a person of that team if named."""

    class Kind(models.TextChoices):
        OWN = "own"
        NEXT_STEP = "next-step"  # a handover came back: decide what now
        SILENT = "silent"  # the resident was asked something and does not answer
        COORDINATOR = "coordinator"  # a coordinator looks: too often declined, or no answer
        ALLOWED = "allowed"  # the resident says yes to sharing: offer it now
        REFUSED = "refused"  # the resident says no to sharing: decide what now
        REOPENED = "reopened"  # the question is open again: the resident waits to be called
        GIVEN = "given"  # a colleague let this person hold the question
        MESSAGE = "message"  # the resident said something that nobody of the team opened yet
        TOLD = "told"  # something came in from elsewhere, as an answer; `what` says it

    # Done by the next step, which may be to ask another team.
    STEPS = (Kind.NEXT_STEP, Kind.SILENT, Kind.ALLOWED, Kind.REFUSED, Kind.REOPENED, Kind.GIVEN)
    OF_HOLDER = (*STEPS, Kind.MESSAGE, Kind.TOLD)  # goes along with who holds the question

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OWN)
    what = models.CharField(max_length=200, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="tasks")
    holder = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="tasks")
    due_on = models.DateField()
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    is_dropped = models.BooleanField(default=False)  # its question ended; nobody did it

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="own") | ~Q(what=""), name="an_own_task_says_what"
            ),
            models.CheckConstraint(
                condition=Q(is_dropped=False) | Q(done_at__isnull=False),
                name="a_dropped_task_is_open_no_more",
            ),
        ]
        indexes = [
            models.Index(fields=["question", "done_at"]),
            models.Index(fields=["team", "due_on"], condition=Q(done_at=None), name="tasks_to_do"),
            models.Index(
                fields=["holder", "due_on", "made_at", "id"],
                condition=Q(done_at=None),
                name="tasks_of_a_person",
            ),
            models.Index(
                fields=["team", "kind", "due_on", "made_at", "id"],
                condition=Q(done_at=None, holder=None),
                name="tasks_of_a_desk",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
