"""Measuring before and after: instruments of a municipality, and what was answered."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.people.gates import gated
from omzien.people.rules.roles import Actor
from omzien.questions.models.questions import Question, readable
from omzien.questions.rules.measuring import Taken
from omzien.questions.rules.plans import Moment, WithWhom


class Instrument(models.Model):
    """An instrument that a municipality holds the rights to; those that are ours ship as files.

    A version never changes; what is no longer used is put away, so that old answers stay readable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    code = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    data = models.JSONField()  # rules/measuring.py: as_data
    holds_rights = models.BooleanField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)
    put_away_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code", "added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "code", "version"], name="one_instrument_per_version"
            ),
            models.CheckConstraint(condition=Q(holds_rights=True), name="no_rights_no_instrument"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    """Named sets of measurements."""

    def visible_to(self, actor: Actor) -> MeasurementQuerySet:
        """Return the measurements of the questions whose plan `actor` may read."""
        return gated(self, readable, actor, "plan.read")


class Measurement(models.Model):
    """One time that an instrument was filled in. What was not answered is not in `answers`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(Question, models.CASCADE, related_name="measurements")
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    moment = models.CharField(max_length=6, choices=[(m, m) for m in Moment])
    answers = models.JSONField(default=dict)
    with_whom = models.CharField(max_length=8, choices=[(w, w) for w in WithWhom])
    at = models.DateTimeField()

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["question", "instrument", "at"])]

    def __str__(self) -> str:
        return f"{self.instrument} {self.moment}"

    @property
    def taken(self) -> Taken:
        """Return it as the rules compare it."""
        return Taken(self.instrument, self.version, self.answers)
