"""The ladder as it was climbed: each try on a rung, and why a rung was skipped."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from omzien.areas.models import Municipality
from omzien.people.gates import gated
from omzien.people.rules.roles import Actor
from omzien.questions.models.questions import RUNGS, Question, readable


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Named sets of tries."""

    def visible_to(self, actor: Actor) -> AttemptQuerySet:
        """Return the tries of the questions that `actor` may read."""
        return gated(self, readable, actor)


class Attempt(models.Model):
    """One try on one rung; the rung of a question is an attribute with a history."""

    class Result(models.TextChoices):
        BUSY = "busy"
        WORKED = "worked"
        PARTLY = "partly"
        FAILED = "failed"
        SKIPPED = "skipped"  # a professional went past this rung, and says why

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="attempts")
    rung = models.CharField(max_length=12, choices=RUNGS)
    offer = models.CharField(max_length=200, blank=True)
    service = models.UUIDField(null=True)  # an entry of the social map, which may go
    by_resident = models.BooleanField(default=False)  # tried before asking
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    result = models.CharField(max_length=10, choices=Result, default=Result.BUSY)
    reason = models.CharField(max_length=300, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["started_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(result="skipped") | ~Q(reason=""), name="skipping_a_rung_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="a_try_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["question", "rung"])]

    def __str__(self) -> str:
        return f"{self.rung} {self.result}"
