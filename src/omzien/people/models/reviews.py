"""The access review: who still needs the role that they have, and the record that it was asked."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.people.models.organisations import Membership
from omzien.people.models.persons import Person
from omzien.people.rules.roles import Actor


class AccessReview(models.Model):
    """One round: all each year, privileged roles each quarter (BIO2 5.18.02, 8.02.01)."""

    class Kind(models.TextChoices):
        YEARLY = "yearly"
        QUARTERLY = "quarterly"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    kind = models.CharField(max_length=10, choices=Kind)
    opened_on = models.DateField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind"],
                condition=Q(closed_at=None),
                name="one_open_review_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.opened_on}"


class ReviewLineQuerySet(models.QuerySet["ReviewLine"]):
    """Named sets of review lines."""

    def open(self) -> ReviewLineQuerySet:
        """Return the lines that wait for an answer."""
        return self.filter(
            answer=ReviewLine.Answer.WAITING,
            membership__ended_at=None,
            review__closed_at=None,
        )

    def once(self) -> ReviewLineQuerySet:
        """Return of each membership one line: one answer counts in all rounds that are open."""
        first = self.order_by("membership_id", "pk").distinct("membership_id")
        return ReviewLine.objects.filter(pk__in=first.values("pk"))

    def visible_to(self, actor: Actor) -> ReviewLineQuerySet:
        """Return the lines that `actor` may read."""
        return self.filter(membership__in=Membership.objects.reviewed_by(actor))

    def decided_by(self, actor: Actor) -> ReviewLineQuerySet:
        """Return the lines that `actor` may answer: as roles are managed, by the own verb."""
        managed = Membership.objects.managed_by(actor, "review.decide")
        return self.filter(membership__in=managed)


class ReviewLine(models.Model):
    """One membership in one review: stays, ends, or waits for an answer."""

    class Answer(models.TextChoices):
        WAITING = "waiting"
        STAYS = "stays"
        ENDS = "ends"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    review = models.ForeignKey(AccessReview, models.CASCADE, related_name="lines")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="reviews")
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True)

    objects = ReviewLineQuerySet.as_manager()

    class Meta:
        ordering = ["membership__role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "membership"], name="one_line_per_membership")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.answer}"
