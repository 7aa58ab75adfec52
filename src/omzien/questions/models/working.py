"""What people who work on questions keep: tries to reach somebody, and their own lists."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.people.gates import gated
from omzien.people.models import Membership
from omzien.people.rules.roles import Actor
from omzien.questions.models.questions import Question, readable
from omzien.questions.rules.reaching import By


class ContactAttemptQuerySet(models.QuerySet["ContactAttempt"]):
    """Named sets of tries to reach somebody."""

    def visible_to(self, actor: Actor) -> ContactAttemptQuerySet:
        """Return the tries of the questions on which `actor` may work."""
        return gated(self, readable, actor, "question.work")


class ContactAttempt(models.Model):
    """Somebody tried to reach the resident: when, how, and whether it worked. Nothing was said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="contact_attempts")
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=[(one, one) for one in By])
    day = models.DateField()
    reached = models.BooleanField()
    made_at = models.DateTimeField()

    objects = ContactAttemptQuerySet.as_manager()

    class Meta:
        ordering = ["day", "made_at", "pk"]
        indexes = [models.Index(fields=["question", "day"])]

    def __str__(self) -> str:
        return f"{self.channel} {self.day}"


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Named sets of saved filters."""

    def visible_to(self, actor: Actor) -> SavedFilterQuerySet:
        """Return the filters of the role that `actor` has on now, and of nobody else."""
        return self.filter(membership=actor.membership) if actor.membership else self.none()


class SavedFilter(models.Model):
    """A list that somebody looks at often: a name, and what it asks (rules/filters.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    wanted = models.JSONField(default=dict)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["membership", "name"], name="one_filter_per_name"),
            models.CheckConstraint(condition=~Q(name=""), name="a_filter_has_a_name"),
        ]

    def __str__(self) -> str:
        return str(self.id)
