"""Reading in an emergency: with a reason, for four hours, and reviewed."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.people.models import Membership
from omzien.people.models.closeness import close_to, selves
from omzien.people.rules.roles import Actor, Scope


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    """Named sets of emergency readings."""

    def open(self, *, at: datetime) -> BreakGlassQuerySet:
        """Return those that let somebody read at a moment."""
        return self.filter(opened_at__lte=at, until__gt=at)

    def visible_to(self, actor: Actor) -> BreakGlassQuerySet:
        """Return the readings that `actor` looks over: all, or those of the own team's questions.

        Nobody looks over their own, by whichever name, or one about who is close to them.
        """
        reach = actor.may("emergency.review")
        if Scope.ALL not in reach and not (Scope.TEAM in reach and actor.team):
            return self.none()
        rows = self if Scope.ALL in reach else self.filter(question__team=actor.team)
        rows = rows.exclude(selves(actor.person, "membership__person"))
        return rows.exclude(close_to(actor, "question__"))

    def to_review(self) -> BreakGlassQuerySet:
        """Return those that nobody looked over yet."""
        return self.filter(reviewed_at=None)

    def untold(self) -> BreakGlassQuerySet:
        """Return those that were looked over, and of which the resident does not know yet."""
        return self.filter(reviewed_at__isnull=False, told_at=None)


class BreakGlass(models.Model):
    """Somebody opened a question of another team, because waiting would harm a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    question = models.ForeignKey(
        "questions.Question", models.CASCADE, related_name="emergency_readings"
    )
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    review_by = models.DateField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=60, blank=True)
    was_right = models.BooleanField(null=True)
    review = models.CharField(max_length=500, blank=True)
    not_told_because = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_emergency_has_a_reason"),
            models.CheckConstraint(
                condition=Q(until__gt=models.F("opened_at")), name="an_emergency_lasts"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def activity(self) -> str:
        """The processing activity of what is read: where telling is dangerous a confidential one,
        so that the resident does not read it in the overview of who looked.
        """
        return "danger" if self.not_told_because and self.told_at is None else "help"
