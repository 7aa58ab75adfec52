"""What residents think of a page, and who follows the news of an area."""

from __future__ import annotations

import uuid

from django.db import models

from omzien.areas.models import Municipality
from omzien.people.rules.roles import Actor


class PageFeedbackQuerySet(models.QuerySet["PageFeedback"]):
    """Named sets of opinions."""

    def visible_to(self, actor: Actor) -> PageFeedbackQuerySet:
        """Return the opinions that `actor` may read: those about the own site, as its editor."""
        if not actor.may("directory.approve"):
            return self.none()
        return self.filter(municipality=actor.municipality)


class PageFeedback(models.Model):
    """An answer to "Hoe tevreden ben je over deze pagina?" (M27)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    page = models.CharField(max_length=200)
    score = models.PositiveSmallIntegerField()  # 1 very unhappy .. 5 very happy
    remark = models.TextField(blank=True, max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PageFeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5), name="score_from_1_to_5"
            )
        ]
        indexes = [models.Index(fields=["municipality", "page"])]

    def __str__(self) -> str:
        return f"{self.page}: {self.score}"
