"""A crisis of a question, and the steps of the reporting code (meldcode) that were taken."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.people.gates import gated
from omzien.people.rules.roles import Actor
from omzien.questions.models.questions import Question, readable

SOMEBODY = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"  # the key of a person, never a machine


class CrisisQuerySet(models.QuerySet["Crisis"]):
    """Named sets of crises."""

    def visible_to(self, actor: Actor) -> CrisisQuerySet:
        """Return the crises of the questions that `actor` may read."""
        return gated(self, readable, actor)

    def open(self) -> CrisisQuerySet:
        """Return the crises that no professional ended."""
        return self.filter(ended_at=None)

    def to_alarm(self, *, at: datetime) -> CrisisQuerySet:
        """Return those that nobody acknowledged in time, and of which nobody was phoned yet."""
        return self.open().filter(acknowledged_at=None, alarmed_at=None, answer_by__lte=at)


class Crisis(models.Model):
    """A question is acute. A named professional ends that with a reason; a clock never does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="crises")
    flagged_at = models.DateTimeField()
    flagged_by = models.CharField(max_length=60)
    answer_by = models.DateTimeField()  # then the phone tree is mailed
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=60, blank=True)
    alarmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=60, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)

    objects = CrisisQuerySet.as_manager()

    class Meta:
        ordering = ["flagged_at", "pk"]
        verbose_name_plural = "crises"
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=Q(ended_at=None), name="one_open_crisis"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | (Q(ended_by__regex=SOMEBODY) & ~Q(end_reason="")),
                name="somebody_ends_a_crisis_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "answer_by"],
                condition=Q(ended_at=None, acknowledged_at=None, alarmed_at=None),
                name="crisis_clock",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class CodeStepQuerySet(models.QuerySet["CodeStep"]):
    """Named sets of steps."""

    def visible_to(self, actor: Actor) -> CodeStepQuerySet:
        """Return the steps of the questions that `actor` may read."""
        return gated(self, readable, actor)


class CodeStep(models.Model):
    """A step of the reporting code for domestic violence was taken: which one, and no word more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="code_steps")
    step = models.PositiveSmallIntegerField()
    taken_on = models.DateField()
    taken_by = models.CharField(max_length=60)

    objects = CodeStepQuerySet.as_manager()

    class Meta:
        ordering = ["step", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "step"], name="a_step_is_taken_once"),
            models.CheckConstraint(
                condition=Q(step__gte=1, step__lte=5), name="the_code_has_five_steps"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step}"
